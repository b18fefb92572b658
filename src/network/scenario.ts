/**
 * Scenario files: everything that decides a run, with units in the names, checked before any work starts.
 *
 * @module
 */
import { z } from "zod";
import { invalid, TwincombError } from "../errors.ts";
import { describeIssue, refusal } from "./scenario-messages.ts";

/** Format of scenario files; raised when an older file would be read differently. */
export const SCENARIO_VERSION = 1;

const probability = (what: string) => z.number().min(0).max(1).describe(what);
const between = (minimum: number, maximum: number, what: string) => z.number().min(minimum).max(maximum).describe(what);
const whole = (minimum: number, maximum: number, what: string) => z.int().min(minimum).max(maximum).describe(what);

const spread = (what: string) =>
  z
    .strictObject({
      mean: z.number().describe("design value"),
      radial: z.number().describe("change from the wafer's centre to its edge"),
      correlated: z.number().min(0).describe("standard deviation of the part that neighbouring chips share"),
      white: z.number().min(0).describe("standard deviation from chip to chip"),
    })
    .describe(what);

const comb = z
  .strictObject({
    pumpWavelengthNm: between(400, 5000, "vacuum wavelength of the pumped line, nm"),
    spacingGhz: between(1, 1e4, "line spacing, GHz"),
    linewidthHz: between(0, 1e9, "linewidth of a comb line, Hz"),
  })
  .describe("the microcomb at the centre");

const fibre = z
  .strictObject({
    lossDbPerKm: between(0, 1000, "attenuation, dB/km"),
    receiverLossDb: between(0, 1000, "loss between fibre and detectors: demultiplexer, beam splitter, filters, dB"),
    driftRadPerSecond: between(0, 1e6, "RMS drift of the relative phase of two arms, rad/s"),
    residualDriftRadPerSecond: between(0, 1e6, "RMS drift left by the difference of two colours, rad/s"),
    lengthMismatchKm: between(0, 10_000, "difference of nominally equal lengths of two clients' fibres, km"),
    referenceLineOffset: whole(-10_000, 10_000, "comb lines between the quantum and the reference colour"),
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
    otherChannels: whole(0, 10_000, "other colours that are on in the same fibre"),
    otherChannelCountRateHz: between(0, 1e12, "count rate that one other colour would cause unfiltered, Hz"),
    isolationDb: between(0, 300, "isolation against another colour, dB"),
  })
  .describe("light that does not belong in a quantum slot");

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
      extinctionDb: spread("extinction of the intensity modulators, dB"),
      phaseScaleError: spread("relative error of the calibrated half-wave voltage"),
      phaseSettlingRad: spread("RMS error of the modulated phase, rad"),
      pulseWidthPs: spread("pulse width, ps"),
      pulseOffsetPs: spread("offset of the pulse from its slot's centre, ps"),
      polarisationAzimuth: spread("azimuth of the polarisation at the beam splitter, rad"),
      polarisationEllipticity: spread("ellipticity of the polarisation at the beam splitter, rad"),
      freeLinewidthHz: spread("linewidth of the free-running client laser, Hz"),
      lockCornerHz: spread("corner frequency of the injection lock, Hz"),
    }),
  })
  .describe("the wafer that the clients' chips are taken from");

const protocol = z
  .strictObject({
    zSend: between(1e-6, 1, "photons per pulse when sending in a Z window"),
    x1: between(1e-6, 1, "photons per pulse of the weaker decoy"),
    x2: between(1e-6, 1, "photons per pulse of the stronger decoy"),
    zWindowProbability: probability("probability of a Z window"),
    sendProbability: probability("probability of sending within a Z window"),
    x0Probability: probability("probability of vacuum within an X window"),
    x1Probability: probability("probability of the weaker decoy within an X window; the stronger one has the rest"),
    sliceWidthRad: between(1e-3, Math.PI, "full width of each of the two accepted phase slices, rad"),
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
  line: whole(-10_000, 10_000, "comb line that carries their pulses, counted from the pump"),
});

/** The schema that scenario files are held against. */
export const scenarioSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(SCENARIO_VERSION).describe("format of the file"),
    name: z.string().min(1).max(200),
    seed: z.string().max(1000).describe("seed of every random number; any text"),
    pulses: whole(1, Number.MAX_SAFE_INTEGER, "quantum slots of each pair"),
    comb,
    fibre,
    clock,
    detector,
    strayLight,
    tracking,
    receiver,
    wafer,
    protocol,
    security,
    clients: z.array(client).min(2).max(4096),
    pairs: z.array(pair).min(1).max(100_000),
  })
  .describe("A star network of twin-field QKD users seeded by one microcomb");

/** A complete scenario. */
export type Scenario = z.infer<typeof scenarioSchema>;

/** One client of a scenario. */
export type Client = Scenario["clients"][number];

/** The JSON Schema (draft 2020-12) of scenario files. */
export function scenarioJsonSchema(): object {
  return z.toJSONSchema(scenarioSchema);
}

/**
 * Checks a scenario.
 *
 * @param input - an object, usually read from JSON
 * @returns the scenario
 * @throws {@link TwincombError} `invalid-input` that names every value at fault, what was expected and the next step
 */
export function parseScenario(input: unknown): Scenario {
  const parsed = scenarioSchema.safeParse(input);
  if (!parsed.success) {
    const issues = parsed.error.issues.flatMap((issue) => describeIssue(issue, input, scenarioSchema));
    const [first] = issues;
    throw new TwincombError("invalid-input", refusal(issues, "scenario"), {
      parameter: first!.path,
      value: first!.value,
      expected: first!.expected,
    });
  }
  return consistent(parsed.data);
}

/** What no single value can be blamed for alone. */
function consistent(scenario: Scenario): Scenario {
  const { protocol, clients, pairs, wafer, clock, detector, security } = scenario;
  const names = new Set<string>();
  clients.forEach(({ name }, i) => {
    if (names.has(name)) throw invalid(`clients.${i}.name`, name, "a name that no other client has");
    names.add(name);
  });
  pairs.forEach(({ alice, bob }, i) => {
    if (!names.has(alice)) throw invalid(`pairs.${i}.alice`, alice, "the name of a client");
    if (!names.has(bob) || bob === alice) throw invalid(`pairs.${i}.bob`, bob, "the name of another client");
  });
  if (clients.length > wafer.chips) {
    throw invalid("wafer.chips", wafer.chips, `at least as many chips as clients (${clients.length})`);
  }
  if (protocol.x0Probability + protocol.x1Probability > 1) {
    throw invalid("protocol.x1Probability", protocol.x1Probability, `at most ${1 - protocol.x0Probability}`);
  }
  if (protocol.x2 <= protocol.x1) throw invalid("protocol.x2", protocol.x2, `more than x1 (${protocol.x1})`);
  if (protocol.pairing === "none" && security.sampleFraction === 0) {
    throw invalid("security.sampleFraction", 0, "a sample of raw bits, which keys without pairing need");
  }
  const slotPs = 1e12 / clock.slotRateHz;
  if (detector.gateWidthPs > slotPs) {
    throw invalid("detector.gateWidthPs", detector.gateWidthPs, `at most a slot (${slotPs} ps)`);
  }
  return scenario;
}
