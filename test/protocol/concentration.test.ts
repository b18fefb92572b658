import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  concentration,
  countLower,
  countUpper,
  expectationLower,
  expectationUpper,
  jointExpectation,
} from "../../src/protocol/concentration.ts";
import { decades, uniform } from "./uniform.ts";

const bounds = concentration(1e-10);
const b = Math.log(2e10);

/** ln of the upper tail P(K >= k) of a Poisson variable, summed term by term. */
function logUpperTail(mean: number, k: number): number {
  let logTerm = k * Math.log(mean) - mean;
  for (let i = 2; i <= k; i++) logTerm -= Math.log(i);
  let ratio = 1;
  let sum = 1;
  for (let j = k + 1; ratio > 1e-20; j++) {
    ratio *= mean / j;
    sum += ratio;
  }
  return logTerm + Math.log(sum);
}

/** ln of the lower tail P(K <= k). */
function logLowerTail(mean: number, k: number): number {
  let logTerm = k * Math.log(mean) - mean;
  for (let i = 2; i <= k; i++) logTerm -= Math.log(i);
  let ratio = 1;
  let sum = 1;
  for (let j = k; j > 0 && ratio > 1e-20; j--) {
    ratio *= j / mean;
    sum += ratio;
  }
  return logTerm + Math.log(sum);
}

