import fc from "fast-check";

/** Steps of {@link uniform}. */
const STEPS = 2 ** 30;

/**
 * Numbers spread evenly over an interval, its ends included. `fc.double` spreads evenly over representations instead: with 0 in
 * reach nearly all of its numbers are too small to matter.
 */
export function uniform(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: STEPS }).map((k) => min + (max - min) * (k / STEPS));
}

/** Numbers whose decimal logarithms are spread evenly. */
export function decades(from: number, to: number): fc.Arbitrary<number> {
  return uniform(from, to).map((x) => 10 ** x);
}
