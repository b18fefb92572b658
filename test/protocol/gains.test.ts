import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { poolCounts } from "../../src/protocol/counts.ts";
import { expectedClasses, expectedCounts } from "../../src/protocol/expected-counts.ts";
import { symmetricSettings } from "../../src/protocol/free-settings.ts";
import { clickProbabilities, gain, sliceGain } from "../../src/protocol/gains.ts";
import { type LinkModel, symmetricLink } from "../../src/protocol/link.ts";
import { fockYield } from "./fock.ts";
import { uniform } from "./uniform.ts";

const unequal: LinkModel = {
  transmittanceAlice: 0.4,
  transmittanceBob: 0.1,
  left: { efficiency: 0.9, noiseProbability: 1e-3 },
  right: { efficiency: 0.5, noiseProbability: 4e-3 },
  misalignment: 0.04,
  phaseVarianceRad2: 0.09,
};

/** Probabilities of (only L, only R, both) at one phase, written down anew. */
function atPhase(link: LinkModel, alice: number, bob: number, phase: number): [number, number, number] {
  const a = link.transmittanceAlice * alice;
  const b = link.transmittanceBob * bob;
  const beat = Math.sqrt(a * b) * Math.cos(phase);
  const darkL = (1 - link.left.noiseProbability) * Math.exp(-link.left.efficiency * ((a + b) / 2 + beat));
  const darkR = (1 - link.right.noiseProbability) * Math.exp(-link.right.efficiency * ((a + b) / 2 - beat));
  return [(1 - darkL) * darkR, darkL * (1 - darkR), (1 - darkL) * (1 - darkR)];
}

/** Gauss-Legendre would be as good; the midpoint rule needs no table. */
function mean(f: (x: number) => number, from: number, to: number, points: number): number {
  let sum = 0;
  for (let k = 0; k < points; k++) sum += f(from + ((to - from) * (k + 0.5)) / points);
  return sum / points;
}

describe("phase-averaged gains", () => {
  it("equal the average over phases for unequal arms and detectors", () => {
    for (const [alice, bob] of [
      [0.5, 0.3],
      [2, 1],
      [0, 0.4],
      [0, 0],
    ] as const) {
      const got = clickProbabilities(unequal, alice, bob);
      const wanted = [0, 1, 2].map((i) =>
        mean((phase) => atPhase(unequal, alice, bob, phase)[i]!, 0, 2 * Math.PI, 4096),
      );
      expect(got.left).toBeCloseTo(wanted[0]!, 14);
      expect(got.right).toBeCloseTo(wanted[1]!, 14);
      expect(got.both).toBeCloseTo(wanted[2]!, 14);
      expect(gain(unequal, alice, bob)).toBeCloseTo(got.left + got.right, 15);
    }
  });

  it("equal sums over photon numbers with exact yields", () => {
    const link = symmetricLink({
      transmittance: 0.09,
      detectorEfficiency: 0.6,
      noiseProbability: 0.01,
      misalignment: 0,
    });
    const eta = 0.3 * 0.6;
    for (const [alice, bob] of [
      [0.5, 0.3],
      [0.06, 0],
      [1, 1],
    ] as const) {
      let sum = 0;
      const poisson = (mu: number, n: number): number => {
        let p = Math.exp(-mu);
        for (let k = 1; k <= n; k++) p *= mu / k;
        return p;
      };
      for (let m = 0; m < 16; m++) {
        for (let n = 0; n < 16; n++) sum += poisson(alice, m) * poisson(bob, n) * 2 * fockYield(m, n, eta, 0.01);
      }
      expect(gain(link, alice, bob) / sum).toBeCloseTo(1, 11);
    }
  });

  it("keep their digits at 1e-15: ratio to the leading order", () => {
    const link = symmetricLink({
      transmittance: 1e-24,
      detectorEfficiency: 1,
      noiseProbability: 0,
      misalignment: 0.03,
    });
    // One arm passes 1e-12: the gain is eta (mu_A + mu_B) to first order, corrections of relative order 1e-12.
    expect(gain(link, 3e-4, 5e-4) / (1e-12 * 8e-4)).toBeCloseTo(1, 11);
    const slice = sliceGain(link, 1e-3, 1e-3, 0.3);
    expect(slice.accepted / (1e-12 * 2e-3)).toBeCloseTo(1, 11);
    const visibility = Math.sin(0.15) / 0.15;
    expect(slice.wrong / slice.accepted).toBeCloseTo((1 - (1 - 2 * 0.03) * visibility) / 2, 11);
  });

  it("vanish without light and noise", () => {
    const link = symmetricLink({ transmittance: 0.01, detectorEfficiency: 0.5, noiseProbability: 0, misalignment: 0 });
    expect(gain(link, 0, 0)).toBe(0);
    expect(gain(link, 0.1, 0)).toBeGreaterThan(0);
  });
});

