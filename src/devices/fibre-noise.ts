/**
 * Light that does not belong in a quantum slot: Rayleigh scattering and crosstalk between colours.
 *
 * All results are count rates at a detector, to be added to its background. Scattering coefficients are those of
 * standard single-mode fibre at 1550 nm; valid for powers below the Brillouin and Raman thresholds (a few mW), which
 * single-photon references never reach.
 *
 * @module
 */
import { inRange } from "../errors.ts";
import { lossToTransmittance } from "../units.ts";
import { MAXIMUM_LENGTH_KM } from "./fibre-link.ts";

/** How a fibre scatters light back into its own mode. */
export interface RayleighScattering {
  /** Loss by Rayleigh scattering alone, **dB/km**. */
  readonly scatteringDbPerKm: number;
  /** Share of the scattered light that is caught backwards. */
  readonly capture: number;
}

/** Standard fibre: 0.14 dB/km of Rayleigh loss, capture 1.5e-3 (Agrawal, Fiber-Optic Communication Systems, 2.5). */
export const STANDARD_SCATTERING: RayleighScattering = { scatteringDbPerKm: 0.14, capture: 1.5e-3 };

/** Nepers of power per decibel. */
const NEPER_PER_DB = Math.LN10 / 10;

/**
 * Share of launched light that comes back out of the launching end:
 * $R = S\alpha_s\,\frac{1-e^{-2\alpha L}}{2\alpha}$.
 *
 * @param lengthKm - fibre length, **km**
 * @param lossDbPerKm - attenuation, **dB/km**
 * @param scattering - scattering of the glass, default {@link STANDARD_SCATTERING}
 * @returns power ratio; 7e-4 (-32 dB) for a long standard fibre
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function rayleighBackscatter(
  lengthKm: number,
  lossDbPerKm: number,
  scattering: RayleighScattering = STANDARD_SCATTERING,
): number {
  const { alpha, rate } = coefficients(lengthKm, lossDbPerKm, scattering);
  if (alpha === 0) return rate * lengthKm;
  return (rate * -Math.expm1(-2 * alpha * lengthKm)) / (2 * alpha);
}

/**
 * Light scattered twice and so going forward again, late and with a random phase, relative to the light that arrives
 * directly: $R_2 = (S\alpha_s)^2\left[\frac{L}{2\alpha}-\frac{1-e^{-2\alpha L}}{4\alpha^2}\right]$.
 *
 * @param lengthKm - fibre length, **km**
 * @param lossDbPerKm - attenuation, **dB/km**
 * @param scattering - scattering of the glass, default {@link STANDARD_SCATTERING}
 * @returns power ratio to the direct light; 5e-6 for 185 km
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function doubleRayleighRatio(
  lengthKm: number,
  lossDbPerKm: number,
  scattering: RayleighScattering = STANDARD_SCATTERING,
): number {
  const { alpha, rate } = coefficients(lengthKm, lossDbPerKm, scattering);
  const x = 2 * alpha * lengthKm;
  // x - (1 - e^-x) cancels below 1e-3; its series x^2/2 - x^3/6 is exact to 1e-7 there.
  const shape = x < 1e-3 ? x ** 2 / 2 - x ** 3 / 6 : x + Math.expm1(-x);
  return alpha === 0 ? (rate * lengthKm) ** 2 / 2 : (rate ** 2 * shape) / (4 * alpha ** 2);
}

function coefficients(
  lengthKm: number,
  lossDbPerKm: number,
  scattering: RayleighScattering,
): { alpha: number; rate: number } {
  inRange("lengthKm", lengthKm, 0, MAXIMUM_LENGTH_KM);
  const alpha = inRange("lossDbPerKm", lossDbPerKm, 0, 1e3) * NEPER_PER_DB;
  const scattered = inRange("scattering.scatteringDbPerKm", scattering.scatteringDbPerKm, 0, 1e3) * NEPER_PER_DB;
  return { alpha, rate: scattered * inRange("scattering.capture", scattering.capture, 0, 1) };
}

/** Light sources beside the quantum pulses, as seen by one detector of the quantum colour. */
export interface StrayLight {
  /** Mean rate of reference counts of the same colour, dead time left out, **Hz**. */
  readonly referenceCountRateHz: number;
  /** Double Rayleigh ratio of the up-link, see {@link doubleRayleighRatio}. */
  readonly doubleRayleigh: number;
  /** Colours of the two neighbouring lines that are on in the same fibre. */
  readonly adjacentChannels: number;
  /** Colours farther away that are on in the same fibre. */
  readonly fartherChannels: number;
  /** Mean count rate that one other colour would cause unfiltered, references included, **Hz**. */
  readonly otherChannelCountRateHz: number;
  /** Isolation of the demultiplexer and filters against a neighbouring line's colour, **dB**. */
  readonly adjacentIsolationDb: number;
  /** Isolation against colours farther away, **dB**. */
  readonly fartherIsolationDb: number;
}

/**
 * Background count rate of stray light: $R = R_\mathrm{ref}R_2 + R_\mathrm{ch}(n_a 10^{-I_a/10}+n_f 10^{-I_f/10})$.
 *
 * @param light - the sources
 * @returns the two rates, **Hz**
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function strayLightRate(light: StrayLight): { rayleighHz: number; crosstalkHz: number } {
  inRange("light.referenceCountRateHz", light.referenceCountRateHz, 0, 1e12);
  inRange("light.doubleRayleigh", light.doubleRayleigh, 0, 1);
  const leaked =
    inRange("light.adjacentChannels", light.adjacentChannels, 0, 2) * lossToTransmittance(light.adjacentIsolationDb) +
    inRange("light.fartherChannels", light.fartherChannels, 0, 1e6) * lossToTransmittance(light.fartherIsolationDb);
  return {
    rayleighHz: light.referenceCountRateHz * light.doubleRayleigh,
    crosstalkHz: inRange("light.otherChannelCountRateHz", light.otherChannelCountRateHz, 0, 1e12) * leaked,
  };
}
