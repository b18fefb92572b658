/**
 * The schema of scenario files, section by section: every key with its meaning, unit and range.
 *
 * @module
 */
import * as z from "zod";

// Compiled validators need a right that pages with a strict content policy do not give.
z.config({ jitless: true });

/** Format of scenario files; raised when an older file would be read differently. */
export const SCENARIO_VERSION = 1;

const probability = (what: string) => z.number().min(0).max(1).describe(what);
const between = (minimum: number, maximum: number, what: string) => z.number().min(minimum).max(maximum).describe(what);
const chance = (what: string) => between(1e-6, 1 - 1e-6, what);
const whole = (minimum: number, maximum: number, what: string) => z.int().min(minimum).max(maximum).describe(what);
const line = (what: string) => whole(-10_000, 10_000, what);

/** A property of chips: its design value lies between the first two numbers, none of its spreads beyond the third. */
const spread = (minimum: number, maximum: number, largest: number, what: string) =>
  z
    .strictObject({
      mean: between(minimum, maximum, "design value"),
      radial: between(-largest, largest, "change from the wafer's centre to its edge"),
      correlated: between(0, largest, "standard deviation of the part that neighbouring chips share"),
      white: between(0, largest, "standard deviation from chip to chip"),
    })
    .describe(what);

const microcomb = z
  .strictObject({
    ring: z
      .strictObject({
        intrinsicQ: between(1e3, 1e12, "intrinsic quality factor"),
        couplingShare: between(0.001, 0.999, "share of the loss that goes to the bus; 0.5 is critical coupling"),
        groupIndex: between(1, 10, "group index"),
        refractiveIndex: between(1, 10, "effective refractive index"),
        kerrIndexM2PerW: between(1e-24, 1e-12, "effective Kerr index, m^2/W"),
        modeAreaUm2: between(1e-3, 1e6, "effective mode area, um^2"),
        beta2Ps2PerKm: between(-1e6, 1e6, "group-velocity dispersion, ps^2/km; positive is normal"),
        backscatter: between(1e-3, 100, "splitting of the pumped resonance by backscattering, in linewidths"),
        temperatureKelvin: between(0, 1000, "temperature, K"),
        thermalCornerHz: between(1, 1e9, "corner of the thermorefractive noise, Hz"),
      })
      .describe("the ring"),
    pumpLaser: z
      .strictObject({
        powerMilliwatts: between(0, 1e5, "pump power in the bus, mW"),
        freeLinewidthHz: between(0, 1e12, "linewidth of the free-running laser, Hz"),
        laserQ: between(1, 1e12, "quality factor of its cavity"),
        linewidthEnhancement: between(0, 100, "linewidth enhancement factor"),
        couplingLossDb: between(0, 100, "loss from laser to ring, one way, dB"),
        feedbackPhaseRad: between(-10, 10, "phase of the light that returns from the ring, rad"),
        responseRate: between(0.1, 1e4, "rate at which the laser follows, in half linewidths of the ring"),
      })
      .describe("the pump laser, locked to the ring by the light that it scatters back"),
    start: z
      .strictObject({
        detuningHalfLinewidths: between(
          -1000,
          1000,
          "where the tuning of the free laser ends, in half linewidths of the ring below the resonance",
        ),
        rampLifetimes: between(1, 1e5, "duration of the tuning, in lifetimes of the ring's field"),
        settleLifetimes: between(0, 1e5, "wait after it, in the same unit"),
        holdLifetimes: between(1, 1e5, "time over which the lines are watched, in the same unit"),
        attempts: whole(1, 100, "most starts until a dark pulse forms"),
      })
      .describe("how the comb is started"),
  })
  .describe("a microcomb that is started by simulation");

const measured = z
  .strictObject({
    linewidthHz: between(0, 1e9, "linewidth of its lines, Hz"),
    lines: z
      .array(
        z.strictObject({
          line: line("number of the line, counted from the pump"),
          dbm: between(-200, 60, "its power, dBm"),
        }),
      )
      .min(1)
      .max(10_000)
      .describe("the lines that can be used"),
  })
  .describe("somebody's own comb, as measured");

const comb = z
  .strictObject({
    pumpWavelengthNm: between(400, 5000, "vacuum wavelength of the pumped line, nm"),
    spacingGhz: between(1, 1e4, "line spacing, GHz"),
    microcomb: microcomb.optional(),
    measured: measured.optional(),
  })
  .describe("the comb at the centre: either a microcomb or a measured one");

