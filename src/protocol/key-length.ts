/**
 * How many secret bits a set of counts is worth.
 *
 * Plain: $N_f=n_1[1-h(e_1^{ph})]-\text{leak}-\dots$; with odd-parity pairing the same with $n_1'$, $e_1'^{ph}$ and the leak of the
 * paired bits. The fixed terms and the epsilons are those of the account.
 *
 * @module
 */
import { inRange, invalid } from "../errors.ts";
import {
  amplificationBits,
  type CostOptions,
  correctnessBits,
  epsilonAccount,
  epsilonCharges,
  type FailureOptions,
  finishKey,
  type KeyAccount,
  keyBits,
  resolveFailureProbability,
} from "./account.ts";
import { type ConcentrationForm, concentration } from "./concentration.ts";
import { type DecoyClasses, type ObservedCounts, poolCounts } from "./counts.ts";
import {
  type Estimate,
  type EstimateSource,
  estimateClasses,
  estimateSource,
  type ZComposition,
  zComposition,
} from "./estimate.ts";
import {
  type ExpectedPairing,
  estimatePaired,
  expectedPairing,
  type PairedEstimate,
  type PairingKind,
} from "./pairing.ts";
import { binaryEntropy } from "./special.ts";

/** What error correction gives away. */
export type Leak =
  /** Bits really disclosed (syndromes, revealed bits), tags excluded. */
  | { readonly disclosedBits: number }
  /** Forecast $f\,n\,h(E)$, with E from the counts unless given. */
  | { readonly efficiency: number; readonly errorRate?: number };

/** How a key is made from counts. */
export interface KeyOptions extends FailureOptions, CostOptions {
  /** Whether raw bits are paired before they are corrected; default `none`. */
  readonly pairing?: PairingKind | "none";
  /** Numeric Chernoff bounds (default) or closed forms. */
  readonly concentration?: ConcentrationForm;
  /** Cost of error correction; default a forecast with f = 1.1. */
  readonly leak?: Leak;
  /** Lower bound of the true-vacuum yield that both users trust, say of detectors that are theirs; default 0, as for an untrusted server. */
  readonly knownVacuumYield?: number;
}

/** Bounds behind a key. */
export interface KeyBounds extends Omit<Estimate, "calls"> {
  /** Raw bits left for the key: $n_t$. */
  readonly rawBits: number;
  /** Bit error rate of the raw bits as estimated from announced data; `null` when these do not tell. */
  readonly rawErrorRate: number | null;
  /** After pairing, where bits were paired. */
  readonly paired: PairedBounds | null;
}

/** Numbers of a paired key. */
export interface PairedBounds extends Omit<PairedEstimate, "calls"> {
  /** How bits were paired. */
  readonly kind: PairingKind;
  /** Pairs odd at Bob's side. */
  readonly pairs: number;
  /** Bits after pairing, $n_t'$. */
  readonly pairedBits: number;
  /** Their expected error rate $E'$ from announced data; `null` when these do not tell. */
  readonly pairedErrorRate: number | null;
}

/** A key length and its reasons. */
export interface KeyLength {
  /** Whole secret bits, >= 0. */
  readonly keyLength: number;
  /** Key length / pulses. */
  readonly keyRatePerPulse: number;
  /** Bounds from the counts. */
  readonly bounds: KeyBounds;
  /** Every bit and every epsilon. */
  readonly account: KeyAccount;
  /** How far the formulas were read, derived or recalled. */
  readonly assurance: readonly string[];
}

/** Default efficiency of error correction in forecasts. */
export const DEFAULT_CORRECTION_EFFICIENCY = 1.1;

/** Statements that hold for every estimate of this package. */
const ESTIMATE_ASSURANCE: readonly string[] = [
  "decoy bounds with residual light: derived here from Poisson sources, tested in the photon-number picture",
  "key-length formula and its epsilons: recalled from arXiv:1904.00192, not compared with the printed text",
  "independent-trial concentration bounds under coherent attacks: argument of the papers, recalled",
];

