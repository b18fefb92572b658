import { describe, expect, it } from "vitest";
import { bitAt, byteLength } from "../../src/bits.ts";
import { type ToeplitzForm, ToeplitzHash } from "../../src/kernels/toeplitz.ts";
import { hashBit, randomBits, referenceHash, testStream } from "./toeplitz-reference.ts";

const FORMS: readonly ToeplitzForm[] = ["plain", "modified"];

async function hashOf(
  form: ToeplitzForm,
  inputBits: number,
  outputBits: number,
  seed: Uint8Array,
): Promise<ToeplitzHash> {
  return ToeplitzHash.create(seed, { inputBits, outputBits, form });
}

describe("Toeplitz hashing", () => {
  it.each(FORMS)("%s: equals the definition on odd sizes", async (form) => {
    const stream = testStream(`odd sizes ${form}`);
    const sizes: readonly (readonly [number, number])[] = [
      [1, 1],
      [2, 1],
      [127, 64],
      [129, 129],
      [1000, 500],
      [4999, 4998],
      [9000, 1],
      [66_001, 21],
      [20_000, 9001],
    ];
    for (const [n, m] of sizes.filter(([n, m]) => form === "plain" || m < n)) {
      const seed = randomBits(stream, ToeplitzHash.seedBits(n, m, form));
      const key = randomBits(stream, n);
      using hash = await hashOf(form, n, m, seed);
      expect(hash.hash(key), `${n} -> ${m}`).toEqual(referenceHash(seed, key, n, m, form));
    }
  });

  it.each(FORMS)("%s: equals the definition at sampled bits of large keys", async (form) => {
    const stream = testStream(`large ${form}`);
    for (const [n, m] of [
      [1 << 17, 1 << 16],
      [1 << 20, 1 << 19],
      [3_000_001, 1_700_003],
    ] as const) {
      const seed = randomBits(stream, ToeplitzHash.seedBits(n, m, form));
      const key = randomBits(stream, n);
      using hash = await hashOf(form, n, m, seed);
      const out = hash.hash(key);
      const sample = [0, 1, m - 1, ...Array.from({ length: 20 }, () => stream.below(m))];
      for (const i of sample) expect(bitAt(out, i), `bit ${i}`).toBe(hashBit(seed, key, n, m, form, i));
    }
  });

  it("is a function of its seed alone, and another function for another seed", async () => {
    const stream = testStream("reseed");
    const [n, m] = [200_000, 70_001];
    const [one, two] = [randomBits(stream, n + m - 1), randomBits(stream, n + m - 1)];
    const key = randomBits(stream, n);
    using first = await hashOf("plain", n, m, one);
    using second = await hashOf("plain", n, m, two);
    const expected = first.hash(key);
    expect(second.hash(key)).not.toEqual(expected);
    second.reseed(one);
    expect(second.hash(key)).toEqual(expected);
    const out = new Uint8Array(byteLength(m));
    first.hashInto(key, out);
    expect(out).toEqual(expected);
  });

  it("refuses what has no matrix and says what it needs", async () => {
    await expect(hashOf("plain", 8, 0, new Uint8Array(1))).rejects.toThrow("outputBits: expected a whole number");
    await expect(hashOf("plain", 8, 9, new Uint8Array(2))).rejects.toThrow("in [1, 8]");
    await expect(hashOf("modified", 8, 8, new Uint8Array(1))).rejects.toThrow("in [1, 7]");
    await expect(hashOf("plain", 800, 400, new Uint8Array(3))).rejects.toThrow("1199 bits in 150 bytes");
    using hash = await hashOf("plain", 80, 40, new Uint8Array(15));
    expect(() => hash.hash(new Uint8Array(9))).toThrow("80 bits in 10 bytes");
    expect(() => hash.reseed(new Uint8Array(14))).toThrow("119 bits in 15 bytes");
  });
});
