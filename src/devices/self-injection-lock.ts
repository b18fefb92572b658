/**
 * A laser locked by the light that a high-Q ring scatters back into it.
 *
 * Tuning curve (Kondratiev et al., Opt. Express 25, 28167 (2017), equation 6; recalled, its limits checked here), with
 * $\zeta=2(\omega-\omega_m)/\kappa$ the lasing and $\xi$ the free-running detuning, $\beta$ the backscatter splitting,
 * $\psi$ the feedback phase:
 * $\xi=\zeta+\frac{K_0}{2}\frac{2\zeta\cos\psi+(1+\beta^2-\zeta^2)\sin\psi}{(1+\beta^2-\zeta^2)^2+4\zeta^2}$,
 * $K_0\approx4\eta\beta\sqrt{1+\alpha^2}\,Q_m/Q_d$ times the feedback path's transmission. Frequency-noise power falls by
 * the square of the slope $K=\partial\xi/\partial\zeta$. Valid for a weak intracavity field: the Kerr shift of the
 * resonance is in `microcomb.ts`, and noise of the ring itself in `thermorefractive-noise.ts`.
 *
 * @module
 */
import { inRange } from "../errors.ts";
import { lossToTransmittance } from "../units.ts";

/** Laser, ring and the way between them. */
export interface SelfInjectionSettings {
  /** Loaded quality factor $Q_m$ of the ring. */
  readonly ringQ: number;
  /** Quality factor $Q_d$ of the laser's own cavity. */
  readonly laserQ: number;
  /** Share of the ring's loss that goes to the bus, $\eta$. */
  readonly couplingShare: number;
  /** Backscatter splitting $\beta=2\gamma/\kappa$. */
  readonly backscatter: number;
  /** Linewidth enhancement factor $\alpha$ of the laser. */
  readonly linewidthEnhancement: number;
  /** Loss of the way from laser to ring, one way, **dB**. */
  readonly couplingLossDb: number;
}

/** Shape of a tuning curve. */
export interface TuningCurve {
  /** Stabilisation parameter $K_0$. */
  readonly strength: number;
  /** Backscatter splitting $\beta$. */
  readonly backscatter: number;
  /** Feedback phase $\psi$, **rad**. */
  readonly phase: number;
}

/**
 * Stabilisation parameter of a lock: $K_0=4\eta\beta\sqrt{1+\alpha^2}\frac{Q_m}{Q_d}10^{-2A/20}$.
 *
 * @param settings - laser, ring and coupling
 * @returns $K_0$
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function lockStrength(settings: SelfInjectionSettings): number {
  const ringQ = inRange("settings.ringQ", settings.ringQ, 1, 1e15);
  const laserQ = inRange("settings.laserQ", settings.laserQ, 1, 1e15);
  const share = inRange("settings.couplingShare", settings.couplingShare, 0, 1);
  const backscatter = inRange("settings.backscatter", settings.backscatter, 0, 1e3);
  const enhancement = inRange("settings.linewidthEnhancement", settings.linewidthEnhancement, -100, 100);
  // The field passes twice, so its amplitude falls by the one-way power transmittance.
  const path = lossToTransmittance(settings.couplingLossDb);
  return 4 * share * backscatter * Math.sqrt(1 + enhancement ** 2) * (ringQ / laserQ) * path;
}

function checkCurve(curve: TuningCurve): void {
  inRange("curve.strength", curve.strength, 0, 1e9);
  inRange("curve.backscatter", curve.backscatter, 0, 1e3);
  inRange("curve.phase", curve.phase, -1e3, 1e3);
}

/** Free-running detuning over the checked curve. */
function freeDetuning({ strength, backscatter, phase }: TuningCurve, zeta: number): number {
  const a = 1 + backscatter ** 2 - zeta ** 2;
  const response = (2 * zeta * Math.cos(phase) + a * Math.sin(phase)) / (a * a + 4 * zeta * zeta);
  return zeta + (strength / 2) * response;
}

