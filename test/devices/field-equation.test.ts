import { describe, expect, test } from "vitest";
import {
  homogeneousField,
  homogeneousIntensities,
  modulationGrowth,
  pumpOfIntensity,
  soliton,
  solitonExistenceEdge,
  turningPoints,
} from "../../src/devices/index.ts";
import { CombField } from "../../src/kernels/comb.ts";

const MODES = 256;

/** The field equation on a ring of length `length` in the normalised coordinate x. */
class Equation {
  readonly field: CombField;
  readonly length: number;
  readonly step: number;
  constructor(field: CombField, length: number, dispersion: number, step: number, loss = 1) {
    this.field = field;
    this.length = length;
    this.step = step;
    const rates = new Float64Array(2 * field.modes);
    for (let m = 0; m < field.modes; m++) {
      const k = (2 * Math.PI * (m < field.modes / 2 ? m : m - field.modes)) / length;
      rates[2 * m] = -loss;
      rates[2 * m + 1] = (-dispersion * k * k) / 2;
    }
    field.setLinear(rates, step);
  }
  setSamples(sample: (x: number) => readonly [number, number]): void {
    const { modes } = this.field;
    const samples = new Float64Array(2 * modes);
    for (let k = 0; k < modes; k++) samples.set(sample(((k - modes / 2) * this.length) / modes), 2 * k);
    this.field.setAmplitudes(this.field.forwardInto(samples, samples).map((value) => value / modes));
  }
  samples(): Float64Array {
    const out = this.field.amplitudesInto(new Float64Array(2 * this.field.modes));
    return this.field.backwardInto(out, out);
  }
  peak(): number {
    const samples = this.samples();
    let peak = 0;
    for (let k = 0; k < this.field.modes; k++) peak = Math.max(peak, Math.hypot(samples[2 * k]!, samples[2 * k + 1]!));
    return peak;
  }
  run(time: number): void {
    this.field.advance(Math.round(time / this.step));
  }
}

function solitonStart(pump: number, detuning: number): (x: number) => [number, number] {
  const { amplitude, inverseWidth, phase } = soliton(pump, detuning);
  const [re, im] = homogeneousField(pump, detuning, homogeneousIntensities(pump, detuning)[0]!);
  return (x) => {
    const sech = amplitude / Math.cosh(inverseWidth * x);
    return [re + sech * Math.cos(phase), im + sech * Math.sin(phase)];
  };
}

describe("homogeneous states", () => {
  test("are the roots of the cubic, three of them between the turning points", () => {
    for (const [pump, detuning] of [
      [1.5, 1],
      [2, 4],
      [3, 6],
      [0, 2],
      [1, 1],
      [2.6, -3],
    ] as const) {
      const roots = homogeneousIntensities(pump, detuning);
      for (const root of roots) expect(pumpOfIntensity(root, detuning)).toBeCloseTo(pump ** 2, 10);
      // A grid of sign changes must not know more roots.
      let changes = 0;
      for (let x = 0.0005; x < 50; x += 0.001) {
        if (pumpOfIntensity(x, detuning) < pump ** 2 !== pumpOfIntensity(x + 0.001, detuning) < pump ** 2) changes++;
      }
      expect(roots.filter((root) => root > 0.0005).length).toBe(changes);
    }
    expect(turningPoints(1.7)).toBeUndefined();
    expect(turningPoints(2)).toEqual([1, 5 / 3]);
  });

  test("switch up at the lower turning point of the simulation, not before and not later", async () => {
    using field = await CombField.create(MODES);
    const detuning = 4;
    const [lower] = turningPoints(detuning)!;
    const edge = Math.sqrt(pumpOfIntensity(lower, detuning));
    const settle = (pump: number) => {
      const equation = new Equation(field, 10, 1, 5e-3);
      field.setDrive(detuning, pump);
      // A sudden pump would overshoot; from the lower state at 0.99 of the edge the way is short.
      const start = 0.99 * edge;
      equation.setSamples(() => homogeneousField(start, detuning, homogeneousIntensities(start, detuning)[0]!));
      equation.run(200);
      const [re, im] = field.pumpedMode();
      return re * re + im * im;
    };
    expect(settle(0.995 * edge)).toBeCloseTo(homogeneousIntensities(0.995 * edge, detuning)[0]!, 3);
    expect(settle(1.005 * edge)).toBeCloseTo(homogeneousIntensities(1.005 * edge, detuning).at(-1)!, 2);
  });

  test("comb threshold: sidebands grow above X = 1 and decay below", async () => {
    using field = await CombField.create(MODES);
    for (const intensity of [0.99, 1.01]) {
      // At zeta = X, k^2/2 = X is the phase-matched modulation, and the pump at threshold is F = 1.
      const rate = await measuredGrowth(field, intensity, intensity, intensity);
      expect(Math.sign(rate)).toBe(Math.sign(intensity - 1));
      expect(rate).toBeCloseTo(intensity - 1, 5);
    }
    expect(pumpOfIntensity(1, 1)).toBe(1);
  });

  test.each([
    [1.1, 1.0, 1.0],
    [1.6, 1.2, 1.4],
    [2.5, 3.0, 0.4],
    [1.6, 3.5, -1.2],
  ])(
    "modulation on X = %d at detuning %d, d k^2/2 = %d grows at its rate to a thousandth",
    async (x, zeta, dispersion) => {
      using field = await CombField.create(MODES);
      const predicted = modulationGrowth(x, zeta, dispersion);
      expect(Math.abs((await measuredGrowth(field, x, zeta, dispersion)) / predicted - 1)).toBeLessThan(1e-3);
    },
  );
});

