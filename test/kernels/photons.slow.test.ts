/** Long runs: memory stays bounded, and 10^8 clicks still follow the closed formulas. */
import { expect, test } from "vitest";
import { type CountingRun, countPhotons } from "../../src/kernels/photons.ts";
import { compareTallies } from "../../src/kernels/photons-expected.ts";
import { brightRun, detector, sender, source } from "./photons-runs.ts";

/** 370 km at the settings of paired sending-or-not-sending. */
function longLink(change: Partial<CountingRun> = {}): CountingRun {
  const user = sender({
    armTransmittance: 5e-4,
    meanPhotonNumbers: [0.495, 1e-4, 1e-4, 0.0615, 0.328],
    zWindowProbability: 0.887,
    sendProbability: 0.278,
    decoyProbabilities: [0.046, 0.917, 0.037],
  });
  const real = detector({
    noiseProbability: 1e-8,
    deadTimeSeconds: 30e-9,
    timingJitterSeconds: 0.11e-9,
    gateSeconds: 0.7e-9,
  });
  return brightRun({
    alice: user,
    bob: user,
    left: real,
    right: real,
    timeline: { slotSeconds: 1.6e-9, quantumSlotsPerFrame: 8000, referenceSlotsPerFrame: 1800, guardSlots: 100 },
    portFlipProbability: 0.018,
    drift: { rampRadPerSecond: 2871, fastNoiseRad: 0.18 },
    tracking: { samplingSeconds: 1e-4, referenceCountsPerSample: 200, referenceVisibility: 0.96 },
    ...change,
  });
}

// 75 figures at 5 standard deviations: a false alarm once in 20 000 seeds.
test("2e12 pulses, 1.6e8 clicks: every count within 5 standard deviations of its formula", async () => {
  const run = longLink({ pulses: 2e12 });
  const { tallies } = await countPhotons(run, { source, collect: "tallies" });
  const rows = compareTallies(run, tallies).filter(({ expected }) => expected > 25);
  expect(rows.length).toBeGreaterThan(45);
  for (const row of rows) expect(Math.abs(row.z), row.name).toBeLessThan(5);
  // Positive control: two parts in a thousand of Alice's light.
  const dimmer = { ...run, alice: { ...run.alice, armTransmittance: 5e-4 * 0.998 } };
  expect(Math.max(...compareTallies(dimmer, tallies).map(({ z }) => Math.abs(z)))).toBeGreaterThan(5);
});

test("1e13 pulses stay below 512 MB, raw bits included", async () => {
  const before = process.memoryUsage().rss;
  let highest = before;
  const { tallies, aliceBits, bobBits } = await countPhotons(longLink({ pulses: 1e13 }), {
    source,
    onProgress: () => {
      highest = Math.max(highest, process.memoryUsage().rss);
    },
  });
  highest = Math.max(highest, process.memoryUsage().rss);
  expect(tallies.pulses).toBe(1e13);
  expect(aliceBits.length).toBeGreaterThan(4e8);
  expect(bobBits.length).toBe(aliceBits.length);
  expect(highest - before).toBeLessThan(512e6);
});
