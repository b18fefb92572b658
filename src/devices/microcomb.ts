/**
 * A microcomb in time: the normalised Lugiato-Lefever equation of a pumped ring with what surrounds it.
 *
 * $\partial_\tau a_\mu = -[1+i(\zeta+2D_\mathrm{int}(\mu)/\kappa-\theta-2|b|^2)]a_\mu + i(|\psi|^2\psi)_\mu
 * + (F+i\beta b)\delta_{\mu0}$, with heating $\tau_\theta\dot\theta = \Theta\sum|a_\mu|^2-\theta$ and a backscattered
 * wave $\dot b = -[1+i(\zeta-\theta)]b+i(|b|^2+2\sum|a_\mu|^2)b+i\beta a_0$ (Kondratiev and Lobanov, Phys. Rev. A 101,
 * 013816 (2020), for the coupled pair). With a self-injection lock the laser follows
 * $\zeta = \xi-\frac{K_0}{2\beta}\mathrm{Re}[(b/F)e^{-i\psi}]$, $\xi$ being its free-running detuning, at a finite rate.
 * Vacuum noise of half a photon a mode acts throughout. Couplings between field, heat and backscatter are exchanged
 * once a slice of time. Valid for one mode family and no Raman scattering; heat has one time constant.
 *
 * @module
 */
import { inRange, throwIfAborted, wholeInRange } from "../errors.ts";
import type { CombField } from "../kernels/comb.ts";
import type { KernelSource } from "../kernels/modules.ts";
import { type PhiloxKey, PhiloxStream, PURPOSE } from "../random.ts";
import { roundSignificant } from "../units.ts";
import { type CombLinePower, combLinePowers } from "./comb-lines.ts";
import { type Dispersion, integratedDispersion } from "./dispersion.ts";
import { normalQuantile } from "./error-function.ts";
import { pumpField, type RingResonator, type RingScales, ringScales } from "./ring-resonator.ts";

/** Heating of the ring by the light in it. */
export interface ThermalResponse {
  /** Shift $\Theta$ of the detuning for unit mean intensity, in units of $\kappa/2$. */
  readonly shift: number;
  /** Time constant, in units of $2/\kappa$. */
  readonly timeConstant: number;
}

/** Feedback of the backscattered wave into the pump laser. */
export interface SelfInjectionFeedback {
  /** Stabilisation $K_0$ of the tuning curve, see `selfInjectionLock`. */
  readonly strength: number;
  /** Feedback phase $\psi$, **rad**. */
  readonly phase: number;
  /** Rate at which the laser's frequency follows the feedback, in units of $\kappa/2$. */
  readonly laserRate: number;
}

/** Everything that describes a microcomb. */
export interface MicrocombSettings {
  /** The ring. */
  readonly ring: RingResonator;
  /** Its dispersion. */
  readonly dispersion: Dispersion;
  /** Number of modes, a power of two from 256 to 4096. */
  readonly modes: number;
  /** Time step, in units of $2/\kappa$; the nonlinear phase of a step must stay below 0.3 rad. */
  readonly step: number;
  /** Coupling $\beta=2\gamma/\kappa$ to the backscattered wave, default 0. */
  readonly backscatter?: number;
  /** Heating, default none. */
  readonly thermal?: ThermalResponse;
  /** Self-injection lock of the pump laser, default none; needs backscatter. */
  readonly lock?: SelfInjectionFeedback;
}

/** One stretch of time in which detuning and pump power change evenly. */
export interface MicrocombRamp {
  /** Detuning $\zeta$ at both ends; with a lock the free-running laser's $\xi$. */
  readonly detuning: readonly [from: number, to: number];
  /** Pump power in the bus at both ends, **W**. */
  readonly pumpWatts: readonly [from: number, to: number];
  /** Duration, in units of $2/\kappa$. */
  readonly duration: number;
}

/** Options of a run. */
export interface MicrocombRunOptions {
  /** Cancels the run. */
  readonly signal?: AbortSignal;
  /** Told the share of the ramp that is done, about twenty times a second. */
  readonly onProgress?: (share: number) => void;
}

/** Steps between exchanges of field, heat and backscatter when the laser is locked: its response is the fastest. */
const LOCKED_SLICE = 5;
/** Steps between exchanges otherwise. */
const SLICE = 25;
/** Time between kicks of vacuum noise, in units of 2/kappa; a photon lives for one half of it. */
const KICK_INTERVAL = 0.5;
/** Milliseconds of work between looks at the abort signal. */
const WORK_MILLISECONDS = 40;

/** A running microcomb. */
export class Microcomb implements Disposable {
  /** The settings it was made with. */
  readonly settings: MicrocombSettings;
  /** Rates and powers of its ring. */
  readonly scales: RingScales;
  readonly #field: CombField;
  readonly #noise: PhiloxStream;
  readonly #vacuum: number;
  readonly #buffer: Float64Array;
  #time = 0;
  #detuning = 0;
  #pumpWatts = 0;
  #heat = 0;
  #backward: [number, number] = [0, 0];
  #sinceKick = 0;

