/**
 * A Kerr ring resonator: linewidth, threshold and the scales of the normalised field equation.
 *
 * $\kappa = \omega_0/Q_i + \kappa_{ex}$, time $\tau=\kappa t/2$, detuning $\zeta=2(\omega_0-\omega_p)/\kappa$, pump
 * $F^2 = 8g_0\kappa_{ex}P/(\kappa^3\hbar\omega_0)$, field $|\psi|^2=2g_0|a|^2/\kappa$ with
 * $g_0=\hbar\omega_0^2cn_2/(n^2V)$ (Herr et al., Nat. Photon. 8, 145 (2014), methods; Godey et al., Phys. Rev. A 89,
 * 063814 (2014)). Valid for high finesse and one transverse mode; two-photon absorption is left out (none in nitride).
 *
 * @module
 */
import { REDUCED_PLANCK_CONSTANT, SPEED_OF_LIGHT } from "../constants.ts";
import { inRange } from "../errors.ts";
import { wavelengthToFrequency } from "../units.ts";

/** A ring and its waveguide. */
export interface RingResonator {
  /** Wavelength of the pumped resonance, **nm**. */
  readonly wavelengthNm: number;
  /** Free spectral range, **GHz**. */
  readonly freeSpectralRangeGhz: number;
  /** Intrinsic quality factor. */
  readonly intrinsicQ: number;
  /** Share of the total loss rate that goes to the bus, $\kappa_{ex}/\kappa$; 0.5 is critical coupling. */
  readonly couplingShare: number;
  /** Group index. */
  readonly groupIndex: number;
  /** Effective refractive index. */
  readonly refractiveIndex: number;
  /** Effective Kerr index $n_2$ of the mode, **m^2/W**. */
  readonly kerrIndex: number;
  /** Effective mode area, **um^2**. */
  readonly modeAreaUm2: number;
}

/** What follows from a ring's data, SI units. */
export interface RingScales {
  /** Angular frequency of the pumped resonance, **rad/s**. */
  readonly angularFrequency: number;
  /** Total loss rate $\kappa$, **rad/s**. */
  readonly lossRate: number;
  /** Rate into the bus $\kappa_{ex}$, **rad/s**. */
  readonly couplingRate: number;
  /** Loaded quality factor. */
  readonly loadedQ: number;
  /** Length of the ring, **m**. */
  readonly lengthMetres: number;
  /** Free spectral range as $D_1$, **rad/s**. */
  readonly d1: number;
  /** Kerr shift of one photon $g_0$, **rad/s**. */
  readonly kerrShift: number;
  /** Pump power at the threshold $F^2=1$, **W**. */
  readonly thresholdWatts: number;
}

/**
 * Rates and scales of a ring.
 *
 * @param ring - the ring
 * @returns its scales
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function ringScales(ring: RingResonator): RingScales {
  const angularFrequency =
    2 * Math.PI * wavelengthToFrequency(inRange("ring.wavelengthNm", ring.wavelengthNm, 100, 1e5));
  const share = inRange("ring.couplingShare", ring.couplingShare, 1e-9, 1 - 1e-9);
  const intrinsic = angularFrequency / inRange("ring.intrinsicQ", ring.intrinsicQ, 1, 1e15);
  const lossRate = intrinsic / (1 - share);
  const couplingRate = share * lossRate;
  const d1 = 2 * Math.PI * 1e9 * inRange("ring.freeSpectralRangeGhz", ring.freeSpectralRangeGhz, 1e-3, 1e5);
  const groupIndex = inRange("ring.groupIndex", ring.groupIndex, 1, 10);
  const lengthMetres = (2 * Math.PI * SPEED_OF_LIGHT) / (groupIndex * d1);
  const volume = lengthMetres * inRange("ring.modeAreaUm2", ring.modeAreaUm2, 1e-6, 1e6) * 1e-12;
  const index = inRange("ring.refractiveIndex", ring.refractiveIndex, 1, 10);
  const kerrIndex = inRange("ring.kerrIndex", ring.kerrIndex, 1e-24, 1e-12);
  const kerrShift =
    (REDUCED_PLANCK_CONSTANT * angularFrequency ** 2 * SPEED_OF_LIGHT * kerrIndex) / (index ** 2 * volume);
  return {
    angularFrequency,
    lossRate,
    couplingRate,
    loadedQ: angularFrequency / lossRate,
    lengthMetres,
    d1,
    kerrShift,
    thresholdWatts: (REDUCED_PLANCK_CONSTANT * angularFrequency * lossRate ** 3) / (8 * kerrShift * couplingRate),
  };
}

/**
 * Normalised driving field of a pump power: $F=\sqrt{P/P_\mathrm{th}}$.
 *
 * @param scales - the ring's scales
 * @param powerWatts - pump power in the bus, **W**, >= 0
 * @returns $F$
 * @throws {@link TwincombError} `invalid-input` when the power is negative
 */
export function pumpField(scales: RingScales, powerWatts: number): number {
  return Math.sqrt(inRange("powerWatts", powerWatts, 0, 1e6) / scales.thresholdWatts);
}

/**
 * Second-order dispersion $D_2=-\frac{c}{n_g}D_1^2\beta_2$ of the mode spectrum.
 *
 * @param scales - the ring's scales
 * @param groupIndex - group index
 * @param beta2Ps2PerKm - group-velocity dispersion, **ps^2/km**; positive is normal
 * @returns $D_2$, **rad/s**; negative is normal
 * @throws {@link TwincombError} `invalid-input` when a value is no number
 */
export function secondOrderDispersion(scales: RingScales, groupIndex: number, beta2Ps2PerKm: number): number {
  const beta2 = inRange("beta2Ps2PerKm", beta2Ps2PerKm, -1e9, 1e9) * 1e-27;
  return -(SPEED_OF_LIGHT / inRange("groupIndex", groupIndex, 1, 10)) * scales.d1 ** 2 * beta2;
}
