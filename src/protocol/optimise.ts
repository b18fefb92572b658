/**
 * Settings that make the longest key.
 *
 * The optimum of a point depends on that point alone: the search starts from fixed settings and from its own asymptotic
 * optimum, never from a neighbour (unless the caller hands one in as a further start).
 *
 * @module
 */
import { inRange } from "../errors.ts";
import { asymptoticRate } from "./asymptotic.ts";
import { estimateSource } from "./estimate.ts";
import { expectedClasses, expectedComposition } from "./expected-counts.ts";
import {
  type FreeSettings,
  type FreeShape,
  fromPoint,
  inOrder,
  intensityOf,
  logistic,
  logit,
  settingsFrom,
  toPoint,
} from "./free-settings.ts";
import {
  DEFAULT_CORRECTION_EFFICIENCY,
  type Forecast,
  type ForecastOptions,
  forecastPaired,
  forecastPlain,
} from "./key-length.ts";
import { type LinkModel, validateLink } from "./link.ts";
import { minimise } from "./minimise.ts";
import type { PairingKind } from "./pairing.ts";
import type { ProtocolSettings } from "./settings.ts";

/** Which sending-or-not-sending protocol is optimised. */
export interface ProtocolVariant {
  /** Pairing of raw bits; default `none`. */
  readonly pairing?: PairingKind | "none";
  /** Intensities per user, vacuum included; with three, `z-send` is the strongest decoy. Default 4. */
  readonly intensities?: 3 | 4;
}

