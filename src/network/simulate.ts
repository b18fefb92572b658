/**
 * The whole network: every pair's session, on all cores.
 *
 * @module
 */
import { PoolCaller, workerScript } from "./caller.ts";
import { LocalCaller } from "./local-caller.ts";
import type { Scenario } from "./scenario.ts";
import { type RunOptions, type Simulation, startSimulation } from "./simulation.ts";

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
