/**
 * Toeplitz hashing of bit-packed keys, exact, for any length.
 *
 * Plain: $y_i=\sum_{j<n}T_{ij}x_j$ over GF(2) with $T_{ij}=s_{i-j+n-1}$, i < m, and a seed s of n + m - 1 bits.
 * Modified: $y=x_{[0,m)}\oplus T'x_{[m,n)}$ with $T'_{ij}=s_{i-j+(n-m)-1}$ and a seed of n - 1 bits; it is as good a
 * hash (two-universal and dual universal: Hayashi and Tsurumaru, arXiv:1311.5322) from a shorter seed and in less time.
 *
 * Nothing in these paths branches on a bit of the key or the seed, or computes an address from one.
 *
 * @module
 */
import { byteLength } from "../bits.ts";
import { invalid, wholeInRange } from "../errors.ts";
import type { Kernel, KernelSource, Region } from "./kernel.ts";
import { type BlockGrid, chooseGrid } from "./toeplitz-blocks.ts";
import { loadToeplitz, type ToeplitzExports } from "./toeplitz-kernel.ts";

/** Which matrix: T itself, or the identity beside a smaller T. */
export type ToeplitzForm = "plain" | "modified";

/** Shape of a {@link ToeplitzHash}. */
export interface ToeplitzOptions {
  /** Length n of the key, **bits**, at least 1. */
  readonly inputBits: number;
  /** Length m of the hash, **bits**: 1 to n, and less than n in the modified form. */
  readonly outputBits: number;
  /** Which matrix; `plain` unless told. */
  readonly form?: ToeplitzForm;
  /** Where the kernel's binary comes from, default embedded. */
  readonly source?: KernelSource;
}

/** Bytes behind the last one that the kernel may read. */
const SLACK = 64;

/** A hash function, made from a seed once and used for any number of keys. */
export class ToeplitzHash implements Disposable {
  /** Length of a key, **bits**. */
  readonly inputBits: number;
  /** Length of a hash, **bits**. */
  readonly outputBits: number;
  /** Which matrix. */
  readonly form: ToeplitzForm;
  readonly #kernel: Kernel<ToeplitzExports>;
  readonly #grid: BlockGrid;
  readonly #plan: Region;
  /** The seed's blocks, transformed. */
  readonly #spectra: readonly Region[];
  /** One sum for each row of blocks. */
  readonly #sums: readonly Region[];
  readonly #data: Region;
  readonly #spare: Region;
  /** Raw bytes of a piece of the key or the seed. */
  readonly #raw: Region;
  readonly #reversed: Region;
  readonly #output: Region;

