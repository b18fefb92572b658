/**
 * Split-step integration of the Lugiato-Lefever equation, and the complex transform it stands on.
 */
export { backward, forward } from "./fft";
export { planBytes } from "./layout";
export { order, plan } from "./plan";
export { advance, drive, energy, propagator } from "./step";

/** First byte that this module leaves free. */
export const heapBase: usize = __heap_base;
