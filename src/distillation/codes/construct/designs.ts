/**
 * What the family is made of: degree distributions found by search at some leaks, and the leaks of the codes between them.
 *
 * @module
 */
import type { CodeDesign } from "./build-catalogue.ts";

/** A distribution that a search found. */
export interface Anchor {
  /** Checks per bit. */
  readonly leak: number;
  /** Fraction of edges at bits of each degree. */
  readonly degrees: Readonly<Record<string, number>>;
}

/** By rising leak. */
export const anchors: readonly Anchor[] = [
  {
    leak: 0.0022,
    degrees: { 3: 0.085, 4: 0.08, 5: 0.056, 6: 0.09, 8: 0.25, 10: 0.03, 12: 0.2, 16: 0.209 },
  },
  {
    leak: 0.0058,
    degrees: { 3: 0.11, 4: 0.09, 5: 0.056, 6: 0.09, 8: 0.1678, 10: 0.03, 12: 0.1971, 16: 0.2571 },
  },
  {
    leak: 0.0129,
    degrees: { 3: 0.1305, 4: 0.096, 5: 0.056, 6: 0.0776, 8: 0.1678, 10: 0.0144, 12: 0.1971, 16: 0.2606 },
  },
  {
    leak: 0.04,
    degrees: {
      2: 0.0126,
      3: 0.2157,
      4: 0.0624,
      5: 0.017,
      6: 0.0566,
      8: 0.1499,
      10: 0.0193,
      12: 0.138,
      14: 0.077,
      18: 0.2515,
    },
  },
  {
    leak: 0.052,
    degrees: { 2: 0.0168, 3: 0.259, 4: 0.0353, 6: 0.0131, 8: 0.1751, 10: 0.0172, 12: 0.1833, 14: 0.0388, 18: 0.2614 },
  },
  {
    leak: 0.08,
    degrees: {
      2: 0.0217,
      3: 0.1959,
      4: 0.0193,
      5: 0.0328,
      7: 0.142,
      10: 0.0686,
      12: 0.0076,
      14: 0.1077,
      17: 0.0186,
      20: 0.0419,
      24: 0.1273,
      30: 0.0099,
      36: 0.0695,
      40: 0.1372,
    },
  },
  {
    leak: 0.11,
    degrees: {
      2: 0.0303,
      3: 0.1987,
      4: 0.0166,
      5: 0.0293,
      7: 0.136,
      10: 0.0628,
      12: 0.0094,
      14: 0.0941,
      17: 0.01,
      24: 0.1151,
      30: 0.0153,
      36: 0.1255,
      40: 0.1569,
    },
  },
  {
    leak: 0.152,
    degrees: {
      2: 0.0452,
      3: 0.1887,
      4: 0.0546,
      5: 0.0281,
      7: 0.1395,
      10: 0.0596,
      12: 0.0132,
      14: 0.0795,
      17: 0.0107,
      24: 0.1027,
      30: 0.0101,
      36: 0.1192,
      40: 0.1489,
    },
  },
  {
    leak: 0.209,
    degrees: {
      2: 0.062,
      3: 0.1889,
      4: 0.0382,
      5: 0.032,
      7: 0.1293,
      10: 0.0597,
      12: 0.0196,
      14: 0.0338,
      17: 0.0099,
      24: 0.0994,
      30: 0.0149,
      36: 0.1193,
      40: 0.193,
    },
  },
  {
    leak: 0.3,
    degrees: {
      2: 0.1056,
      3: 0.1936,
      4: 0.0308,
      5: 0.0488,
      7: 0.1272,
      10: 0.0326,
      12: 0.0173,
      14: 0.121,
      20: 0.0245,
      24: 0.1048,
      30: 0.0103,
      36: 0.0917,
      40: 0.0918,
    },
  },
  {
    leak: 0.46,
    degrees: {
      2: 0.1686,
      3: 0.1686,
      4: 0.0385,
      5: 0.0578,
      6: 0.0241,
      7: 0.0964,
      10: 0.0482,
      14: 0.0964,
      20: 0.0536,
      24: 0.0578,
      30: 0.015,
      36: 0.0979,
      40: 0.0771,
    },
  },
  {
    leak: 0.62,
    degrees: {
      2: 0.2187,
      3: 0.1801,
      4: 0.06,
      5: 0.0609,
      7: 0.06,
      10: 0.05,
      14: 0.1001,
      20: 0.08,
      24: 0.06,
      36: 0.07,
      40: 0.0602,
    },
  },
  {
    leak: 0.7,
    degrees: { 2: 0.2581, 3: 0.1883, 4: 0.0852, 5: 0.0738, 7: 0.0265, 10: 0.0581, 14: 0.1021, 20: 0.0624, 24: 0.1455 },
  },
  {
    leak: 0.9,
    degrees: { 2: 0.3845, 3: 0.2118, 4: 0.0686, 5: 0.0657, 7: 0.0465, 10: 0.038, 14: 0.0355, 20: 0.0646, 24: 0.0848 },
  },
];

