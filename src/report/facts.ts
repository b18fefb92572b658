/**
 * Everything that a report draws from: the result, and what its scenario implies before any photon is counted.
 *
 * @module
 */
import {
  combLineNoise,
  frequencySpectrum,
  injectionLock,
  lockedNoise,
  startMicrocomb,
  valuesOf,
  WEIMING_DEVICES,
  weimingCombRecipe,
  whiteNoise,
} from "../devices/index.ts";
import { type NetworkResult, type PairResult, type PlannedLink, planNetwork, type Scenario } from "../network/index.ts";
import { philoxKey } from "../random.ts";
import type { ShownComb } from "./figures/comb.ts";
import type { ShownNoise } from "./figures/noise.ts";
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
  /** The started comb. */
  readonly comb: ShownComb;
  /** The pair whose noise and phase are shown in detail, with both; absent where no pair is linked. */
  readonly example:
    | { readonly link: PlannedLink; readonly noise: ShownNoise; readonly stretch: TrackedStretch }
    | undefined;
}

/**
 * Gathers what a report draws from. The same scenario and result give the same facts.
 *
 * @param scenario - the scenario of the run
 * @param result - what became of it
 */
export async function reportFacts(scenario: Scenario, result: NetworkResult): Promise<ReportFacts> {
  const { links } = await planNetwork(scenario);
  const byIndex = new Map(links.map((link) => [link.pair.index, link]));
  const link = links[0];
  return {
    scenario,
    result,
    pairs: result.pairs.map((pair, i) => ({ result: pair, link: byIndex.get(i) })),
    comb: await startMicrocomb(weimingCombRecipe(), philoxKey(scenario.seed)),
    example:
      link === undefined
        ? undefined
        : { link, noise: exampleNoise(scenario, link), stretch: await trackedStretch(scenario, link) },
  };
}

function exampleNoise(_scenario: Scenario, { pair }: PlannedLink): ShownNoise {
  const values = valuesOf(WEIMING_DEVICES);
  const combLine = combLineNoise(values, pair.line.line, 1e-4);
  const { freeLinewidthHz } = pair.alice.chip;
  const { lockRateHz } = injectionLock(values.clientLaser);
  const clientFree = frequencySpectrum(whiteNoise(freeLinewidthHz));
  return {
    pumpFree: frequencySpectrum(whiteNoise(values.pumpLaser.freeLinewidthHz)),
    combLine,
    clientFree,
    clientLocked: lockedNoise(combLine, clientFree, lockRateHz),
    pair: pair.name,
  };
}
