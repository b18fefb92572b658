/**
 * Settings that make the longest key.
 *
 * The optimum of a point depends on that point alone: the search starts from fixed settings and from its own asymptotic
 * optimum, never from a neighbour (unless the caller hands one in as a further start).
 *
 * @module
 */
import { inRange } from "../errors.ts";
import { estimateSource } from "./estimate.ts";
import { expectedClasses, zGains } from "./expected-counts.ts";
import { DEFAULT_CORRECTION_EFFICIENCY, type Forecast, forecastPlain } from "./key-length.ts";
import { type LinkModel, validateLink } from "./link.ts";
import { minimise } from "./minimise.ts";
import type { ProtocolSettings, UserSettings } from "./settings.ts";

/** The eight free numbers of two equal users. */
export interface FreeSettings {
  /** Photons per pulse of `x1`. */
  readonly x1: number;
  /** Photons per pulse of `x2`. */
  readonly x2: number;
  /** Photons per pulse of `z-send`. */
  readonly zSend: number;
  /** Probability of a Z window. */
  readonly zWindow: number;
  /** Probability of sending in it. */
  readonly send: number;
  /** Probability of `x0` in an X window. */
  readonly p0: number;
  /** Probability of `x1` in an X window. */
  readonly p1: number;
  /** Full width of a phase slice, rad. */
  readonly sliceWidthRad: number;
}

/** What is fixed while settings are searched. */
export interface OptimiseOptions {
  /** $\xi$ of every bound; 0 for infinite data with four intensities. */
  readonly failureProbability: number;
  /** f of error correction; default 1.1. */
  readonly errorCorrectionEfficiency?: number;
  /** Extinction of the modulators, dB, below the brightest of their states; default `Infinity`. */
  readonly extinctionDb?: number;
  /** Share of Z-Z events disclosed as a sample; default 0. */
  readonly sampleFraction?: number;
  /** Further starts of the search. */
  readonly starts?: readonly FreeSettings[];
}

const logit = (p: number): number => Math.log(p / (1 - p));
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Free settings to unconstrained variables: logarithms and log-odds. */
export function toPoint(free: FreeSettings): Float64Array {
  return Float64Array.of(
    logit(free.x1 / free.x2),
    logit(free.x2),
    Math.log(free.zSend),
    logit(free.zWindow),
    logit(free.send),
    logit(free.p0),
    logit(free.p1 / (1 - free.p0)),
    logit(free.sliceWidthRad / Math.PI),
  );
}

/** Inverse of {@link toPoint}. */
export function fromPoint(point: Float64Array): FreeSettings {
  const x2 = logistic(point[1]!);
  const p0 = logistic(point[5]!);
  return {
    x1: x2 * logistic(point[0]!),
    x2,
    zSend: Math.min(10, Math.exp(point[2]!)),
    zWindow: logistic(point[3]!),
    send: logistic(point[4]!),
    p0,
    p1: (1 - p0) * logistic(point[6]!),
    sliceWidthRad: Math.PI * logistic(point[7]!),
  };
}

/**
 * Settings of two equal users.
 *
 * @param free - the free numbers
 * @param extinctionDb - extinction of the modulators, dB, below the brightest of their states
 * @param sampleFraction - share of Z-Z events disclosed as a sample
 * @returns settings; Alice's and Bob's are one object
 */
export function symmetricSettings(
  free: FreeSettings,
  extinctionDb: number = Infinity,
  sampleFraction: number = 0,
): ProtocolSettings {
  const residue = Math.max(free.zSend, free.x2) * 10 ** (-extinctionDb / 10);
  const user: UserSettings = {
    intensities: { zSend: free.zSend, zNot: residue, x0: residue, x1: free.x1, x2: free.x2 },
    probabilities: {
      zWindow: free.zWindow,
      send: free.send,
      x0: free.p0,
      x1: free.p1,
      x2: Math.max(0, 1 - free.p0 - free.p1),
    },
  };
  return sampleFraction === 0
    ? { alice: user, bob: user, sliceWidthRad: free.sliceWidthRad }
    : { alice: user, bob: user, sliceWidthRad: free.sliceWidthRad, sampleFraction };
}

/** Fixed starts of the plain protocol: long links with few counts, and short ones with many. */
const PLAIN_STARTS: readonly FreeSettings[] = [
  { x1: 0.06, x2: 0.33, zSend: 0.42, zWindow: 0.85, send: 0.045, p0: 0.1, p1: 0.85, sliceWidthRad: 0.45 },
  { x1: 0.03, x2: 0.3, zSend: 0.45, zWindow: 0.95, send: 0.05, p0: 0.25, p1: 0.6, sliceWidthRad: 0.3 },
  { x1: 0.12, x2: 0.5, zSend: 0.4, zWindow: 0.6, send: 0.05, p0: 0.05, p1: 0.92, sliceWidthRad: 0.7 },
];

