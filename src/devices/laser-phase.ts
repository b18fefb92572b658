/**
 * Fast phase noise that lasers leave between two clients.
 *
 * White frequency noise of linewidth $\Delta\nu$ gives a phase random walk with variance $2\pi\Delta\nu\,t$. Light of
 * one comb line that reaches the beam splitter with a delay difference therefore keeps $2\pi\Delta\nu\Delta\tau$; a
 * client locked with corner $\omega_c$ keeps $\pi\Delta\nu/\omega_c$ of its free-running noise. Valid for white
 * frequency noise; other spectra go through the frequency-noise objects.
 *
 * @module
 */
import { inRange } from "../errors.ts";

/**
 * Phase variance of one laser against itself delayed: $\sigma^2 = 2\pi\Delta\nu\Delta\tau$.
 *
 * @param linewidthHz - Lorentzian linewidth, full width at half maximum, **Hz**, >= 0
 * @param delaySeconds - delay difference, **s**, >= 0
 * @returns variance, **rad^2**
 * @throws {@link TwincombError} `invalid-input` when a value is negative
 */
export function delayedSelfVariance(linewidthHz: number, delaySeconds: number): number {
  return (
    2 * Math.PI * inRange("linewidthHz", linewidthHz, 0, 1e12) * inRange("delaySeconds", delaySeconds, 0, Infinity)
  );
}

/**
 * Phase variance of an injection-locked laser against its master: $\sigma^2 = \pi\Delta\nu/\omega_c$ with
 * $\omega_c = 2\pi f_c$, so $\sigma^2 = \Delta\nu/(2f_c)$.
 *
 * @param freeLinewidthHz - linewidth of the free-running laser, **Hz**, >= 0
 * @param lockCornerHz - corner frequency $f_c$ of the lock, **Hz**, > 0
 * @returns variance, **rad^2**; 1e-3 for 1 MHz and 500 MHz
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function lockTrackingVariance(freeLinewidthHz: number, lockCornerHz: number): number {
  inRange("freeLinewidthHz", freeLinewidthHz, 0, 1e12);
  return freeLinewidthHz / (2 * inRange("lockCornerHz", lockCornerHz, Number.MIN_VALUE, 1e15));
}
