/**
 * A run of a network on somebody's workers: awaited, or watched event by event.
 *
 * @module
 */
import { throwIfAborted } from "../../errors.ts";
import { VERSION } from "../../version.ts";
import type { SessionEvent } from "../events.ts";
import type { KeyPair } from "../pair-result.ts";
import type { NetworkPlan } from "../plan/plan.ts";
import { type NetworkResult, type PairResult, STREAM_VERSION } from "../result.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { DistilledBlock } from "../session.ts";
import type { Caller } from "./caller.ts";
import { NewestEvents } from "./newest-events.ts";
import { ProgressMeter } from "./progress-meter.ts";
import type { NetworkEvent, NetworkProgress } from "./simulation-events.ts";

/** How a network is run on workers that are there already. */
export interface RunOptions {
  /** Called as the work proceeds, some tens of times a second. */
  readonly onProgress?: ((progress: NetworkProgress) => void) | undefined;
  /** Given each block's transcript as soon as the block is done, key or not; an exception from it ends the run. */
  readonly onBlock?: ((pair: HandedOut, block: DistilledBlock) => void) | undefined;
  /** Given the keys of each pair that has them; an exception from it ends the run. */
  readonly onKeys?: ((pair: HandedOut, keys: KeyPair) => void) | undefined;
  /** Stops everything. */
  readonly signal?: AbortSignal | undefined;
}

/** Whose block or keys are handed out. */
export interface HandedOut {
  /** Place of the pair in the scenario. */
  readonly index: number;
  /** Its name. */
  readonly name: string;
}

/** What a worker says of a pair. */
type PairReport =
  | SessionEvent
  | { readonly type: "block"; readonly block: DistilledBlock }
  | { readonly type: "keys"; readonly keys: KeyPair };

/**
 * A run under way: a promise of the result, and a stream of events to draw meanwhile.
 *
 * A reader who is slow misses what is out of date: of each kind of event of each pair only the newest waits. Leaving the
 * loop before its end cancels the run.
 */
export interface Simulation extends Promise<NetworkResult>, AsyncIterable<NetworkEvent> {}

/**
 * Runs every pair of a scenario on somebody's workers.
 *
 * @param scenario - a checked scenario
 * @param options - progress, cancellation
 * @param withCaller - lends the workers
 */
export function startSimulation(
  scenario: Scenario,
  options: RunOptions,
  withCaller: (run: (caller: Caller) => Promise<NetworkResult>) => Promise<NetworkResult>,
): Simulation {
  const events = new NewestEvents<NetworkEvent>();
  const left = new AbortController();
  const signal = options.signal === undefined ? left.signal : AbortSignal.any([options.signal, left.signal]);
  const promise = (async () => {
    try {
      throwIfAborted(signal);
      const result = await withCaller((caller) => run(scenario, caller, { ...options, signal }, events));
      events.post("result", { type: "result", result });
      return result;
    } finally {
      events.end();
    }
  })();
  const read = async function* (): AsyncGenerator<NetworkEvent, void, undefined> {
    let finished = false;
    try {
      yield* events.read();
      finished = true;
    } finally {
      if (!finished) {
        promise.catch(() => undefined);
        left.abort();
      }
    }
    // The loop ends by the error that ended the run.
    await promise;
  };
  return Object.assign(promise, { [Symbol.asyncIterator]: read });
}

async function run(
  scenario: Scenario,
  caller: Caller,
  { signal, onProgress, onBlock, onKeys }: RunOptions,
  events: NewestEvents<NetworkEvent>,
): Promise<NetworkResult> {
  const meter = new ProgressMeter((progress) => {
    onProgress?.(progress);
    events.post("progress", { type: "progress", ...progress });
  });
  // Without this, one pair's failure would leave the others at work.
  const failed = new AbortController();
  const handOut = onBlock !== undefined || onKeys !== undefined;
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const plan = await caller.run<NetworkPlan>("planNetwork", [scenario], {
    signal,
    onReport: (fraction) => meter.planning(fraction as number),
  });
  events.post("plan", { type: "plan", plan });
  meter.planned(plan.links.map(({ pair }) => ({ name: pair.name, pulses: pair.pulses })));
  const pairs = await Promise.all(
    plan.links.map(async (link, index) => {
      const { name } = link.pair;
      const whose: HandedOut = { index: link.pair.index, name };
      const hear = (report: PairReport) => {
        if (report.type === "block") return onBlock?.(whose, report.block);
        if (report.type === "keys") return onKeys?.(whose, report.keys);
        if (report.type === "stage") meter.stage(index, report);
        events.post(`${report.type} ${index}`, { ...report, pair: name, index });
      };
      try {
        const result = await caller.run<PairResult>("runPair", [scenario, link, { handOut }], {
          signal: stop,
          onReport: (report) => {
            try {
              hear(report as PairReport);
            } catch (error) {
              failed.abort(error);
            }
          },
        });
        meter.done(index);
        events.post(`pair ${index}`, { type: "pair", pair: name, index, result });
        return result;
      } catch (error) {
        if (!failed.signal.aborted) failed.abort(error);
        throw failed.signal.reason;
      }
    }),
  );
  const unlinked = await Promise.all(
    plan.unlinked.map((pair) => caller.run<PairResult>("unlinkedResult", [scenario, pair], { signal })),
  );
  return networkResult(scenario, plan, [...pairs, ...unlinked], meter.elapsedSeconds);
}

function networkResult(
  scenario: Scenario,
  plan: NetworkPlan,
  results: readonly PairResult[],
  elapsedSeconds: number,
): NetworkResult {
  const positions = [...plan.links.map(({ pair }) => pair.index), ...plan.unlinked.map(({ index }) => index)];
  const pairs = results
    .map((result, i) => ({ result, position: positions[i]! }))
    .sort((a, b) => a.position - b.position)
    .map(({ result }) => result);
  const keyed = pairs.filter((pair) => pair.keysIdentical);
  return {
    version: VERSION,
    streamVersion: STREAM_VERSION,
    scenario: scenario.name,
    seed: scenario.seed,
    pulses: scenario.pulses,
    elapsedSeconds,
    pairs,
    replaced: plan.replaced,
    total: {
      pairs: keyed.length,
      secretBits: keyed.reduce((sum, pair) => sum + pair.secretBits, 0),
      networkingCapabilityKm: keyed.reduce((sum, pair) => sum + pair.distanceKm, 0),
    },
  };
}
