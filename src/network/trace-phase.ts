/**
 * The phase of a run before and after tracking, as arrays to draw.
 *
 * @module
 */
import { wholeInRange } from "../errors.ts";
import { type CountingRun, PhaseTracker } from "../kernels/photons.ts";

/** Which windows of the tracking loop are wanted. */
export interface TracePhaseOptions {
  /** Number of windows, 1 to 100 000; 400 unless told. */
  readonly windows?: number;
  /** Every how many windows one is taken; 1 unless told. */
  readonly stride?: number;
}

/** Phase of the two arms in consecutive windows of the tracking loop. */
export interface PhaseSamples {
  /** Middle of each window, **s** of wall time. */
  readonly timeSeconds: Float64Array;
  /** Phase of the arms there, unwrapped, **rad**. */
  readonly phaseRad: Float64Array;
  /** What is left of it after the announced estimate, **rad**, in $[-\pi, \pi)$. */
  readonly residualRad: Float64Array;
}

/**
 * Follows the phase of a run, with the very samples of the tracking loop that counting would draw.
 *
 * @param run - timeline, detectors, drift and tracking matter; see `countingRun`
 * @param options - which windows
 * @returns phase before and after tracking
 * @throws {@link TwincombError} `invalid-input` naming the value at fault
 */
export async function tracePhase(run: CountingRun, options: TracePhaseOptions = {}): Promise<PhaseSamples> {
  const windows = wholeInRange("windows", options.windows ?? 400, 1, 100_000);
  const stride = wholeInRange("stride", options.stride ?? 1, 1, 1_000_000);
  using tracker = await PhaseTracker.create(run);
  const timeSeconds = new Float64Array(windows);
  const phaseRad = new Float64Array(windows);
  const residualRad = new Float64Array(windows);
  for (let i = 0; i < windows; i++) {
    const sample = tracker.follow(i * stride);
    timeSeconds[i] = sample.timeSeconds;
    phaseRad[i] = sample.phaseRad;
    residualRad[i] = wrapped(sample.phaseRad - sample.estimateRad);
  }
  return { timeSeconds, phaseRad, residualRad };
}

/** An angle in [-pi, pi). */
function wrapped(angle: number): number {
  return angle - 2 * Math.PI * Math.floor(angle / (2 * Math.PI) + 0.5);
}
