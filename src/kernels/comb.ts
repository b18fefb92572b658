/**
 * The `comb` kernel in typed arrays: complex transforms, and split-step integration of the normalised
 * Lugiato-Lefever equation
 *
 * $\partial_\tau\psi = -(1+i\zeta)\psi + i|\psi|^2\psi + \sum_\mu \Lambda_\mu a_\mu e^{i\mu x} + F$
 *
 * with everything linear given as one complex rate per mode. Complex arrays are interleaved (re, im) and in the
 * natural order of a transform: entry m is mode m for m < N/2 and mode m - N above.
 *
 * @module
 */
import { inRange, invalid, TwincombError, wholeInRange } from "../errors.ts";
import type { Kernel, Region } from "./kernel.ts";
import { type KernelSource, loadKernel } from "./modules.ts";

/** Smallest and largest number of modes of the kernel. */
export const COMB_MODES = { minimum: 256, maximum: 4096 } as const;

/** Largest nonlinear phase of one step, **rad**; the kernel's series are exact to 1e-16 up to it. */
export const STEP_PHASE_LIMIT = 0.3;

interface CombExports {
  planBytes(samples: number): number;
  plan(plan: number, samples: number): void;
  order(plan: number, samples: number): number;
  forward(data: number, samples: number, plan: number): void;
  backward(data: number, samples: number, plan: number): void;
  propagator(lambda: number, samples: number, h: number, scale: number, out: number): void;
  drive(
    table: number,
    lambda: number,
    samples: number,
    h: number,
    zeta: number,
    pumpRe: number,
    pumpIm: number,
    out: number,
  ): void;
  energy(data: number, samples: number): number;
  advance(
    data: number,
    samples: number,
    plan: number,
    first: number,
    full: number,
    last: number,
    h: number,
    steps: number,
  ): number;
}

/**
 * Refuses everything but the sizes the kernel is made for.
 *
 * @param modes - number of modes
 * @returns the number, unchanged
 * @throws {@link TwincombError} `invalid-input` when it is no power of two from 256 to 4096
 */
export function checkModes(modes: number): number {
  wholeInRange("modes", modes, COMB_MODES.minimum, COMB_MODES.maximum);
  if ((modes & (modes - 1)) !== 0) throw invalid("modes", modes, "a power of two from 256 to 4096");
  return modes;
}

/** One complex field of fixed size in a kernel instance of its own: transforms and integration. */
export class CombField implements Disposable {
  /** Number of modes N. */
  readonly modes: number;
  readonly #kernel: Kernel<CombExports>;
  readonly #plan: Region;
  readonly #spectrum: Region;
  readonly #work: Region;
  readonly #rates: Region;
  readonly #halfTable: Region;
  readonly #fullTable: Region;
  readonly #lastTable: Region;
  readonly #first: Region;
  readonly #full: Region;
  readonly #last: Region;
  /** Natural index of each lane of each slot. */
  readonly #order: Uint32Array;
  #step = 0;

  private constructor(kernel: Kernel<CombExports>, modes: number) {
    this.modes = modes;
    this.#kernel = kernel;
    const bytes = modes * 16;
    this.#plan = kernel.allocate(kernel.exports.planBytes(modes));
    this.#spectrum = kernel.allocate(bytes);
    this.#work = kernel.allocate(bytes);
    this.#rates = kernel.allocate(bytes);
    this.#halfTable = kernel.allocate(bytes);
    this.#fullTable = kernel.allocate(bytes);
    this.#lastTable = kernel.allocate(bytes);
    this.#first = kernel.allocate(bytes + 32);
    this.#full = kernel.allocate(bytes + 32);
    this.#last = kernel.allocate(bytes + 32);
    kernel.exports.plan(this.#plan.pointer, modes);
    const order = { pointer: kernel.exports.order(this.#plan.pointer, modes), byteLength: 4 * modes };
    this.#order = kernel.words(order).slice();
  }

  /**
   * Loads the kernel and makes room for a field.
   *
   * @param modes - number of modes, a power of two from 256 to 4096
   * @param source - where the kernel's binary comes from, default embedded
   * @returns the field, all zero
   * @throws {@link TwincombError} `invalid-input` for another number of modes
   */
  static async create(modes: number, source: KernelSource = "embedded"): Promise<CombField> {
    checkModes(modes);
    return new CombField(await loadKernel<CombExports>("comb", source), modes);
  }

  /** Copies an interleaved array of spectral order into slots. */
  #spectrumIn(region: Region, values: Float64Array): void {
    const slots = this.#kernel.doubles(region);
    for (let lane = 0; lane < this.modes; lane++) {
      const at = (lane >> 1) * 4 + (lane & 1);
      const mode = this.#order[lane]!;
      slots[at] = values[2 * mode]!;
      slots[at + 2] = values[2 * mode + 1]!;
    }
  }

  #spectrumOut(region: Region, out: Float64Array): Float64Array {
    const slots = this.#kernel.doubles(region);
    for (let lane = 0; lane < this.modes; lane++) {
      const at = (lane >> 1) * 4 + (lane & 1);
      const mode = this.#order[lane]!;
      out[2 * mode] = slots[at]!;
      out[2 * mode + 1] = slots[at + 2]!;
    }
    return out;
  }

  /** Copies an interleaved array of samples into slots: slot k holds samples k and k + N/2. */
  #samplesIn(region: Region, values: Float64Array): void {
    const slots = this.#kernel.doubles(region);
    const half = this.modes / 2;
    for (let k = 0; k < half; k++) {
      for (let lane = 0; lane < 2; lane++) {
        slots[4 * k + lane] = values[2 * (k + lane * half)]!;
        slots[4 * k + lane + 2] = values[2 * (k + lane * half) + 1]!;
      }
    }
  }

