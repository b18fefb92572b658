/**
 * Toeplitz hashing, n -> m = n / 2, copies in and out included, every sample with another key. The first line of each
 * suite is a hash in 32-bit words; beyond 2^17 bits it is timed on a corner of the matrix and scaled by its area.
 *
 * For comparison, on two cores of an EPYC of the same kind, CPU time, Mbit/s of key at n = 1e5, 1e6, 1e7, 1e8:
 * Cryptomite 3.06, 2.65, 1.05, 0.91; FFTW in double precision 104, 43, 18, 18; gf2x with carry-less multiplication 669,
 * 210, 178, 120; bitpolymul2 with AVX2 and carry-less multiplication 343, 340, 325, 178.
 */
import { bitAt, byteLength } from "../src/bits.ts";
import { PolynomialMultiplier } from "../src/kernels/gf2.ts";
import { type ToeplitzForm, ToeplitzHash } from "../src/kernels/toeplitz.ts";
import { DirectProduct } from "../src/kernels/toeplitz-direct.ts";
import { loadToeplitz } from "../src/kernels/toeplitz-kernel.ts";
import { TransformProduct } from "../src/kernels/toeplitz-transform.ts";
import { PolynomialHash } from "../src/kernels/universal-hash.ts";
import { hashBit, testStream, wordHash } from "../test/kernels/toeplitz-reference.ts";
import { type BenchCase, type BenchRow, benchmark } from "./harness.ts";

/** Goals of one size: plain with its seed, plain with the seed kept, modified with its seed; Mbit/s. */
type Goals = readonly [plain: number, kept: number, modified: number];

const SIZES: readonly (readonly [name: string, bits: number, goals: Goals | undefined])[] = [
  ["2^10", 2 ** 10, undefined],
  ["2^11", 2 ** 11, undefined],
  ["2^12", 2 ** 12, undefined],
  ["2^13", 2 ** 13, undefined],
  ["2^14", 2 ** 14, undefined],
  ["2^15", 2 ** 15, undefined],
  ["2^17", 2 ** 17, [500, 800, 850]],
  ["2^20", 2 ** 20, [480, 760, 800]],
  ["2^23", 2 ** 23, [430, 680, 720]],
  ["1e8", 1e8, [310, 500, 500]],
];

/** Least rate of small hashes that take the same time for every key, seed kept; Mbit/s. */
const SMALL_GOAL = 200;
const SMALL_LIMIT = 4096;
const REFERENCE_BITS = 2 ** 17;
const RATE = ["Mbit/s", 1e6] as const;
const WINDOWS = 1024;

/** Strings of `length` bytes, each another window of the same random bytes. */
function windows(name: string, length: number): () => Uint8Array {
  const bytes = testStream(name).fill(new Uint8Array(length + WINDOWS));
  let next = 0;
  return () => {
    next = (next + 37) % WINDOWS;
    return bytes.subarray(next, next + length);
  };
}

/** Cases of one form and size, all with one instance: seed included, seed kept, and small ones in variable time too. */
async function hashCases(bits: number, form: ToeplitzForm, goals: Goals | undefined): Promise<BenchCase[]> {
  const outputBits = bits / 2;
  const seeds = windows(`seeds ${form}`, byteLength(ToeplitzHash.seedBits(bits, outputBits, form)));
  const keys = windows(`keys ${form}`, byteLength(bits));
  const out = new Uint8Array(byteLength(outputBits));
  // Small hashes take less than a timer sees: a call does many.
  const times = Math.max(1, Math.ceil(2 ** 18 / bits));
  const make = async (variableTime: boolean) => {
    const options = { inputBits: bits, outputBits, form, variableTime };
    return { hash: await ToeplitzHash.create(seeds(), options), seed: seeds(), key: keys() };
  };
  const one = (name: string, state: Awaited<ReturnType<typeof make>>, reseed: boolean, goal?: number): BenchCase => {
    state.hash.reseed(state.seed);
    return {
      name,
      units: bits * times,
      rate: RATE,
      ...(goal === undefined ? {} : { goal }),
      run: () => {
        for (let k = 0; k < times; k++) {
          state.key = keys();
          if (reseed) {
            state.seed = seeds();
            state.hash.reseed(state.seed);
          }
          state.hash.hashInto(state.key, out);
        }
      },
      check: () => {
        const stream = testStream(name);
        const places = Array.from({ length: bits > 1e7 ? 4 : 64 }, () => stream.below(outputBits));
        for (const i of [0, outputBits - 1, ...places]) {
          const expected = hashBit(state.seed, state.key, bits, outputBits, form, i);
          if (bitAt(out, i) !== expected) throw new Error(`${form}, ${name}: wrong bit ${i}`);
        }
      },
    };
  };
  const usual = await make(false);
  const small = bits <= SMALL_LIMIT;
  const kept = form === "plain" ? (goals?.[1] ?? (small ? SMALL_GOAL : undefined)) : undefined;
  const cases = [
    one("seed included", usual, true, form === "plain" ? goals?.[0] : goals?.[2]),
    one("seed kept", usual, false, kept),
  ];
  if (small) cases.push(one("seed kept, variable time", await make(true), false));
  return cases;
}

