/**
 * Philox4x32-10 counter-based random numbers (Salmon et al., SC'11, doi:10.1145/2063384.2063405), in integers only,
 * so that every JavaScript engine draws the same bits as the WebAssembly core.
 *
 * A 64-bit key comes from the user's seed. The 128-bit counter holds the index of the draw within its stream
 * (words 0 and 1), the number of the link (word 2) and the purpose (word 3): streams cannot overlap, and any part of
 * any stream can be drawn without drawing what comes before it.
 *
 * @module
 */
import { sha256 } from "@noble/hashes/sha2.js";

/** What a stream of random numbers is for: word 3 of the counter. Numbers are never reused for another purpose. */
export const PURPOSE = {
  /** Gap, class and outcome of clicks. */
  photons: 1,
  /** Drift of the relative optical phase. */
  phaseDrift: 2,
  /** Reference counts of the tracking loop. */
  referenceCounts: 3,
  /** Dark counts, afterpulses and recovery of detectors. */
  detectors: 4,
  /** Fabrication spread of the clients' chips. */
  wafer: 5,
  /** Which raw bits are disclosed to estimate the error rate. */
  errorSample: 6,
  /** Which raw bits are paired. */
  pairing: 7,
  /** Order of bits in reconciliation frames. */
  reconciliation: 8,
  /** Hash keys of verification. */
  verification: 9,
  /** Seed of the amplification hash. */
  amplification: 10,
  /** Pre-shared authentication keys. */
  authentication: 11,
  /** Time-domain noise of the device models. */
  deviceNoise: 12,
  /** Vacuum fluctuations that start the comb. */
  comb: 13,
  /** Designs of parameter studies. */
  study: 14,
} as const;

/** One of the numbers of {@link PURPOSE}. */
export type Purpose = (typeof PURPOSE)[keyof typeof PURPOSE];

/** The two 32-bit words of a Philox key. */
export type PhiloxKey = readonly [number, number];

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/**
 * The Philox key of a seed: the first eight bytes of the seed's SHA-256 (UTF-8), as two little-endian words.
 *
 * @param seed - any string
 * @returns the key
 */
export function philoxKey(seed: string): PhiloxKey {
  const digest = sha256(new TextEncoder().encode(seed));
  const view = new DataView(digest.buffer, digest.byteOffset);
  return [view.getUint32(0, true), view.getUint32(4, true)];
}

/** Upper word of the 64-bit product of two 32-bit words. */
function multiplyHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const cross = a0 * b1 + (middle & 0xffff);
  return a1 * b1 + Math.floor(middle / 65_536) + Math.floor(cross / 65_536);
}

/**
 * One Philox4x32-10 block: four random words for one counter.
 *
 * @param key - the two key words
 * @param counter - the four counter words
 * @param out - receives the four words
 * @param offset - where in `out` they go
 */
export function philoxBlock(
  key: PhiloxKey,
  counter: readonly [number, number, number, number],
  out: Uint32Array,
  offset: number = 0,
): void {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[offset] = c0;
  out[offset + 1] = c1;
  out[offset + 2] = c2;
  out[offset + 3] = c3;
}

/** A stream of random words that starts at its first draw. */
export class PhiloxStream {
  readonly #key: PhiloxKey;
  readonly #link: number;
  readonly #purpose: Purpose;
  readonly #block: Uint32Array = new Uint32Array(4);
  #index = 0;
  #used = 4;

  /**
   * @param key - Philox key, see {@link philoxKey}
   * @param purpose - what the numbers are for
   * @param link - number of the link (pair of users) they belong to
   */
  constructor(key: PhiloxKey, purpose: Purpose, link: number) {
    this.#key = key;
    this.#purpose = purpose;
    this.#link = link;
  }

  /** The next 32 random bits, as a number in [0, 2^32). */
  word(): number {
    if (this.#used === 4) {
      const high = Math.floor(this.#index / 2 ** 32);
      philoxBlock(this.#key, [this.#index >>> 0, high, this.#link, this.#purpose], this.#block);
      this.#index++;
      this.#used = 0;
    }
    return this.#block[this.#used++]!;
  }

  /** A number in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  /**
   * A whole number below a bound, without bias (Lemire, arXiv:1805.10941, in its plain rejecting form).
   *
   * @param bound - exclusive upper bound, 1 to 2^32
   */
  below(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let word = this.word();
    while (word >= limit) word = this.word();
    return word % bound;
  }

  /**
   * Fills bytes with random bits.
   *
   * @param out - the bytes to fill
   * @returns the same bytes
   */
  fill<Bytes extends Uint8Array>(out: Bytes): Bytes {
    for (let i = 0; i < out.length; ) {
      const word = this.word();
      for (let shift = 0; shift < 32 && i < out.length; shift += 8) out[i++] = word >>> shift;
    }
    return out;
  }
}
