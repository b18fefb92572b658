/**
 * Runs independent jobs in a pool of workers: Node's worker threads, or web workers in a browser.
 *
 * A job's result depends on the job alone, so neither the number of workers nor the order in which they finish can
 * be seen in what comes out.
 *
 * @module
 */
import workerpool from "workerpool";
import { type ErrorCode, TwincombError, throwIfAborted } from "../errors.ts";

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
const METHOD = "run";

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
  throwIfAborted(options.signal);
  const pool = workerpool.pool(script.protocol === "file:" ? filePath(script) : script.href, {
    maxWorkers: Math.max(1, Math.min(options.threads ?? workerpool.cpus, jobs.length)),
    workerOpts: { type: "module" },
  });
  const stop = () => void pool.terminate(true);
  options.signal?.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.all(
      jobs.map(async (job, index) => {
        const result: Result = await pool.exec(METHOD, [job], {
          on: (progress: Progress) => options.onProgress?.(index, progress),
        });
        options.onResult?.(index, result);
        return result;
      }),
    );
  } catch (error) {
    throwIfAborted(options.signal);
    throw revived(error);
  } finally {
    options.signal?.removeEventListener("abort", stop);
    await pool.terminate(true);
  }
}

/**
 * Makes the current worker run jobs.
 *
 * @param run - does one job; `report` sends progress to the pool's owner
 */
export function serveJobs<Job, Progress, Result>(
  run: (job: Job, report: (progress: Progress) => void) => Promise<Result>,
): void {
  workerpool.worker({ [METHOD]: (job: Job) => run(job, (progress) => workerpool.workerEmit(progress)) });
}

/** Errors lose their class on the way out of a worker; their fields arrive. */
function revived(error: unknown): unknown {
  if (error instanceof Error && error.name === "TwincombError" && !(error instanceof TwincombError)) {
    const { code, parameter, value, expected } = error as Partial<TwincombError>;
    return new TwincombError((code ?? "internal") as ErrorCode, error.message, {
      ...(parameter === undefined ? {} : { parameter }),
      ...(expected === undefined ? {} : { expected }),
      value,
      cause: error,
    });
  }
  return error;
}

/** Node wants a path where browsers want a URL; `node:url` must not be imported here. */
function filePath(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  return /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path;
}
