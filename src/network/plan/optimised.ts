/**
 * A scenario with the settings that make the longest key of every pair's link and number of pulses.
 *
 * @module
 */
import { throwIfAborted } from "../../errors.ts";
import { type FreeSettings, optimise } from "../../protocol/index.ts";
import { roundSignificant } from "../../units.ts";
import type { Pair, Scenario } from "../scenario/scenario.ts";
import type { CombOptions } from "./comb-source.ts";
import { linkModel } from "./link-budget.ts";
import { type PlannedLink, planNetwork } from "./plan.ts";

/** What is optimised, and how it reports and stops. */
export interface OptimisedOptions extends CombOptions {
  /** Position of the one pair to optimise; all unless told. */
  readonly pair?: number | undefined;
}

/** A single pair's search takes as long as starting the comb. */
const COMB_SHARE = 0.1;

/**
 * Fits the settings of every pair to its link and its number of pulses by formulas. Users with unequal arms get intensities
 * and sending probabilities of their own.
 *
 * @param scenario - a checked scenario
 * @param options - which pair, progress and cancellation
 * @returns the scenario with `settings` at its pairs; pairs that cannot run are left as they are
 * @throws {@link TwincombError} `aborted` when the signal fires
 */
export async function optimised(scenario: Scenario, options: OptimisedOptions = {}): Promise<Scenario> {
  const { links } = await planNetwork(scenario, {
    signal: options.signal,
    onProgress: (fraction) => options.onProgress?.(COMB_SHARE * fraction),
  });
  const chosen = links.filter(({ pair }) => options.pair === undefined || pair.index === options.pair);
  const pairs = [...scenario.pairs];
  for (const [done, link] of chosen.entries()) {
    pairs[link.pair.index] = { ...pairs[link.pair.index]!, settings: fittedSettings(scenario, link) };
    options.onProgress?.(COMB_SHARE + ((1 - COMB_SHARE) * (done + 1)) / chosen.length);
    // Each search holds the thread for a while: let progress be drawn and a cancellation arrive.
    await new Promise((resolve) => setTimeout(resolve));
    throwIfAborted(options.signal);
  }
  return { ...scenario, pairs };
}

/**
 * The settings that make the longest key of one pair.
 *
 * @param scenario - a checked scenario
 * @param link - one of its pairs, see `planNetwork`
 * @returns settings for the pair's entry in the scenario
 */
export function fittedSettings(scenario: Scenario, { pair, budget }: PlannedLink): NonNullable<Pair["settings"]> {
  const { free } = optimise(linkModel(budget), pair.pulses, {
    pairing: scenario.protocol.pairing,
    failureProbability: scenario.security.failureProbability,
    extinctionDb: scenario.protocol.extinctionDb,
    sampleFraction: pair.settings.sampleFraction ?? 0,
  });
  return asSettings(free);
}

function asSettings(free: FreeSettings): NonNullable<Pair["settings"]> {
  const own = ({ zSend, x2, send }: Pick<FreeSettings, "zSend" | "x2" | "send">) => ({
    zSend: roundSignificant(zSend),
    x2: roundSignificant(x2),
    sendProbability: roundSignificant(send),
  });
  return {
    ...own(free),
    x1: roundSignificant(free.x1),
    zWindowProbability: roundSignificant(free.zWindow),
    x0Probability: roundSignificant(free.p0),
    x1Probability: roundSignificant(free.p1),
    sliceWidthRad: roundSignificant(free.sliceWidthRad),
    ...(free.bob === undefined ? {} : { bob: own(free.bob) }),
  };
}
