/**
 * Frequency noise of lasers as an object: power laws and tabulated spectra, summed, filtered and converted.
 *
 * One-sided spectra throughout: $S_\nu(f)=\sum_k h_k f^{a_k}$ in Hz^2/Hz, with $a = 0$ white, $-1$ flicker, $-2$
 * random walk; phase spectrum $S_\varphi = S_\nu/f^2$ in rad^2/Hz. White noise alone makes a Lorentzian line of full
 * width $\Delta\nu=\pi h_0$. Valid from 1e-6 Hz to 1e12 Hz; relaxation oscillations enter as a table.
 *
 * @module
 */
import { inRange, invalid } from "../errors.ts";

/** A one-sided spectrum as a function of Fourier frequency in Hz. */
export type Spectrum = (frequencyHz: number) => number;

/** A measured spectrum; straight lines between points in doubly logarithmic axes. */
export interface SpectrumTable {
  /** Fourier frequencies, **Hz**, rising, > 0. */
  readonly frequenciesHz: readonly number[];
  /** Frequency noise at each of them, **Hz^2/Hz**, > 0. */
  readonly values: readonly number[];
}

/** Frequency noise of one laser. */
export interface FrequencyNoise {
  /** Power-law terms $h f^a$: exponent $a$ and coefficient $h$ such that $h f^a$ is in **Hz^2/Hz**. */
  readonly powers?: readonly { readonly exponent: number; readonly coefficient: number }[];
  /** Tabulated terms; outside their range they contribute nothing. */
  readonly tables?: readonly SpectrumTable[];
}

/**
 * White frequency noise of a Lorentzian linewidth: $h_0=\Delta\nu/\pi$.
 *
 * @param linewidthHz - full width at half maximum, **Hz**, >= 0
 * @returns the noise
 * @throws {@link TwincombError} `invalid-input` when the linewidth is negative
 */
export function whiteNoise(linewidthHz: number): FrequencyNoise {
  return { powers: [{ exponent: 0, coefficient: inRange("linewidthHz", linewidthHz, 0, 1e15) / Math.PI }] };
}

/**
 * Frequency noise of a free-running laser: white floor plus flicker.
 *
 * @param linewidthHz - Lorentzian linewidth of the white part, **Hz**
 * @param flickerHz2 - flicker coefficient $h_{-1}$, **Hz^2**: the flicker noise at 1 Hz
 * @returns the noise
 * @throws {@link TwincombError} `invalid-input` when a value is negative
 */
export function laserNoise(linewidthHz: number, flickerHz2: number): FrequencyNoise {
  const flicker = { exponent: -1, coefficient: inRange("flickerHz2", flickerHz2, 0, 1e30) };
  return addNoise(whiteNoise(linewidthHz), { powers: [flicker] });
}

/**
 * Sum of independent noises.
 *
 * @param noises - the noises
 * @returns one noise with all their terms
 */
export function addNoise(...noises: readonly FrequencyNoise[]): FrequencyNoise {
  return {
    powers: noises.flatMap((noise) => noise.powers ?? []),
    tables: noises.flatMap((noise) => noise.tables ?? []),
  };
}

function checkTable(table: SpectrumTable, path: string): void {
  const { frequenciesHz, values } = table;
  if (frequenciesHz.length < 2) throw invalid(`${path}.frequenciesHz`, frequenciesHz.length, "at least two points");
  if (frequenciesHz.length !== values.length) {
    throw invalid(`${path}.values`, values.length, `${frequenciesHz.length} values, one for each frequency`);
  }
  for (const [i, frequency] of frequenciesHz.entries()) {
    inRange(`${path}.frequenciesHz[${i}]`, frequency, Number.MIN_VALUE, 1e15);
    inRange(`${path}.values[${i}]`, values[i]!, Number.MIN_VALUE, 1e40);
    if (i > 0 && frequency <= frequenciesHz[i - 1]!) {
      throw invalid(`${path}.frequenciesHz[${i}]`, frequency, "frequencies in rising order");
    }
  }
}

function tableValue({ frequenciesHz, values }: SpectrumTable, frequencyHz: number): number {
  const last = frequenciesHz.length - 1;
  if (frequencyHz < frequenciesHz[0]! || frequencyHz > frequenciesHz[last]!) return 0;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (frequenciesHz[middle]! <= frequencyHz) low = middle;
    else high = middle;
  }
  const share = Math.log(frequencyHz / frequenciesHz[low]!) / Math.log(frequenciesHz[high]! / frequenciesHz[low]!);
  return values[low]! * (values[high]! / values[low]!) ** share;
}

