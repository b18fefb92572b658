/**
 * The same calls as the direct API, run in workers: worker threads in Node, web workers in a browser.
 *
 * @module
 */
import type { CombRecipe, CombState } from "../devices/index.ts";
import type { Bits, Reconciled, ReconcileOptions } from "../distillation/index.ts";
import { invalid } from "../errors.ts";
import type { KernelSources } from "../kernels/modules.ts";
import type { CountingProgress, CountingRun, CountPhotonsOptions, PhotonCounts } from "../kernels/photons.ts";
import type { ToeplitzOptions } from "../kernels/toeplitz.ts";
import type {
  AsymptoticOptimum,
  BreakEven,
  CurveLink,
  CurveOptions,
  LinkModel,
  OptimisedSettings,
  OptimiseOptions,
  optimiseAsymptotic,
  ProtocolName,
  RateRow,
} from "../protocol/index.ts";
import type { PhiloxKey } from "../random.ts";
import type { CountPairOptions, PairCounts } from "./count-pair.ts";
import type { PairForecast } from "./plan/forecast.ts";
import type { NetworkPlan, PlannedLink } from "./plan/plan.ts";
import type { ToleranceQuestion } from "./plan/tolerance.ts";
import type { CallName } from "./run/call-names.ts";
import { PoolCaller, workerScript } from "./run/caller.ts";
import { type RunOptions, type Simulation, startSimulation } from "./run/simulation.ts";
import type { Scenario } from "./scenario/scenario.ts";
import type { PhaseSamples, TracePhaseOptions } from "./trace-phase.ts";

/** What every call of an engine takes beside its own options. */
export interface CallOptions<Progress = number> {
  /** Cancels the call. A worker that has begun it is ended where it is, and another takes its place. */
  readonly signal?: AbortSignal | undefined;
  /** Told how far the work is; a share from 0 to 1 unless the call says otherwise. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Buffers of arguments that are handed over instead of copied; the caller's views of them are empty afterwards. */
  readonly transfer?: readonly ArrayBuffer[] | undefined;
}

/** Where an engine's workers and kernels come from. */
export interface EngineOptions {
  /** Most workers at a time, 1 to 1024; one for each processor unless told. */
  readonly workers?: number | undefined;
  /** Where kernels come from; embedded unless told. Each is compiled once and shared by all workers. */
  readonly kernels?: KernelSources | undefined;
  /**
   * Address of the workers' script, the package's `twincomb/worker.js`. By default the file beside this module: vite and
   * webpack put it there by themselves, other bundlers want it copied.
   */
  readonly worker?: URL | string | undefined;
}

/**
 * Workers that serve any number of callers. Results are those of the direct calls, bit for bit; typed arrays in them are
 * transferred, not copied. A call whose worker breaks off fails as `worker-failed`, and the next call has a new worker.
 */
