/**
 * What leaves a pumped ring through its bus: power of every comb line, with the interference at the pump line.
 *
 * $P_\mu=\kappa_{ex}\hbar\omega_\mu|A_\mu|^2$ with $|A_\mu|^2=\kappa|a_\mu|^2/2g_0$, and
 * $P_0=|\sqrt{P_{in}}-\sqrt{\kappa_{ex}\hbar\omega_0}A_0|^2$. Valid for one bus waveguide; a drop port would see the
 * first formula for the pump line too.
 *
 * @module
 */
import { REDUCED_PLANCK_CONSTANT } from "../constants.ts";
import { inRange } from "../errors.ts";
import { frequencyToWavelength, wattsToDbm } from "../units.ts";
import type { RingScales } from "./ring-resonator.ts";

/** Power of one comb line in the bus behind the ring. */
export interface CombLinePower {
  /** Line number $\mu$ from the pump, positive to higher frequency. */
  readonly line: number;
  /** Optical frequency, **Hz**. */
  readonly frequencyHz: number;
  /** Vacuum wavelength, **nm**. */
  readonly wavelengthNm: number;
  /** Power, **W**. */
  readonly watts: number;
  /** Power, **dBm**. */
  readonly dbm: number;
}

/**
 * Powers of all lines of a field.
 *
 * @param amplitudes - modal amplitudes of the normalised field, interleaved, natural order
 * @param pumpField - driving field $F$, real
 * @param scales - the ring's scales
 * @returns the lines in order of their number
 * @throws {@link TwincombError} `invalid-input` when the pump is no number
 */
export function combLinePowers(amplitudes: Float64Array, pumpField: number, scales: RingScales): CombLinePower[] {
  inRange("pumpField", pumpField, -1e6, 1e6);
  const modes = amplitudes.length / 2;
  const photonsPerIntensity = scales.lossRate / (2 * scales.kerrShift);
  // sqrt(P_in / (kappa_ex hbar omega)) in units of the normalised amplitude: F kappa / (2 kappa_ex).
  const incoming = (pumpField * scales.lossRate) / (2 * scales.couplingRate);
  const lines: CombLinePower[] = [];
  for (let line = -modes / 2 + 1; line < modes / 2; line++) {
    const m = 2 * (line < 0 ? line + modes : line);
    const angularFrequency = scales.angularFrequency + line * scales.d1;
    const real = amplitudes[m]! - (line === 0 ? incoming : 0);
    const intensity = real * real + amplitudes[m + 1]! * amplitudes[m + 1]!;
    const watts = scales.couplingRate * REDUCED_PLANCK_CONSTANT * angularFrequency * photonsPerIntensity * intensity;
    const frequencyHz = angularFrequency / (2 * Math.PI);
    lines.push({ line, frequencyHz, wavelengthNm: frequencyToWavelength(frequencyHz), watts, dbm: wattsToDbm(watts) });
  }
  return lines;
}

/**
 * Share of the pump power that leaves in lines other than the pump's.
 *
 * @param lines - all lines
 * @param pumpWatts - pump power in the bus, **W**, > 0
 * @returns conversion efficiency in [0, 1]
 * @throws {@link TwincombError} `invalid-input` when the pump power is not positive
 */
export function conversionEfficiency(lines: readonly CombLinePower[], pumpWatts: number): number {
  inRange("pumpWatts", pumpWatts, Number.MIN_VALUE, 1e6);
  return lines.reduce((sum, line) => (line.line === 0 ? sum : sum + line.watts), 0) / pumpWatts;
}

/**
 * Lines whose power lies within a range of the strongest line beside the pump.
 *
 * @param lines - all lines
 * @param rangeDb - range, **dB**, >= 0
 * @param floorWatts - least power of a line, **W**, default 1e-9: a comb of noise has no lines
 * @returns the lines, the pump's left out
 * @throws {@link TwincombError} `invalid-input` when a value is negative
 */
export function usableLines(
  lines: readonly CombLinePower[],
  rangeDb: number,
  floorWatts: number = 1e-9,
): CombLinePower[] {
  const ratio = 10 ** (-inRange("rangeDb", rangeDb, 0, 1000) / 10);
  inRange("floorWatts", floorWatts, 0, 1e6);
  const side = lines.filter((line) => line.line !== 0);
  const strongest = side.reduce((most, line) => Math.max(most, line.watts), 0);
  return side.filter((line) => line.watts >= Math.max(strongest * ratio, floorWatts));
}
