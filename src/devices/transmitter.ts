/**
 * One client's transmitter: Mach-Zehnder intensity modulators, phase modulator, attenuator, and the pulses that
 * leave it.
 *
 * A Mach-Zehnder modulator whose arms have the amplitude ratio $\rho$ passes
 * $T(V)=\frac12[1+\gamma\cos(\pi V/V_\pi+\varphi_b)]$ with $\gamma = 2\rho/(1+\rho^2)$, so its extinction is
 * $\left(\frac{1+\rho}{1-\rho}\right)^2$; modulators in cascade multiply. Quasi-static: bandwidth enters only through
 * the settling error of the phase modulator; chirp only through the mismatch of pulses. Valid for extinctions up to
 * about 60 dB.
 *
 * @module
 */
import { inRange, wholeInRange } from "../errors.ts";
import { decibelsToRatio, lossToTransmittance, photonsPerPulse, ratioToDecibels } from "../units.ts";

/** A Mach-Zehnder modulator. */
export interface MachZehnder {
  /** Voltage between full and least transmission, **V**. */
  readonly halfWaveVoltage: number;
  /** Phase at zero voltage, **rad**. */
  readonly biasPhase: number;
  /** Amplitude ratio of the two arms at the output, in (0, 1]; 1 extinguishes completely. */
  readonly armRatio: number;
}

/**
 * Transmission of a Mach-Zehnder modulator at a voltage, relative to loss-free full transmission.
 *
 * @param modulator - the modulator
 * @param volts - drive, **V**
 * @returns transmission in [0, 1]
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function machZehnderTransmission(modulator: MachZehnder, volts: number): number {
  const ratio = inRange("modulator.armRatio", modulator.armRatio, Number.MIN_VALUE, 1);
  const half = inRange("modulator.halfWaveVoltage", modulator.halfWaveVoltage, Number.MIN_VALUE, 1e3);
  const contrast = (2 * ratio) / (1 + ratio ** 2);
  return (1 + contrast * Math.cos((Math.PI * volts) / half + modulator.biasPhase)) / 2;
}

/**
 * Extinction of a Mach-Zehnder modulator: $20\log_{10}\frac{1+\rho}{1-\rho}$.
 *
 * @param armRatio - amplitude ratio $\rho$ of the arms, in (0, 1]
 * @returns extinction, **dB**; Infinity at 1
 * @throws {@link TwincombError} `invalid-input` when the ratio is out of range
 */
export function extinctionFromArmRatio(armRatio: number): number {
  const ratio = inRange("armRatio", armRatio, Number.MIN_VALUE, 1);
  return 20 * Math.log10((1 + ratio) / (1 - ratio));
}

/**
 * Amplitude ratio of the arms that gives an extinction; the inverse of {@link extinctionFromArmRatio}.
 *
 * @param extinctionDb - extinction, **dB**, > 0
 * @returns amplitude ratio in (0, 1]
 * @throws {@link TwincombError} `invalid-input` when the extinction is not positive
 */
export function armRatioFromExtinction(extinctionDb: number): number {
  const root = Math.sqrt(decibelsToRatio(inRange("extinctionDb", extinctionDb, Number.MIN_VALUE, Infinity)));
  return root === Infinity ? 1 : (root - 1) / (root + 1);
}

/**
 * Attenuation that brings a pulse train to a photon number: $A = 10\log_{10}\frac{P}{\mu h\nu f_\mathrm{rep}}$.
 *
 * @param photons - wanted mean photon number $\mu$, > 0
 * @param averagePowerWatts - average power before the attenuator, **W**
 * @param repetitionRateHz - pulses per second, **Hz**
 * @param frequencyHz - optical frequency, **Hz**
 * @returns attenuation, **dB**
 * @throws {@link TwincombError} `invalid-input` when the light is too weak or a value out of range
 */
export function attenuationFor(
  photons: number,
  averagePowerWatts: number,
  repetitionRateHz: number,
  frequencyHz: number,
): number {
  const available = photonsPerPulse(averagePowerWatts, repetitionRateHz, frequencyHz);
  return ratioToDecibels(available / inRange("photons", photons, Number.MIN_VALUE, available));
}

/** What a client declares to send, in photons per pulse at its output. */
export interface DeclaredIntensities {
  /** Sending in a Z window. */
  readonly zSend: number;
  /** Weaker decoy of the X windows. */
  readonly x1: number;
  /** Stronger decoy of the X windows. */
  readonly x2: number;
}

