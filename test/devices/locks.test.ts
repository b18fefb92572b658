import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  acquireLine,
  BERTAINA_SCENARIOS,
  cavityLaserPhaseNoise,
  defectYield,
  estimatePhase,
  frequencySpectrum,
  injectionLock,
  injectionRatio,
  intrinsicLinewidth,
  kalmanFilter,
  kalmanSteadyState,
  lockCorner,
  lockedLinewidth,
  lockedNoise,
  lockingRange,
  lockPhase,
  lockStrength,
  lockTrackingVariance,
  meanSlipTime,
  neighbourModulation,
  probabilityOfEnough,
  scenarioFrame,
  scenarioVariance,
  shotNoiseVariance,
  simulateInjection,
  stabilisation,
  studyWafers,
  tuningCurve,
  valuesOf,
  WEIMING_DEVICES,
  whiteNoise,
  yieldEstimate,
} from "../../src/devices/index.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";

const preset = valuesOf(WEIMING_DEVICES);

describe("self-injection lock", () => {
  test("tuning curve is the response of the two coupled waves", () => {
    // Solve the pair a, b directly: (1 + i z) a = F + i beta b, (1 + i z) b = i beta a, feedback Re[(b/F) e^{-i psi}].
    const number = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(number, fc.double({ min: 0.05, max: 2, noNaN: true }), number, (zeta, backscatter, phase) => {
        // b/F = i beta / ((1 + i z)^2 + beta^2)
        const [dr, di] = [1 - zeta ** 2 + backscatter ** 2, 2 * zeta];
        const norm = dr * dr + di * di;
        const [br, bi] = [(backscatter * di) / norm, (backscatter * dr) / norm];
        const feedback = br * Math.cos(phase) + bi * Math.sin(phase);
        const strength = 40;
        const expected = zeta + (strength / (2 * backscatter)) * feedback;
        expect(tuningCurve({ strength, backscatter, phase }, zeta)).toBeCloseTo(expected, 9);
        const h = 1e-5;
        const curve = { strength, backscatter, phase };
        const slope = (tuningCurve(curve, zeta + h) - tuningCurve(curve, zeta - h)) / (2 * h);
        expect(stabilisation(curve, zeta)).toBeCloseTo(slope, 3);
      }),
    );
  });

  test("limits for weak backscatter: range 0.65 K0, hysteresis above K0 = 4, stabilisation 1 + K0", () => {
    const weak = (strength: number) => ({ strength, backscatter: 1e-6, phase: 0 });
    expect(lockingRange(weak(1e4)).width / 1e4).toBeCloseTo(0.6495, 3);
    expect(lockingRange({ ...weak(1e4), backscatter: 0.3 }).width / 1e4).toBeCloseTo(0.61, 2);
    expect(lockingRange(weak(3.9)).hysteresis).toBe(false);
    expect(lockingRange(weak(4.1)).hysteresis).toBe(true);
    expect(stabilisation(weak(100), 0)).toBeCloseTo(101, 6);
    expect(stabilisation({ strength: 100, backscatter: 1, phase: 0 }, 0)).toBeCloseTo(26, 9);
  });

  test("Zheng et al.: 20 million and a megahertz laser give a locked linewidth of some tens of hertz", () => {
    const settings = {
      ...preset.pumpLaser,
      ringQ: preset.ring.intrinsicQ * (1 - preset.ring.couplingShare),
      couplingShare: preset.ring.couplingShare,
      backscatter: preset.combOperation.backscatter,
    };
    const curve = { strength: lockStrength(settings), backscatter: settings.backscatter, phase: 0 };
    const linewidth = lockedLinewidth(preset.pumpLaser.freeLinewidthHz, curve);
    expect(linewidth).toBeGreaterThan(20);
    expect(linewidth).toBeLessThan(80);
    expect(Math.abs(linewidth / preset.comb.linewidthHz - 1)).toBeLessThan(0.1);
    // A laser ten times better coupled is narrower: the square of the stabilisation.
    const better = {
      ...curve,
      strength: lockStrength({ ...settings, couplingLossDb: settings.couplingLossDb - 3.0103 }),
    };
    expect(linewidth / lockedLinewidth(1e6, better)).toBeCloseTo(
      (stabilisation(better, 0) / stabilisation(curve, 0)) ** 2,
      9,
    );
    expect(better.strength / curve.strength).toBeCloseTo(2, 4);
  });

  test("unphysical settings are refused", () => {
    const settings = {
      ringQ: 1e7,
      laserQ: 1e4,
      couplingShare: 0.5,
      backscatter: 0.1,
      linewidthEnhancement: 2,
      couplingLossDb: 0,
    };
    expect(() => lockStrength({ ...settings, couplingShare: 1.5 })).toThrow(/couplingShare/);
    expect(() => lockStrength({ ...settings, couplingLossDb: -1 })).toThrow(/lossDb/);
    expect(() => lockedLinewidth(-1, { strength: 1, backscatter: 0, phase: 0 })).toThrow(/freeLinewidthHz/);
    expect(() => tuningCurve({ strength: Number.NaN, backscatter: 0, phase: 0 }, 0)).toThrow(/strength/);
  });
});

