/**
 * Density evolution of the decoder that is really run: 8-bit messages, its tables, its ties, its clamps.
 *
 * For the error vector that a syndrome is decoded for, all-zero errors may be assumed (the channel and the decoder are
 * symmetric; Richardson and Urbanke, IEEE Trans. Inf. Theory 47, 599 (2001), doi:10.1109/18.910577). Messages from
 * bits have a probability mass on -127..127; bits of degree d add up their prior and d - 1 messages, an exact
 * convolution with saturation. Checks have no such form in this arithmetic, so their answer is a quadrature: a fixed
 * set of checks whose inputs are stratified quantiles of the incoming mass in a fixed random order. Magnitudes are
 * sampled, signs are not: given the magnitudes a_j, the answer has the sign of the parity with probability
 * (1 + prod (1 - 2 w_j)) / 2, w_j = P(negative | a_j). With the sample fixed, the result is a smooth function of the degree
 * distribution, and error probabilities far below 1 / samples are resolved.
 *
 * @module
 */
import {
  type CheckRule,
  logarithmSteps,
  OUTGOING_FROM,
  priorSteps,
  type SoftTables,
  softTables,
} from "../../../kernels/ldpc-rule.ts";
import { type PhiloxKey, PhiloxStream, PURPOSE } from "../../../random.ts";

/** Edge-degree distribution of the bits: the fraction of edges at bits of each degree; sums to 1. */
export type EdgeDegrees = ReadonlyMap<number, number>;

const LARGEST = 127;
/** From this check degree on, inputs of a check are counted by magnitude instead of laid out one by one. */
const HIGH_DEGREE = 48;
/** Progress is looked for after every so many iterations. */
const PATIENCE = 15;
/** Means above this are drawn from the normal distribution. */
const MANY = 40;
/** Length of a mass on -127..127. */
export const LEVELS = 2 * LARGEST + 1;

/** What one run of density evolution found. */
export interface Evolution {
  /** Flooding iterations until the error fraction fell below the target; Infinity when it never did. */
  readonly iterations: number;
  /** Fraction of wrong messages from bits at the end. */
  readonly errorFraction: number;
}

/**
 * Mean check degree of a code: edges per bit over checks per bit.
 *
 * @param degrees - edge-degree distribution of the bits
 * @param leak - checks per bit
 */
export function meanCheckDegree(degrees: EdgeDegrees, leak: number): number {
  let bitsPerEdge = 0;
  for (const [degree, fraction] of degrees) bitsPerEdge += fraction / degree;
  return 1 / (bitsPerEdge * leak);
}

/** Density evolution of one decoder with a fixed quadrature. */
export class DensityEvolution {
  /** The decoder's check rule. */
  readonly rule: CheckRule;
  readonly #tables: SoftTables;
  readonly #order: Uint32Array;
  readonly #inputs: Uint8Array;
  /** One uniform number for each magnitude of each check of high degree. */
  readonly #uniforms: Float64Array;

  /**
   * @param rule - the decoder's check rule
   * @param edges - number of check inputs in the quadrature
   * @param key - Philox key of the fixed order
   */
  constructor(rule: CheckRule, edges: number, key: PhiloxKey) {
    this.rule = rule;
    this.#tables = softTables(rule.delta);
    this.#inputs = new Uint8Array(edges);
    this.#order = Uint32Array.from({ length: edges }, (_, i) => i);
    const stream = new PhiloxStream(key, PURPOSE.reconciliation, 0);
    this.#uniforms = Float64Array.from({ length: edges }, () => stream.uniform());
    for (let i = edges - 1; i > 0; i--) {
      const j = stream.below(i + 1);
      const kept = this.#order[i]!;
      this.#order[i] = this.#order[j]!;
      this.#order[j] = kept;
    }
  }

