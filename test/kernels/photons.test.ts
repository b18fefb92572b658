/** The counter as a tool: streams, chunks, raw bits, cancellation, refusals. */
import { describe, expect, test } from "vitest";
import { TwincombError } from "../../src/errors.ts";
import {
  type CountingRun,
  countPhotons,
  type EventChunk,
  PhotonCounter,
  phaseSlice,
  SETTING,
  sliceHalfWidth,
} from "../../src/kernels/photons.ts";
import { brightRun, detector, sender, source } from "./photons-runs.ts";

/** A run with everything switched on. */
function eventful(change: Partial<CountingRun> = {}): CountingRun {
  const restless = detector({
    deadTimeSeconds: 20e-9,
    recoveryCurve: [
      { delaySeconds: 20e-9, relativeEfficiency: 0.2 },
      { delaySeconds: 40e-9, relativeEfficiency: 1 },
    ],
    afterpulseProbability: 0.02,
    afterpulseTimeConstantSeconds: 40e-9,
    timingJitterSeconds: 0.5e-9,
    gateSeconds: 1.5e-9,
  });
  return brightRun({
    pulses: 300_000,
    alice: sender({ armTransmittance: 0.3, zWindowProbability: 0.5 }),
    bob: sender({ armTransmittance: 0.2, zWindowProbability: 0.5 }),
    left: restless,
    right: restless,
    timeline: { slotSeconds: 2e-9, quantumSlotsPerFrame: 700, referenceSlotsPerFrame: 300, guardSlots: 5 },
    drift: {
      rampRadPerSecond: 500,
      randomWalkRad2PerSecond: 1000,
      ornsteinUhlenbeck: [{ standardDeviationRad: 0.2, correlationTimeSeconds: 1e-4 }],
      fastNoiseRad: 0.05,
    },
    tracking: { samplingSeconds: 2e-5, referenceCountsPerSample: 300, referenceVisibility: 0.95, latencySamples: 1 },
    portFlipProbability: 0.02,
    ...change,
  });
}

async function allEvents(run: CountingRun, maxEvents: number | (() => number)): Promise<EventChunk> {
  using counter = await PhotonCounter.create(run, { source });
  const chunks: EventChunk[] = [];
  const size = typeof maxEvents === "number" ? () => maxEvents : maxEvents;
  for (let chunk = counter.next(size()); chunk !== null; chunk = counter.next(size())) chunks.push(chunk);
  const firsts = chunks.map((_, i) => chunks.slice(0, i).reduce((sum, chunk) => sum + chunk.length, 0));
  return {
    length: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    slot: Float64Array.from(chunks.flatMap((chunk) => [...chunk.slot])),
    detector: Uint8Array.from(chunks.flatMap((chunk) => [...chunk.detector])),
    aliceSetting: Uint8Array.from(chunks.flatMap((chunk) => [...chunk.aliceSetting])),
    bobSetting: Uint8Array.from(chunks.flatMap((chunk) => [...chunk.bobSetting])),
    xx: {
      event: Uint32Array.from(chunks.flatMap((chunk, i) => [...chunk.xx.event].map((event) => event + firsts[i]!))),
      alicePhase: Uint16Array.from(chunks.flatMap((chunk) => [...chunk.xx.alicePhase])),
      bobPhase: Uint16Array.from(chunks.flatMap((chunk) => [...chunk.xx.bobPhase])),
      phaseCorrection: Uint16Array.from(chunks.flatMap((chunk) => [...chunk.xx.phaseCorrection])),
    },
    pulsesDone: chunks.at(-1)!.pulsesDone,
  };
}

