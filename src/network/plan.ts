/**
 * The network before its first pulse: every pair with its chips, its colour and its link budget.
 *
 * @module
 */
import { type LinkBudget, linkBudget } from "./link-budget.ts";
import type { Scenario } from "./scenario.ts";
import { type PlannedPair, planStar } from "./star.ts";

/** One pair, ready to send: a plain object that can be sent to a worker. */
export interface PlannedLink {
  /** Who, with which chips, on which colour. */
  readonly pair: PlannedPair;
  /** What the devices make of it. */
  readonly budget: LinkBudget;
}

/** What is known of a network before anything is sent. */
export interface NetworkPlan {
  /** One entry a pair, in the scenario's order. */
  readonly links: readonly PlannedLink[];
}

/**
 * Plans a network.
 *
 * @param scenario - a checked scenario
 */
export async function planNetwork(scenario: Scenario): Promise<NetworkPlan> {
  return { links: planStar(scenario).map((pair) => ({ pair, budget: linkBudget(scenario, pair) })) };
}
