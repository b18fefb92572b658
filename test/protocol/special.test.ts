import { describe, expect, it } from "vitest";
import {
  besselI,
  besselI0m1,
  binaryEntropy,
  entropyExcess,
  minusLog1p,
  oneMinusSinc,
  sinc,
} from "../../src/protocol/special.ts";

/** Fixed-point sums with 80 digits: the oracle shares nothing with the code under test. */
const ONE = 10n ** 80n;
const fixed = (x: number): bigint => {
  // A double is a whole number times a power of two, so this is exact.
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(x)))) - 52;
  return (BigInt(Math.round(x / 2 ** exponent)) * ONE) / 2n ** BigInt(-exponent);
};
const toNumber = (x: bigint): number => Number(x / 10n ** 20n) / 1e60 + Number(x % 10n ** 20n) / 1e80;

function series(x: number, coefficient: (k: number) => [bigint, bigint], from: number): number {
  const base = fixed(x);
  let power = ONE;
  for (let k = 0; k < from; k++) power = (power * base) / ONE;
  let sum = 0n;
  for (let k = from; power !== 0n && k < 400; k++) {
    const [top, bottom] = coefficient(k);
    sum += (power * top) / bottom;
    power = (power * base) / ONE;
  }
  return toNumber(sum);
}

const factorial = (n: number): bigint => (n <= 1 ? 1n : BigInt(n) * factorial(n - 1));

describe("special functions keep their digits where they almost vanish", () => {
  const small = [1e-12, -1e-12, 3e-7, 0.0123, -0.0123, 0.31, -0.31, 0.49, -0.49, 0.6, -0.6];

  it.each(small)("x - ln(1+x) and (1+x)ln(1+x) - x at %f", (x) => {
    const oracle = series(x, (k) => [k % 2 === 0 ? 1n : -1n, BigInt(k)], 2);
    expect(minusLog1p(x) / oracle).toBeCloseTo(1, 14);
    const excess = series(x, (k) => [k % 2 === 0 ? 1n : -1n, BigInt(k * (k - 1))], 2);
    expect(entropyExcess(x) / excess).toBeCloseTo(1, 13);
  });

  it.each([1e-9, 1e-4, 0.2, 1, 5, 20])("I_0(x) - 1 and I_k(x) at %f", (x) => {
    const squared = fixed(x) ** 2n / ONE / 4n;
    const sum = (order: number, from: number): number => {
      let total = 0n;
      for (let j = from; j < 150; j++) {
        let power = ONE;
        for (let i = 0; i < j; i++) power = (power * squared) / ONE;
        total += power / (factorial(j) * factorial(j + order));
      }
      return toNumber(total);
    };
    expect(besselI0m1(x) / sum(0, 1)).toBeCloseTo(1, 13);
    for (const order of [1, 2, 5]) {
      expect(besselI(order, x) / (sum(order, 0) * (x / 2) ** order)).toBeCloseTo(1, 12);
      expect(besselI(order, -x)).toBe((order % 2 === 0 ? 1 : -1) * besselI(order, x));
    }
  });

  it.each([1e-7, 0.01, 0.4, 0.6, 2])("1 - sin(x)/x at %f", (x) => {
    const oracle = series(x, (k) => [k % 2 === 1 ? 0n : k % 4 === 2 ? 1n : -1n, factorial(k + 1)], 2);
    expect(oneMinusSinc(x) / oracle).toBeCloseTo(1, 13);
    expect(sinc(x)).toBeCloseTo(1 - oracle, 15);
  });

  it("binary entropy has its known values", () => {
    expect(binaryEntropy(0.5)).toBe(1);
    expect(binaryEntropy(0)).toBe(0);
    expect(binaryEntropy(1)).toBe(0);
    // 2 - (3/4) log2 3
    expect(binaryEntropy(0.25)).toBeCloseTo(0.8112781244591328, 15);
    expect(binaryEntropy(1e-300)).toBeGreaterThan(0);
  });
});
