import { describe, expect, it } from "vitest";
import { bitAt } from "../../src/bits.ts";
import { multiplyPolynomials, PolynomialMultiplier } from "../../src/kernels/gf2.ts";
import { testStream } from "./toeplitz-reference.ts";

/** The product by big integers: one shifted copy for each set bit. */
function bigProduct(a: Uint8Array, b: Uint8Array): Uint8Array {
  const toBig = (bytes: Uint8Array) => BigInt(`0x0${Buffer.from(bytes).reverse().toString("hex")}`);
  const big = toBig(b);
  let sum = 0n;
  for (let i = 0; i < 8 * a.length; i++) if (bitAt(a, i)) sum ^= big << BigInt(i);
  const hex = sum.toString(16).padStart(2 * (a.length + b.length), "0");
  return Uint8Array.from(Buffer.from(hex, "hex").reverse());
}

describe("products of polynomials over GF(2)", () => {
  it("equal those of big integers", async () => {
    const stream = testStream("polynomials");
    using multiplier = await PolynomialMultiplier.create();
    for (let trial = 0; trial < 30; trial++) {
      const a = stream.fill(new Uint8Array(1 + stream.below(300)));
      const b = stream.fill(new Uint8Array(1 + stream.below(trial < 20 ? 300 : 10_000)));
      expect(multiplier.multiply(a, b), `${a.length}, ${b.length} bytes`).toEqual(bigProduct(a, b));
    }
  });

  it("commute, have a one, and square by spreading bits", async () => {
    const stream = testStream("ring");
    using multiplier = await PolynomialMultiplier.create();
    const [a, b] = [stream.fill(new Uint8Array(100_003)), stream.fill(new Uint8Array(33_333))];
    expect(multiplier.multiply(a, b)).toEqual(multiplier.multiply(b, a));
    expect(multiplier.multiply(a, Uint8Array.of(1)).subarray(0, a.length)).toEqual(a);
    const square = multiplier.multiply(b, b);
    for (let i = 0; i < 8 * b.length; i++) {
      if (bitAt(square, 2 * i) !== bitAt(b, i) || bitAt(square, 2 * i + 1) !== 0) expect.fail(`coefficient ${i}`);
    }
  });

  it("are added up from pieces where one transform is too short", async () => {
    const stream = testStream("pieces");
    const a = stream.fill(new Uint8Array(2 ** 21 + 17));
    const b = stream.fill(new Uint8Array(2 ** 21 + 2 ** 20 + 3));
    const product = await multiplyPolynomials(a, b);
    const reversed = b.slice().reverse();
    const parity = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length & 1);
    const mirror = Uint8Array.from({ length: 256 }, (_, byte) =>
      Number.parseInt(byte.toString(2).padStart(8, "0").split("").reverse().join(""), 2),
    );
    // Coefficient 8 k + 7 is the sum of products of whole bytes of a with mirrored bytes of b.
    for (const k of [0, 5, 2 ** 21, 2 ** 21 + 16, 2 ** 21 + 2 ** 20, a.length + b.length - 2]) {
      let sum = 0;
      for (let i = Math.max(0, k - b.length + 1); i <= Math.min(k, a.length - 1); i++) {
        sum ^= a[i]! & mirror[reversed[b.length - 1 - k + i]!]!;
      }
      expect(bitAt(product, 8 * k + 7), `coefficient ${8 * k + 7}`).toBe(parity[sum]);
    }
  });

  it("are empty or zero where a factor is", async () => {
    expect(await multiplyPolynomials(new Uint8Array(0), Uint8Array.of(1, 2))).toEqual(new Uint8Array(2));
    expect(await multiplyPolynomials(new Uint8Array(3), Uint8Array.of(1, 2))).toEqual(new Uint8Array(5));
  });
});
