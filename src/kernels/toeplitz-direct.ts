/**
 * Small Toeplitz matrices, from tables made of the seed.
 *
 * @module
 */
import { byteLength } from "../bits.ts";
import type { Kernel, Region } from "./kernel.ts";
import { loadBits, SLACK, type ToeplitzExports, vectorBytes } from "./toeplitz-kernel.ts";
import type { ToeplitzProduct } from "./toeplitz-product.ts";

/** Zero bytes before and behind the key. */
const MARGIN = 16;

/** Multiplies by a matrix of given shape; the tables of its seed are kept. */
export class DirectProduct implements ToeplitzProduct {
  readonly #kernel: Kernel<ToeplitzExports>;
  readonly #columns: number;
  readonly #rows: number;
  readonly #variableTime: boolean;
  readonly #raw: Region;
  readonly #seed: Region;
  readonly #tables: Region;
  readonly #key: Region;
  readonly #product: Region;
  readonly #result: Region;
  /** Tables of each kind: one for each difference between a byte of the product and a byte of the key. */
  readonly #tableCount: number;

  /**
   * @param kernel - the kernel; memory is taken from it
   * @param columns - columns of the matrix
   * @param rows - rows of the matrix
   * @param variableTime - whether addresses may depend on the key
   */
  constructor(kernel: Kernel<ToeplitzExports>, columns: number, rows: number, variableTime: boolean) {
    this.#kernel = kernel;
    this.#columns = columns;
    this.#rows = rows;
    this.#variableTime = variableTime;
    const keyBytes = byteLength(columns);
    const differences = keyBytes + vectorBytes(rows) + MARGIN;
    this.#tableCount = Math.ceil(differences / 16) * 16;
    const room = (length: number) => kernel.allocate(length + SLACK);
    this.#raw = room(Math.max(keyBytes, this.#tableCount) + 2 * SLACK);
    this.#seed = room(this.#tableCount + 2 * MARGIN);
    this.#tables = room(32 * this.#tableCount);
    this.#key = room(2 * MARGIN + vectorBytes(columns));
    this.#product = room(vectorBytes(rows));
    this.#result = room(vectorBytes(rows));
  }

  /** Takes over a matrix: writes its tables. */
  setSeed(seed: Uint8Array): void {
    // The seed moves up so that bit n - 1, where byte 0 of the key meets byte 0 of the product, begins a byte.
    const last = this.#columns - 1;
    const moved = 8 + ((8 - (last & 7)) & 7);
    const bits = this.#columns + this.#rows - 1 + moved;
    const { exports } = this.#kernel;
    const window = this.#seed.pointer;
    loadBits(this.#kernel, this.#raw, window, vectorBytes(bits), seed, -moved, bits);
    const end = window + vectorBytes(bits);
    this.#kernel.bytes({ pointer: end, byteLength: window + this.#seed.byteLength - end }).fill(0);
    const first = window + (last + moved) / 8 - byteLength(this.#columns);
    if (this.#variableTime) exports.directStrings(this.#tables.pointer, first, this.#tableCount);
    else exports.directTables(this.#tables.pointer, first, this.#tableCount);
  }

  /** Multiplies bits of a packed string by the matrix. */
  multiply(packed: Uint8Array, first: number): number {
    const { exports } = this.#kernel;
    const key = this.#key.pointer + MARGIN;
    const keyBytes = byteLength(this.#columns);
    const length = vectorBytes(this.#rows);
    const tables = this.#tables.pointer;
    const product = this.#product.pointer;
    loadBits(this.#kernel, this.#raw, key, vectorBytes(this.#columns), packed, first, this.#columns);
    if (this.#variableTime) {
      exports.directProductVariableTime(product, length / 16, key, keyBytes, tables, this.#tableCount);
    } else {
      exports.directProduct(product, length / 16, key, keyBytes, tables);
    }
    exports.copyBits(this.#result.pointer, length, product, 0, this.#rows);
    return this.#result.pointer;
  }
}
