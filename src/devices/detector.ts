/**
 * Superconducting nanowire single-photon detector behind a time gate.
 *
 * Threshold detector with efficiency, dark and background rate, Gaussian timing jitter and non-paralysable dead time.
 * Valid while the chance of two events within one dead time is small or dead slots are discarded by rule; latching
 * and the dip in efficiency at very high rates are not modelled.
 *
 * @module
 */
import { inRange } from "../errors.ts";
import { erf, erfc } from "./error-function.ts";

/** Full width at half maximum of a Gaussian over its standard deviation. */
export const FWHM_PER_SIGMA: number = 2 * Math.sqrt(2 * Math.LN2);

/** A detector and its gate. */
export interface Detector {
  /** Probability that a photon reaching the detector clicks, in [0, 1]. */
  readonly efficiency: number;
  /** Dark count rate, **Hz**. */
  readonly darkCountRateHz: number;
  /** Timing jitter, standard deviation, **ps**. */
  readonly jitterPs: number;
  /** Dead time after a click, **ns**. */
  readonly deadTimeNs: number;
  /** Width of the gate in each slot, **ps**. */
  readonly gateWidthPs: number;
}

function check(detector: Detector): void {
  inRange("detector.efficiency", detector.efficiency, 0, 1);
  inRange("detector.darkCountRateHz", detector.darkCountRateHz, 0, 1e12);
  inRange("detector.jitterPs", detector.jitterPs, 0, 1e9);
  inRange("detector.deadTimeNs", detector.deadTimeNs, 0, 1e9);
  inRange("detector.gateWidthPs", detector.gateWidthPs, 0, 1e9);
}

/**
 * Probability of a noise click in one gated slot: $p_d = 1-e^{-(R_d+R_b)t_w}$.
 *
 * @param detector - the detector
 * @param backgroundRateHz - count rate of stray light, **Hz**, default 0
 * @returns probability
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function noiseProbability(detector: Detector, backgroundRateHz: number = 0): number {
  check(detector);
  inRange("backgroundRateHz", backgroundRateHz, 0, 1e12);
  return -Math.expm1(-(detector.darkCountRateHz + backgroundRateHz) * detector.gateWidthPs * 1e-12);
}

/** Standard deviation of a click's time, **ps**: pulse and jitter in quadrature. */
function timeSpread(detector: Detector, pulseWidthPs: number): number {
  inRange("pulseWidthPs", pulseWidthPs, 0, 1e9);
  return Math.hypot(pulseWidthPs / FWHM_PER_SIGMA, detector.jitterPs);
}

/**
 * Share of a pulse's clicks that fall into its gate: $\eta_w = \mathrm{erf}\frac{w}{2\sqrt2\,\sigma}$.
 *
 * @param detector - the detector
 * @param pulseWidthPs - pulse width, full width at half maximum of the intensity, **ps**
 * @returns share in [0, 1]
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function gateAcceptance(detector: Detector, pulseWidthPs: number): number {
  check(detector);
  const spread = timeSpread(detector, pulseWidthPs);
  return spread === 0 ? 1 : erf(detector.gateWidthPs / (2 * Math.SQRT2 * spread));
}

/**
 * Share of a pulse's clicks that fall into the gates of the slots beside its own, both sides together.
 *
 * Their phase has nothing to do with the slot they are counted in, so they act as background in proportion to the
 * mean intensity.
 *
 * @param detector - the detector
 * @param pulseWidthPs - pulse width, full width at half maximum of the intensity, **ps**
 * @param slotPs - time between slots, **ps**, at least the gate width
 * @returns share in [0, 1]
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function neighbourLeakage(detector: Detector, pulseWidthPs: number, slotPs: number): number {
  check(detector);
  inRange("slotPs", slotPs, detector.gateWidthPs, 1e12);
  const spread = timeSpread(detector, pulseWidthPs);
  if (spread === 0) return 0;
  const scale = Math.SQRT2 * spread;
  const half = detector.gateWidthPs / 2;
  return erfc((slotPs - half) / scale) - erfc((slotPs + half) / scale);
}

/**
 * Share of time in which a non-paralysable detector is alive: $1/(1+R\tau_d)$.
 *
 * @param detector - the detector
 * @param incidentRateHz - rate of would-be clicks, **Hz**
 * @returns share in (0, 1]
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function liveFraction(detector: Detector, incidentRateHz: number): number {
  check(detector);
  return 1 / (1 + inRange("incidentRateHz", incidentRateHz, 0, 1e15) * detector.deadTimeNs * 1e-9);
}

/**
 * Efficiency a time after the last click, relative to full: zero through the dead time, then
 * $1-e^{-(t-\tau_d)/\tau_r}$ while the bias current returns.
 *
 * @param detector - the detector
 * @param timeNs - time since the last click, **ns**, >= 0
 * @param recoveryNs - time constant $\tau_r$, **ns**; 0 means an abrupt recovery
 * @returns relative efficiency in [0, 1]
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function recoveredEfficiency(detector: Detector, timeNs: number, recoveryNs: number): number {
  check(detector);
  inRange("timeNs", timeNs, 0, Infinity);
  inRange("recoveryNs", recoveryNs, 0, 1e9);
  if (timeNs < detector.deadTimeNs) return 0;
  return recoveryNs === 0 ? 1 : -Math.expm1(-(timeNs - detector.deadTimeNs) / recoveryNs);
}
