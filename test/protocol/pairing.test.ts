import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asymptoticRate,
  concentration,
  estimateClasses,
  estimatePaired,
  estimateSource,
  expectedClasses,
  expectedComposition,
  expectedCounts,
  expectedPairing,
  forecastPaired,
  keyLength,
  onePhoton,
  symmetricLink,
  symmetricSettings,
} from "../../src/protocol/index.ts";
import { binaryEntropy } from "../../src/protocol/special.ts";
import { fockYield } from "./fock.ts";
import { uniform } from "./uniform.ts";

const link = symmetricLink({
  transmittance: 10 ** -7.4,
  detectorEfficiency: 0.3,
  noiseProbability: 1e-8,
  misalignment: 0.03,
});
const free = {
  x1: 0.0615,
  x2: 0.328,
  zSend: 0.495,
  zWindow: 0.887,
  send: 0.278,
  p0: 0.046,
  p1: 0.917,
  sliceWidthRad: 0.414,
};
const settings = symmetricSettings(free);

describe("expected pairing", () => {
  const count = uniform(0, 1e9);

  it("never keeps more than it pairs, and errors get rarer", () => {
    fc.assert(
      fc.property(count, count, count, count, (onlyAlice, onlyBob, both, neither) => {
        const bits = { onlyAlice, onlyBob, both, neither };
        const active = expectedPairing(bits, "active");
        const random = expectedPairing(bits, "random");
        for (const one of [active, random]) {
          expect(one.kept).toBeLessThanOrEqual(one.pairs * (1 + 1e-12));
          expect(one.pairs).toBeLessThanOrEqual(Math.min(one.zeros, one.ones) * (1 + 1e-12));
          expect(one.errorRate).toBeGreaterThanOrEqual(0);
          expect(one.errorRate).toBeLessThanOrEqual(1);
          expect(Number.isNaN(one.kept)).toBe(false);
        }
        expect(active.errorRate).toBe(random.errorRate);
        expect(active.pairs).toBeGreaterThanOrEqual(random.pairs * (1 - 1e-12));
        const wrong = both + neither;
        const raw = wrong / Math.max(1e-300, wrong + onlyAlice + onlyBob);
        if (raw < 0.5 && onlyAlice === onlyBob) expect(active.errorRate).toBeLessThanOrEqual(raw * (1 + 1e-9));
      }),
      { seed: 61 },
    );
  });

  it("has the numbers of set A at 370 km", () => {
    // Reference: n_t' = 2.65e6, E' = 0.135 %, raw 1.30e7 bits with 27.8 % errors, u = 0.783, r = 86, n_1' = 8.97e5, e_1' = 11.3 %,
    // s_1 = 5.78e-5, <e_1> = 5.66 %.
    const classes = expectedClasses(settings, link, 1e12);
    const bits = expectedComposition(settings, link, 1e12 * classes.key.probability);
    const options = { failureProbability: 1e-10, efficiency: 1.1 };
    const { paired, pairing, estimate } = forecastPaired(estimateSource(settings), classes, bits, "active", options);
    expect(pairing.kept / 2.65e6).toBeCloseTo(1, 2);
    expect(pairing.errorRate / 0.00135).toBeCloseTo(1, 2);
    expect((pairing.zeros + pairing.ones) / 1.3e7).toBeCloseTo(1, 2);
    expect(paired.coverage / 0.783).toBeCloseTo(1, 2);
    expect(paired.remainder / 86).toBeCloseTo(1, 1);
    expect(paired.untagged / 8.97e5).toBeCloseTo(1, 2);
    expect(paired.phaseError / 0.113).toBeCloseTo(1, 2);
    expect(estimate.singlePhotonYield / 5.78e-5).toBeCloseTo(1, 2);
    expect(estimate.phaseErrorExpected / 0.0566).toBeCloseTo(1, 2);
  });
});

describe("paired bounds", () => {
  it("become n_g (n_10/N_1)(n_01/N_0) and 2e(1-e) without statistics", () => {
    const exact = concentration(0);
    const classes = expectedClasses(settings, link, 1e12);
    const source = estimateSource(settings);
    const before = estimateClasses(source, classes, exact);
    for (const kind of ["active", "random"] as const) {
      const pairing = expectedPairing(expectedComposition(settings, link, 1e12 * classes.key.probability), kind);
      const got = estimatePaired(source, classes, before, pairing, kind, exact);
      const half = before.untagged / 2;
      expect(got.untagged / (pairing.pairs * (half / pairing.ones) * (half / pairing.zeros))).toBeCloseTo(1, 9);
      const e = before.phaseErrorExpected;
      expect(got.phaseError / (2 * e * (1 - e))).toBeCloseTo(1, 9);
      expect(got.remainder).toBe(0);
    }
  });

  it("do not take both users' photons for equally many: an eavesdropper who blocks one arm's photons leaves no pairs", () => {
    const exact = concentration(1e-10);
    const classes = expectedClasses(settings, link, 1e12);
    const source = estimateSource(settings);
    const pairing = expectedPairing(expectedComposition(settings, link, 1e12 * classes.key.probability), "active");
    const fair = estimatePaired(source, classes, estimateClasses(source, classes, exact), pairing, "active", exact);
    // The same sum of gains, all of it from Alice's photons.
    for (const [keep, drop] of [
      ["1o", "o1"],
      ["2o", "o2"],
    ] as const) {
      classes[keep].events += classes[drop].events;
      classes[drop].events = 0;
    }
    const skewed = estimatePaired(source, classes, estimateClasses(source, classes, exact), pairing, "active", exact);
    expect(fair.untagged).toBeGreaterThan(5e5);
    expect(skewed.untagged).toBeLessThan(0.01 * fair.untagged);
  });
});