describe("numeric Chernoff bounds", () => {
  it("are the roots of X ln(X/Y) - X + Y = b from one count to 1e18", () => {
    const divergence = (x: number, y: number): number => {
      // Around X = Y the plain formula has no digits left; expand in the ratio.
      const u = y / x - 1;
      if (Math.abs(u) < 1e-3) {
        let sum = 0;
        for (let k = 2, power = u * u; k < 9; k++, power *= -u) sum += power / k;
        return x * sum;
      }
      return x * Math.log(x / y) - x + y;
    };
    for (const count of [1, 2, 7, 30, 1e2, 1e4, 1e8, 1e12, 1e18]) {
      for (const y of [expectationUpper(count, bounds), expectationLower(count, bounds)]) {
        if (y > 0) expect(divergence(count, y) / b).toBeCloseTo(1, count > 1e14 ? 6 : 9);
      }
      for (const x of [countUpper(count, bounds), countLower(count, bounds)]) {
        if (x > 0) expect(divergence(x, count) / b).toBeCloseTo(1, count > 1e14 ? 6 : 9);
      }
    }
  });

  it("reach the Gaussian limit at 1e18 without losing the width to rounding", () => {
    const width = Math.sqrt(2 * b * 1e18);
    expect((expectationUpper(1e18, bounds) - 1e18) / width).toBeCloseTo(1, 5);
    expect((1e18 - expectationLower(1e18, bounds)) / width).toBeCloseTo(1, 5);
    expect((countUpper(1e18, bounds) - 1e18) / width).toBeCloseTo(1, 5);
    expect((1e18 - countLower(1e18, bounds)) / width).toBeCloseTo(1, 5);
  });

  it("hold against exact Poisson tails, and would not with a tenth of the exponent", () => {
    for (const count of [1, 3, 10, 50, 400]) {
      expect(logLowerTail(expectationUpper(count, bounds), count)).toBeLessThanOrEqual(-b + 1e-9);
      const low = expectationLower(count, bounds);
      if (low > 0) expect(logUpperTail(low, count)).toBeLessThanOrEqual(-b + 1e-9);
      expect(logUpperTail(count, Math.ceil(countUpper(count, bounds)))).toBeLessThanOrEqual(-b + 1e-9);
      const floor = Math.floor(countLower(count, bounds));
      if (floor > 0) expect(logLowerTail(count, floor)).toBeLessThanOrEqual(-b + 1e-9);
    }
    const weak = concentration(2 * Math.exp(-b / 10));
    expect(logLowerTail(expectationUpper(50, weak), 50)).toBeGreaterThan(-b);
  });

  it("take their limits at zero and at no statistics", () => {
    expect(expectationUpper(0, bounds)).toBeCloseTo(b, 12);
    expect(expectationLower(0, bounds)).toBe(0);
    expect(countLower(b, bounds)).toBe(0);
    expect(countLower(b * 1.001, bounds)).toBeGreaterThan(0);
    const none = concentration(0);
    for (const f of [expectationUpper, expectationLower, countUpper, countLower]) expect(f(12.5, none)).toBe(12.5);
  });

  it("are ordered, grow with their argument and undo one another", () => {
    fc.assert(
      fc.property(decades(-3, 15), decades(-30, -0.3), (x, xi) => {
        const any = concentration(xi);
        const [up, low] = [expectationUpper(x, any), expectationLower(x, any)];
        expect(low).toBeLessThanOrEqual(x);
        expect(up).toBeGreaterThanOrEqual(x);
        expect(expectationUpper(x * 1.01, any)).toBeGreaterThan(up);
        expect(expectationLower(x * 1.01, any)).toBeGreaterThanOrEqual(low);
        // D(X||Y) = b binds both directions: from the bound on Y back to X.
        expect(countLower(up, any) / x).toBeCloseTo(1, 6);
        if (low > 1e-280) expect(countUpper(low, any) / x).toBeCloseTo(1, 6);
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  it("are tighter than the closed forms, which are bounds too", () => {
    const closed = concentration(2e-10, "closed");
    const numeric = concentration(4e-10);
    for (const x of [1, 10, 1e3, 1e6, 1e12]) {
      // Same exponent in both; the closed forms only relax the root.
      expect(closed.exponent).toBeCloseTo(numeric.exponent, 12);
      expect(expectationUpper(x, closed)).toBeGreaterThanOrEqual(expectationUpper(x, numeric) * (1 - 1e-12));
      expect(expectationLower(x, closed)).toBeLessThanOrEqual(expectationLower(x, numeric) * (1 + 1e-12));
      expect(countUpper(x, closed)).toBeGreaterThanOrEqual(countUpper(x, numeric) * (1 - 1e-12));
      expect(countLower(x, closed)).toBeLessThanOrEqual(countLower(x, numeric) * (1 + 1e-12));
    }
  });

  it("refuses probabilities that are none", () => {
    expect(() => concentration(1)).toThrow(/failureProbability/);
    expect(() => concentration(Number.NaN)).toThrow(/failureProbability/);
  });
});

describe("joint bounds", () => {
  it("are never wider than the bounds one by one and never inside the sum", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ weight: uniform(0, 10), count: fc.nat(1_000_000) }), {
          minLength: 1,
          maxLength: 6,
        }),
        (terms) => {
          const sum = terms.reduce((total, term) => total + term.weight * term.count, 0);
          const apart = (f: typeof expectationUpper): number =>
            terms.reduce((total, term) => total + term.weight * f(term.count, bounds), 0);
          const up = jointExpectation(
            terms.map((term) => ({ ...term })),
            "upper",
            bounds,
          );
          const low = jointExpectation(
            terms.map((term) => ({ ...term })),
            "lower",
            bounds,
          );
          expect(up.value).toBeGreaterThanOrEqual(sum * (1 - 1e-9));
          expect(low.value).toBeLessThanOrEqual(sum * (1 + 1e-9));
          expect(up.value).toBeLessThanOrEqual(apart(expectationUpper) * (1 + 1e-7) + 1e-12);
          expect(low.value).toBeGreaterThanOrEqual(apart(expectationLower) * (1 - 1e-7) - 1e-12);
          expect(up.calls).toBeLessThanOrEqual(terms.length);
        },
      ),
      { seed: 12, numRuns: 500 },
    );
  });

  it("uses one bound for equal weights", () => {
    const terms = [
      { weight: 2, count: 100 },
      { weight: 2, count: 50 },
    ];
    expect(jointExpectation(terms, "lower", bounds)).toEqual({ value: 2 * expectationLower(150, bounds), calls: 1 });
  });
});
