/**
 * From devices to numbers: what the bench makes of one pair of clients before any photon is counted.
 *
 * @module
 */
import {
  type ActualIntensities,
  actualIntensities,
  budgetError,
  combLine,
  delayMismatch,
  doubleRayleighRatio,
  dualWavelengthResidual,
  type FibreArm,
  fibreArm,
  fibreDelay,
  gateAcceptance,
  noiseProbability,
  type PhaseBudgetEntry,
  phaseBudget,
  strayLightRate,
} from "../../devices/index.ts";
import { plob } from "../../protocol/index.ts";
import type { LinkModel } from "../../protocol/link.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { lineVariance } from "./comb-source.ts";
import type { PairEnd, PlannedPair } from "./star.ts";

/** Everything about one pair that follows from its devices. */
export interface LinkBudget {
  /** Fibre and insertion loss from Alice's chip to the beam splitter's detectors. */
  readonly aliceArm: FibreArm;
  /** The same for Bob. */
  readonly bobArm: FibreArm;
  /** What Alice's chip really sends, photons per pulse. */
  readonly aliceIntensities: ActualIntensities;
  /** What Bob's chip really sends, photons per pulse. */
  readonly bobIntensities: ActualIntensities;
  /** Detector efficiency, gate included. */
  readonly detectorEfficiency: number;
  /** Clicks without signal per detector and slot. */
  readonly noiseProbability: number;
  /** Every contribution to the X error. */
  readonly phaseBudget: readonly PhaseBudgetEntry[];
  /** X error that the budget predicts. */
  readonly expectedErrorX: number;
  /** PLOB bound of the two up-link fibres alone, bits per pulse; null without loss. */
  readonly plobPerPulse: number | null;
  /** Quantum slots per second of wall time. */
  readonly quantumSlotRateHz: number;
}

/**
 * The link budget of one pair.
 *
 * @param scenario - a checked scenario
 * @param pair - which pair
 */
export function linkBudget(scenario: Scenario, pair: PlannedPair): LinkBudget {
  const { fibre, clock, detector, tracking } = scenario;
  const arm = ({ client }: PairEnd) =>
    fibreArm({ lengthKm: client.upLinkKm, lossDbPerKm: fibre.lossDbPerKm, insertionLossDb: fibre.receiverLossDb });
  const [aliceArm, bobArm] = [arm(pair.alice), arm(pair.bob)];
  const aliceIntensities = actualIntensities(pair.settings.alice.intensities, pair.alice.chip);
  const bobIntensities = actualIntensities(pair.settings.bob.intensities, pair.bob.chip);

  const rayleigh = Math.max(
    ...[pair.alice, pair.bob].map(({ client }) => doubleRayleighRatio(client.upLinkKm, fibre.lossDbPerKm)),
  );
  const stray = strayLightRate({
    ...scenario.strayLight,
    adjacentChannels: pair.othersOn.adjacent,
    fartherChannels: pair.othersOn.farther,
    referenceCountRateHz: tracking.slowCountRateHz,
    doubleRayleigh: rayleigh,
  });
  const noise = noiseProbability(detector, stray.rayleighHz + stray.crosstalkHz);
  const efficiency = detector.efficiency * gateAcceptance(detector, clock.pulseWidthPs);

  const arriving = {
    alice: aliceArm.transmittance * efficiency * aliceIntensities.x1,
    bob: bobArm.transmittance * efficiency * bobIntensities.x1,
  };
  const reference = combLine(scenario.comb, pair.line.line + fibre.referenceLineOffset);
  const chromatic = dualWavelengthResidual(
    fibre.driftRadPerSecond,
    reference.wavelengthNm,
    pair.line.wavelengthNm,
    0,
  ).chromaticRadPerSecond;
  // The scenario gives the whole residual drift; what the two colours' distance does not explain is not common path.
  const notCommonPath = Math.sqrt(Math.max(0, fibre.residualDriftRadPerSecond ** 2 - chromatic ** 2));
  const budget = phaseBudget({
    alice: pair.alice.chip,
    bob: pair.bob.chip,
    combVariance: lineVariance(
      scenario,
      { line: pair.line.line, watts: pair.lineWatts },
      delayMismatch(pair.alice.client, pair.bob.client) + fibreDelay(fibre.lengthMismatchKm),
    ),
    locks: { alice: pair.alice.lock, bob: pair.bob.lock },
    arriving,
    residueRatio: {
      alice: aliceIntensities.x0 / aliceIntensities.x1,
      bob: bobIntensities.x0 / bobIntensities.x1,
    },
    receiverExtinctionDb: scenario.receiver.extinctionDb,
    referenceDriftRate: fibre.driftRadPerSecond,
    residual: dualWavelengthResidual(
      fibre.driftRadPerSecond,
      reference.wavelengthNm,
      pair.line.wavelengthNm,
      notCommonPath,
    ),
    tracking,
    sliceWidth: pair.settings.sliceWidthRad,
    noiseToSignal: (2 * noise) / (arriving.alice + arriving.bob),
  });
  const bound = plob(aliceArm.fibreTransmittance * bobArm.fibreTransmittance);
  return {
    aliceArm,
    bobArm,
    aliceIntensities,
    bobIntensities,
    detectorEfficiency: efficiency,
    noiseProbability: noise,
    phaseBudget: budget,
    expectedErrorX: budgetError(budget),
    plobPerPulse: Number.isFinite(bound) ? bound : null,
    quantumSlotRateHz: clock.slotRateHz * quantumShare(clock),
  };
}

/** Share of all slots that carry quantum pulses. */
function quantumShare({ quantumSlotsPerFrame, referenceSlotsPerFrame, guardSlots }: Scenario["clock"]): number {
  const guards = referenceSlotsPerFrame > 0 ? 2 * guardSlots : 0;
  return quantumSlotsPerFrame / (quantumSlotsPerFrame + referenceSlotsPerFrame + guards);
}

/**
 * Probability that interfering light takes the wrong port for good. Unequal intensities are left out: whoever counts
 * photons has the intensities themselves.
 *
 * @param budget - the pair's phase budget
 */
export function portFlip(budget: readonly PhaseBudgetEntry[]): number {
  return budgetError(
    budget.filter(({ contribution }) => contribution !== "intensityMismatch"),
    ["static"],
  );
}

/**
 * The link as the rate formulas see it, for forecasts.
 *
 * @param budget - the pair's budget
 */
export function linkModel(budget: LinkBudget): LinkModel {
  const detector = { efficiency: budget.detectorEfficiency, noiseProbability: budget.noiseProbability };
  return {
    transmittanceAlice: budget.aliceArm.transmittance,
    transmittanceBob: budget.bobArm.transmittance,
    left: detector,
    right: detector,
    misalignment: portFlip(budget.phaseBudget),
    phaseVarianceRad2: budget.phaseBudget
      .filter(({ kind }) => kind === "fast" || kind === "tracking")
      .reduce((sum, { rad2 }) => sum + rad2, 0),
  };
}
