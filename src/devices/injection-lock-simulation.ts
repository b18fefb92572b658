/**
 * The rate equations of an injected laser in time, to check the formulas of `injection-lock.ts` and go beyond them.
 *
 * In the frame of the injected light, field $E$ in units of the free-running amplitude, excess gain $G$:
 * $\dot E=\left[\frac{1+i\alpha}{2}G-i\Delta\omega\right]E+\kappa_c\sqrt r+\text{noise}$,
 * $\dot G=-G/\tau_s+\omega_R^2\left(1-|E|^2-\tau_pG|E|^2\right)$ (Lang, IEEE J. Quantum Electron. 18, 976 (1982)), with
 * $\Delta\omega=\omega_\mathrm{inj}-\omega_\mathrm{free}$. Spontaneous emission is a phase diffusion of the stated
 * linewidth. Heun's method, valid for steps that resolve the relaxation
 * resonance and for one mode. Results are rounded to twelve digits.
 *
 * @module
 */
import { inRange, wholeInRange } from "../errors.ts";
import { type PhiloxKey, PhiloxStream, PURPOSE } from "../random.ts";
import { roundSignificant } from "../units.ts";
import { normalQuantile } from "./error-function.ts";
import { type InjectedLaser, injectionLock } from "./injection-lock.ts";

/** What to simulate. */
export interface InjectionSimulation {
  /** The laser and its injection. */
  readonly laser: InjectedLaser;
  /** $(\omega_\mathrm{inj}-\omega_\mathrm{free})/2\pi$, **Hz**. */
  readonly detuningHz: number;
  /** Linewidth of the free-running laser's phase diffusion, **Hz**; 0 for none. */
  readonly freeLinewidthHz: number;
  /** Relaxation frequency $\omega_R/2\pi$, **Hz**, default 5e9. */
  readonly relaxationHz?: number;
  /** Photon lifetime $\tau_p$, **s**, default 2e-12. */
  readonly photonLifetime?: number;
  /** Carrier lifetime $\tau_s$, **s**, default 1e-9. */
  readonly carrierLifetime?: number;
  /** Time step, **s**, default 1e-12. */
  readonly stepSeconds?: number;
  /** Steps before anything is recorded. */
  readonly settleSteps: number;
  /** Recorded steps. */
  readonly steps: number;
  /** Number of the noise stream, default 0. */
  readonly stream?: number;
}

/** What came out. */
export interface InjectionTrace {
  /** Phase of the client against the injected light at each recorded step, unwrapped, **rad**. */
  readonly phase: Float64Array;
  /** Mean frequency against the injected light over the record, **Hz**; 0 within noise when locked. */
  readonly meanFrequencyHz: number;
  /** Variance of the phase around its mean, **rad^2**; meaningful when locked. */
  readonly phaseVariance: number;
  /** Whether the phase stayed within half a turn of where it started. */
  readonly locked: boolean;
}

/**
 * Simulates an injected laser from its free-running state.
 *
 * @param simulation - laser, detuning, noise and duration
 * @param key - Philox key of the simulation's seed
 * @returns the phase in time and what follows from it
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical or the step too long
 */
export function simulateInjection(simulation: InjectionSimulation, key: PhiloxKey): InjectionTrace {
  const lock = injectionLock(simulation.laser);
  const alpha = simulation.laser.linewidthEnhancement;
  const relaxation = 2 * Math.PI * inRange("relaxationHz", simulation.relaxationHz ?? 5e9, 1, 1e13);
  const photonLifetime = inRange("photonLifetime", simulation.photonLifetime ?? 2e-12, 1e-16, 1);
  const carrierLifetime = inRange("carrierLifetime", simulation.carrierLifetime ?? 1e-9, 1e-14, 1);
  const step = inRange("stepSeconds", simulation.stepSeconds ?? 1e-12, 1e-18, 0.1 / relaxation);
  const steps = wholeInRange("steps", simulation.steps, 1, 2 ** 28);
  const settle = wholeInRange("settleSteps", simulation.settleSteps, 0, 2 ** 32);
  const linewidth = inRange("freeLinewidthHz", simulation.freeLinewidthHz, 0, 1e12);
  const detuning = 2 * Math.PI * inRange("detuningHz", simulation.detuningHz, -1e13, 1e13);
  const injected = 2 * Math.PI * lock.couplingRateHz * Math.sqrt(simulation.laser.injectionRatio);
  const stream = new PhiloxStream(
    key,
    PURPOSE.deviceNoise,
    wholeInRange("stream", simulation.stream ?? 0, 0, 2 ** 32 - 1),
  );
  const kick = Math.sqrt(2 * Math.PI * linewidth * step);
  const square = relaxation ** 2;

  // Derivatives of re, im, gain.
  const slope = (re: number, im: number, gain: number, out: Float64Array) => {
    const half = gain / 2;
    const turn = alpha * half - detuning;
    const intensity = re * re + im * im;
    out[0] = half * re - turn * im + injected;
    out[1] = half * im + turn * re;
    out[2] = -gain / carrierLifetime + square * (1 - intensity - photonLifetime * gain * intensity);
  };
  let [re, im, gain] = [1, 0, 0];
  const first = new Float64Array(3);
  const second = new Float64Array(3);
  const phase = new Float64Array(steps);
  let turns = 0;
  let previous = 0;
  for (let n = -settle; n < steps; n++) {
    slope(re, im, gain, first);
    slope(re + step * first[0]!, im + step * first[1]!, gain + step * first[2]!, second);
    re += (step / 2) * (first[0]! + second[0]!);
    im += (step / 2) * (first[1]! + second[1]!);
    gain += (step / 2) * (first[2]! + second[2]!);
    if (kick > 0) {
      // A rotation, by the rational form of a small angle: amplitude noise is far below phase noise.
      const half = (kick * normalQuantile(stream.uniform() + 2 ** -54)) / 2;
      const norm = 1 + half * half;
      const [c, s] = [(1 - half * half) / norm, (2 * half) / norm];
      [re, im] = [re * c - im * s, re * s + im * c];
    }
    const angle = Math.atan2(im, re);
    turns += Math.round((previous - angle) / (2 * Math.PI));
    previous = angle;
    if (n >= 0) phase[n] = angle + 2 * Math.PI * turns;
  }
  const mean = phase.reduce((sum, value) => sum + value, 0) / steps;
  const phaseVariance = phase.reduce((sum, value) => sum + (value - mean) ** 2, 0) / steps;
  const start = phase[0]!;
  return {
    phase: phase.map((value) => roundSignificant(value)),
    meanFrequencyHz: roundSignificant((phase[steps - 1]! - start) / (2 * Math.PI * step * Math.max(1, steps - 1))),
    phaseVariance: roundSignificant(phaseVariance),
    locked: phase.every((value) => Math.abs(value - start) < Math.PI),
  };
}
