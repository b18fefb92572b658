/**
 * Concentration bounds between a count and its expectation, for sums of independent (not identically distributed)
 * Bernoulli trials.
 *
 * All four numeric bounds are roots of one equation,
 * $$D(X\Vert Y)\equiv X\ln\frac{X}{Y}-X+Y=b,\qquad b=\ln\frac{2}{\xi},$$
 * where X is a count and Y an expectation: in Y for a given X (observed count to expectation), in X for a given Y
 * (expectation to a count still to come). Each holds except with probability $e^{-b}=\xi/2$. The equation is the
 * Chernoff bound $P\le e^{-D}$ in the form of Curty et al., Nat. Commun. 5, 3732 (2014) and Jiang et al.,
 * arXiv:1904.00192 (2019), appendix (recalled); its equivalence with their $\delta_1,\delta_2$ form follows by setting
 * $Y=X/(1\pm\delta)$. The roots are values of Lambert's W: $Y=-X\,W(-e^{-1-b/X})$, $X=Y\exp[1+W((b/Y-1)/e)]$.
 *
 * @module
 */
import { invalid } from "../errors.ts";
import { entropyExcess, minusLog1p } from "./special.ts";

/** How counts and expectations are bounded by one another. */
export type ConcentrationForm =
  /** Roots of $D(X\Vert Y)=b$. */
  | "numeric"
  /** The explicit forms of Yin et al., Sci. Rep. 10, 14312 (2020), with $\beta=\ln(1/\xi)$ (recalled): a few per cent of key shorter. */
  | "closed";

/** The exponent and the form shared by the bounds of one estimate. */
export interface Concentration {
  /** Numeric roots or closed forms. */
  readonly form: ConcentrationForm;
  /** $\xi$ charged for every bound; in (0, 1). 0 stands for "no statistics": every bound returns its argument. */
  readonly failureProbability: number;
  /** $b=\ln(2/\xi)$, or $\beta=\ln(1/\xi)$ for the closed forms; 0 without statistics. */
  readonly exponent: number;
}

/**
 * Prepares bounds for one failure probability.
 *
 * @param failureProbability - $\xi$ of each bound, in [0, 1); 0 means infinite data, where counts are expectations
 * @param form - numeric roots (default) or closed forms
 * @returns the pair of them with its exponent
 * @throws {@link TwincombError} `invalid-input` when $\xi$ is outside [0, 1)
 */
export function concentration(failureProbability: number, form: ConcentrationForm = "numeric"): Concentration {
  if (!(failureProbability >= 0 && failureProbability < 1)) {
    throw invalid("failureProbability", failureProbability, "a number in [0, 1)");
  }
  const exponent = failureProbability === 0 ? 0 : Math.log((form === "numeric" ? 2 : 1) / failureProbability);
  return { form, failureProbability, exponent };
}

/** Newton steps end when the step is this small relative to the root. */
const NEWTON_END = 4e-16;

/** $1+u$ for the root $u$ of $u-\ln(1+u)=c$; branch > 0: u > 0, branch < 0: u in (-1, 0). */
function expectationRatio(c: number, branch: 1 | -1): number {
  const s = branch * Math.sqrt(2 * c);
  if (Math.abs(s) < 0.5) {
    // Expansion at the branch point (Temme's incomplete-gamma coefficients), then one step of Halley's rule.
    const u = s * (1 + s * (1 / 3 + s * (1 / 36 + s * (-1 / 270 + s * (1 / 4320 + s * (1 / 17010))))));
    const excess = minusLog1p(u) - c;
    const slope = u / (1 + u);
    const curvature = 1 / ((1 + u) * (1 + u));
    return slope === 0 ? 1 : 1 + u - excess / (slope - (0.5 * excess * curvature) / slope);
  }
  // In w = ln(1+u) the function e^w - 1 - w is convex and both starts lie outside the root: Newton is monotone.
  let w = branch < 0 ? -1 - c : Math.log1p(c + Math.sqrt(2 * c));
  for (let k = 0; k < 60; k++) {
    const grown = Math.expm1(w);
    const step = (grown - w - c) / grown;
    w -= step;
    if (Math.abs(step) <= NEWTON_END * Math.abs(w)) break;
  }
  return Math.exp(w);
}

/** $1+t$ for the root $t$ of $(1+t)\ln(1+t)-t=c$; branch < 0 needs c < 1. */
function countRatio(c: number, branch: 1 | -1): number {
  const s = branch * Math.sqrt(2 * c);
  let t = s * (1 + s * (1 / 6 - s / 72));
  let low = branch < 0 ? -1 : 0;
  let high = branch < 0 ? 0 : Infinity;
  if (!(t > low && t < high)) t = branch < 0 ? -0.9 : s + (s * s) / 6;
  for (let k = 0; k < 80; k++) {
    const excess = entropyExcess(t) - c;
    if (excess > 0 === branch > 0) high = t;
    else low = t;
    const slope = Math.log1p(t);
    let next = t - excess / (slope - (0.5 * excess) / (slope * (1 + t)));
    if (!(next > low && next < high)) next = high === Infinity ? 2 * t + 1 : 0.5 * (low + high);
    const step = next - t;
    t = next;
    if (Math.abs(step) <= NEWTON_END * (1 + t)) break;
  }
  return 1 + t;
}

