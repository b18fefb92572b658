/**
 * From the link budget to the numbers that the counting kernel is given.
 *
 * @module
 */
import { type ActualIntensities, type FibreArm, FWHM_PER_SIGMA, type PhaseBudgetEntry } from "../devices/index.ts";
import type { CountingRun, PerSetting, SenderRun } from "../kernels/photons-run.ts";
import type { UserSettings } from "../protocol/index.ts";
import { type PhiloxKey, philoxKey } from "../random.ts";
import { roundSignificant } from "../units.ts";
import { type LinkBudget, portFlip } from "./plan/link-budget.ts";
import type { PlannedPair } from "./plan/star.ts";
import type { Scenario } from "./scenario/scenario.ts";

/** Phase variance that comes and goes within a tracking window: lasers, modulators, and the slow loop's own error. */
function fastVariance(budget: readonly PhaseBudgetEntry[]): number {
  return budget
    .filter(({ kind, contribution }) => kind === "fast" || slowLoop.has(contribution))
    .reduce((sum, { rad2 }) => sum + rad2, 0);
}

/** What the counting does not simulate sample by sample of the two tracking loops. */
const slowLoop: ReadonlySet<string> = new Set(["fibreResidual", "residualShotNoise"]);

/**
 * What the counting kernel is given. Every number is rounded to twelve digits, so that engines whose mathematics
 * differ in the last bit count the same photons.
 *
 * @param scenario - a checked scenario
 * @param pair - which pair
 * @param budget - its budget
 */
export function countingRun(scenario: Scenario, pair: PlannedPair, budget: LinkBudget): CountingRun {
  const { clock, detector, fibre, tracking } = scenario;
  const key: PhiloxKey = philoxKey(scenario.seed);
  const sender = (arm: FibreArm, actual: ActualIntensities, { probabilities }: UserSettings): SenderRun => ({
    armTransmittance: roundSignificant(arm.transmittance),
    meanPhotonNumbers: [actual.zSend, actual.zNot, actual.x0, actual.x1, actual.x2].map((mu) =>
      roundSignificant(mu),
    ) as unknown as PerSetting,
    zWindowProbability: probabilities.zWindow,
    sendProbability: probabilities.send,
    decoyProbabilities: [probabilities.x0, probabilities.x1, roundSignificant(probabilities.x2)],
  });
  const oneDetector = {
    efficiency: detector.efficiency,
    noiseProbability: roundSignificant(budget.noiseProbability),
    deadTimeSeconds: roundSignificant(detector.deadTimeNs * 1e-9),
    // The kernel's pulses have no width of their own: the light's spread in time joins the detector's.
    timingJitterSeconds: roundSignificant(1e-12 * Math.hypot(clock.pulseWidthPs / FWHM_PER_SIGMA, detector.jitterPs)),
    gateSeconds: roundSignificant(detector.gateWidthPs * 1e-12),
  };
  return {
    pulses: pair.pulses,
    key,
    link: pair.index,
    alice: sender(budget.aliceArm, budget.aliceIntensities, pair.settings.alice),
    bob: sender(budget.bobArm, budget.bobIntensities, pair.settings.bob),
    left: oneDetector,
    right: oneDetector,
    timeline: {
      slotSeconds: roundSignificant(1 / clock.slotRateHz),
      quantumSlotsPerFrame: clock.quantumSlotsPerFrame,
      referenceSlotsPerFrame: clock.referenceSlotsPerFrame,
      guardSlots: clock.guardSlots,
    },
    phases: "continuous",
    portFlipProbability: roundSignificant(portFlip(budget.phaseBudget)),
    drift: {
      rampRadPerSecond: fibre.driftRadPerSecond,
      fastNoiseRad: roundSignificant(Math.sqrt(fastVariance(budget.phaseBudget))),
    },
    tracking: {
      samplingSeconds: tracking.fastWindowSeconds,
      referenceCountsPerSample: roundSignificant(tracking.fastCountRateHz * tracking.fastWindowSeconds),
      referenceVisibility: tracking.referenceVisibility,
    },
    sliceWidthRad: pair.settings.sliceWidthRad,
  };
}