export interface Engine extends AsyncDisposable {
  /** Most calls at a time; others wait. */
  readonly workers: number;
  /** Runs a whole network; see `simulate`. */
  simulate(scenario: Scenario, options?: RunOptions): Simulation;
  /** Plans a network; see `planNetwork`. */
  planNetwork(scenario: Scenario, options?: CallOptions): Promise<NetworkPlan>;
  /** Counts the photons of one pair; see `countPair`. */
  countPair(
    scenario: Scenario,
    link: PlannedLink,
    options?: Pick<CountPairOptions, "expected"> & CallOptions,
  ): Promise<PairCounts>;
  /** Counts photons; see `countPhotons`. */
  countPhotons(
    run: CountingRun,
    options?: Pick<CountPhotonsOptions, "collect"> & CallOptions<CountingProgress>,
  ): Promise<PhotonCounts>;
  /** Follows the phase before and after tracking; see `tracePhase`. */
  tracePhase(run: CountingRun, options?: TracePhaseOptions & CallOptions<never>): Promise<PhaseSamples>;
  /** Corrects Bob's key to Alice's; see `reconcile`. */
  reconcile(
    alice: Bits,
    bob: Bits,
    options?: Omit<ReconcileOptions, "signal" | "onProgress" | "randomness"> & CallOptions,
  ): Promise<Reconciled>;
  /** Hashes a key by a Toeplitz matrix; see `toeplitzHash`. */
  toeplitzHash(
    seed: Uint8Array,
    key: Uint8Array,
    options: Omit<ToeplitzOptions, "source"> & CallOptions<never>,
  ): Promise<Uint8Array>;
  /** Starts a comb by integration; see `startMicrocomb`. */
  startMicrocomb(recipe: CombRecipe, key: PhiloxKey, options?: CallOptions): Promise<CombState>;
  /** Expected figures of one pair; see `forecastPair`. */
  forecastPair(scenario: Scenario, link: PlannedLink, options?: CallOptions<never>): Promise<PairForecast>;
  /** The break-even value of any number of a scenario; see `tolerance`. */
  tolerance(scenario: Scenario, question: ToleranceQuestion, options?: CallOptions<never>): Promise<BreakEven>;
  /** Optimised key rates against distance; see `rateCurve`. */
  rateCurve(
    protocols: readonly ProtocolName[],
    distancesKm: readonly number[],
    link: CurveLink,
    options?: Omit<CurveOptions, "onPoint"> & CallOptions,
  ): Promise<RateRow[]>;
  /** Best settings at finite size; see `optimise`. */
  optimise(link: LinkModel, pulses: number, options: OptimiseOptions & CallOptions<never>): Promise<OptimisedSettings>;
  /** Best settings with infinite data; see `optimiseAsymptotic`. */
  optimiseAsymptotic(
    link: LinkModel,
    options: Parameters<typeof optimiseAsymptotic>[1] & CallOptions<never>,
  ): Promise<AsymptoticOptimum>;
}

/**
 * Makes an engine. Nothing is loaded before the first call.
 *
 * @param options - number of workers, where they and the kernels come from
 * @returns the engine, to be disposed: in Node its workers keep the process alive
 * @throws {@link TwincombError} `invalid-input` for another number of workers than 1 to 1024
 *
 * @example
 * ```ts
 * await using engine = createEngine({ workers: 4 });
 * const result = await engine.simulate(weiming({ pulses: 1e11 }));
 * ```
 */
export function createEngine(options: EngineOptions = {}): Engine {
  const { worker = workerScript() } = options;
  const script = typeof worker === "string" ? address(worker) : worker;
  const caller = new PoolCaller(script, options.workers, options.kernels ?? {});
  const call = <Result>(name: CallName, args: readonly unknown[], callOptions: object = {}) => {
    const { signal, onProgress, transfer, ...own } = callOptions as CallOptions<unknown>;
    return caller.run<Result>(name, [...args, own], { signal, onReport: onProgress, transfer });
  };
  return {
    workers: caller.workers,
    simulate: (scenario, run = {}) => startSimulation(scenario, run, (withCaller) => withCaller(caller)),
    planNetwork: (scenario, own) => call("planNetwork", [scenario], own),
    countPair: (scenario, link, own) => call("countPair", [scenario, link], own),
    countPhotons: (run, own) => call("countPhotons", [run], own),
    tracePhase: (run, own) => call("tracePhase", [run], own),
    reconcile: (alice, bob, own) => call("reconcile", [alice, bob], own),
    toeplitzHash: (seed, key, own) => call("toeplitzHash", [seed, key], own),
    startMicrocomb: (recipe, key, own) => call("startMicrocomb", [recipe, key], own),
    forecastPair: (scenario, link, own) => call("forecastPair", [scenario, link], own),
    tolerance: (scenario, question, own) => call("tolerance", [scenario, question], own),
    rateCurve: (protocols, distancesKm, link, own) => call("rateCurve", [protocols, distancesKm, link], own),
    optimise: (link, pulses, own) => call("optimise", [link, pulses], own),
    optimiseAsymptotic: (link, own) => call("optimiseAsymptotic", [link], own),
    [Symbol.asyncDispose]: () => caller[Symbol.asyncDispose](),
  };
}

function address(worker: string): URL {
  try {
    return new URL(worker, import.meta.url);
  } catch (cause) {
    throw Object.assign(invalid("worker", worker, "the address of the package's worker.js"), { cause });
  }
}
