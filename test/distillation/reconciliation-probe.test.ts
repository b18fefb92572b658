import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorRateProbe, ProbeSource } from "../../src/distillation/reconciliation.ts";
import { noisyKeys } from "./bsc.ts";

function probe(bits: number, alice: Uint8Array, bob: Uint8Array) {
  const source = new ProbeSource(bits, alice);
  const asking = new ErrorRateProbe(bits, bob);
  let disclosed = 0;
  let requests = 0;
  for (let request = asking.next(); request !== null; request = asking.next()) {
    const message = source.answer(request);
    disclosed += message.disclosedBits;
    requests++;
    asking.receive(message);
  }
  expect(asking.disclosedBits).toBe(disclosed);
  return { qber: asking.qber, disclosed, requests };
}

describe("probing an unknown error rate", () => {
  for (const qber of [0.0003, 0.002, 0.01, 0.04, 0.11, 0.25]) {
    it(`finds ${100 * qber} % from less than 1500 parities`, () => {
      // The estimate has one standard deviation added, of about a tenth: the mean of 40 probes is known to 2 %.
      let sum = 0;
      for (let seed = 0; seed < 40; seed++) {
        const { alice, bob } = noisyKeys(400_000, qber, 1000 + seed);
        const found = probe(400_000, alice, bob);
        expect(found.disclosed).toBeLessThan(1500);
        expect(found.requests).toBeLessThan(7);
        sum += found.qber;
      }
      expect(sum / 40 / qber).toBeGreaterThan(1.0);
      expect(sum / 40 / qber).toBeLessThan(1.3);
      // Control: the same bounds refuse an error rate half as large again.
      const off = noisyKeys(400_000, 1.5 * qber, 7);
      expect(probe(400_000, off.alice, off.bob).qber / qber).toBeGreaterThan(1.1);
    });
  }

  it("says little of tiny keys, and never asks for more bits than there are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), fc.double({ min: 0, max: 1, noNaN: true }), (bits, qber) => {
        const { alice, bob } = noisyKeys(bits, qber, bits + 1);
        const found = probe(bits, alice, bob);
        expect(found.disclosed).toBeLessThanOrEqual(bits);
        expect(found.qber).toBeGreaterThan(0);
        expect(found.qber).toBeLessThanOrEqual(0.5);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps each side to the protocol", () => {
    const { alice, bob } = noisyKeys(1000, 0.1, 3);
    const source = new ProbeSource(1000, alice);
    source.answer({ from: 0, length: 4, runs: 100 });
    expect(() => source.answer({ from: 399, length: 4, runs: 1 })).toThrow(/told before/);
    expect(() => source.answer({ from: 400, length: 4, runs: 151 })).toThrow(/beyond/);
    expect(() => source.answer({ from: 400, length: 0, runs: 1 })).toThrow(/probe/);
    const asking = new ErrorRateProbe(1000, bob);
    const message = { parities: new Uint8Array(1), disclosedBits: 8 };
    expect(() => asking.receive(message)).toThrow(/unasked/);
    asking.next();
    expect(() => asking.next()).toThrow(/still to come/);
    expect(() => asking.receive(message)).toThrow(/length/);
    expect(() => new ProbeSource(1000, new Uint8Array(3))).toThrow(/125 bytes/);
  });
});
