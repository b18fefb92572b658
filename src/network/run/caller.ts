/**
 * Where calls go: to workers, or to the calling thread itself.
 *
 * @module
 */
import { type PoolCall, WorkerPool } from "../../engine/pool.ts";
import { throwIfAborted } from "../../errors.ts";
import { compileWasm } from "../../kernels/compile.ts";
import { type KernelModules, type KernelName, type KernelSources, kernelModule } from "../../kernels/modules.ts";
import { CALL_KERNELS, type CallMessage, type CallName } from "./call-names.ts";

/** Whoever can run calls. */
export interface Caller extends AsyncDisposable {
  /** Calls that run at the same time. */
  readonly workers: number;
  /**
   * Runs a call.
   *
   * @param name - which
   * @param args - plain arguments
   * @param call - cancellation, reports, transfer
   */
  run<Result>(name: CallName, args: readonly unknown[], call?: PoolCall): Promise<Result>;
}

/** The worker's script, beside this module in the package and in what bundlers make of it. */
export function workerScript(): URL {
  return new URL("./twincomb-worker.js", import.meta.url);
}

/** Runs calls in a pool of workers, which share kernels that are compiled once. */
export class PoolCaller implements Caller {
  /** Most calls at a time. */
  readonly workers: number;
  readonly #pool: WorkerPool;
  readonly #sources: KernelSources;
  readonly #modules = new Map<KernelName, Promise<WebAssembly.Module>>();

  /**
   * @param script - the worker's script
   * @param workers - how many at most, one for each processor unless told
   * @param sources - where kernels come from
   */
  constructor(script: URL, workers: number | undefined, sources: KernelSources) {
    this.#pool = new WorkerPool(script, workers);
    this.workers = this.#pool.workers;
    this.#sources = sources;
  }

  async run<Result>(name: CallName, args: readonly unknown[], call: PoolCall = {}): Promise<Result> {
    throwIfAborted(call.signal);
    const message: CallMessage = { args, kernels: await this.#kernels(CALL_KERNELS[name]) };
    return await this.#pool.run<Result>(name, message, call);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }

  async #kernels(names: readonly KernelName[]): Promise<KernelModules> {
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await this.#module(name)] as const)));
  }

  /** A response can be read once, so what it held is kept. */
  #module(name: KernelName): Promise<WebAssembly.Module> {
    const source = this.#sources[name] ?? "embedded";
    if (source === "embedded") return kernelModule(name);
    const module = this.#modules.get(name) ?? compileWasm(source);
    this.#modules.set(name, module);
    return module;
  }
}
