/**
 * Bit-packed keys of up to 2^32 bits. Bit i of a key is `(byte[i >> 3] >> (i & 7)) & 1`; the unused bits of the last
 * byte are 0.
 *
 * @module
 */

/** A packed string of bits and its length. */
export interface Bits {
  /** Number of bits. */
  readonly bits: number;
  /** The bits, packed. */
  readonly key: Uint8Array;
}

/**
 * How many bytes hold so many bits.
 *
 * @param bits - number of bits
 */
export function byteLength(bits: number): number {
  return Math.ceil(bits / 8);
}

/**
 * Reads one bit of a packed key.
 *
 * @param packed - the key
 * @param index - which bit, from 0
 * @returns 0 or 1
 */
export function bitAt(packed: Uint8Array, index: number): number {
  return (packed[index >>> 3]! >> (index & 7)) & 1;
}

/** The whole 32-bit words of a packed string; a copy where its bytes do not begin at a word. */
function wordsOf(packed: Uint8Array): Uint32Array {
  const { buffer, byteOffset } = packed.byteOffset % 4 === 0 ? packed : new Uint8Array(packed);
  return new Uint32Array(buffer, byteOffset, packed.length >>> 2);
}

/**
 * The bits that are 1 in both of two packed strings.
 *
 * @param a - one string
 * @param b - another of the same length
 */
export function bitwiseAnd(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length);
  const [first, second, words] = [wordsOf(a), wordsOf(b), wordsOf(out)];
  for (let i = 0; i < words.length; i++) words[i] = first[i]! & second[i]!;
  for (let i = 4 * words.length; i < out.length; i++) out[i] = a[i]! & b[i]!;
  return out;
}

/**
 * The bits that are 1 in at least one of two packed strings.
 *
 * @param a - one string
 * @param b - another of the same length
 */
export function bitwiseOr(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length);
  const [first, second, words] = [wordsOf(a), wordsOf(b), wordsOf(out)];
  for (let i = 0; i < words.length; i++) words[i] = first[i]! | second[i]!;
  for (let i = 4 * words.length; i < out.length; i++) out[i] = a[i]! | b[i]!;
  return out;
}

/**
 * The bits that are 0 in a packed string.
 *
 * @param packed - the string
 * @param bits - its length; unused bits stay 0
 */
export function bitwiseNot(packed: Uint8Array, bits: number): Uint8Array {
  const out = new Uint8Array(packed.length);
  const [given, words] = [wordsOf(packed), wordsOf(out)];
  for (let i = 0; i < words.length; i++) words[i] = ~given[i]!;
  for (let i = 4 * words.length; i < out.length; i++) out[i] = ~packed[i]!;
  if (bits % 8 !== 0) out[out.length - 1]! &= (1 << (bits % 8)) - 1;
  return out;
}

/**
 * Puts packed strings behind each other.
 *
 * @param parts - the strings, unused bits 0
 */
export function joinBits(parts: readonly Bits[]): Bits {
  const bits = parts.reduce((sum, part) => sum + part.bits, 0);
  const key = new Uint8Array(byteLength(bits));
  let at = 0;
  for (const part of parts) {
    const shift = at & 7;
    for (let i = 0, to = at >>> 3; i < part.key.length; i++, to++) {
      const byte = part.key[i]! << shift;
      key[to]! |= byte;
      if (byte > 0xff) key[to + 1]! |= byte >>> 8;
    }
    at += part.bits;
  }
  return { bits, key };
}

/** Collects bits one at a time into a packed key that grows as needed. */
export class BitWriter {
  #bytes: Uint8Array;
  #length = 0;

  /** @param capacity - bits to make room for at first; a good guess saves copying */
  constructor(capacity: number = 1024) {
    this.#bytes = new Uint8Array(byteLength(capacity));
  }

  /** Number of bits written. */
  get length(): number {
    return this.#length;
  }

  /** @param bit - 0 or 1 */
  push(bit: number): void {
    const byte = this.#length >>> 3;
    if (byte === this.#bytes.length) {
      const larger = new Uint8Array(Math.max(64, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes.fill(0);
      this.#bytes = larger;
    }
    this.#bytes[byte]! |= bit << (this.#length & 7);
    this.#length++;
  }

  /** The bits written so far, as a copy of exactly the bytes they need. */
  packed(): Uint8Array {
    return this.#bytes.slice(0, byteLength(this.#length));
  }
}

/** How many of 32 bits are 1. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/**
 * In how many places two packed keys of equal length differ.
 *
 * @param a - one key
 * @param b - the other
 */
export function hammingDistance(a: Uint8Array, b: Uint8Array): number {
  const [first, second] = [wordsOf(a), wordsOf(b)];
  let distance = 0;
  for (let i = 0; i < first.length; i++) distance += ones(first[i]! ^ second[i]!);
  for (let i = 4 * first.length; i < a.length; i++) distance += ones(a[i]! ^ b[i]!);
  return distance;
}

/**
 * How many bits of a packed key are 1.
 *
 * @param packed - the key
 */
export function weight(packed: Uint8Array): number {
  const words = wordsOf(packed);
  let sum = 0;
  for (let i = 0; i < words.length; i++) sum += ones(words[i]!);
  for (let i = 4 * words.length; i < packed.length; i++) sum += ones(packed[i]!);
  return sum;
}
