/**
 * Runs a set of independent jobs in workers of their own.
 *
 * @module
 */
import { processors, WorkerPool } from "./pool.ts";
import { serve } from "./serve.ts";

/** How a set of jobs is run. */
export interface JobOptions<Progress, Result> {
  /** Number of workers; all cores unless told. */
  readonly threads?: number | undefined;
  /** Stops everything; workers are ended where they are. */
  readonly signal?: AbortSignal | undefined;
  /** Called with what a job reports while it runs. */
  readonly onProgress?: ((job: number, progress: Progress) => void) | undefined;
  /** Called when a job is done, in order of completion. */
  readonly onResult?: ((job: number, result: Result) => void) | undefined;
}

/** The name under which a worker offers its one function. */
export const RUN_JOB = "run";

/**
 * Runs every job in a worker and returns the results in the jobs' order.
 *
 * @param script - the worker's module, which calls {@link serveJobs}
 * @param jobs - plain objects that can be sent to a worker
 * @param options - workers, cancellation and callbacks
 * @returns one result a job
 * @throws {@link TwincombError} `aborted` when the signal fires, otherwise the first error of a job
 */
export async function runJobs<Job, Progress, Result>(
  script: URL,
  jobs: readonly Job[],
  options: JobOptions<Progress, Result> = {},
): Promise<Result[]> {
  const workers = Math.max(1, Math.min(options.threads ?? processors(), jobs.length));
  await using pool = new WorkerPool(script, workers);
  return await Promise.all(
    jobs.map(async (job, index) => {
      const result = await pool.run<Result>(RUN_JOB, job, {
        signal: options.signal,
        onReport: (progress) => options.onProgress?.(index, progress as Progress),
      });
      options.onResult?.(index, result);
      return result;
    }),
  );
}

/**
 * Makes the current worker run jobs.
 *
 * @param run - does one job; `report` sends progress to the pool's owner
 */
export function serveJobs<Job, Progress, Result>(
  run: (job: Job, report: (progress: Progress) => void) => Promise<Result>,
): void {
  serve({ [RUN_JOB]: run as (job: never, report: (value: unknown) => void) => Promise<Result> });
}
