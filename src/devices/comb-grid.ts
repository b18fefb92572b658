/**
 * The grid of colours that a comb offers: $\nu_m = \nu_0 + m f_r$, with $m = 0$ the pump line.
 *
 * Valid wherever the comb is an equidistant one (a mode-locked state), which is exact; air dispersion and the like
 * are left out because wavelengths here are vacuum wavelengths.
 *
 * @module
 */
import { inRange, wholeInRange } from "../errors.ts";
import { frequencyToWavelength, wavelengthToFrequency } from "../units.ts";

/** An equidistant grid of optical frequencies. */
export interface CombGrid {
  /** Vacuum wavelength of the pump line, **nm**. */
  readonly pumpWavelengthNm: number;
  /** Distance between lines, **GHz**. */
  readonly spacingGhz: number;
}

/** One colour of the grid. */
export interface CombLine {
  /** Line number counted from the pump, positive to higher frequency. */
  readonly line: number;
  /** Optical frequency, **Hz**. */
  readonly frequencyHz: number;
  /** Vacuum wavelength, **nm**. */
  readonly wavelengthNm: number;
}

/**
 * One line of a comb grid: $\nu_m = c/\lambda_0 + m f_r$.
 *
 * @param grid - the grid
 * @param line - line number $m$, whole
 * @returns the line's frequency and wavelength
 * @throws {@link TwincombError} `invalid-input` when the line number is not whole or leads to no positive frequency
 */
export function combLine(grid: CombGrid, line: number): CombLine {
  inRange("grid.spacingGhz", grid.spacingGhz, Number.MIN_VALUE, 1e6);
  const pump = wavelengthToFrequency(grid.pumpWavelengthNm);
  const spacing = grid.spacingGhz * 1e9;
  const lowest = -Math.ceil(pump / spacing) + 1;
  wholeInRange("line", line, lowest);
  const frequencyHz = pump + line * spacing;
  return { line, frequencyHz, wavelengthNm: frequencyToWavelength(frequencyHz) };
}

/**
 * Distance of two colours in wavelength relative to the first: $(\lambda_b - \lambda_a)/\lambda_a$.
 *
 * @param first - one colour
 * @param second - the other
 * @returns relative wavelength difference, signed
 */
export function relativeColourDistance(first: CombLine, second: CombLine): number {
  return (second.wavelengthNm - first.wavelengthNm) / first.wavelengthNm;
}
