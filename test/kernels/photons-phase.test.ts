/**
 * What the optical phase does to X-X events: interference against the click model, drift processes against their
 * correlations, tracking against the Cramer-Rao bound, and the error rate against its closed forms. All seeds are fixed;
 * bounds are two-sided, in standard deviations, and every test is followed by a wrong value that must fail.
 */
import { describe, expect, test } from "vitest";
import {
  type CountingRun,
  countPhotons,
  type DriftRun,
  PHASE_UNITS,
  PhotonCounter,
  SETTING,
  sliceHalfWidth,
} from "../../src/kernels/photons.ts";
import { averagedOutcomes, outcomesAtPhase } from "./photons-oracle.ts";
import { brightRun, detector, sender, source } from "./photons-runs.ts";

/** Two-sided bound of a single comparison: false alarm 7e-6. */
const BOUND = 4.5;
const UNIT = (2 * Math.PI) / PHASE_UNITS;
const SLOT = 2e-9;

/** A pair that sends only x1, with so little light that interference is linear. */
function interfering(change: Partial<CountingRun> = {}): CountingRun {
  const only = sender({
    armTransmittance: 0.05,
    meanPhotonNumbers: [0.5, 0, 0, 0.4, 0.3],
    zWindowProbability: 0,
    decoyProbabilities: [0, 1, 0],
  });
  const silent = detector({ noiseProbability: 0, efficiency: 1 });
  return brightRun({ pulses: 5_000_000, alice: only, bob: only, left: silent, right: silent, ...change });
}

interface XxEvent {
  /** Wall time, s. */
  readonly time: number;
  /** theta_A - theta_B, rad. */
  readonly difference: number;
  /** +1 at L, -1 at R. */
  readonly sign: number;
  /** Announced estimate, rad. */
  readonly correction: number;
}

async function xxEvents(run: CountingRun): Promise<XxEvent[]> {
  using counter = await PhotonCounter.create(run, { source });
  const { slotSeconds, quantumSlotsPerFrame, referenceSlotsPerFrame, guardSlots } = run.timeline;
  const gap = referenceSlotsPerFrame > 0 ? referenceSlotsPerFrame + 2 * guardSlots : 0;
  const found: XxEvent[] = [];
  for (let chunk = counter.next(); chunk !== null; chunk = counter.next()) {
    const { event, alicePhase, bobPhase, phaseCorrection } = chunk.xx;
    for (const [j, i] of event.entries()) {
      const slot = chunk.slot[i]!;
      found.push({
        time: (slot + Math.floor(slot / quantumSlotsPerFrame) * gap) * slotSeconds,
        difference: (alicePhase[j]! - bobPhase[j]!) * UNIT,
        sign: chunk.detector[i] === 0 ? 1 : -1,
        correction: phaseCorrection[j]! * UNIT,
      });
    }
  }
  return found;
}

/** Chi-square, in its own standard deviations, of clicks at L and R in 32 bins of the total phase. */
function interferenceDeviation(run: CountingRun, events: readonly XxEvent[], phase: (time: number) => number): number {
  const bins = 32;
  const counts = new Float64Array(2 * bins);
  for (const event of events) {
    const turn = (event.difference + phase(event.time)) / (2 * Math.PI);
    counts[2 * Math.floor((turn - Math.floor(turn)) * bins) + (event.sign > 0 ? 0 : 1)]!++;
  }
  const light = run.alice.armTransmittance * run.alice.meanPhotonNumbers[SETTING.x1]!;
  let chiSquare = 0;
  for (let bin = 0; bin < bins; bin++) {
    const expected = averagedOutcomes(
      run,
      light,
      light,
      (bin / bins) * 2 * Math.PI,
      ((bin + 1) / bins) * 2 * Math.PI,
      64,
    );
    for (let outcome = 0; outcome < 2; outcome++) {
      const mean = (run.pulses * expected[outcome]!) / bins;
      chiSquare += (counts[2 * bin + outcome]! - mean) ** 2 / mean;
    }
  }
  return (chiSquare - 2 * bins) / Math.sqrt(4 * bins);
}

