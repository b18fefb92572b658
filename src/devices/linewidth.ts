/**
 * Linewidths and phase variances from spectra.
 *
 * Lorentzian: $\Delta\nu=\pi h_0$. Beta-separation line (Di Domenico, Schilt and Thomann, Appl. Opt. 49, 4801 (2010)):
 * $\Delta\nu=\sqrt{8\ln2\,A}$, $A$ the integral of $S_\nu$ from $1/T_0$ over all frequencies at which
 * $S_\nu>8\ln2\,f/\pi^2$; within 10 % of the true width when the observation $T_0$ is long. Phase variance:
 * $\sigma^2=\int S_\varphi\,df$. Valid for spectra that are smooth on a tenth of a decade, where integrals are exact to
 * 1e-8; fringes need their period.
 *
 * @module
 */
import { inRange } from "../errors.ts";
import type { Spectrum } from "./frequency-noise.ts";

/** Eight-point Gauss-Legendre rule on [-1, 1]: positive nodes and their weights. */
const NODES = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363] as const;
const WEIGHTS = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763] as const;

/** Intervals a decade; fringes of 4 sin^2 need their period resolved, so intervals are cut further by `periodHz`. */
const INTERVALS_PER_DECADE = 16;
/** Most intervals of a fringe integral; above, fringes are averaged by the nodes. */
const MOST_INTERVALS = 200_000;

/**
 * Integral of a spectrum over a band, on a logarithmic grid.
 *
 * @param spectrum - the spectrum
 * @param fromHz - lower end, **Hz**, > 0
 * @param toHz - upper end, **Hz**, > `fromHz`
 * @param periodHz - period of fringes in the spectrum, **Hz**, default none
 * @returns $\int S\,df$
 * @throws {@link TwincombError} `invalid-input` when the band is empty or reversed
 */
export function integrateSpectrum(
  spectrum: Spectrum,
  fromHz: number,
  toHz: number,
  periodHz: number = Infinity,
): number {
  inRange("fromHz", fromHz, Number.MIN_VALUE, 1e18);
  inRange("toHz", toHz, fromHz, 1e18);
  inRange("periodHz", periodHz, Number.MIN_VALUE, Infinity);
  const ratio = 10 ** (1 / INTERVALS_PER_DECADE);
  // Equidistant pieces of half a period need not be shorter than what the whole band allows.
  const longest = Math.max(periodHz / 2, toHz / MOST_INTERVALS);
  let sum = 0;
  let low = fromHz;
  while (low < toHz) {
    const high = Math.min(toHz, low * ratio, low + longest);
    const centre = (low + high) / 2;
    const half = (high - low) / 2;
    let part = 0;
    for (const [i, node] of NODES.entries()) {
      part += WEIGHTS[i]! * (spectrum(centre - half * node) + spectrum(centre + half * node));
    }
    sum += part * half;
    if (high === low) break;
    low = high;
  }
  return sum;
}

/**
 * Lorentzian linewidth of white frequency noise: $\Delta\nu=\pi S_\nu(f)$ at a frequency where the noise is white; the
 * "intrinsic linewidth" when that frequency is high.
 *
 * @param spectrum - $S_\nu$, **Hz^2/Hz**
 * @param frequencyHz - where the noise is read, **Hz**
 * @returns full width at half maximum, **Hz**
 * @throws {@link TwincombError} `invalid-input` when the frequency is not positive
 */
export function intrinsicLinewidth(spectrum: Spectrum, frequencyHz: number): number {
  return Math.PI * spectrum(inRange("frequencyHz", frequencyHz, Number.MIN_VALUE, 1e18));
}

/**
 * Linewidth by the beta-separation line, see the module's equation.
 *
 * @param spectrum - $S_\nu$, **Hz^2/Hz**
 * @param observationSeconds - observation time $T_0$, **s**, > 0
 * @returns full width at half maximum, **Hz**
 * @throws {@link TwincombError} `invalid-input` when the time is not positive
 */
export function betaSeparationLinewidth(spectrum: Spectrum, observationSeconds: number): number {
  const fromHz = 1 / inRange("observationSeconds", observationSeconds, 1e-12, 1e12);
  const slope = (8 * Math.LN2) / Math.PI ** 2;
  const above = (f: number) => spectrum(f) > slope * f;
  const ratio = 10 ** (1 / 64);
  let area = 0;
  // The spectrum may cross the line several times; each crossing is bisected, so that pieces end on it.
  for (let low = fromHz; low < 1e15; ) {
    let high = low * ratio;
    const inside = above(low * (1 + 1e-12));
    if (above(high) !== inside) {
      let [left, right] = [low, high];
      for (let i = 0; i < 60; i++) {
        const middle = (left + right) / 2;
        if (above(middle) === inside) left = middle;
        else right = middle;
      }
      high = right;
    }
    if (inside) area += integrateSpectrum(spectrum, low, high);
    low = high;
  }
  return Math.sqrt(8 * Math.LN2 * area);
}

/**
 * Phase variance gathered between re-estimates: $\sigma^2(\tau_Q)=\int_{1/\tau_Q}^{f_\mathrm{max}}S_\varphi\,df$
 * (Bertaina et al., arXiv:2310.08621, equation 4).
 *
 * @param spectrum - $S_\varphi$, **rad^2/Hz**
 * @param frameSeconds - time $\tau_Q$ between re-estimates, **s**, > 0
 * @param maximumHz - upper end of the band, **Hz**, default 1e6
 * @param periodHz - period of fringes in the spectrum, **Hz**, default none
 * @returns variance, **rad^2**; 0 when the band is empty
 * @throws {@link TwincombError} `invalid-input` when a value is not positive
 */
export function frameVariance(
  spectrum: Spectrum,
  frameSeconds: number,
  maximumHz: number = 1e6,
  periodHz: number = Infinity,
): number {
  const fromHz = 1 / inRange("frameSeconds", frameSeconds, 1e-15, 1e12);
  return fromHz >= maximumHz ? 0 : integrateSpectrum(spectrum, fromHz, maximumHz, periodHz);
}

/**
 * Longest frame whose phase variance stays within a bound; the inverse of {@link frameVariance}.
 *
 * @param spectrum - $S_\varphi$, **rad^2/Hz**
 * @param deviation - allowed standard deviation, **rad**, > 0
 * @param maximumHz - upper end of the band, **Hz**, default 1e6
 * @param periodHz - period of fringes in the spectrum, **Hz**, default none
 * @returns $\tau_Q$, **s**; at most 1e4, 0 when no frame is short enough
 * @throws {@link TwincombError} `invalid-input` when a value is not positive
 */
export function longestFrame(
  spectrum: Spectrum,
  deviation: number,
  maximumHz: number = 1e6,
  periodHz: number = Infinity,
): number {
  const bound = inRange("deviation", deviation, Number.MIN_VALUE, 1e6) ** 2;
  let [low, high] = [1 / maximumHz, 1e4];
  if (frameVariance(spectrum, high, maximumHz, periodHz) <= bound) return high;
  for (let i = 0; i < 60 && high / low > 1 + 1e-12; i++) {
    const middle = Math.sqrt(low * high);
    if (frameVariance(spectrum, middle, maximumHz, periodHz) <= bound) low = middle;
    else high = middle;
  }
  return low;
}
