/**
 * Phase noise of fibre and what a second colour leaves of it.
 *
 * Field fibre (Bertaina et al., arXiv:2310.08621, equation 6; one-sided, one traversal, $L$ in km):
 * $S_F(f) = \frac{l_0 L}{f^2}\left(\frac{f_c}{f+f_c}\right)^2$, with $l_0 = 44\,\mathrm{rad^2 Hz/km}$ and
 * $f_c = 100\,\mathrm{Hz}$. Its mean-square drift rate is $\int(2\pi f)^2 S_F\,df = (2\pi)^2 l_0 L f_c$.
 * Spools are quieter and scale differently with length: a power law through four published points. Valid from 10 to
 * 1000 km; below 1 Hz temperature drifts of hours are not in the model.
 *
 * @module
 */
import { inRange } from "../errors.ts";
import { MAXIMUM_LENGTH_KM } from "./fibre-link.ts";

/** Strength and corner of a fibre's phase noise. */
export interface FibreNoise {
  /** Noise coefficient $l_0$, **rad^2 Hz/km**. */
  readonly coefficient: number;
  /** Corner frequency $f_c$, **Hz**. */
  readonly cornerHz: number;
}

/** Metropolitan field fibre, Bertaina et al., arXiv:2310.08621, text after equation 6. */
export const FIELD_FIBRE: FibreNoise = { coefficient: 44, cornerHz: 100 };

/** RMS drift rates measured over spools, both arms together: Zhou et al., arXiv:2212.14190. */
export const SPOOL_DRIFT_RATES: readonly { readonly totalLengthKm: number; readonly radPerSecond: number }[] = [
  { totalLengthKm: 201.86, radPerSecond: 2100 },
  { totalLengthKm: 306.31, radPerSecond: 3400 },
  { totalLengthKm: 413.73, radPerSecond: 5300 },
  { totalLengthKm: 508.16, radPerSecond: 5900 },
];

/**
 * One-sided phase spectrum of a fibre, see the module's equation.
 *
 * @param frequencyHz - Fourier frequency, **Hz**, > 0
 * @param lengthKm - length traversed, **km**, both arms together for an interferometer
 * @param noise - coefficient and corner, default {@link FIELD_FIBRE}
 * @returns spectrum, **rad^2/Hz**
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function fibrePhaseSpectrum(frequencyHz: number, lengthKm: number, noise: FibreNoise = FIELD_FIBRE): number {
  inRange("frequencyHz", frequencyHz, Number.MIN_VALUE, Infinity);
  inRange("lengthKm", lengthKm, 0, MAXIMUM_LENGTH_KM);
  const rollOff = noise.cornerHz / (frequencyHz + noise.cornerHz);
  return ((noise.coefficient * lengthKm) / frequencyHz ** 2) * rollOff ** 2;
}

/**
 * RMS phase drift rate of a fibre interferometer: $2\pi\sqrt{K l_0 L f_c}$.
 *
 * @param totalLengthKm - length of both arms together, **km**
 * @param noise - coefficient and corner, default {@link FIELD_FIBRE}
 * @param passes - correlation factor $K$: 1 when only the up-link counts, 2 for uncorrelated down- and up-link, 4 for
 * correlated ones (Bertaina et al., text after equation 5); default 1
 * @returns drift rate, **rad/s**
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function fibreDriftRate(totalLengthKm: number, noise: FibreNoise = FIELD_FIBRE, passes: number = 1): number {
  inRange("totalLengthKm", totalLengthKm, 0, MAXIMUM_LENGTH_KM);
  inRange("noise.coefficient", noise.coefficient, 0, Infinity);
  inRange("noise.cornerHz", noise.cornerHz, 0, Infinity);
  inRange("passes", passes, 1, 4);
  return 2 * Math.PI * Math.sqrt(passes * noise.coefficient * totalLengthKm * noise.cornerHz);
}

/**
 * Noise coefficient that explains a measured drift rate: $l_0 = \dot\varphi^2/[(2\pi)^2 L f_c]$.
 *
 * @param driftRate - RMS drift rate, **rad/s**
 * @param totalLengthKm - length of both arms together, **km**, > 0
 * @param cornerHz - corner frequency, **Hz**, default that of {@link FIELD_FIBRE}
 * @returns the coefficient with its corner
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function fibreNoiseFromDrift(
  driftRate: number,
  totalLengthKm: number,
  cornerHz: number = FIELD_FIBRE.cornerHz,
): FibreNoise {
  inRange("driftRate", driftRate, 0, Infinity);
  inRange("totalLengthKm", totalLengthKm, Number.MIN_VALUE, MAXIMUM_LENGTH_KM);
  inRange("cornerHz", cornerHz, Number.MIN_VALUE, Infinity);
  return { coefficient: driftRate ** 2 / ((2 * Math.PI) ** 2 * totalLengthKm * cornerHz), cornerHz };
}

/** Straight line through the logarithms of {@link SPOOL_DRIFT_RATES}, by least squares. */
function spoolPowerLaw(): { exponent: number; logScale: number } {
  const n = SPOOL_DRIFT_RATES.length;
  let sumX = 0;
  let sumY = 0;
  let sumXx = 0;
  let sumXy = 0;
  for (const { totalLengthKm, radPerSecond } of SPOOL_DRIFT_RATES) {
    const x = Math.log(totalLengthKm);
    const y = Math.log(radPerSecond);
    sumX += x;
    sumY += y;
    sumXx += x * x;
    sumXy += x * y;
  }
  const exponent = (n * sumXy - sumX * sumY) / (n * sumXx - sumX ** 2);
  return { exponent, logScale: (sumY - exponent * sumX) / n };
}

