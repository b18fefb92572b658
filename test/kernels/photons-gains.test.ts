/**
 * Tallies of every setting pair against the exact gains, through the entry point that sessions use. Detectors have no memory
 * here. Each comparison counts in standard deviations of a binomial; the bound of 6 on about 8000 cells gives a false alarm
 * with probability 2e-5 for a fresh seed (the seeds are fixed).
 */
import { describe, expect, test } from "vitest";
import { type CountingRun, countPhotons } from "../../src/kernels/photons.ts";
import { cellProbabilities, deviations, worst } from "./photons-oracle.ts";
import { brightRun, detector, sender, source } from "./photons-runs.ts";

const BOUND = 6;

async function worstDeviation(run: CountingRun, truth: CountingRun = run): Promise<number> {
  const { tallies } = await countPhotons(run, { source, collect: "tallies" });
  expect(tallies.pulses).toBe(run.pulses);
  return worst(deviations(tallies.counts, cellProbabilities(truth), run.pulses)).z;
}

/** Slots that give about this many clicks. */
function pulsesFor(run: CountingRun, clicks: number): number {
  const gain = cellProbabilities(run).reduce((sum, p) => sum + p, 0);
  return Math.min(Math.ceil(clicks / gain), Number.MAX_SAFE_INTEGER);
}

/** 200 runs: losses 0 to 100 dB a pair, noise 0 to 0.1, unequal arms, detectors, settings and phases. */
function grid(): CountingRun[] {
  const runs: CountingRun[] = [];
  const losses = [0, 5, 10, 20, 30, 40, 50, 60, 80, 100];
  const noises = [0, 1e-10, 1e-8, 1e-6, 1e-3];
  for (const [i, lossDb] of losses.entries())
    for (const [j, noiseProbability] of noises.entries())
      for (let variant = 0; variant < 4; variant++) {
        const armTransmittance = 10 ** (-lossDb / 20);
        const run = brightRun({
          link: runs.length,
          alice: sender({
            armTransmittance,
            zWindowProbability: [0.7, 0, 1, 0.5][variant]!,
            sendProbability: [0.28, 0.5, 0.4, 1][variant]!,
          }),
          bob: sender({
            armTransmittance: armTransmittance * [1, 0.5, 1, 0.1][variant]!,
            meanPhotonNumbers: variant === 1 ? [1.5, 0, 0, 0.1, 0.8] : [0.5, 0.001, 0.0003, 0.08, 0.4],
            decoyProbabilities: variant === 3 ? [0, 1, 0] : [0.2, 0.5, 0.3],
          }),
          left: detector({ efficiency: [0.6, 0.9, 1, 0.3][variant]!, noiseProbability }),
          right: detector({ efficiency: [0.6, 0.7, 1, 0.5][variant]!, noiseProbability: noiseProbability * 3 }),
          phases: (["continuous", 16, "continuous", 64] as const)[variant]!,
          portFlipProbability: [0, 0.03, 0.5, 1][variant]!,
          drift: [{}, { rampRadPerSecond: 1000 }, {}, { fastNoiseRad: 0.3 }][(i + j) % 4]!,
        });
        runs.push({ ...run, pulses: pulsesFor(run, 20_000) });
      }
  return runs;
}

describe("exact gains", () => {
  test("200 settings, losses 0 to 100 dB", async () => {
    const runs = grid();
    expect(runs).toHaveLength(200);
    const found: number[] = [];
    for (const run of runs) found.push(await worstDeviation(run));
    expect(Math.max(...found.map(Math.abs))).toBeLessThan(BOUND);
    // The largest of some thousand normal deviations is not small either.
    expect(Math.max(...found.map(Math.abs))).toBeGreaterThan(2.5);
  });

  test("positive control: 3 % less transmittance, or a tenth more noise, is seen", async () => {
    const run = brightRun({ pulses: 300_000_000 });
    expect(Math.abs(await worstDeviation(run))).toBeLessThan(BOUND);
    const lossy = { ...run, alice: sender({ armTransmittance: 0.02 * 0.97 }) };
    expect(Math.abs(await worstDeviation(run, lossy))).toBeGreaterThan(BOUND);
    const dark = {
      ...run,
      pulses: 1e11,
      alice: sender({ armTransmittance: 1e-6 }),
      bob: sender({ armTransmittance: 1e-6 }),
    };
    expect(Math.abs(await worstDeviation(dark))).toBeLessThan(BOUND);
    expect(
      Math.abs(await worstDeviation(dark, { ...dark, left: detector({ noiseProbability: 1.1e-6 }) })),
    ).toBeGreaterThan(BOUND);
  });

  test("noise probability 1: every slot clicks on both detectors", async () => {
    const run = brightRun({
      pulses: 10_000,
      left: detector({ noiseProbability: 1 }),
      right: detector({ noiseProbability: 1 }),
    });
    const { tallies } = await countPhotons(run, { source });
    expect(tallies.counts.reduce((sum, n) => sum + n)).toBe(10_000);
    expect(tallies.counts.filter((_, cell) => cell % 3 === 2).reduce((sum, n) => sum + n)).toBe(10_000);
    const one = { ...run, right: detector({ noiseProbability: 0, efficiency: 0 }) };
    const left = (await countPhotons(one, { source })).tallies.counts;
    expect(left.filter((_, cell) => cell % 3 === 0).reduce((sum, n) => sum + n)).toBe(10_000);
  });

  test("no light and no noise: nothing clicks, and 2^53 - 1 slots take no time", async () => {
    const dark = detector({ noiseProbability: 0 });
    const nobody = sender({ armTransmittance: 0 });
    const run = brightRun({ pulses: Number.MAX_SAFE_INTEGER, alice: nobody, bob: nobody, left: dark, right: dark });
    const { tallies, aliceBits } = await countPhotons(run, { source });
    expect(tallies.pulses).toBe(Number.MAX_SAFE_INTEGER);
    expect(tallies.counts.every((n) => n === 0)).toBe(true);
    expect(aliceBits.length).toBe(0);
  });

  test("few discrete phases at full light: gains follow the phases that exist", async () => {
    // Two phase values: cos(delta) is +1 or -1 for the drift-free arms, so that the average is not the Bessel one.
    const bright = sender({ armTransmittance: 1, zWindowProbability: 1, sendProbability: 1 });
    const run = brightRun({ pulses: 400_000, phases: 2, alice: bright, bob: bright });
    const { tallies } = await countPhotons(run, { source });
    const { outcomesAtPhase } = await import("./photons-oracle.ts");
    const even = outcomesAtPhase(run, 0.49, 0.49, 0);
    const odd = outcomesAtPhase(run, 0.49, 0.49, Math.PI);
    for (let o = 0; o < 3; o++) {
      const p = (even[o]! + odd[o]!) / 2;
      const z = (tallies.counts[o]! - run.pulses * p) / Math.sqrt(run.pulses * p * (1 - p));
      expect(Math.abs(z)).toBeLessThan(4.5);
    }
    // Positive control: the average over continuous phases is far off.
    expect(Math.abs(worst(deviations(tallies.counts, cellProbabilities(run), run.pulses)).z)).toBeGreaterThan(10);
  });
});
