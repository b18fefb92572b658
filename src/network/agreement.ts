/**
 * What every pair of clients declares before the first pulse. Only declared values and their calibration intervals
 * enter here; what a chip really sends is nobody's knowledge.
 *
 * @module
 */

import { samplingProbability } from "../distillation/error-sample.ts";
import type { Terms } from "../distillation/terms.ts";
import { PHASE_UNITS, sliceHalfWidth } from "../kernels/photons-run.ts";
import { extinctionResidue, type ProtocolSettings, type UserSettings } from "../protocol/index.ts";
import type { Scenario } from "./scenario.ts";

/**
 * The agreement that follows from a scenario.
 *
 * @param scenario - a checked scenario
 */
export function agreedTerms(scenario: Scenario): Terms {
  return {
    pulses: scenario.pulses,
    settings: agreedSettings(scenario),
    pairing: scenario.protocol.pairing,
    failureProbability: scenario.security.failureProbability,
  };
}

function agreedSettings({ protocol, security, wafer }: Scenario): ProtocolSettings {
  const { zSend, x1, x2 } = protocol;
  // The dimmest setting is whatever the closed modulators let through, up to what the specification allows.
  const residue = extinctionResidue(Math.max(zSend, x1, x2), protocol.extinctionDb);
  const calibrated = (mu: number): [number, number] => [
    mu * (1 - wafer.intensityAccuracy),
    mu * (1 + wafer.intensityAccuracy),
  ];
  const user: UserSettings = {
    // Vacuum and not sending are one state of one modulator.
    oneResidue: true,
    intensities: { zSend, x1, x2, zNot: residue, x0: residue },
    intervals: {
      zSend: calibrated(zSend),
      x1: calibrated(x1),
      x2: calibrated(x2),
      zNot: [0, residue],
      x0: [0, residue],
    },
    probabilities: {
      zWindow: protocol.zWindowProbability,
      send: protocol.sendProbability,
      x0: protocol.x0Probability,
      x1: protocol.x1Probability,
      x2: 1 - protocol.x0Probability - protocol.x1Probability,
    },
  };
  return {
    alice: user,
    bob: user,
    // Phases are announced in whole units, so the slice that is really accepted is a whole number of them.
    sliceWidthRad: (4 * Math.PI * sliceHalfWidth(protocol.sliceWidthRad)) / PHASE_UNITS,
    sampleFraction: samplingProbability(security.sampleFraction),
  };
}