/** Further statements for paired keys. */
const PAIRED_ASSURANCE: readonly string[] = [
  "phase errors after pairing at finite size (u, n_1^r, r, e_tau, M_s): reconstructed after New J. Phys. 22, 053048 and 23, 063038, not compared with the printed text; verify before a key is certified",
];

/** Bits given away by error correction. */
function leakedBits(leak: Leak | undefined, bits: number, errorRate: number | null): number {
  if (leak !== undefined && "disclosedBits" in leak) {
    return inRange("leak.disclosedBits", leak.disclosedBits, 0, Infinity);
  }
  const efficiency = inRange("leak.efficiency", leak?.efficiency ?? DEFAULT_CORRECTION_EFFICIENCY, 0, 100);
  const rate = leak?.errorRate ?? errorRate;
  if (rate === null) {
    throw invalid("leak.errorRate", rate, "an error rate, a sample, or rows that meet z-send with x0");
  }
  return efficiency * bits * binaryEntropy(Math.min(0.5, inRange("leak.errorRate", rate, 0, 1)));
}

/**
 * Error rate of the raw Z-Z bits from a disclosed sample, else from announced X-Z slots.
 *
 * @param counts - announced counts
 * @param classes - the same, pooled
 * @returns the estimate, or null when neither is there
 */
export function rawErrorRate(counts: ObservedCounts, classes: DecoyClasses): number | null {
  const { sample } = counts;
  if (sample !== undefined && sample.events > 0) return sample.errors / sample.events;
  const z = zComposition(counts.settings, classes);
  if (z === undefined || classes.key.events <= 0) return null;
  return Math.min(1, (z.both + z.neither) / classes.key.events);
}

/**
 * Key length from counts, plain or paired.
 *
 * Paired keys take the numbers of pairs from `counts.pairing`, or predict them from announced X-Z slots.
 *
 * @param counts - announced counts, observed or expected
 * @param options - pairing, failure probabilities, leak, bounds
 * @returns the key length with bounds and account
 * @throws {@link TwincombError} `invalid-input` when counts, settings or options contradict each other
 */
export function keyLength(counts: ObservedCounts, options: KeyOptions = {}): KeyLength {
  const classes = poolCounts(counts);
  const source = estimateSource(counts.settings);
  const known = inRange("knownVacuumYield", options.knownVacuumYield ?? 0, 0, 1);
  const kind = options.pairing ?? "none";
  if (kind !== "none" && kind !== "random" && kind !== "active") {
    throw invalid("pairing", kind, "none, random or active");
  }
  const composition = zComposition(counts.settings, classes);
  const predicted = composition === undefined || kind === "none" ? undefined : expectedPairing(composition, kind);
  const observed = counts.pairing;
  const pairing = observed ?? predicted;
  if (kind !== "none" && pairing === undefined) {
    throw invalid("pairing", undefined, "numbers of pairs, or rows that meet z-send with x0 to predict them");
  }
  const at = (xi: number): { before: Estimate; paired: PairedEstimate | undefined } => {
    const bounds = concentration(xi, options.concentration);
    const before = estimateClasses(source, classes, bounds, known);
    if (kind === "none" || pairing === undefined) return { before, paired: undefined };
    return { before, paired: estimatePaired(source, classes, before, pairing, kind, bounds) };
  };
  const xi = resolveFailureProbability(options, (value) => {
    const { before, paired } = at(value);
    return epsilonCharges((paired ?? before).calls);
  });
  const { before, paired } = at(xi);
  const errorRate = rawErrorRate(counts, classes);
  const { calls: unpairedCalls, ...bounds } = before;
  const rawBits = classes.key.events;
  if (paired === undefined || pairing === undefined || kind === "none") {
    const lines = keyBits(
      before.untagged,
      before.phaseError,
      leakedBits(options.leak, rawBits, errorRate),
      xi,
      options,
    );
    return finishKey(counts.pulses, lines, {
      bounds: { ...bounds, rawBits, rawErrorRate: errorRate, paired: null },
      account: { bits: lines, ...epsilonAccount(xi, unpairedCalls, options.forgeryProbability) },
      assurance: ESTIMATE_ASSURANCE,
    });
  }
  const pairedErrorRate = predicted?.errorRate ?? null;
  const { calls, ...after } = paired;
  const untagged = Math.min(after.untagged, pairing.kept);
  const lines = keyBits(
    untagged,
    after.phaseError,
    leakedBits(options.leak, pairing.kept, pairedErrorRate),
    xi,
    options,
  );
  return finishKey(counts.pulses, lines, {
    bounds: {
      ...bounds,
      rawBits,
      rawErrorRate: errorRate,
      paired: { ...after, untagged, kind, pairs: pairing.pairs, pairedBits: pairing.kept, pairedErrorRate },
    },
    account: { bits: lines, ...epsilonAccount(xi, calls, options.forgeryProbability) },
    assurance: [...ESTIMATE_ASSURANCE, ...PAIRED_ASSURANCE],
  });
}

