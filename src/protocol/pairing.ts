/**
 * Odd-parity pairing of raw bits as numbers: how many pairs survive, how many errors, how many untagged bits and phase errors.
 *
 * Bob's raw bit is 0 where he sent, Alice's 1 where she sent; a slot with one sender gives equal bits, slots with two or none
 * give errors. *Random* pairing (OPER, Xu et al., Phys. Rev. A 101, 042330 (2020) = arXiv:1910.06416) groups all bits at
 * random and keeps pairs that are odd on both sides; in *active* pairing (AOPP) Bob pairs a random 0 with a random 1 himself.
 * With $C_A,C_B,D,V$ slots in which only Alice, only Bob, both, none sent, $N_0=D+C_B$, $N_1=V+C_A$, $n_t=N_0+N_1$:
 * $$n_t'=n_g\frac{C_AC_B+DV}{N_0N_1},\qquad E'=\frac{DV}{C_AC_B+DV},$$
 * $n_g=\min(N_0,N_1)$ for active and $N_0N_1/n_t$ for random pairing (read in Bertaina et al., arXiv:2310.08621, App. A; checked
 * by simulation of real bits).
 *
 * **Finite size.** $n_g$ active pairs are two groups, each a share $u=n_g/(2N_0N_1/n_t)\le1$ of the odd pairs of a random
 * grouping. Of $n_1$ untagged bits, $n_{10}$ with Alice's photon and $n_{01}$ with Bob's,
 * $$n_1^r=O^L\Bigl(\frac{n_1^2}{2n_t}\Bigr),\quad n_1^o=O^L\Bigl(u\frac{n_{10}n_{01}}{n_t}\Bigr),\quad n_1'=2n_1^o,$$
 * $$r=\frac{2n_1^r}{k}\ln\frac{3k^2}{\epsilon},\ k=2n_1^r-2n_1^o,\quad e_\tau=\frac{O^U(2n_1^o\langle e_1\rangle^U)}{2n_1^o-r},\quad
 * e_1'^{ph}=\frac{O^U[(n_1^o-r)\,2e_\tau(1-e_\tau)]+r}{n_1^o}.$$
 * r bits are given up to the exponential de Finetti theorem (Renner, Nat. Phys. 3, 645 (2007)), which makes the rest behave
 * like independent copies, for which odd pairs have at most $2e(1-e)$ phase errors. The chain is a **reconstruction** of Jiang
 * et al., New J. Phys. 22, 053048 (2020) and 23, 063038 (2021): r, $e_\tau$, $M_s$ recalled, the normalisation re-derived, not compared
 * with the printed text. Because $n_{10}$ and $n_{01}$ multiply, they are bounded apart: the product is the least that their own
 * bounds and the bound on their sum allow.
 *
 * @module
 */
import type { BoundCalls } from "./account.ts";
import { type Concentration, countLower, countUpper } from "./concentration.ts";
import type { DecoyClasses } from "./counts.ts";
import { type Estimate, type EstimateSource, gainsLowerBound, type ZComposition } from "./estimate.ts";

/** How raw bits are paired. */
export type PairingKind = "random" | "active";

/** Expected outcome of pairing. */
export interface ExpectedPairing {
  /** Bob's raw bits 0, $N_0$. */
  readonly zeros: number;
  /** Bob's raw bits 1, $N_1$. */
  readonly ones: number;
  /** Pairs odd at Bob's side, $n_g$. */
  readonly pairs: number;
  /** Pairs odd at both sides, $n_t'$: one bit each. */
  readonly kept: number;
  /** Error rate of the kept bits, $E'$. */
  readonly errorRate: number;
}

/**
 * Expected outcome of pairing bits of known composition.
 *
 * @param bits - how many raw bits had one, two, no sender
 * @param kind - random or active
 * @returns numbers of pairs and the error rate of the kept bits
 */
export function expectedPairing(bits: ZComposition, kind: PairingKind): ExpectedPairing {
  const zeros = bits.both + bits.onlyBob;
  const ones = bits.neither + bits.onlyAlice;
  const total = zeros + ones;
  const right = bits.onlyAlice * bits.onlyBob;
  const wrong = bits.both * bits.neither;
  if (!(zeros > 0 && ones > 0)) return { zeros, ones, pairs: 0, kept: 0, errorRate: 0 };
  const pairs = kind === "active" ? Math.min(zeros, ones) : (zeros / total) * ones;
  const odd = right + wrong;
  const kept = pairs * (right / zeros / ones + wrong / zeros / ones);
  return { zeros, ones, pairs, kept, errorRate: odd > 0 ? wrong / odd : 0 };
}

