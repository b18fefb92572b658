/**
 * Only the photon counting of a pair, with what the closed formulas expect beside it.
 *
 * @module
 */
import {
  compareTallies,
  countPhotons,
  type EventChunk,
  type ExpectedFigure,
  OUTCOME_NAMES,
  SETTING_NAMES,
} from "../kernels/index.ts";
import type { ObservedCounts, SettingPairCount } from "../protocol/index.ts";
import { agreedTerms } from "./agreement.ts";
import { countingRun } from "./counting-run.ts";
import type { CountingOptions } from "./notebooks.ts";
import type { PlannedLink } from "./plan/plan.ts";
import type { Scenario } from "./scenario/scenario.ts";

/** Counts of one pair, in the form that key-length estimates take. */
export interface PairCounts extends ObservedCounts {
  /** Both clients' names. */
  readonly name: string;
  /** Slots in which a detector was dead, and which are therefore discarded by public rule, that held a click. */
  readonly discardedClicks: number;
  /** Registered clicks of the left and of the right detector. */
  readonly registeredClicks: readonly [left: number, right: number];
  /** Standard error of every count, in the order of `counts`, and of the error rate in the slices. */
  readonly standardErrors: {
    readonly counts: readonly { readonly left: number; readonly right: number; readonly both: number }[];
    readonly sliceErrorRate: number;
  };
  /** Every count beside its closed-form value, where that was asked for. */
  readonly expected?: readonly ExpectedFigure[];
}

/** How a pair is counted. */
export interface CountPairOptions extends CountingOptions {
  /** Whether to compute what every count should be: dead time, jitter, afterpulses and residual phase included. */
  readonly expected?: boolean | undefined;
  /** Given every click as it is announced, for records. */
  readonly onEvents?: ((chunk: EventChunk) => void) | undefined;
}

/**
 * Counts the photons of one pair.
 *
 * @param scenario - a checked scenario
 * @param link - one of its pairs, see `planNetwork`
 * @param options - progress, cancellation, closed-form values
 * @returns all counts; the four Z-Z rows stand apart, which only a simulation can know
 */
export async function countPair(
  scenario: Scenario,
  { pair, budget }: PlannedLink,
  options: CountPairOptions = {},
): Promise<PairCounts> {
  const run = countingRun(scenario, pair, budget);
  const { tallies } = await countPhotons(run, {
    collect: "tallies",
    onProgress: ({ pulsesDone, pulses }) => options.onProgress?.(pulsesDone / pulses),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onEvents === undefined ? {} : { onEvents: options.onEvents }),
  });
  const { settings } = agreedTerms(scenario, pair);
  const kinds = SETTING_NAMES.length;
  const counts: SettingPairCount[] = SETTING_NAMES.flatMap((alice, a) =>
    SETTING_NAMES.map((bob, b) => {
      const [left, right, both] = tallies.counts.subarray((a * kinds + b) * OUTCOME_NAMES.length);
      return { alice, bob, left: left!, right: right!, both: both! };
    }),
  );
  const accepted = tallies.x1x1.accepted[0] + tallies.x1x1.accepted[1];
  const wrong = tallies.x1x1.wrong[0] + tallies.x1x1.wrong[1];
  const errorRate = accepted > 0 ? wrong / accepted : 0;
  return {
    name: pair.name,
    pulses: tallies.pulses,
    // Nothing was disclosed as a sample here.
    settings: { alice: settings.alice, bob: settings.bob, sliceWidthRad: settings.sliceWidthRad },
    counts,
    slices: { accepted, wrong },
    standardErrors: {
      counts: counts.map(({ left, right, both }) => ({
        left: Math.sqrt(left),
        right: Math.sqrt(right),
        both: Math.sqrt(both),
      })),
      sliceErrorRate: accepted > 0 ? Math.sqrt((errorRate * (1 - errorRate)) / accepted) : 0,
    },
    discardedClicks: tallies.discardedClicks,
    registeredClicks: tallies.registeredClicks,
    ...(options.expected ? { expected: compareTallies(run, tallies) } : {}),
  };
}
