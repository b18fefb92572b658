/** Expected counts beside counted ones, with detectors as real ones are; and that a wrong expectation shows. */
import { describe, expect, test } from "vitest";
import { type CountingRun, countPhotons } from "../../src/kernels/photons.ts";
import { compareTallies, expectedTallies, residualPhaseVariance } from "../../src/kernels/photons-expected.ts";
import { cellProbabilities } from "./photons-oracle.ts";
import { brightRun, detector, sender, source } from "./photons-runs.ts";

/** 370 km with everything that real detectors do, at rates where first order is enough for 10^6 clicks. */
function realistic(change: Partial<CountingRun> = {}): CountingRun {
  const one = sender({ armTransmittance: 5e-4, zWindowProbability: 0.3, decoyProbabilities: [0.05, 0.85, 0.1] });
  const real = detector({
    noiseProbability: 2e-8,
    deadTimeSeconds: 40e-9,
    recoveryCurve: [
      { delaySeconds: 40e-9, relativeEfficiency: 0.3 },
      { delaySeconds: 60e-9, relativeEfficiency: 1 },
    ],
    afterpulseProbability: 0.01,
    afterpulseTimeConstantSeconds: 100e-9,
    timingJitterSeconds: 0.3e-9,
    gateSeconds: 1.4e-9,
  });
  return brightRun({
    pulses: 5e10,
    alice: one,
    bob: { ...one, armTransmittance: 4e-4 },
    left: real,
    right: { ...real, efficiency: 0.5 },
    timeline: { slotSeconds: 2e-9, quantumSlotsPerFrame: 8000, referenceSlotsPerFrame: 2000, guardSlots: 200 },
    portFlipProbability: 0.02,
    drift: { rampRadPerSecond: 2000, fastNoiseRad: 0.25, randomWalkRad2PerSecond: 50 },
    tracking: { samplingSeconds: 1e-4, referenceCountsPerSample: 200, referenceVisibility: 0.95 },
    ...change,
  });
}

describe("expected counts", () => {
  test("are the gains times the slots when detectors have no memory", () => {
    const run = brightRun({ left: detector({ efficiency: 0.8 }) });
    const { counts } = expectedTallies(run);
    for (const [cell, p] of cellProbabilities(run).entries())
      expect(counts[cell]! / (p * run.pulses)).toBeCloseTo(1, 9);
  });

  // About 80 figures: 5 standard deviations are passed by chance once in 20 000 seeds.
  test("are met within 5 standard deviations by a run with real detectors, drift and tracking", async () => {
    const run = realistic();
    const { tallies } = await countPhotons(run, { source, collect: "tallies" });
    const rows = compareTallies(run, tallies).filter(({ expected }) => expected > 25);
    expect(rows.length).toBeGreaterThan(35);
    expect(rows.some(({ name }) => name === "x1x1 wrong")).toBe(true);
    for (const row of rows) expect(Math.abs(row.z), row.name).toBeLessThan(5);
    for (const row of rows) expect(row.standardError).toBeCloseTo(Math.sqrt(row.observed), 9);
    // Positive controls: 3 % less light from Alice; no fast noise.
    const dimmer = { ...run, alice: { ...run.alice, armTransmittance: 5e-4 * 0.97 } };
    expect(Math.max(...compareTallies(dimmer, tallies).map(({ z }) => Math.abs(z)))).toBeGreaterThan(5);
    const steady = { ...run, drift: { ...run.drift, fastNoiseRad: 0 } };
    const wrong = compareTallies(steady, tallies).find(({ name }) => name === "x1x1 wrong")!;
    expect(wrong.z).toBeGreaterThan(5);
  });

  test("have no closed form for a loop with memory, a trace or untracked drift", () => {
    const { tracking, drift } = realistic();
    const trace = { stepSeconds: 1, phasesRad: Float64Array.of(0, 1) };
    expect(residualPhaseVariance(realistic())).toBeGreaterThan(0.01);
    expect(residualPhaseVariance(realistic({ tracking: { ...tracking!, gain: 0.5 } }))).toBeUndefined();
    expect(residualPhaseVariance(realistic({ drift: { ...drift, trace } }))).toBeUndefined();
    const { tracking: _, ...untracked } = realistic();
    expect(residualPhaseVariance(untracked)).toBeUndefined();
    expect(expectedTallies(untracked).wrong).toBeUndefined();
  });
});
