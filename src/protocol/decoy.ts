/**
 * Bounds on the yields of photon-number states from gains of weak pulses, valid when *no setting is vacuum*.
 *
 * Let $Y_{mn}\in[0,1]$ be the probability of an effective event when Alice's pulse holds m photons and Bob's n, and let every
 * gain be $S_{jk}=\sum_{mn}p^A_j(m)\,p^B_k(n)\,Y_{mn}$. The textbook bound (Jiang et al., arXiv:1904.00192, recalled)
 * $$Y_{01}\ge\frac{\mu_2^2e^{\mu_1}S_{01}-\mu_1^2e^{\mu_2}S_{02}-(\mu_2^2-\mu_1^2)S_{00}}{\mu_1\mu_2(\mu_2-\mu_1)}$$
 * takes the weakest setting for vacuum. Modulators of finite extinction leave a residue; with it the formula is not a bound.
 * What follows is derived here, for intensities known only to lie in intervals. Upper and lower ends are written + and -; for
 * Alice: residue $a\in[a_-,a_+]$ (hull of `x0` and `z-not`), $\alpha_1$; for Bob: residue b, $\beta_1$, $\beta_2$.
 *
 * What is bounded is $\sigma_B=\beta_1Y_{01}$ with the *true* $\beta_1$, which is what key and phase errors need; most of the
 * uncertainty of $\beta_1$ cancels in it.
 *
 * **Step 1, photons of Bob.** With $r=(\beta_{1+}^2-b_-^2)/(\beta_{2-}^2-b_-^2)$ and
 * $D=1-[r\beta_{2-}+(1-r)b_-]/\beta_{1+}$,
 * $$M=e^{\beta_{1-}}S_{o1}-r\,e^{\beta_{2+}}S_{o2}-(1-r)e^{b_++a_+-a_-}S_{oo}\le D\sum_m p^A_o(m)\,\beta_1Y_{m1}+T:$$
 * the coefficient of $Y_{0n}$ is at most $[\beta_1^n-r\beta_{2-}^n-(1-r)b_-^n]/n!$ times $p^A_o(0)$, which is at most 0 at
 * n = 0 and 2, at most $\beta_1D$ at n = 1 and negative from n = 3 on because $(\beta_1^n-b^n)/(\beta_2^n-b^n)$ falls with n. T is
 * what is lost when `x0` and `z-not` may differ, so that $S_{oo}$ does not hold Alice's residue in the proportions of $S_{o1}$:
 * $T=(1-r)e^{b_+}\chi S_{1o}$ with $\chi=\max_{m\ge1}p^A_{o+}(m)[1-(a_-/a_+)^m]/p^A_{1-}(m)$; it is 0, and
 * $e^{a_+-a_-}$ drops out, when they are one state. (With three
 * intensities $S_{o2}$ has its own proportions, which adds $e^{a_+-a_-}$ to its weight and $r\,e^{\beta_{2+}}\chi S_{12}$ to T.)
 *
 * **Step 2, photons of Alice's residue.** $\sum_{m\ge1}p^A_o(m)\beta_1Y_{m1}\le\rho\,[V-p^A_1(0)\sigma_B]$ with
 * $\rho=a_+e^{-a_+}/(\alpha_{1-}e^{-\alpha_{1-}})$ and $V=(S_{11}-cS_{1o})/u\ge\sum_mp^A_1(m)\beta_1Y_{m1}$, where
 * $c=e^{b_--\beta_{1+}}$ removes n = 0 and $u=e^{-\beta_{1+}}-c\,b_+e^{-b_+}/\beta_{1-}$ is what is left at n = 1. Hence
 * $$\sigma_B\ge\frac{(M-T)/D-\rho V}{e^{-a_-}-\rho e^{-\alpha_{1+}}},$$
 * which is the textbook bound again when a = b = 0.
 *
 * **True vacuum.** From $S_{oo}\le e^{-a_--b_-}Y_{00}+\rho_Ae^{b_+-b_-}(S_{1o}-e^{-\alpha_{1+}-b_+}Y_{00})
 * +\rho_Be^{a_+-a_-}(S_{o1}-e^{-a_+-\beta_{1+}}Y_{00})+\rho_A\rho_BS_{11}$ a *lower* bound of $Y_{00}$; $S_{oo}$ itself is an
 * upper bound and must not be subtracted in its place.
 *
 * Inside its interval an intensity may even fluctuate from pulse to pulse, as long as it does so independently of the
 * other user and of the past: every step needs only the ends of the interval.
 *
 * @module
 */
