/**
 * The whole network: every pair's session, on all cores.
 *
 * @module
 */
import { PoolCaller, workerScript } from "./run/caller.ts";
import { LocalCaller } from "./run/local-caller.ts";
import { type RunOptions, type Simulation, startSimulation } from "./run/simulation.ts";
import type { Scenario } from "./scenario/scenario.ts";

/** How a network is run. */
export interface SimulateOptions extends RunOptions {
  /** Workers; all cores unless told. With 0 everything runs in the calling thread. Never changes a result. */
  readonly threads?: number | undefined;
}

/**
 * Runs every pair of a scenario.
 *
 * @param scenario - a checked scenario, see `parseScenario` and `weiming`
 * @param options - workers, progress, cancellation
 * @returns every pair's result and the totals, to be awaited; or events, to be looped over
 * @throws {@link TwincombError} `aborted` when the signal fires
 *
 * @example
 * ```ts
 * for await (const event of simulate(weiming({ pulses: 1e11 }))) {
 *   if (event.type === "counts") draw(event.pair, event.slices.wrong / event.slices.accepted);
 * }
 * ```
 */
export function simulate(scenario: Scenario, options: SimulateOptions = {}): Simulation {
  const { threads } = options;
  return startSimulation(scenario, options, async (run) => {
    await using caller = threads === 0 ? new LocalCaller() : new PoolCaller(workerScript(), threads, {});
    return await run(caller);
  });
}
