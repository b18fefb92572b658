/**
 * One frame from its syndrome to its errors: how often it is tried, with which priors, and for how long.
 *
 * @module
 */
import { bitAt } from "../bits.ts";
import type { BitRange, LdpcKernel } from "../kernels/ldpc.ts";

/** What is known of the errors of a frame. */
export interface FrameSyndrome {
  /** Packed syndrome. */
  readonly syndrome: Uint8Array;
  /** Bits of the frame. */
  readonly bits: number;
  /** Magnitude of every bit's prior, steps of the rule. */
  readonly prior: number;
  /** Where bits of which nothing is known begin, and how many they are. */
  readonly punctured?: BitRange;
  /** Bits whose error is known: position, and 1 when it is an error. */
  readonly known?: ReadonlyMap<number, number>;
}

/** One attempt at a frame. */
export interface Try {
  /** Steps by which the prior is weaker than it should be. */
  readonly weaker: number;
  /** Iterations at most. */
  readonly iterations: number;
}

/** How a frame went. */
export interface FrameResult {
  /** Whether every check is satisfied; the kernel then holds the errors. */
  readonly decoded: boolean;
  /** Iterations made. */
  readonly iterations: number;
}

/** Far from the limit some posteriors overshoot, and a prior two steps weaker comes by. */
const WEAKER = 2;
/** Frames that are nearly decoded leave 1 to 5 checks, others a tenth of all and more. */
const FEW_CHECKS = 64;
const FEW_OF_ALL = 1 / 64;
/** Frames of 2^16 bits are worth 64 guesses; long ones get few, and further syndrome bits instead. */
const GUESSED_BITS = 2 ** 22;
/** Guesses that are right take 12 to 30 iterations far from the limit. */
const GUESS_ITERATIONS = 60;

/**
 * The tries that a frame deserves for which no further message is expected.
 *
 * @param iterations - iterations of each at most, 1 or more
 * @returns the tries, in order
 */
export function allTries(iterations: number): readonly Try[] {
  return [
    { weaker: 0, iterations },
    { weaker: WEAKER, iterations },
  ];
}

/**
 * Decodes a frame. A try that leaves few checks violated is held by a handful of bits that agree in error; it is made again
 * as if nothing were known of the bits in doubt. At last each of them is taken for the opposite of what it was decided.
 *
 * @param kernel - with the code in use
 * @param frame - what is known
 * @param tries - made in turn until one succeeds
 * @param slice - iterations, 1 or more, between two yields; these let other work have a turn, but none with the kernel
 * @returns a generator that yields between slices and ends with the result
 */
export function* decodeFrame(
  kernel: LdpcKernel,
  { syndrome, bits, prior, punctured, known }: FrameSyndrome,
  tries: readonly Try[],
  slice: number,
): Generator<void, FrameResult> {
  const knowledge = { ...(punctured && { punctured }), ...(known && { known }) };
  const fewChecks = Math.min(FEW_CHECKS, FEW_OF_ALL * 8 * syndrome.length);
  let iterations = 0;
  let suspects: readonly { readonly position: number; readonly error: number }[] = [];
  for (const { weaker, iterations: most } of tries) {
    let doubted: readonly number[] = [];
    do {
      kernel.start(syndrome, Math.max(1, prior - weaker), bits, { ...knowledge, doubted });
      const made = yield* iterate(kernel, most, slice);
      iterations += Math.abs(made);
      if (made > 0) return { decoded: true, iterations };
      const again = doubted.length > 0;
      doubted = kernel.doubtful(fewChecks).filter((position) => position < bits && known?.has(position) !== true);
      if (suspects.length === 0 && doubted.length > 0) suspects = decided(kernel, doubted);
      if (again) break;
    } while (doubted.length > 0);
  }
  for (const { position, error } of suspects.slice(0, Math.floor(GUESSED_BITS / bits))) {
    kernel.start(syndrome, prior, bits, { ...knowledge, known: new Map([...(known ?? []), [position, 1 - error]]) });
    const made = yield* iterate(kernel, GUESS_ITERATIONS, slice);
    iterations += Math.abs(made);
    if (made > 0) return { decoded: true, iterations };
  }
  return { decoded: false, iterations };
}

/** Iterates in slices; iterations made, negative as long as a check is violated. */
function* iterate(kernel: LdpcKernel, most: number, slice: number): Generator<void, number> {
  for (let made = 0; made < most; ) {
    const result = kernel.iterate(Math.min(slice, most - made));
    made += Math.abs(result);
    if (result > 0) return made;
    yield;
  }
  return -most;
}

/** What the kernel takes some bits for. */
function decided(kernel: LdpcKernel, positions: readonly number[]): { position: number; error: number }[] {
  const errors = kernel.errors();
  return positions.map((position) => ({ position, error: bitAt(errors, position) }));
}

/**
 * Decodes without letting other work have a turn.
 *
 * @param decoding - what {@link decodeFrame} began
 * @returns its result
 */
export function finish(decoding: Generator<void, FrameResult>): FrameResult {
  let step = decoding.next();
  while (step.done !== true) step = decoding.next();
  return step.value;
}
