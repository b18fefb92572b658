/**
 * From announced counts to the two numbers a key rests on: how many raw bits came from one photon of the sender and none of
 * the other user (*untagged* bits), and how many phase errors these have.
 *
 * @module
 */
import { TwincombError } from "../errors.ts";
import type { BoundCalls } from "./account.ts";
import {
  type Concentration,
  countLower,
  countUpper,
  expectationUpper,
  jointExpectation,
  type WeightedCount,
} from "./concentration.ts";
import type { DecoyClasses } from "./counts.ts";
import {
  addSinglePhotonYield,
  type GainWeights,
  noWeights,
  type SourceInterval,
  sourceIntervals,
  vacuumYieldWeights,
  WEIGHTED_CLASSES,
} from "./decoy.ts";
import type { ProtocolSettings } from "./settings.ts";

/** Bounds from one set of counts. All hold together except with the probability that `calls` adds up to. */
export interface Estimate {
  /** $s=\alpha_1Y_{10}+\beta_1Y_{01}$, lower bound of its expectation: yield of one photon in an x1-x1 slot, less $e^{-\alpha_1-\beta_1}$. */
  readonly weightedYield: number;
  /** $s_1=s/(\alpha_1+\beta_1)$, lower bound of the single-photon yield. */
  readonly singlePhotonYield: number;
  /** $Y_{00}$, lower bound of the true-vacuum yield. */
  readonly vacuumYield: number;
  /** Expected untagged bits of the key, lower bound. */
  readonly untaggedExpected: number;
  /** Untagged bits of the key, lower bound of their number. */
  readonly untagged: number;
  /** $\langle e_1\rangle$, upper bound of the expected phase-error rate of untagged bits, in [0, 1/2]. */
  readonly phaseErrorExpected: number;
  /** Phase-error rate of the untagged bits, upper bound, in [0, 1/2]. */
  readonly phaseError: number;
  /** Concentration bounds used for the number of untagged bits and for the phase errors. */
  readonly calls: BoundCalls;
}

/** What an estimate needs to know of the settings; made once for many evaluations with the same intervals. */
export interface EstimateSource {
  /** Alice's intensities. */
  readonly alice: SourceInterval;
  /** Bob's intensities. */
  readonly bob: SourceInterval;
  /** Weights of $s$ on the gains; `undefined` when no bound but 0 exists. */
  readonly yieldWeights: GainWeights | undefined;
  /** Weights of its part $\alpha_1Y_{10}$. */
  readonly aliceWeights: GainWeights;
  /** Weights of its part $\beta_1Y_{01}$. */
  readonly bobWeights: GainWeights;
  /** Weights of $Y_{00}$ on the gains; `undefined` when no bound but 0 exists. */
  readonly vacuumWeights: GainWeights | undefined;
  /** $\tau$ of {@link untaggedScale}. */
  readonly scale: number;
}

/** Relative slack of the security condition: rounding of intensities that were computed to meet it. */
const CONDITION_SLACK = 1e-6;

/** Smallest value of $\mu e^{-\mu}$ over an interval (it has one maximum, so the ends decide). */
function leastSingle(interval: readonly [number, number]): number {
  return Math.min(interval[0] * Math.exp(-interval[0]), interval[1] * Math.exp(-interval[1]));
}

/** Largest value of $\mu e^{-\mu}$ over an interval. */
function mostSingle(interval: readonly [number, number]): number {
  if (interval[0] < 1 && interval[1] > 1) return Math.exp(-1);
  return Math.max(interval[0] * Math.exp(-interval[0]), interval[1] * Math.exp(-interval[1]));
}

/**
 * How many untagged Z-Z bits there are per unit of $s$: the largest $\tau$ such that untagged bits with weights
 * $\tau\alpha_1$ (Alice's photon) and $\tau\beta_1$ (Bob's) are present for every intensity inside the intervals.
 *
 * In an X window one photon is in the state $\propto\sqrt{\alpha_1}|10\rangle+e^{i\delta}\sqrt{\beta_1}|01\rangle$; an untagged Z-Z slot holds
 * $|10\rangle$ with weight $\kappa_A=\varepsilon_A(1-\varepsilon_B)\mu_{Az}e^{-\mu_{Az}}e^{-w_B}$ and $|01\rangle$ with $\kappa_B$. Phase errors of
 * the first bound those of the second only if
 * $$\frac{\alpha_1}{\beta_1}=\frac{\kappa_A}{\kappa_B}=\frac{\varepsilon_A(1-\varepsilon_B)\mu_{Az}e^{-\mu_{Az}-w_B}}{\varepsilon_B(1-\varepsilon_A)\mu_{Bz}e^{-\mu_{Bz}-w_A}}$$
 * (Hu et al., Phys. Rev. A 100, 062337 (2019), recalled; with residues w derived). Inside calibrated intervals the two
 * sides need not agree exactly: slots in excess of the common proportion are counted as tagged, which leaves
 * $\tau=\min(\kappa_{A-}/\alpha_{1+},\kappa_{B-}/\beta_{1+})$. Intervals that exclude the equality are refused.
 *
 * @param settings - choices of both users
 * @param alice - Alice's intervals
 * @param bob - Bob's intervals
 * @returns $\tau$
 * @throws {@link TwincombError} `invalid-input` when no intensities inside the intervals meet the condition
 */