  /**
   * Follows the messages of an infinite random code.
   *
   * @param degrees - edge-degree distribution of the bits
   * @param leak - checks per bit; check degrees are the two whole numbers around their mean
   * @param qber - error probability of a bit
   * @param maxIterations - give up after so many flooding iterations
   * @returns iterations needed and the error fraction reached
   */
  run(degrees: EdgeDegrees, leak: number, qber: number, maxIterations: number): Evolution {
    const { delta, largest } = this.rule;
    const checkDegree = meanCheckDegree(degrees, leak);
    const prior = this.prior(qber);
    const sorted = [...degrees].filter(([, fraction]) => fraction > 0).sort(([a], [b]) => a - b);
    const target = qber / 100;
    let fromBits: Float64Array = prior;
    let before = 1;
    for (let iteration = 0; iteration <= maxIterations; iteration++) {
      const errorFraction = wrong(fromBits);
      if (errorFraction < target) return { iterations: iteration, errorFraction };
      if (iteration % PATIENCE === PATIENCE - 1) {
        // Where errors are rare no message changes its sign for long; what is still missing to certainty does shrink.
        const doubt = meanDoubt(fromBits, delta);
        if (doubt > before * (1 - 1e-4)) break;
        before = doubt;
      }
      const fromChecks = this.checks(fromBits, checkDegree);
      fromBits = new Float64Array(LEVELS);
      let sum: Float64Array = prior;
      let degree = 1;
      for (const [wanted, fraction] of sorted) {
        for (; degree < wanted; degree++) sum = convolve(sum, fromChecks, largest);
        for (let level = 0; level < LEVELS; level++) fromBits[level]! += fraction * sum[level]!;
      }
    }
    return { iterations: Infinity, errorFraction: wrong(fromBits) };
  }

  /** The mass of a bit's prior, on -127..127. */
  prior(qber: number): Float64Array {
    const prior = new Float64Array(LEVELS);
    const steps = priorSteps(qber, this.rule.delta);
    prior[LARGEST + steps] = 1 - qber;
    prior[LARGEST - steps] = qber;
    return prior;
  }

  /**
   * The mass of the checks' answers, on -largest..largest.
   *
   * @param fromBits - mass of the messages they hear, on -127..127
   * @param meanDegree - their degrees are the two whole numbers around it
   */
  checks(fromBits: Float64Array, meanDegree: number): Float64Array {
    const lower = Math.floor(meanDegree + 1e-9);
    if (lower < HIGH_DEGREE) return this.#lowDegreeChecks(fromBits, lower, meanDegree - lower);
    return this.#highDegreeChecks(fromBits, lower, meanDegree - lower);
  }

