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
const LEVELS = 2 * LARGEST + 1;

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
  readonly #rule: CheckRule;
  readonly #order: Uint32Array;
  readonly #inputs: Uint8Array;

  /**
   * @param rule - the decoder's check rule
   * @param edges - number of check inputs in the quadrature
   * @param key - Philox key of the fixed order
   */
  constructor(rule: CheckRule, edges: number, key: PhiloxKey) {
    this.#rule = rule;
    this.#inputs = new Uint8Array(edges);
    this.#order = Uint32Array.from({ length: edges }, (_, i) => i);
    const stream = new PhiloxStream(key, PURPOSE.reconciliation, 0);
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
    const { delta, largest } = this.#rule;
    const mean = meanCheckDegree(degrees, leak);
    const lower = Math.floor(mean + 1e-9);
    const tables = softTables(delta);
    const prior = new Float64Array(LEVELS);
    const steps = priorSteps(qber, delta);
    prior[LARGEST + steps] = 1 - qber;
    prior[LARGEST - steps] = qber;
    const sorted = [...degrees].filter(([, fraction]) => fraction > 0).sort(([a], [b]) => a - b);
    const target = qber / 100;
    let fromBits: Float64Array = prior;
    let before = 1;
    for (let iteration = 0; iteration <= maxIterations; iteration++) {
      const errorFraction = wrong(fromBits);
      if (errorFraction < target) return { iterations: iteration, errorFraction };
      if (iteration % 10 === 9) {
        if (errorFraction > before * 0.9995) break;
        before = errorFraction;
      }
      const fromChecks = this.#checks(fromBits, lower, mean - lower, tables);
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

  /** The mass of the checks' answers, on -largest..largest. */
  #checks(fromBits: Float64Array, lower: number, fractionUpper: number, tables: SoftTables): Float64Array {
    const edges = this.#inputs.length;
    const checks = Math.max(1, Math.floor(edges / (lower + fractionUpper)));
    const upperChecks = Math.min(Math.round(checks * fractionUpper), Math.floor((edges - checks * lower) / 1));
    const used = checks * lower + upperChecks;
    const bias = this.#stratify(fromBits, used);
    const { largest } = this.#rule;
    const sums = new Float64Array(2 * largest + 1);
    const answer = this.#rule.kind === "soft" ? softAnswers : minimumAnswers;
    const answers: [number, number] = [0, 0];
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
      answer(this.#inputs, start, end, m1, m2, this.#rule, tables, answers);
      for (let i = start; i < end; i++) {
        const a = this.#inputs[i]!;
        const b = bias[a]!;
        const others = b === 0 ? (zeros > 1 ? 0 : product) : zeros > 0 ? 0 : product / b;
        const out = a === m1 ? answers[1] : answers[0];
        sums[largest + out]! += (1 + others) / 2;
        sums[largest - out]! += (1 - others) / 2;
      }
      start = end;
    }
    for (let i = 0; i < sums.length; i++) sums[i]! /= used;
    return sums;
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
function wrong(mass: Float64Array): number {
  let sum = mass[LARGEST]! / 2;
  for (let level = 0; level < LARGEST; level++) sum += mass[level]!;
  return sum;
}

/** Distribution of the saturated sum of a bit's total and one more message. */
function convolve(total: Float64Array, message: Float64Array, largest: number): Float64Array {
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

/** The kernel's soft rule: what the edges at the least magnitude hear (index 1), and all others (0). */
function softAnswers(
  inputs: Uint8Array,
  start: number,
  end: number,
  m1: number,
  m2: number,
  _rule: CheckRule,
  tables: SoftTables,
  answers: [number, number],
): void {
  let sum = -tables.scale;
  for (let i = start; i < end; i++) {
    const above = inputs[i]! - m2;
    if (above < 16) sum += tables.exponentials[Math.max(above, 0)]!;
  }
  const y2 = m2 - logarithmSteps(sum, tables);
  const gap = Math.abs(y2 - m1);
  const y1 = Math.min(y2, m1) - (gap < 16 ? tables.softening[gap]! : 0);
  answers[1] = outgoing(y2, tables);
  answers[0] = Math.min(m1, outgoing(y1, tables));
}

function outgoing(y: number, tables: SoftTables): number {
  const index = Math.max(0, y - OUTGOING_FROM);
  return Math.max(y, index < 16 ? tables.outgoing[index]! : 0);
}

/** The kernel's minimum rule, in the same form. */
function minimumAnswers(
  _inputs: Uint8Array,
  _start: number,
  _end: number,
  m1: number,
  m2: number,
  rule: CheckRule,
  _tables: SoftTables,
  answers: [number, number],
): void {
  answers[0] = Math.max(0, m1 - rule.offset);
  answers[1] = Math.max(0, m2 - rule.offset);
}
