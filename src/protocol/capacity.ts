/**
 * What no protocol can beat: secret-key capacities of a lossy channel.
 *
 * @module
 */
import { inRange } from "../errors.ts";

/**
 * Transmittance of a fibre, $\eta=10^{-\alpha L/10}$.
 *
 * @param distanceKm - length L, km, >= 0
 * @param lossDbPerKm - attenuation $\alpha$, dB/km, >= 0
 * @returns power transmittance in (0, 1]
 * @throws {@link TwincombError} `invalid-input` when an argument is negative
 */
export function fibreTransmittance(distanceKm: number, lossDbPerKm: number): number {
  inRange("distanceKm", distanceKm, 0, Infinity);
  inRange("lossDbPerKm", lossDbPerKm, 0, Infinity);
  return 10 ** ((-distanceKm * lossDbPerKm) / 10);
}

/**
 * PLOB bound $-\log_2(1-\eta)$: secret bits per pulse over a channel without repeater. Pirandola et al., Nat. Commun. 8, 15043
 * (2017). *Absolute* with the transmittance of the fibre alone, *relative* with the detector efficiency inside $\eta$.
 *
 * @param transmittance - $\eta$ between the two users, in [0, 1]
 * @returns bits per pulse; `Infinity` at $\eta=1$
 * @throws {@link TwincombError} `invalid-input` when $\eta$ is outside [0, 1]
 */
export function plob(transmittance: number): number {
  return -Math.log1p(-inRange("transmittance", transmittance, 0, 1)) / Math.LN2;
}

/**
 * PLOB bound of a channel that ends in the protocol's own detectors, $-\log_2(1-\eta\eta_d)$.
 *
 * @param transmittance - $\eta$ of the fibre, in [0, 1]
 * @param detectorEfficiency - $\eta_d$, receiver included, in [0, 1]
 * @returns bits per pulse
 * @throws {@link TwincombError} `invalid-input` when an argument is outside [0, 1]
 */
export function plobRelative(transmittance: number, detectorEfficiency: number): number {
  inRange("detectorEfficiency", detectorEfficiency, 0, 1);
  return plob(inRange("transmittance", transmittance, 0, 1) * detectorEfficiency);
}

/**
 * TGW bound $\log_2\frac{1+\eta}{1-\eta}$. Takeoka, Guha, Wilde, Nat. Commun. 5, 5235 (2014).
 *
 * @param transmittance - $\eta$ between the two users, in [0, 1]
 * @returns bits per pulse; `Infinity` at $\eta=1$
 * @throws {@link TwincombError} `invalid-input` when $\eta$ is outside [0, 1]
 */
export function takeokaGuhaWilde(transmittance: number): number {
  inRange("transmittance", transmittance, 0, 1);
  return (Math.log1p(transmittance) - Math.log1p(-transmittance)) / Math.LN2;
}

/**
 * Capacity with one ideal repeater in the middle, $-\log_2(1-\sqrt\eta)$. Pirandola, Commun. Phys. 2, 51 (2019).
 *
 * @param transmittance - $\eta$ between the two users, in [0, 1]
 * @returns bits per pulse; `Infinity` at $\eta=1$
 * @throws {@link TwincombError} `invalid-input` when $\eta$ is outside [0, 1]
 */
export function singleRepeater(transmittance: number): number {
  return plob(Math.sqrt(inRange("transmittance", transmittance, 0, 1)));
}
