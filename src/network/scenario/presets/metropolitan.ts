/**
 * A metropolitan star: eight users within a city, some 25 km from the server, where everyone meets everyone in seven rounds.
 *
 * Nothing of it is published as a whole: the comb, the chips and the detectors are those of the `weiming` preset, on short
 * field fibre, with a slower clock so that nanowire detectors are not saturated.
 *
 * @module
 */
import { assumed, derived, fibreDriftRate, published, WEIMING_DEVICES } from "../../../devices/index.ts";
import type { Scenario } from "../scenario.ts";
import { roundRobin } from "../schedule.ts";
import { type PresetOptions, type ScenarioTemplate, templateScenario } from "./template.ts";
import { weimingComb } from "./weiming.ts";

/** Up-link of each user, km: 50 km between two of them on average. */
const UP_LINKS_KM = { U1: 21, U2: 29, U3: 25, U4: 23, U5: 27, U6: 24, U7: 26, U8: 25 };
/** Down-link and up-link of a user together, km: spools at the server make all ways equal. */
const ROUND_TRIP_KM = 55;

const CITY = "a city of some fifty kilometres";
const OPTIMISED = "optimum for 50 km at 2e8 pulses, rounded";

/** The preset with the origin of every number. */
export function metropolitanTemplate(): ScenarioTemplate {
  const { detector, timing, wafer } = WEIMING_DEVICES;
  const names = Object.keys(UP_LINKS_KM);
  return {
    name: "metropolitan",
    seed: "2026",
    pulses: assumed(1.4e9, "", "two seconds a round"),
    comb: weimingComb(),
    distribution: {
      ...WEIMING_DEVICES.distribution,
      colourSpacingLines: assumed(2, "lines", "cheaper demultiplexers on a 60 GHz grid"),
    },
    clientLaser: WEIMING_DEVICES.clientLaser,
    fibre: {
      lossDbPerKm: assumed(0.2, "dB/km", "standard fibre in ducts, with its splices"),
      receiverLossDb: assumed(2.3, "dB", "as of the 370 km network"),
      driftRadPerSecond: derived(
        Math.round(fibreDriftRate(50)),
        "rad/s",
        "field fibre of 50 km by Bertaina et al., arXiv:2310.08621, equation 6",
      ),
      residualDriftRadPerSecond: assumed(15, "rad/s", "what two colours ten lines apart leave, and lasers"),
      lengthMismatchKm: assumed(0.1, "km", "ways equalised by spools at the server"),
      referenceLineOffset: assumed(10, "", "lines between the quantum and the reference colour"),
    },
    clock: {
      slotRateHz: assumed(125e6, "Hz", "100 MHz of quantum slots: detectors click a few million times a second"),
      quantumSlotsPerFrame: assumed(800, "", "frames of 8 us"),
      referenceSlotsPerFrame: assumed(180, "", "reference light of the quantum colour"),
      guardSlots: assumed(10, "", "80 ns, beyond the dead time"),
      pulseWidthPs: timing.pulseWidthPs,
    },
    detector,
    strayLight: {
      ...WEIMING_DEVICES.strayLight,
      otherChannelCountRateHz: assumed(1e7, "Hz", "references and pulses of one colour over a short fibre, unfiltered"),
    },
    tracking: {
      fastWindowSeconds: published(1e-4, "s", "as Zheng et al., Nature 651, 68 (2026)"),
      fastCountRateHz: assumed(4e6, "Hz", "reference light as bright as the detectors bear"),
      slowWindowSeconds: assumed(5e-3, "s", "as of the 370 km network"),
      slowCountRateHz: assumed(2e5, "Hz", "references in the quantum colour"),
      referenceVisibility: assumed(0.96, "", "as of the 370 km network"),
    },
    receiver: WEIMING_DEVICES.receiver,
    wafer,
    specification: WEIMING_DEVICES.specification,
    protocol: {
      zSend: assumed(0.52, "photons", OPTIMISED),
      x1: assumed(0.067, "photons", OPTIMISED),
      x2: assumed(0.4, "photons", OPTIMISED),
      zWindowProbability: assumed(0.87, "", OPTIMISED),
      sendProbability: assumed(0.27, "", OPTIMISED),
      x0Probability: assumed(0.035, "", OPTIMISED),
      x1Probability: assumed(0.927, "", OPTIMISED),
      sliceWidthRad: assumed(0.46, "rad", OPTIMISED),
      extinctionDb: assumed(42, "dB", "two modulators in cascade, less three standard deviations of the wafer"),
      pairing: "active",
    },
    security: {
      failureProbability: assumed(1e-10, "", "customary"),
      sampleFraction: assumed(0, "", "not needed with pairing"),
    },
    clients: Object.entries(UP_LINKS_KM).map(([name, upLinkKm]) => ({
      name,
      upLinkKm: assumed(upLinkKm, "km", CITY),
      downLinkKm: derived(ROUND_TRIP_KM - upLinkKm, "km", "the same fibre and a spool that makes all ways equal"),
    })),
    pairs: roundRobin(names).map(({ alice, bob, round }) => ({
      alice,
      bob,
      round: derived(round, "", "circle method: everyone meets everyone"),
    })),
  };
}

/**
 * The preset as a scenario.
 *
 * @param options - pulses and seed
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function metropolitan(options: PresetOptions = {}): Scenario {
  return templateScenario(metropolitanTemplate(), options);
}
