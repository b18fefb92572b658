/**
 * The twenty-user, 370 km network of Zheng et al., Nature 651, 68 (2026), doi:10.1038/s41586-026-10152-z.
 *
 * Device values and their origins stand in `WEIMING_DEVICES`; what the paper does not publish about the protocol is
 * assumed here, once for all ten pairs.
 *
 * @module
 */
import { assumed, type Quantity, WEIMING_DEVICES } from "../../../devices/index.ts";
import type { Scenario } from "../scenario.ts";
import { type PresetOptions, type ScenarioTemplate, type Sourced, templateScenario } from "./template.ts";

/** Ten pairs. */
const PAIRS = 10;
/** The pairs' colours stand around the pump, which itself is not used. */
const LINES = [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5];
/** The one pair whose seed light travels over long down-links. */
const LONG_DOWN_LINK_PAIR = 5;

const OPTIMISED = "optimum for this link at 1e12 pulses, rounded";

const EXTINCTION = assumed(42, "dB", "two modulators in cascade, less three standard deviations of the wafer");

/** What every client does, with origins: four intensities are published, their values are not. */
const PROTOCOL = {
  none: {
    zSend: assumed(0.41, "photons", OPTIMISED),
    x1: assumed(0.042, "photons", OPTIMISED),
    x2: assumed(0.294, "photons", OPTIMISED),
    zWindowProbability: assumed(0.91, "", OPTIMISED),
    sendProbability: assumed(0.0335, "", OPTIMISED),
    x0Probability: assumed(0.031, "", OPTIMISED),
    x1Probability: assumed(0.947, "", OPTIMISED),
    sliceWidthRad: assumed(0.34, "rad", OPTIMISED),
    extinctionDb: EXTINCTION,
  },
  active: {
    zSend: assumed(0.46, "photons", OPTIMISED),
    x1: assumed(0.05, "photons", OPTIMISED),
    x2: assumed(0.263, "photons", OPTIMISED),
    zWindowProbability: assumed(0.923, "", OPTIMISED),
    sendProbability: assumed(0.279, "", OPTIMISED),
    x0Probability: assumed(0.033, "", OPTIMISED),
    x1Probability: assumed(0.935, "", OPTIMISED),
    sliceWidthRad: assumed(0.35, "rad", OPTIMISED),
    extinctionDb: EXTINCTION,
  },
};

const FAILURE_PROBABILITY = assumed(1e-10, "", "customary");

/** Pairing predicts its error rate from announced counts and needs no sample. */
const SECURITY = {
  none: {
    failureProbability: FAILURE_PROBABILITY,
    sampleFraction: assumed(1 / 64, "", "learns a 4 % error rate to 1.5 % of itself at the default number of pulses"),
  },
  active: { failureProbability: FAILURE_PROBABILITY, sampleFraction: assumed(0, "", "not needed with pairing") },
};

/** The network's microcomb in the shape of a scenario. */
export function weimingComb(): Sourced<Scenario["comb"]> {
  const { grid, ring, ringDispersion, pumpLaser, thermorefractive, combOperation: operation } = WEIMING_DEVICES;
  return {
    ...grid,
    microcomb: {
      ring: {
        intrinsicQ: ring.intrinsicQ,
        couplingShare: ring.couplingShare,
        groupIndex: ring.groupIndex,
        refractiveIndex: ring.refractiveIndex,
        kerrIndexM2PerW: ring.kerrIndex,
        modeAreaUm2: ring.modeAreaUm2,
        beta2Ps2PerKm: ringDispersion.beta2Ps2PerKm,
        backscatter: operation.backscatter,
        temperatureKelvin: thermorefractive.temperatureKelvin,
        thermalCornerHz: thermorefractive.cornerHz,
      },
      pumpLaser: {
        powerMilliwatts: operation.pumpMilliwatts,
        freeLinewidthHz: pumpLaser.freeLinewidthHz,
        laserQ: pumpLaser.laserQ,
        linewidthEnhancement: pumpLaser.linewidthEnhancement,
        couplingLossDb: pumpLaser.couplingLossDb,
        feedbackPhaseRad: operation.lockPhase,
        responseRate: operation.laserRate,
      },
      start: {
        detuningHalfLinewidths: operation.freeDetuning,
        rampLifetimes: operation.startDuration,
        settleLifetimes: operation.settleDuration,
        holdLifetimes: operation.holdDuration,
        attempts: operation.attempts,
      },
    },
  };
}

/** Choices that a user of this preset makes. */
export interface WeimingOptions extends PresetOptions {
  /** Whether Bob pairs his raw bits, with the settings that are best then; `active` unless told. */
  readonly pairing?: "none" | "active" | undefined;
}

/**
 * The preset with the origin of every number.
 *
 * @param pairing - as in {@link WeimingOptions}
 */
export function weimingTemplate(pairing: "none" | "active" = "active"): ScenarioTemplate {
  const { link, timing, wafer } = WEIMING_DEVICES;
  const client = (side: "A" | "B", pair: number) => ({
    name: `${side}${pair}`,
    upLinkKm: link.upLinkKm,
    downLinkKm: pair === LONG_DOWN_LINK_PAIR ? link.longDownLinkKm : link.downLinkKm,
  });
  const pairs = Array.from({ length: PAIRS }, (_, i) => i + 1);
  const line = (number: number): Quantity => assumed(number, "", "which lines carry the pairs is not published");
  return {
    name: pairing === "none" ? "weiming-plain" : "weiming",
    seed: "2026",
    pulses: assumed(1e12, "", "not published; customary at this distance"),
    comb: weimingComb(),
    distribution: WEIMING_DEVICES.distribution,
    clientLaser: WEIMING_DEVICES.clientLaser,
    fibre: {
      lossDbPerKm: link.lossDbPerKm,
      receiverLossDb: link.receiverLossDb,
      driftRadPerSecond: link.driftRate,
      residualDriftRadPerSecond: link.residualDriftRate,
      lengthMismatchKm: link.lengthDifferenceKm,
      referenceLineOffset: link.referenceLineOffset,
    },
    clock: {
      slotRateHz: assumed(625e6, "Hz", "four fifths of the slots are quantum slots: 500 MHz effective"),
      quantumSlotsPerFrame: assumed(8000, "", "frames of 16 us"),
      referenceSlotsPerFrame: assumed(1800, "", "reference light of the quantum colour"),
      guardSlots: assumed(100, "", "160 ns, five dead times"),
      pulseWidthPs: timing.pulseWidthPs,
    },
    detector: WEIMING_DEVICES.detector,
    strayLight: WEIMING_DEVICES.strayLight,
    tracking: WEIMING_DEVICES.tracking,
    receiver: WEIMING_DEVICES.receiver,
    wafer,
    specification: WEIMING_DEVICES.specification,
    protocol: { ...PROTOCOL[pairing], pairing },
    security: SECURITY[pairing],
    clients: [...pairs.map((pair) => client("A", pair)), ...pairs.map((pair) => client("B", pair))],
    pairs: pairs.map((pair, i) => ({ alice: `A${pair}`, bob: `B${pair}`, line: line(LINES[i]!) })),
  };
}

/**
 * The preset as a scenario.
 *
 * @param options - pulses, seed and pairing
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function weiming(options: WeimingOptions = {}): Scenario {
  return templateScenario(weimingTemplate(options.pairing), options);
}