import type { DecoyClasses, DecoyClassName } from "./counts.ts";
import { intensityInterval, type ProtocolSettings, type UserSettings } from "./settings.ts";

/** Ends of the intensities of one user, photons per pulse. */
export interface SourceInterval {
  /** Residue: hull of `x0` and `z-not`. */
  readonly residue: readonly [number, number];
  /** `x1`. */
  readonly one: readonly [number, number];
  /** Strongest decoy: `x2`, or `z-send` where `x2` is never chosen. */
  readonly two: readonly [number, number];
  /** `z-send`. */
  readonly send: readonly [number, number];
  /** `z-not`. */
  readonly none: readonly [number, number];
  /** Whether `x0` and `z-not` are one state: residues then have the same photon-number probabilities in every class. */
  readonly oneResidue: boolean;
  /** Whether the residue opposite the strongest decoy of the other user has the probabilities of that opposite `x1`. */
  readonly sharedResidue: boolean;
}

/**
 * Ends of the intensities of one user as the decoy bounds need them.
 *
 * @param user - that user's settings
 * @param other - the other user's settings
 * @returns intervals
 */
export function sourceInterval(user: UserSettings, other: UserSettings): SourceInterval {
  const x0 = intensityInterval(user, "x0");
  const none = intensityInterval(user, "zNot");
  const send = intensityInterval(user, "zSend");
  // Exact and equal intensities are one state even where nobody says so.
  const exact = x0[0] === x0[1] && none[0] === none[1] && x0[0] === none[0];
  const oneResidue = exact || user.oneResidue === true;
  return {
    residue: [Math.min(x0[0], none[0]), Math.max(x0[1], none[1])],
    one: intensityInterval(user, "x1"),
    two: user.probabilities.x2 > 0 ? intensityInterval(user, "x2") : send,
    send,
    none,
    oneResidue,
    sharedResidue: oneResidue || other.probabilities.x2 > 0,
  };
}

/** Signed weights of the gains of the pooled classes in a linear bound. */
export type GainWeights = { [K in Exclude<DecoyClassName, "so" | "os" | "slice" | "key">]: number };

/** All weights 0. */
export function noWeights(): GainWeights {
  return { oo: 0, o1: 0, "1o": 0, o2: 0, "2o": 0, "11": 0, "12": 0, "21": 0 };
}

/** The classes that carry weights. */
export const WEIGHTED_CLASSES: readonly (keyof GainWeights)[] = ["oo", "o1", "1o", "o2", "2o", "11", "12", "21"];

/** $\sup_{m\ge1}m\,x^{m-1}$ for x in [0, 1): how much the term m = 1 must be raised to cover all m. */
function coverAll(x: number): number {
  let best = 1;
  for (let m = 2, power = x; m * power > best * 0.5 && m < 200; m++, power *= x) best = Math.max(best, m * power);
  return best;
}

/** $\max_{m\ge1}$ of a residue's photon-number probability over that of x1: $a_+e^{-a_+}/(\alpha_{1-}e^{-\alpha_{1-}})$. */
function residueRatio(source: SourceInterval): number {
  const high = source.residue[1];
  const one = source.one[0];
  return (high / one) * Math.exp(one - high);
}

/**
 * Adds the lower bound of $\sigma$, one user's intensity `x1` times the yield of one photon from that user, to a set of weights.
 *
 * @param weights - weights to add to
 * @param quiet - the user who contributes no photon
 * @param single - the user who contributes one photon
 * @param bobSingle - whether the single photon is Bob's ($\beta_1Y_{01}$) or Alice's ($\alpha_1Y_{10}$)
 * @returns false when the intervals leave no bound but 0 (the weights are then unchanged)
 */
