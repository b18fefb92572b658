/** The statistical suite of the samplers; the quick and the slow tests differ in the number of draws alone. */
import { beforeAll, describe, expect, test } from "vitest";
import { Samplers } from "../../src/kernels/samplers.ts";
import { source } from "./photons-runs.ts";
import {
  BINOMIALS,
  binomialMass,
  chiSquare,
  GEOMETRICS,
  geometricMass,
  interval,
  kolmogorovSmirnov,
  normalDistribution,
  POISSON_MEANS,
  poissonMass,
} from "./samplers-statistics.ts";

/**
 * Chi-squares are held to 5 of their own standard deviations, Kolmogorov-Smirnov distances to 2.2 (chance 1.3e-4): with 25
 * laws a fresh seed fails once in some hundred times; the seed is fixed. Each law is followed by one that is off by
 * `control`, relative, and must be told apart.
 */
export function samplerSuite(draws: number, control: number): void {
  let samplers: Samplers;
  const out = new Float64Array(draws);
  beforeAll(async () => {
    samplers = await Samplers.create([2026, 1123], { source });
  });

  describe(`samplers, ${draws} draws a law`, () => {
    test.each(POISSON_MEANS)("Poisson, mean %d", (mean) => {
      samplers.poisson(mean, out);
      const [from, to] = interval(mean, mean);
      expect(Math.abs(chiSquare(out, (k) => poissonMass(mean, k), from, to))).toBeLessThan(5);
      const shift = mean < 1 ? control * 10 : control;
      const wrong = mean * (1 + (shift * 9) / Math.sqrt(Math.max(mean, 1)));
      expect(chiSquare(out, (k) => poissonMass(wrong, k), from, to)).toBeGreaterThan(5);
    });

    test.each(BINOMIALS)("binomial, %d trials of %d", (trials, p) => {
      samplers.binomial(trials, p, out);
      const [from, to] = interval(trials * p, trials * p * (1 - p));
      const end = Math.min(to, trials + 1);
      expect(Math.abs(chiSquare(out, (k) => binomialMass(trials, p, k), from, end))).toBeLessThan(5);
      const spread = Math.sqrt((p * (1 - p)) / trials);
      const wrong = Math.min(p + control * 10 * spread, 0.5 * (1 + p));
      expect(chiSquare(out, (k) => binomialMass(trials, wrong, k), from, end)).toBeGreaterThan(5);
    });

    test.each(GEOMETRICS)("geometric, p = %d", (p) => {
      samplers.geometric(p, out);
      const to = Math.ceil(20 / p) + 1;
      if (p === 1) {
        expect(out.every((k) => k === 0)).toBe(true);
        return;
      }
      expect(Math.abs(chiSquare(out, (k) => geometricMass(p, k), 0, to))).toBeLessThan(5);
      const wrong = p > 0.9 ? 1 - (1 - p) * (1 + control * 100) : p * (1 + control * 10);
      expect(chiSquare(out, (k) => geometricMass(wrong, k), 0, to)).toBeGreaterThan(5);
    });

    test("exponential, as the event loop draws it", () => {
      samplers.exponential(out);
      expect(kolmogorovSmirnov(out, (x) => -Math.expm1(-x))).toBeLessThan(2.2);
      expect(kolmogorovSmirnov(out, (x) => -Math.expm1(-x * (1 + control * 10)))).toBeGreaterThan(2.2);
    });

    test("normal", () => {
      samplers.normal(out);
      expect(kolmogorovSmirnov(out, normalDistribution)).toBeLessThan(2.2);
      expect(kolmogorovSmirnov(out, (x) => normalDistribution(x * (1 + control * 20)))).toBeGreaterThan(2.2);
      // Pairs share a radius; neighbours must still be independent, in value and in square.
      let product = 0;
      let squares = 0;
      for (let i = 1; i < draws; i++) {
        product += out[i]! * out[i - 1]!;
        squares += (out[i]! ** 2 - 1) * (out[i - 1]! ** 2 - 1);
      }
      expect(Math.abs(product / Math.sqrt(draws))).toBeLessThan(4.5);
      expect(Math.abs(squares / Math.sqrt(4 * draws))).toBeLessThan(4.5);
    });
  });
}
