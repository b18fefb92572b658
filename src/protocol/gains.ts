/**
 * Click probabilities of two interfering weak pulses at two threshold detectors.
 *
 * With $a=\eta_A\mu_A$, $b=\eta_B\mu_B$ photons arriving at the beam splitter, $m=(a+b)/2$, $x=\sqrt{ab}$ and relative
 * phase $\varphi$, the ports receive $I_L=m+x\cos\varphi$ and $I_R=m-x\cos\varphi$; with efficiencies $\eta_L,\eta_R$ and
 * noise $p_L,p_R$ a slot is *effective* when exactly one detector clicks:
 * $$P(\text{only }L)=(1-p_R)e^{-\eta_RI_R}-(1-p_L)(1-p_R)e^{-\eta_LI_L-\eta_RI_R}.$$
 * Derived from Poisson statistics; checked against Monte-Carlo and against sums over Fock states in the tests.
 *
 * @module
 */
import type { LinkModel } from "./link.ts";
import { besselI, besselI0m1, oneMinusSinc } from "./special.ts";

/** Probabilities of the three kinds of click in a slot. */
export interface ClickProbabilities {
  /** Only the left detector. */
  readonly left: number;
  /** Only the right detector. */
  readonly right: number;
  /** Both detectors. */
  readonly both: number;
}

/**
 * Phase-averaged probability that only detector 1 clicks,
 * $$(1-p_2)e^{-\eta_2m}\bigl[I_0(\eta_2x)-(1-p_1)e^{-\eta_1m}I_0((\eta_1-\eta_2)x)\bigr],$$
 * with both $I_0$ taken apart from their 1, so that gains of 1e-15 keep their digits.
 */
function onlyFirst(m: number, x: number, eta1: number, p1: number, eta2: number, p2: number): number {
  const other = besselI0m1((eta1 - eta2) * x);
  const alone = besselI0m1(eta2 * x) - (1 - p1) * other - (1 - p1) * Math.expm1(-eta1 * m) * (1 + other) + p1;
  return (1 - p2) * Math.exp(-eta2 * m) * alone;
}

/**
 * Gain $S(\mu_A,\mu_B)$: probability of an effective event for two pulses of random relative phase.
 *
 * For equal detectors it is $2q e^{-m}[I_0(x)-q e^{-m}]$ with $q=1-p_d$ and the efficiency inside m and x.
 *
 * @param link - arms and detectors
 * @param alice - photons per pulse at Alice's output
 * @param bob - photons per pulse at Bob's output
 * @returns probability per slot
 */
export function gain(link: LinkModel, alice: number, bob: number): number {
  const a = link.transmittanceAlice * alice;
  const b = link.transmittanceBob * bob;
  const m = 0.5 * (a + b);
  const x = Math.sqrt(a * b);
  const { left, right } = link;
  if (left.efficiency === right.efficiency && left.noiseProbability === right.noiseProbability) {
    return 2 * onlyFirst(m, x, left.efficiency, left.noiseProbability, left.efficiency, left.noiseProbability);
  }
  return (
    onlyFirst(m, x, left.efficiency, left.noiseProbability, right.efficiency, right.noiseProbability) +
    onlyFirst(m, x, right.efficiency, right.noiseProbability, left.efficiency, left.noiseProbability)
  );
}

/** Points of the phase average of double clicks: the trapezoid rule is spectrally exact on a circle. */
const CIRCLE_POINTS = 48;

/**
 * Phase-averaged probabilities of all kinds of click.
 *
 * @param link - arms and detectors
 * @param alice - photons per pulse at Alice's output
 * @param bob - photons per pulse at Bob's output
 * @returns probabilities per slot of a left, a right and a double click
 */
export function clickProbabilities(link: LinkModel, alice: number, bob: number): ClickProbabilities {
  const a = link.transmittanceAlice * alice;
  const b = link.transmittanceBob * bob;
  const m = 0.5 * (a + b);
  const x = Math.sqrt(a * b);
  const { left, right } = link;
  let both = 0;
  for (let k = 0; k < CIRCLE_POINTS; k++) {
    const beat = x * Math.cos((2 * Math.PI * (k + 0.5)) / CIRCLE_POINTS);
    both +=
      clicks(left.efficiency * (m + beat), left.noiseProbability) *
      clicks(right.efficiency * (m - beat), right.noiseProbability);
  }
  return {
    left: onlyFirst(m, x, left.efficiency, left.noiseProbability, right.efficiency, right.noiseProbability),
    right: onlyFirst(m, x, right.efficiency, right.noiseProbability, left.efficiency, left.noiseProbability),
    both: both / CIRCLE_POINTS,
  };
}

