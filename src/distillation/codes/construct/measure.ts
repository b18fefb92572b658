/**
 * Measures what a finished code achieves: the largest error rate at which frames of a given length decode.
 *
 * @module
 */
import { LdpcKernel } from "../../../kernels/ldpc.ts";
import { priorSteps } from "../../../kernels/ldpc-rule.ts";
import { type PhiloxKey, PhiloxStream, PURPOSE } from "../../../random.ts";
import { allTries, decodeFrame, finish } from "../../frame-decoding.ts";
import type { FamilyCode } from "../catalogue.ts";
import { bestPuncturing, Puncturing, punctureWeights } from "../puncturing.ts";
import { binaryEntropy, shannonLimit } from "./degree-search.ts";

/** What frames of a code need. */
export interface Measured {
  /** Bits of a frame. */
  readonly frameBits: number;
  /** Error rate that belongs to the mean of what frames need. */
  readonly qber: number;
  /** Disclosed bits over $n h(q)$ there. */
  readonly efficiency: number;
  /** Standard deviation of the efficiency that single frames need. */
  readonly scatter: number;
}

const MAX_ITERATIONS = 150;
/** What a frame needs is found to this part of a {@link deviation}. */
const RESOLUTION = 0.2;
/** The search begins so far from what frames before needed, deviations. */
const FIRST_STEP = 1;

/**
 * Finds for each of some frames the least efficiency at which it decodes, with as many bits punctured as is best for the
 * code. A frame at a smaller error rate has the same errors but for some that are taken out.
 *
 * @param code - the code
 * @param goalBits - about so many bits a frame: the lifting size is rounded down
 * @param frames - how many frames, 2 or more
 * @param key - Philox key of the errors
 */
export async function measureCode(
  code: FamilyCode,
  goalBits: number,
  frames: number,
  key: PhiloxKey,
): Promise<Measured> {
  const step = code.smallestLifting;
  const lifting = step * Math.max(1, Math.floor(goalBits / code.columns / step));
  const frameBits = code.columns * lifting;
  const checks = code.rows * lifting;
  const punctured = 8 * Math.floor((bestPuncturing(code.rows, code.columns) * checks) / 8);
  const weights = punctureWeights(code.rows, code.columns);
  const puncturing = new Puncturing(await code.matrix(), lifting, punctured, weights);
  using kernel = await LdpcKernel.load();
  kernel.use({ matrix: puncturing.matrix, lifting, rule: code.rule }, true);
  const qberOf = (efficiency: number) => shannonLimit((checks - punctured) / frameBits / efficiency);
  const deviationAt = (efficiency: number) => deviation({ frameBits, qber: qberOf(efficiency) });

  const decodes = (errors: SeededErrors, efficiency: number): boolean => {
    const qber = qberOf(efficiency);
    const packed = errors.at(qber);
    const syndrome = kernel.syndrome(packed);
    puncturing.fill(syndrome);
    const frame = { syndrome, bits: frameBits, prior: priorSteps(qber, code.rule.delta), punctured: puncturing };
    if (!finish(decodeFrame(kernel, frame, allTries(MAX_ITERATIONS), MAX_ITERATIONS)).decoded) return false;
    const decoded = kernel.errors();
    return packed.every((byte, i) => byte === decoded[i]);
  };

  const needs: number[] = [];
  let guess = START;
  for (let number = 0; number < frames; number++) {
    const errors = new SeededErrors(frameBits, qberOf(1), key, number);
    let low = 1;
    let high = Infinity;
    let efficiency = guess;
    for (let stride = FIRST_STEP * deviationAt(guess); high - low > RESOLUTION * deviationAt(guess); ) {
      if (decodes(errors, efficiency)) high = efficiency;
      else low = efficiency;
      if (high === Infinity) efficiency += stride;
      else if (low === 1) efficiency = Math.max((1 + high) / 2, high - stride);
      else efficiency = (low + high) / 2;
      stride *= 2;
    }
    needs.push((low + high) / 2);
    guess = mean(needs);
  }
  const variance = needs.reduce((sum, need) => sum + (need - guess) ** 2, 0) / (frames - 1);
  return { frameBits, qber: qberOf(guess), efficiency: guess, scatter: Math.sqrt(variance) };
}