/**
 * Largest expectation compatible with an observed count, $\varphi^U(X)$.
 *
 * @param count - observed count X >= 0
 * @param bounds - exponent and form
 * @returns upper bound of the expectation; $b$ at X = 0
 */
export function expectationUpper(count: number, bounds: Concentration): number {
  const b = bounds.exponent;
  if (b === 0) return count;
  if (bounds.form === "closed") return count + b + Math.sqrt(2 * b * count + b * b);
  return count <= 0 ? b : count * expectationRatio(b / count, 1);
}

/**
 * Smallest expectation compatible with an observed count, $\varphi^L(X)$.
 *
 * @param count - observed count X >= 0
 * @param bounds - exponent and form
 * @returns lower bound of the expectation; 0 at X = 0
 */
export function expectationLower(count: number, bounds: Concentration): number {
  const b = bounds.exponent;
  if (b === 0) return count;
  if (bounds.form === "closed") return Math.max(0, count - b / 2 - Math.sqrt(2 * b * count + (b * b) / 4));
  return count <= 0 ? 0 : count * expectationRatio(b / count, -1);
}

/**
 * Largest count to be feared when the expectation is at most Y, $O^U(Y)$.
 *
 * @param expectation - expectation Y >= 0
 * @param bounds - exponent and form
 * @returns upper bound of the count; 0 at Y = 0
 */
export function countUpper(expectation: number, bounds: Concentration): number {
  const b = bounds.exponent;
  if (b === 0 || expectation <= 0) return Math.max(0, expectation);
  if (bounds.form === "closed") return expectation + b / 2 + Math.sqrt(2 * b * expectation + (b * b) / 4);
  return expectation * countRatio(b / expectation, 1);
}

/**
 * Smallest count to be feared when the expectation is at least Y, $O^L(Y)$.
 *
 * @param expectation - expectation Y >= 0
 * @param bounds - exponent and form
 * @returns lower bound of the count; 0 when $Y\le b$
 */
export function countLower(expectation: number, bounds: Concentration): number {
  const b = bounds.exponent;
  if (b === 0) return Math.max(0, expectation);
  if (bounds.form === "closed") return Math.max(0, expectation - Math.sqrt(2 * b * expectation));
  return expectation <= b ? 0 : expectation * countRatio(b / expectation, -1);
}

/** One count with the positive weight it carries in a sum. */
export interface WeightedCount {
  /** Weight $\gamma\ge0$. */
  weight: number;
  /** Observed count. */
  count: number;
}

/** Value of a joint bound and the number of concentration bounds it used. */
export interface JointBound {
  /** The bound on the weighted sum of expectations. */
  readonly value: number;
  /** Bounds used, each to be charged. */
  readonly calls: number;
}

/** Weights closer than this, relative to the larger, share one bound (the safer weight is used). */
const SAME_WEIGHT = 1e-9;

/**
 * Bounds $\sum_k\gamma_k\langle n_k\rangle$, $\gamma_k\ge0$, jointly: with $\gamma_{(1)}\le\gamma_{(2)}\le\dots$
 * $$\gamma_{(1)}\varphi\bigl(n_{(1)}+n_{(2)}+\dots\bigr)+(\gamma_{(2)}-\gamma_{(1)})\,\varphi\bigl(n_{(2)}+\dots\bigr)+\dots$$
 * with $\varphi^U$ or $\varphi^L$ throughout, because a sum of counts fluctuates less than its parts. Yu, Zhou, Wang,
 * Phys. Rev. A 91, 032318 (2015) (recalled; it is Abel's summation by parts).
 *
 * @param terms - weights and counts; sorted in place by weight
 * @param side - which bound
 * @param bounds - exponent and form
 * @returns the bound and how many concentration bounds it used
 */
export function jointExpectation(terms: WeightedCount[], side: "upper" | "lower", bounds: Concentration): JointBound {
  const limit = side === "upper" ? expectationUpper : expectationLower;
  // Insertion sort: a handful of terms, on the hot path of the optimiser.
  for (let i = 1; i < terms.length; i++) {
    const term = terms[i]!;
    let j = i - 1;
    while (j >= 0 && terms[j]!.weight > term.weight) {
      terms[j + 1] = terms[j]!;
      j--;
    }
    terms[j + 1] = term;
  }
  let total = 0;
  for (const term of terms) total += term.count;
  let value = 0;
  let calls = 0;
  let reached = 0;
  for (let i = 0; i < terms.length; i++) {
    let weight = terms[i]!.weight;
    let group = terms[i]!.count;
    // Equal weights form one group; an upper bound takes its largest weight, a lower bound its smallest.
    while (i + 1 < terms.length && terms[i + 1]!.weight - terms[i]!.weight <= SAME_WEIGHT * terms[i + 1]!.weight) {
      i++;
      group += terms[i]!.count;
      if (side === "upper") weight = terms[i]!.weight;
    }
    if (weight > reached) {
      value += (weight - reached) * limit(total, bounds);
      calls++;
      reached = weight;
    }
    total = Math.max(0, total - group);
  }
  return { value, calls };
}
