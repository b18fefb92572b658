/**
 * Measures what a finished code achieves: the largest error rate at which frames of a given length decode.
 *
 * @module
 */
import { LdpcKernel } from "../../../kernels/ldpc.ts";
import { priorSteps } from "../../../kernels/ldpc-rule.ts";
import { type PhiloxKey, PhiloxStream, PURPOSE } from "../../../random.ts";
import type { FamilyCode } from "../catalogue.ts";
import { binaryEntropy, shannonLimit } from "./degree-search.ts";

/** How a code is measured. */
export interface MeasureGoal {
  /** About so many bits a frame: the lifting size is rounded down. */
  readonly frameBits: number;
  /** So many frames in a row must decode. */
  readonly frames: number;
  /** Efficiency to begin with. */
  readonly from: number;
  /** Each error rate tried is lower than the last by this factor of the efficiency. */
  readonly step: number;
  /** Within so many iterations. */
  readonly maxIterations: number;
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

/**
 * Lowers the error rate until all frames decode.
 *
 * @param code - the code
 * @param goal - frames and iterations
 */
export async function measureCode(code: FamilyCode, goal: MeasureGoal): Promise<Measured> {
  const lifting = 32 * Math.max(1, Math.floor(goal.frameBits / code.columns / 32));
  const frameBits = code.columns * lifting;
  const leak = code.rows / code.columns;
  using kernel = await LdpcKernel.load();
  kernel.use({ matrix: await code.matrix(), lifting, rule: code.rule }, true);
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
    kernel.start(kernel.syndrome(errors), priorSteps(qber, code.rule.delta), frameBits);
    const made = kernel.iterate(goal.maxIterations);
    iterations += made;
    return made > 0 && kernel.errors().every((byte, i) => byte === errors[i]);
  };
  for (let efficiency = goal.from; ; efficiency *= goal.step) {
    const qber = shannonLimit(leak / efficiency);
    iterations = 0;
    let frame = 0;
    while (frame < goal.frames && decodes(qber, frame)) frame++;
    if (frame === goal.frames) {
      return { frameBits, qber, efficiency: leak / binaryEntropy(qber), iterations: iterations / frame };
    }
  }
}

/** What a planner has to know about a code. */
export interface Need {
  /** Efficiency of long frames. */
  readonly efficiency: number;
  /** Standard deviations of the number of errors to leave room for. */
  readonly spread: number;
  /** The measurement in long frames. */
  readonly long: Measured;
  /** The measurement in short ones. */
  readonly short: Measured;
}

const LONG_FRAME = 2 ** 20;
const SHORT_FRAME = 2 ** 16;
const LEAST_SPREAD = 2;
const MOST_SPREAD = 7;
/** Below so few checks a bit, needs differ so much that larger steps are fine enough. */
const SPARSE_LEAK = 0.07;
/** Frames in a row decode by luck where one in a hundred fails; this much more makes that one in a thousand. */
const LUCK = 1.005;

/**
 * Measures a code in frames of about 2^20 and 2^16 bits and draws a line through both: disclosure is
 * $f_\infty n h(q) + \kappa \sqrt{n q (1-q)} \log_2((1-q)/q)$. What frames of 2^20 bits need is kept exactly.
 *
 * @param code - the code
 */
export async function measureNeed(code: FamilyCode): Promise<Need> {
  const sparse = code.rows / code.columns < SPARSE_LEAK;
  const common = { maxIterations: 150, step: sparse ? 1.01 : 1.003, key: [LONG_FRAME, 1] } as const;
  // Sparser codes are further from the limit; beginning there saves decoding what cannot be decoded.
  const from = Math.max(1.05, 1.05 + 0.06 * Math.log(0.1 / (code.rows / code.columns)));
  const long = await measureCode(code, { ...common, frameBits: LONG_FRAME, frames: 60, from });
  const short = await measureCode(code, { ...common, frameBits: SHORT_FRAME, frames: 150, from: long.efficiency });
  const slope = (short.efficiency - long.efficiency) / (deviation(short) - deviation(long));
  const beyond = (long.efficiency - 1.02) / deviation(long);
  const spread = Math.min(beyond, Math.min(MOST_SPREAD, Math.max(LEAST_SPREAD, slope)));
  return { efficiency: LUCK * long.efficiency - spread * deviation(long), spread, long, short };
}

/** One standard deviation of the number of errors, in bits of information over those that all errors carry. */
function deviation({ frameBits, qber }: Measured): number {
  const logOdds = Math.log2((1 - qber) / qber);
  return (Math.sqrt((qber * (1 - qber)) / frameBits) * logOdds) / binaryEntropy(qber);
}