  private constructor(settings: MicrocombSettings, field: CombField, noise: PhiloxStream) {
    const { modes, step, dispersion } = settings;
    this.settings = settings;
    this.scales = ringScales(settings.ring);
    this.#field = field;
    this.#noise = noise;
    this.#vacuum = roundSignificant(Math.sqrt(this.scales.kerrShift / this.scales.lossRate / 2));
    this.#buffer = new Float64Array(2 * modes);
    const deviation = integratedDispersion(dispersion, modes);
    const rates = new Float64Array(2 * modes);
    for (let m = 0; m < modes; m++) {
      rates[2 * m] = -1;
      rates[2 * m + 1] = roundSignificant((-2 * deviation[m]!) / this.scales.lossRate);
    }
    field.setLinear(rates, step);
    this.#kick(1);
  }

  /**
   * Makes a microcomb with vacuum in its ring and the pump off.
   *
   * @param settings - ring, dispersion and surroundings
   * @param key - Philox key of the simulation's seed; decides the vacuum noise
   * @param attempt - number of the start; each has vacuum noise of its own
   * @param source - where the kernel's binary comes from, default embedded
   * @returns the comb, to be disposed
   * @throws {@link TwincombError} `invalid-input` when a setting is unphysical
   */
  static async create(
    settings: MicrocombSettings,
    key: PhiloxKey,
    attempt: number = 0,
    source: KernelSource = "embedded",
  ): Promise<Microcomb> {
    const { backscatter = 0, thermal, lock } = settings;
    inRange("step", settings.step, 1e-9, 0.1);
    inRange("backscatter", backscatter, 0, 1e3);
    if (thermal !== undefined) {
      inRange("thermal.shift", thermal.shift, -1e6, 1e6);
      inRange("thermal.timeConstant", thermal.timeConstant, settings.step, 1e12);
    }
    if (lock !== undefined) {
      inRange("backscatter", backscatter, 1e-6, 1e3);
      inRange("lock.strength", lock.strength, 0, 1e5);
      inRange("lock.phase", lock.phase, -1e3, 1e3);
      inRange("lock.laserRate", lock.laserRate, 1e-3, 1e6);
    }
    ringScales(settings.ring);
    const noise = new PhiloxStream(key, PURPOSE.comb, wholeInRange("attempt", attempt, 0, 2 ** 32 - 1));
    // Loaded on demand, so that formulas can be imported without the binary.
    const { CombField } = await import("../kernels/comb.ts");
    return new Microcomb(settings, await CombField.create(settings.modes, source), noise);
  }

  /** Time since the start, in units of $2/\kappa$. */
  get time(): number {
    return this.#time;
  }

  /** Detuning of the laser from the cold pumped resonance, $\zeta$. */
  get detuning(): number {
    return this.#detuning;
  }

  /** Pump power in the bus, **W**. */
  get pumpWatts(): number {
    return this.#pumpWatts;
  }

  /** Thermal shift $\theta$ of the detuning. */
  get heat(): number {
    return this.#heat;
  }

  /** Mean intensity $\sum_\mu|a_\mu|^2$ of the field. */
  get energy(): number {
    return this.#field.energy();
  }

  /** Intensity $|b|^2$ of the backscattered wave. */
  get backwardIntensity(): number {
    return this.#backward[0] ** 2 + this.#backward[1] ** 2;
  }

  /** Complex vacuum noise with the given share of half a photon in every mode. */
  #kick(share: number): void {
    const amplitudes = this.#field.amplitudesInto(this.#buffer);
    const scale = this.#vacuum * Math.sqrt(share);
    for (let i = 0; i < amplitudes.length; i++) {
      amplitudes[i]! += scale * normalQuantile(this.#noise.uniform() + 2 ** -54);
    }
    this.#field.setAmplitudes(amplitudes);
  }

