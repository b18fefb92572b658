/** The core's samplers against exact laws, quickly; samplers.slow.test.ts does the same with 10^7 draws. */
import { describe, expect, test } from "vitest";
import { TwincombError } from "../../src/errors.ts";
import { Samplers } from "../../src/kernels/samplers.ts";
import { source } from "./photons-runs.ts";
import { samplerSuite } from "./samplers.shared.ts";

samplerSuite(100_000, 0.01);

describe("sampler streams", () => {
  test("repeat themselves, and differ by key, link and purpose", async () => {
    const first = async (key: [number, number], link: number, purpose: number) =>
      (await Samplers.create(key, { link, purpose, source })).normal(new Float64Array(50));
    const one = await first([1, 2], 3, 4);
    expect(await first([1, 2], 3, 4)).toEqual(one);
    for (const other of [await first([1, 3], 3, 4), await first([1, 2], 4, 4), await first([1, 2], 3, 5)])
      expect(other).not.toEqual(one);
  });

  test("edges: p = 0 and 1, no trials, mean 0", async () => {
    const samplers = await Samplers.create([5, 6], { source });
    const out = new Float64Array(1001);
    expect(samplers.binomial(20, 0, out).every((k) => k === 0)).toBe(true);
    expect(samplers.binomial(20, 1, out).every((k) => k === 20)).toBe(true);
    expect(samplers.binomial(0, 0.5, out).every((k) => k === 0)).toBe(true);
    expect(samplers.poisson(0, out).every((k) => k === 0)).toBe(true);
    expect(() => samplers.geometric(0, out)).toThrow(TwincombError);
    expect(() => samplers.poisson(-1, out)).toThrow(TwincombError);
    expect(() => samplers.binomial(1.5, 0.5, out)).toThrow(TwincombError);
  });

  test("exponentials are logarithms to the last digits", async () => {
    // The uniform number behind a draw cannot be seen, but exp(-E) must be one of the multiples of 2^-52.
    const out = (await Samplers.create([7, 8], { source })).exponential(new Float64Array(10_000));
    for (const value of out) {
      const u = Math.exp(-value);
      const grid = Math.round(u * 2 ** 52) / 2 ** 52;
      expect(Math.abs(-Math.log(grid) - value)).toBeLessThanOrEqual(4e-16 * Math.max(1, value));
    }
  });
});
