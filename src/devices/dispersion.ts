/**
 * Integrated dispersion of a ring: how far each mode lies from an equidistant grid around the pumped one,
 * $D_\mathrm{int}(\mu)=\omega_\mu-\omega_0-\mu D_1=\frac{D_2}{2}\mu^2+\frac{D_3}{6}\mu^3+\dots$
 *
 * Valid as far as the polynomial or the table describes the mode family; a crossing with another family enters as
 * shifts of single modes. Only basic arithmetic is used, so the values are identical everywhere.
 *
 * @module
 */
import { inRange, invalid, wholeInRange } from "../errors.ts";

/** Dispersion of a mode family. */
export interface Dispersion {
  /** Taylor coefficients $D_2, D_3, \dots$, **rad/s**; empty for an equidistant family. */
  readonly coefficients: readonly number[];
  /** Measured deviations instead of, or on top of, the polynomial: mode number and deviation, **rad/s**. */
  readonly table?: readonly (readonly [mode: number, radPerSecond: number])[];
  /** Shift of the pumped mode by a crossing, **rad/s**; positive to higher frequency. */
  readonly pumpModeShift?: number;
}

/**
 * Integrated dispersion on a comb of modes.
 *
 * A table is interpolated linearly between its entries and continued by its outermost values.
 *
 * @param dispersion - the family's dispersion
 * @param modes - number of modes N, even
 * @returns `out[m]`, **rad/s**, in natural order: m is mode m below N/2 and m - N above
 * @throws {@link TwincombError} `invalid-input` when a value is no number or the table is not sorted
 */
export function integratedDispersion(dispersion: Dispersion, modes: number): Float64Array {
  wholeInRange("modes", modes, 2, 1 << 20);
  const { coefficients, table = [], pumpModeShift = 0 } = dispersion;
  for (const [i, value] of coefficients.entries()) inRange(`dispersion.coefficients[${i}]`, value, -1e18, 1e18);
  inRange("dispersion.pumpModeShift", pumpModeShift, -1e15, 1e15);
  for (const [i, [mode, value]] of table.entries()) {
    wholeInRange(`dispersion.table[${i}][0]`, mode, -(2 ** 31), 2 ** 31);
    inRange(`dispersion.table[${i}][1]`, value, -1e18, 1e18);
    if (i > 0 && mode <= table[i - 1]![0])
      throw invalid(`dispersion.table[${i}][0]`, mode, "mode numbers in rising order");
  }
  const out = new Float64Array(modes);
  for (let m = 0; m < modes; m++) {
    const mu = m < modes / 2 ? m : m - modes;
    let power = mu;
    let factorial = 1;
    for (const [i, coefficient] of coefficients.entries()) {
      power *= mu;
      factorial *= i + 2;
      out[m]! += (coefficient * power) / factorial;
    }
    if (table.length > 0) out[m]! += interpolate(table, mu);
  }
  out[0]! += pumpModeShift;
  return out;
}

function interpolate(table: readonly (readonly [number, number])[], mu: number): number {
  let upper = 0;
  while (upper < table.length && table[upper]![0] < mu) upper++;
  if (upper === 0) return table[0]![1];
  if (upper === table.length) return table[upper - 1]![1];
  const [[m0, y0], [m1, y1]] = [table[upper - 1]!, table[upper]!];
  return y0 + ((y1 - y0) * (mu - m0)) / (m1 - m0);
}
