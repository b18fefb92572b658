/**
 * Runs a study: results come as they are ready, from all cores. Works in Node and in browsers; storage is elsewhere.
 *
 * @module
 */
import { processors, WorkerPool } from "../engine/pool.ts";
import { throwIfAborted, wholeInRange } from "../errors.ts";
import { type BlockJob, type BlockResult, computeBlock, POINTS } from "./block.ts";
import { planStudy, type StudyPlan } from "./plan.ts";
import type { StudyRecord } from "./record.ts";
import { type Shard, WHOLE } from "./shard.ts";
import { parseStudy } from "./study-file.ts";
import { type KnownResults, NOTHING_KNOWN, type Task, taskSource } from "./tasks.ts";

/** How far a study is. */
export interface StudyProgress {
  /** Results that are there, or points where a stop rule decides how many results there are. */
  readonly done: number;
  /** How many there will be. */
  readonly total: number;
}

/** How a study is run. */
export interface StudyRunOptions {
  /** Workers; all cores unless told. With 0 everything runs in the calling thread. Never changes a result. */
  readonly threads?: number | undefined;
  /** Which part of the points; all unless told. */
  readonly shard?: Shard | undefined;
  /** Results that need not be computed again. */
  readonly known?: KnownResults | undefined;
  /** Stops everything; the points that are being computed are given up. */
  readonly signal?: AbortSignal | undefined;
  /** Called after every block of results. */
  readonly onProgress?: ((progress: StudyProgress) => void) | undefined;
}

/** Work that is sent to a worker at a time, ms: a hundred times what a message costs. */
const BLOCK_MILLISECONDS = 50;
/** Most tasks of one block. */
const LARGEST_BLOCK = 1024;
/** Blocks that wait for each worker, so that none runs dry. */
const BLOCKS_AHEAD = 2;

/**
 * Runs a study.
 *
 * ```ts
 * for await (const { values, rows } of runStudy(study)) console.log(values, rows);
 * ```
 *
 * @param study - as in a study file
 * @param options - workers, shard, cancellation, progress
 * @returns one record for each replicate of each point, in the order in which they are done
 * @throws {@link TwincombError} `invalid-input` when the study is refused, `aborted` when the signal fires
 */
export async function* runStudy(study: unknown, options: StudyRunOptions = {}): AsyncGenerator<StudyRecord> {
  for await (const { lines } of runBlocks(planStudy(parseStudy(study)), options)) {
    for (const line of lines) yield JSON.parse(line) as StudyRecord;
  }
}

/**
 * Runs a planned study and gives results in blocks, as lines of JSON.
 *
 * @param plan - from `planStudy`
 * @param options - workers, shard, known results, cancellation, progress
 */
export async function* runBlocks(plan: StudyPlan, options: StudyRunOptions = {}): AsyncGenerator<BlockResult> {
  const { signal, onProgress } = options;
  const threads = wholeInRange("threads", options.threads ?? processors(), 0, 1024);
  throwIfAborted(signal);
  const source = taskSource(plan, options.shard ?? WHOLE, options.known ?? NOTHING_KNOWN);
  const { study, planHash } = plan;
  const pool = threads === 0 ? undefined : new WorkerPool(new URL("./study-worker.js", import.meta.url), threads);
  const compute = (job: BlockJob): Promise<BlockResult> =>
    pool === undefined ? computeBlock(job) : pool.run<BlockResult>(POINTS, job);
  const flights = new Map<number, Promise<Landing>>();
  const launch = (id: number, tasks: readonly Task[]): void => {
    const flight = compute({ study, planHash, tasks }).then((result) => ({ id, tasks, result }));
    // Those that are given up after an error or a stop are nobody's to catch.
    flight.catch(() => {});
    flights.set(id, flight);
  };
  const stop = abortion(signal);
  let size = 1;
  let launched = 0;
  try {
    for (;;) {
      while (flights.size < Math.max(1, threads * BLOCKS_AHEAD)) {
        const tasks = source.take(size);
        if (tasks.length === 0) break;
        launch(launched++, tasks);
      }
      if (flights.size === 0) break;
      const { id, tasks, result } = await Promise.race([...flights.values(), stop.fired]);
      flights.delete(id);
      tasks.forEach((task, i) => {
        source.finish(task, result.figures[i]!);
      });
      // Towards the end blocks shrink, so that all workers end together.
      const share = (source.total - source.done) / (Math.max(1, threads) * BLOCKS_AHEAD * 2);
      const wanted = Math.min(share, (BLOCK_MILLISECONDS * tasks.length) / Math.max(result.milliseconds, 1e-3));
      size = Math.max(1, Math.min(LARGEST_BLOCK, Math.floor(wanted)));
      yield result;
      onProgress?.({ done: source.done, total: source.total });
    }
    onProgress?.({ done: source.done, total: source.total });
  } finally {
    stop.forget();
    await pool?.[Symbol.asyncDispose]();
  }
}

/** A block that has come back. */
interface Landing {
  readonly id: number;
  readonly tasks: readonly Task[];
  readonly result: BlockResult;
}

/** A promise that is rejected when the signal fires, and the way to stop listening. */
function abortion(signal: AbortSignal | undefined): { readonly fired: Promise<never>; readonly forget: () => void } {
  let forget = (): void => {};
  const fired = new Promise<never>((_, reject) => {
    const listener = (): void => {
      try {
        throwIfAborted(signal);
      } catch (error) {
        reject(error);
      }
    };
    signal?.addEventListener("abort", listener, { once: true });
    forget = () => signal?.removeEventListener("abort", listener);
  });
  fired.catch(() => {});
  return { fired, forget };
}
