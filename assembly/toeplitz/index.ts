/**
 * Products over GF(2): Toeplitz matrices times bit strings, and polynomials.
 */
import { prepareField } from "./field";
import { PLAN_BYTES, prepareShape } from "./shape";

export { addBits, copyBits, mirrorBits } from "./bits";
export { directProduct, directProductVariableTime, directStrings, directTables } from "./direct";
export { multiplyAdd } from "./product";
export { transform } from "./transform";

/** First byte of memory that is free for the caller. */
export const heapBase: usize = __heap_base;

/** Bytes of a plan. */
export function planBytes(): usize {
  return PLAN_BYTES;
}

/** Writes the plan of transforms of 2^size bits, 16 <= size <= 31. */
export function prepare(plan: usize, size: i32): void {
  prepareField(plan);
  prepareShape(plan, size);
}

/** Whether this is the build with relaxed SIMD. */
export function relaxed(): bool {
  return ASC_FEATURE_RELAXED_SIMD;
}
