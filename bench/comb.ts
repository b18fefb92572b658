/**
 * Steps of the Lugiato-Lefever integrator and transforms, against the same splitting in plain TypeScript on fft.js.
 */
import FFT from "fft.js";
import { CombField } from "../src/kernels/comb.ts";
import { type BenchRow, benchmark } from "./harness.ts";

/** Steps a second that a size has to reach, in thousands. */
const GOALS: Readonly<Record<number, number>> = { 512: 260, 1024: 125 };

interface Problem {
  readonly rates: Float64Array;
  readonly start: Float64Array;
  readonly pump: readonly [number, number];
  readonly step: number;
}

/** A soliton's neighbourhood: dispersion, detuning 10, some light in every mode. */
function problem(modes: number): Problem {
  const rates = new Float64Array(2 * modes);
  const start = new Float64Array(2 * modes);
  for (let m = 0; m < modes; m++) {
    const mu = m < modes / 2 ? m : m - modes;
    rates[2 * m] = -1;
    rates[2 * m + 1] = -(10 + 2e-3 * mu * mu);
    start[2 * m] = 0.5 / (1 + mu * mu);
    start[2 * m + 1] = 0.3 / (1 + Math.abs(mu));
  }
  return { rates, start, pump: [2.2, 0], step: 1e-3 };
}

/** The splitting of the kernel with transforms of fft.js. */
class PlainIntegrator {
  readonly #fft: FFT;
  readonly #full: Float64Array;
  readonly #pump: readonly [number, number];
  readonly #step: number;
  readonly spectrum: number[];
  readonly #samples: number[];

  constructor(modes: number, { rates, start, pump, step }: Problem) {
    this.#fft = new FFT(modes);
    this.#full = new Float64Array(2 * modes);
    for (let m = 0; m < modes; m++) {
      const size = Math.exp(rates[2 * m]! * step);
      this.#full[2 * m] = size * Math.cos(rates[2 * m + 1]! * step);
      this.#full[2 * m + 1] = size * Math.sin(rates[2 * m + 1]! * step);
    }
    // (e^{lambda h} - 1) / lambda of mode 0, times the pump.
    const [lr, li] = [rates[0]!, rates[1]!];
    const [gr, gi] = [this.#full[0]! - 1, this.#full[1]!];
    const norm = lr * lr + li * li;
    const [sr, si] = [(gr * lr + gi * li) / norm, (gi * lr - gr * li) / norm];
    this.#pump = [sr * pump[0] - si * pump[1], sr * pump[1] + si * pump[0]];
    this.#step = step;
    this.spectrum = Array.from(start);
    this.#samples = this.#fft.createComplexArray();
  }

  advance(steps: number): void {
    const modes = this.#full.length / 2;
    const { spectrum } = this;
    const samples = this.#samples;
    const full = this.#full;
    for (let n = 0; n < steps; n++) {
      // inverseTransform divides by N, so amplitudes become samples only after multiplication with it.
      this.#fft.inverseTransform(samples, spectrum);
      for (let k = 0; k < 2 * modes; k += 2) {
        const re = samples[k]! * modes;
        const im = samples[k + 1]! * modes;
        const phase = (re * re + im * im) * this.#step;
        const c = Math.cos(phase);
        const s = Math.sin(phase);
        samples[k] = re * c - im * s;
        samples[k + 1] = re * s + im * c;
      }
      this.#fft.transform(spectrum, samples);
      for (let m = 0; m < 2 * modes; m += 2) {
        const re = spectrum[m]! / modes;
        const im = spectrum[m + 1]! / modes;
        spectrum[m] = re * full[m]! - im * full[m + 1]!;
        spectrum[m + 1] = re * full[m + 1]! + im * full[m]!;
      }
      spectrum[0]! += this.#pump[0];
      spectrum[1]! += this.#pump[1];
    }
  }
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < a.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}

/**
 * Runs the suite.
 *
 * @returns the timed rows
 */
export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const modes of [256, 512, 1024, 2048, 4096]) {
    await agree(modes);
    const task = problem(modes);
    const plain = new PlainIntegrator(modes, task);
    using field = await CombField.create(modes);
    field.setAmplitudes(task.start);
    field.setLinear(task.rates, task.step);
    field.setDrive(0, ...task.pump);
    const plainSteps = Math.ceil(40_000 / modes);
    const steps = Math.ceil(1_000_000 / modes);
    rows.push(
      ...(await benchmark(`comb, ${modes} modes`, [
        {
          name: `plain TypeScript on fft.js, ${modes} modes`,
          run: () => plain.advance(plainSteps),
          units: plainSteps,
          rate: ["ksteps/s", 1e3],
        },
        {
          name: `wasm, ${modes} modes`,
          run: () => void field.advance(steps),
          units: steps,
          rate: ["ksteps/s", 1e3],
          ...(GOALS[modes] === undefined ? {} : { goal: GOALS[modes] }),
          check: () => finite(field),
        },
      ])),
      ...(await benchmark(`transform, ${modes} points`, [fftJs(modes), fftWasm(modes, field)])),
    );
  }
  return rows;
}

/** What was timed must still be a field. */
function finite(field: CombField): void {
  const amplitudes = field.amplitudesInto(new Float64Array(2 * field.modes));
  if (!amplitudes.every(Number.isFinite) || amplitudes[0] === 0) throw new Error("the timed field has blown up");
}

/** Both integrators from the same start: the kernel's half steps at both ends are the plain one's whole step shifted. */
async function agree(modes: number): Promise<void> {
  const task = problem(modes);
  using field = await CombField.create(modes);
  field.setAmplitudes(task.start);
  field.setLinear(task.rates, task.step);
  field.setDrive(0, ...task.pump);
  field.advance(2000);
  const plain = new PlainIntegrator(modes, task);
  plain.advance(2000);
  const error = distance(field.amplitudesInto(new Float64Array(2 * modes)), plain.spectrum);
  // Without its half steps the plain integrator is of first order only: 1e-3 apart at h = 1e-3.
  if (!(error < 2e-2)) throw new Error(`the integrators differ by ${error}`);
}

function fftJs(modes: number): Parameters<typeof benchmark>[1][number] {
  const fft = new FFT(modes);
  const input = Array.from({ length: 2 * modes }, (_, i) => Math.sin(i * i));
  const output = fft.createComplexArray();
  const times = Math.ceil(20_000 / modes);
  return {
    name: `fft.js, ${modes} points`,
    run: () => {
      for (let i = 0; i < times; i++) {
        fft.transform(output, input);
        fft.inverseTransform(input, output);
      }
    },
    units: 2 * times,
    rate: ["k/s", 1e3],
  };
}

function fftWasm(modes: number, field: CombField): Parameters<typeof benchmark>[1][number] {
  const input = Float64Array.from({ length: 2 * modes }, (_, i) => Math.sin(i * i));
  const output = new Float64Array(2 * modes);
  const times = Math.ceil(200_000 / modes);
  return {
    name: `wasm, ${modes} points`,
    run: () => {
      // Unnormalised transforms would overflow after some hundred turns, so each run starts afresh.
      field.forwardInto(input, output);
      field.spin(Math.min(times, 60));
    },
    units: 2 * Math.min(times, 60) + 1,
    rate: ["k/s", 1e3],
  };
}