describe("interference follows the phase", () => {
  const trace = {
    stepSeconds: 1e-4,
    phasesRad: Float64Array.from({ length: 41 }, (_, i) => 2 * Math.sin(i / 3) + i / 7),
  };
  const traced = (time: number) => {
    const steps = time / trace.stepSeconds;
    const rounds = Math.floor(steps / 40);
    const within = steps - rounds * 40;
    const i = Math.min(Math.floor(within), 39);
    const { phasesRad: p } = trace;
    return p[i]! + (p[i + 1]! - p[i]!) * (within - i) + rounds * (p[40]! - p[0]!);
  };
  const drifts: [string, DriftRun, (time: number) => number][] = [
    ["a constant", { initialPhaseRad: 1.2 }, () => 1.2],
    ["a ramp", { initialPhaseRad: -0.4, rampRadPerSecond: 3000 }, (time) => -0.4 + 3000 * time],
    ["a user's trace, repeated beyond its end", { trace }, traced],
    ["both", { trace, rampRadPerSecond: -500 }, (time) => traced(time) - 500 * time],
  ];
  test.each(drifts)("%s", async (_, drift, phase) => {
    const timeline = { slotSeconds: SLOT, quantumSlotsPerFrame: 900, referenceSlotsPerFrame: 100, guardSlots: 5 };
    const run = interfering({ drift, timeline });
    const events = await xxEvents(run);
    expect(Math.abs(interferenceDeviation(run, events, phase))).toBeLessThan(BOUND);
    expect(interferenceDeviation(run, events, (time) => phase(time) + 0.1)).toBeGreaterThan(BOUND);
    expect(interferenceDeviation(run, events, (time) => -phase(time))).toBeGreaterThan(BOUND);
  });

  test("unequal arms and detectors", async () => {
    const run = interfering({
      left: detector({ efficiency: 0.9 }),
      right: detector({ efficiency: 0.5, noiseProbability: 1e-3 }),
    });
    const events = await xxEvents(run);
    expect(Math.abs(interferenceDeviation(run, events, () => 0))).toBeLessThan(BOUND);
    const swapped = { ...run, left: run.right, right: run.left };
    expect(interferenceDeviation(swapped, events, () => 0)).toBeGreaterThan(BOUND);
  });

  test("discrete phases take their values alone, each as often", async () => {
    const run = interfering({ phases: 6, drift: { initialPhaseRad: 0.7 } });
    using counter = await PhotonCounter.create(run, { source });
    const seen = new Map<number, number>();
    for (let chunk = counter.next(); chunk !== null; chunk = counter.next())
      for (const phase of chunk.xx.alicePhase) seen.set(phase, (seen.get(phase) ?? 0) + 1);
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual(
      [0, 1, 2, 3, 4, 5].map((i) => Math.round((i * PHASE_UNITS) / 6)),
    );
    const total = [...seen.values()].reduce((sum, n) => sum + n);
    const chiSquare = [...seen.values()].reduce((sum, n) => sum + (n - total / 6) ** 2 / (total / 6), 0);
    expect(Math.abs(chiSquare - 5) / Math.sqrt(10)).toBeLessThan(BOUND);
  });
});

/**
 * Mean of s_i s_j cos(theta_i - theta_j) over pairs of events a lag apart, times 4: <cos(phi(t_i) - phi(t_j))> for weak light.
 * Pairs share a path, so the standard deviation comes from the means of 200 stretches of time.
 */
function phaseCorrelation(events: readonly XxEvent[], lag: number): [mean: number, deviation: number] {
  const tolerance = 0.01 * lag;
  const stretches = 200;
  const sums = new Float64Array(stretches);
  const pairs = new Float64Array(stretches);
  const end = events.at(-1)!.time * (1 + 1e-9);
  let j = 0;
  for (const event of events) {
    while (j < events.length && events[j]!.time < event.time + lag - tolerance) j++;
    for (let k = j; k < events.length && events[k]!.time < event.time + lag + tolerance; k++) {
      const stretch = Math.floor((event.time / end) * stretches);
      sums[stretch]! += 4 * event.sign * events[k]!.sign * Math.cos(event.difference - events[k]!.difference);
      pairs[stretch]!++;
    }
  }
  const means = sums.map((sum, stretch) => sum / Math.max(pairs[stretch]!, 1));
  const mean = means.reduce((sum, one) => sum + one) / stretches;
  const variance = means.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (stretches - 1);
  return [mean, Math.sqrt(variance / stretches)];
}

