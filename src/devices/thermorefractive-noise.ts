/**
 * Thermorefractive noise of a ring: its temperature fluctuates by $\langle\delta T^2\rangle=k_BT^2/(\rho CV)$, and the
 * resonances with it, $\delta\nu=\nu\frac1n\frac{dn}{dT}\delta T$.
 *
 * The spectrum is taken as flat below the diffusion corner and falling with $f^{-2}$ above, of the exact total variance
 * (Kondratiev and Gorodetsky, Phys. Lett. A 382, 2265 (2018), find $f^{-3/2}$ to $f^{-2}$ above; the single corner is a
 * simplification). Valid above some hertz; slow drifts of the chip are not in it.
 *
 * @module
 */
import { BOLTZMANN_CONSTANT } from "../constants.ts";
import { inRange } from "../errors.ts";
import type { Spectrum } from "./frequency-noise.ts";

/** Heat and light of a ring. */
export interface ThermorefractiveRing {
  /** Optical frequency, **Hz**. */
  readonly frequencyHz: number;
  /** Temperature, **K**. */
  readonly temperatureKelvin: number;
  /** Mode volume, **m^3**. */
  readonly volume: number;
  /** Density, **kg/m^3**. */
  readonly density: number;
  /** Specific heat, **J/(kg K)**. */
  readonly specificHeat: number;
  /** Refractive index. */
  readonly refractiveIndex: number;
  /** Thermo-optic coefficient $dn/dT$, **1/K**. */
  readonly thermoOptic: number;
  /** Corner of the spectrum, about the diffusivity over the squared mode width, **Hz**. */
  readonly cornerHz: number;
}

/** Fused silica, in which most of a thin-film mode lies (textbook values at room temperature). */
export const SILICA = { density: 2200, specificHeat: 740, thermoOptic: 1e-5 } as const;

/**
 * RMS fluctuation of the resonance frequency.
 *
 * @param ring - the ring
 * @returns deviation, **Hz**; some kilohertz for a mode of 5e-14 m^3
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function thermorefractiveDeviation(ring: ThermorefractiveRing): number {
  const temperature = inRange("ring.temperatureKelvin", ring.temperatureKelvin, 0, 1e5);
  const heat =
    inRange("ring.density", ring.density, 1e-3, 1e5) *
    inRange("ring.specificHeat", ring.specificHeat, 1e-3, 1e6) *
    inRange("ring.volume", ring.volume, 1e-24, 1);
  const response =
    (inRange("ring.frequencyHz", ring.frequencyHz, 1, 1e18) *
      Math.abs(inRange("ring.thermoOptic", ring.thermoOptic, -1, 1))) /
    inRange("ring.refractiveIndex", ring.refractiveIndex, 1, 10);
  return response * Math.sqrt((BOLTZMANN_CONSTANT * temperature ** 2) / heat);
}

/**
 * Frequency-noise spectrum of the resonances: $S_\nu(f)=\frac{2\sigma^2}{\pi f_D}\frac{1}{1+f^2/f_D^2}$.
 *
 * @param ring - the ring
 * @returns $S_\nu(f)$, **Hz^2/Hz**, one-sided, with the integral $\sigma^2$
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function thermorefractiveSpectrum(ring: ThermorefractiveRing): Spectrum {
  const corner = inRange("ring.cornerHz", ring.cornerHz, 1e-3, 1e12);
  const plateau = (2 * thermorefractiveDeviation(ring) ** 2) / (Math.PI * corner);
  return (frequencyHz) => plateau / (1 + (frequencyHz / corner) ** 2);
}
