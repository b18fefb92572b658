/**
 * The twenty-user, 370 km network of Zheng et al., Nature 651, 68 (2026), doi:10.1038/s41586-026-10152-z.
 *
 * Device values and their origins stand in `WEIMING_DEVICES`; what the paper does not publish about the protocol is
 * assumed here, once for all ten pairs.
 *
 * @module
 */
import {
  assumed,
  type ProvenanceRow,
  provenanceTable,
  published,
  valuesOf,
  WEIMING_DEVICES,
} from "../../devices/index.ts";
import { parseScenario, type Scenario } from "../scenario.ts";
import { SCENARIO_VERSION } from "../scenario-schema.ts";

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

const CLOCK = {
  slotRateHz: assumed(625e6, "Hz", "four fifths of the slots are quantum slots: 500 MHz effective"),
  quantumSlotsPerFrame: assumed(8000, "", "frames of 16 us"),
  referenceSlotsPerFrame: assumed(1800, "", "reference light of the quantum colour"),
  guardSlots: assumed(100, "", "160 ns, five dead times"),
};

/** Choices that a user of the preset makes. */
export interface PresetOptions {
  /** Quantum slots of each pair; 1e12 unless told. */
  readonly pulses?: number | undefined;
  /** Seed of every random number; "2026" unless told. */
  readonly seed?: string | undefined;
  /** Whether Bob pairs his raw bits, with the settings that are best then; `active` unless told. */
  readonly pairing?: "none" | "active" | undefined;
}

/**
 * The preset as a scenario.
 *
 * @param options - pulses and seed
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function weiming(options: PresetOptions = {}): Scenario {
  const devices = valuesOf(WEIMING_DEVICES);
  const { link, ring, combOperation: operation } = devices;
  const pairing = options.pairing ?? "active";
  const client = (side: "A" | "B", pair: number) => ({
    name: `${side}${pair}`,
    upLinkKm: link.upLinkKm,
    downLinkKm: pair === LONG_DOWN_LINK_PAIR ? link.longDownLinkKm : link.downLinkKm,
  });
  const pairs = Array.from({ length: PAIRS }, (_, i) => i + 1);
  return parseScenario({
    version: SCENARIO_VERSION,
    name: pairing === "none" ? "weiming-plain" : "weiming",
    seed: options.seed ?? "2026",
    pulses: options.pulses ?? 1e12,
    comb: {
      ...devices.grid,
      microcomb: {
        ring: {
          intrinsicQ: ring.intrinsicQ,
          couplingShare: ring.couplingShare,
          groupIndex: ring.groupIndex,
          refractiveIndex: ring.refractiveIndex,
          kerrIndexM2PerW: ring.kerrIndex,
          modeAreaUm2: ring.modeAreaUm2,
          beta2Ps2PerKm: devices.ringDispersion.beta2Ps2PerKm,
          backscatter: operation.backscatter,
          temperatureKelvin: devices.thermorefractive.temperatureKelvin,
          thermalCornerHz: devices.thermorefractive.cornerHz,
        },
        pumpLaser: {
          powerMilliwatts: operation.pumpMilliwatts,
          ...devices.pumpLaser,
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
    },
    distribution: devices.distribution,
    clientLaser: devices.clientLaser,
    fibre: {
      lossDbPerKm: link.lossDbPerKm,
      receiverLossDb: link.receiverLossDb,
      driftRadPerSecond: link.driftRate,
      residualDriftRadPerSecond: link.residualDriftRate,
      lengthMismatchKm: link.lengthDifferenceKm,
      referenceLineOffset: link.referenceLineOffset,
    },
    clock: { ...valuesOf(CLOCK), pulseWidthPs: devices.timing.pulseWidthPs },
    detector: devices.detector,
    strayLight: devices.strayLight,
    tracking: devices.tracking,
    receiver: devices.receiver,
    wafer: devices.wafer,
    specification: devices.specification,
    protocol: { ...valuesOf(PROTOCOL[pairing]), pairing },
    security: valuesOf(SECURITY[pairing]),
    clients: [...pairs.map((pair) => client("A", pair)), ...pairs.map((pair) => client("B", pair))],
    pairs: pairs.map((pair, i) => ({ alice: `A${pair}`, bob: `B${pair}`, line: LINES[i]! })),
  });
}

/**
 * Where every number of the preset comes from: published, derived or assumed.
 *
 * @param pairing - as in {@link PresetOptions}
 */
export function weimingProvenance(pairing: "none" | "active" = "active"): ProvenanceRow[] {
  return provenanceTable({
    ...WEIMING_DEVICES,
    clock: CLOCK,
    protocol: PROTOCOL[pairing],
    security: SECURITY[pairing],
    pairs: published(PAIRS, "", "Zheng et al., Nature 651, 68 (2026)"),
  });
}
