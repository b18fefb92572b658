/**
 * What the bits kernel offers, and strings in its memory; shared by those who use it.
 *
 * @module
 */
import type { Kernel, Region } from "./kernel.ts";

/** Functions of the bits kernel; strings are whole pairs of 64-bit words at addresses of its memory. */
export interface BitsExports {
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
      scratch: number,
      piece: number,
    ]
  ): void;
  markRandom(bits: number, order: number, positions: number, earlier: number): number;
  placeRandom(
    ...parameters: [
      order: number,
      pairs: number,
      earlier: number,
      ranks: number,
      later: number,
      scratch: number,
      piece: number,
    ]
  ): void;
  scratchBytes(piece: number): number;
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
      scratch: number,
      piece: number,
    ]
  ): number;
  addTo(sum: number, other: number, words: number): void;
}

/**
 * Bytes of the whole pairs of 64-bit words that hold so many bytes.
 *
 * @param bytes - how many
 */
export function wordBytes(bytes: number): number {
  return 16 * Math.ceil(bytes / 16);
}

/**
 * Copies a string into the kernel.
 *
 * @param kernel - the kernel
 * @param packed - the string
 */
export function putString(kernel: Kernel<BitsExports>, packed: Uint8Array): Region {
  const region = kernel.allocate(wordBytes(packed.length));
  kernel.bytes(region).set(packed);
  return region;
}

/**
 * Works within the kernel and wipes what was allocated for it.
 *
 * @param kernel - the kernel
 * @param work - what to do, at once
 */
export function within<Result>(kernel: Kernel<BitsExports>, work: () => Result): Result {
  const mark = kernel.mark();
  try {
    return work();
  } finally {
    kernel.release(mark);
  }
}
