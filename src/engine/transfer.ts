/**
 * Plain values on their way between threads.
 *
 * @module
 */
import { TwincombError } from "../errors.ts";

/**
 * Gathers the buffers behind all typed arrays of a plain value.
 *
 * @param value - plain objects, arrays and typed arrays
 * @param found - receives the buffers
 * @returns `found`
 */
export function collectBuffers(value: unknown, found: Set<ArrayBuffer> = new Set()): Set<ArrayBuffer> {
  if (typeof value !== "object" || value === null) return found;
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (Array.isArray(value)) {
    // A list of numbers or strings hides no arrays.
    if (typeof value[0] === "object") for (const entry of value) collectBuffers(entry, found);
  } else if (Object.getPrototypeOf(value) === Object.prototype) {
    for (const entry of Object.values(value)) collectBuffers(entry, found);
  }
  return found;
}

/**
 * A value of one's own to send away: a copy, but for the buffers that are handed over.
 *
 * @param value - plain values and typed arrays
 * @param transfer - buffers that its owner gives up
 * @throws {@link TwincombError} `invalid-input` for what no worker can be sent, such as a function
 */
export function detached<Value>(value: Value, transfer: readonly ArrayBuffer[] = []): Value {
  try {
    return structuredClone(value, { transfer: [...transfer] });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TwincombError("invalid-input", `an argument cannot be sent to a worker: ${reason}`, {
      expected: "plain objects, numbers, strings and typed arrays whose buffers were not transferred before",
      cause,
    });
  }
}
