/**
 * How many secret bits a set of counts is worth, with every subtracted bit and every spent epsilon on the bill.
 *
 * $$N_f=n_1[1-h(e_1^{ph})]-\text{leak}-\log_2\frac{2}{\epsilon_{cor}}-2\log_2\frac{1}{\sqrt2\,\epsilon_{PA}\,\hat\epsilon}$$
 * with $\epsilon_{tot}=\epsilon_{cor}+\epsilon_{sec}$, $\epsilon_{sec}=2\hat\epsilon+4\bar\epsilon+\epsilon_{PA}+\epsilon_{n_1}$: $\bar\epsilon$ is the failure
 * probability of the phase-error estimate, $\epsilon_{n_1}$ of the number of untagged bits (Jiang et al., arXiv:1904.00192 (2019),
 * recalled, and quoted alike by later experiments). Each concentration bound that was really used is charged $\xi$,
 * although it fails with probability $\xi/2$ only.
 *
 * @module
 */
import { inRange, invalid } from "../errors.ts";
import { type ConcentrationForm, concentration } from "./concentration.ts";
import { type DecoyClasses, type ObservedCounts, poolCounts } from "./counts.ts";
import { type Estimate, type EstimateSource, estimateClasses, estimateSource, zComposition } from "./estimate.ts";
import { binaryEntropy } from "./special.ts";

/** What error correction gives away. */
export type Leak =
  /** Bits really disclosed (syndromes, revealed bits), tags excluded. */
  | { readonly disclosedBits: number }
  /** Forecast $f\,n\,h(E)$, with E from the counts unless given. */
  | { readonly efficiency: number; readonly errorRate?: number };

/** How a key is made from counts. */
export interface KeyOptions {
  /** $\xi$ of every concentration bound, of $\epsilon_{cor}$, $\epsilon_{PA}$ and $\hat\epsilon$; default 1e-10 unless a total is given. */
  readonly failureProbability?: number;
  /** $\epsilon_{tot}$, split so that all parts are equal to one $\xi$; instead of `failureProbability`. */
  readonly totalFailureProbability?: number;
  /** Numeric Chernoff bounds (default) or closed forms. */
  readonly concentration?: ConcentrationForm;
  /** Cost of error correction; default a forecast with f = 1.1. */
  readonly leak?: Leak;
  /** Bits of the verification tag where a real one was sent; replaces $\log_2(2/\epsilon_{cor})$. */
  readonly verificationTagBits?: number;
  /** Key bits spent on authentication. */
  readonly authenticationBits?: number;
  /** Lower bound of the true-vacuum yield known to both users, for instance from declared dark counts; default 0. */
  readonly knownVacuumYield?: number;
}

/** One line of the bill of bits. */
export interface BitTerm {
  /** What the bits are. */
  readonly name: string;
  /** Bits, positive where they add to the key. */
  readonly bits: number;
}

/** One line of the bill of failure probabilities. */
export interface EpsilonTerm {
  /** What may fail. */
  readonly name: string;
  /** How often it is charged. */
  readonly multiplicity: number;
  /** Probability charged each time. */
  readonly each: number;
}

/** Both bills. */
export interface KeyAccount {
  /** Bits; they sum to the key length before it is rounded down. */
  readonly bits: readonly BitTerm[];
  /** Failure probabilities; multiplicity times each sums to `epsilonTotal`. */
  readonly epsilons: readonly EpsilonTerm[];
  /** $\epsilon_{tot}$. */
  readonly epsilonTotal: number;
}

