import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import { bitAt, byteLength } from "../../src/bits.ts";
import { type ToeplitzForm, ToeplitzHash } from "../../src/kernels/toeplitz.ts";
import type { BlockGrid } from "../../src/kernels/toeplitz-blocks.ts";
import { DirectProduct } from "../../src/kernels/toeplitz-direct.ts";
import { loadToeplitz } from "../../src/kernels/toeplitz-kernel.ts";
import { TransformProduct } from "../../src/kernels/toeplitz-transform.ts";
import type { PhiloxStream } from "../../src/random.ts";
import { hashBit, randomBits, referenceHash, testStream, wordHash } from "./toeplitz-reference.ts";

const FORMS: readonly ToeplitzForm[] = ["plain", "modified"];

// Engines that have relaxed SIMD only behind a flag get it here, before they compile anything.
setFlagsFromString("--experimental-wasm-relaxed-simd");
const binary = (name: string) => readFileSync(resolve(import.meta.dirname, `../../dist/kernels/wasm/${name}.wasm`));
const BUILDS = ["toeplitz", "toeplitz-relaxed"].map((name) => ({ name, bytes: binary(name) }));

describe.each(BUILDS)("$name: Toeplitz hashing", ({ bytes }) => {
  const create = (form: ToeplitzForm, inputBits: number, outputBits: number, seed: Uint8Array) =>
    ToeplitzHash.create(seed, { inputBits, outputBits, form, source: bytes });

  it("is a build that this engine can run", () => {
    expect(WebAssembly.validate(bytes)).toBe(true);
  });

  it.each(FORMS)("%s: equals the words' reference on random sizes, seeds and keys", async (form) => {
    const stream = testStream(`random sizes ${form}`);
    for (let trial = 0; trial < 90; trial++) {
      const n = 2 + stream.below(trial < 70 ? 3000 : 20_000);
      const m = 1 + stream.below(form === "plain" ? n : n - 1);
      const seed = randomBits(stream, ToeplitzHash.seedBits(n, m, form));
      const key = randomBits(stream, n);
      using hash = await create(form, n, m, seed);
      expect(hash.hash(key), `${n} -> ${m}`).toEqual(wordHash(seed, key, n, m, form));
    }
  });

  it.each(FORMS)("%s: equals the definition at sampled bits of large keys", async (form) => {
    const stream = testStream(`large ${form}`);
    for (const [n, m] of [
      [1 << 17, 1 << 16],
      [1_000_003, 499_999],
    ] as const) {
      const seed = randomBits(stream, ToeplitzHash.seedBits(n, m, form));
      const key = randomBits(stream, n);
      using hash = await create(form, n, m, seed);
      const out = hash.hash(key);
      const sample = [0, m - 1, ...Array.from({ length: 8 }, () => stream.below(m))];
      for (const i of sample) expect(bitAt(out, i), `bit ${i}`).toBe(hashBit(seed, key, n, m, form, i));
    }
  });

  it("gives the seed's own bits for a key with a single one, and sums of windows for all ones", async () => {
    const stream = testStream("single one");
    for (const [n, m] of [
      [700, 300],
      [70_000, 30_011],
    ] as const) {
      const seed = randomBits(stream, n + m - 1);
      using hash = await create("plain", n, m, seed);
      for (const j of [0, 1, 127, 128, n >> 1, n - 2, n - 1]) {
        const key = new Uint8Array(byteLength(n));
        key[j >> 3] = 1 << (j & 7);
        const out = hash.hash(key);
        for (let i = 0; i < m; i++) if (bitAt(out, i) !== bitAt(seed, i - j + n - 1)) expect.fail(`y[${i}], x[${j}]`);
      }
      const ones = new Uint8Array(byteLength(n)).fill(255);
      if (n % 8 !== 0) ones[ones.length - 1] = (1 << (n % 8)) - 1;
      const out = hash.hash(ones);
      let window = 0;
      for (let k = 0; k < n; k++) window ^= bitAt(seed, k);
      for (let i = 0; i < m; i++) {
        if (bitAt(out, i) !== window) expect.fail(`y[${i}] of all ones`);
        window ^= bitAt(seed, i) ^ bitAt(seed, i + n);
      }
    }
  });

  it("is linear in the key and in the seed", async () => {
    const stream = testStream("linear");
    for (const [n, m] of [
      [1001, 999],
      [150_001, 77_777],
    ] as const) {
      const xor = (a: Uint8Array, b: Uint8Array) => a.map((byte, i) => byte ^ b[i]!);
      const [s, t] = [randomBits(stream, n + m - 1), randomBits(stream, n + m - 1)];
      const [x, y] = [randomBits(stream, n), randomBits(stream, n)];
      using hash = await create("plain", n, m, s);
      const ofX = hash.hash(x);
      expect(hash.hash(xor(x, y))).toEqual(xor(ofX, hash.hash(y)));
      hash.reseed(t);
      const other = hash.hash(x);
      hash.reseed(xor(s, t));
      expect(hash.hash(x)).toEqual(xor(ofX, other));
    }
  });

  it("keeps instances apart, in turn and at once", async () => {
    const stream = testStream("instances");
    const cases = await Promise.all(
      Array.from({ length: 6 }, async (_, k) => {
        const [n, m] = [20_000 + 17_000 * k, 9000 + 3000 * k];
        const seed = randomBits(stream, n + m - 1);
        const key = randomBits(stream, n);
        return { hash: await create("plain", n, m, seed), key, expected: wordHash(seed, key, n, m, "plain") };
      }),
    );
    for (let round = 0; round < 3; round++) {
      for (const { hash, key, expected } of cases) expect(hash.hash(key)).toEqual(expected);
    }
    const into = cases.map(({ expected }) => new Uint8Array(expected.length));
    cases.forEach(({ hash, key }, k) => {
      hash.hashInto(key, into[k]!);
    });
    cases.forEach(({ hash, expected }, k) => {
      expect(into[k]).toEqual(expected);
      hash[Symbol.dispose]();
    });
  });
});

