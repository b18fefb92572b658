/**
 * Toeplitz hashing of bit-packed keys, exact, for any length.
 *
 * Plain: $y_i=\sum_{j<n}T_{ij}x_j$ over GF(2) with $T_{ij}=s_{i-j+n-1}$, i < m, and a seed s of n + m - 1 bits.
 * Modified: $y=x_{[0,m)}\oplus T'x_{[m,n)}$ with $T'_{ij}=s_{i-j+(n-m)-1}$ and a seed of n - 1 bits; it is as good a
 * hash (two-universal and dual universal: Hayashi and Tsurumaru, arXiv:1311.5322) from a shorter seed and in less time.
 *
 * Unless `variableTime` is asked for, nothing branches on a bit of the key or the seed or computes an address from one;
 * what looks up secret bits does so in a register, by byte shuffles.
 *
 * @module
 */
import { byteLength } from "../bits.ts";
import { invalid, TwincombError, wholeInRange } from "../errors.ts";
import type { Kernel, Region } from "./kernel.ts";
import type { KernelSource } from "./modules.ts";
import { chooseGrid, gridBytes } from "./toeplitz-blocks.ts";
import { DirectProduct } from "./toeplitz-direct.ts";
import { loadBits, loadToeplitz, SLACK, type ToeplitzExports, vectorBytes } from "./toeplitz-kernel.ts";
import type { ToeplitzProduct } from "./toeplitz-product.ts";
import { TransformProduct } from "./toeplitz-transform.ts";

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
  /**
   * Lets small matrices be multiplied from addresses that depend on the key: faster, and open to whoever can watch this
   * machine's caches. Off unless told.
   */
  readonly variableTime?: boolean;
}

/** Largest linear memory of a kernel, in bytes. */
const ADDRESS_SPACE = 2 ** 32;

/** A hash function, made from a seed once and used for any number of keys. */
export class ToeplitzHash implements Disposable {
  /** Length of a key, **bits**. */
  readonly inputBits: number;
  /** Length of a hash, **bits**. */
  readonly outputBits: number;
  /** Which matrix. */
  readonly form: ToeplitzForm;
  readonly #kernel: Kernel<ToeplitzExports>;
  readonly #product: ToeplitzProduct;
  /** Work places for the part of the key that is added as it is, in the modified form. */
  readonly #raw: Region;
  readonly #head: Region;

  private constructor(kernel: Kernel<ToeplitzExports>, options: ToeplitzOptions, form: ToeplitzForm) {
    const { inputBits, outputBits } = options;
    this.inputBits = inputBits;
    this.outputBits = outputBits;
    this.form = form;
    this.#kernel = kernel;
    const columns = columnsOf(options, form);
    const grid = chooseGrid(columns, outputBits);
    this.#product =
      grid === undefined
        ? new DirectProduct(kernel, columns, outputBits, options.variableTime ?? false)
        : new TransformProduct(kernel, columns, outputBits, grid);
    const head = form === "modified" ? vectorBytes(outputBits) : 0;
    this.#raw = kernel.allocate(head + 2 * SLACK);
    this.#head = kernel.allocate(head + SLACK);
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
    const seedBits = ToeplitzHash.seedBits(inputBits, outputBits, form);
    checkMemory(options, form);
    checkBytes("seed", seed, seedBits);
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

  /**
   * Replaces the seed: another hash function of the same shape.
   *
   * @param seed - the new seed's bits, packed
   * @throws {@link TwincombError} `invalid-input` when it has another length than the old one
   */
  reseed(seed: Uint8Array): void {
    checkBytes("seed", seed, ToeplitzHash.seedBits(this.inputBits, this.outputBits, this.form));
    this.#product.setSeed(seed);
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
    const length = vectorBytes(this.outputBits);
    const first = this.form === "modified" ? this.outputBits : 0;
    const pointer = this.#product.multiply(key, first);
    if (first > 0) {
      loadBits(this.#kernel, this.#raw, this.#head.pointer, length, key, 0, first);
      this.#kernel.exports.addBits(pointer, this.#head.pointer, length);
    }
    out.set(this.#kernel.bytes({ pointer, byteLength: out.length }));
  }

  /** Wipes the seed and all traces of keys. */
  [Symbol.dispose](): void {
    this.#kernel[Symbol.dispose]();
  }
}

/**
 * Hashes one key, once; see {@link ToeplitzHash} for many keys with one seed.
 *
 * @param seed - the seed's bits, {@link ToeplitzHash.seedBits} of them, packed
 * @param key - `inputBits` bits, packed
 * @param options - lengths and form
 * @returns `outputBits` bits, packed, unused bits 0
 * @throws {@link TwincombError} `invalid-input` when a length is not allowed or does not fit; `out-of-memory` when the
 * lengths are beyond it
 */
export async function toeplitzHash(seed: Uint8Array, key: Uint8Array, options: ToeplitzOptions): Promise<Uint8Array> {
  using hash = await ToeplitzHash.create(seed, options);
  return hash.hash(key);
}

/** Columns of the Toeplitz matrix itself. */
function columnsOf({ inputBits, outputBits }: ToeplitzOptions, form: ToeplitzForm): number {
  return form === "modified" ? inputBits - outputBits : inputBits;
}

/** Refuses hashes that the address space of a kernel cannot hold, before any work is done. */
function checkMemory(options: ToeplitzOptions, form: ToeplitzForm): void {
  const { inputBits, outputBits } = options;
  const grid = chooseGrid(columnsOf(options, form), outputBits);
  const bytes = grid === undefined ? 0 : gridBytes(grid, outputBits) + (form === "modified" ? outputBits / 4 : 0);
  if (bytes < ADDRESS_SPACE) return;
  throw new TwincombError(
    "out-of-memory",
    `a hash of ${inputBits} to ${outputBits} bits takes ${bytes} bytes at once; hash it in pieces with ToeplitzStream`,
    { parameter: "inputBits", value: inputBits, expected: `a hash that takes at most ${ADDRESS_SPACE} bytes` },
  );
}

function checkBytes(name: string, packed: Uint8Array, bits: number): void {
  if (packed.length === byteLength(bits)) return;
  throw invalid(name, `${packed.length} bytes`, `${bits} bits in ${byteLength(bits)} bytes`);
}