function wordCase(bits: number): BenchCase {
  const corner = Math.min(bits, REFERENCE_BITS);
  const keys = windows("words", byteLength(corner));
  const seed = windows("word seeds", byteLength((corner * 3) / 2))();
  const area = (corner * corner) / (bits * bits);
  let sink = 0;
  return {
    name: `32-bit words${corner < bits ? ", scaled from 2^17" : ""}`,
    units: bits * area,
    rate: RATE,
    run: () => {
      sink ^= wordHash(seed, keys(), corner, corner / 2, "plain")[0]!;
    },
    check: () => {
      if (sink > 255) throw new Error("the reference was not run");
    },
  };
}

async function products(): Promise<BenchCase[]> {
  const multiplier = await PolynomialMultiplier.create();
  return Promise.all(
    [20, 24].map(async (size) => {
      const factors = windows(`factors ${size}`, 2 ** size / 8);
      let product: Uint8Array = new Uint8Array(0);
      let [a, b] = [factors(), factors()];
      return {
        name: `GF(2)[x] product of two times 2^${size} bits`,
        units: 2 ** size,
        rate: RATE,
        run: () => {
          [a, b] = [factors(), factors()];
          product = multiplier.multiply(a, b);
        },
        check: () => {
          const middle = 2 ** (size - 1);
          let sum = 0;
          for (let i = 0; i <= middle; i++) sum ^= bitAt(a, i) & bitAt(b, middle - i);
          if (bitAt(product, middle) !== sum) throw new Error("wrong product");
        },
      };
    }),
  );
}

function tags(): BenchCase {
  const messages = windows("message", 1e8);
  const key = testStream("tag key").fill(new Uint8Array(16));
  let message = messages();
  let tag = new Uint8Array(16);
  return {
    name: "polynomial hash of 100 MB",
    units: 1e8,
    rate: ["MB/s", 1e6],
    run: () => {
      message = messages();
      using hash = new PolynomialHash(key);
      tag = hash.update(message).digest();
    },
    check: () => {
      using hash = new PolynomialHash(key);
      for (let at = 0; at < message.length; at += 1_000_003) hash.update(message.subarray(at, at + 1_000_003));
      if (Buffer.compare(hash.digest(), tag) !== 0) throw new Error("wrong hash");
    },
  };
}

/** Both ways to multiply, around the size where `chooseGrid` changes from one to the other. */
async function changeOver(bits: number): Promise<BenchCase[]> {
  const kernel = await loadToeplitz("embedded");
  const rows = bits / 2;
  const grid = { size: 16, columns: bits, rows, across: 1, down: 1, windows: 1 };
  const ways = [
    { name: "look-ups", product: new DirectProduct(kernel, bits, rows, false) },
    { name: "transform", product: new TransformProduct(kernel, bits, rows, grid) },
  ];
  const seed = windows("change-over seed", byteLength(bits + rows - 1))();
  for (const { product } of ways) product.setSeed(seed);
  const times = Math.ceil(2 ** 18 / bits);
  const keys = windows("change-over keys", byteLength(bits));
  let key = keys();
  return ways.map(({ name, product }) => ({
    name: `${name}, seed kept`,
    units: bits * times,
    rate: RATE,
    run: () => {
      for (let k = 0; k < times; k++) {
        key = keys();
        product.multiply(key, 0);
      }
    },
    check: () => {
      const out = kernel.bytes({ pointer: product.multiply(key, 0), byteLength: byteLength(rows) });
      for (let i = 0; i < rows; i += 97) {
        if (bitAt(out, i) !== hashBit(seed, key, bits, rows, "plain", i)) throw new Error(`${name}: wrong bit ${i}`);
      }
    },
  }));
}

/** Runs the suites. */
export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const kernel = await loadToeplitz("embedded");
  console.log(`toeplitz: ${kernel.exports.relaxed() ? "relaxed" : "strict"} SIMD build`);
  for (const [name, bits, goals] of SIZES) {
    for (const form of ["plain", "modified"] as const) {
      const cases = [wordCase(bits), ...(await hashCases(bits, form, goals))];
      rows.push(...(await benchmark(`Toeplitz hash, ${form}, ${name} bits to half`, cases)));
      if (bits === 1e8) console.log(`  resident memory ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`);
    }
  }
  for (const bits of [8192, 10_240, 12_288]) {
    rows.push(...(await benchmark(`Change-over, ${bits} bits to half`, await changeOver(bits))));
  }
  rows.push(...(await benchmark("Products", await products())));
  rows.push(...(await benchmark("Tags", [tags()])));
  return rows;
}
