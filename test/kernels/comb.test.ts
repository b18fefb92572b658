import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CombField, STEP_PHASE_LIMIT } from "../../src/kernels/comb.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";

const SIZES = [256, 512, 1024, 2048, 4096] as const;

function randomComplex(size: number, seed: string, scale = 1): Float64Array {
  const stream = new PhiloxStream(philoxKey(seed), PURPOSE.comb, 0);
  return Float64Array.from({ length: 2 * size }, () => scale * (2 * stream.uniform() - 1));
}

/** Cosine and sine of a full turn times k / n with the argument reduced to an eighth turn first. */
function turn(k: number, n: number): [number, number] {
  const quarter = Math.floor((4 * k) / n);
  const rest = k - (quarter * n) / 4;
  const angle = (2 * Math.PI * rest) / n;
  const beyond = 8 * rest > n;
  const complement = (2 * Math.PI * (n / 4 - rest)) / n;
  const c = beyond ? Math.sin(complement) : Math.cos(angle);
  const s = beyond ? Math.cos(complement) : Math.sin(angle);
  return (
    [
      [c, s],
      [-s, c],
      [-c, -s],
      [s, -c],
    ] as [number, number][]
  )[quarter]!;
}

const SPLITTER = 2 ** 27 + 1;

/** Running sum of products whose rounding errors are carried along (Dekker's product, Knuth's sum). */
class CompensatedSum {
  sum = 0;
  error = 0;
  add(a: number, b: number): void {
    const product = a * b;
    const [ah, bh] = [SPLITTER * a - (SPLITTER * a - a), SPLITTER * b - (SPLITTER * b - b)];
    const [al, bl] = [a - ah, b - bh];
    const productError = al * bl - (product - ah * bh - al * bh - ah * bl);
    const next = this.sum + product;
    const part = next - this.sum;
    this.error += this.sum - (next - part) + (product - part) + productError;
    this.sum = next;
  }
  get value(): number {
    return this.sum + this.error;
  }
}

/** Discrete Fourier transform by its definition, in compensated arithmetic; every `every`-th mode. */
function definition(samples: Float64Array, every: number): Map<number, [number, number]> {
  const size = samples.length / 2;
  const roots = Array.from({ length: size }, (_, k) => turn(k, size));
  const out = new Map<number, [number, number]>();
  for (let mode = 0; mode < size; mode += every) {
    const re = new CompensatedSum();
    const im = new CompensatedSum();
    for (let k = 0; k < size; k++) {
      const [c, s] = roots[(mode * k) % size]!;
      re.add(samples[2 * k]!, c);
      re.add(samples[2 * k + 1]!, s);
      im.add(samples[2 * k + 1]!, c);
      im.add(samples[2 * k]!, -s);
    }
    out.set(mode, [re.value, im.value]);
  }
  return out;
}

function relativeError(actual: Float64Array, expected: Float64Array): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    norm += expected[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}

/** The same splitting in plain TypeScript, transforms by definition. */
function plainSteps(
  amplitudes: Float64Array,
  rates: Float64Array,
  pump: [number, number],
  h: number,
  steps: number,
): Float64Array {
  const size = amplitudes.length / 2;
  const roots = Array.from({ length: size }, (_, k) => turn(k, size));
  const dft = (input: Float64Array, sign: number) => {
    const out = new Float64Array(2 * size);
    for (let m = 0; m < size; m++) {
      for (let k = 0; k < size; k++) {
        const [c, s0] = roots[(m * k) % size]!;
        const s = sign * s0;
        out[2 * m]! += input[2 * k]! * c - input[2 * k + 1]! * s;
        out[2 * m + 1]! += input[2 * k]! * s + input[2 * k + 1]! * c;
      }
    }
    return out;
  };
  const linear = (a: Float64Array) => {
    for (let m = 0; m < size; m++) {
      const [lr, li] = [rates[2 * m]!, rates[2 * m + 1]!];
      const e = Math.exp((lr * h) / 2);
      const [er, ei] = [e * Math.cos((li * h) / 2), e * Math.sin((li * h) / 2)];
      const [re, im] = [a[2 * m]!, a[2 * m + 1]!];
      a[2 * m] = re * er - im * ei;
      a[2 * m + 1] = re * ei + im * er;
      if (m > 0) continue;
      // (e - 1) / lambda by complex division
      const norm = lr * lr + li * li;
      const gr = ((er - 1) * lr + ei * li) / norm;
      const gi = (ei * lr - (er - 1) * li) / norm;
      a[0]! += gr * pump[0] - gi * pump[1];
      a[1]! += gr * pump[1] + gi * pump[0];
    }
  };
  let a = amplitudes.slice();
  for (let step = 0; step < steps; step++) {
    linear(a);
    const psi = dft(a, 1);
    for (let k = 0; k < size; k++) {
      const [re, im] = [psi[2 * k]!, psi[2 * k + 1]!];
      const phase = (re * re + im * im) * h;
      psi[2 * k] = re * Math.cos(phase) - im * Math.sin(phase);
      psi[2 * k + 1] = re * Math.sin(phase) + im * Math.cos(phase);
    }
    a = dft(psi, -1).map((value) => value / size);
    linear(a);
  }
  return a;
}