/** Bounds after pairing. */
export interface PairedEstimate {
  /** Untagged bits after pairing, $n_1'$, lower bound. */
  readonly untagged: number;
  /** Their phase-error rate $e_1'^{ph}$, upper bound, in [0, 1/2]. */
  readonly phaseError: number;
  /** Share u of the odd pairs of a random grouping that one group holds. */
  readonly coverage: number;
  /** Bits r given up to the de Finetti theorem, per group. */
  readonly remainder: number;
  /** Concentration bounds used, those of the unpaired estimate included. */
  readonly calls: BoundCalls;
}

/** The kinds of bounds that pairing adds for each group: untagged pairs; phase errors before, after, de Finetti. */
const UNTAGGED_PER_GROUP = 1;
const PHASE_ERROR_PER_GROUP = 3;

const nothing = (coverage: number, calls: BoundCalls): PairedEstimate => ({
  untagged: 0,
  phaseError: 0.5,
  coverage,
  remainder: 0,
  calls,
});

/**
 * Bounds the untagged bits and their phase errors after pairing.
 *
 * @param source - from `estimateSource`
 * @param classes - pooled counts
 * @param before - estimate of the unpaired bits
 * @param pairing - $N_0$, $N_1$ and $n_g$, observed or expected
 * @param kind - random (one group) or active (two)
 * @param bounds - statistics
 * @returns the bounds
 */
export function estimatePaired(
  source: EstimateSource,
  classes: DecoyClasses,
  before: Estimate,
  pairing: Pick<ExpectedPairing, "zeros" | "ones" | "pairs">,
  kind: PairingKind,
  bounds: Concentration,
): PairedEstimate {
  const groups = kind === "active" ? 2 : 1;
  const total = pairing.zeros + pairing.ones;
  const odd = total > 0 ? (pairing.zeros / total) * pairing.ones : 0;
  const coverage = odd > 0 ? Math.min(1, pairing.pairs / (groups * odd)) : 0;
  const perYield = classes.pulses * classes.key.probability * source.scale;
  const alice = gainsLowerBound(source.aliceWeights, classes, bounds);
  const bob = gainsLowerBound(source.bobWeights, classes, bounds);
  // The number of all untagged bits (one bound) is in the unpaired estimate; here come its parts.
  const calls: BoundCalls = {
    untagged: before.calls.untagged + alice.calls + bob.calls + 2 + 1 + groups * UNTAGGED_PER_GROUP,
    // The unpaired estimate charges one bound for real phase errors; each group here has its own.
    phaseError: before.calls.phaseError - 1 + groups * PHASE_ERROR_PER_GROUP,
  };
  const fromAlice = countLower(perYield * alice.value, bounds);
  const fromBob = countLower(perYield * bob.value, bounds);
  const all = Math.max(before.untagged, fromAlice + fromBob);
  const product = Math.min(fromAlice * (all - fromAlice), fromBob * (all - fromBob));
  if (!(product > 0 && total > 0)) return nothing(coverage, calls);
  const anyPairs = countLower((all * all) / (2 * total), bounds);
  const oddPairs = countLower((coverage * product) / total, bounds);
  const k = 2 * anyPairs - 2 * oddPairs;
  if (!(oddPairs > 0 && k > 0)) return nothing(coverage, calls);
  const xi = bounds.failureProbability;
  const remainder = xi > 0 ? ((2 * anyPairs) / k) * Math.max(0, Math.log((3 * k * k) / xi)) : 0;
  if (!(oddPairs > remainder)) return nothing(coverage, calls);
  const before1 = countUpper(2 * oddPairs * before.phaseErrorExpected, bounds) / (2 * oddPairs - remainder);
  const rate = Math.min(0.5, before1);
  const after = countUpper((oddPairs - remainder) * 2 * rate * (1 - rate), bounds) + remainder;
  return {
    untagged: groups * oddPairs,
    phaseError: Math.min(0.5, after / oddPairs),
    coverage,
    remainder,
    calls,
  };
}
