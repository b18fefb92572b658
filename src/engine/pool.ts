/**
 * A pool of workers that serves many callers: Node's worker threads, or web workers in a browser.
 *
 * A call's result depends on its arguments alone, so neither the number of workers nor the order in which they finish
 * can be seen in what comes out.
 *
 * @module
 */
import "../disposal.ts";
import { type ErrorCode, TwincombError, throwIfAborted, wholeInRange } from "../errors.ts";
import { collectBuffers, detached } from "./transfer.ts";
import workerpool from "./workerpool.ts";

/** How one call is made. */
export interface PoolCall {
  /** Stops the call; a worker that has begun it is ended where it is, and another takes its place. */
  readonly signal?: AbortSignal | undefined;
  /** Receives what the worker reports while it works. */
  readonly onReport?: ((report: unknown) => void) | undefined;
  /** Buffers that are handed over instead of copied; the caller's views of them are empty afterwards. */
  readonly transfer?: readonly ArrayBuffer[] | undefined;
}

/** Most workers of a pool. */
const MOST_WORKERS = 1024;
/** How long a worker that shall end may take to do so by itself, ms. */
const PATIENCE = 50;

/** Number of processors that this machine offers. */
export function processors(): number {
  return Math.max(1, workerpool.cpus || 1);
}

/** Workers that run one script. They start when they are first needed and wait for more work until disposed. */
export class WorkerPool implements AsyncDisposable {
  /** Most workers at a time. */
  readonly workers: number;
  readonly #pool: ReturnType<typeof workerpool.pool>;
  readonly #end = new AbortController();
  readonly #stops = new WeakMap<AbortSignal, Set<() => void>>();

  /**
   * @param script - the workers' module, which calls `serve`
   * @param workers - how many at most; one for each processor unless told
   * @throws {@link TwincombError} `invalid-input` for another number of workers than 1 to 1024
   */
  constructor(script: URL, workers: number = processors()) {
    this.workers = wholeInRange("workers", workers, 1, MOST_WORKERS);
    this.#pool = workerpool.pool(script.protocol === "file:" ? filePath(script) : script.href, {
      maxWorkers: workers,
      workerOpts: { type: "module", name: "twincomb" },
      workerTerminateTimeout: PATIENCE,
    });
  }

  /**
   * Calls a method of the next free worker.
   *
   * @param method - its name
   * @param args - what it is given; copied, but for the buffers to be transferred
   * @param call - cancellation, reports, transfer
   * @returns what it returns
   * @throws {@link TwincombError} what the method throws, `invalid-input` for what cannot be sent, `aborted`, or `worker-failed` when the worker breaks off
   */
  async run<Result>(method: string, args: unknown, call: PoolCall = {}): Promise<Result> {
    const { signal } = call;
    throwIfAborted(signal);
    throwIfAborted(this.#end.signal);
    // Copied here and then handed over, so that what cannot be sent is refused before a worker is involved.
    const sent = detached(args, call.transfer);
    const task = this.#pool.exec(method, [sent], {
      on: (report: unknown) => {
        if (signal?.aborted !== true) call.onReport?.(report);
      },
      transfer: [...collectBuffers(sent)],
    });
    const forget = this.#onAbort(signal, () => void task.cancel());
    try {
      return (await task) as Result;
    } catch (error) {
      throwIfAborted(signal);
      throwIfAborted(this.#end.signal);
      throw revived(error);
    } finally {
      forget();
    }
  }

  /** Many calls may share a signal, which gets one listener: runtimes warn of more than a few. */
  #onAbort(signal: AbortSignal | undefined, stop: () => void): () => void {
    if (signal === undefined) return () => undefined;
    const stops = this.#stops.get(signal) ?? this.#listen(signal);
    stops.add(stop);
    return () => void stops.delete(stop);
  }

  #listen(signal: AbortSignal): Set<() => void> {
    const stops = new Set<() => void>();
    this.#stops.set(signal, stops);
    const stopAll = () => {
      for (const stop of [...stops]) stop();
    };
    signal.addEventListener("abort", stopAll, { once: true });
    return stops;
  }

  /** Ends all workers; calls that are under way fail as `aborted`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort(new TwincombError("aborted", "the engine was closed"));
    await this.#pool.terminate(true);
  }
}

/** Errors lose their class on the way out of a worker; their fields arrive. */
function revived(error: unknown): unknown {
  if (error instanceof TwincombError || !(error instanceof Error)) return error;
  if (error.name === "TwincombError") {
    const { code, parameter, value, expected } = error as Partial<TwincombError>;
    return new TwincombError((code ?? "internal") as ErrorCode, error.message, {
      ...(parameter === undefined ? {} : { parameter }),
      ...(expected === undefined ? {} : { expected }),
      value,
      cause: error,
    });
  }
  if (error instanceof workerpool.TerminateError) {
    const { cause } = error as { cause?: unknown };
    const reason = cause instanceof Error ? `: ${cause.message}` : "";
    return new TwincombError("worker-failed", `a worker broke off${reason}; another will take its place`, {
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
