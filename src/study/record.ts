/**
 * Results of a study: one record for each replicate of each point, one line of JSON each.
 *
 * @module
 */
import { TwincombError } from "../errors.ts";
import type { Scalar } from "./axes.ts";
import type { Row } from "./computation.ts";
import type { StudyPlan, StudyPoint } from "./plan.ts";

/** What was computed for one replicate of one point. */
export interface StudyRecord {
  /** Position of the point among all points. */
  readonly point: number;
  /** Number of the replicate, from 0. */
  readonly replicate: number;
  /** Hash of everything that the point's results depend on. */
  readonly hash: string;
  /** Values of the axes. */
  readonly values: Readonly<Record<string, Scalar>>;
  /** Rows of the result, one for each pair that was asked for. */
  readonly rows?: readonly Row[];
  /** Why the point cannot be computed, instead of rows. */
  readonly refused?: string;
}

/**
 * Computes one replicate of one point in the calling thread.
 *
 * @param plan - the study
 * @param planned - one of its points
 * @param replicate - number of the replicate, from 0
 * @returns the record; values that do not fit together give a record that says so
 */
export async function computeRecord(plan: StudyPlan, planned: StudyPoint, replicate: number): Promise<StudyRecord> {
  const { point, hash, values, subject } = planned;
  const head = { point, replicate, hash, values };
  try {
    return { ...head, rows: await plan.computation.run(subject, plan.study.compute, plan.seedOf(planned, replicate)) };
  } catch (error) {
    // Values that do not fit together are a finding; anything else is a defect and must be seen.
    if (error instanceof TwincombError && error.code === "invalid-input") {
      return { ...head, refused: error.message.split("\n")[0]! };
    }
    throw error;
  }
}