/**
 * RMS drift rate of spools by the power law $\dot\varphi \propto L^{1.17}$ fitted to {@link SPOOL_DRIFT_RATES}.
 *
 * @param totalLengthKm - length of both arms together, **km**
 * @returns drift rate, **rad/s**; 4.3e3 at 370 km, where interpolation between two points gives 4.5e3
 * @throws {@link TwincombError} `invalid-input` when the length is out of range
 */
export function spoolDriftRate(totalLengthKm: number): number {
  inRange("totalLengthKm", totalLengthKm, 0, MAXIMUM_LENGTH_KM);
  const { exponent, logScale } = spoolPowerLaw();
  return Math.exp(logScale) * totalLengthKm ** exponent;
}

/** What is left after the phase of one colour is subtracted from that of another, as RMS drift rates. */
export interface DualWavelengthResidual {
  /** Part that the difference in colour explains, **rad/s** (derived). */
  readonly chromaticRadPerSecond: number;
  /** Part that the two colours do not have in common: fibre pieces, lasers and locks of their own, **rad/s**. */
  readonly nonCommonPathRadPerSecond: number;
  /** Root of the sum of squares, **rad/s**. */
  readonly totalRadPerSecond: number;
}

/**
 * Drift rate left by a two-colour difference.
 *
 * The common path leaves $|\lambda_s-\lambda_q|/\lambda_s$ of the drift (Bertaina et al., equation 8); what is not
 * common path is a free parameter and is returned apart.
 *
 * @param driftRate - RMS drift rate of the reference colour, **rad/s**
 * @param referenceWavelengthNm - reference colour $\lambda_s$, **nm**
 * @param quantumWavelengthNm - quantum colour $\lambda_q$, **nm**
 * @param nonCommonPathRadPerSecond - RMS drift rate that the colours do not share, **rad/s**
 * @returns the parts and their sum
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function dualWavelengthResidual(
  driftRate: number,
  referenceWavelengthNm: number,
  quantumWavelengthNm: number,
  nonCommonPathRadPerSecond: number,
): DualWavelengthResidual {
  inRange("driftRate", driftRate, 0, Infinity);
  inRange("referenceWavelengthNm", referenceWavelengthNm, 100, 1e5);
  inRange("quantumWavelengthNm", quantumWavelengthNm, 100, 1e5);
  inRange("nonCommonPathRadPerSecond", nonCommonPathRadPerSecond, 0, Infinity);
  const ratio = Math.abs(referenceWavelengthNm - quantumWavelengthNm) / referenceWavelengthNm;
  const chromaticRadPerSecond = ratio * driftRate;
  return {
    chromaticRadPerSecond,
    nonCommonPathRadPerSecond,
    totalRadPerSecond: Math.hypot(chromaticRadPerSecond, nonCommonPathRadPerSecond),
  };
}
