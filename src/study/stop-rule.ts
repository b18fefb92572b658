/**
 * When a point has been repeated often enough.
 *
 * Replicates come in stages: the minimum, then half as many again each time, up to the maximum. A point stops after the
 * first stage at which the standard error of the watched figure's mean is small enough. Stages depend on the replicates'
 * numbers alone, so the count is the same for any shards and workers.
 *
 * @module
 */
import { invalid } from "../errors.ts";
import type { StudyRecord } from "./record.ts";
import type { Study } from "./study-file.ts";

/** The stop rule of a study. */
export type StopRule = NonNullable<Study["stop"]>;

/** Growth of the number of replicates from stage to stage. */
const GROWTH = 1.5;

/**
 * Replicates that a point needs, as far as can be told.
 *
 * @param rule - from the study
 * @param figures - watched figure of each replicate that is known, by its number; NaN where it has no value
 * @returns number of replicates to have; complete when all of them are known
 */
export function replicatesNeeded(rule: StopRule, figures: ReadonlyMap<number, number>): number {
  let stage = rule.minimumReplicates;
  for (;;) {
    for (let i = 0; i < stage; i++) if (!figures.has(i)) return stage;
    if (stage >= rule.maximumReplicates || knownWellEnough(rule.relativeError, figures, stage)) return stage;
    stage = Math.min(rule.maximumReplicates, Math.ceil(stage * GROWTH));
  }
}

function knownWellEnough(relativeError: number, figures: ReadonlyMap<number, number>, count: number): boolean {
  let mean = 0;
  let squares = 0;
  let values = 0;
  // Welford's update: no loss of digits when the spread is small.
  for (let i = 0; i < count; i++) {
    const value = figures.get(i)!;
    if (Number.isNaN(value)) continue;
    values++;
    const step = value - mean;
    mean += step / values;
    squares += step * (value - mean);
  }
  // Without any value, as for points that cannot be computed, more replicates bring none.
  if (values === 0) return true;
  if (values < 2) return false;
  return Math.sqrt(squares / (values - 1) / values) <= relativeError * Math.abs(mean);
}

/**
 * The watched figure of one record: its mean over the record's rows.
 *
 * @param rule - from the study
 * @param record - one replicate's result
 * @returns NaN where no row has a number there
 * @throws {@link TwincombError} `invalid-input` when there is no such column
 */
export function watchedFigure({ figure }: StopRule, { rows }: StudyRecord): number {
  if (rows === undefined || rows.length === 0) return Number.NaN;
  if (!rows.some((row) => Object.hasOwn(row, figure))) {
    throw invalid("stop.figure", figure, `a column of the result: ${Object.keys(rows[0]!).join(", ")}`);
  }
  const numbers = rows.map((row) => row[figure]).filter((value) => typeof value === "number");
  return numbers.length === 0 ? Number.NaN : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
