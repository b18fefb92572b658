/**
 * Which part of a study a process computes: every n-th point. The same part has the same number for every scheduler.
 *
 * Point p belongs to shard i of n when p = i modulo n, so array indices may start at 0 or at 1, and `n/n` is shard 0.
 *
 * @module
 */
import { invalid, wholeInRange } from "../errors.ts";

/** One of several parts of a study. */
export interface Shard {
  /** Which part, 0 to `count` - 1. */
  readonly index: number;
  /** How many parts there are. */
  readonly count: number;
}

/** Everything in one part. */
export const WHOLE: Shard = { index: 0, count: 1 };

/** Most parts. */
const LARGEST_COUNT = 1_000_000;

/** Variables by which schedulers tell a process its place in an array of jobs. */
const SCHEDULERS = [
  {
    name: "Slurm",
    index: "SLURM_ARRAY_TASK_ID",
    count: "SLURM_ARRAY_TASK_COUNT",
    first: "SLURM_ARRAY_TASK_MIN",
    last: "SLURM_ARRAY_TASK_MAX",
    step: "SLURM_ARRAY_TASK_STEP",
  },
  { name: "PBS", index: "PBS_ARRAY_INDEX" },
  { name: "PBS", index: "PBS_ARRAYID" },
  {
    name: "Grid Engine",
    index: "SGE_TASK_ID",
    first: "SGE_TASK_FIRST",
    last: "SGE_TASK_LAST",
    step: "SGE_TASK_STEPSIZE",
  },
  { name: "Kubernetes", index: "JOB_COMPLETION_INDEX" },
  { name: "GNU parallel", index: "PARALLEL_SEQ" },
] as const;

/**
 * Reads `i/n`.
 *
 * @param where - the option, for messages
 * @param text - `1/7`, up to `7/7`; `0/7` is the same as `7/7`
 * @throws {@link TwincombError} `invalid-input`
 */
export function parseShard(where: string, text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text.trim());
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || !(count >= 1 && count <= LARGEST_COUNT && index <= count)) {
    throw invalid(where, text, `i/n with 1 <= i <= n <= ${LARGEST_COUNT}, for example 2/7`);
  }
  return { index: index % count, count };
}

/**
 * The shard that a scheduler gave this process.
 *
 * @param environment - the process's environment
 * @param count - number of shards, where the scheduler does not tell it or some tasks of an array are run again
 * @returns the shard, or undefined where no scheduler is at work
 * @throws {@link TwincombError} `invalid-input` when a scheduler gives an index and nobody says of how many
 */
export function shardFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  count?: number,
): Shard | undefined {
  for (const scheduler of SCHEDULERS) {
    const text = environment[scheduler.index];
    // Grid Engine sets "undefined" outside of arrays.
    if (text === undefined || text === "" || text === "undefined") continue;
    const index = wholeInRange(scheduler.index, Number(text), 0);
    if (count !== undefined) return { index: index % count, count };
    if (!("first" in scheduler)) {
      throw invalid("--shards", undefined, `the number of shards, which ${scheduler.name} does not tell its jobs`);
    }
    const [first, last, step] = [scheduler.first, scheduler.last, scheduler.step].map((name, i) => {
      const value = environment[name];
      return wholeInRange(name, i === 2 && (value === undefined || value === "") ? 1 : Number(value), i === 2 ? 1 : 0);
    }) as [number, number, number];
    const all = Math.floor((last - first) / step) + 1;
    const told = "count" in scheduler ? environment[scheduler.count] : undefined;
    if (told !== undefined && Number(told) !== all) {
      throw invalid(
        "--shards",
        undefined,
        `the number of shards: this array has ${told} tasks with gaps between ${first} and ${last}`,
      );
    }
    return { index: Math.floor((index - first) / step + (step === 1 ? first : 0)) % all, count: all };
  }
  return undefined;
}

/** How many points of a study belong to a shard. @param points - of the study @param shard - the part */
export function pointsOf(points: number, { index, count }: Shard): number {
  return index < points ? Math.floor((points - 1 - index) / count) + 1 : 0;
}