describe("event stream", () => {
  test("does not depend on how it is cut", async () => {
    let step = 0;
    for (const gain of [1, 0.5]) {
      const run = eventful({ tracking: { ...eventful().tracking!, gain } });
      const whole = await allEvents(run, 262_144);
      expect(whole.length).toBeGreaterThan(2000);
      expect(await allEvents(run, 1)).toEqual(whole);
      expect(await allEvents(run, () => (step++ % 97) + 1)).toEqual(whole);
    }
  });

  test("is that of the link alone: other links and keys give other events", async () => {
    const run = eventful();
    const [one, again, other, otherKey] = await Promise.all([
      allEvents(run, 1000),
      allEvents(run, 1000),
      allEvents({ ...run, link: 8 }, 1000),
      allEvents({ ...run, key: [1, 2] }, 1000),
    ]);
    expect(again).toEqual(one);
    expect(other.slot.slice(0, 20)).not.toEqual(one.slot.slice(0, 20));
    expect(otherKey.slot.slice(0, 20)).not.toEqual(one.slot.slice(0, 20));
  });

  test("has slots in order, and is what the tallies, slices and raw bits count", async () => {
    const run = eventful();
    const events = await allEvents(run, 500);
    const { tallies, aliceBits, bobBits } = await countPhotons(run, { source });
    for (let i = 1; i < events.length; i++) expect(events.slot[i]!).toBeGreaterThan(events.slot[i - 1]!);
    expect(events.slot.at(-1)!).toBeLessThan(run.pulses);

    const counts = new Float64Array(75);
    const bits: [number, number][] = [];
    for (let i = 0; i < events.length; i++) {
      const alice = events.aliceSetting[i]!;
      const bob = events.bobSetting[i]!;
      counts[(alice * 5 + bob) * 3 + events.detector[i]!]!++;
      if (alice <= SETTING.zNot && bob <= SETTING.zNot)
        bits.push([alice === SETTING.zSend ? 1 : 0, bob === SETTING.zSend ? 0 : 1]);
    }
    for (let cell = 0; cell < 75; cell++) if (cell % 3 !== 2) expect(counts[cell]).toBe(tallies.counts[cell]);
    expect(aliceBits.length).toBe(bits.length);
    expect(bobBits.length).toBe(bits.length);
    expect(aliceBits.bytes).toHaveLength(Math.ceil(bits.length / 8));
    for (const [i, [alice, bob]] of bits.entries()) {
      expect((aliceBits.bytes[i >> 3]! >> (i & 7)) & 1).toBe(alice);
      expect((bobBits.bytes[i >> 3]! >> (i & 7)) & 1).toBe(bob);
    }

    const half = sliceHalfWidth(run.sliceWidthRad);
    const accepted = [0, 0];
    const wrong = [0, 0];
    const { event, alicePhase, bobPhase, phaseCorrection } = events.xx;
    for (const [j, i] of event.entries()) {
      expect(Math.min(events.aliceSetting[i]!, events.bobSetting[i]!)).toBeGreaterThanOrEqual(SETTING.x0);
      if (events.aliceSetting[i] !== SETTING.x1 || events.bobSetting[i] !== SETTING.x1) continue;
      const slice = phaseSlice(alicePhase[j]!, bobPhase[j]!, phaseCorrection[j]!, half);
      if (slice < 0) continue;
      accepted[slice]!++;
      if (events.detector[i] !== slice) wrong[slice]!++;
    }
    expect(tallies.x1x1.accepted).toEqual(accepted);
    expect(tallies.x1x1.wrong).toEqual(wrong);
    expect(accepted[0]! + accepted[1]!).toBeGreaterThan(20);
  });
});

describe("positions", () => {
  test("are whole, exact and uniform up to 2^53 slots", async () => {
    const dark = sender({ armTransmittance: 0 });
    const rare = detector({ noiseProbability: 1e-12 });
    const run = brightRun({ pulses: Number.MAX_SAFE_INTEGER, alice: dark, bob: dark, left: rare, right: rare });
    const { slot } = await allEvents(run, 262_144);
    expect(slot.every((s) => Number.isSafeInteger(s))).toBe(true);
    const late = slot.filter((s) => s > 2 ** 52);
    // Half of all slots, and of those half are odd: binomial, 4.5 standard deviations.
    const mean = 2e-12 * run.pulses;
    expect(Math.abs(slot.length - mean) / Math.sqrt(mean)).toBeLessThan(4.5);
    expect(Math.abs(late.length - mean / 2) / Math.sqrt(mean / 2)).toBeLessThan(4.5);
    const odd = late.filter((s) => s % 2 === 1).length;
    expect(Math.abs(odd - late.length / 2) / Math.sqrt(late.length / 4)).toBeLessThan(4.5);
    // Positive control: a position that had lost its last bit would be even.
    expect(late.length / 2 / Math.sqrt(late.length / 4)).toBeGreaterThan(4.5);
  });
});