describe("injection lock", () => {
  const laser = { ...preset.clientLaser, injectionRatio: 1.5e-4 };
  const lock = injectionLock(laser);

  test("Zheng et al.: a megahertz client on a 40 Hz line has an intrinsic linewidth of about 60 Hz", () => {
    expect(lock.lockRateHz / 1e6).toBeCloseTo(500, -1);
    const client = lockedNoise(frequencySpectrum(whiteNoise(40)), frequencySpectrum(whiteNoise(1e6)), lock.lockRateHz);
    const linewidth = intrinsicLinewidth(client, 2e6);
    expect(linewidth).toBeGreaterThan(50);
    expect(linewidth).toBeLessThan(70);
    // Inside the corner it is the comb's, far outside its own.
    expect(intrinsicLinewidth(client, 1e3)).toBeCloseTo(40, 3);
    expect(intrinsicLinewidth(client, 1e13) / 1e6).toBeCloseTo(1, 3);
  });

  test("simulated rate equations lock inside the range, asymmetric by alpha, and not outside", () => {
    const [from, to] = lock.rangeHz;
    expect(-from / to).toBeCloseTo(Math.sqrt(1 + laser.linewidthEnhancement ** 2), 9);
    const locked = (detuningHz: number) =>
      simulateInjection(
        { laser, detuningHz, freeLinewidthHz: 0, settleSteps: 60_000, steps: 20_000 },
        philoxKey("range"),
      ).locked;
    expect(locked(0.96 * from)).toBe(true);
    expect(locked(1.04 * from)).toBe(false);
    expect(locked(0.93 * to)).toBe(true);
    expect(locked(0)).toBe(true);
    expect(locked(-1.5 * from)).toBe(false);
  });

  test("locked phase against the injected light is the static one", () => {
    for (const detuningHz of [-3e8, -1e8, 0, 1e8]) {
      const trace = simulateInjection(
        { laser, detuningHz, freeLinewidthHz: 0, settleSteps: 100_000, steps: 1000 },
        philoxKey("phase"),
      );
      // The amplitude rises a little under injection, which turns the phase by about its share.
      const difference = trace.phase[0]! - lockPhase(lock, laser.linewidthEnhancement, detuningHz);
      expect(Math.abs(difference)).toBeLessThan(0.02);
      expect(Math.abs(trace.meanFrequencyHz)).toBeLessThan(1e4);
    }
  });

  test("tracking variance of the simulated lock is dnu / 2 f_c", () => {
    // 1.6 us are 5000 correlation times of the lock: the variance scatters by sqrt(2 / 2500) = 3 %, and the relaxation
    // resonance adds a few per cent; 0.18 holds five standard deviations beside it. Half the corner fails.
    const freeLinewidthHz = 5e6;
    const trace = simulateInjection(
      { laser, detuningHz: 0, freeLinewidthHz, settleSteps: 20_000, steps: 800_000, stepSeconds: 2e-12 },
      philoxKey("tracking variance"),
    );
    const ratio = trace.phaseVariance / lockTrackingVariance(freeLinewidthHz, lockCorner(lock, 0));
    expect(Math.abs(ratio - 1)).toBeLessThan(0.18);
    expect(trace.phaseVariance / lockTrackingVariance(freeLinewidthHz, lockCorner(lock, 0) / 2)).toBeLessThan(0.7);
  });

  test("slip times: limits of strong noise, and no slips in an age at the working point", () => {
    // rho -> 0: diffusion over one turn takes 2 pi^2 / D with D = pi dnu.
    const linewidth = 1e9;
    expect(meanSlipTime(linewidth, 1) / ((2 * Math.PI ** 2) / (Math.PI * linewidth))).toBeCloseTo(1, 6);
    expect(meanSlipTime(1e6, 500e6)).toBeGreaterThan(1e100);
    expect(meanSlipTime(1e8, 500e6, 450e6)).toBeLessThan(meanSlipTime(1e8, 500e6, 100e6));
  });

  test("acquisition finds the nearest line or none; neighbours modulate weakly", () => {
    expect(acquireLine(lock, 3 * 30.03e9 + 1e8, 30.03e9).line).toBe(3);
    expect(acquireLine(lock, 0, 30.03e9)).toMatchObject({ line: 0, detuningHz: 0 });
    expect(acquireLine(lock, 10e9, 30.03e9)).toMatchObject({ line: undefined, pullInSeconds: Infinity });
    expect(acquireLine(lock, 1e8, 30.03e9).pullInSeconds).toBeLessThan(5e-9);
    expect(neighbourModulation(lock, 0.01, 30.03e9)).toBeCloseTo((lock.lockRateHz * 0.1) / 30.03e9, 12);
    expect(injectionRatio(1e-3, 30, 1e-2)).toBeCloseTo(1e-4, 15);
  });

  test("unphysical input is refused", () => {
    expect(() => injectionLock({ ...laser, injectionRatio: 2 })).toThrow(/injectionRatio/);
    expect(() => lockCorner(lock, 2 * lock.lockRateHz)).toThrow(/detuningHz/);
    expect(() => meanSlipTime(0, 1)).toThrow(/freeLinewidthHz/);
    const run = (change: object) =>
      simulateInjection(
        { laser, detuningHz: 0, freeLinewidthHz: 0, settleSteps: 0, steps: 1, ...change },
        philoxKey("x"),
      );
    expect(() => run({ stepSeconds: 1 })).toThrow(/stepSeconds/);
    expect(() => run({ freeLinewidthHz: -1 })).toThrow(/freeLinewidthHz/);
  });
});