  #lowDegreeChecks(fromBits: Float64Array, lower: number, fractionUpper: number): Float64Array {
    const edges = this.#inputs.length;
    const checks = Math.max(1, Math.floor(edges / (lower + fractionUpper)));
    const upperChecks = Math.min(Math.round(checks * fractionUpper), Math.floor((edges - checks * lower) / 1));
    const used = checks * lower + upperChecks;
    const bias = this.#stratify(fromBits, used);
    const { largest } = this.rule;
    const tables = this.#tables;
    const sums = new Float64Array(2 * largest + 1);
    let start = 0;
    for (let check = 0; check < checks; check++) {
      const degree = check < upperChecks ? lower + 1 : lower;
      const end = start + degree;
      let m1 = largest;
      let m2 = largest;
      let product = 1;
      let zeros = 0;
      for (let i = start; i < end; i++) {
        const a = this.#inputs[i]!;
        if (a < m1) {
          m2 = m1;
          m1 = a;
        } else if (a < m2) m2 = a;
        const b = bias[a]!;
        if (b === 0) zeros++;
        else product *= b;
      }
      let sum = -tables.scale;
      for (let i = start; i < end; i++) {
        const above = this.#inputs[i]! - m2;
        if (above < 16) sum += tables.exponentials[Math.max(above, 0)]!;
      }
      const [others, least] = this.#answers(sum, m1, m2, tables);
      for (let i = start; i < end; i++) {
        const a = this.#inputs[i]!;
        const b = bias[a]!;
        const rest = b === 0 ? (zeros > 1 ? 0 : product) : zeros > 0 ? 0 : product / b;
        const out = a === m1 ? least : others;
        sums[largest + out]! += (1 + rest) / 2;
        sums[largest - out]! += (1 - rest) / 2;
      }
      start = end;
    }
    for (let i = 0; i < sums.length; i++) sums[i]! /= used;
    return sums;
  }

  /**
   * The same for checks of high degree: how many inputs have each magnitude is multinomial, drawn as conditional
   * binomials from the weakest magnitude up; the strongest takes the rest.
   */
  #highDegreeChecks(fromBits: Float64Array, lower: number, fractionUpper: number): Float64Array {
    const { largest } = this.rule;
    const tables = this.#tables;
    const levels: { readonly a: number; readonly share: number; readonly bias: number }[] = [];
    let behind = 1;
    for (let a = 0; a <= LARGEST; a++) {
      const positive = fromBits[LARGEST + a]!;
      const negative = a === 0 ? 0 : fromBits[LARGEST - a]!;
      const both = positive + negative;
      if (both < 1e-14) continue;
      levels.push({ a, share: Math.min(1, both / behind), bias: a === 0 ? 0 : (positive - negative) / both });
      behind = Math.max(1e-300, behind - both);
    }
    const checks = Math.floor(this.#uniforms.length / levels.length);
    const counts = new Float64Array(levels.length);
    const sums = new Float64Array(2 * largest + 1);
    let used = 0;
    for (let check = 0; check < checks; check++) {
      const degree = check < checks * fractionUpper ? lower + 1 : lower;
      used += degree;
      let left = degree;
      let m1 = largest;
      let m2 = largest;
      let logProduct = 0;
      let zeros = 0;
      let negative = false;
      for (let i = 0; i < levels.length; i++) {
        const { a, share, bias } = levels[i]!;
        const last = i === levels.length - 1;
        const count =
          last || left === 0 ? left : binomialQuantile(left, share, this.#uniforms[check * levels.length + i]!);
        counts[i] = count;
        left -= count;
        if (count === 0) continue;
        if (a < m1) {
          m2 = count > 1 ? a : m1;
          m1 = a;
        } else if (a < m2) m2 = a;
        if (bias === 0) zeros += count;
        else {
          logProduct += count * Math.log(Math.abs(bias));
          if (bias < 0 && count % 2 === 1) negative = !negative;
        }
      }
      let sum = -tables.scale;
      for (let i = 0; i < levels.length; i++) {
        const above = Math.max(0, levels[i]!.a - m2);
        if (above < 16) sum += counts[i]! * tables.exponentials[above]!;
      }
      const [others, least] = this.#answers(sum, m1, m2, tables);
      const product = (negative ? -1 : 1) * Math.exp(logProduct);
      for (let i = 0; i < levels.length; i++) {
        const count = counts[i]!;
        if (count === 0) continue;
        const { a, bias } = levels[i]!;
        const rest = bias === 0 ? (zeros > 1 ? 0 : product) : zeros > 0 ? 0 : product / bias;
        const out = a === m1 ? least : others;
        sums[largest + out]! += (count * (1 + rest)) / 2;
        sums[largest - out]! += (count * (1 - rest)) / 2;
      }
    }
    for (let i = 0; i < sums.length; i++) sums[i]! /= used;
    return sums;
  }

  /** What a check tells the edges at its least magnitude (second), and all others (first). */
  #answers(sum: number, m1: number, m2: number, tables: SoftTables): readonly [others: number, least: number] {
    if (this.rule.kind === "minimum") {
      return [Math.max(0, m1 - this.rule.offset), Math.max(0, m2 - this.rule.offset)];
    }
    const y2 = m2 - logarithmSteps(sum, tables);
    const gap = Math.abs(y2 - m1);
    const y1 = Math.min(y2, m1) - (gap < 16 ? tables.softening[gap]! : 0);
    return [Math.min(m1, outgoing(y1, tables)), outgoing(y2, tables)];
  }

  /** Lays out stratified magnitudes in the fixed order; returns 1 - 2 P(negative | magnitude). */
  #stratify(mass: Float64Array, used: number): Float64Array {
    const bias = new Float64Array(LARGEST + 1);
    const sorted = new Uint8Array(this.#inputs.length);
    let cumulative = 0;
    let position = 0;
    for (let a = 0; a <= LARGEST; a++) {
      const positive = mass[LARGEST + a]!;
      const negative = mass[LARGEST - a]!;
      const both = a === 0 ? positive : positive + negative;
      bias[a] = a === 0 || both === 0 ? 0 : (positive - negative) / both;
      cumulative += both;
      const end = a === LARGEST ? sorted.length : Math.min(sorted.length, Math.round(cumulative * sorted.length));
      sorted.fill(a, position, end);
      position = end;
    }
    for (let i = 0; i < used; i++) this.#inputs[i] = sorted[this.#order[i]!]!;
    return bias;
  }
}