  #samplesOut(region: Region, out: Float64Array): Float64Array {
    const slots = this.#kernel.doubles(region);
    const half = this.modes / 2;
    for (let k = 0; k < half; k++) {
      for (let lane = 0; lane < 2; lane++) {
        out[2 * (k + lane * half)] = slots[4 * k + lane]!;
        out[2 * (k + lane * half) + 1] = slots[4 * k + lane + 2]!;
      }
    }
    return out;
  }

  #checkLength(name: string, values: Float64Array): void {
    if (values.length === 2 * this.modes) return;
    throw invalid(name, values.length, `${2 * this.modes} numbers, real and imaginary parts of ${this.modes} values`);
  }

  /**
   * Unnormalised transform $X_m=\sum_k x_k e^{-2\pi i mk/N}$.
   *
   * @param samples - interleaved samples; may be `out`
   * @param out - receives the interleaved spectrum
   * @returns `out`
   * @throws {@link TwincombError} `invalid-input` when a length is wrong
   */
  forwardInto(samples: Float64Array, out: Float64Array): Float64Array {
    this.#checkLength("samples", samples);
    this.#checkLength("out", out);
    this.#samplesIn(this.#work, samples);
    this.#kernel.exports.forward(this.#work.pointer, this.modes, this.#plan.pointer);
    return this.#spectrumOut(this.#work, out);
  }

  /**
   * Unnormalised inverse transform $x_k=\sum_m X_m e^{2\pi i mk/N}$.
   *
   * @param spectrum - interleaved spectrum; may be `out`
   * @param out - receives the interleaved samples
   * @returns `out`
   * @throws {@link TwincombError} `invalid-input` when a length is wrong
   */
  backwardInto(spectrum: Float64Array, out: Float64Array): Float64Array {
    this.#checkLength("spectrum", spectrum);
    this.#checkLength("out", out);
    this.#spectrumIn(this.#work, spectrum);
    this.#kernel.exports.backward(this.#work.pointer, this.modes, this.#plan.pointer);
    return this.#samplesOut(this.#work, out);
  }

  /** Runs the transform forth and back in place `times` times on what the last call left; for benchmarks. */
  spin(times: number): void {
    const { forward, backward } = this.#kernel.exports;
    for (let i = 0; i < times; i++) {
      forward(this.#work.pointer, this.modes, this.#plan.pointer);
      backward(this.#work.pointer, this.modes, this.#plan.pointer);
    }
  }

  /**
   * Sets the modal amplitudes $a_\mu = \frac1N\sum_k\psi_k e^{-i\mu x_k}$.
   *
   * @param amplitudes - interleaved, natural order
   * @throws {@link TwincombError} `invalid-input` when the length is wrong
   */
  setAmplitudes(amplitudes: Float64Array): void {
    this.#checkLength("amplitudes", amplitudes);
    this.#spectrumIn(this.#spectrum, amplitudes);
  }

  /**
   * Reads the modal amplitudes.
   *
   * @param out - receives them, interleaved, natural order
   * @returns `out`
   * @throws {@link TwincombError} `invalid-input` when the length is wrong
   */
  amplitudesInto(out: Float64Array): Float64Array {
    this.#checkLength("out", out);
    return this.#spectrumOut(this.#spectrum, out);
  }

  /** Energy of the field, $\sum_\mu|a_\mu|^2$, which is its mean intensity. */
  energy(): number {
    return this.#kernel.exports.energy(this.#spectrum.pointer, this.modes);
  }

  /**
   * Amplitude of the pumped mode alone.
   *
   * @returns real and imaginary part of $a_0$
   */
  pumpedMode(): readonly [number, number] {
    // Mode 0 stays in lane 0 of slot 0 in every order.
    const slot = this.#kernel.doubles(this.#spectrum, 4);
    return [slot[0]!, slot[2]!];
  }

  /**
   * Sets the linear part and the step; the drive is then zero.
   *
   * @param rates - complex rate $\lambda_\mu$ of each mode without the detuning, interleaved, natural order
   * @param step - time step in units of the normalised time, in (0, 1]
   * @throws {@link TwincombError} `invalid-input` when a length is wrong, a rate is no number or the step not positive
   */
  setLinear(rates: Float64Array, step: number): void {
    this.#checkLength("rates", rates);
    for (let i = 0; i < rates.length; i++) inRange(`rates[${i}]`, rates[i]!, -1e12, 1e12);
    this.#spectrumIn(this.#rates, rates);
    this.#step = inRange("step", step, Number.MIN_VALUE, 1);
    const { propagator } = this.#kernel.exports;
    const rate = this.#rates.pointer;
    propagator(rate, this.modes, step / 2, 1, this.#halfTable.pointer);
    propagator(rate, this.modes, step, 1 / this.modes, this.#fullTable.pointer);
    propagator(rate, this.modes, step / 2, 1 / this.modes, this.#lastTable.pointer);
    this.setDrive(0, 0, 0);
  }

  /**
   * Sets detuning and pump, at a fraction of what new rates cost.
   *
   * @param detuning - $\zeta$, taken from the imaginary part of every mode's rate
   * @param pumpReal - real part of the driving field $F$ of mode 0
   * @param pumpImaginary - its imaginary part, default 0
   * @throws {@link TwincombError} `invalid-input` when a value is no number or {@link CombField.setLinear} was not called
   */
  setDrive(detuning: number, pumpReal: number, pumpImaginary: number = 0): void {
    if (this.#step === 0) throw invalid("step", 0, "setLinear to be called first");
    inRange("detuning", detuning, -1e12, 1e12);
    inRange("pumpReal", pumpReal, -1e12, 1e12);
    inRange("pumpImaginary", pumpImaginary, -1e12, 1e12);
    const { drive } = this.#kernel.exports;
    const set = (table: Region, h: number, out: Region) =>
      drive(table.pointer, this.#rates.pointer, this.modes, h, detuning, pumpReal, pumpImaginary, out.pointer);
    set(this.#halfTable, this.#step / 2, this.#first);
    set(this.#fullTable, this.#step, this.#full);
    set(this.#lastTable, this.#step / 2, this.#last);
  }

  /**
   * Advances the field by whole steps.
   *
   * @param steps - number of steps, 0 to 2^31 - 1
   * @returns largest nonlinear phase met in one step, **rad**
   * @throws {@link TwincombError} `invalid-input` when the step is too long for the field's intensity, or was not set
   */
  advance(steps: number): number {
    wholeInRange("steps", steps, 0, 2 ** 31 - 1);
    if (this.#step === 0) throw invalid("step", 0, "setLinear to be called first");
    if (steps === 0) return 0;
    const peak = this.#kernel.exports.advance(
      this.#spectrum.pointer,
      this.modes,
      this.#plan.pointer,
      this.#first.pointer,
      this.#full.pointer,
      this.#last.pointer,
      this.#step,
      steps,
    );
    // A field that is no number has no largest phase, but its energy shows it.
    if (!(peak <= STEP_PHASE_LIMIT && this.energy() < Infinity)) {
      throw new TwincombError(
        "invalid-input",
        `step: ${this.#step} is too long, the field turns by ${peak} rad in it`,
        {
          parameter: "step",
          value: this.#step,
          expected: `a step in which |psi|^2 x step stays below ${STEP_PHASE_LIMIT}`,
        },
      );
    }
    return peak;
  }

  /** Wipes and gives up the kernel's memory. */
  [Symbol.dispose](): void {
    this.#kernel[Symbol.dispose]();
  }
}
