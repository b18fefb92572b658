import { describe, expect, test } from "vitest";
import { delayedNoiseVariance, frequencySpectrum, type Spectrum, whiteNoise } from "../../src/devices/index.ts";

/** Frequency noise of RMS `deviation` with one corner: an Ornstein-Uhlenbeck process. */
function wandering(deviation: number, cornerHz: number): Spectrum {
  return (f) => (2 * deviation ** 2) / (Math.PI * cornerHz) / (1 + (f / cornerHz) ** 2);
}

/** Variance of the phase that such a process gathers over a delay, in closed form. */
function gathered(deviation: number, cornerHz: number, delay: number): number {
  const rate = 2 * Math.PI * cornerHz;
  const x = rate * delay;
  return (2 * (2 * Math.PI * deviation) ** 2 * (x + Math.expm1(-x))) / rate ** 2;
}

describe("noise of one laser against itself delayed", () => {
  test("is 2 pi dnu tau for white noise when nothing is tracked", () => {
    for (const delay of [1e-9, 2.45e-6, 1e-4]) {
      const variance = delayedNoiseVariance(frequencySpectrum(whiteNoise(40)), delay, 1e3 * delay + 1);
      expect(variance / (2 * Math.PI * 40 * delay)).toBeCloseTo(1, 3);
    }
  });

  test("is that of an Ornstein-Uhlenbeck process for the ring's thermal noise", () => {
    for (const delay of [1e-7, 2.45e-6, 4.9e-5]) {
      const variance = delayedNoiseVariance(wandering(5e3, 3e4), delay, 10);
      expect(variance / gathered(5e3, 3e4, delay)).toBeCloseTo(1, 3);
    }
  });

  test("loses what a tracking loop follows: all of slow noise, nothing of fast", () => {
    const slow = wandering(5e3, 10);
    const [followed, missed] = [delayedNoiseVariance(slow, 2e-6, 1e-4), delayedNoiseVariance(slow, 2e-6, 1e3)];
    expect(followed / missed).toBeLessThan(0.02);
    const fast = wandering(5e3, 1e6);
    expect(delayedNoiseVariance(fast, 2e-6, 1e-4) / delayedNoiseVariance(fast, 2e-6, 1e3)).toBeGreaterThan(0.97);
  });

  test("agrees with a simulated series whose windows' means are taken out", () => {
    // An Ornstein-Uhlenbeck frequency in steps of 0.1 us; delay of 5 us, windows of 100 us.
    const [deviation, cornerHz, step, lag, window] = [5e3, 3e4, 1e-7, 50, 1000];
    const decay = Math.exp(-2 * Math.PI * cornerHz * step);
    let state = 1;
    const uniform = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state + 0.5) / 2 ** 32;
    };
    const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const samples = 400 * window + lag;
    const phase = new Float64Array(samples);
    let frequency = 0;
    for (let i = 1; i < samples; i++) {
      frequency = decay * frequency + deviation * Math.sqrt(1 - decay ** 2) * normal();
      phase[i] = phase[i - 1]! + 2 * Math.PI * frequency * step;
    }
    let sum = 0;
    for (let from = lag; from < samples; from += window) {
      const difference = Array.from({ length: window }, (_, k) => phase[from + k]! - phase[from + k - lag]!);
      const mean = difference.reduce((a, b) => a + b, 0) / window;
      sum += difference.reduce((a, b) => a + (b - mean) ** 2, 0) / window;
    }
    // 400 windows of about ten correlation times: 2.2 % standard deviation, five of them.
    const expected = delayedNoiseVariance(wandering(deviation, cornerHz), lag * step, window * step);
    expect(Math.abs(sum / 400 / expected - 1)).toBeLessThan(0.11);
    // Positive control: without tracking the formula gives a fifth more, which the same bound refuses.
    expect(delayedNoiseVariance(wandering(deviation, cornerHz), lag * step, 1e3) / expected).toBeGreaterThan(1.15);
  });

  test("vanishes without delay, and refuses what is none", () => {
    const white = frequencySpectrum(whiteNoise(40));
    expect(delayedNoiseVariance(white, 0, 1e-4)).toBe(0);
    expect(() => delayedNoiseVariance(white, -1, 1e-4)).toThrow(/delaySeconds/);
    expect(() => delayedNoiseVariance(white, 1e-6, 0)).toThrow(/windowSeconds/);
    expect(() => delayedNoiseVariance(white, Number.NaN, 1e-4)).toThrow(/delaySeconds/);
  });
});
