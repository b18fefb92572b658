/**
 * Large Toeplitz matrices, by transforms: a grid of blocks, each multiplied as a Hankel matrix,
 * $y'_{i}=\sum_js'_{i+j}x_j$ with y and s taken in opposite order.
 *
 * @module
 */
import type { Kernel, Region } from "./kernel.ts";
import type { BlockGrid } from "./toeplitz-blocks.ts";
import { loadBits, SLACK, type ToeplitzExports, vectorBytes } from "./toeplitz-kernel.ts";
import type { ToeplitzProduct } from "./toeplitz-product.ts";

/** Bytes of each factor and sum that are multiplied together, to stay in the cache; a multiple of 8192. */
const STRETCH = 16_384;

/** Multiplies by a matrix of given shape; the transform of its seed is kept. */
export class TransformProduct implements ToeplitzProduct {
  readonly #kernel: Kernel<ToeplitzExports>;
  readonly #columns: number;
  readonly #rows: number;
  readonly #grid: BlockGrid;
  readonly #plan: Region;
  /** The distinct blocks of the seed, transformed. */
  readonly #spectra: readonly Region[];
  /** One sum for each row of blocks. */
  readonly #sums: readonly Region[];
  /** For each block of columns, where the addresses of the sums and of the spectra that belong to them are listed. */
  readonly #pairs: readonly number[];
  /** The blocks of the key, transformed. */
  readonly #factors: readonly Region[];
  readonly #spare: Region;
  /** Raw bytes of a piece of the key or the seed. */
  readonly #raw: Region;
  readonly #reversed: Region;
  readonly #product: Region;

  /**
   * @param kernel - the kernel; memory is taken from it
   * @param columns - columns of the matrix
   * @param rows - rows of the matrix
   * @param grid - how to cut it
   */
  constructor(kernel: Kernel<ToeplitzExports>, columns: number, rows: number, grid: BlockGrid) {
    this.#kernel = kernel;
    this.#columns = columns;
    this.#rows = rows;
    this.#grid = grid;
    const bytes = 2 ** (grid.size - 3);
    const room = (length: number) => kernel.allocate(length + SLACK);
    // Where data lies 4096 bytes or a multiple apart, a load waits for stores that have nothing to do with it.
    const apart = (length: number, k: number) => {
      kernel.allocate(256 * (k % 8) + 64);
      return room(length);
    };
    this.#plan = room(kernel.exports.planBytes());
    this.#factors = Array.from({ length: grid.across }, (_, k) => apart(bytes, k));
    this.#spare = apart(bytes, 1);
    this.#raw = apart(bytes + SLACK, 2);
    this.#reversed = room(vectorBytes(rows));
    this.#product = room(vectorBytes(rows));
    this.#sums = Array.from({ length: grid.down }, (_, k) => apart(bytes, 3 + k));
    this.#spectra = Array.from({ length: grid.windows }, (_, k) => apart(bytes, 4 + k));
    this.#pairs = this.#factors.map((_, x) => {
      const list = kernel.allocate(8 * grid.down);
      kernel.words(list).set(this.#sums.flatMap((sum, y) => [sum.pointer, this.#spectrum(x, y).pointer]));
      return list.pointer;
    });
    kernel.exports.prepare(this.#plan.pointer, grid.size);
  }

  /** Takes over a matrix: transforms its seed. */
  setSeed(seed: Uint8Array): void {
    const { size, columns, rows, across, windows } = this.#grid;
    const { exports } = this.#kernel;
    const bytes = 2 ** (size - 3);
    for (let window = 0; window < windows; window++) {
      const x = this.#shared ? Math.min(window, across - 1) : window % across;
      const y = this.#shared ? window - x : Math.floor(window / across);
      const end = this.#columns + this.#rows - 1 - x * columns - y * rows;
      loadBits(this.#kernel, this.#raw, this.#spare.pointer, bytes, seed, end - 2 ** size, 2 ** size);
      const spectrum = this.#spectra[window]!.pointer;
      exports.mirrorBits(spectrum, this.#spare.pointer, bytes);
      exports.transform(this.#plan.pointer, spectrum, this.#spare.pointer, false, true, false);
    }
  }

  /** Multiplies bits of a packed string by the matrix. */
  multiply(packed: Uint8Array, first: number): number {
    const { size, columns, across, down, rows } = this.#grid;
    const { exports } = this.#kernel;
    const plan = this.#plan.pointer;
    const bytes = 2 ** (size - 3);
    for (let x = 0; x < across; x++) {
      const start = x * columns;
      const count = Math.min(columns, this.#columns - start);
      const { pointer } = this.#factors[x]!;
      loadBits(this.#kernel, this.#raw, pointer, bytes, packed, first + start, count);
      exports.transform(plan, pointer, this.#spare.pointer, false, false, 2 * columns <= 2 ** size);
    }
    // All products of one stretch, then of the next: factors and sums are fetched once.
    for (let from = 0; from < bytes; from += STRETCH) {
      const to = Math.min(from + STRETCH, bytes);
      for (const sum of this.#sums) this.#kernel.bytes(sum).fill(0, from, to);
      for (let x = 0; x < across; x++) {
        exports.multiplyAdd(plan, this.#factors[x]!.pointer, this.#pairs[x]!, down, from, to);
      }
    }
    for (let y = 0; y < down; y++) {
      const sum = this.#sums[y]!.pointer;
      exports.transform(plan, sum, this.#spare.pointer, true, true, 2 * rows <= 2 ** size);
      const bits = Math.min(rows, this.#rows - y * rows);
      exports.copyBits(this.#reversed.pointer + (y * rows) / 8, vectorBytes(bits), sum, 0, bits);
    }
    const length = vectorBytes(this.#rows);
    const { pointer } = this.#product;
    // Reversing whole vectors leaves the bits that fill up the last one in front.
    exports.mirrorBits(pointer, this.#reversed.pointer, length);
    exports.copyBits(this.#reversed.pointer, length, pointer, 8 * length - this.#rows, this.#rows);
    return this.#reversed.pointer;
  }

  /** The transform of the seed's block in column x and row y of the grid. */
  #spectrum(x: number, y: number): Region {
    return this.#spectra[this.#shared ? x + y : y * this.#grid.across + x]!;
  }

  /** Whether distinct blocks are numbered by diagonals, else row by row. */
  get #shared(): boolean {
    return this.#grid.windows === this.#grid.across + this.#grid.down - 1;
  }
}
