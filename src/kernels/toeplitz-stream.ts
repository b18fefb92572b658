/**
 * Toeplitz hashing of a key that arrives in pieces, in memory that does not grow with the key.
 *
 * Cut the matrix by columns, T = [T_1 | T_2 | ...]: the hash is the sum of the hashes of the pieces, and each T_k is a
 * Toeplitz matrix whose seed is a stretch of the whole one. It is the same hash, with the same proof of security.
 *
 * @module
 */
import { byteLength } from "../bits.ts";
import { invalid, wholeInRange } from "../errors.ts";
import { ToeplitzHash, type ToeplitzOptions } from "./toeplitz.ts";

/**
 * Gives a stretch of a seed.
 *
 * @param start - place of the first bit; always a multiple of 8
 * @param bits - number of bits
 * @returns the bits, packed, the first of them bit 0
 */
export type SeedReader = (start: number, bits: number) => Uint8Array;

/** Shape of a {@link ToeplitzStream}. */
export interface ToeplitzStreamOptions extends ToeplitzOptions {
  /** Bits of the key that are hashed together, at least the length of the hash; by default what is fast. */
  readonly blockBits?: number;
}

/** Least number of bits hashed together by default: with less, the transforms of the seed take most of the time. */
const DEFAULT_BLOCK = 2 ** 20;

/** The hash of one key that arrives in pieces. */
export class ToeplitzStream implements Disposable {
  /** Length of the key, **bits**. */
  readonly inputBits: number;
  /** Length of the hash, **bits**. */
  readonly outputBits: number;
  readonly #hash: ToeplitzHash;
  readonly #seed: SeedReader;
  /** Bits of the key that are added to the hash as they are: none, or `outputBits` in the modified form. */
  readonly #head: number;
  readonly #block: Uint8Array;
  readonly #sum: Uint8Array;
  readonly #part: Uint8Array;
  /** Bits of the key taken in, and place in the block of the next one. */
  #taken = 0;
  #place: number;

  private constructor(hash: ToeplitzHash, seed: SeedReader, inputBits: number, head: number) {
    this.#hash = hash;
    this.#seed = seed;
    this.#head = head;
    this.inputBits = inputBits;
    this.outputBits = hash.outputBits;
    this.#block = new Uint8Array(byteLength(hash.inputBits));
    this.#sum = new Uint8Array(byteLength(hash.outputBits));
    this.#part = new Uint8Array(byteLength(hash.outputBits));
    // The key is brought to a whole number of blocks by zeros in front of it.
    const rest = (inputBits - head) % hash.inputBits;
    this.#place = rest === 0 ? 0 : hash.inputBits - rest;
  }

  /**
   * Begins the hash of a key.
   *
   * @param seed - the whole seed, packed, or a function that gives any stretch of it
   * @param options - lengths and form of the hash
   * @returns the stream, to be given the key
   * @throws {@link TwincombError} `invalid-input` when a length is not allowed or does not fit the seed
   */
  static async create(seed: Uint8Array | SeedReader, options: ToeplitzStreamOptions): Promise<ToeplitzStream> {
    const { inputBits, outputBits, form = "plain" } = options;
    const seedBits = ToeplitzHash.seedBits(inputBits, outputBits, form);
    if (typeof seed !== "function" && seed.length !== byteLength(seedBits)) {
      throw invalid("seed", `${seed.length} bytes`, `${seedBits} bits in ${byteLength(seedBits)} bytes`);
    }
    const wanted = options.blockBits ?? Math.max(DEFAULT_BLOCK, 2 * outputBits);
    const blockBits = 8 * byteLength(wholeInRange("blockBits", wanted, outputBits));
    const first = new Uint8Array(byteLength(blockBits + outputBits - 1));
    const hash = await ToeplitzHash.create(first, { ...options, inputBits: blockBits, outputBits, form: "plain" });
    const reader: SeedReader =
      typeof seed === "function" ? seed : (start, bits) => seed.subarray(start / 8, byteLength(start + bits));
    return new ToeplitzStream(hash, reader, inputBits, form === "modified" ? outputBits : 0);
  }

  /**
   * Takes in the next bits of the key.
   *
   * @param packed - the bits, packed, the first of them bit 0
   * @param bits - how many; all bits of `packed` unless told
   * @returns this stream
   * @throws {@link TwincombError} `invalid-input` when there are more than the key has left
   */
  update(packed: Uint8Array, bits: number = 8 * packed.length): this {
    wholeInRange("bits", bits, 0, Math.min(8 * packed.length, this.inputBits - this.#taken));
    const toHead = Math.min(bits, Math.max(0, this.#head - this.#taken));
    addBitsAt(this.#sum, this.#taken, packed, 0, toHead);
    for (let start = toHead; start < bits; ) {
      const count = Math.min(bits - start, this.#hash.inputBits - this.#place);
      addBitsAt(this.#block, this.#place, packed, start, count);
      start += count;
      this.#place += count;
      if (this.#place === this.#hash.inputBits) this.#hashBlock(this.#taken + start - this.#head);
    }
    this.#taken += bits;
    return this;
  }

  /** Hashes the block, of which the last column is number `end` - 1 of the Toeplitz matrix. */
  #hashBlock(end: number): void {
    const columns = this.inputBits - this.#head;
    const start = columns - end;
    const whole = this.#hash.inputBits + this.outputBits - 1;
    const bits = Math.min(whole, columns + this.outputBits - 1 - start);
    const seed = new Uint8Array(byteLength(whole));
    seed.set(this.#seed(start, bits).subarray(0, byteLength(bits)));
    this.#hash.reseed(seed);
    this.#hash.hashInto(this.#block, this.#part);
    for (let i = 0; i < this.#sum.length; i++) this.#sum[i]! ^= this.#part[i]!;
    this.#block.fill(0);
    this.#place = 0;
  }

  /**
   * Ends the key.
   *
   * @returns `outputBits` bits, packed, unused bits 0
   * @throws {@link TwincombError} `invalid-input` when bits of the key are missing
   */
  digest(): Uint8Array {
    if (this.#taken !== this.inputBits) {
      throw invalid("key", `${this.#taken} bits`, `${this.inputBits} bits before the hash is asked for`);
    }
    return this.#sum.slice();
  }

  /** Wipes the seed and all traces of the key. */
  [Symbol.dispose](): void {
    this.#hash[Symbol.dispose]();
    for (const bytes of [this.#block, this.#sum, this.#part]) bytes.fill(0);
  }
}

/** target[place + i] ^= source[start + i] for i < count, bit by bit in meaning and byte by byte in fact. */
function addBitsAt(target: Uint8Array, place: number, source: Uint8Array, start: number, count: number): void {
  if (count <= 0) return;
  let from = Math.floor(start / 8);
  const shift = start % 8;
  let to = Math.floor(place / 8);
  const offset = place % 8;
  for (let left = count; left > 0; left -= 8, from++, to++) {
    let byte = ((source[from]! | ((source[from + 1] ?? 0) << 8)) >> shift) & 255;
    if (left < 8) byte &= (1 << left) - 1;
    const spread = byte << offset;
    target[to]! ^= spread;
    if (spread > 255) target[to + 1]! ^= spread >> 8;
  }
}
