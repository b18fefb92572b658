/**
 * Long packed strings of bits in the core: counting, selecting, tallying. Strings are given and taken as bytes, bit i being
 * `(byte[i >> 3] >> (i & 7)) & 1`, unused bits 0.
 *
 * @module
 */
import { type Bits, byteLength, weight } from "../bits.ts";
import { type BitsExports, putString, within, wordBytes } from "./bits-kernel.ts";
import type { Kernel } from "./kernel.ts";
import { type KernelSource, loadKernel } from "./modules.ts";

/** Bytes of each string that are selected from at once: all of them stay in the cache. */
const SELECT_PIECE = 1 << 16;

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
    return within(this.#kernel, () => {
      const region = putString(this.#kernel, packed);
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
    within(this.#kernel, () => {
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
    return within(this.#kernel, () => {
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

  /** Wipes everything. */
  [Symbol.dispose](): void {
    this.#kernel[Symbol.dispose]();
  }
}
