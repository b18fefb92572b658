import { describe, expect, it } from "vitest";
import { byteLength } from "../../src/bits.ts";
import { ToeplitzHash } from "../../src/kernels/toeplitz.ts";
import { ToeplitzStream } from "../../src/kernels/toeplitz-stream.ts";
import { randomBits, testStream, wordHash } from "./toeplitz-reference.ts";

/** Bits [start, start + count) of a packed string. */
function window(packed: Uint8Array, start: number, count: number): Uint8Array {
  return Uint8Array.from({ length: byteLength(count) }, (_, byte) => {
    let value = 0;
    for (let bit = 0; bit < 8 && 8 * byte + bit < count; bit++) {
      const i = start + 8 * byte + bit;
      value |= ((packed[i >> 3]! >> (i & 7)) & 1) << bit;
    }
    return value;
  });
}

describe("hashing a key in pieces", () => {
  it.each(["plain", "modified"] as const)("%s: gives the hash of the whole, wherever it is cut", async (form) => {
    const stream = testStream(`pieces ${form}`);
    for (let trial = 0; trial < 25; trial++) {
      const inputBits = 2 + stream.below(40_000);
      const outputBits = 1 + stream.below(Math.min(inputBits - 1, 3000));
      const seed = randomBits(stream, ToeplitzHash.seedBits(inputBits, outputBits, form));
      const key = randomBits(stream, inputBits);
      const blockBits = outputBits + stream.below(6000);
      const given = trial % 2 === 0 ? seed : (start: number, bits: number) => window(seed, start, bits);
      using hash = await ToeplitzStream.create(given, { inputBits, outputBits, form, blockBits });
      for (let start = 0; start < inputBits; ) {
        const count = Math.min(inputBits - start, stream.below(trial < 10 ? 100 : 9000));
        hash.update(window(key, start, count), count);
        start += count;
      }
      expect(hash.digest(), `${inputBits} -> ${outputBits}, blocks of ${blockBits}`).toEqual(
        wordHash(seed, key, inputBits, outputBits, form),
      );
    }
  });

  it("asks for no more of the seed at a time than a block needs", async () => {
    const stream = testStream("bounded");
    const [inputBits, outputBits, blockBits] = [200_000, 1000, 16_000];
    const seed = randomBits(stream, inputBits + outputBits - 1);
    let most = 0;
    const reader = (start: number, bits: number) => {
      most = Math.max(most, bits);
      return window(seed, start, bits);
    };
    using hash = await ToeplitzStream.create(reader, { inputBits, outputBits, blockBits });
    const key = randomBits(stream, inputBits);
    hash.update(key);
    expect(most).toBe(blockBits + outputBits - 1);
    expect(hash.digest()).toEqual(wordHash(seed, key, inputBits, outputBits, "plain"));
  });

  it("refuses too many bits, too few, and a seed that does not fit", async () => {
    using hash = await ToeplitzStream.create(new Uint8Array(15), { inputBits: 80, outputBits: 40 });
    hash.update(new Uint8Array(9));
    expect(() => hash.digest()).toThrow("80 bits before the hash");
    expect(() => hash.update(new Uint8Array(2))).toThrow("bits: expected a whole number in [0, 8]");
    await expect(ToeplitzStream.create(new Uint8Array(14), { inputBits: 80, outputBits: 40 })).rejects.toThrow(
      "119 bits in 15 bytes",
    );
    await expect(
      ToeplitzStream.create(new Uint8Array(15), { inputBits: 80, outputBits: 40, blockBits: 39 }),
    ).rejects.toThrow("blockBits");
  });
});
