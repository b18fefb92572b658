import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addNoise,
  addSpectra,
  betaSeparationLinewidth,
  delayedDifference,
  delayedSelfVariance,
  estimateSpectrum,
  feedForwardResidual,
  fibrePhaseSpectrum,
  filterSpectrum,
  fixedPoint,
  fourierTransform,
  frameVariance,
  frequencySpectrum,
  integratePhase,
  integrateSpectrum,
  intrinsicLinewidth,
  laserNoise,
  lineFrequencyNoise,
  longestFrame,
  lowPass,
  parseSpectrum,
  phaseSpectrum,
  SILICA,
  schawlowTownesNoise,
  synthesiseNoise,
  thermorefractiveDeviation,
  thermorefractiveSpectrum,
  whiteNoise,
} from "../../src/devices/index.ts";
import { philoxKey } from "../../src/random.ts";

describe("frequency noise", () => {
  test("terms add, tables interpolate along power laws and end where they end", () => {
    const table = { frequenciesHz: [10, 1000], values: [400, 4] };
    const spectrum = frequencySpectrum(addNoise(laserNoise(100, 50), { tables: [table] }));
    expect(spectrum(100)).toBeCloseTo(100 / Math.PI + 0.5 + 40, 10);
    expect(spectrum(5)).toBeCloseTo(100 / Math.PI + 10, 10);
    expect(spectrum(2000)).toBeCloseTo(100 / Math.PI + 0.025, 10);
    expect(phaseSpectrum(spectrum)(10)).toBeCloseTo(spectrum(10) / 100, 12);
  });

  test("integrals against closed forms", () => {
    expect(integrateSpectrum((f) => f ** -2, 1, 1e6)).toBeCloseTo(1 - 1e-6, 9);
    expect(integrateSpectrum((f) => 1 / f, 1e-3, 1e9) / (12 * Math.LN10)).toBeCloseTo(1, 10);
    expect(integrateSpectrum(lowPass(100), 1e-9, 1e12) / ((Math.PI / 2) * 100)).toBeCloseTo(1, 7);
    // Fringes: the delayed self-difference of white frequency noise has the variance 2 pi dnu dtau.
    const [linewidth, delay] = [60, 12e-6];
    const spectrum = filterSpectrum(phaseSpectrum(frequencySpectrum(whiteNoise(linewidth))), delayedDifference(delay));
    const variance = integrateSpectrum(spectrum, 1e-3, 1e9, 1 / delay);
    expect(variance / delayedSelfVariance(linewidth, delay)).toBeCloseTo(1, 3);
    expect(delayedSelfVariance(60, 12e-6)).toBeCloseTo(0.00452, 5);
  });

  test("white noise has its Lorentzian linewidth by both definitions", () => {
    const spectrum = frequencySpectrum(whiteNoise(1000));
    expect(intrinsicLinewidth(spectrum, 1e6)).toBeCloseTo(1000, 9);
    expect(Math.abs(betaSeparationLinewidth(spectrum, 10) / 1000 - 1)).toBeLessThan(1e-3);
    // What lies above the line only is counted: a floor below it adds nothing.
    const bump = (f: number) => (f < 1e4 ? 1e6 : 1e-3);
    expect(betaSeparationLinewidth(bump, 1e3) / Math.sqrt(8 * Math.LN2 * 1e6 * 1e4)).toBeCloseTo(1, 3);
  });

  test("frames and variances are each other's inverse", () => {
    const spectrum = (f: number) => fibrePhaseSpectrum(f, 200);
    const frame = longestFrame(spectrum, 0.2);
    expect(Math.sqrt(frameVariance(spectrum, frame))).toBeCloseTo(0.2, 9);
    expect(frameVariance(spectrum, 1e-6)).toBe(0);
    expect(longestFrame(() => 1e-20, 0.2)).toBe(1e4);
  });

  test("feed-forward from a window in the past leaves what moved since", () => {
    // Slow motion with rate w: mean of the window is T_d + T_s/2 behind.
    const gain = feedForwardResidual(1e-4, 5e-5)(1);
    expect(gain / (2 * Math.PI * 1e-4) ** 2).toBeCloseTo(1, 5);
    // Centred use has no delay: only the curvature within the window is left.
    expect(feedForwardResidual(1e-4, -5e-5)(1)).toBeCloseTo(((Math.PI * 1e-4) ** 2 / 6) ** 2, 20);
    expect(feedForwardResidual(1e-4, 0)(1e9)).toBeCloseTo(1, 4);
  });
});