export function untaggedScale(settings: ProtocolSettings, alice: SourceInterval, bob: SourceInterval): number {
  const eA = settings.alice.probabilities.send;
  const eB = settings.bob.probabilities.send;
  const choiceA = eA * (1 - eB);
  const choiceB = eB * (1 - eA);
  const lowA = choiceA * leastSingle(alice.send) * Math.exp(-bob.none[1]);
  const highA = choiceA * mostSingle(alice.send) * Math.exp(-bob.none[0]);
  const lowB = choiceB * leastSingle(bob.send) * Math.exp(-alice.none[1]);
  const highB = choiceB * mostSingle(bob.send) * Math.exp(-alice.none[0]);
  const slack = 1 + CONDITION_SLACK;
  // alpha/beta in [a-/b+, a+/b-] must meet kappaA/kappaB in [lowA/highB, highA/lowB].
  const reachable =
    alice.one[1] * highB * slack >= bob.one[0] * lowA && bob.one[1] * highA * slack >= alice.one[0] * lowB;
  if (!reachable) {
    const left = alice.one[0] / bob.one[0];
    const right = lowA / lowB;
    throw new TwincombError(
      "invalid-input",
      "settings: the security condition on intensities fails everywhere inside the calibrated intervals: " +
        `x1 of Alice over x1 of Bob is ${left.toPrecision(6)}, the sending side gives ${right.toPrecision(6)}`,
      { parameter: "settings", value: left, expected: `x1 of Alice = ${right.toPrecision(6)} times x1 of Bob` },
    );
  }
  return Math.min(lowA / alice.one[1], lowB / bob.one[1]);
}

/**
 * Prepares an estimate: weights of the decoy bounds and the security condition.
 *
 * @param settings - choices of both users, valid
 * @returns intervals, weights and scale
 * @throws {@link TwincombError} `invalid-input` when the security condition cannot be met
 */
export function estimateSource(settings: ProtocolSettings): EstimateSource {
  const { alice, bob } = sourceIntervals(settings);
  const aliceWeights = noWeights();
  const bobWeights = noWeights();
  const bounded =
    addSinglePhotonYield(aliceWeights, bob, alice, false) && addSinglePhotonYield(bobWeights, alice, bob, true);
  const weights = noWeights();
  for (const name of WEIGHTED_CLASSES) weights[name] = aliceWeights[name] + bobWeights[name];
  return {
    alice,
    bob,
    yieldWeights: bounded ? weights : undefined,
    aliceWeights,
    bobWeights,
    vacuumWeights: vacuumYieldWeights(alice, bob),
    scale: untaggedScale(settings, alice, bob),
  };
}

/**
 * Lower bound of a weighted sum of gains: positive weights jointly from below, negative ones jointly from above.
 *
 * @param weights - signed weights of the gains
 * @param classes - events and probabilities
 * @param bounds - statistics
 * @returns the bound, in [0, 1] as what is bounded here, and the concentration bounds it used
 */
export function gainsLowerBound(
  weights: GainWeights,
  classes: DecoyClasses,
  bounds: Concentration,
): { readonly value: number; readonly calls: number } {
  const positive: WeightedCount[] = [];
  const negative: WeightedCount[] = [];
  for (const name of WEIGHTED_CLASSES) {
    const weight = weights[name];
    if (weight === 0) continue;
    const { events, probability } = classes[name];
    const perEvent = weight / (classes.pulses * probability);
    // A class that (almost) never occurs bounds nothing from below and everything from above.
    if (!Number.isFinite(perEvent)) {
      if (weight < 0) return { value: 0, calls: 0 };
      continue;
    }
    if (perEvent > 0) positive.push({ weight: perEvent, count: events });
    else negative.push({ weight: -perEvent, count: events });
  }
  const gained = jointExpectation(positive, "lower", bounds);
  const lost = jointExpectation(negative, "upper", bounds);
  const value = gained.value - lost.value;
  return { value: value > 0 ? Math.min(value, 1) : 0, calls: gained.calls + lost.calls };
}

