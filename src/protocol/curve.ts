/**
 * Key rate against distance, and break-even values: what stands behind `twincomb rate` and `twincomb tolerance`.
 *
 * @module
 */
import { inRange, invalid, wholeInRange } from "../errors.ts";
import { fibreTransmittance, plob } from "./capacity.ts";
import type { FreeSettings } from "./free-settings.ts";
import { DEFAULT_CORRECTION_EFFICIENCY } from "./key-length.ts";
import { type LinkModel, symmetricLink } from "./link.ts";
import { optimise, optimiseAsymptotic } from "./optimise.ts";
import type { PairingKind } from "./pairing.ts";
import { type RivalName, rivalRate } from "./rivals.ts";

/** Protocols that can be compared. */
export type ProtocolName = "sns" | "sns-oper" | "sns-aopp" | RivalName;

/** All of them, in the order of help texts. */
export const PROTOCOL_NAMES: readonly ProtocolName[] = [
  "sns",
  "sns-oper",
  "sns-aopp",
  "bb84",
  "mdi",
  "pm",
  "cal",
  "mode-pairing",
];

const PAIRINGS: Partial<Record<ProtocolName, PairingKind | "none">> = {
  sns: "none",
  "sns-oper": "random",
  "sns-aopp": "active",
};

/** Whether a protocol has a finite-key formula here. @param name - protocol @returns true for sending-or-not-sending */
export function hasFiniteKey(name: ProtocolName): boolean {
  return PAIRINGS[name] !== undefined;
}

/** A link of two equal arms that grows with the distance. */
export interface CurveLink {
  /** Fibre attenuation, dB/km. */
  readonly lossDbPerKm: number;
  /** Receiver efficiency, detector included, in [0, 1]. */
  readonly detectorEfficiency: number;
  /** Noise probability per detector and slot. */
  readonly darkCountProbability: number;
  /** $e_d$ of the interference, slice width excluded, in [0, 1/2]. */
  readonly misalignment: number;
  /** Residual phase variance, rad^2; default 0. */
  readonly phaseVarianceRad2?: number;
}

/** How a curve is computed. */
export interface CurveOptions {
  /** f of error correction; default 1.1. */
  readonly errorCorrectionEfficiency?: number;
  /** Quantum slots N; `undefined` for infinite data. */
  readonly pulses?: number;
  /** $\xi$ of every bound; default 1e-10. */
  readonly failureProbability?: number;
  /** Extinction of the modulators, dB; default `Infinity`. */
  readonly extinctionDb?: number;
  /** Intensities per user, 3 or 4; default 4. */
  readonly intensities?: 3 | 4;
  /** Longest distance of a mode pair, slots. */
  readonly pairingLength?: number;
  /** Called after each distance; may throw to stop. */
  readonly onPoint?: (done: number, total: number) => void;
}

/** One point of one curve. */
export interface RateRow {
  /** Distance between the users, km. */
  readonly distanceKm: number;
  /** Protocol. */
  readonly protocol: ProtocolName;
  /** Key bits per pulse pair, >= 0. */
  readonly keyRatePerPulse: number;
  /** Absolute PLOB bound of the fibre, bits per pulse; null where it is infinite. */
  readonly plobPerPulse: number | null;
  /** Ratio of the two; 0 where the bound is infinite. */
  readonly ratioToPlob: number;
  /** The settings behind the rate. */
  readonly settings: Readonly<Record<string, number>>;
}

/**
 * A link of a curve at one distance.
 *
 * @param link - what does not depend on the distance
 * @param distanceKm - distance between the users, km
 * @returns two equal arms
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function linkAt(link: CurveLink, distanceKm: number): LinkModel {
  return symmetricLink({
    transmittance: fibreTransmittance(distanceKm, link.lossDbPerKm),
    detectorEfficiency: link.detectorEfficiency,
    noiseProbability: link.darkCountProbability,
    misalignment: link.misalignment,
    phaseVarianceRad2: link.phaseVarianceRad2 ?? 0,
  });
}

/**
 * Optimised key rates of several protocols at several distances.
 *
 * Each curve is walked in order of distance and a point's optimum is offered to its neighbour as one more start, so a longer
 * curve can only improve a point.
 *
 * @param protocols - protocols, each once
 * @param distancesKm - distances, km, in any order
 * @param link - fibre, detectors, phase
 * @param options - pulses, failure probability, error correction
 * @returns rows, ordered as the distances were given and then by protocol
 * @throws {@link TwincombError} `invalid-input` when a value is out of range, or a protocol without finite-key formula is asked
 *   for a finite number of pulses
 */
