/**
 * The two bills of a key: every bit that is subtracted and every failure probability that is spent.
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
import { binaryEntropy } from "./special.ts";

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

/** $\log_2(2/\epsilon)$, the length of an ideal verification tag. @param epsilon - failure probability @returns bits */
export function correctnessBits(epsilon: number): number {
  return epsilon > 0 ? 1 - Math.log2(epsilon) : 0;
}

/** $2\log_2\frac{1}{\sqrt2\,\epsilon\,\epsilon}$, the price of privacy amplification at $\epsilon_{PA}=\hat\epsilon=\epsilon$. @param epsilon - failure probability @returns bits */
export function amplificationBits(epsilon: number): number {
  return epsilon > 0 ? -1 - 4 * Math.log2(epsilon) : 0;
}

/** Failure probabilities as a caller gives them. */
export interface FailureOptions {
  /** $\xi$ of every concentration bound, of $\epsilon_{cor}$, $\epsilon_{PA}$ and $\hat\epsilon$; default 1e-10 unless a total is given. */
  readonly failureProbability?: number;
  /** $\epsilon_{tot}$, split so that all parts are equal to one $\xi$; instead of `failureProbability`. */
  readonly totalFailureProbability?: number;
}

/** Fixed costs as a caller gives them. */
export interface CostOptions {
  /** Bits of the verification tag where a real one was sent; replaces $\log_2(2/\epsilon_{cor})$. */
  readonly verificationTagBits?: number;
  /** Key bits spent on authentication. */
  readonly authenticationBits?: number;
  /** Probability that some message of the conversation was forged unnoticed; default 0. */
  readonly forgeryProbability?: number;
}

/** Default $\xi$. */
export const DEFAULT_FAILURE_PROBABILITY = 1e-10;

/**
 * Splits a total failure probability into equal parts.
 *
 * @param options - the caller's options
 * @param chargesAt - number of charges of $\xi$ when the bounds are computed with that $\xi$
 * @returns $\xi$
 * @throws {@link TwincombError} `invalid-input` when a probability is outside (0, 1) or both are given
 */
export function resolveFailureProbability(options: FailureOptions, chargesAt: (xi: number) => number): number {
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

/** How many bounds of each kind a key rests on. */
export interface BoundCalls {
  /** Bounds on the number of untagged bits. */
  readonly untagged: number;
  /** Bounds on their phase errors. */
  readonly phaseError: number;
}

/**
 * How often $\xi$ is charged for a key.
 *
 * @param calls - bounds used
 * @returns multiplicity of $\xi$ in $\epsilon_{tot}$
 */
export function epsilonCharges(calls: BoundCalls): number {
  return 4 + 4 * calls.phaseError + calls.untagged;
}

/**
 * Bill of failure probabilities.
 *
 * @param xi - probability charged for each part
 * @param calls - bounds used
 * @param forgeryProbability - of the whole conversation; default 0, which is not listed
 * @returns lines and their sum
 */
export function epsilonAccount(
  xi: number,
  calls: BoundCalls,
  forgeryProbability: number = 0,
): Pick<KeyAccount, "epsilons" | "epsilonTotal"> {
  inRange("forgeryProbability", forgeryProbability, 0, 1);
  const epsilons: EpsilonTerm[] = [
    { name: "error correction (epsilon_cor)", multiplicity: 1, each: xi },
    { name: "privacy amplification (epsilon_PA)", multiplicity: 1, each: xi },
    { name: "smoothing (epsilon-hat, twice)", multiplicity: 2, each: xi },
    { name: "phase-error bounds (epsilon-bar, four times each)", multiplicity: 4 * calls.phaseError, each: xi },
    { name: "bounds on untagged bits (epsilon_n1)", multiplicity: calls.untagged, each: xi },
  ];
  if (forgeryProbability > 0) epsilons.push({ name: "authentication", multiplicity: 1, each: forgeryProbability });
  return { epsilons, epsilonTotal: epsilons.reduce((sum, term) => sum + term.multiplicity * term.each, 0) };
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
  options: CostOptions,
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
