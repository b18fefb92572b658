/**
 * Long packed strings of bits in the core: counting, selecting, and random pairs of positions. Strings are given and
 * taken as bytes, bit i being `(byte[i >> 3] >> (i & 7)) & 1`, unused bits 0.
 *
 * @module
 */
import { type Bits, byteLength, weight } from "../bits.ts";
import type { Kernel, Region } from "./kernel.ts";
import { type KernelSource, loadKernel } from "./modules.ts";

interface BitsExports {
  countOnes(bits: number, words: number): number;
  select(
    ...parameters: [
      sources: number,
      stride: number,
      strings: number,
      mask: number,
      words: number,
      out: number,
      already: number,
    ]
  ): number;
  tally(planes: number, stride: number, length: number, cells: number): number;
  openPiles(bytes: number, positions: number, order: number, next: number): void;
  deal(bits: number, flip: bigint, length: number, bytes: number, next: number): void;
  shuffle(order: number, next: number, from: number, to: number, words: number, count: number): number;
  markActive(bits: number, flip: bigint, length: number, order: number, earlier: number): void;
  placeActive(
    ...parameters: [
      bits: number,
      flip: bigint,
      length: number,
      order: number,
      earlier: number,
      ranks: number,
      later: number,
    ]
  ): void;
  markRandom(bits: number, order: number, positions: number, earlier: number): number;
  placeRandom(order: number, pairs: number, earlier: number, ranks: number, later: number): void;
  rankWords(marks: number, words: number, ranks: number): void;
  gather(
    ...parameters: [
      bits: number,
      length: number,
      later: number,
      count: number,
      earlier: number,
      taken: number,
      cursor: number,
      out: number,
      done: number,
    ]
  ): number;
  addTo(sum: number, other: number, words: number): void;
}

/** Random bytes, as many as asked for. */
export type RandomSource = (length: number) => Promise<Uint8Array>;

/** Disjoint pairs of positions of a string. */
export interface PositionPairs {
  /** Number of pairs. */
  readonly pairs: number;
  /** Bit i is 1 when position i is the earlier of a pair. */
  readonly earlier: Uint8Array;
  /** The later position of each pair, in the order of earlier ones, four little-endian bytes each. */
  readonly later: Uint8Array;
}

/** Pairs that were drawn for a string. */
export interface DrawnPairs extends PositionPairs {
  /** Zeros of the string. */
  readonly zeros: number;
}

/** Random bytes fetched at once, **bytes**: a whole number of random words. */
const RANDOM_PIECE = 1 << 20;
/** Bytes of each string that are selected from at once: all of them stay in the cache. */
const SELECT_PIECE = 1 << 16;
/** Pairs read at once. */
const PAIRS_PIECE = 1 << 18;
/** Addresses and counts of the piles of a shuffle, **bytes**. */
const PILES_BYTES = 2048;
const EVERY_BIT = -1n;

/** Settings, as {@link PackedBits.tally} counts them. */
const SETTINGS = 5;

/** One instance of the kernel. It keeps nothing from one call to the next. */
export class PackedBits implements Disposable {
  readonly #kernel: Kernel<BitsExports>;

  private constructor(kernel: Kernel<BitsExports>) {
    this.#kernel = kernel;
  }

  /**
   * Loads the kernel.
   *
   * @param source - where it comes from; embedded unless told
   */
  static async load(source?: KernelSource): Promise<PackedBits> {
    return new PackedBits(await loadKernel<BitsExports>("bits", source));
  }

