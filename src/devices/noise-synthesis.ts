/**
 * Noise in time with a stated spectrum, and the spectrum of a series.
 *
 * Independent Gaussian Fourier coefficients of variance $S(f_k)/(2 T)$ each part are transformed back, so the series
 * is Gaussian, periodic in its length $T$ and has the spectrum exactly on its grid $f_k=k/T$ up to half the sampling
 * rate; valid in that band: below
 * $1/T$ it has no noise, and noise above half the rate is left out rather than folded. Draws come from Philox;
 * values are rounded to twelve digits, where the engines' different last bits end.
 *
 * @module
 */
import { inRange, invalid, wholeInRange } from "../errors.ts";
import { type PhiloxKey, PhiloxStream, PURPOSE } from "../random.ts";
import { roundSignificant } from "../units.ts";
import { normalQuantile } from "./error-function.ts";
import { fourierTransform } from "./fourier.ts";
import type { Spectrum } from "./frequency-noise.ts";

/** What to synthesise. */
export interface SynthesisOptions {
  /** Number of samples, a power of two. */
  readonly samples: number;
  /** Time between samples, **s**. */
  readonly stepSeconds: number;
  /** Number of the stream, so that different processes of one seed are independent; default 0. */
  readonly stream?: number;
}

/**
 * A Gaussian series with a one-sided spectrum.
 *
 * @param spectrum - $S(f)$, in the series' unit squared per Hz
 * @param key - Philox key of the simulation's seed
 * @param options - length, step and stream
 * @returns the samples, of zero mean
 * @throws {@link TwincombError} `invalid-input` when a value is out of range or the spectrum is negative
 */
export function synthesiseNoise(spectrum: Spectrum, key: PhiloxKey, options: SynthesisOptions): Float64Array {
  const samples = wholeInRange("options.samples", options.samples, 2, 2 ** 24);
  if ((samples & (samples - 1)) !== 0) throw invalid("options.samples", samples, "a power of two");
  const duration = samples * inRange("options.stepSeconds", options.stepSeconds, 1e-18, 1e12);
  const stream = new PhiloxStream(
    key,
    PURPOSE.deviceNoise,
    wholeInRange("options.stream", options.stream ?? 0, 0, 2 ** 32 - 1),
  );
  const normal = () => normalQuantile(stream.uniform() + 2 ** -54);
  const values = new Float64Array(2 * samples);
  for (let k = 1; k <= samples / 2; k++) {
    const density = inRange(`spectrum at ${k / duration} Hz`, spectrum(k / duration), 0, 1e60);
    // x_j = sum over k of c_k e^{...} + its conjugate: E|c_k|^2 = S / (2T); the last frequency is its own conjugate.
    const size = Math.sqrt(density / (4 * duration));
    const [re, im] = [size * normal(), size * normal()];
    if (k === samples / 2) {
      values[2 * k] = re * Math.SQRT2;
      continue;
    }
    values[2 * k] = re;
    values[2 * k + 1] = im;
    values[2 * (samples - k)] = re;
    values[2 * (samples - k) + 1] = -im;
  }
  fourierTransform(values, true);
  return Float64Array.from({ length: samples }, (_, j) => roundSignificant(values[2 * j]!));
}

/** A measured one-sided spectrum. */
export interface SpectrumEstimate {
  /** Frequencies, **Hz**, from one bin to just below half the sampling rate. */
  readonly frequenciesHz: Float64Array;
  /** Spectrum at each, in the series' unit squared per Hz. */
  readonly values: Float64Array;
  /** Number of overlapping segments that were averaged; neighbours share half their samples. */
  readonly segments: number;
}

/**
 * One-sided spectrum of a series by Welch's method, IEEE Trans. Audio Electroacoust. 15, 70 (1967): Hann window, segments overlapping by
 * half, segment means removed.
 *
 * @param series - equidistant samples
 * @param stepSeconds - time between samples, **s**
 * @param segmentLength - samples a segment, a power of two, at most the series' length
 * @returns the estimate; each value scatters by about $1.2/\sqrt{\text{segments}}$ of itself
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function estimateSpectrum(series: Float64Array, stepSeconds: number, segmentLength: number): SpectrumEstimate {
  inRange("stepSeconds", stepSeconds, 1e-18, 1e12);
  wholeInRange("segmentLength", segmentLength, 4, series.length);
  if ((segmentLength & (segmentLength - 1)) !== 0) throw invalid("segmentLength", segmentLength, "a power of two");
  const window = Float64Array.from(
    { length: segmentLength },
    (_, i) => Math.sin((Math.PI * (i + 0.5)) / segmentLength) ** 2,
  );
  const power = window.reduce((sum, w) => sum + w * w, 0);
  const bins = segmentLength / 2 - 1;
  const values = new Float64Array(bins);
  const buffer = new Float64Array(2 * segmentLength);
  let segments = 0;
  for (let start = 0; start + segmentLength <= series.length; start += segmentLength / 2, segments++) {
    const segment = series.subarray(start, start + segmentLength);
    const mean = segment.reduce((sum, value) => sum + value, 0) / segmentLength;
    for (let i = 0; i < segmentLength; i++) {
      buffer[2 * i] = (segment[i]! - mean) * window[i]!;
      buffer[2 * i + 1] = 0;
    }
    fourierTransform(buffer);
    for (let k = 1; k <= bins; k++) values[k - 1]! += buffer[2 * k]! ** 2 + buffer[2 * k + 1]! ** 2;
  }
  const scale = (2 * stepSeconds) / power / segments;
  return {
    frequenciesHz: Float64Array.from({ length: bins }, (_, k) => (k + 1) / (segmentLength * stepSeconds)),
    values: values.map((value) => value * scale),
    segments,
  };
}

/**
 * Phase of a frequency-noise series: $\varphi_j=2\pi\sum_{i<j}\nu_i\,\Delta t$.
 *
 * @param frequencies - frequency deviations, **Hz**
 * @param stepSeconds - time between samples, **s**
 * @returns phase at the beginning of each step, **rad**
 * @throws {@link TwincombError} `invalid-input` when the step is not positive
 */
export function integratePhase(frequencies: Float64Array, stepSeconds: number): Float64Array {
  inRange("stepSeconds", stepSeconds, 1e-18, 1e12);
  const phase = new Float64Array(frequencies.length);
  for (let j = 1; j < phase.length; j++) {
    phase[j] = phase[j - 1]! + 2 * Math.PI * frequencies[j - 1]! * stepSeconds;
  }
  return phase;
}