describe("phase slices", () => {
  it("equal the double average over slice and Gaussian phase noise", () => {
    const width = 0.7;
    const sigma = Math.sqrt(unequal.phaseVarianceRad2);
    for (const link of [unequal, { ...unequal, left: unequal.right }]) {
      const flip = link.misalignment;
      // Trapezoid over eight standard deviations of the noise, midpoints over the slice.
      const noisy = (centre: number, port: 0 | 1): number => {
        let sum = 0;
        let weight = 0;
        for (let k = -160; k <= 160; k++) {
          const z = k / 20;
          const w = Math.exp(-0.5 * z * z);
          weight += w;
          sum +=
            w * mean((delta) => atPhase(link, 0.5, 0.8, centre + delta + sigma * z)[port], -width / 2, width / 2, 64);
        }
        return sum / weight;
      };
      const wrong =
        0.5 *
        ((1 - flip) * noisy(0, 1) + flip * noisy(Math.PI, 1) + (1 - flip) * noisy(Math.PI, 0) + flip * noisy(0, 0));
      const accepted = 0.5 * (noisy(0, 0) + noisy(0, 1) + noisy(Math.PI, 0) + noisy(Math.PI, 1));
      const got = sliceGain(link, 0.5, 0.8, width);
      // The midpoint rule with 64 points is good to (width / 64)^2 / 24.
      expect(got.wrong / wrong).toBeCloseTo(1, 4);
      expect(got.accepted / accepted).toBeCloseTo(1, 5);
    }
  });

  it("of full width hold every click once and half of them are wrong", () => {
    const link = { ...unequal, misalignment: 0, phaseVarianceRad2: 0 };
    const whole = sliceGain(link, 0.3, 0.9, Math.PI);
    expect(whole.accepted / gain(link, 0.3, 0.9)).toBeCloseTo(1, 12);
    const lost = sliceGain({ ...link, phaseVarianceRad2: 1e6 }, 0.3, 0.9, 0.2);
    expect(lost.wrong / lost.accepted).toBeCloseTo(0.5, 12);
  });
});

describe("expected counts", () => {
  const settings = symmetricSettings(
    { x1: 0.06, x2: 0.33, zSend: 0.49, zWindow: 0.88, send: 0.27, p0: 0.05, p1: 0.91, sliceWidthRad: 0.4 },
    27,
    0.1,
  );

  it("pool to the classes that the optimiser computes directly, equal users or not", () => {
    const bob = { ...settings.bob, intensities: { ...settings.bob.intensities, x0: 3e-4, zNot: 2e-4 } };
    for (const one of [settings, { ...settings, bob }]) {
      for (const link of [unequal, { ...unequal, transmittanceBob: 0.4, left: unequal.right }]) {
        const pooled = poolCounts(expectedCounts(one, link, 1e9));
        const direct = expectedClasses(one, link, 1e9);
        for (const name of ["oo", "o1", "1o", "o2", "2o", "11", "so", "os", "slice", "key"] as const) {
          expect(pooled[name].events / direct[name].events, name).toBeCloseTo(1, 11);
          expect(pooled[name].probability / direct[name].probability, name).toBeCloseTo(1, 14);
        }
      }
    }
  });

  it("have probabilities that sum to 1 and clicks below the pulses", () => {
    fc.assert(
      fc.property(uniform(0, 1), uniform(0, 1), (tA, tB) => {
        const counts = expectedCounts(settings, { ...unequal, transmittanceAlice: tA, transmittanceBob: tB }, 1e12);
        expect(counts.gains.reduce((sum, row) => sum + row.probability, 0)).toBeCloseTo(1, 12);
        const clicks = counts.counts.reduce((sum, row) => sum + row.left + row.right + row.both, 0);
        expect(clicks).toBeLessThanOrEqual(1e12);
        expect(counts.slices.wrong).toBeLessThanOrEqual(counts.slices.accepted);
      }),
      { seed: 13, numRuns: 100 },
    );
  });
});