describe("random drift has the correlations of its process", () => {
  // Slow slots make a long run, and so many independent stretches of path, out of few clicks.
  const timeline = { slotSeconds: 1e-6, quantumSlotsPerFrame: 1000, referenceSlotsPerFrame: 0, guardSlots: 0 };
  const slow = (drift: DriftRun) => interfering({ pulses: 20_000_000, timeline, drift });
  const check = async (
    drift: DriftRun,
    lags: readonly number[],
    decay: (lag: number) => number,
    wrong: (lag: number) => number,
  ) => {
    // Slots with two photons lower the contrast a little; a still phase tells how much.
    const [contrast] = phaseCorrelation(await xxEvents(slow({})), 1e-3);
    expect(contrast).toBeGreaterThan(0.9);
    const events = await xxEvents(slow(drift));
    let seen = false;
    for (const lag of lags) {
      const [mean, deviation] = phaseCorrelation(events, lag);
      expect(Math.abs(mean - contrast * decay(lag)) / deviation).toBeLessThan(BOUND);
      if (Math.abs(mean - contrast * wrong(lag)) / deviation > BOUND) seen = true;
    }
    expect(seen).toBe(true);
  };

  test("random walk: <cos(phi(t + tau) - phi(t))> = exp(-q tau / 2)", async () => {
    const decay = (rate: number) => (lag: number) => Math.exp((-rate * lag) / 2);
    await check({ randomWalkRad2PerSecond: 400 }, [1e-4, 1e-3, 3e-3], decay(400), decay(500));
  });

  test("Ornstein-Uhlenbeck: exp(-s^2 (1 - exp(-tau / T)))", async () => {
    const process = { standardDeviationRad: 0.9, correlationTimeSeconds: 1e-3 };
    const decay = (time: number) => (lag: number) => Math.exp(-(0.9 ** 2) * (1 - Math.exp(-lag / time)));
    await check({ ornsteinUhlenbeck: [process] }, [1e-4, 1e-3, 1e-2], decay(1e-3), decay(1.5e-3));
  });
});

/** Error rate over both slices of x1-x1. */
async function errorRate(run: CountingRun): Promise<[rate: number, accepted: number]> {
  const { x1x1 } = (await countPhotons(run, { source, collect: "tallies" })).tallies;
  const accepted = x1x1.accepted[0] + x1x1.accepted[1];
  return [(x1x1.wrong[0] + x1x1.wrong[1]) / accepted, accepted];
}

/**
 * Error rate of the slices for Gaussian residual phase of variance `variance` and port flips e_d, by quadrature of the click
 * model over slice and noise (31 standard points of a Riemann sum to 6 deviations).
 */
function expectedErrorRate(run: CountingRun, variance: number): number {
  const half = sliceHalfWidth(run.sliceWidthRad) * UNIT;
  const light = (sideOf: CountingRun["alice"]) => sideOf.armTransmittance * sideOf.meanPhotonNumbers[SETTING.x1]!;
  let wrong = 0;
  let all = 0;
  const deviation = Math.sqrt(variance);
  for (let i = 0; i < 64; i++) {
    const delta = -half + ((i + 0.5) / 64) * 2 * half;
    for (let j = -60; j <= 60; j++) {
      const x = j / 10;
      const weight = Math.exp((-x * x) / 2);
      const [left, right] = outcomesAtPhase(run, light(run.alice), light(run.bob), delta + x * deviation);
      const flip = run.portFlipProbability;
      wrong += weight * ((1 - flip) * right + flip * left);
      all += weight * (left + right);
    }
  }
  return wrong / all;
}

