/**
 * Searches degree distributions that let the decoder work closest to the Shannon limit within a given number of
 * iterations: a random local search on the threshold that density evolution finds.
 *
 * @module
 */
import { type PhiloxKey, PhiloxStream, PURPOSE } from "../../../random.ts";
import type { DensityEvolution, EdgeDegrees } from "./density-evolution.ts";

/** Binary entropy, bits. */
export function binaryEntropy(p: number): number {
  return p <= 0 || p >= 1 ? 0 : -(p * Math.log2(p) + (1 - p) * Math.log2(1 - p));
}

/** The error probability whose entropy is `leak`: the Shannon limit of a code. */
export function shannonLimit(leak: number): number {
  let low = 0;
  let high = 0.5;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (binaryEntropy(middle) < leak) low = middle;
    else high = middle;
  }
  return low;
}

/** What is searched for. */
export interface SearchGoal {
  /** Checks per bit. */
  readonly leak: number;
  /** Bit degrees that may appear, ascending. */
  readonly allowed: readonly number[];
  /** Flooding iterations allowed; layered decoding needs about half. */
  readonly maxIterations: number;
  /** Trials of the local search. */
  readonly trials: number;
  /** Most of the bits that may have degree 2: a chain through all checks, less one; default 1. */
  readonly maxDegreeTwoPerCheck?: number;
}

/** A distribution and how far it reaches. */
export interface SearchResult {
  readonly degrees: EdgeDegrees;
  /** Largest error probability decoded within the iterations. */
  readonly qber: number;
  /** `leak / h(qber)`. */
  readonly efficiency: number;
}

/**
 * Largest error probability that is decoded within the iterations, to a relative precision of about 1e-3.
 *
 * @param evolution - the decoder
 * @param degrees - edge-degree distribution
 * @param goal - leak and iterations
 * @param atLeast - refuse at once (with 0) what does not decode at this error probability
 */
export function threshold(
  evolution: DensityEvolution,
  degrees: EdgeDegrees,
  goal: SearchGoal,
  atLeast: number = 0,
): number {
  const limit = shannonLimit(goal.leak);
  const works = (qber: number) =>
    evolution.run(degrees, goal.leak, qber, goal.maxIterations).iterations <= goal.maxIterations;
  let low = atLeast;
  let high = limit;
  if (atLeast > 0) {
    if (!works(atLeast)) return 0;
    for (let step = 0.003; atLeast * (1 + step) < limit; step *= 2) {
      if (!works(atLeast * (1 + step))) {
        high = atLeast * (1 + step);
        break;
      }
      low = atLeast * (1 + step);
    }
  }
  while (high - low > 1e-3 * limit) {
    const middle = (low + high) / 2;
    if (works(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Improves a distribution by random steps; deterministic.
 *
 * @param evolution - the decoder
 * @param start - where to begin
 * @param goal - what to reach
 * @param key - Philox key of the random steps
 * @param onStep - called after every improvement
 */
export function searchDegrees(
  evolution: DensityEvolution,
  start: EdgeDegrees,
  goal: SearchGoal,
  key: PhiloxKey,
  onStep?: (result: SearchResult) => void,
): SearchResult {
  const stream = new PhiloxStream(key, PURPOSE.reconciliation, 1);
  let best = limited(start, goal);
  let qber = threshold(evolution, best, goal);
  const result = (): SearchResult => ({ degrees: best, qber, efficiency: goal.leak / binaryEntropy(qber) });
  let size = 0.3;
  for (let trial = 0; trial < goal.trials; trial++) {
    const candidate = new Map(best);
    // Two or three fractions change at a time, by a factor, or come into being.
    const changes = 2 + stream.below(2);
    for (let change = 0; change < changes; change++) {
      const degree = goal.allowed[stream.below(goal.allowed.length)]!;
      const old = candidate.get(degree) ?? 0;
      const factor = Math.exp(size * (4 * stream.uniform() - 2));
      const born = old < 0.005 ? 0.05 * stream.uniform() : old * factor;
      candidate.set(degree, born < 0.003 ? 0 : born);
    }
    const next = limited(candidate, goal);
    const reached = threshold(evolution, next, goal, qber * 1.0005);
    if (reached > qber) {
      best = next;
      qber = reached;
      onStep?.(result());
    } else if (trial % 20 === 19) size = Math.max(0.03, size * 0.85);
  }
  return result();
}

/** Normalises, and keeps the bits of degree 2 few enough to form a forest. */
function limited(degrees: EdgeDegrees, goal: SearchGoal): EdgeDegrees {
  let current = normalised(degrees);
  const most = goal.maxDegreeTwoPerCheck ?? 1;
  for (let round = 0; round < 30; round++) {
    let bits = 0;
    for (const [degree, fraction] of current) bits += fraction / degree;
    const two = (current.get(2) ?? 0) / 2 / bits;
    if (two <= most * goal.leak * 1.0001) break;
    const next = new Map(current);
    next.set(2, current.get(2)! * Math.max(0.5, (most * goal.leak) / two));
    current = normalised(next);
  }
  return current;
}

function normalised(degrees: EdgeDegrees): EdgeDegrees {
  let total = 0;
  for (const fraction of degrees.values()) total += fraction;
  return new Map(
    [...degrees]
      .filter(([, f]) => f > 0)
      .sort(([a], [b]) => a - b)
      .map(([d, f]) => [d, f / total]),
  );
}
