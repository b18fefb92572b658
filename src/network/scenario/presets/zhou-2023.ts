/**
 * One published link: 403.73 km of open channel between two users, paired sending-or-not-sending, Zhou et al., Nat. Commun. 14,
 * 928 (2023), doi:10.1038/s41467-023-36573-2, arXiv:2208.09347. 146.7 bit/s at an X error of 5.17 % are published.
 *
 * @module
 */
import { assumed, derived, published, type Quantity } from "../../../devices/index.ts";
import type { Scenario } from "../scenario.ts";
import { type PresetOptions, type ScenarioTemplate, type Sourced, templateScenario } from "./template.ts";

const ZHOU = "Zhou et al., Nat. Commun. 14, 928 (2023), doi:10.1038/s41467-023-36573-2";

/** Published losses of the two arms with all that stands before the detectors, dB. */
const ARM_LOSSES_DB = { alice: 38.47, bob: 38.42 };
/** Published length of both arms together, km. */
const LENGTH_KM = 403.73;
/** Assumed part of the losses that is not fibre, dB. */
const RECEIVER_LOSS_DB = 2;
/** Loss of the fibre, dB/km: what remains of both arms, over their length. */
const LOSS_DB_PER_KM = (ARM_LOSSES_DB.alice + ARM_LOSSES_DB.bob - 2 * RECEIVER_LOSS_DB) / LENGTH_KM;

/** Published intensities: sending, weak decoy, and what a closed modulator leaves. */
const INTENSITIES = { send: 0.493, weak: 0.105, residue: 0.0002 };

const BENCH = "one transmitter built with care, not one of a wafer";

function fixed(mean: Quantity): Sourced<Scenario["wafer"]["spreads"]["pulseWidthPs"]> {
  const none = assumed(0, mean.unit, BENCH);
  return { mean, radial: none, correlated: none, white: none };
}