describe("X error", () => {
  const dim = (change: Partial<CountingRun> = {}) => {
    const only = sender({
      armTransmittance: 1e-3,
      meanPhotonNumbers: [0.5, 0, 0, 0.06, 0.3],
      zWindowProbability: 0,
      decoyProbabilities: [0, 1, 0],
    });
    const quiet = detector({ noiseProbability: 1e-7 });
    return brightRun({ pulses: 1e10, alice: only, bob: only, left: quiet, right: quiet, ...change });
  };
  const check = async (run: CountingRun, variance: number, wrongVariance: number) => {
    const [rate, accepted] = await errorRate(run);
    const sigma = (expected: number) => (rate - expected) / Math.sqrt((expected * (1 - expected)) / accepted);
    expect(Math.abs(sigma(expectedErrorRate(run, variance)))).toBeLessThan(BOUND);
    expect(Math.abs(sigma(expectedErrorRate(run, wrongVariance)))).toBeGreaterThan(BOUND);
    return rate;
  };

  test("slice width and port flips alone", async () => {
    for (const sliceWidthRad of [0.1, 0.414, 3])
      await check(dim({ sliceWidthRad, portFlipProbability: 0.03 }), 0, 0.06);
    // The number of accepted slots is that of the slice.
    const run = dim({ sliceWidthRad: 0.414 });
    const [, accepted] = await errorRate(run);
    const half = sliceHalfWidth(0.414);
    const light = 6e-5;
    const share = averagedOutcomes(run, light, light, -half * UNIT, half * UNIT);
    const mean = ((share[0] + share[1]) * run.pulses * 4 * half) / PHASE_UNITS;
    expect(Math.abs(accepted - mean) / Math.sqrt(mean)).toBeLessThan(BOUND);
  });

  test("unequal arms: contrast 2 sqrt(ab) / (a + b)", async () => {
    const run = dim({ bob: { ...dim().bob, armTransmittance: 2e-4 } });
    await check(run, 0, 0.07);
  });

  test("fast Gaussian noise: e = (1 - exp(-s^2 / 2)) / 2", async () => {
    const rate = await check(dim({ sliceWidthRad: 0.1, drift: { fastNoiseRad: 0.3 } }), 0.09, 0.11);
    expect(Math.abs(rate - (1 - Math.exp(-0.045)) / 2)).toBeLessThan(0.001);
  });

  test("shot noise of the reference: 1 / (n J), 2 / (n V^2) for the quadrature estimator", async () => {
    const window = 1e-4;
    // A fast ramp in the initial phase of each run would cost many runs; a slow one visits all phases.
    const drift = { rampRadPerSecond: 3 };
    for (const [referenceVisibility, counts] of [
      [1, 100],
      [0.9, 150],
    ] as const) {
      const tracking = { samplingSeconds: window, referenceCountsPerSample: counts, referenceVisibility };
      const v = Math.min(referenceVisibility, 0.999);
      let information = 0;
      for (let i = 0; i < 1000; i++) {
        const c = v * v * Math.cos((i / 1000) * 2 * Math.PI) ** 2;
        const s = v * v - c;
        information += 1000 / (s / (1 - c) + c / (1 - s)) / 1e6;
      }
      // 1 / (n <1/J>^-1), with a few percent more at finite n.
      const bound = (2 * information) / counts;
      await check(dim({ drift, tracking }), bound * 1.03, bound * 2);
      const quadrature = { ...tracking, estimator: "quadrature" as const };
      const plain = 2 / (counts * referenceVisibility ** 2);
      await check(dim({ drift, tracking: quadrature }), plain, plain * 2);
    }
  });

  test("drift within a sample: (alpha T)^2 / 12 for a ramp, q T / 6 for a random walk; older estimates cost more", async () => {
    const window = 1e-4;
    const tracking = { samplingSeconds: window, referenceCountsPerSample: 1e5 };
    const shot = 1e-5;
    await check(dim({ tracking, drift: { rampRadPerSecond: 6000 } }), 0.36 / 12 + shot, 0.36 / 8);
    const walk = 3000;
    const inner = (walk * window) / 6;
    await check(dim({ tracking, drift: { randomWalkRad2PerSecond: walk } }), inner + shot, inner * 1.5);
    // One sample later: T/2 of the walk to the slot, and T/3 back to the mean of the window before.
    const late = { ...tracking, latencySamples: 1 };
    await check(
      dim({ tracking: late, drift: { randomWalkRad2PerSecond: walk / 3 } }),
      (walk / 3) * window * (5 / 6) + shot,
      (walk / 3) * window * 1.1,
    );
  });

  test("a loop with gain g averages: shot noise g / (2 - g)", async () => {
    const tracking = {
      samplingSeconds: 1e-4,
      referenceCountsPerSample: 60,
      referenceVisibility: 1,
      gain: 0.3,
      latencySamples: 1,
    };
    // Without drift the loop is a plain exponential average of independent samples.
    const shot = (1 / 60) * 1.06 * (0.3 / 1.7);
    const run = dim({ tracking, drift: { initialPhaseRad: 0.6 } });
    const [rate, accepted] = await errorRate(run);
    const sigma = (variance: number) => {
      const expected = expectedErrorRate(run, variance);
      return (rate - expected) / Math.sqrt((expected * (1 - expected)) / accepted);
    };
    expect(Math.abs(sigma(shot))).toBeLessThan(BOUND);
    expect(Math.abs(sigma(shot / 0.3))).toBeGreaterThan(BOUND);
  });

  test("without tracking a drifting phase gives errors in half the clicks", async () => {
    const [rate, accepted] = await errorRate(dim({ drift: { rampRadPerSecond: 1e4 } }));
    expect(Math.abs(rate - 0.5) * 2 * Math.sqrt(accepted)).toBeLessThan(BOUND);
  });
});