export function addSinglePhotonYield(
  weights: GainWeights,
  quiet: SourceInterval,
  single: SourceInterval,
  bobSingle: boolean,
): boolean {
  const [aLow, aHigh] = quiet.residue;
  const [alphaLow, alphaHigh] = quiet.one;
  const [bLow, bHigh] = single.residue;
  const [oneLow, oneHigh] = single.one;
  const [twoLow, twoHigh] = single.two;
  if (!(bHigh < oneLow && oneHigh < twoLow && aHigh < alphaLow)) return false;
  const r = (oneHigh * oneHigh - bLow * bLow) / (twoLow * twoLow - bLow * bLow);
  const d = 1 - (r * twoLow + (1 - r) * bLow) / oneHigh;
  const rho = residueRatio(quiet);
  const c = Math.exp(bLow - oneHigh);
  const u = Math.exp(-oneHigh) - (c * bHigh * Math.exp(-bHigh)) / oneLow;
  const rest = Math.exp(-aLow) - rho * Math.exp(-alphaHigh);
  if (!(d > 0 && u > 0 && rest > 0)) return false;
  const first = 1 / (d * rest);
  const second = rho / (u * rest);
  const spread = quiet.oneResidue ? 1 : Math.exp(aHigh - aLow);
  const chi = quiet.oneResidue
    ? 0
    : ((aHigh - aLow) / alphaLow) * Math.exp(alphaLow - aHigh) * coverAll(aHigh / alphaLow);
  const [quietOne, quietTwo, oneQuiet, oneTwo] = bobSingle
    ? (["o1", "o2", "1o", "12"] as const)
    : (["1o", "2o", "o1", "21"] as const);
  weights[quietOne] += first * Math.exp(oneLow);
  weights[quietTwo] -= first * r * Math.exp(twoHigh) * (quiet.sharedResidue ? 1 : spread);
  weights.oo -= first * (1 - r) * Math.exp(bHigh) * spread;
  weights[oneQuiet] += second * c - first * (1 - r) * Math.exp(bHigh) * chi;
  weights["11"] -= second;
  if (!quiet.sharedResidue) weights[oneTwo] -= first * r * Math.exp(twoHigh) * chi;
  return true;
}

/**
 * Weights of the lower bound of the true-vacuum yield $Y_{00}$.
 *
 * @param alice - Alice's intensities
 * @param bob - Bob's intensities
 * @returns weights, or `undefined` when the residues are too bright for any bound but 0
 */
export function vacuumYieldWeights(alice: SourceInterval, bob: SourceInterval): GainWeights | undefined {
  const weights = noWeights();
  const rhoA = residueRatio(alice);
  const rhoB = residueRatio(bob);
  const spreadA = alice.oneResidue ? 1 : Math.exp(alice.residue[1] - alice.residue[0]);
  const spreadB = bob.oneResidue ? 1 : Math.exp(bob.residue[1] - bob.residue[0]);
  const rest =
    Math.exp(-alice.residue[0] - bob.residue[0]) -
    rhoA * spreadB * Math.exp(-alice.one[1] - bob.residue[1]) -
    rhoB * spreadA * Math.exp(-alice.residue[1] - bob.one[1]);
  if (!(rest > 0 && alice.residue[1] < alice.one[0] && bob.residue[1] < bob.one[0])) return undefined;
  weights.oo = 1 / rest;
  weights["1o"] = -(rhoA * spreadB) / rest;
  weights.o1 = -(rhoB * spreadA) / rest;
  weights["11"] = -(rhoA * rhoB) / rest;
  return weights;
}

/**
 * Value of a linear bound when gains are known exactly.
 *
 * @param weights - weights of the gains
 * @param classes - events and probabilities
 * @returns the weighted sum of the gains
 */
export function weightedGains(weights: GainWeights, classes: DecoyClasses): number {
  let sum = 0;
  for (const name of WEIGHTED_CLASSES) {
    const weight = weights[name];
    if (weight !== 0) sum += (weight * classes[name].events) / (classes.pulses * classes[name].probability);
  }
  return sum;
}

/**
 * The intervals of both users.
 *
 * @param settings - choices of both users
 * @returns Alice's and Bob's intervals
 */
export function sourceIntervals(settings: ProtocolSettings): { alice: SourceInterval; bob: SourceInterval } {
  return { alice: sourceInterval(settings.alice, settings.bob), bob: sourceInterval(settings.bob, settings.alice) };
}
