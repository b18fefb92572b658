/**
 * Device values of the twenty-user, 370 km microcomb network of Zheng et al., Nature 651, 68 (2026),
 * doi:10.1038/s41586-026-10152-z, each with its origin.
 *
 * What the paper publishes is marked so. What it does not (clock, pulse shape, detector, spreads) is one set of
 * assumptions shared by all clients and channels; none is adjusted to a channel.
 *
 * @module
 */
import { spoolDriftRate } from "./fibre-phase.ts";
import { assumed, derived, published, type Quantity, type ValuesOf } from "./provenance.ts";

const NATURE = "Zheng et al., Nature 651, 68 (2026)";

function spread(
  mean: Quantity,
  radial: number,
  correlated: number,
  white: number,
  reason: string,
): { mean: Quantity; radial: Quantity; correlated: Quantity; white: Quantity } {
  return {
    mean,
    radial: assumed(radial, mean.unit, reason),
    correlated: assumed(correlated, mean.unit, reason),
    white: assumed(white, mean.unit, reason),
  };
}

const PROCESS = "spread typical of a generic InP foundry process";
const INSTALLATION = "what periodic alignment leaves; differs from client to client, not over the wafer";

/** Device values of the 370 km network with their origins; `valuesOf` gives the plain numbers. */
export const WEIMING_DEVICES = {
  grid: {
    pumpWavelengthNm: published(1549.78, "nm", NATURE),
    spacingGhz: published(30.03, "GHz", NATURE),
  },
  comb: {
    linewidthHz: published(40, "Hz", `${NATURE}, as quoted in secondary accounts`),
    waveguideLossDbPerM: published(1.7, "dB/m", NATURE),
    intensityFluctuation: published(0.006, "", `${NATURE}, over 12 h, as quoted in secondary accounts`),
  },
  ring: {
    wavelengthNm: published(1549.78, "nm", NATURE),
    freeSpectralRangeGhz: published(30.03, "GHz", NATURE),
    intrinsicQ: published(20e6, "", NATURE),
    couplingShare: assumed(0.5, "", "critical coupling"),
    groupIndex: assumed(1.55, "", "100 nm thick nitride guides mostly in its oxide"),
    refractiveIndex: assumed(1.48, "", "as the group index"),
    kerrIndex: assumed(1e-19, "m^2/W", "between nitride and oxide"),
    modeAreaUm2: assumed(8, "um^2", "wide mode of a thin film"),
  },
  ringDispersion: {
    beta2Ps2PerKm: assumed(400, "ps^2/km", "strong normal dispersion of a thin film; tens of lines follow from it"),
  },
  pumpLaser: {
    freeLinewidthHz: assumed(1e6, "Hz", "MHz-class distributed-feedback laser"),
    laserQ: assumed(1e4, "", "typical distributed-feedback laser"),
    linewidthEnhancement: assumed(2.5, "", "typical InP laser"),
    couplingLossDb: assumed(10.3, "dB", "laser to ring over two facets and an air gap; gives the published 40 Hz"),
  },
  distribution: {
    insertionLossDb: assumed(19, "dB", "chip to fibre, demultiplexer, splitter to two clients, fibre to laser"),
    adjacentIsolationDb: assumed(30, "dB", "arrayed-waveguide grating on a 30 GHz grid with a filter"),
    fartherIsolationDb: assumed(40, "dB", "the same"),
    colourSpacingLines: assumed(1, "lines", "neighbouring lines are told apart"),
  },
  clientLaser: {
    cavityLengthUm: assumed(500, "um", "distributed Bragg reflector laser on a chip of 4.6 mm"),
    groupIndex: assumed(3.7, "", "InP waveguide"),
    linewidthEnhancement: assumed(3, "", "typical InP laser"),
    cavityMilliwatts: assumed(10, "mW", "typical InP laser"),
  },
  thermorefractive: {
    temperatureKelvin: assumed(300, "K", "room temperature"),
    cornerHz: assumed(3e4, "Hz", "diffusivity of silica over the squared mode width"),
  },
  combOperation: {
    pumpMilliwatts: assumed(77.3, "mW", "6.76 times the threshold, F = 2.6"),
    backscatter: assumed(0.7, "", "splitting of the pumped resonance in linewidths"),
    lockPhase: assumed(0.3, "rad", "set by the air gap"),
    laserRate: assumed(20, "", "laser follows within a tenth of the photon lifetime"),
    freeDetuning: assumed(20, "", "middle of the locking range"),
    startDuration: assumed(200, "", "slow against the photon lifetime"),
    settleDuration: assumed(30, "", "fifteen photon lifetimes"),
    holdDuration: assumed(20, "", "long enough to see breathing"),
    attempts: assumed(5, "", "one start in twenty gives another pattern"),
  },
  link: {
    upLinkKm: published(185, "km", NATURE),
    downLinkKm: assumed(0.05, "km", "published only as short for nine of the ten pairs"),
    longDownLinkKm: published(60, "km", `${NATURE}, clients A5 and B5`),
    lengthDifferenceKm: assumed(0.5, "km", "spools of one order, matched to half a kilometre"),
    lossDbPerKm: assumed(0.165, "dB/km", "low-loss fibre; not published"),
    receiverLossDb: assumed(2.3, "dB", "beam splitter, demultiplexer, filters and polarisation control"),
    driftRate: published(2871, "rad/s", `${NATURE}: 2.871 rad/ms before the two-colour difference`),
    spoolFitDriftRate: derived(spoolDriftRate(370), "rad/s", "power law through Zhou et al., arXiv:2212.14190"),
    residualDriftRate: published(33, "rad/s", `${NATURE}: 0.033 rad/ms after the two-colour difference`),
    referenceLineOffset: assumed(10, "", "lines between the quantum and the reference colour"),
  },
  timing: {
    clockHz: assumed(500e6, "Hz", "effective rate of quantum slots; as Zhou et al., arXiv:2208.09347"),
    pulseWidthPs: assumed(250, "ps", "pulses well inside a 2 ns slot"),
  },
  detector: {
    efficiency: assumed(0.6, "", "as Zhou et al., arXiv:2208.09347; with the receiver's loss 0.35 in all"),
    darkCountRateHz: assumed(8, "Hz", "cooled, filtered nanowire detector"),
    jitterPs: assumed(30, "ps", "typical nanowire detector with its electronics"),
    deadTimeNs: assumed(30, "ns", "typical nanowire detector"),
    gateWidthPs: assumed(700, "ps", "keeps 99.7 % of the clicks of a pulse"),
  },
  strayLight: {
    otherChannelCountRateHz: assumed(3e6, "Hz", "references and pulses of one colour, unfiltered"),
    adjacentIsolationDb: assumed(64, "dB", "two demultiplexers in series"),
    fartherIsolationDb: assumed(70, "dB", "the same"),
  },
  tracking: {
    fastWindowSeconds: published(1e-4, "s", `${NATURE}: interference sampled at 10 kHz`),
    fastCountRateHz: assumed(2e6, "Hz", "reference light as bright as the detectors bear"),
    slowWindowSeconds: assumed(5e-3, "s", "the two-colour difference drifts 87 times slower"),
    slowCountRateHz: assumed(1e5, "Hz", "references in the quantum colour, kept dim for their scattering"),
    referenceVisibility: assumed(0.96, "", "as the receiver's contrast and the pulses' overlap allow"),
  },
  receiver: {
    extinctionDb: assumed(17.4, "dB", "beam splitter and polarisation control of the server"),
  },
  wafer: {
    chips: published(24, "", NATURE),
    diameterMm: published(76.2, "mm", `${NATURE}: 3-inch wafer`),
    correlationLengthMm: assumed(20, "mm", "layer thickness varies over centimetres"),
    modulatorsPerChip: derived(5, "", "120 modulators on 24 chips"),
    spareModulators: assumed(1, "", "one modulator of the cascade can stay open"),
    modulatorYield: published(0.975, "", `${NATURE}: 117 of 120, as quoted in secondary accounts`),
    intensityAccuracy: assumed(0.006, "", "as steady as the comb's published 0.6 % over 12 h"),
    spreads: {
      extinctionDb: spread(assumed(45, "dB", "two modulators of 22.5 dB in cascade"), -0.5, 0.6, 0.8, PROCESS),
      phaseScaleError: spread(assumed(0, "", "calibrated half-wave voltage"), 0, 0.005, 0.012, PROCESS),
      phaseSettlingRad: spread(assumed(0.1, "rad", "settling and drive noise"), 0, 0.006, 0.01, PROCESS),
      pulseWidthPs: spread(assumed(250, "ps", "as the clock"), 0, 5, 10, PROCESS),
      pulseOffsetPs: spread(assumed(0, "ps", "slots aligned at the server"), 0, 0, 8, INSTALLATION),
      polarisationAzimuth: spread(assumed(0, "rad", "aligned at the server"), 0, 0, 0.034, INSTALLATION),
      polarisationEllipticity: spread(assumed(0, "rad", "aligned at the server"), 0, 0, 0.034, INSTALLATION),
      freeLinewidthHz: spread(published(1e6, "Hz", `${NATURE}: MHz-class`), 1e5, 1e5, 1e5, PROCESS),
      injectionCouplingDb: spread(assumed(0, "dB", "as designed"), 0, 0.4, 0.9, PROCESS),
      tuningErrorHz: spread(assumed(0, "Hz", "tuned to the middle of the locking range"), 0, 0, 25e6, INSTALLATION),
    },
  },
  specification: {
    largestPulseWidthPs: assumed(300, "ps", "well inside the gate"),
    largestFreeLinewidthHz: assumed(2e6, "Hz", "twice the design"),
    smallestLockRangeHz: assumed(1e8, "Hz", "four standard deviations of the laser's tuning"),
  },
} as const;

/** Plain values of a device preset. */
export type DeviceValues = ValuesOf<typeof WEIMING_DEVICES>;
