/**
 * What a pair would earn, by formulas alone: expected counts, forecast error correction, no photon counted.
 *
 * @module
 */
import { liveFraction } from "../../devices/index.ts";
import {
  type ExpectedCounts,
  expectedCounts,
  keyLength,
  type ObservedCounts,
  type ProtocolSettings,
} from "../../protocol/index.ts";
import { agreedTerms } from "../agreement.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { linkModel } from "./link-budget.ts";
import type { PlannedLink } from "./plan.ts";

/** Figures of a forecast; names as in results. */
export interface PairForecast {
  /** Secret bits per pulse. */
  readonly keyRatePerPulse: number;
  /** Secret bits per second of wall time, bit/s. */
  readonly keyRateBps: number;
  /** Key rate over the repeaterless bound; 0 without loss. */
  readonly ratioToPlob: number;
  /** Error rate in the phase slices. */
  readonly qberX: number;
}

/** What error correction is taken to disclose, over the Shannon limit. */
const CORRECTION_EFFICIENCY = 1.1;

/**
 * Forecasts one pair.
 *
 * @param scenario - a checked scenario
 * @param link - one of its pairs, see `planNetwork`
 * @returns expected figures, tags and authentication left out
 */
export function forecastPair(scenario: Scenario, { pair, budget }: PlannedLink): PairForecast {
  const terms = agreedTerms(scenario, pair);
  const { settings, failureProbability, pairing } = terms;
  const sending: ProtocolSettings = {
    ...settings,
    alice: { intensities: budget.aliceIntensities, probabilities: settings.alice.probabilities },
    bob: { intensities: budget.bobIntensities, probabilities: settings.bob.probabilities },
  };
  const clicks = expectedCounts(sending, linkModel(budget), terms.pulses);
  // Clicks follow what is sent; the estimate knows only what was declared.
  const counts = { ...registered(clicks, liveShare(scenario, clicks)), settings };
  const { keyRatePerPulse } = keyLength(counts, {
    pairing,
    failureProbability,
    leak: { efficiency: CORRECTION_EFFICIENCY },
  });
  const { accepted, wrong } = counts.slices;
  return {
    keyRatePerPulse,
    keyRateBps: keyRatePerPulse * budget.quantumSlotRateHz,
    ratioToPlob: budget.plobPerPulse === null ? 0 : keyRatePerPulse / budget.plobPerPulse,
    qberX: accepted > 0 ? wrong / accepted : 0,
  };
}

/** Share of slots in which neither detector is dead; others are discarded by public rule. */
function liveShare({ detector, clock }: Scenario, { counts, pulses }: ExpectedCounts): number {
  const clicks = (side: "left" | "right") => counts.reduce((sum, one) => sum + one[side] + one.both, 0);
  return (["left", "right"] as const)
    .map((side) => liveFraction(detector, (clicks(side) / pulses) * clock.slotRateHz))
    .reduce((product, share) => product * share, 1);
}

/** What is left of all clicks when slots are discarded at random. */
function registered({ pulses, settings, counts, slices, sample }: ExpectedCounts, share: number): ObservedCounts {
  return {
    pulses,
    settings,
    counts: counts.map((one) => ({
      ...one,
      left: share * one.left,
      right: share * one.right,
      both: share * one.both,
    })),
    slices: { accepted: share * slices.accepted, wrong: share * slices.wrong },
    ...(sample === undefined ? {} : { sample: { events: share * sample.events, errors: share * sample.errors } }),
  };
}