/**
 * Free-running detuning $\xi$ at which the laser runs at $\zeta$: the module's tuning curve.
 *
 * @param curve - the curve
 * @param detuning - lasing detuning $\zeta$
 * @returns $\xi$
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function tuningCurve(curve: TuningCurve, detuning: number): number {
  checkCurve(curve);
  return freeDetuning(curve, inRange("detuning", detuning, -1e9, 1e9));
}

/**
 * Slope $K=\partial\xi/\partial\zeta$ of the tuning curve, the factor by which frequency deviations shrink.
 *
 * @param curve - the curve
 * @param detuning - lasing detuning $\zeta$
 * @returns $K$; $1+K_0/(1+\beta^2)^2$ at resonance with $\psi=0$
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function stabilisation(curve: TuningCurve, detuning: number): number {
  checkCurve(curve);
  const zeta = inRange("detuning", detuning, -1e9, 1e9);
  const { strength, backscatter, phase } = curve;
  const a = 1 + backscatter ** 2 - zeta ** 2;
  const top = 2 * zeta * Math.cos(phase) + a * Math.sin(phase);
  const topSlope = 2 * Math.cos(phase) - 2 * zeta * Math.sin(phase);
  const bottom = a * a + 4 * zeta * zeta;
  const bottomSlope = -4 * zeta * a + 8 * zeta;
  return 1 + ((strength / 2) * (topSlope * bottom - top * bottomSlope)) / bottom ** 2;
}

/** The locked stretch of a tuning curve. */
export interface LockingRange {
  /** Free-running detunings between which the laser stays locked, in units of half the ring's linewidth. */
  readonly free: readonly [from: number, to: number];
  /** Lasing detunings at its ends. */
  readonly lasing: readonly [from: number, to: number];
  /** Width of the range in free-running detuning, $\xi_\mathrm{to}-\xi_\mathrm{from}$. */
  readonly width: number;
  /** Whether the laser jumps at the ends (and has hysteresis) rather than gliding out of the lock. */
  readonly hysteresis: boolean;
}

/**
 * Locking range around the steepest point of the tuning curve: between the nearest turning points on both sides, or,
 * without any (K_0 below 4 for small $\beta$), where the curve's response to feedback peaks.
 *
 * @param curve - the curve
 * @returns the range; multiply by $\kappa/2$ for angular frequency
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function lockingRange(curve: TuningCurve): LockingRange {
  checkCurve(curve);
  const reach = 4 * (1 + curve.backscatter) + Math.cbrt(curve.strength);
  const points = 4001;
  const at = (i: number) => -reach + (2 * reach * i) / (points - 1);
  let centre = 0;
  let steepest = -Infinity;
  for (let i = 0; i < points; i++) {
    const slope = stabilisation(curve, at(i));
    if (slope > steepest) {
      steepest = slope;
      centre = i;
    }
  }
  const ends = (threshold: number): [number, number] | undefined => {
    const walk = (direction: 1 | -1) => {
      let i = centre;
      while (i > 0 && i < points - 1 && stabilisation(curve, at(i)) > threshold) i += direction;
      if (i === 0 || i === points - 1) return undefined;
      let [inside, outside] = [at(i - direction), at(i)];
      for (let step = 0; step < 60; step++) {
        const middle = (inside + outside) / 2;
        if (stabilisation(curve, middle) > threshold) inside = middle;
        else outside = middle;
      }
      return inside;
    };
    const from = walk(-1);
    const to = walk(1);
    return from === undefined || to === undefined ? undefined : [from, to];
  };
  const turning = ends(0);
  // Slope 1 is where the feedback's own response turns over.
  const lasing = turning ?? ends(1) ?? [0, 0];
  const free = [freeDetuning(curve, lasing[0]), freeDetuning(curve, lasing[1])] as const;
  return { free, lasing, width: free[1] - free[0], hysteresis: turning !== undefined };
}

/**
 * Linewidth of the locked laser: $\Delta\nu_\mathrm{free}/K^2$.
 *
 * @param freeLinewidthHz - linewidth of the free-running laser, **Hz**, >= 0
 * @param curve - the curve
 * @param detuning - lasing detuning $\zeta$, default 0
 * @returns linewidth, **Hz**, without the ring's own noise
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical or the point is not stable
 */
export function lockedLinewidth(freeLinewidthHz: number, curve: TuningCurve, detuning: number = 0): number {
  inRange("freeLinewidthHz", freeLinewidthHz, 0, 1e15);
  const slope = inRange("stabilisation", stabilisation(curve, detuning), Number.MIN_VALUE, Infinity);
  return freeLinewidthHz / slope ** 2;
}
