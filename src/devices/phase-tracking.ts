/**
 * Measuring the relative phase from a finite number of reference counts.
 *
 * Reference pulses with two dither phases, 0 and $\pi/2$, half of the counts each, carry per count the Fisher
 * information $J=\frac12\left[\frac{V^2s^2}{1-V^2c^2}+\frac{V^2c^2}{1-V^2s^2}\right]$ with $s=\sin\varphi$,
 * $c=\cos\varphi$, so $\sigma^2\ge 1/(nJ)$, reached for $n \gtrsim 50$. Valid while the phase moves by less than about
 * one radian within a window.
 *
 * @module
 */
import { inRange } from "../errors.ts";

/**
 * Fisher information about the phase in one count of a dithered reference, **1/rad^2**; see the module's equation.
 *
 * @param phase - phase $\varphi$, **rad**
 * @param visibility - contrast of the reference, background included, in [0, 1]
 * @returns information per count, in [0, 1]
 * @throws {@link TwincombError} `invalid-input` when the visibility is out of range
 */
export function informationPerCount(phase: number, visibility: number): number {
  const v2 = inRange("visibility", visibility, 0, 1) ** 2;
  const s2 = Math.sin(inRange("phase", phase, -Infinity, Infinity)) ** 2;
  const c2 = 1 - s2;
  if (v2 === 1) return 1;
  return ((v2 * s2) / (1 - v2 * c2) + (v2 * c2) / (1 - v2 * s2)) / 2;
}

/**
 * Shot-noise variance of a phase estimate, averaged over all phases: $\sigma^2 = \langle 1/J\rangle/n$.
 *
 * @param counts - counts $n$ in the window, > 0
 * @param visibility - contrast of the reference in (0, 1]
 * @returns variance, **rad^2**
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function shotNoiseVariance(counts: number, visibility: number): number {
  inRange("counts", counts, Number.MIN_VALUE, Infinity);
  inRange("visibility", visibility, 1e-6, 1);
  // J has period pi/2 and is smooth, so the trapezoidal rule converges geometrically.
  const points = 64;
  let sum = 0;
  for (let i = 0; i < points; i++) sum += 1 / informationPerCount(((i + 0.5) * Math.PI) / (2 * points), visibility);
  return sum / points / counts;
}

/**
 * Variance of a steady drift within a window whose mean phase is known: $\sigma^2 = \langle\dot\varphi^2\rangle T^2/12$.
 *
 * @param driftRate - RMS drift rate, **rad/s**, >= 0
 * @param windowSeconds - window $T$, **s**, >= 0
 * @returns variance, **rad^2**
 * @throws {@link TwincombError} `invalid-input` when a value is negative
 */
export function windowDriftVariance(driftRate: number, windowSeconds: number): number {
  inRange("driftRate", driftRate, 0, Infinity);
  inRange("windowSeconds", windowSeconds, 0, Infinity);
  return (driftRate * windowSeconds) ** 2 / 12;
}

/**
 * Window that balances shot noise against drift: it minimises $\frac{g}{RT}+\frac{\dot\varphi^2T^2}{12}$, with $g$ the
 * shot variance of one count, so $T=(6g/R\dot\varphi^2)^{1/3}$.
 *
 * @param countRateHz - reference count rate $R$, **Hz**, > 0
 * @param driftRate - RMS drift rate, **rad/s**, > 0
 * @param visibility - contrast of the reference in (0, 1]
 * @returns window, **s**
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function optimalWindow(countRateHz: number, driftRate: number, visibility: number): number {
  inRange("countRateHz", countRateHz, Number.MIN_VALUE, Infinity);
  inRange("driftRate", driftRate, Number.MIN_VALUE, Infinity);
  return Math.cbrt((6 * shotNoiseVariance(1, visibility)) / (countRateHz * driftRate ** 2));
}