/** Growth rate of mode 1, fitted over a stretch in which the decaying eigenvector has died out. */
async function measuredGrowth(
  field: CombField,
  intensity: number,
  detuning: number,
  dispersion: number,
): Promise<number> {
  const pump = Math.sqrt(pumpOfIntensity(intensity, detuning));
  const length = 2 * Math.PI * Math.sqrt(1 / (2 * Math.abs(dispersion)));
  const equation = new Equation(field, length, Math.sign(dispersion), 1e-3);
  field.setDrive(detuning, pump);
  const [re, im] = homogeneousField(pump, detuning, intensity);
  equation.setSamples((x) => [
    re + 1e-8 * Math.cos((2 * Math.PI * x) / length),
    im + 3e-9 * Math.cos((2 * Math.PI * x) / length),
  ]);
  const size = () => {
    const a = field.amplitudesInto(new Float64Array(2 * MODES));
    return Math.hypot(a[2]!, a[3]!);
  };
  equation.run(6);
  const before = size();
  equation.run(4);
  return Math.log(size() / before) / 4;
}

describe("solitons", () => {
  test("the free Schroedinger soliton keeps its shape and turns at half its squared amplitude", async () => {
    using field = await CombField.create(MODES);
    const equation = new Equation(field, 24, 1, 5e-4, 0);
    const amplitude = 1.7;
    equation.setSamples((x) => [amplitude / Math.cosh(amplitude * x), 0]);
    equation.run(3);
    const samples = equation.samples();
    const phase = (amplitude ** 2 * 3) / 2;
    for (let k = 0; k < MODES; k++) {
      const expected = amplitude / Math.cosh((amplitude * (k - MODES / 2) * 24) / MODES);
      expect(samples[2 * k]!).toBeCloseTo(expected * Math.cos(phase), 5);
      expect(samples[2 * k + 1]!).toBeCloseTo(expected * Math.sin(phase), 5);
    }
  });

  test("the driven soliton's peak exceeds the asymptotic one by 0.5-0.7 over the detuning", async () => {
    using field = await CombField.create(512);
    for (const detuning of [10, 20, 40]) {
      const pump = Math.sqrt((8 * detuning) / (0.8 * Math.PI ** 2));
      const equation = new Equation(field, 20 * Math.sqrt(10 / detuning), 1, 0.02 / detuning);
      field.setDrive(detuning, pump);
      equation.setSamples(solitonStart(pump, detuning));
      const asymptotic = equation.peak();
      equation.run(15);
      const excess = (equation.peak() / asymptotic - 1) * detuning;
      expect(excess).toBeGreaterThan(0.5);
      expect(excess).toBeLessThan(0.7);
    }
  });

  test.each([2, 3])("at F = %d it lives at 0.97 of the existence edge and dies at 1.03", async (pump) => {
    using field = await CombField.create(MODES);
    const edge = solitonExistenceEdge(pump);
    const equation = new Equation(field, 24, 1, 2e-3);
    const from = 0.8 * edge;
    field.setDrive(from, pump);
    equation.setSamples(solitonStart(pump, from));
    equation.run(10);
    const contrast = () => equation.peak() / Math.hypot(...field.pumpedMode());
    const rampTo = (target: number, start: number) => {
      for (let i = 1; i <= 60; i++) {
        field.setDrive(start + ((target - start) * i) / 60, pump);
        equation.run(0.5);
      }
      equation.run(60);
    };
    rampTo(0.97 * edge, from);
    expect(contrast()).toBeGreaterThan(3);
    rampTo(1.03 * edge, 0.97 * edge);
    expect(contrast()).toBeLessThan(1.01);
  });
});

describe("integrator", () => {
  test("converges at second order", async () => {
    using field = await CombField.create(MODES);
    const [pump, detuning] = [4.2, 15];
    const peak = (step: number) => {
      const equation = new Equation(field, 16, 1, step);
      field.setDrive(detuning, pump);
      equation.setSamples(solitonStart(pump, detuning));
      equation.run(8);
      return equation.peak();
    };
    const exact = peak(1.25e-4);
    const errors = [4e-3, 2e-3, 1e-3].map((step) => Math.abs(peak(step) / exact - 1));
    for (const [i, error] of errors.slice(1).entries()) {
      const order = Math.log2(errors[i]! / error);
      expect(order).toBeGreaterThan(1.9);
      expect(order).toBeLessThan(2.15);
    }
    expect(errors[2]!).toBeLessThan(5e-5);
  });

  test("energy changes by what the pump brings and the loss takes", async () => {
    using field = await CombField.create(MODES);
    const [pump, detuning, step] = [2.3, 3, 5e-4];
    const equation = new Equation(field, 16, 1, step);
    field.setDrive(detuning, pump);
    equation.setSamples((x) => [0.5 + Math.cos((2 * Math.PI * x) / 16), Math.exp(-x * x)]);
    let previous = 0;
    for (let i = 0; i < 40; i++) {
      // Simpson's rule over two steps of the exact balance dU/dtau = 2 F Re a_0 - 2 U.
      const points: number[] = [];
      const first = field.energy();
      for (let j = 0; j <= 2; j++) {
        if (j > 0) field.advance(1);
        points.push(2 * pump * field.pumpedMode()[0] - 2 * field.energy());
      }
      const change = (step / 3) * (points[0]! + 4 * points[1]! + points[2]!);
      expect(Math.abs(field.energy() - first - change)).toBeLessThan(2e-6 * Math.max(1, first));
      previous = first;
      equation.run(0.1);
    }
    expect(previous).toBeGreaterThan(0);
  });
});
