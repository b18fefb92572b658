/**
 * Syndromes and their decoding for quasi-cyclic parity-check codes whose lifting size is a multiple of 16.
 */
export { expand, fillPads, packSigns, syndrome } from "./bits";
export { columnStride, iterate } from "./decode";

/** First byte that this module leaves free. */
export const heapBase: usize = __heap_base;
