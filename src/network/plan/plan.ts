/**
 * The network before its first pulse: the comb started, every pair with its chips, its colour and its link budget.
 *
 * @module
 */

import type { Scenario } from "../scenario/scenario.ts";
import { type CombOptions, type PlannedComb, startComb } from "./comb-source.ts";
import { type LinkBudget, linkBudget } from "./link-budget.ts";
import { type PlannedPair, planStar, type ReplacedChip, type UnlinkedPair } from "./star.ts";

/** One pair, ready to send: a plain object that can be sent to a worker. */
export interface PlannedLink {
  /** Who, with which chips, on which colour. */
  readonly pair: PlannedPair;
  /** What the devices make of it. */
  readonly budget: LinkBudget;
}

/** What is known of a network before anything is sent. */
export interface NetworkPlan {
  /** The comb that runs. */
  readonly comb: PlannedComb;
  /** Pairs that can run, in the scenario's order. */
  readonly links: readonly PlannedLink[];
  /** Pairs that cannot, with the reason. */
  readonly unlinked: readonly UnlinkedPair[];
  /** Chips that missed the specification or did not lock, and for whom they were taken. */
  readonly replaced: readonly ReplacedChip[];
}

/**
 * Plans a network. The comb is started by simulation, about a second's work unless the same comb was started before.
 *
 * @param scenario - a checked scenario
 * @param options - progress and cancellation of the comb's start
 * @throws {@link TwincombError} `aborted` when the signal fires
 */
export async function planNetwork(scenario: Scenario, options: CombOptions = {}): Promise<NetworkPlan> {
  const comb = await startComb(scenario, options);
  const { pairs, unlinked, replaced } = planStar(scenario, comb);
  return { comb, links: pairs.map((pair) => ({ pair, budget: linkBudget(scenario, pair) })), unlinked, replaced };
}