/** What a client really sends, in photons per pulse at its output. */
export interface ActualIntensities extends DeclaredIntensities {
  /** Not sending in a Z window: the modulators' residue. */
  readonly zNot: number;
  /** Vacuum of the X windows: the same residue. */
  readonly x0: number;
}

/** The properties of one transmitter that decide what it sends; all are the chip's own, not the wafer's. */
export interface Transmitter {
  /** Extinction of the intensity modulators together, **dB**. */
  readonly extinctionDb: number;
  /** Relative error of each declared intensity after calibration. */
  readonly intensityErrors: { readonly zSend: number; readonly x1: number; readonly x2: number };
  /** Relative error of the phase modulator's half-wave voltage as calibrated. */
  readonly phaseScaleError: number;
  /** RMS error of the modulated phase from settling and drive noise, **rad**. */
  readonly phaseSettlingRad: number;
  /** Pulse width, full width at half maximum of the intensity, **ps**. */
  readonly pulseWidthPs: number;
  /** Offset of the pulse from its slot's centre at the server's beam splitter, **ps**. */
  readonly pulseOffsetPs: number;
  /** Azimuth of the polarisation ellipse at the beam splitter against the reference axis, **rad**. */
  readonly polarisationAzimuth: number;
  /** Ellipticity angle of the polarisation at the beam splitter, **rad**. */
  readonly polarisationEllipticity: number;
  /** Linewidth of the free-running laser, **Hz**. */
  readonly freeLinewidthHz: number;
  /** Coupling of injected light into the laser's cavity against the design, **dB**; positive is stronger. */
  readonly injectionCouplingDb: number;
  /** Distance of the free-running laser from where it was tuned to, **Hz**. */
  readonly tuningErrorHz: number;
}

/**
 * Photons per pulse that a transmitter really sends at each setting.
 *
 * The residue of "not sending" and "vacuum" is the strongest setting through the closed modulators,
 * $\mu_0 = \mu_\mathrm{max}10^{-E/10}$; it adds to no other setting, since those are calibrated with it present.
 *
 * @param declared - what the client declares
 * @param transmitter - the client's transmitter
 * @returns photons per pulse at each setting
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function actualIntensities(
  declared: DeclaredIntensities,
  transmitter: Pick<Transmitter, "extinctionDb" | "intensityErrors">,
): ActualIntensities {
  const actual = (setting: "zSend" | "x1" | "x2") =>
    inRange(`declared.${setting}`, declared[setting], 0, 100) *
    (1 + inRange(`transmitter.intensityErrors.${setting}`, transmitter.intensityErrors[setting], -1, 10));
  const [zSend, x1, x2] = [actual("zSend"), actual("x1"), actual("x2")];
  const residue = Math.max(zSend, x1, x2) * lossToTransmittance(transmitter.extinctionDb);
  return { zSend, x1, x2, zNot: residue, x0: residue };
}

/**
 * Phase variance from a wrong half-wave voltage, for phases spread evenly over the circle:
 * $\langle(\epsilon\theta)^2\rangle = \epsilon^2\pi^2/3$.
 *
 * @param phaseScaleError - relative error $\epsilon$
 * @returns variance, **rad^2**
 * @throws {@link TwincombError} `invalid-input` when the error is out of range
 */
export function phaseScaleVariance(phaseScaleError: number): number {
  return (inRange("phaseScaleError", phaseScaleError, -1, 1) ** 2 * Math.PI ** 2) / 3;
}

/**
 * Phase variance of a converter with a finite number of bits over the full circle: $(2\pi/2^b)^2/12$.
 *
 * @param bits - resolution $b$ of the digital-to-analogue converter
 * @returns variance, **rad^2**
 * @throws {@link TwincombError} `invalid-input` when the number of bits is not whole or out of range
 */
export function phaseQuantisationVariance(bits: number): number {
  return ((2 * Math.PI) / 2 ** wholeInRange("bits", bits, 1, 32)) ** 2 / 12;
}

/**
 * Distance of $M$ discrete phases from a continuous randomisation, as the leading weight outside the single photon
 * of the one-photon block: $\mu^M/(M+1)!$ (from Cao et al., New J. Phys. 17, 053014, section 2).
 *
 * @param photons - mean photon number $\mu$
 * @param phases - number of phases $M$
 * @returns weight; states of two intensities differ by up to its square root
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function discretePhaseLeakage(photons: number, phases: number): number {
  inRange("photons", photons, 0, 100);
  wholeInRange("phases", phases, 1, 1000);
  let leakage = 1;
  for (let k = 1; k <= phases; k++) leakage *= photons / (k + 1);
  return leakage;
}
