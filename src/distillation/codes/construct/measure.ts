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

/** How a code is measured. */
export interface MeasureGoal {
  /** About so many bits a frame: the lifting size is rounded down. */
  readonly frameBits: number;
  /** So many frames in a row must decode. */
  readonly frames: number;
  /** Efficiency to begin with. */
  readonly from: number;
  /** Philox key of the errors. */
  readonly key: PhiloxKey;
}

/** What was measured. */
export interface Measured {
  /** Bits of a frame. */
  readonly frameBits: number;
  /** Largest error rate tried at which every frame decoded. */
  readonly qber: number;
  /** Disclosed bits over $n h(q)$ there. */
  readonly efficiency: number;
  /** Mean iterations there. */
  readonly iterations: number;
}

const MAX_ITERATIONS = 150;
/** The efficiency rises by this share of the spread of the number of errors, and at least by this fraction. */
const STEP_DEVIATIONS = 0.15;
const LEAST_STEP = 0.003;

/**
 * Lowers the error rate until all frames decode, with as many bits punctured as is best for the code.
 *
 * @param code - the code
 * @param goal - frames
 */
export async function measureCode(code: FamilyCode, goal: MeasureGoal): Promise<Measured> {
  const step = code.smallestLifting;
  const lifting = step * Math.max(1, Math.floor(goal.frameBits / code.columns / step));
  const frameBits = code.columns * lifting;
  const checks = code.rows * lifting;
  const punctured = 8 * Math.floor((bestPuncturing(code.rows, code.columns) * checks) / 8);
  const weights = punctureWeights(code.rows, code.columns);
  const puncturing = new Puncturing(await code.matrix(), lifting, punctured, weights);
  using kernel = await LdpcKernel.load();
  kernel.use({ matrix: puncturing.matrix, lifting, rule: code.rule }, true);
  let iterations = 0;
  const decodes = (qber: number, frame: number): boolean => {
    const errors = new Uint8Array(frameBits / 8);
    const stream = new PhiloxStream(goal.key, PURPOSE.reconciliation, frame);
    // Gaps between errors are geometric.
    const logarithm = Math.log1p(-qber);
    for (let i = -1; ; ) {
      i += 1 + Math.floor(Math.log(1 - stream.uniform()) / logarithm);
      if (i >= frameBits) break;
      errors[i >>> 3]! |= 1 << (i & 7);
    }
    const syndrome = kernel.syndrome(errors);
    puncturing.fill(syndrome);
    const frameSyndrome = {
      syndrome,
      bits: frameBits,
      prior: priorSteps(qber, code.rule.delta),
      punctured: puncturing,
    };
    const result = finish(decodeFrame(kernel, frameSyndrome, allTries(MAX_ITERATIONS), MAX_ITERATIONS));
    iterations += result.iterations;
    if (!result.decoded) return false;
    const decoded = kernel.errors();
    return errors.every((byte, i) => byte === decoded[i]);
  };
  for (let efficiency = goal.from; ; ) {
    const qber = shannonLimit((checks - punctured) / frameBits / efficiency);
    iterations = 0;
    let frame = 0;
    while (frame < goal.frames && decodes(qber, frame)) frame++;
    const measured = { frameBits, qber, efficiency, iterations: iterations / frame };
    if (frame === goal.frames) return measured;
    efficiency *= 1 + Math.max(LEAST_STEP, STEP_DEVIATIONS * deviation(measured));
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

const LONG_FRAME = 2 ** 20;
const LONG_FRAMES = 120;
const SHORT_FRAME = 2 ** 16;
const SHORT_FRAMES = 300;
/** For codes whose smallest frame is no short one. */
const UNMEASURED_SPREAD = 4.5;
const LEAST_SPREAD = 3;
/** So many frames decode by luck where one in a hundred fails; these further deviations make that one in a thousand. */
const LUCK = 0.8;

/**
 * Measures a code in frames of about 2^20 and 2^16 bits and draws a line through both: disclosure is
 * $f_\infty n h(q) + \kappa \sqrt{n q (1-q)} \log_2((1-q)/q)$.
 *
 * @param code - the code
 */
export async function measureNeed(code: FamilyCode): Promise<Need> {
  const from = 1.05;
  const long = await measureCode(code, { frameBits: LONG_FRAME, frames: LONG_FRAMES, from, key: [LONG_FRAME, 2] });
  const measured = [long];
  let spread = UNMEASURED_SPREAD;
  if (code.columns * code.smallestLifting < 1.2 * SHORT_FRAME) {
    const goal = { frameBits: SHORT_FRAME, frames: SHORT_FRAMES, from: long.efficiency };
    const short = await measureCode(code, { ...goal, key: [SHORT_FRAME, 2] });
    measured.push(short);
    spread = Math.max(LEAST_SPREAD, (short.efficiency - long.efficiency) / (deviation(short) - deviation(long)));
  }
  return { efficiency: long.efficiency + (LUCK - spread) * deviation(long), spread, measured };
}

/** One standard deviation of the number of errors, in bits of information over those that all errors carry. */
function deviation({ frameBits, qber }: Measured): number {
  const logOdds = Math.log2((1 - qber) / qber);
  return (Math.sqrt((qber * (1 - qber)) / frameBits) * logOdds) / binaryEntropy(qber);
}