/** Bit error rate of raw Z-Z bits, $E=(D+V)/(C_A+C_B+D+V)$, from a link model. */
export function expectedRawErrorRate(settings: ProtocolSettings, link: LinkModel): number {
  const z = zGains(settings, link);
  const eA = settings.alice.probabilities.send;
  const eB = settings.bob.probabilities.send;
  const wrong = eA * eB * z.both + (1 - eA) * (1 - eB) * z.neither;
  return wrong / (wrong + eA * (1 - eB) * z.onlyAlice + (1 - eA) * eB * z.onlyBob);
}

/** A forecast of the plain protocol for a link model. */
export function forecastPlainLink(
  settings: ProtocolSettings,
  link: LinkModel,
  pulses: number,
  failureProbability: number,
  efficiency: number,
): Forecast {
  const classes = expectedClasses(settings, link, pulses);
  const source = estimateSource(settings);
  return forecastPlain(source, classes, expectedRawErrorRate(settings, link), failureProbability, efficiency);
}

/** Settings found by a search. */
export interface OptimisedSettings {
  /** The settings. */
  readonly settings: ProtocolSettings;
  /** The free numbers behind them. */
  readonly free: FreeSettings;
  /** Key bits per pulse, >= 0. */
  readonly keyRatePerPulse: number;
  /** Evaluations of the key length. */
  readonly evaluations: number;
}

/** Evaluations of a first descent from one start. */
const FIRST_DESCENT = 400;
/** Evaluations of the last descent from the best point. */
const LAST_DESCENT = 700;

/**
 * Maximises a key rate over the free settings: short descents from every start, then a restart from the best of them.
 *
 * @param rate - key bits per pulse, negative allowed
 * @param starts - where to begin
 * @returns the best free settings with their rate
 */
export function maximiseRate(
  rate: (free: FreeSettings) => number,
  starts: readonly FreeSettings[],
): { readonly free: FreeSettings; readonly rate: number; readonly evaluations: number } {
  // Rates span ten decades; the scale of the first start makes tolerances relative.
  let scale = Math.max(...starts.map((start) => Math.abs(rate(start))), 1e-300);
  const cost = (point: Float64Array): number => -rate(fromPoint(point)) / scale;
  let best: { point: Float64Array; value: number } | undefined;
  let evaluations = starts.length;
  for (const start of starts) {
    const found = minimise(cost, toPoint(start), { step: 0.25, tolerance: 1e-5, evaluations: FIRST_DESCENT });
    evaluations += found.evaluations;
    if (best === undefined || found.value < best.value) best = found;
  }
  let point = best!.point;
  for (let round = 0; round < 2; round++) {
    scale = Math.max(Math.abs(rate(fromPoint(point))), 1e-300);
    const found = minimise(cost, point, {
      step: round === 0 ? 0.15 : -0.08,
      tolerance: 1e-7,
      evaluations: LAST_DESCENT,
    });
    evaluations += found.evaluations;
    point = found.point;
  }
  const free = fromPoint(point);
  return { free, rate: rate(free), evaluations };
}

/**
 * Best settings of plain sending-or-not-sending for equal users.
 *
 * @param link - channel, detectors, phase
 * @param pulses - quantum slots
 * @param options - failure probability, error correction, extinction
 * @returns settings and their key rate
 * @throws {@link TwincombError} `invalid-input` when an argument is out of range
 */
export function optimisePlain(link: LinkModel, pulses: number, options: OptimiseOptions): OptimisedSettings {
  validateLink(link);
  inRange("pulses", pulses, 1, 1e30);
  const xi = inRange("failureProbability", options.failureProbability, 0, 0.5);
  const efficiency = options.errorCorrectionEfficiency ?? DEFAULT_CORRECTION_EFFICIENCY;
  const extinction = options.extinctionDb ?? Infinity;
  const sample = options.sampleFraction ?? 0;
  const make = (free: FreeSettings): ProtocolSettings => symmetricSettings(free, extinction, sample);
  const rate = (free: FreeSettings): number =>
    forecastPlainLink(make(free), link, pulses, xi, efficiency).bits / pulses;
  const best = maximiseRate(rate, [...PLAIN_STARTS, ...(options.starts ?? [])]);
  return {
    settings: make(best.free),
    free: best.free,
    keyRatePerPulse: Math.max(0, best.rate),
    evaluations: best.evaluations,
  };
}
