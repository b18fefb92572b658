/**
 * What a pair of clients agrees on before the first pulse. Only declared values and their calibration intervals enter
 * here; what a chip really sends is nobody's knowledge.
 *
 * @module
 */
import type { Terms } from "../distillation/terms.ts";
import type { PlannedPair } from "./plan/star.ts";
import type { Scenario } from "./scenario/scenario.ts";

/**
 * The agreement that follows from a scenario.
 *
 * @param scenario - a checked scenario
 * @param pair - one of its pairs
 */
export function agreedTerms(scenario: Scenario, pair: Pick<PlannedPair, "pulses" | "settings">): Terms {
  return {
    pulses: pair.pulses,
    settings: pair.settings,
    pairing: scenario.protocol.pairing,
    failureProbability: scenario.security.failureProbability,
  };
}
