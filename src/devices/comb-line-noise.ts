/**
 * Frequency noise of every comb line by the elastic-tape model.
 *
 * A cause that moves the pump by $\partial\nu_p/\partial x$ and the repetition rate by $\partial f_r/\partial x$ leaves the
 * line $m^*=-\frac{\partial\nu_p/\partial x}{\partial f_r/\partial x}$ where it is and stretches the others around it:
 * $S_m(f)=\sum_k(m-m_k)^2S^{(k)}_{f_r}(f)+S_\mathrm{line}(f)$ (Telle, Lipphardt and Stenger, Appl. Phys. B 74, 1 (2002);
 * Lei et al., Nat. Commun. 13, 3161 (2022), for microcombs). Causes must be independent; correlated ones belong
 * together in one cause. Valid inside the locking bandwidths of the comb's modes.
 *
 * @module
 */
import { inRange } from "../errors.ts";
import type { Spectrum } from "./frequency-noise.ts";

/** One independent cause of noise. */
export interface CombNoiseCause {
  /** Frequency noise that it puts on the pump line, $S_{\nu_p}$, **Hz^2/Hz**. */
  readonly pumpNoise: Spectrum;
  /**
   * Repetition-rate change per pump-frequency change, $c=\partial f_r/\partial\nu_p$; 0 shifts all lines alike, and
   * $f_r/\nu_0$ is a ring that expands as a whole.
   */
  readonly transfer: number;
}

/**
 * The line that a cause leaves at rest: $m^*=-1/c$.
 *
 * @param transfer - $c=\partial f_r/\partial\nu_p$
 * @returns line number, not whole; infinite for $c=0$
 * @throws {@link TwincombError} `invalid-input` when the transfer is no number
 */
export function fixedPoint(transfer: number): number {
  return -1 / inRange("transfer", transfer, -1e6, 1e6);
}

/**
 * Frequency noise of one line: $S_m=\sum_kS^{(k)}_{\nu_p}(1+mc_k)^2+S_\mathrm{line}$.
 *
 * @param causes - independent causes
 * @param line - line number $m$ from the pump
 * @param lineNoise - noise of each line's own, for example Schawlow-Townes, **Hz^2/Hz**; default none
 * @returns $S_\nu(f)$ of the line, **Hz^2/Hz**
 * @throws {@link TwincombError} `invalid-input` when a number is not one
 */
export function lineFrequencyNoise(
  causes: readonly CombNoiseCause[],
  line: number,
  lineNoise: Spectrum = () => 0,
): Spectrum {
  inRange("line", line, -1e6, 1e6);
  const gains = causes.map(({ transfer }) => (1 + line * inRange("transfer", transfer, -1e6, 1e6)) ** 2);
  return (frequencyHz) =>
    causes.reduce((sum, { pumpNoise }, k) => sum + gains[k]! * pumpNoise(frequencyHz), lineNoise(frequencyHz));
}

/**
 * Noise that vacuum puts on each line by itself: $S_\nu=\frac{h\nu(\kappa/2\pi)^2}{P}$, the frequency noise of the
 * Schawlow-Townes width $\pi h\nu(\kappa/2\pi)^2/P$; for a comb line it gives the order of magnitude.
 *
 * @param photonEnergyJoules - $h\nu$, **J**
 * @param lossRate - the ring's $\kappa$, **rad/s**
 * @param watts - the line's power, **W**, > 0
 * @returns white frequency noise, **Hz^2/Hz**
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function schawlowTownesNoise(photonEnergyJoules: number, lossRate: number, watts: number): number {
  inRange("photonEnergyJoules", photonEnergyJoules, 0, 1);
  inRange("lossRate", lossRate, 0, 1e15);
  return (photonEnergyJoules * (lossRate / (2 * Math.PI)) ** 2) / inRange("watts", watts, Number.MIN_VALUE, 1e6);
}