/** Probability of a negative message, half of the undecided ones included. */
export function wrong(mass: Float64Array): number {
  let sum = mass[LARGEST]! / 2;
  for (let level = 0; level < LARGEST; level++) sum += mass[level]!;
  return sum;
}

/** Mean of 1 - tanh(T/2): 0 when every message is right and certain. */
export function meanDoubt(mass: Float64Array, delta: number): number {
  let sum = 0;
  for (let level = 0; level < LEVELS; level++) sum += mass[level]! * (1 - Math.tanh(((level - LARGEST) * delta) / 2));
  return sum;
}

/** Distribution of the saturated sum of a bit's total and one more message. */
export function convolve(total: Float64Array, message: Float64Array, largest: number): Float64Array {
  const sum = new Float64Array(LEVELS);
  for (let value = -largest; value <= largest; value++) {
    const weight = message[value + largest]!;
    if (weight === 0) continue;
    const from = Math.max(0, -value);
    const to = Math.min(LEVELS, LEVELS - value);
    for (let level = from; level < to; level++) sum[level + value]! += weight * total[level]!;
    for (let level = 0; level < from; level++) sum[0]! += weight * total[level]!;
    for (let level = to; level < LEVELS; level++) sum[LEVELS - 1]! += weight * total[level]!;
  }
  return sum;
}

function outgoing(y: number, tables: SoftTables): number {
  const index = Math.max(0, y - OUTGOING_FROM);
  return Math.max(y, index < 16 ? tables.outgoing[index]! : 0);
}

/** Smallest count whose cumulative binomial probability exceeds u; normal where the mean is large. */
function binomialQuantile(trials: number, p: number, u: number): number {
  const mean = trials * p;
  if (p >= 1) return trials;
  if (mean > MANY) {
    const z = normalQuantile(u);
    return Math.min(trials, Math.max(0, Math.round(mean + z * Math.sqrt(mean * (1 - p)))));
  }
  const odds = p / (1 - p);
  let term = Math.exp(trials * Math.log1p(-p));
  let cumulative = term;
  let count = 0;
  while (u >= cumulative && count < trials) {
    term *= ((trials - count) / (count + 1)) * odds;
    cumulative += term;
    count++;
    if (term < 1e-16 && count > mean) break;
  }
  return count;
}

/** Quantile of the normal distribution to 4.5e-4 (Abramowitz and Stegun, 26.2.23). */
function normalQuantile(u: number): number {
  const p = Math.max(1e-12, Math.min(u, 1 - u));
  const t = Math.sqrt(-2 * Math.log(p));
  const z =
    t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
  return u < 0.5 ? -z : z;
}
