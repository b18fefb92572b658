import { describe, expect, it } from "vitest";
import {
  expectedCounts,
  forecastLink,
  keyLength,
  optimise,
  optimiseAsymptotic,
  symmetricLink,
} from "../../src/protocol/index.ts";
import { checkMonotone } from "./monotone.ts";

const link = symmetricLink({
  transmittance: 1e-7,
  detectorEfficiency: 0.3,
  noiseProbability: 1e-8,
  misalignment: 0.03,
});

describe("optimised settings", () => {
  it("make keys that grow with pulses and shrink with loss, noise and error", () => {
    expect(checkMonotone(12, 41)).toBeGreaterThan(2);
  });

  it("are the same in every run and do not depend on what was optimised before", () => {
    const first = optimise(link, 1e12, { failureProbability: 1e-10, pairing: "active" });
    optimise({ ...link, misalignment: 0.05 }, 1e11, { failureProbability: 1e-8 });
    expect(optimise(link, 1e12, { failureProbability: 1e-10, pairing: "active" })).toEqual(first);
  });

  it("promise what the counts they predict are worth", () => {
    for (const pairing of ["none", "active", "random"] as const) {
      const best = optimise(link, 1e12, { failureProbability: 1e-10, pairing, extinctionDb: 30 });
      const key = keyLength(expectedCounts(best.settings, link, 1e12), { pairing });
      expect(key.keyLength / 1e12 / best.keyRatePerPulse, pairing).toBeCloseTo(1, 5);
    }
  });

  it("approach the asymptotic rate as data grow, with noise or without, and never pass it", () => {
    for (const noiseProbability of [1e-8, 0]) {
      const here = {
        ...link,
        left: { efficiency: 0.3, noiseProbability },
        right: { efficiency: 0.3, noiseProbability },
      };
      for (const pairing of ["none", "active"] as const) {
        const limit = optimiseAsymptotic(here, { pairing }).keyRatePerPulse;
        const ratios = [1e12, 1e15, 1e18].map(
          (pulses) => optimise(here, pulses, { failureProbability: 1e-10, pairing }).keyRatePerPulse / limit,
        );
        expect(ratios[0]!).toBeLessThan(ratios[1]!);
        expect(ratios[1]!).toBeLessThan(ratios[2]!);
        expect(ratios[2]!).toBeGreaterThan(0.95);
        expect(ratios[2]!).toBeLessThan(1);
      }
    }
  });

  it("reach rates of 1e-15 per pulse", () => {
    const far = symmetricLink({
      transmittance: 1e-27,
      detectorEfficiency: 1,
      noiseProbability: 1e-18,
      misalignment: 0.01,
    });
    const best = optimise(far, 1e24, { failureProbability: 1e-10, pairing: "active" });
    const limit = optimiseAsymptotic(far, { pairing: "active" }).keyRatePerPulse;
    expect(best.keyRatePerPulse).toBeGreaterThan(4e-16);
    expect(best.keyRatePerPulse / limit).toBeGreaterThan(0.8);
    expect(best.keyRatePerPulse / limit).toBeLessThan(1);
  });

  it("agree with a plain grid search around them", () => {
    const best = optimise(link, 1e12, { failureProbability: 1e-10, pairing: "active" });
    const options = { failureProbability: 1e-10, efficiency: 1.1 };
    for (const key of ["x1", "x2", "zSend"] as const) {
      for (const factor of [0.97, 1.03]) {
        const user = best.settings.alice;
        const moved = { ...user, intensities: { ...user.intensities, [key]: user.intensities[key] * factor } };
        const there = forecastLink({ ...best.settings, alice: moved, bob: moved }, link, 1e12, "active", options);
        expect(there.bits / 1e12, `${key} x ${factor}`).toBeLessThanOrEqual(best.keyRatePerPulse * (1 + 1e-6));
      }
    }
  });

  it("cost less with paired bits, and with three intensities almost as little", () => {
    const rate = (options: Partial<Parameters<typeof optimise>[2]>): number =>
      optimise(link, 1e12, { failureProbability: 1e-10, ...options }).keyRatePerPulse;
    expect(rate({ pairing: "active" })).toBeGreaterThan(rate({ pairing: "random" }));
    expect(rate({ pairing: "random" })).toBeGreaterThan(0);
    expect(rate({ pairing: "active" })).toBeGreaterThan(1.5 * rate({}));
    expect(rate({ pairing: "active", intensities: 3 }) / rate({ pairing: "active" })).toBeGreaterThan(0.95);
  });

  it("of unequal arms meet the security condition, beat equal users, and do not care who is who in plain keys", () => {
    const unequal = {
      ...link,
      transmittanceAlice: link.transmittanceAlice * 3,
      transmittanceBob: link.transmittanceBob / 3,
    };
    const swapped = {
      ...unequal,
      transmittanceAlice: unequal.transmittanceBob,
      transmittanceBob: unequal.transmittanceAlice,
    };
    const options = { failureProbability: 1e-10, extinctionDb: 35 } as const;
    const best = optimise(unequal, 1e12, options);
    expect(optimise(swapped, 1e12, options).keyRatePerPulse / best.keyRatePerPulse).toBeCloseTo(1, 3);
    // Reading the counts checks the condition and refuses what misses it.
    expect(keyLength(expectedCounts(best.settings, unequal, 1e12)).keyLength / 1e12 / best.keyRatePerPulse).toBeCloseTo(
      1,
      4,
    );
    const equal = optimise(link, 1e12, options).settings;
    const forced = forecastLink(equal, unequal, 1e12, "none", { failureProbability: 1e-10, efficiency: 1.1 });
    expect(best.keyRatePerPulse).toBeGreaterThan(1.5 * Math.max(0, forced.bits / 1e12));
    const paired = optimise(unequal, 1e12, { ...options, pairing: "active" });
    expect(paired.keyRatePerPulse).toBeGreaterThan(1.5 * best.keyRatePerPulse);
  });
});
