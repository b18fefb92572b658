/**
 * CODATA 2018 constants, exact in the SI since 2019, and the fibre's group index.
 *
 * @module
 */

/** Speed of light in vacuum, m/s (exact). */
export const SPEED_OF_LIGHT = 299_792_458;

/** Planck constant, J s (exact). */
export const PLANCK_CONSTANT = 6.626_070_15e-34;

/** Reduced Planck constant, J s. */
export const REDUCED_PLANCK_CONSTANT: number = PLANCK_CONSTANT / (2 * Math.PI);

/** Boltzmann constant, J/K (exact). */
export const BOLTZMANN_CONSTANT = 1.380_649e-23;

/** Elementary charge, C (exact). */
export const ELEMENTARY_CHARGE = 1.602_176_634e-19;

/** Group index of standard single-mode fibre near 1550 nm (manufacturer's figure for G.652 fibre). */
export const FIBRE_GROUP_INDEX = 1.4682;
