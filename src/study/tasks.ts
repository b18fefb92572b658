/**
 * Hands out the work of a shard: which replicate of which point comes next.
 *
 * @module
 */
import type { StudyPlan } from "./plan.ts";
import { pointsOf, type Shard } from "./shard.ts";
import { replicatesNeeded, type StopRule } from "./stop-rule.ts";

/** One replicate of one point. */
export interface Task {
  /** Position of the point among all points. */
  readonly point: number;
  /** Number of the replicate, from 0. */
  readonly replicate: number;
}

/** Results that are there already. */
export interface KnownResults {
  /** Whether one replicate of a point is known. */
  has(task: Task): boolean;
  /** Watched figures of a point's known replicates; asked for only where a stop rule watches one. */
  figures(point: number): ReadonlyMap<number, number>;
}

/** Nothing is known. */
export const NOTHING_KNOWN: KnownResults = { has: () => false, figures: () => new Map() };

/** Work of one shard, as a queue that may grow as results come in. */
export interface TaskSource {
  /** Results, or points where a stop rule decides how many results there are. */
  readonly total: number;
  /** How many of them are there. */
  readonly done: number;
  /** Takes at most so many tasks; none when nothing can be done now. */
  take(most: number): Task[];
  /** Says that a task is done, with its watched figure. */
  finish(task: Task, figure: number): void;
}

/**
 * The work of a shard.
 *
 * @param plan - the study
 * @param shard - which part
 * @param known - what need not be done again
 */
export function taskSource(plan: StudyPlan, shard: Shard, known: KnownResults): TaskSource {
  const { stop } = plan.study;
  return stop === undefined ? fixedTasks(plan, shard, known) : stoppedTasks(plan, shard, known, stop);
}

function fixedTasks({ points, replicates }: StudyPlan, shard: Shard, known: KnownResults): TaskSource {
  let next = { point: shard.index, replicate: 0 };
  const source = {
    total: pointsOf(points, shard) * replicates,
    done: 0,
    take(most: number): Task[] {
      const tasks: Task[] = [];
      while (tasks.length < most && next.point < points) {
        const task = next;
        next =
          task.replicate + 1 < replicates
            ? { point: task.point, replicate: task.replicate + 1 }
            : { point: task.point + shard.count, replicate: 0 };
        if (known.has(task)) source.done++;
        else tasks.push(task);
      }
      return tasks;
    },
    finish(): void {
      source.done++;
    },
  };
  return source;
}

/** Points that are worked on at a time beyond what was asked for, so that no worker waits for a stage to end. */
const SPARE_POINTS = 64;

function stoppedTasks({ points }: StudyPlan, shard: Shard, known: KnownResults, rule: StopRule): TaskSource {
  const active = new Map<number, { readonly figures: Map<number, number>; issued: number }>();
  const queue: Task[] = [];
  let nextPoint = shard.index;
  const issue = (point: number): void => {
    const state = active.get(point)!;
    const needed = replicatesNeeded(rule, state.figures);
    for (; state.issued < needed; state.issued++) {
      if (!state.figures.has(state.issued)) queue.push({ point, replicate: state.issued });
    }
    if (state.figures.size >= needed) {
      active.delete(point);
      source.done++;
    }
  };
  const source = {
    total: pointsOf(points, shard),
    done: 0,
    take(most: number): Task[] {
      while (queue.length < most && nextPoint < points && active.size < most + SPARE_POINTS) {
        active.set(nextPoint, { figures: new Map(known.figures(nextPoint)), issued: 0 });
        issue(nextPoint);
        nextPoint += shard.count;
      }
      return queue.splice(0, most);
    },
    finish({ point, replicate }: Task, figure: number): void {
      const state = active.get(point)!;
      state.figures.set(replicate, figure);
      // A stage is looked at when all of it is there.
      for (let i = 0; i < state.issued; i++) if (!state.figures.has(i)) return;
      issue(point);
    },
  };
  return source;
}