describe("Bertaina et al., arXiv:2310.08621", () => {
  test("scenario 1: variances and frame within 1 %", () => {
    const [one] = BERTAINA_SCENARIOS;
    for (const [frame, variance] of [
      [1e-5, 2.539e-4],
      [1e-4, 4.174e-4],
      [1e-3, 0.102],
    ] as const) {
      expect(Math.abs(scenarioVariance(one!, frame) / variance - 1)).toBeLessThan(0.01);
    }
    expect(Math.abs(scenarioFrame(one!) / 0.7215e-3 - 1)).toBeLessThan(0.01);
  });

  test("scenario 6: independent cavity lasers without stabilisation reach 1.14 ms", () => {
    expect(Math.abs(scenarioFrame(BERTAINA_SCENARIOS.find((one) => one.name === "6")!) / 1.14e-3 - 1)).toBeLessThan(
      0.01,
    );
  });

  test("order of the scenarios: stabilisation and better lasers lengthen the frame, mismatch shortens it", () => {
    const frame = Object.fromEntries(BERTAINA_SCENARIOS.map((one) => [one.name, scenarioFrame(one)]));
    expect(BERTAINA_SCENARIOS.map((one) => one.name)).toEqual(["1", "2", "3", "3b", "4", "5", "6", "7"]);
    expect(frame["2"]).toBeGreaterThan(100 * frame["1"]!);
    expect(frame["3"]).toBeLessThan(frame["2"]! / 1000);
    expect(frame["5"]).toBeGreaterThan(1000 * frame["3"]!);
    expect(frame["5"]).toBeGreaterThan(1000 * frame["4"]!);
    expect(frame["7"]).toBeGreaterThan(100 * frame["6"]!);
  });

  test("the cavity laser follows the cavity at low frequency and is free at high", () => {
    expect(cavityLaserPhaseNoise(10) / (0.5 / 1e4 + 0.002 / 100)).toBeCloseTo(1, 1);
    expect(cavityLaserPhaseNoise(1e8)).toBeGreaterThan(0.9 * (300 / 1e16) * (2 / 102) ** 2);
  });
});

