/**
 * Typed errors. Everything that is refused is refused with what, where, the allowed range and the next step,
 * in the same words for callers of the API and of the command line.
 *
 * @module
 */

/** What kind of failure an error reports; stable across releases, made for `switch`. */
export type ErrorCode =
  /** A value given by the caller is not allowed. */
  | "invalid-input"
  /** A request is larger than the memory that can be had. */
  | "out-of-memory"
  /** The two sides disagree: a message does not fit what came before it. */
  | "protocol"
  /** The JavaScript engine, or the page's security policy, lacks what the kernels need. */
  | "unsupported"
  /** A worker broke off; the engine has put another in its place. */
  | "worker-failed"
  /** Work was cancelled through an `AbortSignal`. */
  | "aborted"
  /** The engine contradicts itself; always a defect worth reporting. */
  | "internal";

/** Details that accompany a {@link TwincombError}. */
export interface ErrorDetails {
  /** Path of the offending value, for example `link.lossDbPerKm`. */
  readonly parameter?: string;
  /** The value as it was given. */
  readonly value?: unknown;
  /** What would have been accepted. */
  readonly expected?: string;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/** The one error class of this package. */
export class TwincombError extends Error {
  override readonly name = "TwincombError";
  /** What kind of failure this is. */
  readonly code: ErrorCode;
  /** Path of the offending value, where one value is to blame. */
  readonly parameter: string | undefined;
  /** The value as it was given. */
  readonly value: unknown;
  /** What would have been accepted. */
  readonly expected: string | undefined;

  /**
   * @param code - kind of failure
   * @param message - one sentence for a person
   * @param details - the value at fault and what was expected
   */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.parameter = details.parameter;
    this.value = details.value;
    this.expected = details.expected;
  }
}

/**
 * Makes the error for a value that is not allowed.
 *
 * @param parameter - path of the value
 * @param value - the value as it was given
 * @param expected - what would have been accepted
 * @returns the error, to be thrown
 */
export function invalid(parameter: string, value: unknown, expected: string): TwincombError {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new TwincombError("invalid-input", `${parameter}: expected ${expected}, got ${shown}`, {
    parameter,
    value,
    expected,
  });
}

/**
 * Refuses a number outside a closed interval; NaN is always outside.
 *
 * @param parameter - path of the value
 * @param value - the number to check
 * @param minimum - smallest allowed value
 * @param maximum - largest allowed value
 * @returns the value, unchanged
 * @throws {@link TwincombError} `invalid-input` when the value is not in `[minimum, maximum]`
 */
export function inRange(parameter: string, value: number, minimum: number, maximum: number): number {
  if (typeof value === "number" && value >= minimum && value <= maximum) return value;
  const expected = maximum === Infinity ? `a number >= ${minimum}` : `a number in [${minimum}, ${maximum}]`;
  throw invalid(parameter, value, expected);
}

/**
 * Refuses everything but whole numbers of a closed interval.
 *
 * @param parameter - path of the value
 * @param value - the number to check
 * @param minimum - smallest allowed value
 * @param maximum - largest allowed value, 2^53 - 1 unless told
 * @returns the value, unchanged
 * @throws {@link TwincombError} `invalid-input` when the value is not such a number
 */
export function wholeInRange(
  parameter: string,
  value: number,
  minimum: number,
  maximum: number = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value;
  throw invalid(parameter, value, `a whole number in [${minimum}, ${maximum}]`);
}

/**
 * Throws when the signal has fired.
 *
 * @param signal - the caller's signal, if any
 * @throws {@link TwincombError} `aborted`
 */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new TwincombError("aborted", "the work was cancelled", { cause: signal.reason });
}
