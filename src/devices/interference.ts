/**
 * Static interference of two clients' pulses at the server's beam splitter.
 *
 * The visibility is the product of the overlaps of the two fields: balance $2\sqrt{ab}/(a+b)$, polarisation
 * $\cos\theta$, time and width of Gaussian pulses, and the receiver's own contrast. A port flip happens with
 * $e = (1-V)/2$. Valid for transform-limited Gaussian pulses in single modes; chirp has to be put into the widths.
 *
 * @module
 */
import { inRange } from "../errors.ts";
import { FWHM_PER_SIGMA } from "./detector.ts";

/**
 * Visibility of two unequal intensities: $V = 2\sqrt{ab}/(a+b)$.
 *
 * @param a - mean photon number of one side at the beam splitter, >= 0
 * @param b - mean photon number of the other, >= 0
 * @returns visibility in [0, 1]; 1 when both are dark
 * @throws {@link TwincombError} `invalid-input` when a value is negative
 */
export function balanceVisibility(a: number, b: number): number {
  inRange("a", a, 0, Infinity);
  inRange("b", b, 0, Infinity);
  return a + b === 0 ? 1 : (2 * Math.sqrt(a * b)) / (a + b);
}

/** A state of polarisation by its ellipse. */
export interface PolarisationState {
  /** Azimuth $\psi$ of the long axis, **rad**. */
  readonly polarisationAzimuth: number;
  /** Ellipticity angle $\chi$, **rad**; 0 is linear, $\pi/4$ circular. */
  readonly polarisationEllipticity: number;
}

/**
 * Overlap of two states of polarisation an angle $\Theta$ apart on the Poincare sphere: $V = \cos(\Theta/2)$, with
 * $\cos\Theta = \cos2\chi_a\cos2\chi_b\cos2(\psi_a-\psi_b)+\sin2\chi_a\sin2\chi_b$.
 *
 * @param a - one state
 * @param b - the other
 * @returns visibility in [0, 1]
 * @throws {@link TwincombError} `invalid-input` when an angle is not a number
 */
export function polarisationVisibility(a: PolarisationState, b: PolarisationState): number {
  const finite = (name: string, angle: number) => inRange(name, angle, -1e6, 1e6);
  const apart = 2 * (finite("a.polarisationAzimuth", a.polarisationAzimuth) - b.polarisationAzimuth);
  finite("b.polarisationAzimuth", b.polarisationAzimuth);
  const chiA = 2 * finite("a.polarisationEllipticity", a.polarisationEllipticity);
  const chiB = 2 * finite("b.polarisationEllipticity", b.polarisationEllipticity);
  const cosine = Math.cos(chiA) * Math.cos(chiB) * Math.cos(apart) + Math.sin(chiA) * Math.sin(chiB);
  return Math.sqrt(Math.max(0, (1 + cosine) / 2));
}

/** Width and position of a Gaussian pulse. */
export interface PulseShape {
  /** Full width at half maximum of the intensity, **ps**, > 0. */
  readonly pulseWidthPs: number;
  /** Position of its centre, **ps**. */
  readonly pulseOffsetPs: number;
}

/**
 * Overlap of two Gaussian pulses of standard deviations $\sigma_a,\sigma_b$ (intensity), a time $t$ apart:
 * $V=\sqrt{\frac{2\sigma_a\sigma_b}{\sigma_a^2+\sigma_b^2}}\exp\left[-\frac{t^2}{4(\sigma_a^2+\sigma_b^2)}\right]$.
 *
 * @param a - one pulse
 * @param b - the other
 * @returns visibility in [0, 1]
 * @throws {@link TwincombError} `invalid-input` when a width is not positive
 */
export function pulseVisibility(a: PulseShape, b: PulseShape): number {
  const sigmaA = inRange("a.pulseWidthPs", a.pulseWidthPs, Number.MIN_VALUE, 1e9) / FWHM_PER_SIGMA;
  const sigmaB = inRange("b.pulseWidthPs", b.pulseWidthPs, Number.MIN_VALUE, 1e9) / FWHM_PER_SIGMA;
  const apart = a.pulseOffsetPs - b.pulseOffsetPs;
  const squares = sigmaA ** 2 + sigmaB ** 2;
  return Math.sqrt((2 * sigmaA * sigmaB) / squares) * Math.exp(-(apart ** 2) / (4 * squares));
}

/**
 * Contrast of the server's interferometer with an extinction between its ports: $V = (r-1)/(r+1)$.
 *
 * @param extinctionDb - power ratio of bright to dark port with identical inputs, **dB**, >= 0
 * @returns visibility in [0, 1]
 * @throws {@link TwincombError} `invalid-input` when the extinction is negative
 */
export function portVisibility(extinctionDb: number): number {
  const dark = 10 ** (-inRange("extinctionDb", extinctionDb, 0, Infinity) / 10);
  return (1 - dark) / (1 + dark);
}

/**
 * Error of a visibility: $e = (1-V)/2$.
 *
 * @param visibility - visibility in [-1, 1]
 * @returns probability of the wrong port
 * @throws {@link TwincombError} `invalid-input` when the visibility is out of range
 */
export function visibilityError(visibility: number): number {
  return (1 - inRange("visibility", visibility, -1, 1)) / 2;
}

/**
 * Visibility left by Gaussian phase noise: $V = e^{-\sigma^2/2}$.
 *
 * @param variance - phase variance $\sigma^2$, **rad^2**, >= 0
 * @returns visibility in [0, 1]
 * @throws {@link TwincombError} `invalid-input` when the variance is negative
 */
export function phaseNoiseVisibility(variance: number): number {
  return Math.exp(-inRange("variance", variance, 0, Infinity) / 2);
}

/**
 * Visibility left by accepting a phase slice of total width $\Delta$: $V = \frac{\sin(\Delta/2)}{\Delta/2}$.
 *
 * @param width - slice width $\Delta$, **rad**, in [0, pi]
 * @returns visibility in (0, 1]
 * @throws {@link TwincombError} `invalid-input` when the width is out of range
 */
export function sliceVisibility(width: number): number {
  const half = inRange("width", width, 0, Math.PI) / 2;
  return half === 0 ? 1 : Math.sin(half) / half;
}