describe.each(SIZES)("comb kernel, %i modes", (size) => {
  let field: CombField;
  beforeAll(async () => {
    field = await CombField.create(size);
  });
  afterAll(() => field[Symbol.dispose]());

  test("transform agrees with its definition to 1e-15 log2 N, and its inverse returns", () => {
    const samples = randomComplex(size, `transform ${size}`);
    const spectrum = field.forwardInto(samples, new Float64Array(2 * size));
    const exact = definition(samples, size > 1024 ? 5 : 1);
    const modes = [...exact.keys()];
    const error = relativeError(
      Float64Array.from(modes.flatMap((mode) => [spectrum[2 * mode]!, spectrum[2 * mode + 1]!])),
      Float64Array.from(modes.flatMap((mode) => exact.get(mode)!)),
    );
    expect(error).toBeLessThan(1e-15 * Math.log2(size));
    const returned = field.backwardInto(spectrum, new Float64Array(2 * size)).map((value) => value / size);
    expect(relativeError(returned, samples)).toBeLessThan(1e-15 * Math.log2(size));
  });

  test("the backward transform is the conjugate of the forward one", () => {
    const values = randomComplex(size, `conjugate ${size}`);
    const conjugate = values.map((value, i) => (i % 2 === 1 ? -value : value));
    const backward = field.backwardInto(values, new Float64Array(2 * size));
    const forward = field.forwardInto(conjugate, new Float64Array(2 * size));
    expect(
      relativeError(
        backward,
        forward.map((value, i) => (i % 2 === 1 ? -value : value)),
      ),
    ).toBeLessThan(1e-14);
  });

  test.each(size <= 1024 ? [1, 2] : [1])(
    "%i steps agree with the plain integrator, different rate in every mode",
    (steps) => {
      const rates = randomComplex(size, `rates ${size}`, 40).map((value, i) =>
        i % 2 === 0 ? -Math.abs(value) : value,
      );
      const detuned = rates.map((value, i) => (i % 2 === 0 ? value : value - 0.7));
      const start = randomComplex(size, `start ${size}`, 3.2 / Math.sqrt(size));
      const [pump, h]: [[number, number], number] = [[1.3, -0.4], 2e-3];
      field.setAmplitudes(start);
      field.setLinear(rates, h);
      field.setDrive(0.7, ...pump);
      field.advance(steps);
      const result = field.amplitudesInto(new Float64Array(2 * size));
      expect(relativeError(result, plainSteps(start, detuned, pump, h, steps))).toBeLessThan(3e-15 * (steps + 1));
    },
  );
});

