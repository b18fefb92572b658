import { describe, expect, it } from "vitest";
import { bitAt } from "../../src/bits.ts";
import { type ToeplitzForm, ToeplitzHash } from "../../src/kernels/toeplitz.ts";
import { loadToeplitz } from "../../src/kernels/toeplitz-kernel.ts";
import { TransformProduct } from "../../src/kernels/toeplitz-transform.ts";
import { hashBit, randomBits, referenceHash, testStream, wordHash } from "./toeplitz-reference.ts";

const FORMS: readonly ToeplitzForm[] = ["plain", "modified"];

describe("Toeplitz hashing, at length", () => {
  it.each(FORMS)("%s: equals the definition for every n and m up to 70", async (form) => {
    const stream = testStream(`all pairs ${form}`);
    for (let n = 1; n <= 70; n++) {
      for (let m = 1; m <= (form === "plain" ? n : n - 1); m++) {
        for (const variableTime of [false, true]) {
          const seed = randomBits(stream, ToeplitzHash.seedBits(n, m, form));
          const key = randomBits(stream, n);
          using hash = await ToeplitzHash.create(seed, { inputBits: n, outputBits: m, form, variableTime });
          expect(hash.hash(key), `${n} -> ${m}`).toEqual(referenceHash(seed, key, n, m, form));
        }
      }
    }
  });

  it("by transforms: equals the definition for every number of rows and columns up to 70", async () => {
    const kernel = await loadToeplitz("embedded");
    const stream = testStream("all pairs by transforms");
    const grid = { size: 16, columns: 2 ** 15, rows: 2 ** 15, across: 1, down: 1, windows: 1 };
    for (let columns = 1; columns <= 70; columns++) {
      for (let rows = 1; rows <= 70; rows++) {
        const mark = kernel.mark();
        const product = new TransformProduct(kernel, columns, rows, grid);
        const seed = randomBits(stream, columns + rows - 1);
        const key = randomBits(stream, columns);
        product.setSeed(seed);
        const pointer = product.multiply(key, 0);
        const out = kernel.bytes({ pointer, byteLength: Math.ceil(rows / 8) }).slice();
        kernel.release(mark);
        expect(out, `${columns}, ${rows}`).toEqual(referenceHash(seed, key, columns, rows, "plain"));
      }
    }
  });

  it.each(FORMS)("%s: equals the words' reference on thousands of random sizes", async (form) => {
    const stream = testStream(`thousands ${form}`);
    for (let trial = 0; trial < 2500; trial++) {
      const n = 2 + stream.below(trial < 2000 ? 20_000 : 120_000);
      const m = 1 + stream.below(form === "plain" ? n : n - 1);
      const seed = randomBits(stream, ToeplitzHash.seedBits(n, m, form));
      const key = randomBits(stream, n);
      using hash = await ToeplitzHash.create(seed, { inputBits: n, outputBits: m, form });
      const equal = Buffer.compare(hash.hash(key), wordHash(seed, key, n, m, form)) === 0;
      if (!equal) expect.fail(`${n} -> ${m}`);
    }
  });

  it.each(FORMS)("%s: equals the definition around every power of two", async (form) => {
    const stream = testStream(`boundaries ${form}`);
    for (let power = 7; power <= 24; power++) {
      for (const n of [2 ** power - 1, 2 ** power, 2 ** power + 1]) {
        for (const m of [n >> 1, (n >> 1) + 1, n >> 3, n - 1, 1].filter((m) => m >= 1)) {
          if (power > 20 && m !== n >> 1) continue;
          const seed = randomBits(stream, ToeplitzHash.seedBits(n, m, form));
          const key = randomBits(stream, n);
          using hash = await ToeplitzHash.create(seed, { inputBits: n, outputBits: m, form });
          const out = hash.hash(key);
          const places = [0, m - 1, 127, 128, ...Array.from({ length: 4 }, () => stream.below(m))].filter((i) => i < m);
          for (const i of places) {
            if (bitAt(out, i) !== hashBit(seed, key, n, m, form, i)) expect.fail(`${n} -> ${m}, bit ${i}`);
          }
        }
      }
    }
  });

  it.each(FORMS)("%s: equals the definition at sampled bits of 1e8", async (form) => {
    const stream = testStream(`1e8 ${form}`);
    const [n, m] = [1e8, 5e7];
    const seed = randomBits(stream, ToeplitzHash.seedBits(n, m, form));
    const key = randomBits(stream, n);
    using hash = await ToeplitzHash.create(seed, { inputBits: n, outputBits: m, form });
    const out = hash.hash(key);
    // First and last bits, both sides of each row of blocks of 2^24, and anywhere.
    const block = 2 ** 24;
    const edges = [0, 1, m - 1, m - block, m - block - 1, m - 2 * block, m - 2 * block - 1];
    for (const i of [...edges, ...Array.from({ length: 24 }, () => stream.below(m))]) {
      expect(bitAt(out, i), `bit ${i}`).toBe(hashBit(seed, key, n, m, form, i));
    }
  });
});
