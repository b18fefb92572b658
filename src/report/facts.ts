/**
 * Everything that a report draws from: the result, and what its scenario implies before any photon is counted.
 *
 * @module
 */
import {
  type NetworkPlan,
  type NetworkResult,
  type PairResult,
  type PlannedLink,
  planNetwork,
  type Scenario,
} from "../network/index.ts";
import { type TrackedStretch, trackedStretch } from "./figures/tracking.ts";

/** One pair: what became of it, and what it was planned to be. */
export interface PairFacts {
  /** What became of it. */
  readonly result: PairResult;
  /** Its chips, colour and link budget; absent where the plan could not link it. */
  readonly link: PlannedLink | undefined;
}

/** What a report draws from. */
export interface ReportFacts {
  /** The scenario. */
  readonly scenario: Scenario;
  /** What became of it. */
  readonly result: NetworkResult;
  /** All pairs in the scenario's order. */
  readonly pairs: readonly PairFacts[];
  /** The comb that runs. */
  readonly comb: NetworkPlan["comb"];
  /** Chips that were put aside, with the reason. */
  readonly replaced: NetworkPlan["replaced"];
  /** The pair whose noise and phase are shown in detail, with both; absent where no pair is linked. */
  readonly example: { readonly link: PlannedLink; readonly stretch: TrackedStretch } | undefined;
}

/**
 * Gathers what a report draws from. The same scenario and result give the same facts.
 *
 * @param scenario - the scenario of the run
 * @param result - what became of it
 */
export async function reportFacts(scenario: Scenario, result: NetworkResult): Promise<ReportFacts> {
  const { comb, links, replaced } = await planNetwork(scenario);
  const byName = new Map(links.map((link) => [link.pair.name, link]));
  const link = links[0];
  return {
    scenario,
    result,
    pairs: result.pairs.map((pair) => ({ result: pair, link: byName.get(pair.name) })),
    comb,
    replaced,
    example: link === undefined ? undefined : { link, stretch: await trackedStretch(scenario, link) },
  };
}
