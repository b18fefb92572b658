/**
 * The published figures that charts are set beside.
 *
 * @module
 */

/** Ranges over the ten pairs of the experiment that the `weiming` preset models. */
export const PUBLISHED: {
  /** Fibre between the users of every pair, **km**. */
  readonly distanceKm: number;
  /** Where they were read. */
  readonly source: string;
  /** Key rate over the repeaterless bound. */
  readonly ratioToPlob: readonly [number, number];
  /** Error rate of the phase slices. */
  readonly qberX: readonly [number, number];
  /** Linewidth of a comb line and of a locked client, **Hz**. */
  readonly linewidthHz: { readonly comb: number; readonly client: number };
} = {
  distanceKm: 370,
  source: "Zheng et al., Nature 651, 68 (2026), ten pairs at 370 km, as quoted in secondary accounts",
  ratioToPlob: [1.515, 3.514],
  qberX: [0.029, 0.042],
  linewidthHz: { comb: 40, client: 60 },
};

/** Networks over other distances are not held against the ranges. */
const NEAR = 0.05;

/**
 * Whether the published ranges say anything about a network: whether some pair lies about as far apart.
 *
 * @param pairs - its pairs
 */
export function isComparable(pairs: readonly { readonly distanceKm: number }[]): boolean {
  return pairs.some(({ distanceKm }) => Math.abs(distanceKm - PUBLISHED.distanceKm) <= NEAR * PUBLISHED.distanceKm);
}