/** Errors of one frame at any rate up to the largest: fewer at a smaller rate, no others. */
class SeededErrors {
  readonly #bits: number;
  readonly #largest: number;
  readonly #positions: number[] = [];
  readonly #marks: number[] = [];

  constructor(bits: number, largest: number, key: PhiloxKey, frame: number) {
    this.#bits = bits;
    this.#largest = largest;
    const stream = new PhiloxStream(key, PURPOSE.reconciliation, frame);
    // Gaps between errors are geometric.
    const logarithm = Math.log1p(-largest);
    for (let i = -1; ; ) {
      i += 1 + Math.floor(Math.log(1 - stream.uniform()) / logarithm);
      if (i >= bits) break;
      this.#positions.push(i);
      this.#marks.push(stream.uniform());
    }
  }

  /** The errors at a rate, packed. */
  at(qber: number): Uint8Array {
    const errors = new Uint8Array(this.#bits / 8);
    this.#positions.forEach((i, k) => {
      if (this.#marks[k]! * this.#largest < qber) errors[i >>> 3]! |= 1 << (i & 7);
    });
    return errors;
  }
}

/** What a planner has to know about a code. */
export interface Need {
  /** Efficiency of long frames. */
  readonly efficiency: number;
  /** Standard deviations of the number of errors to leave room for. */
  readonly spread: number;
  /** The measurements, of long frames and of short ones where the code has any. */
  readonly measured: readonly Measured[];
}

/** Where the search for what the first frame needs begins. */
const START = 1.1;
const LONG_FRAME = 2 ** 20;
const LONG_FRAMES = 24;
const SHORT_FRAME = 2 ** 16;
const SHORT_FRAMES = 100;
/** For codes whose smallest frame is no short one. */
const UNMEASURED_SPREAD = 4.5;
/** What frames need scatters by about so many deviations, and by more in some codes ... */
const USUAL_SCATTER = 1.15;
/** ... and so many times that is room for all but one frame in several hundred. */
const RESERVE = 3;

/**
 * Measures a code in frames of about 2^20 and 2^16 bits and draws a line through both: disclosure is
 * $f_\infty n h(q) + \kappa \sqrt{n q (1-q)} \log_2((1-q)/q)$.
 *
 * @param code - the code
 */
export async function measureNeed(code: FamilyCode): Promise<Need> {
  const long = await measureCode(code, LONG_FRAME, LONG_FRAMES, [LONG_FRAME, 3]);
  const measured = [long];
  let spread = UNMEASURED_SPREAD;
  if (code.columns * code.smallestLifting < 1.2 * SHORT_FRAME) {
    const short = await measureCode(code, SHORT_FRAME, SHORT_FRAMES, [SHORT_FRAME, 3]);
    measured.push(short);
    spread = Math.max(reserveOf(long), (needed(short) - needed(long)) / (deviation(short) - deviation(long)));
  }
  return { efficiency: needed(long) - spread * deviation(long), spread, measured };
}

/** The efficiency that hardly any frame needs more than. */
function needed(measured: Measured): number {
  return measured.efficiency + reserveOf(measured) * deviation(measured);
}

/** Room for frames that need more than the mean, deviations. What few short frames scatter by says little. */
function reserveOf(measured: Measured): number {
  const scatter = measured.frameBits > 2 * SHORT_FRAME ? measured.scatter / deviation(measured) : 0;
  return RESERVE * Math.max(USUAL_SCATTER, scatter);
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** One standard deviation of the number of errors, in bits of information over those that all errors carry. */
function deviation({ frameBits, qber }: Pick<Measured, "frameBits" | "qber">): number {
  const logOdds = Math.log2((1 - qber) / qber);
  return (Math.sqrt((qber * (1 - qber)) / frameBits) * logOdds) / binaryEntropy(qber);
}