describe("both ways to multiply", () => {
  /** A matrix's product with a key, by a product of the given kind in its own stretch of the kernel's memory. */
  async function multiplier() {
    const kernel = await loadToeplitz("embedded");
    return (
      stream: PhiloxStream,
      columns: number,
      rows: number,
      make: (kernel: Awaited<ReturnType<typeof loadToeplitz>>) => DirectProduct | TransformProduct,
    ) => {
      const mark = kernel.mark();
      const product = make(kernel);
      const seed = randomBits(stream, columns + rows - 1);
      const key = randomBits(stream, columns);
      product.setSeed(seed);
      const pointer = product.multiply(key, 0);
      const out = kernel.bytes({ pointer, byteLength: byteLength(rows) }).slice();
      kernel.release(mark);
      return { out, seed, key };
    };
  }

  it("equal the definition for every number of rows and columns up to 70", async () => {
    const multiply = await multiplier();
    const stream = testStream("every size");
    const grid: BlockGrid = { size: 16, columns: 2 ** 15, rows: 2 ** 15, across: 1, down: 1, windows: 1 };
    for (let columns = 1; columns <= 70; columns++) {
      for (let rows = 1; rows <= 70; rows++) {
        for (const make of [
          (kernel) => new DirectProduct(kernel, columns, rows, false),
          (kernel) => new DirectProduct(kernel, columns, rows, true),
          // One transform takes as long as the others together: every seventh size is enough to meet every remainder.
          ...((columns * 71 + rows) % 7 === 0
            ? [
                (kernel: Parameters<Parameters<typeof multiply>[3]>[0]) =>
                  new TransformProduct(kernel, columns, rows, grid),
              ]
            : []),
        ] satisfies Parameters<typeof multiply>[3][]) {
          const { out, seed, key } = multiply(stream, columns, rows, make);
          const expected = referenceHash(seed, key, columns, rows, "plain");
          if (Buffer.compare(out, expected) !== 0) expect.fail(`${columns} columns, ${rows} rows`);
        }
      }
    }
  });

  it("agree on grids of every kind, in sizes around the blocks'", async () => {
    const multiply = await multiplier();
    const stream = testStream("grids");
    const half = 2 ** 15;
    const near = (value: number) => value - 1 + stream.below(3);
    for (let trial = 0; trial < 20; trial++) {
      // Square blocks, blocks that hold all columns, blocks that hold all rows, and blocks of any two sides.
      const kind = trial % 4;
      const across = 1 + (trial % 3);
      const down = 1 + (trial % 2);
      const side = kind === 0 ? half : 128 * (1 + stream.below(300));
      const blockColumns = kind === 1 ? near(side) : side;
      const blockRows = kind === 0 ? half : kind === 2 ? near(6000) : Math.floor((2 ** 16 - blockColumns) / 128) * 128;
      const columns = kind === 1 ? blockColumns : near(blockColumns * across);
      const rows = kind === 2 ? blockRows : near(blockRows * down);
      const grid = {
        size: 16,
        columns: blockColumns,
        rows: blockRows,
        across: Math.ceil(columns / blockColumns),
        down: Math.ceil(rows / blockRows),
      };
      const shared = grid.columns === grid.rows || grid.across === 1 || grid.down === 1;
      const windows = shared ? grid.across + grid.down - 1 : grid.across * grid.down;
      const { out, seed, key } = multiply(
        stream,
        columns,
        rows,
        (kernel) => new TransformProduct(kernel, columns, rows, { ...grid, windows }),
      );
      const expected = wordHash(seed, key, columns, rows, "plain");
      if (Buffer.compare(out, expected) !== 0) expect.fail(JSON.stringify({ columns, rows, grid }));
    }
  });

  it("agree on every transform size up to 2^21 bits", async () => {
    const multiply = await multiplier();
    const stream = testStream("transform sizes");
    for (let size = 16; size <= 21; size++) {
      const length = 2 ** size;
      for (const columns of [length / 2, length - 128]) {
        const rows = length - columns;
        const grid = { size, columns, rows, across: 1, down: 1, windows: 1 };
        const { out, seed, key } = multiply(
          stream,
          columns,
          rows,
          (kernel) => new TransformProduct(kernel, columns, rows, grid),
        );
        for (const i of [0, 1, rows - 1, ...Array.from({ length: 6 }, () => stream.below(rows))]) {
          expect(bitAt(out, i), `2^${size}, bit ${i}`).toBe(hashBit(seed, key, columns, rows, "plain", i));
        }
      }
    }
  });
});