describe("paired key length from counts", () => {
  const counts = expectedCounts(settings, link, 1e12);

  it("agrees between predicted and observed numbers of pairs, and says what it rests on", () => {
    const predicted = keyLength(counts, { pairing: "active" });
    expect(predicted.keyLength).toBeGreaterThan(3.9e5);
    const bits = expectedComposition(settings, link, 1e12 * 0.887 ** 2);
    const { zeros, ones, pairs, kept } = expectedPairing(bits, "active");
    const observed = keyLength({ ...counts, pairing: { zeros, ones, pairs, kept } }, { pairing: "active" });
    expect(Math.abs(observed.keyLength - predicted.keyLength)).toBeLessThanOrEqual(2);
    expect(observed.assurance.join(" ")).toMatch(/reconstructed/);
    expect(keyLength(counts).assurance.join(" ")).not.toMatch(/reconstructed/);
    const spent = observed.account.epsilons.reduce((sum, line) => sum + line.multiplicity * line.each, 0);
    expect(spent).toBe(observed.account.epsilonTotal);
    expect(Math.floor(observed.account.bits.reduce((sum, line) => sum + line.bits, 0))).toBe(observed.keyLength);
  });

  it("meets a total failure probability exactly", () => {
    const key = keyLength(counts, { pairing: "active", totalFailureProbability: 1e-9 });
    expect(key.account.epsilonTotal / 1e-9).toBeCloseTo(1, 12);
  });

  it("is shorter with closed-form bounds, by a few per cent", () => {
    const ratio =
      keyLength(counts, { pairing: "active", concentration: "closed" }).keyLength /
      keyLength(counts, { pairing: "active" }).keyLength;
    expect(ratio).toBeGreaterThan(0.93);
    expect(ratio).toBeLessThan(1);
  });

  it("refuses pairs that do not fit the counts", () => {
    const wrong = (pairing: { zeros: number; ones: number; pairs: number; kept: number }): unknown =>
      keyLength({ ...counts, pairing }, { pairing: "active" });
    expect(() => wrong({ zeros: 10, ones: 10, pairs: 5, kept: 3 })).toThrow(/pairing/);
    expect(() => wrong({ zeros: 5e6, ones: 7e6, pairs: 6e6, kept: 3 })).toThrow(/pairing\.pairs/);
    expect(() => wrong({ zeros: 5e6, ones: 7e6, pairs: 4e6, kept: 4.1e6 })).toThrow(/pairing\.kept/);
    const blind = { ...counts, counts: counts.counts.filter((row) => !(row.alice === "z-send" && row.bob === "x0")) };
    expect(() => keyLength(blind, { pairing: "active" })).toThrow(/pairing/);
  });
});

describe("asymptotic rates", () => {
  it("use the exact one-photon yield and error", () => {
    const { gain, wrong } = onePhoton(link, 0.5);
    const eta = Math.sqrt(10 ** -7.4) * 0.3;
    expect(gain / (2 * fockYield(1, 0, eta, 1e-8))).toBeCloseTo(1, 12);
    expect(gain / (eta * (1 - 1e-8) + (1 - eta) * 2e-8 * (1 - 1e-8))).toBeCloseTo(1, 12);
    expect(wrong / (0.03 * eta * (1 - 1e-8) + (1 - eta) * 1e-8 * (1 - 1e-8))).toBeCloseTo(1, 12);
    expect(onePhoton(link, 0).wrong / onePhoton(link, 0).gain).toBeCloseTo(0.5, 12);
    // Unequal detectors and arms: total clicks do not depend on interference.
    const odd = { ...link, transmittanceBob: 1e-3, left: { efficiency: 0.9, noiseProbability: 1e-6 } };
    const mixed = 0.3 * onePhoton(odd, 1).gain + 0.7 * onePhoton(odd, 0).gain;
    expect(onePhoton(odd, 0.3).gain / mixed).toBeCloseTo(1, 9);
  });

  it("are the plain formula written out", () => {
    const { rate, phaseError, errorRate } = asymptoticRate(settings, link, "none", 1.1);
    const eta = Math.sqrt(10 ** -7.4) * 0.3;
    const y1 = 2 * fockYield(1, 0, eta, 1e-8);
    const bits = expectedComposition(settings, link, 1);
    const total = bits.onlyAlice + bits.onlyBob + bits.both + bits.neither;
    const wanted =
      2 * 0.278 * 0.722 * 0.495 * Math.exp(-0.495) * y1 * (1 - binaryEntropy(phaseError)) -
      1.1 * total * binaryEntropy(errorRate);
    expect(rate / wanted).toBeCloseTo(1, 9);
  });
});
