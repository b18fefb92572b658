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

/** Each error rate tried is lower than the last by this factor of the efficiency. */
const STEP = 1.004;

/**
 * Lowers the error rate from the Shannon limit until all frames decode.
 *
 * @param code - the code
 * @param goal - frames and iterations
 */
export async function measureCode(code: FamilyCode, goal: MeasureGoal): Promise<Measured> {
  const step = code.smallestLifting;
  const lifting = step * Math.max(1, Math.floor(goal.frameBits / code.columns / step));
  const frameBits = code.columns * lifting;
  const leak = code.rows / code.columns;
  using kernel = await LdpcKernel.load();
  kernel.use({ matrix: code.matrix(), lifting, rule: code.rule }, true);
  let iterations = 0;
  const decodes = (qber: number, frame: number): boolean => {
    const errors = new Uint8Array(frameBits / 8);
    const stream = new PhiloxStream(goal.key, PURPOSE.reconciliation, frame);
    const threshold = Math.round(qber * 2 ** 32);
    for (let i = 0; i < frameBits; i++) if (stream.word() < threshold) errors[i >>> 3]! |= 1 << (i & 7);
    kernel.start(kernel.syndrome(errors), priorSteps(qber, code.rule.delta), frameBits);
    const made = kernel.iterate(goal.maxIterations);
    iterations += made;
    return made > 0 && kernel.errors().every((byte, i) => byte === errors[i]);
  };
  for (let efficiency = 1.02; ; efficiency *= STEP) {
    const qber = shannonLimit(leak / efficiency);
    iterations = 0;
    let frame = 0;
    while (frame < goal.frames && decodes(qber, frame)) frame++;
    if (frame === goal.frames) {
      return { frameBits, qber, efficiency: leak / binaryEntropy(qber), iterations: iterations / frame };
    }
  }
}