/** Numbers of a forecast that the optimiser compares; no bill is written. */
export interface Forecast {
  /** Key bits, not rounded; negative where the formula is. */
  readonly bits: number;
  /** The bounds behind it. */
  readonly estimate: Estimate;
  /** Bits that are corrected. */
  readonly correctedBits: number;
  /** Bit error rate of the corrected bits. */
  readonly errorRate: number;
}

/** A forecast with pairing. */
export interface PairedForecast extends Forecast {
  /** Expected numbers of pairs. */
  readonly pairing: ExpectedPairing;
  /** Bounds after pairing. */
  readonly paired: PairedEstimate;
}

/** What a forecast assumes beside the counts. */
export interface ForecastOptions {
  /** $\xi$ of every part; 0 for infinite data. */
  readonly failureProbability: number;
  /** f of error correction. */
  readonly efficiency: number;
  /** Numeric or closed concentration bounds; default numeric. */
  readonly concentration?: ConcentrationForm;
}

/**
 * Key bits of plain sending-or-not-sending from pooled counts, without bills: the optimiser's inner step.
 *
 * @param source - from {@link estimateSource}
 * @param classes - pooled (expected) counts
 * @param bits - composition of the Z-Z events
 * @param options - failure probability, error correction
 * @returns key bits and bounds
 */
export function forecastPlain(
  source: EstimateSource,
  classes: DecoyClasses,
  bits: ZComposition,
  options: ForecastOptions,
): Forecast {
  const xi = options.failureProbability;
  const estimate = estimateClasses(source, classes, concentration(xi, options.concentration));
  const correctedBits = classes.key.events;
  const errorRate = correctedBits > 0 ? (bits.both + bits.neither) / correctedBits : 0;
  return { ...netBits(estimate, correctedBits, errorRate, options), estimate, correctedBits, errorRate };
}

/**
 * Key bits of paired sending-or-not-sending from pooled counts, without bills.
 *
 * @param source - from {@link estimateSource}
 * @param classes - pooled (expected) counts
 * @param bits - composition of the Z-Z events
 * @param kind - random or active
 * @param options - failure probability, error correction
 * @returns key bits and bounds
 */
export function forecastPaired(
  source: EstimateSource,
  classes: DecoyClasses,
  bits: ZComposition,
  kind: PairingKind,
  options: ForecastOptions,
): PairedForecast {
  const bounds = concentration(options.failureProbability, options.concentration);
  const estimate = estimateClasses(source, classes, bounds);
  const pairing = expectedPairing(bits, kind);
  const paired = estimatePaired(source, classes, estimate, pairing, kind, bounds);
  const { kept, errorRate } = pairing;
  return { ...netBits(paired, kept, errorRate, options), estimate, pairing, paired, correctedBits: kept, errorRate };
}

/** Key bits net of error correction and of the fixed terms. */
function netBits(
  bounds: { readonly untagged: number; readonly phaseError: number },
  corrected: number,
  errorRate: number,
  options: ForecastOptions,
): { readonly bits: number } {
  const xi = options.failureProbability;
  return {
    bits:
      Math.min(bounds.untagged, corrected) * (1 - binaryEntropy(bounds.phaseError)) -
      options.efficiency * corrected * binaryEntropy(Math.min(0.5, errorRate)) -
      correctnessBits(xi) -
      amplificationBits(xi),
  };
}