/** What is fixed while settings are searched. */
export interface OptimiseOptions extends ProtocolVariant {
  /** $\xi$ of every bound; 0 for infinite data with the decoys at hand. */
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

/** Fixed starts: long links with few counts, and short ones with many. */
const STARTS: readonly FreeSettings[] = [
  { x1: 0.06, x2: 0.33, zSend: 0.45, zWindow: 0.87, send: 0.04, p0: 0.05, p1: 0.91, sliceWidthRad: 0.42 },
  { x1: 0.03, x2: 0.16, zSend: 0.46, zWindow: 0.96, send: 0.04, p0: 0.01, p1: 0.97, sliceWidthRad: 0.26 },
];

/** Three intensities need vacuum windows to meet `z-send`: that is where their strongest decoy is seen. */
const THREE_STARTS: readonly FreeSettings[] = [
  { x1: 0.07, x2: 0, zSend: 0.47, zWindow: 0.8, send: 0.1, p0: 0.15, p1: 0.85, sliceWidthRad: 0.42 },
  { x1: 0.03, x2: 0, zSend: 0.46, zWindow: 0.95, send: 0.1, p0: 0.05, p1: 0.95, sliceWidthRad: 0.26 },
];

/** Starts tried when all others end without key: bright decoys and wide slices for little data, few Z windows, dim signals. */
const LAST_RESORTS: readonly FreeSettings[] = [
  { x1: 0.15, x2: 0.5, zSend: 0.4, zWindow: 0.5, send: 0.05, p0: 0.15, p1: 0.75, sliceWidthRad: 0.8 },
  { x1: 0.3, x2: 0.7, zSend: 0.3, zWindow: 0.3, send: 0.1, p0: 0.2, p1: 0.6, sliceWidthRad: 1 },
  { x1: 0.1, x2: 0.35, zSend: 0.2, zWindow: 0.4, send: 0.02, p0: 0.3, p1: 0.5, sliceWidthRad: 0.6 },
  { x1: 0.05, x2: 0.25, zSend: 0.15, zWindow: 0.6, send: 0.1, p0: 0.15, p1: 0.75, sliceWidthRad: 0.5 },
  { x1: 0.02, x2: 0.1, zSend: 0.3, zWindow: 0.8, send: 0.03, p0: 0.1, p1: 0.8, sliceWidthRad: 0.3 },
];

/** Sending probability near which paired keys have their optimum. */
const PAIRED_SEND = 0.275;

/** A forecast for a link model. */
export function forecastLink(
  settings: ProtocolSettings,
  link: LinkModel,
  pulses: number,
  pairing: PairingKind | "none",
  options: ForecastOptions,
): Forecast {
  const classes = expectedClasses(settings, link, pulses);
  const source = estimateSource(settings);
  const bits = expectedComposition(settings, link, pulses * classes.key.probability);
  return pairing === "none"
    ? forecastPlain(source, classes, bits, options)
    : forecastPaired(source, classes, bits, pairing, options);
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

/** Arms whose transmittances differ by less than this, relative, are given equal users. */
const EQUAL_ARMS = 1e-6;
/** Rate of settings whose intensities are out of order: worse than any real one. */
const WORST_RATE = -10;

/** Evaluations of a first descent from one start. */
const FIRST_DESCENT = 350;
/** Evaluations of the last descents from the best point. */
const LAST_DESCENT = 700;

/** Variables of the result are multiples of this: 0.2 % of an intensity, far inside the flat top of the maximum. */
const GRID = 1 / 512;
/** Most that the rounding of the result may cost, relative; near the end of a link's reach it may cost more and is left out. */
const ROUNDING_COST = 1e-4;

/**
 * The point on the grid next to the maximum: engines whose logarithms differ in the last bit walk different ways to the same
 * maximum, and on the grid they meet again.
 */
function onGrid(point: Float64Array, rate: (point: Float64Array) => number): Float64Array {
  const rounded = point.map((x) => Math.round(x / GRID) * GRID);
  const best = rate(point);
  return rate(rounded) >= best - ROUNDING_COST * Math.abs(best) ? rounded : point;
}

/** Maximises a rate over a box of free variables: short descents from every start, then two from the best of them. */
function maximise(
  rate: (point: Float64Array) => number,
  starts: readonly Float64Array[],
  lastResorts: readonly Float64Array[] = [],
): { readonly point: Float64Array; readonly rate: number; readonly evaluations: number } {
  // Rates span ten decades: the best start's sets the scale, so that tolerances are relative.
  let scale = Math.max(...starts.map((start) => Math.abs(rate(start))), 1e-300);
  const cost = (point: Float64Array): number => -rate(point) / scale;
  let best: { point: Float64Array; value: number } | undefined;
  let evaluations = starts.length;
  const descend = (start: Float64Array): void => {
    const found = minimise(cost, start, { step: 0.25, tolerance: 1e-5, evaluations: FIRST_DESCENT });
    evaluations += found.evaluations;
    if (best === undefined || found.value < best.value) best = found;
  };
  starts.forEach(descend);
  if (!(best!.value < 0)) lastResorts.forEach(descend);
  let point = best!.point;
  for (const step of [0.15, -0.08]) {
    scale = Math.max(Math.abs(rate(point)), 1e-300);
    const found = minimise(cost, point, { step, tolerance: 1e-7, evaluations: LAST_DESCENT });
    evaluations += found.evaluations;
    point = found.point;
  }
  point = onGrid(point, rate);
  return { point, rate: rate(point), evaluations };
}

/**
 * Best settings of sending-or-not-sending: of two equal users where the arms are equal, else with Bob's own intensities and
 * sending probability.
 *
 * Deterministic, and within 0.5 % of the rate that a search from 25 further starts finds, over the whole space of links.
 *
 * @param link - channel, detectors, phase
 * @param pulses - quantum slots
 * @param options - variant, failure probability, error correction, extinction
 * @returns settings and their key rate
 * @throws {@link TwincombError} `invalid-input` when an argument is out of range
 */
export function optimise(link: LinkModel, pulses: number, options: OptimiseOptions): OptimisedSettings {
  validateLink(link);
  inRange("pulses", pulses, 1, 1e30);
  const pairing = options.pairing ?? "none";
  const armRatio = link.transmittanceAlice / link.transmittanceBob;
  const shape: FreeShape = {
    three: options.intensities === 3,
    unequal: Number.isFinite(armRatio) && armRatio > 0 && Math.abs(armRatio - 1) > EQUAL_ARMS,
  };
  const forecast: ForecastOptions = {
    failureProbability: inRange("failureProbability", options.failureProbability, 0, 0.5),
    efficiency: options.errorCorrectionEfficiency ?? DEFAULT_CORRECTION_EFFICIENCY,
  };
  const make = (free: FreeSettings): ProtocolSettings =>
    settingsFrom(free, options.extinctionDb ?? Infinity, options.sampleFraction ?? 0);
  const rate = (point: Float64Array): number => {
    const settings = make(fromPoint(point, shape));
    if (shape.unequal && !inOrder(settings)) return WORST_RATE;
    return forecastLink(settings, link, pulses, pairing, forecast).bits / pulses;
  };
  const suited = (start: FreeSettings): FreeSettings => (pairing === "none" ? start : { ...start, send: PAIRED_SEND });
  const fixed = (shape.three ? THREE_STARTS : STARTS).map(suited);
  const ideal = optimiseAsymptotic(link, options).settings.alice;
  const send = ideal.probabilities.send;
  const starts = [
    ...fixed,
    { ...fixed[0]!, zSend: ideal.intensities.zSend, send: shape.three ? Math.max(send, 0.02) : send },
  ];
  const points = (list: readonly FreeSettings[]): Float64Array[] =>
    list
      .flatMap((start) => (shape.unequal && start.bob === undefined ? [start, balanced(start, armRatio)] : [start]))
      .map((start) => toPoint(start, shape));
  const best = maximise(rate, points([...starts, ...(options.starts ?? [])]), points(LAST_RESORTS.map(suited)));
  const free = fromPoint(best.point, shape);
  return {
    settings: make(free),
    free,
    keyRatePerPulse: Math.max(0, best.rate),
    evaluations: best.evaluations,
  };
}

/**
 * A start for unequal arms: Bob's light is dimmed or brightened so that both users' x1 arrive alike, which makes the best
 * interference; his sending probability follows from the security condition.
 */
function balanced(start: FreeSettings, armRatio: number): FreeSettings {
  const zSend = start.zSend * Math.min(1.5, Math.sqrt(armRatio));
  const light = (start.zSend / zSend) * Math.exp(zSend - start.zSend);
  const odds = (start.send / (1 - start.send)) * armRatio * light;
  const x2 = Math.min(0.9, Math.max(start.x2 * armRatio, 2 * start.x1 * armRatio));
  return { ...start, bob: { zSend, send: odds / (1 + odds), x2 } };
}

/** Asymptotic optimum. */
export interface AsymptoticOptimum {
  /** Settings; only `zSend`, `zNot` and `send` matter. */
  readonly settings: ProtocolSettings;
  /** Key bits per pulse, >= 0. */
  readonly keyRatePerPulse: number;
}

/**
 * Best intensity and sending probability with infinite data.
 *
 * @param link - channel, detectors, phase
 * @param options - variant, error correction, extinction
 * @returns settings and their key rate
 * @throws {@link TwincombError} `invalid-input` when the link is out of range
 */
export function optimiseAsymptotic(
  link: LinkModel,
  options: Pick<OptimiseOptions, "pairing" | "errorCorrectionEfficiency" | "extinctionDb">,
): AsymptoticOptimum {
  validateLink(link);
  const pairing = options.pairing ?? "none";
  const efficiency = options.errorCorrectionEfficiency ?? DEFAULT_CORRECTION_EFFICIENCY;
  const base = STARTS[0]!;
  const make = (point: Float64Array): ProtocolSettings =>
    settingsFrom(
      { ...base, zSend: intensityOf(point[0]!, 10), send: logistic(point[1]!) },
      options.extinctionDb ?? Infinity,
    );
  const rate = (point: Float64Array): number => asymptoticRate(make(point), link, pairing, efficiency).rate;
  const starts = pairing === "none" ? [0.045, 0.01] : [PAIRED_SEND, 0.1];
  const best = maximise(
    rate,
    starts.map((send) => Float64Array.of(Math.log(0.45), logit(send))),
  );
  return { settings: make(best.point), keyRatePerPulse: Math.max(0, best.rate) };
}