const LEAKS = [
  0.0018, 0.0026, 0.0037, 0.0053, 0.0074, 0.0102, 0.0138, 0.0182, 0.0235, 0.03, 0.0375, 0.046, 0.0555, 0.066, 0.078,
  0.088, 0.099, 0.11, 0.1215, 0.133, 0.145, 0.157, 0.169, 0.181, 0.193, 0.206, 0.22, 0.235, 0.25, 0.266, 0.283, 0.3,
  0.318, 0.336, 0.3555, 0.375, 0.397, 0.42, 0.44, 0.46, 0.48, 0.503, 0.525, 0.55, 0.585, 0.62, 0.66, 0.7, 0.75, 0.8,
  0.85, 0.9,
];
/** From where on the number of columns is fixed instead of that of rows. */
const DENSEST_COLUMNS = 160;

/** The codes near the limit, by rising leak. */
export const nearLimit: readonly CodeDesign[] = LEAKS.map((leak) => {
  // Few rows let the number of checks be chosen finely; many let bits be of high degree.
  const least = leak < 0.0129 ? 16 : leak < 0.05 ? 32 : leak < 0.08 ? 40 : leak < 0.15 ? 64 : leak < 0.165 ? 72 : 80;
  const rows = Math.max(least, Math.round(leak * DENSEST_COLUMNS));
  // Coarse steps and small messages keep the posteriors of checks of high degree from saturating.
  const [delta, largest] = leak < 0.025 ? [0.4, 20] : leak < 0.06 ? [0.35, 24] : [0.28, 36];
  return { rows, columns: Math.round(rows / leak), delta, largest, offset: 0, degrees: between(leak) };
});

/** Columns of each degree of the fast codes: few edges, for the minimum rule. */
const FAST: readonly (readonly [rows: number, counts: Readonly<Record<string, number>>])[] = [
  [8, { 2: 7, 3: 40, 5: 17 }],
  [8, { 2: 7, 3: 17, 6: 8 }],
  [12, { 2: 11, 3: 14, 7: 7 }],
  [16, { 2: 12, 3: 15, 8: 5 }],
  [20, { 2: 14, 3: 12, 8: 6 }],
  [24, { 2: 18, 3: 9, 8: 5 }],
];

/** The fast codes, by rising leak. */
export const fast: readonly CodeDesign[] = FAST.map(([rows, counts]) => {
  const columns = Object.values(counts).reduce((a, b) => a + b, 0);
  const edges = Object.entries(counts).reduce((sum, [degree, count]) => sum + Number(degree) * count, 0);
  const degrees = Object.fromEntries(
    Object.entries(counts).map(([degree, count]) => [degree, (Number(degree) * count) / edges]),
  );
  return { rows, columns, delta: 0.305, largest: 31, offset: 1, degrees };
});

/** All codes. */
export const designs: readonly CodeDesign[] = [...nearLimit, ...fast];

/**
 * The distribution at a leak: linear in the logarithm of the leak between the anchors on both sides.
 *
 * @param leak - checks per bit
 */
export function between(leak: number): Readonly<Record<string, number>> {
  const above = anchors.findIndex((anchor) => anchor.leak >= leak);
  if (above === 0) return anchors[0]!.degrees;
  const [low, high] = [anchors[above - 1]!, anchors[above]!];
  const share = Math.log(leak / low.leak) / Math.log(high.leak / low.leak);
  const degrees = new Set([...Object.keys(low.degrees), ...Object.keys(high.degrees)]);
  return Object.fromEntries(
    [...degrees].map((degree) => [
      degree,
      (1 - share) * (low.degrees[degree] ?? 0) + share * (high.degrees[degree] ?? 0),
    ]),
  );
}
