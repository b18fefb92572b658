/**
 * Fast phase noise that lasers leave between two clients.
 *
 * White frequency noise of linewidth $\Delta\nu$ gives a phase random walk with variance $2\pi\Delta\nu\,t$. Light of
 * one comb line that reaches the beam splitter with a delay difference therefore keeps $2\pi\Delta\nu\Delta\tau$; a
 * client locked with corner $\omega_c$ keeps $\pi\Delta\nu/\omega_c$ of its free-running noise. Valid for white
 * frequency noise; {@link delayedNoiseVariance} takes any spectrum and leaves out what a tracking loop follows.
 *
 * @module
 */
import { inRange } from "../errors.ts";
import type { Spectrum } from "./frequency-noise.ts";
import { integrateSpectrum } from "./linewidth.ts";

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

/** Fringes of the delay, and of the window, that are integrated one by one; beyond them their mean is as good. */
const FRINGES = 24;

/** A delay of a tenth of a picosecond, a thirtieth of a millimetre, leaves nothing. */
const SHORTEST_DELAY = 1e-13;

/** What lies below this share of the tracking rate is followed; noise of the ring is flat there. */
const FOLLOWED = 1e-3;

/**
 * Phase variance of one laser against itself delayed, while a tracking loop takes out the mean phase of each window:
 * $\sigma^2=\int_0^\infty4\sin^2(\pi f\Delta\tau)\frac{S_\nu(f)}{f^2}\left[1-\mathrm{sinc}^2(fT)\right]df$
 * (Bertaina et al., arXiv:2310.08621, equations 4 and 5, with the window's own transfer in place of a sharp edge).
 *
 * @param noise - frequency noise $S_\nu$ of the laser, **Hz^2/Hz**, one-sided
 * @param delaySeconds - delay difference $\Delta\tau$, **s**, >= 0
 * @param windowSeconds - tracking window $T$, **s**, > 0
 * @returns variance, **rad^2**; $2\pi\Delta\nu\Delta\tau$ for white noise and a long window
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function delayedNoiseVariance(noise: Spectrum, delaySeconds: number, windowSeconds: number): number {
  const delay = inRange("delaySeconds", delaySeconds, 0, 1e3);
  const window = inRange("windowSeconds", windowSeconds, 1e-12, 1e6);
  if (delay < SHORTEST_DELAY) return 0;
  const untracked = (f: number) => {
    const x = Math.PI * f * window;
    // 1 - sinc^2 cancels for small arguments.
    return x < 1e-3 ? x ** 2 / 3 : 1 - (Math.sin(x) / x) ** 2;
  };
  const phase = (f: number) => (noise(f) / f ** 2) * untracked(f);
  const fringed = (f: number) => 4 * Math.sin(Math.PI * f * delay) ** 2 * phase(f);
  const edge = FRINGES / delay;
  const tracked = Math.min(edge, FRINGES / window);
  return (
    integrateSpectrum(fringed, FOLLOWED * Math.min(1 / window, edge), tracked, 1 / Math.max(delay, window)) +
    integrateSpectrum(fringed, tracked, edge, 1 / delay) +
    integrateSpectrum((f) => 2 * phase(f), edge, 1e4 * edge)
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