describe("comb kernel", () => {
  test("runs of steps join without a seam, whatever their lengths", async () => {
    using field = await CombField.create(256);
    const rates = randomComplex(256, "seam", 5).map((value, i) => (i % 2 === 0 ? -1 : value));
    const start = randomComplex(256, "seam start", 0.1);
    const run = (lengths: number[]) => {
      field.setAmplitudes(start);
      field.setLinear(rates, 1e-3);
      field.setDrive(-0.3, 1, 0.5);
      for (const steps of lengths) field.advance(steps);
      return field.amplitudesInto(new Float64Array(512));
    };
    expect(relativeError(run([7, 0, 1, 92]), run([100]))).toBeLessThan(1e-13);
  });

  test("a pure Kerr step turns each sample by its own intensity", async () => {
    using field = await CombField.create(256);
    const amplitudes = randomComplex(256, "kerr", 0.5);
    const samples = field.backwardInto(amplitudes, new Float64Array(512));
    field.setAmplitudes(amplitudes);
    field.setLinear(new Float64Array(512), 1e-4);
    const peak = field.advance(1);
    const turned = field.backwardInto(field.amplitudesInto(new Float64Array(512)), new Float64Array(512));
    let largest = 0;
    for (let k = 0; k < 256; k++) {
      const [re, im] = [samples[2 * k]!, samples[2 * k + 1]!];
      const phase = (re * re + im * im) * 1e-4;
      largest = Math.max(largest, phase);
      expect(turned[2 * k]!).toBeCloseTo(re * Math.cos(phase) - im * Math.sin(phase), 12);
      expect(turned[2 * k + 1]!).toBeCloseTo(re * Math.sin(phase) + im * Math.cos(phase), 12);
    }
    expect(peak).toBeCloseTo(largest, 14);
  });

  test("turns exactly up to the limit of a step's phase and refuses more", async () => {
    using field = await CombField.create(256);
    const advance = (phase: number) => {
      const amplitudes = new Float64Array(512);
      amplitudes[0] = 1;
      field.setAmplitudes(amplitudes);
      field.setLinear(new Float64Array(512), phase);
      field.advance(1);
      return field.amplitudesInto(new Float64Array(512));
    };
    for (let phase = 0.01; phase <= STEP_PHASE_LIMIT; phase += 0.01) {
      const turned = advance(phase);
      expect(Math.abs(turned[0]! - Math.cos(phase))).toBeLessThan(6e-16);
      expect(Math.abs(turned[1]! - Math.sin(phase))).toBeLessThan(6e-16);
    }
    expect(() => advance(STEP_PHASE_LIMIT * 1.01)).toThrow(/step: .* too long/);
  });

  test("a free mode with loss and pump follows its exact exponential", async () => {
    using field = await CombField.create(256);
    const rates = new Float64Array(512);
    rates[0] = -1;
    rates[1] = -0.5;
    field.setAmplitudes(new Float64Array(512));
    // So weak that the Kerr term is below rounding.
    field.setLinear(rates, 0.01);
    field.setDrive(0.2, 1e-9);
    field.advance(300);
    const out = field.amplitudesInto(new Float64Array(512));
    // F (e^{lambda t} - 1) / lambda at t = 3.
    const [er, ei] = [Math.exp(-3) * Math.cos(-2.1) - 1, Math.exp(-3) * Math.sin(-2.1)];
    expect(out[0]! / 1e-9).toBeCloseTo((er * -1 + ei * -0.7) / 1.49, 12);
    expect(out[1]! / 1e-9).toBeCloseTo((ei * -1 - er * -0.7) / 1.49, 12);
  });

  test("refuses what it cannot do", async () => {
    for (const modes of [128, 300, 8192, Number.NaN, 256.5]) {
      await expect(CombField.create(modes)).rejects.toThrow(/modes/);
    }
    using field = await CombField.create(256);
    expect(() => field.advance(1)).toThrow(/setLinear/);
    expect(() => field.setAmplitudes(new Float64Array(256))).toThrow(/512 numbers/);
    expect(() => field.setDrive(0, 1)).toThrow(/setLinear/);
    expect(() => field.setLinear(new Float64Array(512), 0)).toThrow(/step/);
    field.setLinear(new Float64Array(512), 1e-3);
    expect(() => field.setDrive(0, Number.NaN)).toThrow(/pumpReal/);
    expect(() => field.advance(-1)).toThrow(/steps/);
    field.setAmplitudes(new Float64Array(512).fill(Number.NaN));
    expect(() => field.advance(1)).toThrow(/too long/);
  });
});
