/**
 * Estimating a drifting phase from reference counts: maximum likelihood in a window, and a Kalman filter over windows.
 *
 * Reference pulses come with two dither phases, 0 and $\pi/2$; with $V$ the contrast, a count of dither $d$ goes to the
 * bright port with probability $\frac12[1+V\cos(\varphi-d)]$. For a random walk of rate $q$ (**rad^2/s**) and shot
 * variance $r$ a sample of $T_s$, the filter settles at the predicted variance
 * $P=\frac12\left[qT_s+\sqrt{q^2T_s^2+4qT_sr}\right]$. Valid while the phase moves by less than about a radian a window.
 *
 * @module
 */
import { inRange, wholeInRange } from "../errors.ts";
import { informationPerCount } from "./phase-tracking.ts";

/** Reference counts of one window. */
export interface ReferenceCounts {
  /** Counts of dither 0 at the bright port. */
  readonly cosineBright: number;
  /** Counts of dither 0 at the dark port. */
  readonly cosineDark: number;
  /** Counts of dither pi/2 at the bright port. */
  readonly sineBright: number;
  /** Counts of dither pi/2 at the dark port. */
  readonly sineDark: number;
}

/**
 * Maximum-likelihood phase of a window's counts, by scoring from the quadrature estimate.
 *
 * @param counts - the counts
 * @param visibility - contrast $V$ of the reference, in (0, 1)
 * @returns phase in (-pi, pi], **rad**; 0 without counts
 * @throws {@link TwincombError} `invalid-input` when a count is not whole or the contrast out of range
 */
export function estimatePhase(counts: ReferenceCounts, visibility: number): number {
  const { cosineBright, cosineDark, sineBright, sineDark } = counts;
  for (const [name, value] of Object.entries(counts)) wholeInRange(`counts.${name}`, value, 0);
  inRange("visibility", visibility, 1e-6, 1 - 1e-12);
  const cosine = cosineBright + cosineDark;
  const sine = sineBright + sineDark;
  if (cosine + sine === 0) return 0;
  const quadrature = (bright: number, dark: number) => (bright + dark === 0 ? 0 : (bright - dark) / (bright + dark));
  let phase = Math.atan2(quadrature(sineBright, sineDark), quadrature(cosineBright, cosineDark));
  for (let round = 0; round < 30; round++) {
    const c = visibility * Math.cos(phase);
    const s = visibility * Math.sin(phase);
    const score =
      -s * (cosineBright / (1 + c) - cosineDark / (1 - c)) + c * (sineBright / (1 + s) - sineDark / (1 - s));
    const step = score / ((cosine + sine) * informationPerCount(phase, visibility));
    // A long step means a flat likelihood; half a radian at a time cannot jump to another maximum.
    phase += Math.max(-0.5, Math.min(0.5, step));
    if (Math.abs(step) < 1e-12) break;
  }
  return Math.atan2(Math.sin(phase), Math.cos(phase));
}

/** Random walk of the phase and noise of its measurement. */
export interface KalmanSettings {
  /** Diffusion rate $q$ of the phase, **rad^2/s**. */
  readonly diffusion: number;
  /** Time $T_s$ between measurements, **s**. */
  readonly intervalSeconds: number;
  /** Variance $r$ of one measurement, **rad^2**. */
  readonly measurementVariance: number;
}

/** Steady state of a Kalman filter. */
export interface KalmanSteadyState {
  /** Variance of the phase predicted for the next measurement, **rad^2**. */
  readonly predictedVariance: number;
  /** Variance right after a measurement, **rad^2**. */
  readonly posteriorVariance: number;
  /** Weight of a new measurement. */
  readonly gain: number;
}

function checkKalman(settings: KalmanSettings): void {
  inRange("settings.diffusion", settings.diffusion, 0, 1e15);
  inRange("settings.intervalSeconds", settings.intervalSeconds, Number.MIN_VALUE, 1e9);
  inRange("settings.measurementVariance", settings.measurementVariance, Number.MIN_VALUE, 1e9);
}

/**
 * Steady state of the filter, see the module's equation.
 *
 * @param settings - random walk and measurement
 * @returns variances and gain
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function kalmanSteadyState(settings: KalmanSettings): KalmanSteadyState {
  checkKalman(settings);
  const step = settings.diffusion * settings.intervalSeconds;
  const root = Math.sqrt(step * step + 4 * step * settings.measurementVariance);
  const predictedVariance = (step + root) / 2;
  return {
    predictedVariance,
    posteriorVariance: (root - step) / 2,
    gain: predictedVariance / (predictedVariance + settings.measurementVariance),
  };
}

/**
 * Filters measured phases; each result uses the measurements before it and its own.
 *
 * Measurements are taken modulo $2\pi$ and unwrapped against the prediction.
 *
 * @param measurements - phase of each window, **rad**
 * @param settings - random walk and measurement
 * @returns posterior phase after each window, unwrapped, **rad**
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function kalmanFilter(measurements: ArrayLike<number>, settings: KalmanSettings): Float64Array {
  checkKalman(settings);
  const step = settings.diffusion * settings.intervalSeconds;
  const filtered = new Float64Array(measurements.length);
  let phase = measurements[0] ?? 0;
  let variance = settings.measurementVariance;
  for (let i = 0; i < filtered.length; i++) {
    inRange(`measurements[${i}]`, measurements[i]!, -1e15, 1e15);
    if (i > 0) {
      variance += step;
      const gain = variance / (variance + settings.measurementVariance);
      const difference = measurements[i]! - phase;
      phase += gain * (difference - 2 * Math.PI * Math.round(difference / (2 * Math.PI)));
      variance *= 1 - gain;
    }
    filtered[i] = phase;
  }
  return filtered;
}
