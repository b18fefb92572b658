/** Distances between samples and the laws they should follow; the probabilities are summed from definitions here. */

/** log(n!) by summing logarithms below 256 and Stirling's series above. */
export function logFactorial(n: number): number {
  let sum = 0;
  if (n < 256) {
    for (let i = 2; i <= n; i++) sum += Math.log(i);
    return sum;
  }
  const x = n + 1;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3);
}

/** Poisson probability. */
export function poissonMass(mean: number, k: number): number {
  return Math.exp(k * Math.log(mean) - mean - logFactorial(k));
}

/** Binomial probability. */
export function binomialMass(n: number, p: number, k: number): number {
  if (p === 1) return k === n ? 1 : 0;
  const choose = logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  return Math.exp(choose + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

/** Geometric probability. */
export function geometricMass(p: number, k: number): number {
  return p === 1 ? (k === 0 ? 1 : 0) : p * Math.exp(k * Math.log1p(-p));
}

/**
 * Chi-square of whole numbers against a law, in its own standard deviations. Neighbouring values are put together until each
 * cell is expected to hold 50 samples; what lies outside `[from, to)` is one cell more.
 */
export function chiSquare(samples: Float64Array, mass: (k: number) => number, from: number, to: number): number {
  const counts = new Float64Array(to - from);
  let outside = 0;
  for (const k of samples) {
    if (k >= from && k < to) counts[k - from]!++;
    else outside++;
  }
  let sum = 0;
  let cells = -1;
  let observed = 0;
  let expected = 0;
  let covered = 0;
  const close = () => {
    sum += (observed - expected) ** 2 / expected;
    cells++;
    observed = 0;
    expected = 0;
  };
  for (let k = from; k < to; k++) {
    const p = mass(k);
    covered += p;
    observed += counts[k - from]!;
    expected += p * samples.length;
    if (expected >= 50) close();
  }
  observed += outside;
  expected += Math.max(1 - covered, 0) * samples.length;
  if (expected > 1) close();
  return cells > 0 ? (sum - cells) / Math.sqrt(2 * cells) : observed === 0 && sum === 0 ? 0 : sum;
}

/** Kolmogorov-Smirnov: $\sqrt n \sup |F_n - F|$ of continuous samples. Above 2.2 with probability 1.3e-4. */
export function kolmogorovSmirnov(samples: Float64Array, distribution: (x: number) => number): number {
  const sorted = samples.slice().sort();
  let distance = 0;
  for (const [i, x] of sorted.entries()) {
    const f = distribution(x);
    distance = Math.max(distance, f - i / sorted.length, (i + 1) / sorted.length - f);
  }
  return distance * Math.sqrt(sorted.length);
}

/** Normal distribution function, Abramowitz and Stegun 7.1.5 series below 3, continued fraction above; error below 1e-12. */
export function normalDistribution(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  let tail: number;
  if (z < 2.5) {
    let term = z;
    let sum = z;
    for (let k = 1; k < 80; k++) {
      term *= (-z * z) / k;
      sum += term / (2 * k + 1);
    }
    tail = 0.5 - sum / Math.sqrt(Math.PI);
  } else {
    let fraction = z;
    for (let k = 100; k >= 1; k--) fraction = z + k / 2 / fraction;
    tail = Math.exp(-z * z) / (2 * Math.sqrt(Math.PI) * fraction);
  }
  return x < 0 ? tail : 1 - tail;
}

/** The laws that are tried, with the interval that holds all but a negligible share. */
export const POISSON_MEANS: readonly number[] = [0.01, 0.5, 3, 11.9, 12.1, 30, 100, 1000, 123_456.7];
export const BINOMIALS: readonly (readonly [n: number, p: number])[] = [
  [1, 0.3],
  [10, 0.5],
  [40, 0.999],
  [100, 0.05],
  [100, 0.4],
  [1000, 0.0119],
  [1000, 0.0121],
  [100_000, 0.37],
  [1_000_000_000, 1e-7],
];
export const GEOMETRICS: readonly number[] = [1, 0.999, 0.5, 0.1, 0.003];

/** Interval of seven standard deviations around a mean, within the non-negative numbers. */
export function interval(mean: number, variance: number): [from: number, to: number] {
  const reach = 7 * Math.sqrt(variance) + 15;
  return [Math.max(Math.floor(mean - reach), 0), Math.ceil(mean + reach)];
}