  private constructor(kernel: Kernel<ToeplitzExports>, options: ToeplitzOptions, form: ToeplitzForm) {
    const { inputBits, outputBits } = options;
    this.inputBits = inputBits;
    this.outputBits = outputBits;
    this.form = form;
    this.#kernel = kernel;
    this.#grid = chooseGrid(this.#columns, outputBits);
    const bytes = 2 ** (this.#grid.size - 3);
    const room = (length: number) => kernel.allocate(length + SLACK);
    this.#plan = room(kernel.exports.planBytes());
    this.#data = room(bytes);
    this.#spare = room(bytes);
    this.#raw = room(Math.max(bytes, wholeVector(outputBits)));
    this.#reversed = room(wholeVector(outputBits));
    this.#output = room(wholeVector(outputBits));
    this.#sums = Array.from({ length: this.#grid.down }, () => room(bytes));
    this.#spectra = Array.from({ length: this.#grid.windows }, () => room(bytes));
    kernel.exports.prepare(this.#plan.pointer, this.#grid.size);
  }

  /**
   * Makes a hash function from a seed.
   *
   * @param seed - the seed's bits, {@link ToeplitzHash.seedBits} of them, packed
   * @param options - lengths and form
   * @returns the hash function
   * @throws {@link TwincombError} `invalid-input` when a length is not allowed or the seed has another one than it
   * needs; `out-of-memory` when the lengths are beyond it
   */
  static async create(seed: Uint8Array, options: ToeplitzOptions): Promise<ToeplitzHash> {
    const form = options.form ?? "plain";
    const { inputBits, outputBits } = options;
    checkSeed(seed, ToeplitzHash.seedBits(inputBits, outputBits, form));
    const hash = new ToeplitzHash(await loadToeplitz(options.source ?? "embedded"), options, form);
    hash.reseed(seed);
    return hash;
  }

  /**
   * How many seed bits a hash needs: n + m - 1, or n - 1 in the modified form.
   *
   * @param inputBits - length n of the key, **bits**
   * @param outputBits - length m of the hash, **bits**
   * @param form - which matrix
   * @returns the number of bits
   * @throws {@link TwincombError} `invalid-input` when there is no such matrix
   */
  static seedBits(inputBits: number, outputBits: number, form: ToeplitzForm): number {
    wholeInRange("inputBits", inputBits, 1);
    if (form === "plain") {
      wholeInRange("outputBits", outputBits, 1, inputBits);
      return inputBits + outputBits - 1;
    }
    if (form !== "modified") throw invalid("form", form, '"plain" or "modified"');
    if (inputBits === 1) throw invalid("inputBits", inputBits, "at least 2 in the modified form");
    wholeInRange("outputBits", outputBits, 1, inputBits - 1);
    return inputBits - 1;
  }

  /** Columns of the Toeplitz matrix itself. */
  get #columns(): number {
    return this.form === "modified" ? this.inputBits - this.outputBits : this.inputBits;
  }

  /**
   * Replaces the seed: another hash function of the same shape.
   *
   * @param seed - the new seed's bits, packed
   * @throws {@link TwincombError} `invalid-input` when it has another length than the old one
   */
  reseed(seed: Uint8Array): void {
    const seedBits = ToeplitzHash.seedBits(this.inputBits, this.outputBits, this.form);
    checkSeed(seed, seedBits);
    const { size, columns, rows, across, windows } = this.#grid;
    const exports = this.#kernel.exports;
    for (let window = 0; window < windows; window++) {
      const x = this.#shared ? Math.min(window, across - 1) : window % across;
      const y = this.#shared ? window - x : Math.floor(window / across);
      const end = seedBits - x * columns - y * rows;
      this.#load(seed, end - 2 ** size, 2 ** size);
      exports.mirrorBits(this.#spectra[window]!.pointer, this.#data.pointer, 2 ** (size - 3));
      exports.transform(this.#plan.pointer, this.#spectra[window]!.pointer, this.#spare.pointer, false, true);
    }
  }

  /**
   * Hashes a key.
   *
   * @param key - `inputBits` bits, packed
   * @returns `outputBits` bits, packed, unused bits 0
   * @throws {@link TwincombError} `invalid-input` when the key has another length
   */
  hash(key: Uint8Array): Uint8Array {
    const out = new Uint8Array(byteLength(this.outputBits));
    this.hashInto(key, out);
    return out;
  }

  /**
   * Hashes a key into given bytes.
   *
   * @param key - `inputBits` bits, packed
   * @param out - receives `outputBits` bits, packed, unused bits 0
   * @throws {@link TwincombError} `invalid-input` when a length is wrong
   */
  hashInto(key: Uint8Array, out: Uint8Array): void {
    checkBytes("key", key, this.inputBits);
    checkBytes("out", out, this.outputBits);
    const { columns, across, down, rows } = this.#grid;
    const { exports } = this.#kernel;
    const plan = this.#plan.pointer;
    const first = this.form === "modified" ? this.outputBits : 0;
    for (const sum of this.#sums) this.#kernel.bytes(sum).fill(0);
    for (let x = 0; x < across; x++) {
      const start = x * columns;
      this.#load(key, first + start, Math.min(columns, this.#columns - start));
      exports.transform(plan, this.#data.pointer, this.#spare.pointer, false, false);
      for (let y = 0; y < down; y++) {
        exports.multiplyAdd(plan, this.#sums[y]!.pointer, this.#data.pointer, this.#spectrum(x, y).pointer);
      }
    }
    for (let y = 0; y < down; y++) {
      const sum = this.#sums[y]!;
      exports.transform(plan, sum.pointer, this.#spare.pointer, true, true);
      const bits = Math.min(rows, this.outputBits - y * rows);
      exports.copyBits(this.#reversed.pointer + (y * rows) / 8, wholeVector(bits), sum.pointer, 0, bits);
    }
    // The kernel's sums run against the order of the hash.
    const length = wholeVector(this.outputBits);
    exports.mirrorBits(this.#raw.pointer, this.#reversed.pointer, length);
    exports.copyBits(this.#output.pointer, length, this.#raw.pointer, 8 * length - this.outputBits, this.outputBits);
    if (first > 0) {
      this.#kernel.bytes(this.#raw).set(key.subarray(0, byteLength(first)));
      exports.copyBits(this.#reversed.pointer, length, this.#raw.pointer, 0, first);
      exports.addBits(this.#output.pointer, this.#reversed.pointer, length);
    }
    out.set(this.#kernel.bytes(this.#output, out.length));
  }

  /** Whether blocks are numbered by diagonals, else row by row. */
  get #shared(): boolean {
    return this.#grid.windows === this.#grid.across + this.#grid.down - 1;
  }

  #spectrum(x: number, y: number): Region {
    return this.#spectra[this.#shared ? x + y : y * this.#grid.across + x]!;
  }

  /** Brings bits of a packed string to the beginning of `data`, zeros behind them; places below 0 count as 0. */
  #load(packed: Uint8Array, start: number, count: number): void {
    const room = 2 ** (this.#grid.size - 3);
    const firstByte = Math.floor(start / 8);
    const raw = this.#kernel.bytes(this.#raw);
    const before = Math.max(0, -firstByte);
    raw.fill(0, 0, before);
    const bytes = packed.subarray(firstByte + before, Math.ceil((start + count) / 8));
    raw.set(bytes, before);
    raw.fill(0, before + bytes.length);
    this.#kernel.exports.copyBits(this.#data.pointer, room, this.#raw.pointer, start - 8 * firstByte, count);
  }

  /** Wipes the seed and all traces of keys. */
  [Symbol.dispose](): void {
    this.#kernel[Symbol.dispose]();
  }
}

/** Bytes of so many bits in whole vectors. */
function wholeVector(bits: number): number {
  return Math.ceil(bits / 128) * 16;
}

function checkSeed(seed: Uint8Array, bits: number): void {
  checkBytes("seed", seed, bits);
}

function checkBytes(name: string, packed: Uint8Array, bits: number): void {
  if (packed.length === byteLength(bits)) return;
  throw invalid(name, `${packed.length} bytes`, `${bits} bits in ${byteLength(bits)} bytes`);
}
