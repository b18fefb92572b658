/**
 * Several tasks at once, as they are sent to a worker: one message costs more than many a point.
 *
 * @module
 */
import { planStudy, type StudyPlan, type StudyPoint } from "./plan.ts";
import { computeRecord } from "./record.ts";
import { watchedFigure } from "./stop-rule.ts";
import type { Study } from "./study-file.ts";
import type { Task } from "./tasks.ts";

/** Name of the method that workers offer. */
export const POINTS = "studyPoints";

/** What a worker is asked for. */
export interface BlockJob {
  /** The study. */
  readonly study: Study;
  /** Hash of its plan: a worker makes the plan once. */
  readonly planHash: string;
  /** What is to be computed. */
  readonly tasks: readonly Task[];
}

/** What a worker gives back. */
export interface BlockResult {
  /** One record a task, in order, as a line of JSON without its end. */
  readonly lines: readonly string[];
  /** Watched figure of each; NaN without stop rule. */
  readonly figures: readonly number[];
  /** How many of them say that their values do not fit together. */
  readonly refusals: number;
  /** Time it took, ms; decides how many tasks come next, never a result. */
  readonly milliseconds: number;
}

let current: StudyPlan | undefined;

/**
 * Computes a block of tasks.
 *
 * @param job - the study and the tasks
 * @throws {@link TwincombError} `invalid-input` when the study watches a figure that is not in the result
 */
export async function computeBlock({ study, planHash, tasks }: BlockJob): Promise<BlockResult> {
  const started = performance.now();
  if (current?.planHash !== planHash) current = planStudy(study);
  return { ...(await computeTasks(current, tasks)), milliseconds: performance.now() - started };
}

/** Computes tasks with a plan that is at hand. */
async function computeTasks(plan: StudyPlan, tasks: readonly Task[]): Promise<Omit<BlockResult, "milliseconds">> {
  const lines: string[] = [];
  const figures: number[] = [];
  let refusals = 0;
  let planned: StudyPoint | undefined;
  for (const { point, replicate } of tasks) {
    if (planned?.point !== point) planned = plan.pointAt(point);
    const record = await computeRecord(plan, planned, replicate);
    if (record.refused !== undefined) refusals++;
    lines.push(JSON.stringify(record));
    figures.push(plan.study.stop === undefined ? Number.NaN : watchedFigure(plan.study.stop, record));
  }
  return { lines, figures, refusals };
}