describe("long runs", () => {
  test("report progress and stop when told", async () => {
    const run = brightRun({ pulses: Number.MAX_SAFE_INTEGER });
    const abort = new AbortController();
    const seen: number[] = [];
    const counting = countPhotons(run, {
      source,
      collect: "tallies",
      signal: abort.signal,
      onProgress: ({ pulsesDone }) => {
        seen.push(pulsesDone);
        if (seen.length === 3) abort.abort();
      },
    });
    await expect(counting).rejects.toMatchObject({ name: "TwincombError", code: "aborted" });
    expect(seen).toHaveLength(3);
    expect(seen[2]!).toBeGreaterThan(seen[0]!);
  });

  test("a tracking loop with a memory is cut as well when clicks are rare", async () => {
    // Some 1e13 windows lie before the first click.
    const dim = sender({ armTransmittance: 1e-15 });
    const still = detector({ noiseProbability: 0 });
    const run = brightRun({
      pulses: Number.MAX_SAFE_INTEGER,
      alice: { ...dim, zWindowProbability: 0 },
      bob: { ...dim, zWindowProbability: 0 },
      left: still,
      right: still,
      tracking: { samplingSeconds: 2e-8, referenceCountsPerSample: 100, gain: 0.5 },
    });
    const abort = new AbortController();
    const counting = countPhotons(run, { source, signal: abort.signal, onProgress: () => abort.abort() });
    await expect(counting).rejects.toMatchObject({ code: "aborted" });
  });

  test("nothing starts under a fired signal", async () => {
    await expect(countPhotons(brightRun(), { source, signal: AbortSignal.abort() })).rejects.toThrow(TwincombError);
  });

  test("a disposed counter refuses to go on", async () => {
    const counter = await PhotonCounter.create(brightRun(), { source });
    counter[Symbol.dispose]();
    expect(() => counter.next()).toThrow(TwincombError);
  });
});

describe("refusals name the value", () => {
  const refused: [string, Partial<CountingRun>][] = [
    ["pulses", { pulses: 1.5 }],
    ["pulses", { pulses: 2 ** 53 }],
    ["pulses", { pulses: Number.NaN }],
    [
      "pulses",
      {
        pulses: 2 ** 52,
        timeline: { slotSeconds: 1e-9, quantumSlotsPerFrame: 1, referenceSlotsPerFrame: 9, guardSlots: 0 },
      },
    ],
    ["key[1]", { key: [0, -1] }],
    ["link", { link: 2 ** 32 }],
    ["alice.armTransmittance", { alice: sender({ armTransmittance: 1.1 }) }],
    ["bob.zWindowProbability", { bob: sender({ zWindowProbability: Number.NaN }) }],
    ["bob.meanPhotonNumbers[3]", { bob: sender({ meanPhotonNumbers: [0.5, 0, 0, -0.1, 0.3] }) }],
    ["alice.decoyProbabilities", { alice: sender({ decoyProbabilities: [0.5, 0.5, 0.1] }) }],
    ["left.efficiency", { left: detector({ efficiency: -0.1 }) }],
    ["right.noiseProbability", { right: detector({ noiseProbability: 2 }) }],
    ["right.afterpulseTimeConstantSeconds", { right: detector({ afterpulseProbability: 0.1 }) }],
    ["left.gateSeconds", { left: detector({ gateSeconds: 1 }) }],
    ["phases", { phases: 1 }],
    ["portFlipProbability", { portFlipProbability: 1.01 }],
    ["sliceWidthRad", { sliceWidthRad: 4 }],
    [
      "timeline.quantumSlotsPerFrame",
      { timeline: { slotSeconds: 1e-9, quantumSlotsPerFrame: 0, referenceSlotsPerFrame: 0, guardSlots: 0 } },
    ],
    ["drift.randomWalkRad2PerSecond", { drift: { randomWalkRad2PerSecond: -1 } }],
    [
      "drift.trace.phasesRad[1]",
      { drift: { trace: { stepSeconds: 1, phasesRad: Float64Array.of(0, Number.POSITIVE_INFINITY) } } },
    ],
    [
      "drift.ornsteinUhlenbeck[0].correlationTimeSeconds",
      { drift: { ornsteinUhlenbeck: [{ standardDeviationRad: 1, correlationTimeSeconds: 1e-9 }] } },
    ],
    ["tracking.gain", { tracking: { samplingSeconds: 1e-4, referenceCountsPerSample: 10, gain: 0 } }],
    [
      "tracking.latencySamples",
      { tracking: { samplingSeconds: 1e-4, referenceCountsPerSample: 10, latencySamples: 33 } },
    ],
  ];
  test.each(refused)("%s", async (parameter, change) => {
    await expect(PhotonCounter.create(brightRun(change), { source })).rejects.toMatchObject({
      code: "invalid-input",
      parameter,
    });
  });
});
