/**
 * A client laser locked to one comb line by optical injection.
 *
 * With the injection rate $\kappa_c=\frac{c}{2n_gL}$ and the injected power ratio $r$ inside the laser, the lock holds for
 * $-\kappa_c\sqrt{r(1+\alpha^2)}<\omega_\mathrm{inj}-\omega_\mathrm{free}<\kappa_c\sqrt r$ (Mogensen, Olesen and Jacobsen,
 * IEEE J. Quantum Electron. 21, 784 (1985)); the phase obeys
 * $\dot\varphi=-\Delta\omega-\omega_L\sin(\varphi+\arctan\alpha)$ with $\omega_L=\kappa_c\sqrt{r(1+\alpha^2)}$ and returns
 * at the corner $\omega_c=\sqrt{\omega_L^2-\Delta\omega^2}$ (Adler). Valid for weak injection ($r \lesssim 0.01$), below the
 * relaxation resonance and outside the regions of chaos; `injection-lock-simulation.ts` integrates the rate equations.
 *
 * @module
 */
import { SPEED_OF_LIGHT } from "../constants.ts";
import { inRange } from "../errors.ts";
import { lossToTransmittance } from "../units.ts";
import type { Spectrum } from "./frequency-noise.ts";

/** A laser that light is injected into. */
export interface InjectedLaser {
  /** Length of the cavity, **um**. */
  readonly cavityLengthUm: number;
  /** Group index. */
  readonly groupIndex: number;
  /** Linewidth enhancement factor $\alpha$. */
  readonly linewidthEnhancement: number;
  /** Injected power over the laser's own, both inside the cavity. */
  readonly injectionRatio: number;
}

/** Frequencies that describe a lock, all **Hz**. */
export interface InjectionLock {
  /** Injection rate $\kappa_c/2\pi$ of unit power ratio. */
  readonly couplingRateHz: number;
  /** $\omega_L/2\pi$: corner of the lock at its centre. */
  readonly lockRateHz: number;
  /** Smallest and largest $(\omega_\mathrm{inj}-\omega_\mathrm{free})/2\pi$ of a stable lock. */
  readonly rangeHz: readonly [from: number, to: number];
}

/**
 * Rates and range of an injection lock.
 *
 * @param laser - the laser and its injection
 * @returns the lock
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function injectionLock(laser: InjectedLaser): InjectionLock {
  const length = inRange("laser.cavityLengthUm", laser.cavityLengthUm, 1e-2, 1e9) * 1e-6;
  const index = inRange("laser.groupIndex", laser.groupIndex, 1, 10);
  const alpha = inRange("laser.linewidthEnhancement", laser.linewidthEnhancement, 0, 100);
  const root = Math.sqrt(inRange("laser.injectionRatio", laser.injectionRatio, 0, 1));
  const couplingRateHz = SPEED_OF_LIGHT / (2 * index * length) / (2 * Math.PI);
  const lockRateHz = couplingRateHz * root * Math.sqrt(1 + alpha ** 2);
  return { couplingRateHz, lockRateHz, rangeHz: [-lockRateHz, couplingRateHz * root] };
}

/**
 * Injected power ratio of a comb line: $r=P_\mathrm{line}10^{-A/10}/P_\mathrm{laser}$.
 *
 * @param lineWatts - power of the line where it leaves the comb, **W**, >= 0
 * @param lossDb - loss from there into the client's cavity, **dB**, >= 0
 * @param laserWatts - power inside the client's cavity, **W**, > 0
 * @returns ratio for {@link InjectedLaser}
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function injectionRatio(lineWatts: number, lossDb: number, laserWatts: number): number {
  inRange("lineWatts", lineWatts, 0, 1e6);
  return (lineWatts * lossToTransmittance(lossDb)) / inRange("laserWatts", laserWatts, Number.MIN_VALUE, 1e6);
}

/**
 * Corner frequency of the lock at a detuning: $f_c=\sqrt{f_L^2-\Delta f^2}$.
 *
 * @param lock - the lock
 * @param detuningHz - $(\omega_\mathrm{inj}-\omega_\mathrm{free})/2\pi$, **Hz**, inside the range
 * @returns corner, **Hz**
 * @throws {@link TwincombError} `invalid-input` outside the locking range
 */