const distribution = z
  .strictObject({
    insertionLossDb: between(0, 200, "loss from the comb into a client's cavity besides fibre, splitter included, dB"),
    adjacentIsolationDb: between(0, 300, "isolation of the demultiplexer against the next line, dB"),
    fartherIsolationDb: between(0, 300, "isolation against lines farther away, dB"),
    colourSpacingLines: whole(1, 1000, "least distance of colours that are chosen automatically, in lines"),
  })
  .describe("how comb lines reach the clients");

const clientLaser = z
  .strictObject({
    cavityLengthUm: between(1, 1e6, "length of the cavity, um"),
    groupIndex: between(1, 10, "group index"),
    linewidthEnhancement: between(0, 100, "linewidth enhancement factor"),
    cavityMilliwatts: between(1e-6, 1e4, "light inside the cavity, mW"),
  })
  .describe("every client's laser, which follows the comb line injected into it");

const fibre = z
  .strictObject({
    lossDbPerKm: between(0, 1000, "attenuation, dB/km"),
    receiverLossDb: between(0, 1000, "loss between fibre and detectors: demultiplexer, beam splitter, filters, dB"),
    driftRadPerSecond: between(0, 1e6, "RMS drift of the relative phase of two arms, rad/s"),
    residualDriftRadPerSecond: between(0, 1e6, "RMS drift left by the difference of two colours, rad/s"),
    lengthMismatchKm: between(0, 10_000, "difference of nominally equal lengths of two clients' fibres, km"),
    referenceLineOffset: line("comb lines between the quantum and the reference colour"),
  })
  .describe("the fibres between clients and server");

const clock = z
  .strictObject({
    slotRateHz: between(1e3, 1e12, "rate of all time slots, Hz"),
    quantumSlotsPerFrame: whole(1, 1e9, "quantum slots of a frame"),
    referenceSlotsPerFrame: whole(0, 1e9, "reference slots of a frame"),
    guardSlots: whole(0, 1e9, "dark slots on each side of the reference slots"),
    pulseWidthPs: between(1, 1e6, "pulse width, full width at half maximum, ps"),
  })
  .describe("slots and frames");

const detector = z
  .strictObject({
    efficiency: probability("detection efficiency"),
    darkCountRateHz: between(0, 1e9, "dark count rate, Hz"),
    jitterPs: between(0, 1e6, "standard deviation of the timing jitter, ps"),
    deadTimeNs: between(0, 1e9, "dead time after a click, ns"),
    gateWidthPs: between(1, 1e9, "width of the acceptance gate, ps"),
  })
  .describe("each of the two detectors of a pair");

const strayLight = z
  .strictObject({
    otherChannelCountRateHz: between(0, 1e12, "count rate that one other colour would cause unfiltered, Hz"),
    adjacentIsolationDb: between(0, 300, "isolation against the colours of the next lines, dB"),
    fartherIsolationDb: between(0, 300, "isolation against colours farther away, dB"),
  })
  .describe("light of the other pairs that are on in the same round");

const tracking = z
  .strictObject({
    fastWindowSeconds: between(1e-9, 1, "sampling period of the loop on the reference colour, s"),
    fastCountRateHz: between(1, 1e12, "its count rate, Hz"),
    slowWindowSeconds: between(1e-9, 10, "sampling period of the loop on the quantum colour, s"),
    slowCountRateHz: between(1, 1e12, "its count rate, Hz"),
    referenceVisibility: between(0.01, 1, "contrast of the reference light"),
  })
  .describe("the two loops that track the relative phase");

const receiver = z
  .strictObject({ extinctionDb: between(0, 300, "bright to dark port of the server's interferometer, dB") })
  .describe("the server's interferometer");

const wafer = z
  .strictObject({
    chips: whole(1, 4096, "chips on the wafer"),
    diameterMm: between(1, 1000, "wafer diameter, mm"),
    correlationLengthMm: between(1e-3, 1e6, "correlation length of the process, mm"),
    modulatorsPerChip: whole(1, 1000, "modulators of a chip"),
    spareModulators: whole(0, 1000, "modulators that a transmitter can do without"),
    modulatorYield: probability("probability that a modulator works"),
    intensityAccuracy: between(0, 0.5, "half-width of the interval to which each intensity is calibrated, relative"),
    spreads: z.strictObject({
      extinctionDb: spread(1, 300, 100, "extinction of the intensity modulators, dB"),
      phaseScaleError: spread(-0.1, 0.1, 0.05, "relative error of the calibrated half-wave voltage"),
      phaseSettlingRad: spread(1e-9, 3, 1, "RMS error of the modulated phase, rad"),
      pulseWidthPs: spread(1, 1e6, 1e6, "pulse width, ps"),
      pulseOffsetPs: spread(-1e6, 1e6, 1e6, "offset of the pulse from its slot's centre, ps"),
      polarisationAzimuth: spread(-Math.PI, Math.PI, 1, "azimuth of the polarisation at the beam splitter, rad"),
      polarisationEllipticity: spread(
        -Math.PI,
        Math.PI,
        1,
        "ellipticity of the polarisation at the beam splitter, rad",
      ),
      freeLinewidthHz: spread(1e-3, 1e12, 1e12, "linewidth of the free-running client laser, Hz"),
      injectionCouplingDb: spread(
        -100,
        100,
        100,
        "coupling of the injected light into the cavity against the design, dB",
      ),
      tuningErrorHz: spread(-1e12, 1e12, 1e12, "distance of the free-running laser from where it was tuned to, Hz"),
    }),
  })
  .describe("the wafer that the clients' chips are taken from");