/** The preset with the origin of every number. */
export function zhou2023Template(): ScenarioTemplate {
  const upLink = (lossDb: number) =>
    derived((lossDb - RECEIVER_LOSS_DB) / LOSS_DB_PER_KM, "km", `from the published loss of ${lossDb} dB`);
  return {
    name: "zhou-2023",
    seed: "2026",
    pulses: assumed(1e12, "", "not published where we could read; a little over half an hour"),
    comb: {
      pumpWavelengthNm: assumed(1550.12, "nm", "somewhere in the C-band"),
      spacingGhz: assumed(25, "GHz", "reference colours of an electro-optic comb"),
      measured: {
        linewidthHz: assumed(10, "Hz", "lasers stabilised to cavities; one common line stands for both"),
        lines: [
          { line: assumed(1, "", "the quantum colour"), dbm: assumed(0, "dBm", "ample for a lock") },
          { line: assumed(2, "", "the reference colour"), dbm: assumed(0, "dBm", "the same") },
        ],
      },
    },
    distribution: {
      insertionLossDb: assumed(10, "dB", "light sources stand with the users"),
      adjacentIsolationDb: assumed(40, "dB", "as of other demultiplexers"),
      fartherIsolationDb: assumed(50, "dB", "as of other demultiplexers"),
      colourSpacingLines: assumed(1, "lines", "one pair only"),
    },
    clientLaser: {
      cavityLengthUm: assumed(500, "um", "semiconductor laser"),
      groupIndex: assumed(3.7, "", "semiconductor laser"),
      linewidthEnhancement: assumed(3, "", "typical InP laser"),
      cavityMilliwatts: assumed(10, "mW", "typical InP laser"),
    },
    fibre: {
      lossDbPerKm: derived(
        LOSS_DB_PER_KM,
        "dB/km",
        "published losses of both arms without the receiver, over the length",
      ),
      receiverLossDb: assumed(RECEIVER_LOSS_DB, "dB", "part of the published losses that is not fibre"),
      driftRadPerSecond: assumed(5300, "rad/s", "spools of 413.73 km, Zhou et al., arXiv:2212.14190"),
      residualDriftRadPerSecond: assumed(40, "rad/s", "what the second colour leaves"),
      lengthMismatchKm: assumed(0, "km", "in the lengths of the arms"),
      referenceLineOffset: assumed(1, "", "the next line"),
    },
    clock: {
      slotRateHz: published(500e6, "Hz", `${ZHOU}: effective rate`),
      quantumSlotsPerFrame: assumed(8000, "", "the published rate counts quantum slots alone"),
      referenceSlotsPerFrame: assumed(0, "", "the same"),
      guardSlots: assumed(0, "", "the same"),
      pulseWidthPs: assumed(250, "ps", "inside a 2 ns slot"),
    },
    detector: {
      efficiency: derived(0.625, "", "mean of the published 0.60 and 0.65"),
      darkCountRateHz: published(4, "Hz", `${ZHOU}: 2 Hz dark counts and 2 Hz background of each detector`),
      jitterPs: assumed(30, "ps", "typical nanowire detector with its electronics"),
      deadTimeNs: assumed(30, "ns", "typical nanowire detector"),
      gateWidthPs: assumed(2000, "ps", "the whole slot counts"),
    },
    strayLight: {
      otherChannelCountRateHz: assumed(0, "Hz", "in the published background"),
      adjacentIsolationDb: assumed(60, "dB", "no other pair"),
      fartherIsolationDb: assumed(60, "dB", "no other pair"),
    },
    tracking: {
      fastWindowSeconds: assumed(1e-4, "s", "not published where we could read"),
      fastCountRateHz: assumed(2e6, "Hz", "reference light as bright as detectors bear"),
      slowWindowSeconds: assumed(5e-3, "s", "not published where we could read"),
      slowCountRateHz: assumed(1e5, "Hz", "references in the quantum colour"),
      referenceVisibility: assumed(0.96, "", "as the receiver's contrast"),
    },
    receiver: { extinctionDb: assumed(14.5, "dB", "so that the X error is the published 5.17 %") },
    wafer: {
      chips: derived(2, "", "two users"),
      diameterMm: assumed(76.2, "mm", BENCH),
      correlationLengthMm: assumed(20, "mm", BENCH),
      modulatorsPerChip: assumed(3, "", BENCH),
      spareModulators: assumed(0, "", BENCH),
      modulatorYield: assumed(1, "", BENCH),
      intensityAccuracy: assumed(0, "", "intensities taken as published"),
      spreads: {
        extinctionDb: fixed(
          derived(10 * Math.log10(INTENSITIES.send / INTENSITIES.residue), "dB", "from the published intensities"),
        ),
        phaseScaleError: fixed(assumed(0, "", BENCH)),
        phaseSettlingRad: fixed(assumed(0.1, "rad", "settling and drive noise")),
        pulseWidthPs: fixed(assumed(250, "ps", "as the clock")),
        pulseOffsetPs: fixed(assumed(0, "ps", BENCH)),
        polarisationAzimuth: fixed(assumed(0, "rad", BENCH)),
        polarisationEllipticity: fixed(assumed(0, "rad", BENCH)),
        freeLinewidthHz: fixed(assumed(1e3, "Hz", "fibre lasers")),
        injectionCouplingDb: fixed(assumed(0, "dB", BENCH)),
        tuningErrorHz: fixed(assumed(0, "Hz", BENCH)),
      },
    },
    specification: {
      largestPulseWidthPs: assumed(500, "ps", "well inside a slot"),
      largestFreeLinewidthHz: assumed(1e6, "Hz", "no limit here"),
      smallestLockRangeHz: assumed(1e7, "Hz", "no limit here"),
    },
    protocol: {
      zSend: published(INTENSITIES.send, "photons", ZHOU),
      x1: published(INTENSITIES.weak, "photons", ZHOU),
      x2: published(INTENSITIES.send, "photons", `${ZHOU}: three intensities, the signal is the strong decoy`),
      zWindowProbability: published(0.735, "", ZHOU),
      sendProbability: published(0.269, "", ZHOU),
      x0Probability: assumed(0.1, "", "not published where we could read; the best with this model"),
      x1Probability: assumed(0.9, "", "the rest: the strong decoy is not sent in X windows"),
      sliceWidthRad: assumed(0.4, "rad", "not published where we could read"),
      extinctionDb: derived(
        10 * Math.log10(INTENSITIES.send / INTENSITIES.residue),
        "dB",
        "published signal over published residue of 0.0002 photons",
      ),
      pairing: "active",
    },
    security: {
      failureProbability: assumed(1e-10, "", "customary"),
      sampleFraction: assumed(0, "", "not needed with pairing"),
    },
    clients: [
      { name: "A", upLinkKm: upLink(ARM_LOSSES_DB.alice), downLinkKm: assumed(0, "km", "no down-link") },
      { name: "B", upLinkKm: upLink(ARM_LOSSES_DB.bob), downLinkKm: assumed(0, "km", "no down-link") },
    ],
    pairs: [{ alice: "A", bob: "B", line: assumed(1, "", "the quantum colour") }],
  };
}

/**
 * The preset as a scenario.
 *
 * @param options - pulses and seed
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function zhou2023(options: PresetOptions = {}): Scenario {
  return templateScenario(zhou2023Template(), options);
}