  /**
   * Number of ones.
   *
   * @param packed - the string
   */
  weight(packed: Uint8Array): number {
    return this.#within(() => {
      const region = this.#put(packed);
      return this.#kernel.exports.countOnes(region.pointer, region.byteLength / 8);
    });
  }

  /**
   * The bits of strings where a mask is 1, one behind the other.
   *
   * @param sources - the strings
   * @param mask - as many bits as each of them
   * @returns what is left of each string
   */
  select<Sources extends readonly Uint8Array[]>(sources: Sources, mask: Uint8Array): { [I in keyof Sources]: Bits } {
    const bits = weight(mask);
    const keys = sources.map(() => new Uint8Array(byteLength(bits)));
    this.#within(() => {
      const kernel = this.#kernel;
      const where = kernel.allocate(SELECT_PIECE);
      const stride = SELECT_PIECE + 16;
      const from = kernel.allocate(stride * sources.length);
      const out = kernel.allocate(stride * sources.length);
      const [masked, given, selected] = [where, from, out].map((region) => kernel.bytes(region)) as [
        Uint8Array,
        Uint8Array,
        Uint8Array,
      ];
      let written = 0;
      let already = 0;
      for (let at = 0; at < mask.length; at += SELECT_PIECE) {
        const length = Math.min(SELECT_PIECE, mask.length - at);
        masked.fill(0, length).set(mask.subarray(at, at + length));
        sources.forEach((source, i) => {
          given.set(source.subarray(at, at + length), i * stride);
        });
        const words = wordBytes(length) / 8;
        const found = kernel.exports.select(
          from.pointer,
          stride,
          sources.length,
          where.pointer,
          words,
          out.pointer,
          already,
        );
        already = found % 64;
        const whole = (found - already) / 8;
        keys.forEach((key, i) => {
          const begin = i * stride;
          key.set(selected.subarray(begin, begin + Math.min(whole + 8, key.length - written)), written);
          selected.copyWithin(begin, begin + whole, begin + whole + 8);
        });
        written += whole;
      }
    });
    return keys.map((key) => ({ bits, key })) as { [I in keyof Sources]: Bits };
  }

  /**
   * How often each pair of settings clicked in each detector.
   *
   * @param events - number of events
   * @param strings - nine strings of that length: the three planes of Alice's setting codes, of Bob's, her Z windows, his,
   * and clicks of the right detector
   * @returns 50 counts, that of Alice's code a, Bob's b and detector d (1 = right) at `10 a + 2 b + d`; null when a code is
   * none or contradicts its window
   */
  tally(events: number, strings: readonly Uint8Array[]): Float64Array | null {
    return this.#within(() => {
      const bytes = wordBytes(byteLength(events));
      const planes = this.#kernel.allocate(bytes * strings.length);
      const all = this.#kernel.bytes(planes);
      strings.forEach((string, i) => {
        all.set(string, i * bytes);
      });
      const counts = 2 * SETTINGS * SETTINGS;
      const cells = this.#kernel.allocate(8 * (counts + 2 * SETTINGS));
      if (this.#kernel.exports.tally(planes.pointer, bytes, events, cells.pointer) !== 0) return null;
      const words = this.#kernel.words(cells);
      return Float64Array.from({ length: counts }, (_, i) => words[2 * i]! + words[2 * i + 1]! * 2 ** 32);
    });
  }

  /**
   * Joins every bit of the rarer value with a random bit of the other value; all ways to do so are equally likely.
   *
   * The positions of the other value are put into a uniformly random order, by dealing each to a random pile and shuffling
   * every pile (Rao 1961, Sandelius 1962), and its first ones are joined with those of the rarer value in their order.
   *
   * @param raw - the string
   * @param random - private randomness
   * @param use - given the pairs and the number of zeros; byte strings are valid until it returns
   * @returns what `use` returned
   */
  async joinActive<Result>(raw: Bits, random: RandomSource, use: (drawn: DrawnPairs) => Result): Promise<Result> {
    return await this.#withinAsync(async () => {
      const kernel = this.#kernel;
      const bits = this.#put(raw.key);
      const zeros = raw.bits - kernel.exports.countOnes(bits.pointer, bits.byteLength / 8);
      const pairs = Math.min(zeros, raw.bits - zeros);
      const ofRarer = 2 * zeros <= raw.bits ? EVERY_BIT : 0n;
      const earlier = kernel.allocate(bits.byteLength);
      // Of the whole order only as much is wanted as there are pairs; the later positions go where the rest was.
      const order = kernel.allocate(Math.max(4 * (raw.bits - pairs), 8 * pairs));
      const later = { pointer: order.pointer + 4 * pairs, byteLength: 4 * pairs };
      await this.#shuffled(bits, EVERY_BIT ^ ofRarer, raw.bits, order, raw.bits - pairs, pairs, random);
      kernel.exports.markActive(bits.pointer, ofRarer, raw.bits, order.pointer, earlier.pointer);
      const ranks = this.#ranks(earlier);
      kernel.exports.placeActive(
        bits.pointer,
        ofRarer,
        raw.bits,
        order.pointer,
        earlier.pointer,
        ranks.pointer,
        later.pointer,
      );
      return use({ zeros, ...this.#lent(pairs, earlier, later, raw.bits) });
    });
  }

  /**
   * Groups all bits at random in twos and names the groups of different bits; all groupings are equally likely.
   *
   * @param raw - the string
   * @param random - private randomness
   * @param use - as in {@link PackedBits.joinActive}
   * @returns what `use` returned
   */
  async joinRandom<Result>(raw: Bits, random: RandomSource, use: (drawn: DrawnPairs) => Result): Promise<Result> {
    return await this.#withinAsync(async () => {
      const kernel = this.#kernel;
      const bits = this.#put(raw.key);
      const zeros = raw.bits - kernel.exports.countOnes(bits.pointer, bits.byteLength / 8);
      const earlier = kernel.allocate(bits.byteLength);
      const everywhere = kernel.allocate(bits.byteLength);
      kernel.bytes(everywhere).fill(0xff);
      const order = kernel.allocate(4 * raw.bits);
      await this.#shuffled(everywhere, 0n, raw.bits, order, raw.bits, raw.bits, random);
      const pairs = kernel.exports.markRandom(bits.pointer, order.pointer, raw.bits, earlier.pointer);
      const ranks = this.#ranks(earlier);
      const later = kernel.allocate(4 * pairs);
      kernel.exports.placeRandom(order.pointer, pairs, earlier.pointer, ranks.pointer, later.pointer);
      return use({ zeros, ...this.#lent(pairs, earlier, later, raw.bits) });
    });
  }

  /**
   * Whether each pair is odd in a string: bit k is 1 when the two bits of pair k differ.
   *
   * @param raw - the string
   * @param announced - pairs that somebody announced
   * @returns the parities, or null when these are not disjoint pairs of its positions, earlier first
   */
  parities(raw: Bits, announced: PositionPairs): Uint8Array | null {
    return this.#within(() => {
      const kernel = this.#kernel;
      const { pairs, later } = announced;
      const earlier = this.#put(announced.earlier);
      const bytes = byteLength(raw.bits);
      const unused = (announced.earlier.at(-1) ?? 0) >> (raw.bits % 8 || 8);
      if (announced.earlier.length !== bytes || later.length !== 4 * pairs || unused !== 0) return null;
      if (kernel.exports.countOnes(earlier.pointer, earlier.byteLength / 8) !== pairs) return null;
      const taken = this.#put(announced.earlier);
      const bits = this.#put(raw.key);
      const odd = kernel.allocate(wordBytes(byteLength(pairs)));
      const cursor = kernel.allocate(16);
      kernel.words(cursor, 1)[0] = -64;
      const piece = kernel.allocate(4 * Math.min(pairs, PAIRS_PIECE));
      for (let done = 0; done < pairs; done += PAIRS_PIECE) {
        const count = Math.min(PAIRS_PIECE, pairs - done);
        kernel.bytes(piece, 4 * count).set(later.subarray(4 * done, 4 * (done + count)));
        const bad = kernel.exports.gather(
          bits.pointer,
          raw.bits,
          piece.pointer,
          count,
          earlier.pointer,
          taken.pointer,
          cursor.pointer,
          odd.pointer,
          done,
        );
        if (bad !== 0) return null;
      }
      const firsts = kernel.allocate(earlier.byteLength + 16);
      const { pointer, byteLength: selected } = earlier;
      kernel.exports.select(bits.pointer, 0, 1, pointer, selected / 8, firsts.pointer, 0);
      kernel.exports.addTo(odd.pointer, firsts.pointer, odd.byteLength / 8);
      return kernel.bytes(odd, byteLength(pairs)).slice();
    });
  }

  /** Puts the positions of `count` ones of `bits` xor `flip` into an order whose first `wanted` are random. */
  async #shuffled(
    ...[bits, flip, length, order, count, wanted, random]: [
      bits: Region,
      flip: bigint,
      length: number,
      order: Region,
      count: number,
      wanted: number,
      random: RandomSource,
    ]
  ): Promise<void> {
    const kernel = this.#kernel;
    const mark = kernel.mark();
    const next = kernel.allocate(PILES_BYTES);
    const words = kernel.allocate(Math.min(RANDOM_PIECE, 4 * wanted));
    const bytes = kernel.allocate(count);
    for (let at = 0; at < count; at += RANDOM_PIECE) {
      const piece = await random(Math.min(RANDOM_PIECE, count - at));
      kernel.bytes(bytes).set(piece, at);
    }
    kernel.exports.openPiles(bytes.pointer, count, order.pointer, next.pointer);
    kernel.exports.deal(bits.pointer, flip, length, bytes.pointer, next.pointer);
    for (let done = 0; done < wanted; ) {
      const piece = await random(Math.min(RANDOM_PIECE, 4 * (wanted - done)));
      kernel.bytes(words).set(piece);
      done = kernel.exports.shuffle(order.pointer, next.pointer, done, wanted, words.pointer, piece.length / 4);
    }
    kernel.release(mark);
  }

  /** For each word of a string the number of ones before it. */
  #ranks(marks: Region): Region {
    const words = marks.byteLength / 8;
    const ranks = this.#kernel.allocate(4 * words);
    this.#kernel.exports.rankWords(marks.pointer, words, ranks.pointer);
    return ranks;
  }

  /** Pairs where they lie. */
  #lent(pairs: number, earlier: Region, later: Region, bits: number): PositionPairs {
    const kernel = this.#kernel;
    return { pairs, earlier: kernel.bytes(earlier, byteLength(bits)), later: kernel.bytes(later) };
  }

  /** Copies a string into the kernel, up to whole pairs of words. */
  #put(packed: Uint8Array): Region {
    const region = this.#kernel.allocate(wordBytes(packed.length));
    this.#kernel.bytes(region).set(packed);
    return region;
  }

  #within<Result>(work: () => Result): Result {
    const mark = this.#kernel.mark();
    try {
      return work();
    } finally {
      this.#kernel.release(mark);
    }
  }

  async #withinAsync<Result>(work: () => Promise<Result>): Promise<Result> {
    const mark = this.#kernel.mark();
    try {
      return await work();
    } finally {
      this.#kernel.release(mark);
    }
  }

  /** Wipes everything. */
  [Symbol.dispose](): void {
    this.#kernel[Symbol.dispose]();
  }
}

/** Bytes of the whole pairs of 64-bit words that hold so many bytes. */
function wordBytes(bytes: number): number {
  return 16 * Math.ceil(bytes / 16);
}