/** $1-(1-p)e^{-I}$ without cancellation. */
function clicks(intensity: number, noise: number): number {
  return noise - (1 - noise) * Math.expm1(-intensity);
}

/**
 * Probability that only detector 1 clicks, averaged over a slice of width $\Delta$ around $\varphi=0$ (sign > 0, detector 1
 * bright) or $\varphi=\pi$ (sign < 0, detector 1 dark) and over Gaussian phase noise.
 *
 * Fourier series in the phase: $\langle e^{z\cos\varphi}\rangle=e^{z}-2\sum_kI_k(z)g_k$ with
 * $g_k=1-e^{-k^2\sigma^2/2}\,\frac{\sin(k\Delta/2)}{k\Delta/2}$; the deviation from the slice's centre stands apart, so a
 * dark port that sees almost nothing keeps its digits.
 */
function onlyFirstInSlice(
  sign: 1 | -1,
  a: number,
  b: number,
  eta1: number,
  p1: number,
  eta2: number,
  p2: number,
  spread: Float64Array,
): number {
  const m = 0.5 * (a + b);
  const x = sign * Math.sqrt(a * b);
  const imbalance = Math.sqrt(a) - Math.sqrt(b);
  // Photons at port 1 at the centre of the slice; m + x is a difference when the port is dark.
  const first = sign > 0 ? m + x : 0.5 * imbalance * imbalance;
  const second = sign > 0 ? 0.5 * imbalance * imbalance : m - x;
  const centre = (1 - p2) * Math.exp(-eta2 * second) * clicks(eta1 * first, p1);
  const keep = (1 - p1) * Math.exp(-eta1 * m);
  let deviation = 0;
  for (let k = 1; k <= spread.length; k++) {
    const term = spread[k - 1]! * (besselI(k, eta2 * x) - keep * besselI(k, (eta2 - eta1) * x));
    deviation += term;
    if (Math.abs(term) <= 1e-17 * Math.abs(deviation)) break;
  }
  return centre - 2 * (1 - p2) * Math.exp(-eta2 * m) * deviation;
}

/** Highest harmonic of the phase series; $I_k(z)$ at z = 1 is below 1e-19 from k = 15 on. */
const HARMONICS = 24;

/** Probabilities per slot *inside* a slice; both slices have probability $\Delta/2\pi$ each. */
export interface SliceGain {
  /** $T_\Delta$: probability of an effective event at the wrong port, mean of both slices. */
  readonly wrong: number;
  /** Probability of an effective event, mean of both slices. */
  readonly accepted: number;
}

/**
 * Gain and error gain $T_\Delta$ of pulses whose announced phases differ by less than $\Delta/2$ from 0 or $\pi$.
 *
 * $$T_\Delta=\frac1\Delta\int_{-\Delta/2}^{\Delta/2}\bigl[(1-e_d)P_\text{dark}(\delta)+e_dP_\text{bright}(\delta)\bigr]d\delta,$$
 * averaged over both slices and over $\delta+N(0,\sigma^2)$. A port exchange (probability $e_d$) exchanges the light, not
 * the detectors.
 *
 * @param link - arms, detectors, misalignment, residual phase
 * @param alice - photons per pulse at Alice's output
 * @param bob - photons per pulse at Bob's output
 * @param sliceWidthRad - full width $\Delta$, rad, in (0, $\pi$]
 * @returns error gain and gain per slot of the slices
 */
export function sliceGain(link: LinkModel, alice: number, bob: number, sliceWidthRad: number): SliceGain {
  const spread = new Float64Array(HARMONICS);
  for (let k = 1; k <= HARMONICS; k++) {
    const decay = -Math.expm1(-0.5 * k * k * link.phaseVarianceRad2);
    spread[k - 1] = decay + (1 - decay) * oneMinusSinc(0.5 * k * sliceWidthRad);
  }
  const a = link.transmittanceAlice * alice;
  const b = link.transmittanceBob * bob;
  const { efficiency: l, noiseProbability: pl } = link.left;
  const { efficiency: r, noiseProbability: pr } = link.right;
  const flip = link.misalignment;
  const equal = l === r && pl === pr;
  const darkRight = onlyFirstInSlice(-1, a, b, r, pr, l, pl, spread);
  const brightRight = onlyFirstInSlice(1, a, b, r, pr, l, pl, spread);
  const darkLeft = equal ? darkRight : onlyFirstInSlice(-1, a, b, l, pl, r, pr, spread);
  const brightLeft = equal ? brightRight : onlyFirstInSlice(1, a, b, l, pl, r, pr, spread);
  const dark = 0.5 * (darkLeft + darkRight);
  const bright = 0.5 * (brightLeft + brightRight);
  return { wrong: (1 - flip) * dark + flip * bright, accepted: dark + bright };
}