describe("phase estimator", () => {
  test("reaches the Cramer-Rao bound at a thousand counts", () => {
    // 4000 estimates scatter in variance by sqrt(2/4000) = 2.2 %; five of these, once in 1.7e6 runs. Positive control:
    // the bound of half the counts is refused.
    const stream = new PhiloxStream(philoxKey("estimator"), PURPOSE.deviceNoise, 1);
    const [counts, visibility, trials] = [1000, 0.9, 4000];
    let sum = 0;
    for (let trial = 0; trial < trials; trial++) {
      const phase = ((trial + 0.5) / trials) * 2 * Math.PI - Math.PI;
      const draw = (p: number) => {
        let hits = 0;
        for (let i = 0; i < counts / 2; i++) if (stream.uniform() < p) hits++;
        return hits;
      };
      const cosineBright = draw((1 + visibility * Math.cos(phase)) / 2);
      const sineBright = draw((1 + visibility * Math.sin(phase)) / 2);
      const estimate = estimatePhase(
        { cosineBright, cosineDark: counts / 2 - cosineBright, sineBright, sineDark: counts / 2 - sineBright },
        visibility,
      );
      sum += Math.atan2(Math.sin(estimate - phase), Math.cos(estimate - phase)) ** 2;
    }
    const deviations = (bound: number) => (sum / trials / bound - 1) / Math.sqrt(2 / trials);
    expect(Math.abs(deviations(shotNoiseVariance(counts, visibility)))).toBeLessThan(5);
    expect(Math.abs(deviations(shotNoiseVariance(counts / 2, visibility)))).toBeGreaterThan(5);
    expect(estimatePhase({ cosineBright: 0, cosineDark: 0, sineBright: 0, sineDark: 0 }, 0.9)).toBe(0);
    expect(() => estimatePhase({ cosineBright: 0.5, cosineDark: 0, sineBright: 0, sineDark: 0 }, 0.9)).toThrow(
      /counts/,
    );
  });

  test("Kalman filter settles at its closed form", () => {
    const settings = { diffusion: 50, intervalSeconds: 1e-4, measurementVariance: 0.01 };
    const stream = new PhiloxStream(philoxKey("kalman"), PURPOSE.deviceNoise, 2);
    // Sums of twelve uniforms: variance 1, no other generator needed.
    const normal = () => Array.from({ length: 12 }, () => stream.uniform()).reduce((a, b) => a + b, -6);
    const samples = 40_000;
    const truth = new Float64Array(samples);
    for (let i = 1; i < samples; i++) truth[i] = truth[i - 1]! + Math.sqrt(settings.diffusion * 1e-4) * normal();
    const measured = truth.map((value) => {
      const noisy = value + 0.1 * normal();
      return Math.atan2(Math.sin(noisy), Math.cos(noisy));
    });
    const filtered = kalmanFilter(measured, settings);
    let sum = 0;
    for (let i = 100; i < samples; i++) sum += (filtered[i]! - truth[i]!) ** 2;
    const { posteriorVariance, predictedVariance, gain } = kalmanSteadyState(settings);
    // Errors are correlated over 1/gain samples, so the variance scatters by sqrt(2 / (n gain / 2)) = 1.5 %.
    expect(Math.abs(sum / (samples - 100) / posteriorVariance - 1)).toBeLessThan(5 * Math.sqrt(4 / (samples * gain)));
    expect(Math.abs(sum / (samples - 100) / predictedVariance - 1)).toBeGreaterThan(
      5 * Math.sqrt(4 / (samples * gain)),
    );
    expect(predictedVariance - posteriorVariance).toBeCloseTo(settings.diffusion * 1e-4, 12);
  });
});

