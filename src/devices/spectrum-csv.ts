/**
 * Measured noise spectra from text: two columns with a header that names their units.
 *
 * Frequency in Hz, kHz or MHz; noise as frequency noise (Hz^2/Hz), its root (Hz/sqrt(Hz)), phase noise (rad^2/Hz) or
 * single-sideband phase noise (dBc/Hz, $S_\varphi = 2\cdot10^{L/10}$). Everything becomes Hz^2/Hz.
 *
 * @module
 */
import { invalid } from "../errors.ts";
import type { SpectrumTable } from "./frequency-noise.ts";

const FREQUENCY_UNITS: Readonly<Record<string, number>> = { hz: 1, khz: 1e3, mhz: 1e6 };

/** Conversions to Hz^2/Hz at a frequency in Hz. */
const NOISE_UNITS: Readonly<Record<string, (value: number, frequencyHz: number) => number>> = {
  "hz^2/hz": (value) => value,
  "hz/sqrt(hz)": (value) => value ** 2,
  "rad^2/hz": (value, frequencyHz) => value * frequencyHz ** 2,
  "dbc/hz": (value, frequencyHz) => 2 * 10 ** (value / 10) * frequencyHz ** 2,
};

function unitOf(cell: string | undefined, units: Readonly<Record<string, unknown>>, column: string): string {
  const unit = /\(((?:[^()]|\([^()]*\))*)\)\s*$/
    .exec(cell?.trim() ?? "")?.[1]
    ?.toLowerCase()
    .replaceAll(" ", "");
  if (unit !== undefined && Object.hasOwn(units, unit)) return unit;
  throw invalid(
    `header, ${column} column`,
    cell,
    `a name with its unit in brackets, one of ${Object.keys(units).join(", ")}`,
  );
}

/**
 * Reads a spectrum.
 *
 * @param text - lines of two cells, separated by comma, semicolon or tab; the first names the columns, for example
 * `frequency (kHz), noise (Hz^2/Hz)`; empty lines and lines beginning with `#` are skipped
 * @returns the table
 * @throws {@link TwincombError} `invalid-input` with the number of the line that is wrong
 * @example
 * ```ts
 * parseSpectrum("frequency (kHz), noise (Hz/sqrt(Hz))\n1, 300\n10, 100").values; // [90000, 10000]
 * ```
 */
export function parseSpectrum(text: string): SpectrumTable {
  const lines = text
    .split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, cells: line.split(/[,;\t]/) }))
    .filter(({ cells }) => cells.join("").trim() !== "" && !cells[0]!.trimStart().startsWith("#"));
  const [header, ...rows] = lines;
  if (header === undefined) throw invalid("spectrum", text, "a header line and at least two lines of numbers");
  const scale = FREQUENCY_UNITS[unitOf(header.cells[0], FREQUENCY_UNITS, "first")]!;
  const convert = NOISE_UNITS[unitOf(header.cells[1], NOISE_UNITS, "second")]!;
  if (rows.length < 2) throw invalid("spectrum", rows.length, "at least two lines of numbers");
  const frequenciesHz: number[] = [];
  const values: number[] = [];
  for (const { number, cells } of rows) {
    const [frequency, noise] = cells.map((cell) => (cell.trim() === "" ? Number.NaN : Number(cell)));
    if (cells.length !== 2 || !Number.isFinite(frequency) || !Number.isFinite(noise)) {
      throw invalid(`line ${number}`, cells.join(","), "two numbers");
    }
    const frequencyHz = frequency! * scale;
    const value = convert(noise!, frequencyHz);
    if (!(frequencyHz > (frequenciesHz.at(-1) ?? 0)))
      throw invalid(`line ${number}`, frequency, "a frequency above the one before");
    if (!(value > 0)) throw invalid(`line ${number}`, noise, "noise above zero");
    frequenciesHz.push(frequencyHz);
    values.push(value);
  }
  return { frequenciesHz, values };
}
