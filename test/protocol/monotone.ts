import fc from "fast-check";
import { expect } from "vitest";
import { type OptimiseOptions, optimise, symmetricLink } from "../../src/protocol/index.ts";
import { decades, uniform } from "./uniform.ts";

/** The optimiser's stated tolerance: a rate may fall short of the best one by this much, relative. */
const TOLERANCE = 5e-3;

interface Point {
  readonly lossDb: number;
  readonly noise: number;
  readonly misalignment: number;
  readonly pulses: number;
  readonly efficiency: number;
}

const points: fc.Arbitrary<Point> = fc.record({
  lossDb: uniform(0, 110),
  noise: fc.oneof({ weight: 9, arbitrary: decades(-12, -3) }, { weight: 1, arbitrary: fc.constant(0) }),
  misalignment: uniform(0, 0.2),
  pulses: decades(6, 18),
  efficiency: uniform(0.05, 1),
});

const variants: fc.Arbitrary<OptimiseOptions> = fc.record({
  failureProbability: decades(-15, -3),
  pairing: fc.constantFrom("none" as const, "active" as const, "random" as const),
  intensities: fc.constantFrom(3 as const, 4 as const),
  extinctionDb: fc.oneof(fc.constant(Infinity), uniform(15, 40)),
  errorCorrectionEfficiency: uniform(1, 1.5),
  sampleFraction: fc.constantFrom(0, 0.05),
});

/**
 * A better link, or more pulses, never makes a shorter key; no rate is negative or NaN.
 *
 * @param runs - random points; each is compared with four better ones
 * @param seed - of the points
 * @returns how many points had a key: a property that only ever saw zeros says nothing
 */
export function checkMonotone(runs: number, seed: number): number {
  let positive = 0;
  fc.assert(
    fc.property(points, variants, uniform(0.5, 0.999), (point, options, factor) => {
      const rate = (p: Point): number => {
        const link = symmetricLink({
          transmittance: 10 ** (-p.lossDb / 10),
          detectorEfficiency: p.efficiency,
          noiseProbability: p.noise,
          misalignment: p.misalignment,
        });
        const { keyRatePerPulse } = optimise(link, p.pulses, options);
        expect(keyRatePerPulse).toBeGreaterThanOrEqual(0);
        expect(keyRatePerPulse).toBeLessThan(1);
        return keyRatePerPulse;
      };
      const base = rate(point);
      if (base > 0) positive++;
      const floor = base * (1 - TOLERANCE);
      expect(rate({ ...point, lossDb: point.lossDb * factor }), "less loss").toBeGreaterThanOrEqual(floor);
      expect(rate({ ...point, noise: point.noise * factor }), "less noise").toBeGreaterThanOrEqual(floor);
      expect(rate({ ...point, misalignment: point.misalignment * factor }), "less error").toBeGreaterThanOrEqual(floor);
      expect(rate({ ...point, pulses: point.pulses / factor }), "more pulses").toBeGreaterThanOrEqual(floor);
    }),
    { seed, numRuns: runs },
  );
  return positive;
}