const specification = z
  .strictObject({
    largestPulseWidthPs: between(1, 1e6, "longest pulse, full width at half maximum, ps"),
    largestFreeLinewidthHz: between(0, 1e12, "broadest free-running laser, Hz"),
    smallestLockRangeHz: between(0, 1e12, "least width of the stable lock to the client's comb line, Hz"),
  })
  .describe("what every client's chip must reach, fixed before the first measurement; others are replaced");

const settings = {
  zSend: between(1e-6, 1, "photons per pulse when sending in a Z window"),
  x1: between(1e-6, 0.9, "photons per pulse of the weaker decoy"),
  x2: between(1e-6, 0.9, "photons per pulse of the stronger decoy"),
  zWindowProbability: chance("probability of a Z window"),
  sendProbability: chance("probability of sending within a Z window"),
  x0Probability: chance("probability of vacuum within an X window"),
  x1Probability: chance("probability of the weaker decoy within an X window; the stronger one has the rest"),
  sliceWidthRad: between(1e-3, Math.PI, "full width of each of the two accepted phase slices, rad"),
};

const bobSettings = z
  .strictObject({
    zSend: settings.zSend,
    x2: settings.x2,
    sendProbability: settings.sendProbability,
  })
  .describe("what the second user does otherwise where arms differ; x1 follows from the security condition");

const protocol = z
  .strictObject({
    ...settings,
    pairing: z
      .enum(["none", "active", "random"])
      .describe("odd-parity pairing of raw bits: none, chosen by Bob from his bits, or at random"),
    extinctionDb: between(3, 300, "extinction that every client must reach, dB; the declared residue follows from it"),
  })
  .describe("what every client declares to do: four-intensity sending-or-not-sending");

const security = z
  .strictObject({
    failureProbability: between(1e-300, 0.1, "failure probability of each bound and of each step"),
    sampleFraction: between(0, 0.5, "share of raw bits disclosed to learn the error rate"),
  })
  .describe("finite-key security");

const client = z.strictObject({
  name: z.string().min(1).max(100),
  upLinkKm: between(0, 10_000, "fibre from the client to the server, km"),
  downLinkKm: between(0, 10_000, "fibre that brings the reference light, km"),
});

const pair = z.strictObject({
  alice: z.string().min(1).describe("name of one client"),
  bob: z.string().min(1).describe("name of the other"),
  line: line("comb line that carries their pulses, counted from the pump; chosen by power unless given").optional(),
  round: whole(1, 1e6, "round in which the pair runs, 1 unless given").optional(),
  settings: z
    .strictObject({ ...settings, bob: bobSettings.optional() })
    .describe("what this pair declares instead of the protocol's settings")
    .optional(),
});

const schedule = z
  .strictObject({
    schedule: z.enum(["round-robin"]).describe("everyone meets everyone, in rounds in which nobody is asked twice"),
  })
  .describe("pairs by a rule");

/** The schema that scenario files are held against. */
export const scenarioSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(SCENARIO_VERSION).describe("format of the file"),
    name: z.string().min(1).max(200),
    seed: z.string().max(1000).describe("seed of every random number; any text"),
    pulses: whole(1, Number.MAX_SAFE_INTEGER, "quantum slots of each pair; rounds share them equally"),
    comb,
    distribution,
    clientLaser,
    fibre,
    clock,
    detector,
    strayLight,
    tracking,
    receiver,
    wafer,
    specification,
    protocol,
    security,
    clients: z.array(client).min(2).max(4096),
    pairs: z.union([z.array(pair).min(1).max(100_000), schedule]).describe("a list of pairs, or a schedule"),
  })
  .describe("A star network of twin-field QKD users seeded by one comb");

/** The JSON Schema (draft 2020-12) of scenario files. */
export function scenarioJsonSchema(): object {
  return z.toJSONSchema(scenarioSchema);
}
