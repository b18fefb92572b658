/**
 * Long strings of bits: counting and selecting them, random bytes by the hundred million, and random pairs of positions.
 *
 * Strings are handed over as whole 64-bit words, unused bits 0: bit i of a string is bit i % 64 of word i / 64.
 */

export { gather } from "./answer";
export { markActive, markRandom, placeActive, placeRandom, rankWords } from "./join";
export { randomBytes } from "./random-bytes";
export { scratchBytes } from "./regions";
export { deal, openPiles, shuffle } from "./shuffle";
export { tally } from "./tally";
export { addTo, countOnes, select } from "./words";

/** First byte of memory that is free for the caller. */
export const heapBase: usize = __heap_base;