/**
 * Bounds the untagged bits and their phase errors.
 *
 * $$\langle e_1\rangle^U=\frac{T_\Delta^U-\tfrac12e^{-\alpha_1-\beta_1}Y_{00}^L}{e^{-\alpha_1-\beta_1}s^L},\quad
 * n_1=O^L(Np_z^2\tau s^L),\quad e_1^{ph}=O^U(n_1\langle e_1\rangle^U)/n_1$$
 * (Wang, Yu, Hu 2018, Eqs. 2 and 45, with the true-vacuum yield bounded from below; real values as in Jiang et al. 2019,
 * recalled). Vacuum holds no phase, so half of its effective events fall on the wrong port.
 *
 * @param source - from {@link estimateSource}
 * @param classes - pooled counts
 * @param bounds - statistics
 * @param knownVacuumYield - a lower bound of $Y_{00}$ known to both users from elsewhere, default 0
 * @returns the bounds
 */
export function estimateClasses(
  source: EstimateSource,
  classes: DecoyClasses,
  bounds: Concentration,
  knownVacuumYield: number = 0,
): Estimate {
  const { alice, bob } = source;
  const yields =
    source.yieldWeights === undefined ? { value: 0, calls: 0 } : gainsLowerBound(source.yieldWeights, classes, bounds);
  const vacuum =
    source.vacuumWeights === undefined
      ? { value: 0, calls: 0 }
      : gainsLowerBound(source.vacuumWeights, classes, bounds);
  const vacuumYield = Math.max(knownVacuumYield, vacuum.value);
  const slots = classes.pulses * classes.slice.probability;
  const wrong = slots > 0 ? expectationUpper(classes.slice.events, bounds) / slots : 1;
  const dim = Math.exp(-alice.one[1] - bob.one[1]);
  const numerator = Math.max(0, wrong - 0.5 * dim * vacuumYield);
  const phaseErrorExpected = yields.value > 0 ? Math.min(0.5, numerator / (dim * yields.value)) : 0.5;
  const untaggedExpected = classes.pulses * classes.key.probability * source.scale * yields.value;
  const untagged = Math.min(countLower(untaggedExpected, bounds), classes.key.events);
  const phaseError = untagged > 0 ? Math.min(0.5, countUpper(untagged * phaseErrorExpected, bounds) / untagged) : 0.5;
  return {
    weightedYield: yields.value,
    singlePhotonYield: yields.value / (alice.one[1] + bob.one[1]),
    vacuumYield,
    untaggedExpected,
    untagged,
    phaseErrorExpected,
    phaseError,
    calls: { untagged: yields.calls + 1, phaseError: vacuum.calls + 2 },
  };
}

/** Composition of the Z-Z events of the key, by what the users had done. */
export interface ZComposition {
  /** Alice sent, Bob did not: equal bits. */
  readonly onlyAlice: number;
  /** Bob sent, Alice did not: equal bits. */
  readonly onlyBob: number;
  /** Both sent: an error. */
  readonly both: number;
  /** Neither sent: an error. */
  readonly neither: number;
}

/**
 * What announced data say about the Z-Z events: events with one sender and with none follow from slots of one Z and one X
 * window, those with two are the rest.
 *
 * This is a point estimate for planning error correction, never an ingredient of security.
 *
 * @param settings - choices of both users
 * @param classes - pooled counts
 * @returns expected numbers among the key's Z-Z events, or `undefined` when the classes were not observed
 */
export function zComposition(settings: ProtocolSettings, classes: DecoyClasses): ZComposition | undefined {
  const { so, os, oo, key, pulses } = classes;
  if (so.probability === 0 || os.probability === 0 || so.events === 0 || os.events === 0) return undefined;
  const eA = settings.alice.probabilities.send;
  const eB = settings.bob.probabilities.send;
  const slots = pulses * key.probability;
  const rate = (entry: { events: number; probability: number }): number =>
    entry.probability > 0 ? entry.events / (pulses * entry.probability) : 0;
  const onlyAlice = slots * eA * (1 - eB) * rate(so);
  const onlyBob = slots * (1 - eA) * eB * rate(os);
  const neither = slots * (1 - eA) * (1 - eB) * rate(oo);
  return { onlyAlice, onlyBob, neither, both: Math.max(0, key.events - onlyAlice - onlyBob - neither) };
}