/**
 * The frequency-noise spectrum as a function.
 *
 * @param noise - the noise
 * @returns $S_\nu(f)$, **Hz^2/Hz**, one-sided
 * @throws {@link TwincombError} `invalid-input` when a term is unphysical
 */
export function frequencySpectrum(noise: FrequencyNoise): Spectrum {
  const { powers = [], tables = [] } = noise;
  for (const [i, { exponent, coefficient }] of powers.entries()) {
    inRange(`noise.powers[${i}].exponent`, exponent, -6, 4);
    inRange(`noise.powers[${i}].coefficient`, coefficient, 0, 1e40);
  }
  for (const [i, table] of tables.entries()) checkTable(table, `noise.tables[${i}]`);
  return (frequencyHz) => {
    let sum = 0;
    for (const { exponent, coefficient } of powers) sum += coefficient * frequencyHz ** exponent;
    for (const table of tables) sum += tableValue(table, frequencyHz);
    return sum;
  };
}

/**
 * Phase spectrum of a frequency spectrum: $S_\varphi(f)=S_\nu(f)/f^2$.
 *
 * @param spectrum - $S_\nu$, **Hz^2/Hz**
 * @returns $S_\varphi$, **rad^2/Hz**
 */
export function phaseSpectrum(spectrum: Spectrum): Spectrum {
  return (frequencyHz) => spectrum(frequencyHz) / frequencyHz ** 2;
}

/**
 * Sum of spectra of independent processes.
 *
 * @param spectra - the spectra, all in one unit
 * @returns their sum
 */
export function addSpectra(...spectra: readonly Spectrum[]): Spectrum {
  return (frequencyHz) => spectra.reduce((sum, spectrum) => sum + spectrum(frequencyHz), 0);
}

/**
 * A spectrum behind a linear filter.
 *
 * @param spectrum - the input's spectrum
 * @param powerGain - $|H(f)|^2$ of the filter
 * @returns the output's spectrum, in the input's unit
 */
export function filterSpectrum(spectrum: Spectrum, powerGain: Spectrum): Spectrum {
  return (frequencyHz) => spectrum(frequencyHz) * powerGain(frequencyHz);
}

/**
 * Power gain of a first-order low-pass: $|H|^2 = 1/(1+f^2/f_c^2)$.
 *
 * @param cornerHz - corner frequency, **Hz**, > 0
 * @returns $|H(f)|^2$; one minus it is the matching high-pass
 * @throws {@link TwincombError} `invalid-input` when the corner is not positive
 */
export function lowPass(cornerHz: number): Spectrum {
  inRange("cornerHz", cornerHz, Number.MIN_VALUE, Infinity);
  return (frequencyHz) => 1 / (1 + (frequencyHz / cornerHz) ** 2);
}

/**
 * Power gain of the difference between a signal and itself delayed: $4\sin^2(\pi f\Delta\tau)$ (Bertaina et al.,
 * arXiv:2310.08621, equation 5, with $\Delta\tau$ for $2n\Delta L/c$).
 *
 * @param delaySeconds - delay difference, **s**
 * @returns power gain
 * @throws {@link TwincombError} `invalid-input` when the delay is negative
 */
export function delayedDifference(delaySeconds: number): Spectrum {
  inRange("delaySeconds", delaySeconds, 0, Infinity);
  return (frequencyHz) => 4 * Math.sin(Math.PI * frequencyHz * delaySeconds) ** 2;
}

/**
 * Power gain of a phase that is estimated as its mean over a window and corrected a delay later:
 * $|1-\mathrm{sinc}(fT_s)e^{-2\pi if(T_d+T_s/2)}|^2$.
 *
 * @param windowSeconds - averaging window $T_s$, **s**, >= 0
 * @param delaySeconds - time $T_d$ from the window's end to its use, **s**; $-T_s/2$ is its middle
 * @returns power gain of what is left
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function feedForwardResidual(windowSeconds: number, delaySeconds: number): Spectrum {
  inRange("windowSeconds", windowSeconds, 0, Infinity);
  inRange("delaySeconds", delaySeconds, -windowSeconds / 2, Infinity);
  return (frequencyHz) => {
    const x = Math.PI * frequencyHz * windowSeconds;
    const sinc = x === 0 ? 1 : Math.sin(x) / x;
    const angle = 2 * Math.PI * frequencyHz * (delaySeconds + windowSeconds / 2);
    // |1 - s e^{-ia}|^2 = (1 - s)^2 + 4 s sin^2(a/2) has no cancellation at low frequency.
    return (1 - sinc) ** 2 + 4 * sinc * Math.sin(angle / 2) ** 2;
  };
}