  /** One slice: sets the drive from the state of everything else, advances the field, then everything else. */
  #slice(steps: number, target: number, pump: number): void {
    const { step, backscatter = 0, thermal, lock } = this.settings;
    const duration = steps * step;
    const [re, im] = this.#backward;
    const backward = re * re + im * im;
    if (lock === undefined) this.#detuning = target;
    else {
      // Re[(b/F) e^{-i psi}], with F real and positive while the pump is on.
      const feedback =
        pump === 0 ? 0 : roundSignificant((re * Math.cos(lock.phase) + im * Math.sin(lock.phase)) / pump);
      const aim = target - (lock.strength / (2 * backscatter)) * feedback;
      const follow = roundSignificant(-Math.expm1(-lock.laserRate * duration));
      this.#detuning += (aim - this.#detuning) * follow;
    }
    const effective = this.#detuning - this.#heat;
    this.#field.setDrive(effective - 2 * backward, pump - backscatter * im, backscatter * re);
    this.#field.advance(steps);
    const energy = backscatter > 0 || thermal !== undefined ? this.#field.energy() : 0;
    if (backscatter > 0) this.#advanceBackward(duration, effective - backward - 2 * energy, backscatter);
    if (thermal !== undefined) {
      const follow = roundSignificant(-Math.expm1(-duration / thermal.timeConstant));
      this.#heat += (thermal.shift * energy - this.#heat) * follow;
    }
    this.#time += duration;
  }

  /** The backscattered wave over a slice in which detuning and pumped mode are constant: exact exponential. */
  #advanceBackward(duration: number, detuning: number, coupling: number): void {
    const [ar, ai] = this.#field.pumpedMode();
    // Stationary value i beta a_0 / (1 + i detuning).
    const norm = 1 + detuning * detuning;
    const [sr, si] = [(coupling * (-ai + detuning * ar)) / norm, (coupling * (ar + detuning * ai)) / norm];
    const decay = Math.exp(-duration);
    const [er, ei] = [
      roundSignificant(decay * Math.cos(detuning * duration)),
      roundSignificant(-decay * Math.sin(detuning * duration)),
    ];
    const [dr, di] = [this.#backward[0] - sr, this.#backward[1] - si];
    this.#backward = [sr + dr * er - di * ei, si + dr * ei + di * er];
  }

  /**
   * Runs through a ramp.
   *
   * @param ramp - detuning and pump power against time
   * @param options - progress and cancellation
   * @throws {@link TwincombError} `invalid-input` when the ramp is unphysical or the step too long for the field's
   * intensity, `aborted` when the signal fires
   */
  async run(ramp: MicrocombRamp, options: MicrocombRunOptions = {}): Promise<void> {
    for (const end of [0, 1] as const) {
      inRange(`ramp.detuning[${end}]`, ramp.detuning[end], -1e6, 1e6);
      inRange(`ramp.pumpWatts[${end}]`, ramp.pumpWatts[end], 0, 1e3);
    }
    inRange("ramp.duration", ramp.duration, 0, 1e9);
    const { step, lock } = this.settings;
    const total = Math.round(ramp.duration / step);
    const slice = lock === undefined ? SLICE : LOCKED_SLICE;
    const kickSteps = Math.max(slice, Math.round(KICK_INTERVAL / step));
    let lastLook = performance.now();
    for (let done = 0; done < total; ) {
      const steps = Math.min(slice, total - done);
      const share = (done + steps / 2) / total;
      const at = ([from, to]: readonly [number, number]) => from + (to - from) * share;
      this.#pumpWatts = at(ramp.pumpWatts);
      this.#slice(steps, at(ramp.detuning), roundSignificant(pumpField(this.scales, this.#pumpWatts)));
      done += steps;
      this.#sinceKick += steps;
      if (this.#sinceKick >= kickSteps) {
        this.#kick(roundSignificant(-Math.expm1(-2 * this.#sinceKick * step)));
        this.#sinceKick = 0;
      }
      if (performance.now() - lastLook > WORK_MILLISECONDS) {
        options.onProgress?.(done / total);
        await new Promise((resolve) => setTimeout(resolve));
        throwIfAborted(options.signal);
        lastLook = performance.now();
      }
    }
    this.#pumpWatts = ramp.pumpWatts[1];
    options.onProgress?.(1);
  }

  /**
   * Modal amplitudes of the field.
   *
   * @returns $a_\mu$, interleaved, natural order
   */
  amplitudes(): Float64Array {
    return this.#field.amplitudesInto(new Float64Array(2 * this.settings.modes));
  }

  /**
   * Replaces the field, for example by a state that is known to be near the wanted one.
   *
   * @param amplitudes - $a_\mu$, interleaved, natural order
   * @throws {@link TwincombError} `invalid-input` when the length is wrong
   */
  setAmplitudes(amplitudes: Float64Array): void {
    this.#field.setAmplitudes(amplitudes);
  }

  /**
   * Intensity along the ring.
   *
   * @returns $|\psi(x_k)|^2$ at N equidistant azimuths
   */
  intensity(): Float64Array {
    const samples = this.#field.backwardInto(this.amplitudes(), new Float64Array(2 * this.settings.modes));
    return Float64Array.from(
      { length: this.settings.modes },
      (_, k) => samples[2 * k]! ** 2 + samples[2 * k + 1]! ** 2,
    );
  }

  /**
   * Powers of all lines in the bus behind the ring.
   *
   * @returns the lines in order of their number
   */
  lines(): CombLinePower[] {
    return combLinePowers(this.amplitudes(), pumpField(this.scales, this.#pumpWatts), this.scales);
  }

  /** Wipes and gives up the kernel's memory. */
  [Symbol.dispose](): void {
    this.#field[Symbol.dispose]();
  }
}