export function lockCorner(lock: InjectionLock, detuningHz: number): number {
  inRange("detuningHz", detuningHz, ...lock.rangeHz);
  return Math.sqrt(lock.lockRateHz ** 2 - detuningHz ** 2);
}

/**
 * Static phase of the client against the comb line: $\varphi=-\arcsin\frac{\Delta\omega}{\omega_L}-\arctan\alpha$.
 *
 * @param lock - the lock
 * @param linewidthEnhancement - $\alpha$
 * @param detuningHz - $(\omega_\mathrm{inj}-\omega_\mathrm{free})/2\pi$, **Hz**, inside the range
 * @returns phase, **rad**; it drifts with the client's temperature
 * @throws {@link TwincombError} `invalid-input` outside the locking range
 */
export function lockPhase(lock: InjectionLock, linewidthEnhancement: number, detuningHz: number): number {
  inRange("detuningHz", detuningHz, ...lock.rangeHz);
  inRange("linewidthEnhancement", linewidthEnhancement, 0, 100);
  if (lock.lockRateHz === 0) return -Math.atan(linewidthEnhancement);
  return -Math.asin(detuningHz / lock.lockRateHz) - Math.atan(linewidthEnhancement);
}

/**
 * Noise of the locked client: $S=|H|^2S_\mathrm{comb}+|1-H|^2S_\mathrm{free}$ with $H=1/(1+if/f_c)$; phase or frequency
 * noise alike.
 *
 * @param comb - spectrum of the comb line
 * @param free - spectrum of the free-running laser
 * @param cornerHz - corner frequency of the lock, **Hz**, > 0
 * @returns spectrum of the locked client
 * @throws {@link TwincombError} `invalid-input` when the corner is not positive
 */
export function lockedNoise(comb: Spectrum, free: Spectrum, cornerHz: number): Spectrum {
  inRange("cornerHz", cornerHz, Number.MIN_VALUE, Infinity);
  return (frequencyHz) => {
    const square = (frequencyHz / cornerHz) ** 2;
    return (comb(frequencyHz) + square * free(frequencyHz)) / (1 + square);
  };
}

/** Modified Bessel function $I_0$ times $e^{-x}$, by its integral; the integrand is periodic and smooth. */
function scaledBesselI0(x: number): number {
  const points = 64 + 8 * Math.ceil(Math.sqrt(x));
  let sum = 0;
  for (let i = 0; i < points; i++) sum += Math.exp(-x * (1 - Math.cos((2 * Math.PI * (i + 0.5)) / points)));
  return sum / points;
}

