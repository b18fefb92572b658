/**
 * Conversions between the units people write and the SI units the models compute in.
 *
 * Every function is its own inverse's exact mirror, so a value survives a round trip to the last few bits.
 *
 * @module
 */
import { PLANCK_CONSTANT, SPEED_OF_LIGHT } from "./constants.ts";
import { inRange, wholeInRange } from "./errors.ts";

/**
 * Ratio of two powers given in decibels: $r = 10^{x/10}$.
 *
 * @param decibels - level, **dB**; a loss is positive here and gives a ratio above 1
 * @returns power ratio
 */
export function decibelsToRatio(decibels: number): number {
  return 10 ** (inRange("decibels", decibels, -Infinity, Infinity) / 10);
}

/**
 * Decibels of a power ratio: $x = 10\log_{10} r$.
 *
 * @param ratio - power ratio, >= 0; zero gives -Infinity
 * @returns level, **dB**
 * @throws {@link TwincombError} `invalid-input` when the ratio is negative
 */
export function ratioToDecibels(ratio: number): number {
  return 10 * Math.log10(inRange("ratio", ratio, 0, Infinity));
}

/**
 * Transmittance of a loss: $\eta = 10^{-A/10}$.
 *
 * @param lossDb - loss, **dB**, >= 0
 * @returns transmittance in [0, 1]
 * @throws {@link TwincombError} `invalid-input` when the loss is negative
 */
export function lossToTransmittance(lossDb: number): number {
  return 10 ** (-inRange("lossDb", lossDb, 0, Infinity) / 10);
}

/**
 * Power given in dBm: $P = 1\,\mathrm{mW}\cdot 10^{x/10}$.
 *
 * @param dbm - level, **dBm**
 * @returns power, **W**
 */
export function dbmToWatts(dbm: number): number {
  return 1e-3 * decibelsToRatio(dbm);
}

/**
 * dBm of a power.
 *
 * @param watts - power, **W**, >= 0
 * @returns level, **dBm**
 * @throws {@link TwincombError} `invalid-input` when the power is negative
 */
export function wattsToDbm(watts: number): number {
  return ratioToDecibels(inRange("watts", watts, 0, Infinity) / 1e-3);
}

/**
 * Metres of a length in kilometres.
 *
 * @param kilometres - length, **km**
 * @returns length, **m**
 */
export function kilometresToMetres(kilometres: number): number {
  return kilometres * 1000;
}

/**
 * Optical frequency of a vacuum wavelength: $\nu = c/\lambda$.
 *
 * @param nanometres - vacuum wavelength, **nm**, > 0
 * @returns frequency, **Hz**
 * @throws {@link TwincombError} `invalid-input` when the wavelength is not positive
 */
export function wavelengthToFrequency(nanometres: number): number {
  return SPEED_OF_LIGHT / (inRange("nanometres", nanometres, Number.MIN_VALUE, Infinity) * 1e-9);
}

/**
 * Vacuum wavelength of an optical frequency: $\lambda = c/\nu$.
 *
 * @param hertz - frequency, **Hz**, > 0
 * @returns vacuum wavelength, **nm**
 * @throws {@link TwincombError} `invalid-input` when the frequency is not positive
 */
export function frequencyToWavelength(hertz: number): number {
  return (SPEED_OF_LIGHT / inRange("hertz", hertz, Number.MIN_VALUE, Infinity)) * 1e9;
}

/**
 * Energy of one photon: $E = h\nu$.
 *
 * @param frequencyHz - optical frequency, **Hz**, > 0
 * @returns energy, **J**
 * @throws {@link TwincombError} `invalid-input` when the frequency is not positive
 */
export function photonEnergy(frequencyHz: number): number {
  return PLANCK_CONSTANT * inRange("frequencyHz", frequencyHz, Number.MIN_VALUE, Infinity);
}

/**
 * Mean photon number of a pulse: $\mu = P/(h\nu f_\mathrm{rep})$.
 *
 * @param averagePowerWatts - average power of the pulse train, **W**, >= 0
 * @param repetitionRateHz - pulses per second, **Hz**, > 0
 * @param frequencyHz - optical frequency, **Hz**, > 0
 * @returns photons per pulse
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function photonsPerPulse(averagePowerWatts: number, repetitionRateHz: number, frequencyHz: number): number {
  inRange("averagePowerWatts", averagePowerWatts, 0, Infinity);
  inRange("repetitionRateHz", repetitionRateHz, Number.MIN_VALUE, Infinity);
  return averagePowerWatts / repetitionRateHz / photonEnergy(frequencyHz);
}

/**
 * Average power of a pulse train: $P = \mu h\nu f_\mathrm{rep}$.
 *
 * @param photons - photons per pulse, >= 0
 * @param repetitionRateHz - pulses per second, **Hz**, > 0
 * @param frequencyHz - optical frequency, **Hz**, > 0
 * @returns power, **W**
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function pulseTrainPower(photons: number, repetitionRateHz: number, frequencyHz: number): number {
  inRange("photons", photons, 0, Infinity);
  inRange("repetitionRateHz", repetitionRateHz, Number.MIN_VALUE, Infinity);
  return photons * repetitionRateHz * photonEnergy(frequencyHz);
}

/**
 * Rounds to significant decimal digits; the last-bit differences between JavaScript engines die here.
 *
 * @param value - any number; what is not finite passes unchanged
 * @param digits - significant digits, 1 to 100, default 12
 * @returns the nearest double of the rounded decimal
 * @throws {@link TwincombError} `invalid-input` when `digits` is not such a number
 */
export function roundSignificant(value: number, digits: number = 12): number {
  wholeInRange("digits", digits, 1, 100);
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}
