/** Tests of whether two sets of numbers come from one law. */

/** Deviations in standard deviations; each is close to standard normal when the laws are the same. */
export interface Deviation {
  /** Of the means. */
  readonly mean: number;
  /** Of the spreads: the ratio of variances as a normal number, after Wilson and Hilferty. */
  readonly spread: number;
  /** Of each observed number from the one before it: their correlation times the root of their number. */
  readonly memory: number;
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = meanOf(values);
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) };
}

/**
 * How far observed numbers are from predicted ones.
 *
 * @param observed - independent numbers in the order in which they came
 * @param predicted - independent numbers of the predicted law, usually many more
 */
export function deviation(observed: readonly number[], predicted: readonly number[]): Deviation {
  const [o, p] = [moments(observed), moments(predicted)];
  const [n, m] = [observed.length, predicted.length];
  const products = observed.slice(1).map((value, i) => (value - o.mean) * (observed[i]! - o.mean));
  // The cube root of a chi-square number over its degrees of freedom is close to normal from few degrees on.
  const variance = 2 / (9 * (n - 1)) + 2 / (9 * (m - 1));
  return {
    mean: (o.mean - p.mean) / Math.sqrt(p.variance * (1 / n + 1 / m)),
    spread: (Math.cbrt(o.variance / p.variance) - 1 + 2 / (9 * (n - 1))) / Math.sqrt(variance),
    memory: (meanOf(products) / o.variance) * Math.sqrt(n),
  };
}