/**
 * Decimal logarithm of the mean time between cycle slips of a lock; the time itself soon exceeds any number.
 *
 * At zero detuning $T=\frac{\pi^2\rho I_0^2(\rho)}{2B_L}$ with $\rho=1/\sigma^2$, $B_L=\omega_c/4$ (Viterbi, Proc. IEEE 51,
 * 1737 (1963)). Off centre the barrier shrinks to
 * $\Delta U=\frac{2\omega_L}{\pi\Delta\nu}[\sqrt{1-x^2}-x\arccos x]$, $x=|\Delta\omega|/\omega_L$, and Kramers' rate applies:
 * $T=\frac{2\pi}{\omega_c}e^{\Delta U}$.
 *
 * @param freeLinewidthHz - linewidth of the free-running laser, **Hz**, > 0
 * @param lockRateHz - $\omega_L/2\pi$, **Hz**, > 0
 * @param detuningHz - $\Delta\omega/2\pi$, **Hz**, within 0.99 of the lock rate, default 0
 * @returns $\log_{10}T$, $T$ in **s**
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function slipTimeLog10(freeLinewidthHz: number, lockRateHz: number, detuningHz: number = 0): number {
  inRange("freeLinewidthHz", freeLinewidthHz, Number.MIN_VALUE, 1e15);
  const omega = 2 * Math.PI * inRange("lockRateHz", lockRateHz, Number.MIN_VALUE, 1e15);
  const x = Math.abs(inRange("detuningHz", detuningHz, -0.99 * lockRateHz, 0.99 * lockRateHz)) / lockRateHz;
  if (x === 0) {
    const rho = omega / (Math.PI * freeLinewidthHz);
    return Math.log10((2 * Math.PI ** 2 * rho) / omega) + 2 * Math.log10(scaledBesselI0(rho)) + (2 * rho) / Math.LN10;
  }
  const barrier = ((2 * omega) / (Math.PI * freeLinewidthHz)) * (Math.sqrt(1 - x * x) - x * Math.acos(x));
  return Math.log10((2 * Math.PI) / (omega * Math.sqrt(1 - x * x))) + barrier / Math.LN10;
}

/**
 * Mean time between cycle slips of a lock, see {@link slipTimeLog10}.
 *
 * @param freeLinewidthHz - linewidth of the free-running laser, **Hz**, > 0
 * @param lockRateHz - $\omega_L/2\pi$, **Hz**, > 0
 * @param detuningHz - $\Delta\omega/2\pi$, **Hz**, default 0
 * @returns mean time, **s**; Infinity beyond 1e308
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function meanSlipTime(freeLinewidthHz: number, lockRateHz: number, detuningHz: number = 0): number {
  return 10 ** slipTimeLog10(freeLinewidthHz, lockRateHz, detuningHz);
}

/**
 * Phase modulation that a neighbouring comb line leaves on the locked client: index $f_L/f_r$ at the line's distance, with
 * the neighbour's own power ratio.
 *
 * @param lock - the lock to the wanted line
 * @param neighbourRatio - neighbour's injected power over the wanted line's, after filtering
 * @param spacingHz - distance of the lines, **Hz**, > 0
 * @returns modulation index, **rad**; its cost is $\frac12\cdot\mathrm{index}^2$ of phase variance
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function neighbourModulation(lock: InjectionLock, neighbourRatio: number, spacingHz: number): number {
  inRange("neighbourRatio", neighbourRatio, 0, 1e6);
  return (lock.lockRateHz * Math.sqrt(neighbourRatio)) / inRange("spacingHz", spacingHz, Number.MIN_VALUE, 1e15);
}

/** How a client finds its line. */
export interface Acquisition {
  /** Line that the laser falls onto, counted from the pump; none when no line is within range. */
  readonly line: number | undefined;
  /** Detuning of that line from the free-running laser, **Hz**. */
  readonly detuningHz: number;
  /** Time to pull in, about $5/\omega_c$, **s**; Infinity without a line. */
  readonly pullInSeconds: number;
}

/**
 * Which comb line a free-running laser locks to.
 *
 * @param lock - the lock
 * @param freeOffsetHz - the laser's free-running frequency against the comb's pump line, **Hz**
 * @param spacingHz - distance of the lines, **Hz**, > 0
 * @returns line, detuning and time
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function acquireLine(lock: InjectionLock, freeOffsetHz: number, spacingHz: number): Acquisition {
  inRange("spacingHz", spacingHz, Number.MIN_VALUE, 1e15);
  inRange("freeOffsetHz", freeOffsetHz, -1e15, 1e15);
  const line = Math.round(freeOffsetHz / spacingHz);
  const detuningHz = line * spacingHz - freeOffsetHz;
  const [from, to] = lock.rangeHz;
  if (detuningHz <= from || detuningHz >= to) return { line: undefined, detuningHz, pullInSeconds: Infinity };
  return { line: line === 0 ? 0 : line, detuningHz, pullInSeconds: 5 / (2 * Math.PI * lockCorner(lock, detuningHz)) };
}