describe("spectra from text", () => {
  test("every unit of a column", () => {
    const rows = "1, 2\n10, 3";
    expect(parseSpectrum(`f (kHz), S (Hz^2/Hz)\n${rows}`)).toEqual({ frequenciesHz: [1000, 10000], values: [2, 3] });
    expect(parseSpectrum(`f (Hz); S (Hz/sqrt(Hz))\n1; 2\n\n# note\n10; 3`).values).toEqual([4, 9]);
    expect(parseSpectrum("f (MHz)\tS (rad^2/Hz)\n1\t2\n10\t3").values).toEqual([2e12, 3e14]);
    const decibels = parseSpectrum("f (Hz), L (dBc/Hz)\n10, -30\n100, -60").values;
    expect(decibels[0]).toBeCloseTo(2e-3 * 100, 12);
    expect(decibels[1]).toBeCloseTo(2e-6 * 1e4, 12);
  });

  test.each([
    ["", /header/],
    ["f, S (Hz^2/Hz)\n1, 2\n2, 3", /first column/],
    ["f (Hz), S (V)\n1, 2\n2, 3", /second column/],
    ["f (Hz), S (Hz^2/Hz)\n1, 2", /two lines/],
    ["f (Hz), S (Hz^2/Hz)\n1, 2\n1, 3", /line 3/],
    ["f (Hz), S (Hz^2/Hz)\n1, 2\n2, x", /line 3/],
    ["f (Hz), S (Hz^2/Hz)\n1, 2\n2, -1", /line 3/],
    ["f (Hz), S (Hz^2/Hz)\n1, 2\n2, 3, 4", /line 3/],
  ])("refuses %j", (text, message) => {
    expect(() => parseSpectrum(text)).toThrow(message);
  });

  test("unphysical terms are refused", () => {
    expect(() => whiteNoise(-1)).toThrow(/linewidthHz/);
    expect(() => frequencySpectrum({ powers: [{ exponent: 0, coefficient: Number.NaN }] })).toThrow(/coefficient/);
    expect(() => frequencySpectrum({ tables: [{ frequenciesHz: [2, 1], values: [1, 1] }] })).toThrow(/rising/);
    expect(() => integrateSpectrum(() => 1, 10, 1)).toThrow(/toHz/);
  });
});

describe("noise in time", () => {
  test("the transform agrees with its definition", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), fc.nat(), (power, seed) => {
        const size = 2 ** power;
        const values = Float64Array.from({ length: 2 * size }, (_, i) => Math.sin((i + 1) * (seed % 1000) + i * i));
        const result = fourierTransform(values.slice());
        for (let m = 0; m < size; m++) {
          let [re, im] = [0, 0];
          for (let k = 0; k < size; k++) {
            const angle = (-2 * Math.PI * m * k) / size;
            re += values[2 * k]! * Math.cos(angle) - values[2 * k + 1]! * Math.sin(angle);
            im += values[2 * k]! * Math.sin(angle) + values[2 * k + 1]! * Math.cos(angle);
          }
          expect(Math.hypot(result[2 * m]! - re, result[2 * m + 1]! - im)).toBeLessThan(1e-11);
        }
      }),
    );
    const values = Float64Array.from({ length: 64 }, (_, i) => Math.cos(i * i));
    const back = fourierTransform(fourierTransform(values.slice()), true);
    for (let i = 0; i < 64; i++) expect(back[i]! / 32).toBeCloseTo(values[i]!, 13);
  });

  test("a synthesised series gives back its spectrum within its stated scatter, and not another one", () => {
    const stepSeconds = 1e-6;
    const target = addSpectra(
      frequencySpectrum({
        powers: [
          { exponent: 0, coefficient: 300 },
          { exponent: -1, coefficient: 3e6 },
        ],
      }),
      filterSpectrum(() => 5e3, lowPass(2e4)),
    );
    const series = synthesiseNoise(target, philoxKey("spectrum"), { samples: 2 ** 18, stepSeconds });
    const estimate = estimateSpectrum(series, stepSeconds, 512);
    // A Hann segment with half overlap has a relative variance of 1.06 a value at n/2 effective segments: bins of
    // 16 averaged, deviations in their standard deviation; 5 of them are passed by 15 bins once in 1e5 runs.
    const deviations = (factor: number) => {
      const out: number[] = [];
      for (let start = 7; start + 16 <= estimate.values.length; start += 16) {
        let sum = 0;
        for (let i = start; i < start + 16; i++) {
          sum += estimate.values[i]! / (factor * target(estimate.frequenciesHz[i]!)) / 16;
        }
        // Neighbouring Hann bins are correlated: 16 bins hold about 16 / 1.94 independent ones.
        out.push((sum - 1) / Math.sqrt(1.06 / estimate.segments / (16 / 1.94)));
      }
      return out;
    };
    for (const deviation of deviations(1)) expect(Math.abs(deviation)).toBeLessThan(5);
    expect(Math.max(...deviations(1.1).map(Math.abs))).toBeGreaterThan(5);
  });

  test("white frequency noise makes a Lorentzian line of its width", () => {
    // Field coherence |<exp i(phi(t+tau) - phi(t))>| = exp(-pi dnu tau) is that line's transform.
    const [linewidth, stepSeconds, lag] = [2e4, 1e-7, 100];
    const noise = synthesiseNoise(frequencySpectrum(whiteNoise(linewidth)), philoxKey("line"), {
      samples: 2 ** 19,
      stepSeconds,
    });
    const phase = integratePhase(noise, stepSeconds);
    let [re, im] = [0, 0];
    const count = phase.length - lag;
    for (let j = 0; j < count; j++) {
      re += Math.cos(phase[j + lag]! - phase[j]!) / count;
      im += Math.sin(phase[j + lag]! - phase[j]!) / count;
    }
    const measured = -Math.log(Math.hypot(re, im)) / (Math.PI * lag * stepSeconds);
    // Phase steps over the lag have variance s = 2 pi dnu tau; the estimate from n/lag independent ones scatters by
    // sqrt(2 lag / n) of itself: 2 %. Five of these, passed by chance once in 1.7e6 runs; twice the width fails.
    const sigma = Math.sqrt((2 * lag) / count);
    expect(Math.abs(measured / linewidth - 1)).toBeLessThan(5 * sigma);
    expect(Math.abs(measured / (1.15 * linewidth) - 1)).toBeGreaterThan(5 * sigma);
  });

  test("streams are reproducible and independent", () => {
    const make = (seed: string, stream: number) =>
      synthesiseNoise(() => 1, philoxKey(seed), { samples: 1024, stepSeconds: 1, stream });
    expect(make("a", 0)).toEqual(make("a", 0));
    const [one, two] = [make("a", 0), make("a", 1)];
    const correlation = one.reduce((sum, value, i) => sum + value * two[i]!, 0) / (1024 * 0.5);
    expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(1024));
    expect(() => synthesiseNoise(() => 1, philoxKey("a"), { samples: 1000, stepSeconds: 1 })).toThrow(/power of two/);
    expect(() => synthesiseNoise(() => -1, philoxKey("a"), { samples: 1024, stepSeconds: 1 })).toThrow(/spectrum at/);
  });
});