export function rateCurve(
  protocols: readonly ProtocolName[],
  distancesKm: readonly number[],
  link: CurveLink,
  options: CurveOptions = {},
): RateRow[] {
  const efficiency = inRange(
    "errorCorrectionEfficiency",
    options.errorCorrectionEfficiency ?? DEFAULT_CORRECTION_EFFICIENCY,
    0,
    100,
  );
  const { pulses } = options;
  if (pulses !== undefined) inRange("pulses", pulses, 1, 1e30);
  const xi = inRange("failureProbability", options.failureProbability ?? 1e-10, 1e-300, 0.5);
  for (const name of protocols) {
    if (!PROTOCOL_NAMES.includes(name)) throw invalid("protocol", name, `one of ${PROTOCOL_NAMES.join(", ")}`);
    if (pulses !== undefined && !hasFiniteKey(name)) {
      throw invalid(
        "protocol",
        name,
        "sns, sns-oper or sns-aopp with a finite number of pulses; --asymptotic for the others",
      );
    }
  }
  if (options.pairingLength !== undefined) wholeInRange("pairingLength", options.pairingLength, 1);
  const order = distancesKm.map((_, index) => index).sort((i, j) => distancesKm[i]! - distancesKm[j]! || i - j);
  const rows = new Map<string, RateRow>();
  const neighbours = new Map<ProtocolName, FreeSettings>();
  order.forEach((index, done) => {
    const distanceKm = inRange("distances", distancesKm[index]!, 0, 1e6);
    const here = linkAt(link, distanceKm);
    const bound = plob(fibreTransmittance(distanceKm, link.lossDbPerKm));
    for (const protocol of protocols) {
      const { rate, settings } = point(protocol, here, efficiency, xi, options, neighbours);
      rows.set(`${index} ${protocol}`, {
        distanceKm,
        protocol,
        keyRatePerPulse: rate,
        plobPerPulse: Number.isFinite(bound) ? bound : null,
        ratioToPlob: Number.isFinite(bound) && bound > 0 ? rate / bound : 0,
        settings,
      });
    }
    options.onPoint?.(done + 1, order.length);
  });
  return distancesKm.flatMap((_, index) => protocols.map((protocol) => rows.get(`${index} ${protocol}`)!));
}

/** Rate and settings of one protocol on one link. */
function point(
  protocol: ProtocolName,
  link: LinkModel,
  efficiency: number,
  xi: number,
  options: CurveOptions,
  neighbours: Map<ProtocolName, FreeSettings>,
): { rate: number; settings: Readonly<Record<string, number>> } {
  const pairing = PAIRINGS[protocol];
  if (pairing === undefined) {
    const found = rivalRate(protocol as RivalName, link, efficiency, options.pairingLength);
    return { rate: found.keyRatePerPulse, settings: { intensity: found.intensity } };
  }
  const common = {
    pairing,
    errorCorrectionEfficiency: efficiency,
    extinctionDb: options.extinctionDb ?? Infinity,
  } as const;
  if (options.pulses === undefined) {
    const found = optimiseAsymptotic(link, common);
    const { alice } = found.settings;
    return {
      rate: found.keyRatePerPulse,
      settings: { zSend: alice.intensities.zSend, send: alice.probabilities.send },
    };
  }
  const neighbour = neighbours.get(protocol);
  const found = optimise(link, options.pulses, {
    ...common,
    failureProbability: xi,
    ...(options.intensities === undefined ? {} : { intensities: options.intensities }),
    ...(neighbour === undefined ? {} : { starts: [neighbour] }),
  });
  if (found.keyRatePerPulse > 0) neighbours.set(protocol, found.free);
  return { rate: found.keyRatePerPulse, settings: numbersOf(found.free) };
}

/** The free numbers of equal users. */
function numbersOf(free: FreeSettings): Readonly<Record<string, number>> {
  const { bob: _, ...numbers } = free;
  return numbers;
}

/** A break-even value. */
export interface BreakEven {
  /** The value at which the target is met; the side of the bracket on which it is still met. */
  readonly value: number;
  /** Two values between which the target is crossed. */
  readonly bracket: readonly [number, number];
  /** Evaluations used. */
  readonly evaluations: number;
}

/** Points of the first scan for a crossing. */
const BREAK_EVEN_SCAN = 13;

/**
 * Finds where a quantity crosses a target as one number is varied.
 *
 * A scan over the range finds the first interval in which the answer changes, bisection narrows it; on a logarithmic scale
 * when both ends are positive and a decade or more apart. The quantity should be monotone over the range.
 *
 * @param holds - whether the target is met at a value
 * @param range - lowest and highest value
 * @param tolerance - relative width of the final bracket
 * @returns break-even value with bracket
 * @throws {@link TwincombError} `invalid-input` when the target is met, or missed, over the whole range
 */
export async function breakEven(
  holds: (value: number) => boolean | Promise<boolean>,
  range: readonly [number, number],
  tolerance: number = 1e-3,
): Promise<BreakEven> {
  const [from, to] = range;
  if (!(from < to)) throw invalid("range", `${from}, ${to}`, "lowest < highest");
  inRange("tolerance", tolerance, 1e-12, 1);
  const logarithmic = from > 0 && to >= 10 * from;
  const at = (t: number): number => (logarithmic ? from * (to / from) ** t : from + (to - from) * t);
  let evaluations = 1;
  let low = 0;
  const start = await holds(from);
  let high = Number.NaN;
  for (let k = 1; k < BREAK_EVEN_SCAN; k++) {
    const t = k / (BREAK_EVEN_SCAN - 1);
    evaluations++;
    if ((await holds(at(t))) !== start) {
      high = t;
      break;
    }
    low = t;
  }
  if (Number.isNaN(high)) {
    throw invalid("range", `${from}, ${to}`, `a range in which the target is ${start ? "missed" : "met"} somewhere`);
  }
  while (Math.abs(at(high) - at(low)) > tolerance * Math.max(Math.abs(at(high)), Math.abs(at(low)))) {
    const middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    evaluations++;
    if ((await holds(at(middle))) === start) low = middle;
    else high = middle;
  }
  return { value: start ? at(low) : at(high), bracket: [at(low), at(high)], evaluations };
}
