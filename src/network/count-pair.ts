/**
 * Only the photon counting of a pair: announced counts, and beside them what the closed formulas expect.
 *
 * @module
 */
import { countPhotons, OUTCOME_NAMES, SETTING_NAMES } from "../kernels/photons.ts";
import {
  expectedCounts,
  type ObservedCounts,
  type ProtocolSettings,
  type SettingPairCount,
} from "../protocol/index.ts";
import { agreedTerms } from "./agreement.ts";
import { countingRun } from "./counting-run.ts";
import { type LinkBudget, linkBudget, linkModel } from "./link-budget.ts";
import type { CountingOptions } from "./notebooks.ts";
import type { Scenario } from "./scenario.ts";
import type { PlannedPair } from "./star.ts";

/** One figure of the counting beside its closed-form value. */
export interface ExpectedFigure {
  /** What is counted: settings and outcome, or the slices. */
  readonly name: string;
  /** The count. */
  readonly observed: number;
  /** Its standard error. */
  readonly standardError: number;
  /** What the formulas expect. */
  readonly expected: number;
  /** Observed less expected, in standard deviations of the expected count. */
  readonly z: number;
}

/** Counts of one pair, in the form that key-length estimates take. */
export interface PairCounts extends ObservedCounts {
  /** Both clients' names. */
  readonly name: string;
  /** Slots in which a detector was dead, and which are therefore discarded by public rule, that held a click. */
  readonly discardedClicks: number;
  /** Registered clicks of the left and of the right detector. */
  readonly registeredClicks: readonly [left: number, right: number];
}

/**
 * Counts the photons of one pair.
 *
 * @param scenario - a checked scenario
 * @param pair - which pair
 * @param options - progress and cancellation
 * @returns all counts; the four Z-Z rows stand apart, which only a simulation can know
 */
export async function countPair(
  scenario: Scenario,
  pair: PlannedPair,
  options: CountingOptions = {},
): Promise<PairCounts> {
  const { tallies } = await countPhotons(countingRun(scenario, pair, linkBudget(scenario, pair)), {
    collect: "tallies",
    onProgress: ({ pulsesDone, pulses }) => options.onProgress?.(pulsesDone / pulses),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const { settings } = agreedTerms(scenario);
  const kinds = SETTING_NAMES.length;
  const counts: SettingPairCount[] = SETTING_NAMES.flatMap((alice, a) =>
    SETTING_NAMES.map((bob, b) => {
      const [left, right, both] = tallies.counts.subarray((a * kinds + b) * OUTCOME_NAMES.length);
      return { alice, bob, left: left!, right: right!, both: both! };
    }),
  );
  const { accepted, wrong } = tallies.x1x1;
  return {
    name: pair.name,
    pulses: tallies.pulses,
    // Nothing was disclosed as a sample here.
    settings: { alice: settings.alice, bob: settings.bob, sliceWidthRad: settings.sliceWidthRad },
    counts,
    slices: { accepted: accepted[0] + accepted[1], wrong: wrong[0] + wrong[1] },
    discardedClicks: tallies.discardedClicks,
    registeredClicks: tallies.registeredClicks,
  };
}

/**
 * Holds counts against the closed formulas for what the chips really send.
 *
 * The formulas know no dead time and no drift within a window beyond its variance, so they hold where these are small.
 *
 * @param observed - from {@link countPair}
 * @param budget - the pair's link budget
 */
export function compareWithFormulas(observed: PairCounts, budget: LinkBudget): ExpectedFigure[] {
  const { settings } = observed;
  const actual: ProtocolSettings = {
    ...settings,
    alice: { intensities: budget.aliceIntensities, probabilities: settings.alice.probabilities },
    bob: { intensities: budget.bobIntensities, probabilities: settings.bob.probabilities },
  };
  const expected = expectedCounts(actual, linkModel(budget), observed.pulses);
  const figure = (name: string, count: number, mean: number): ExpectedFigure => {
    const deviation = Math.sqrt(mean * Math.max(0, 1 - mean / observed.pulses));
    const z = deviation > 0 ? (count - mean) / deviation : 0;
    return { name, observed: count, standardError: Math.sqrt(count), expected: mean, z };
  };
  const rows = observed.counts.flatMap((row, i) =>
    OUTCOME_NAMES.map((port) => figure(`${row.alice}, ${row.bob}: ${port}`, row[port], expected.counts[i]![port])),
  );
  return [
    ...rows,
    figure("slices: accepted", observed.slices.accepted, expected.slices.accepted),
    figure("slices: wrong", observed.slices.wrong, expected.slices.wrong),
  ];
}