describe("a Toeplitz hash", () => {
  it("is a function of its seed alone, and another function for another seed", async () => {
    const stream = testStream("reseed");
    const options = { inputBits: 200_000, outputBits: 70_001 };
    const [one, two] = [randomBits(stream, 270_000), randomBits(stream, 270_000)];
    const key = randomBits(stream, options.inputBits);
    using first = await ToeplitzHash.create(one, options);
    using second = await ToeplitzHash.create(two, options);
    const expected = first.hash(key);
    expect(second.hash(key)).not.toEqual(expected);
    second.reseed(one);
    expect(second.hash(key)).toEqual(expected);
  });

  it("does not mind stray bits behind the last one of seed and key", async () => {
    const stream = testStream("stray");
    for (const [inputBits, outputBits] of [
      [1003, 500],
      [100_003, 50_000],
    ] as const) {
      const seed = randomBits(stream, inputBits + outputBits - 1);
      const key = randomBits(stream, inputBits);
      using hash = await ToeplitzHash.create(seed, { inputBits, outputBits });
      const expected = hash.hash(key);
      key[key.length - 1]! |= 0xf8;
      seed[seed.length - 1]! |= 0xc0;
      hash.reseed(seed);
      expect(hash.hash(key)).toEqual(expected);
    }
  });

  it("refuses what has no matrix and says what it needs", async () => {
    const create = (inputBits: number, outputBits: number, form: ToeplitzForm, bytes: number) =>
      ToeplitzHash.create(new Uint8Array(bytes), { inputBits, outputBits, form });
    await expect(create(8, 0, "plain", 1)).rejects.toThrow("outputBits: expected a whole number");
    await expect(create(8, 9, "plain", 2)).rejects.toThrow("in [1, 8]");
    await expect(create(8, 8, "modified", 1)).rejects.toThrow("in [1, 7]");
    await expect(create(1, 1, "modified", 1)).rejects.toThrow("at least 2 in the modified form");
    await expect(create(800, 400, "plain", 3)).rejects.toThrow("1199 bits in 150 bytes");
    await expect(create(1e12, 5e11, "plain", 1)).rejects.toMatchObject({
      code: "out-of-memory",
      parameter: "inputBits",
      message: expect.stringContaining("ToeplitzStream"),
    });
    await expect(create(800.5, 400, "plain", 3)).rejects.toThrow("inputBits: expected a whole number");
    using hash = await create(80, 40, "plain", 15);
    expect(() => hash.hash(new Uint8Array(9))).toThrow("80 bits in 10 bytes");
    expect(() => hash.hashInto(new Uint8Array(10), new Uint8Array(6))).toThrow("40 bits in 5 bytes");
    expect(() => hash.reseed(new Uint8Array(14))).toThrow("119 bits in 15 bytes");
  });
});