/** Bounds behind a key. */
export interface KeyBounds extends Omit<Estimate, "calls"> {
  /** Raw bits left for the key: $n_t$. */
  readonly rawBits: number;
  /** Bit error rate of the raw bits as estimated from announced data; `null` when these do not tell. */
  readonly rawErrorRate: number | null;
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

/** Default $\xi$. */
export const DEFAULT_FAILURE_PROBABILITY = 1e-10;
/** Default efficiency of error correction in forecasts. */
export const DEFAULT_CORRECTION_EFFICIENCY = 1.1;

/** $\log_2(2/\epsilon)$, the length of an ideal verification tag. @param epsilon - failure probability @returns bits */
export function correctnessBits(epsilon: number): number {
  return epsilon > 0 ? 1 - Math.log2(epsilon) : 0;
}

/** $2\log_2\frac{1}{\sqrt2\,\epsilon\,\epsilon}$, the price of privacy amplification at $\epsilon_{PA}=\hat\epsilon=\epsilon$. @param epsilon - failure probability @returns bits */
export function amplificationBits(epsilon: number): number {
  return epsilon > 0 ? -1 - 4 * Math.log2(epsilon) : 0;
}

/** Statements that hold for every estimate of this package. */
export const ESTIMATE_ASSURANCE: readonly string[] = [
  "decoy bounds with residual light: derived here from Poisson sources, tested in the photon-number picture",
  "key-length formula and its epsilons: recalled from arXiv:1904.00192, not compared with the printed text",
  "independent-trial concentration bounds under coherent attacks: argument of the papers, recalled",
];

/**
 * Resolves the leak of plain (unpaired) keys.
 *
 * @param leak - as given by the caller
 * @param bits - bits that are corrected
 * @param errorRate - error rate from the counts, or null
 * @returns bits given away
 * @throws {@link TwincombError} `invalid-input` when a forecast has no error rate to work with
 */
export function leakedBits(leak: Leak | undefined, bits: number, errorRate: number | null): number {
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
 * Splits a total failure probability into equal parts.
 *
 * @param options - the caller's options
 * @param chargesAt - number of charges of $\xi$ when the bounds are computed with that $\xi$
 * @returns $\xi$
 * @throws {@link TwincombError} `invalid-input` when a probability is outside (0, 1) or both are given
 */
export function resolveFailureProbability(options: KeyOptions, chargesAt: (xi: number) => number): number {
  const { failureProbability, totalFailureProbability: total } = options;
  if (total === undefined) {
    const xi = failureProbability ?? DEFAULT_FAILURE_PROBABILITY;
    if (!(xi > 0 && xi < 1)) throw invalid("failureProbability", xi, "a number in (0, 1)");
    return xi;
  }
  if (failureProbability !== undefined) {
    throw invalid("failureProbability", failureProbability, "either this or totalFailureProbability");
  }
  if (!(total > 0 && total < 1)) throw invalid("totalFailureProbability", total, "a number in (0, 1)");
  // The number of bounds does not depend on xi beyond equal weights; two passes settle it.
  let xi = total / 22;
  for (let pass = 0; pass < 2; pass++) xi = total / chargesAt(xi);
  return xi;
}

/**
 * Bill of failure probabilities.
 *
 * @param xi - probability charged for each part
 * @param untaggedCalls - bounds used for the number of untagged bits
 * @param phaseErrorCalls - bounds used for the phase errors
 * @param further - further parts, charged with their own multiplicities
 * @returns lines and their sum
 */
export function epsilonAccount(
  xi: number,
  untaggedCalls: number,
  phaseErrorCalls: number,
  further: readonly EpsilonTerm[] = [],
): Pick<KeyAccount, "epsilons" | "epsilonTotal"> {
  const epsilons: EpsilonTerm[] = [
    { name: "error correction (epsilon_cor)", multiplicity: 1, each: xi },
    { name: "privacy amplification (epsilon_PA)", multiplicity: 1, each: xi },
    { name: "smoothing (epsilon-hat, twice)", multiplicity: 2, each: xi },
    { name: "phase-error bounds (epsilon-bar, four times each)", multiplicity: 4 * phaseErrorCalls, each: xi },
    { name: "bounds on untagged bits (epsilon_n1)", multiplicity: untaggedCalls, each: xi },
    ...further,
  ];
  return { epsilons, epsilonTotal: epsilons.reduce((sum, term) => sum + term.multiplicity * term.each, 0) };
}

/** Charges of one xi in {@link epsilonAccount}. */
function charges(estimate: Estimate): number {
  return 4 + 4 * estimate.calls.phaseError + estimate.calls.untagged;
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
 * Key length without pairing: plain sending-or-not-sending.
 *
 * @param counts - announced counts, observed or expected
 * @param options - failure probabilities, leak, bounds
 * @returns the key length with bounds and account
 * @throws {@link TwincombError} `invalid-input` when counts, settings or options contradict each other
 */
export function keyLength(counts: ObservedCounts, options: KeyOptions = {}): KeyLength {
  const classes = poolCounts(counts);
  const source = estimateSource(counts.settings);
  const known = inRange("knownVacuumYield", options.knownVacuumYield ?? 0, 0, 1);
  const at = (xi: number): Estimate =>
    estimateClasses(source, classes, concentration(xi, options.concentration), known);
  const xi = resolveFailureProbability(options, (value) => charges(at(value)));
  const estimate = at(xi);
  const errorRate = rawErrorRate(counts, classes);
  const rawBits = classes.key.events;
  const leak = leakedBits(options.leak, rawBits, errorRate);
  const lines = keyBits(estimate.untagged, estimate.phaseError, leak, xi, options);
  const { calls, ...bounds } = estimate;
  return finishKey(counts.pulses, lines, {
    bounds: { ...bounds, rawBits, rawErrorRate: errorRate },
    account: { bits: lines, ...epsilonAccount(xi, calls.untagged, calls.phaseError) },
    assurance: ESTIMATE_ASSURANCE,
  });
}

/**
 * The lines of the bill of bits.
 *
 * @param untagged - $n_1$
 * @param phaseError - $e_1^{ph}$
 * @param leak - bits given away by error correction
 * @param xi - failure probability of each part
 * @param options - tag and authentication
 * @returns lines that sum to the key length
 */
export function keyBits(
  untagged: number,
  phaseError: number,
  leak: number,
  xi: number,
  options: Pick<KeyOptions, "verificationTagBits" | "authenticationBits">,
): BitTerm[] {
  const tag = options.verificationTagBits;
  const authentication = options.authenticationBits;
  return [
    { name: "untagged bits", bits: untagged },
    { name: "phase errors of untagged bits", bits: -untagged * binaryEntropy(phaseError) },
    { name: "error correction", bits: -leak },
    {
      name: "verification",
      bits: -(tag === undefined ? correctnessBits(xi) : inRange("verificationTagBits", tag, 0, 1e9)),
    },
    { name: "privacy amplification", bits: -amplificationBits(xi) },
    {
      name: "authentication",
      bits: -(authentication === undefined ? 0 : inRange("authenticationBits", authentication, 0, 1e15)),
    },
  ];
}

/**
 * Sums a bill of bits and rounds the key down.
 *
 * @param pulses - quantum slots
 * @param lines - the bill
 * @param rest - bounds, account and assurance
 * @returns the finished result
 */
export function finishKey<Rest extends object>(
  pulses: number,
  lines: readonly BitTerm[],
  rest: Rest,
): Rest & { readonly keyLength: number; readonly keyRatePerPulse: number } {
  const sum = lines.reduce((total, line) => total + line.bits, 0);
  const keyLength = sum > 0 ? Math.floor(sum) : 0;
  return { keyLength, keyRatePerPulse: keyLength / pulses, ...rest };
}

/** Numbers of a forecast that the optimiser compares; no bill is written. */
export interface Forecast {
  /** Key bits, not rounded; negative where the formula is. */
  readonly bits: number;
  /** The bounds behind it. */
  readonly estimate: Estimate;
  /** Bit error rate of the corrected bits. */
  readonly errorRate: number;
}

/**
 * Key bits of plain sending-or-not-sending from pooled counts, without bills: the optimiser's inner step.
 *
 * @param source - from {@link estimateSource}
 * @param classes - pooled (expected) counts
 * @param errorRate - bit error rate of the raw bits
 * @param xi - failure probability of every part; 0 for infinite data
 * @param efficiency - f of error correction
 * @param form - numeric or closed concentration bounds
 * @returns key bits and bounds
 */
export function forecastPlain(
  source: EstimateSource,
  classes: DecoyClasses,
  errorRate: number,
  xi: number,
  efficiency: number,
  form: ConcentrationForm = "numeric",
): Forecast {
  const estimate = estimateClasses(source, classes, concentration(xi, form));
  const bits =
    estimate.untagged * (1 - binaryEntropy(estimate.phaseError)) -
    efficiency * classes.key.events * binaryEntropy(errorRate) -
    correctnessBits(xi) -
    amplificationBits(xi);
  return { bits, estimate, errorRate };
}
