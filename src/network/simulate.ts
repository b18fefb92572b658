/**
 * The whole network: every pair's session, on all cores.
 *
 * @module
 */
import { type JobOptions, runJobs } from "../engine/jobs.ts";
import { VERSION } from "../version.ts";
import { type PlannedLink, planNetwork } from "./plan.ts";
import { type NetworkResult, type PairResult, STREAM_VERSION } from "./result.ts";
import type { Scenario } from "./scenario.ts";
import { type PairStage, runPair } from "./session.ts";

/** One pair's session as it is sent to a worker. */
export interface PairJob {
  /** The scenario. */
  readonly scenario: Scenario;
  /** Which pair. */
  readonly link: PlannedLink;
}

/** What a worker says while it works. */
export interface PairProgress {
  /** What the pair is doing. */
  readonly stage: PairStage;
  /** Share of the stage that is done. */
  readonly fraction: number;
}

/** Progress of the whole network. */
export interface NetworkProgress {
  /** Share of all work that is done. */
  readonly fraction: number;
  /** Name of the pair that reports. */
  readonly pair: string;
  /** What it is doing. */
  readonly stage: PairStage | "done";
}

/** How a network is run. */
export interface SimulateOptions {
  /** Workers; all cores unless told. With 0 everything runs in the calling thread. Never changes a result. */
  readonly threads?: number | undefined;
  /** Called as the work proceeds. */
  readonly onProgress?: ((progress: NetworkProgress) => void) | undefined;
  /** Stops everything. */
  readonly signal?: AbortSignal | undefined;
}

/** Share of a pair's time that counting takes; only the progress bar knows it. */
const COUNTING_SHARE = 0.6;

/**
 * Runs every pair of a scenario.
 *
 * @param scenario - a checked scenario, see `parseScenario` and `weiming`
 * @param options - workers, progress, cancellation
 * @returns every pair's result and the totals
 * @throws {@link TwincombError} `aborted` when the signal fires
 */
export async function simulate(scenario: Scenario, options: SimulateOptions = {}): Promise<NetworkResult> {
  const started = performance.now();
  const { links } = await planNetwork(scenario);
  const done = links.map(() => 0);
  const report = (index: number, fraction: number, stage: PairStage | "done") => {
    done[index] = fraction;
    const all = done.reduce((sum, share) => sum + share, 0) / done.length;
    options.onProgress?.({ fraction: all, pair: links[index]!.pair.name, stage });
  };
  const jobs = links.map((link) => ({ scenario, link }));
  const jobOptions: JobOptions<PairProgress, PairResult> = {
    threads: options.threads,
    signal: options.signal,
    onProgress: (index, { stage, fraction }) =>
      report(index, stage === "counting" ? COUNTING_SHARE * fraction : COUNTING_SHARE, stage),
    onResult: (index) => report(index, 1, "done"),
  };
  const pairs =
    options.threads === 0
      ? await inThisThread(jobs, jobOptions)
      : await runJobs<PairJob, PairProgress, PairResult>(
          new URL("./session-worker.js", import.meta.url),
          jobs,
          jobOptions,
        );
  const keyed = pairs.filter((pair) => pair.keysIdentical);
  return {
    version: VERSION,
    streamVersion: STREAM_VERSION,
    scenario: scenario.name,
    seed: scenario.seed,
    pulses: scenario.pulses,
    elapsedSeconds: (performance.now() - started) / 1000,
    pairs,
    total: {
      pairs: keyed.length,
      secretBits: keyed.reduce((sum, pair) => sum + pair.secretBits, 0),
      networkingCapabilityKm: keyed.reduce((sum, pair) => sum + pair.distanceKm, 0),
    },
  };
}

async function inThisThread(
  jobs: readonly PairJob[],
  options: JobOptions<PairProgress, PairResult>,
): Promise<PairResult[]> {
  const results: PairResult[] = [];
  for (const [index, { scenario, link }] of jobs.entries()) {
    const result = await runPair(scenario, link, {
      onProgress: (stage, fraction) => options.onProgress?.(index, { stage, fraction }),
      signal: options.signal,
    });
    options.onResult?.(index, result);
    results.push(result);
  }
  return results;
}