describe("noise of the comb", () => {
  test("thermorefractive noise of the target ring is some kilohertz and its spectrum holds it", () => {
    const ring = {
      ...SILICA,
      frequencyHz: 193.44e12,
      temperatureKelvin: 300,
      volume: 8e-12 * 6.44e-3,
      refractiveIndex: 1.45,
      cornerHz: 3e4,
    };
    const deviation = thermorefractiveDeviation(ring);
    expect(deviation).toBeGreaterThan(4e3);
    expect(deviation).toBeLessThan(6e3);
    const variance = integrateSpectrum(thermorefractiveSpectrum(ring), 1e-6, 1e12);
    expect(Math.sqrt(variance) / deviation).toBeCloseTo(1, 6);
    expect(() => thermorefractiveDeviation({ ...ring, volume: 0 })).toThrow(/volume/);
  });

  test("elastic tape: a cause leaves its fixed point at rest and grows away from it", () => {
    const transfer = 30.03e9 / 193.44e12;
    expect(fixedPoint(transfer)).toBeCloseTo(-6441.6, 0);
    const white = () => 10;
    const noise = (line: number) => lineFrequencyNoise([{ pumpNoise: white, transfer }], line)(1e3);
    expect(noise(fixedPoint(transfer))).toBeCloseTo(0, 12);
    // A ring that breathes as a whole is flat over the lines in use.
    expect(noise(20) / noise(-20)).toBeCloseTo(1 + 80 / 6441.6, 3);
    const two = lineFrequencyNoise(
      [
        { pumpNoise: white, transfer: 0 },
        { pumpNoise: () => 1, transfer: 0.5 },
      ],
      6,
      () => 3,
    );
    expect(two(1)).toBeCloseTo(10 + 16 + 3, 12);
    // The same by moving the tape: lines at nu_p + m f_r with both displaced by one cause.
    const [pumpShift, rateShift] = [0.7, 0.7 * -0.04];
    for (const line of [-30, 4, 25]) {
      const displaced = pumpShift + line * rateShift;
      expect(lineFrequencyNoise([{ pumpNoise: () => pumpShift ** 2, transfer: -0.04 }], line)(1)).toBeCloseTo(
        displaced ** 2,
        12,
      );
    }
    expect(schawlowTownesNoise(1.28e-19, 2 * Math.PI * 19.3e6, 1e-3)).toBeCloseTo(0.0477, 3);
  });
});
