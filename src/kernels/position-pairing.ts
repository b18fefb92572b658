/**
 * Random pairs of positions of a long packed string, in the core, and what somebody else's pairs say about one's own string.
 *
 * @module
 */
import { type Bits, byteLength } from "../bits.ts";
import { type BitsExports, putString, within, wordBytes } from "./bits-kernel.ts";
import type { Kernel, Region } from "./kernel.ts";
import { type KernelSource, loadKernel } from "./modules.ts";

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
/** Pairs sorted and read at once, as many as pay. */
const PAIRS_PIECE = 1 << 21;
/** Addresses and counts of the piles of a shuffle, **bytes**. */
const PILES_BYTES = 2048;
const EVERY_BIT = -1n;

/** One instance of the kernel, for drawing pairs or for reading them. It keeps nothing from one call to the next. */
export class PositionPairing implements Disposable {
  readonly #kernel: Kernel<BitsExports>;

  private constructor(kernel: Kernel<BitsExports>) {
    this.#kernel = kernel;
  }

  /**
   * Loads the kernel.
   *
   * @param source - where it comes from; embedded unless told
   */
  static async load(source?: KernelSource): Promise<PositionPairing> {
    return new PositionPairing(await loadKernel<BitsExports>("bits", source));
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
    return await this.#drawing(async (kernel) => {
      const bits = putString(kernel, raw.key);
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
        ...this.#workPlace(pairs),
      );
      return use({ zeros, ...this.#lent(pairs, earlier, later, raw.bits) });
    });
  }

  /**
   * Groups all bits at random in twos and names the groups of different bits; all groupings are equally likely.
   *
   * @param raw - the string
   * @param random - private randomness
   * @param use - as in {@link PositionPairing.joinActive}
   * @returns what `use` returned
   */
  async joinRandom<Result>(raw: Bits, random: RandomSource, use: (drawn: DrawnPairs) => Result): Promise<Result> {
    return await this.#drawing(async (kernel) => {
      const bits = putString(kernel, raw.key);
      const zeros = raw.bits - kernel.exports.countOnes(bits.pointer, bits.byteLength / 8);
      const earlier = kernel.allocate(bits.byteLength);
      const everywhere = kernel.allocate(bits.byteLength);
      kernel.bytes(everywhere).fill(0xff);
      const order = kernel.allocate(4 * raw.bits);
      await this.#shuffled(everywhere, 0n, raw.bits, order, raw.bits, raw.bits, random);
      const pairs = kernel.exports.markRandom(bits.pointer, order.pointer, raw.bits, earlier.pointer);
      const ranks = this.#ranks(earlier);
      const later = kernel.allocate(4 * pairs);
      kernel.exports.placeRandom(
        order.pointer,
        pairs,
        earlier.pointer,
        ranks.pointer,
        later.pointer,
        ...this.#workPlace(pairs),
      );
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
    const kernel = this.#kernel;
    return within(kernel, () => {
      const { pairs, later } = announced;
      const earlier = putString(kernel, announced.earlier);
      const bytes = byteLength(raw.bits);
      const unused = (announced.earlier.at(-1) ?? 0) >> (raw.bits % 8 || 8);
      if (announced.earlier.length !== bytes || later.length !== 4 * pairs || unused !== 0) return null;
      if (kernel.exports.countOnes(earlier.pointer, earlier.byteLength / 8) !== pairs) return null;
      const taken = putString(kernel, announced.earlier);
      const bits = putString(kernel, raw.key);
      const odd = kernel.allocate(wordBytes(byteLength(pairs)));
      const cursor = kernel.allocate(16);
      kernel.words(cursor, 1)[0] = -64;
      const workPlace = this.#workPlace(pairs);
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
          ...workPlace,
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

  /** Room to sort pairs in, and for how many at once. */
  #workPlace(pairs: number): [pointer: number, piece: number] {
    const piece = Math.min(PAIRS_PIECE, pairs + 64);
    return [this.#kernel.allocate(this.#kernel.exports.scratchBytes(piece)).pointer, piece];
  }

  /** Pairs where they lie. */
  #lent(pairs: number, earlier: Region, later: Region, bits: number): PositionPairs {
    const kernel = this.#kernel;
    return { pairs, earlier: kernel.bytes(earlier, byteLength(bits)), later: kernel.bytes(later) };
  }

  /** Draws in the kernel and wipes what was allocated for it. */
  async #drawing<Result>(work: (kernel: Kernel<BitsExports>) => Promise<Result>): Promise<Result> {
    const mark = this.#kernel.mark();
    try {
      return await work(this.#kernel);
    } finally {
      this.#kernel.release(mark);
    }
  }

  /** Wipes everything. */
  [Symbol.dispose](): void {
    this.#kernel[Symbol.dispose]();
  }
}
