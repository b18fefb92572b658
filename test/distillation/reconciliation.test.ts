import { decode, encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { hammingDistance } from "../../src/bits.ts";
import {
  checkPlan,
  plannedDisclosure,
  planReconciliation,
  type ReconciliationPlan,
  SyndromeDecoder,
  type SyndromeMessage,
  SyndromeSource,
} from "../../src/distillation/reconciliation.ts";
import { noisyKeys } from "./bsc.ts";

/** Both sides, talking through MessagePack as they would over a wire. */
async function reconcile(plan: ReconciliationPlan, alice: Uint8Array, bob: Uint8Array) {
  using source = await SyndromeSource.create(plan, alice);
  using decoder = await SyndromeDecoder.create(decode(encode(plan)) as ReconciliationPlan, bob);
  const messages: SyndromeMessage[] = [source.first()];
  for (;;) {
    const request = await decoder.receive(decode(encode(messages.at(-1)!)) as SyndromeMessage);
    if (request === null) break;
    messages.push(source.more(decode(encode(request)) as typeof request));
  }
  const disclosed = messages.reduce((sum, message) => sum + message.disclosedBits, 0);
  expect(disclosed).toBe(source.disclosedBits);
  return {
    corrected: decoder.corrected(),
    errorsCorrected: decoder.errorsCorrected,
    statistics: decoder.statistics,
    disclosed,
    messages,
  };
}

function entropy(p: number): number {
  return -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);
}

describe("reconciliation of keys behind a binary symmetric channel", () => {
  const cases: [bits: number, qber: number, mostEfficiency: number][] = [
    [1_000_003, 0.05, 1.13],
    [262_144, 0.08, 1.14],
    [65_536, 0.03, 1.25],
    [65_521, 0.11, 1.2],
    [20_001, 0.06, 1.5],
  ];
  for (const [bits, qber, mostEfficiency] of cases) {
    it(`corrects ${bits} bits at ${100 * qber} % with f < ${mostEfficiency}`, async () => {
      const { alice, bob, errors } = noisyKeys(bits, qber, bits);
      const result = await reconcile(planReconciliation(bits, qber), alice, bob);
      expect(hammingDistance(result.corrected, alice)).toBe(0);
      expect(result.errorsCorrected).toBe(errors);
      expect(result.disclosed / (bits * entropy(qber))).toBeLessThan(mostEfficiency);
      // Below 1 the key could not have been corrected: the count must be wrong.
      expect(result.disclosed / (bits * entropy(errors / bits))).toBeGreaterThan(1);
      expect(result.statistics.disclosedBits).toBe(result.disclosed);
    });
  }

  for (const bits of [0, 1, 7, 8, 13, 100, 1023, 5000, 12_345]) {
    it(`takes a key of ${bits} bits`, async () => {
      const { alice, bob } = noisyKeys(bits, 0.04, 77 + bits);
      const result = await reconcile(planReconciliation(bits, 0.04), alice, bob);
      expect(hammingDistance(result.corrected, alice)).toBe(0);
      expect(result.disclosed).toBeLessThanOrEqual(bits);
    });
  }

  it("corrects keys when the estimate is 30 % too low or too high", async () => {
    for (const estimate of [0.035, 0.065]) {
      const { alice, bob } = noisyKeys(100_000, 0.05, 9);
      const result = await reconcile(planReconciliation(100_000, estimate), alice, bob);
      expect(hammingDistance(result.corrected, alice)).toBe(0);
      expect(result.disclosed).toBeGreaterThan(100_000 * entropy(0.05));
      expect(result.disclosed).toBeLessThan(100_000 * entropy(0.05) * 1.6);
    }
  });

  it("tells keys whole that have nothing or everything in common but no correlation to use", async () => {
    for (const qber of [0.5, 1]) {
      const { alice, bob } = noisyKeys(20_000, qber, 10);
      const result = await reconcile(planReconciliation(20_000, 0.03), alice, bob);
      expect(hammingDistance(result.corrected, alice)).toBe(0);
      expect(result.disclosed).toBe(20_000);
    }
  });

  it("tells everything at an error rate of one half or more", async () => {
    const plan = planReconciliation(4000, 0.5);
    expect(plannedDisclosure(plan)).toBe(4000);
    expect(plannedDisclosure(planReconciliation(4000, 1))).toBe(4000);
  });
});

describe("what the two sides refuse", () => {
  it("plans that make no sense", () => {
    expect(() => planReconciliation(-1, 0.05)).toThrow(/bits/);
    expect(() => planReconciliation(1.5, 0.05)).toThrow(/bits/);
    expect(() => planReconciliation(100, Number.NaN)).toThrow(/qber/);
    expect(() => planReconciliation(100, 1.1)).toThrow(/qber/);
    const plan = planReconciliation(100_000, 0.05);
    expect(() => checkPlan({ ...plan, bits: 100_001 })).toThrow(/plan.parts/);
    expect(() => checkPlan({ ...plan, frames: plan.frames + 1 })).toThrow(/plan.frames/);
    expect(() => checkPlan({ ...plan, parts: [{ ...plan.parts[0]!, code: "no-such" }] })).toThrow(/code/);
    expect(() => checkPlan({ ...plan, parts: [{ ...plan.parts[0]!, lifting: 17 }] })).toThrow(/lifting/);
  });

  it("keys of another length, and stray bits behind the end", async () => {
    const plan = planReconciliation(1001, 0.05);
    await expect(SyndromeSource.create(plan, new Uint8Array(125))).rejects.toThrow(/126 bytes/);
    const stray = new Uint8Array(126);
    stray[125] = 2;
    await expect(SyndromeDecoder.create(plan, stray)).rejects.toThrow(/unused bits/);
  });

  it("messages out of order, of the wrong length or with a wrong count", async () => {
    const { alice, bob } = noisyKeys(30_000, 0.05, 3);
    const plan = planReconciliation(30_000, 0.05);
    using source = await SyndromeSource.create(plan, alice);
    using decoder = await SyndromeDecoder.create(plan, bob);
    expect(() => decoder.corrected()).toThrow(/not corrected/);
    const first = source.first();
    expect(() => source.first()).toThrow(/already/);
    await expect(decoder.receive({ ...first, round: 1 })).rejects.toThrow(/message 0 is due/);
    await expect(decoder.receive({ ...first, syndromes: first.syndromes.slice(1) })).rejects.toThrow(/length/);
    expect(() => source.more({ round: 3, frames: [] })).toThrow(/does not follow/);
    expect(() => source.more({ round: 1, frames: [{ frame: 99, positions: new Uint8Array(4) }] })).toThrow(/frame 99/);
  });

  it("work that is cancelled", async () => {
    const { alice, bob } = noisyKeys(100_000, 0.05, 4);
    const plan = planReconciliation(100_000, 0.05);
    using source = await SyndromeSource.create(plan, alice);
    using decoder = await SyndromeDecoder.create(plan, bob);
    const signal = AbortSignal.abort();
    await expect(decoder.receive(source.first(), { signal })).rejects.toMatchObject({ code: "aborted" });
  });
});