describe("yields", () => {
  test("Zheng et al.: 117 of 120 modulators are 97.5 % with 92.9-99.2 %", () => {
    const { share, low, high } = yieldEstimate(117, 120);
    expect(share).toBe(0.975);
    expect(low).toBeCloseTo(0.929, 3);
    expect(high).toBeCloseTo(0.9915, 3);
    expect(yieldEstimate(0, 10).low).toBeCloseTo(0, 15);
    expect(yieldEstimate(10, 10).high).toBeCloseTo(1, 15);
  });

  test("Wilson's interval holds the truth as often as it says", () => {
    // Exact coverage by summing the binomial distribution; Wilson's 95 % stay between 91 % and 99 % at n = 120.
    for (const p of [0.9, 0.95, 0.975]) {
      let covered = 0;
      let weight = (1 - p) ** 120;
      for (let k = 0; k <= 120; k++) {
        const { low, high } = yieldEstimate(k, 120);
        if (low <= p && p <= high) covered += weight;
        weight *= ((120 - k) / (k + 1)) * (p / (1 - p));
      }
      expect(covered).toBeGreaterThan(0.91);
      expect(covered).toBeLessThan(0.99);
    }
  });

  test("defects and binomial tails", () => {
    expect(defectYield(0.5, 2)).toBeCloseTo(Math.exp(-1), 12);
    expect(defectYield(0.5, 2, 1e9)).toBeCloseTo(Math.exp(-1), 6);
    expect(defectYield(0.5, 2, 1)).toBe(0.5);
    expect(probabilityOfEnough(3, 2, 0.5)).toBeCloseTo(0.5, 12);
    expect(probabilityOfEnough(24, 20, 0.9)).toBeCloseTo(0.914925, 5);
    expect(probabilityOfEnough(5, 6, 0.9)).toBe(0);
    expect(probabilityOfEnough(5, 5, 1)).toBe(1);
  });

  test("simulated wafers have the specified yields", () => {
    const study = studyWafers("yields", preset.wafer, {
      wafers: 300,
      wanted: 20,
      test: (chip) => chip.extinctionDb > 20,
    });
    // 36000 modulators: five standard deviations of the binomial, once in 1.7e6 runs.
    const sigma = Math.sqrt((0.975 * 0.025) / 36_000);
    expect(Math.abs(study.modulators.share - 0.975)).toBeLessThan(5 * sigma);
    expect(Math.abs(study.modulators.share - 0.97)).toBeGreaterThan(5 * sigma);
    const usable = probabilityOfEnough(5, 4, 0.975);
    expect(study.usable.low).toBeLessThan(usable);
    expect(study.usable.high).toBeGreaterThan(usable);
    expect(study.complete.share).toBeGreaterThan(0.97);
    expect(() => studyWafers("x", preset.wafer, { wafers: 0, wanted: 1 })).toThrow(/wafers/);
    expect(() => yieldEstimate(5, 4)).toThrow(/working/);
  });
});
