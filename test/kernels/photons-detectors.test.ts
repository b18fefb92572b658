/**
 * Detectors with memory against the slot-by-slot reference, at click rates where dead time, recovery, afterpulses, leaks
 * and reference light matter in most slots. Compared are whole distributions: settings x outcome, distances between clicks,
 * position in the frame. Each figure is a chi-square in its own standard deviations; a bound of 5 is passed by chance with
 * probability below 1e-4 a figure (chi-square tails are heavier than normal ones), seeds are fixed, and each case is followed by changes that must be seen.
 */
import { describe, expect, test } from "vitest";
import { type CountingRun, type DetectorRun, PhotonCounter } from "../../src/kernels/photons.ts";
import { bruteForce, frameHistogram, type GateShares, gapHistogram, twoSample } from "./photons-brute-force.ts";
import { brightRun, detector, sender, source } from "./photons-runs.ts";

const BOUND = 5;
const SLOT = 2e-9;
const whole: readonly [GateShares, GateShares] = [
  { own: 1, leak: 0 },
  { own: 1, leak: 0 },
];

interface Kernel {
  readonly counts: Float64Array;
  readonly slots: number[];
  readonly registered: readonly [number, number];
  readonly discarded: number;
}

async function kernel(run: CountingRun): Promise<Kernel> {
  using counter = await PhotonCounter.create(run, { source });
  const slots: number[] = [];
  for (let chunk = counter.next(); chunk !== null; chunk = counter.next())
    for (const slot of chunk.slot) slots.push(slot);
  const tallies = counter.tallies();
  return {
    counts: tallies.counts,
    slots,
    registered: tallies.registeredClicks,
    discarded: tallies.discardedClicks,
  };
}

/** Deviations of the three distributions and of the totals, in standard deviations. */
function compare(run: CountingRun, a: Kernel, b: Kernel): Record<string, number> {
  const quantum = run.timeline.quantumSlotsPerFrame;
  const total = (one: Kernel) => one.slots.length;
  const difference = (x: number, y: number) => (x - y) / Math.sqrt(x + y + 1);
  return {
    table: twoSample(a.counts, b.counts),
    gaps: twoSample(gapHistogram(a.slots, 80), gapHistogram(b.slots, 80)),
    frame: twoSample(frameHistogram(a.slots, quantum), frameHistogram(b.slots, quantum)),
    events: difference(total(a), total(b)),
    left: difference(a.registered[0], b.registered[0]),
    right: difference(a.registered[1], b.registered[1]),
    discarded: difference(a.discarded, b.discarded),
  };
}

function largest(found: Record<string, number>): number {
  return Math.max(...Object.values(found).map(Math.abs));
}

/** A run with clicks in about every sixth slot. */
function busy(change: Partial<DetectorRun>, more: Partial<CountingRun> = {}): CountingRun {
  const bright = sender({ armTransmittance: 0.9, zWindowProbability: 0.6, sendProbability: 0.5 });
  return brightRun({
    pulses: 600_000,
    alice: bright,
    bob: { ...bright, armTransmittance: 0.6 },
    left: detector({ efficiency: 0.7, noiseProbability: 0.002, ...change }),
    right: detector({ efficiency: 0.5, noiseProbability: 0.004, ...change }),
    timeline: { slotSeconds: SLOT, quantumSlotsPerFrame: 200, referenceSlotsPerFrame: 0, guardSlots: 0 },
    ...more,
  });
}

const framed = { slotSeconds: SLOT, quantumSlotsPerFrame: 200, referenceSlotsPerFrame: 150, guardSlots: 3 };

const cases: [name: string, base: Partial<DetectorRun>, run: Partial<CountingRun>, controls: Partial<DetectorRun>[]][] =
  [
    ["dead time", { deadTimeSeconds: 6 * SLOT }, {}, [{ deadTimeSeconds: 5 * SLOT }, { deadTimeSeconds: 7 * SLOT }]],
    [
      "recovery",
      {
        deadTimeSeconds: 3 * SLOT,
        recoveryCurve: [
          { delaySeconds: 3 * SLOT, relativeEfficiency: 0.1 },
          { delaySeconds: 12 * SLOT, relativeEfficiency: 1 },
        ],
      },
      {},
      [{ deadTimeSeconds: 3 * SLOT, recoveryCurve: [{ delaySeconds: 11 * SLOT, relativeEfficiency: 0.5 }] }],
    ],
    [
      "afterpulses",
      { afterpulseProbability: 0.2, afterpulseTimeConstantSeconds: 7 * SLOT },
      {},
      [
        { afterpulseProbability: 0.17, afterpulseTimeConstantSeconds: 7 * SLOT },
        { afterpulseProbability: 0.2, afterpulseTimeConstantSeconds: 14 * SLOT },
      ],
    ],
    [
      "all at once, in frames with a guard",
      {
        deadTimeSeconds: 4 * SLOT,
        recoveryCurve: [
          { delaySeconds: 5 * SLOT, relativeEfficiency: 0.3 },
          { delaySeconds: 9 * SLOT, relativeEfficiency: 0.8 },
        ],
        afterpulseProbability: 0.15,
        afterpulseTimeConstantSeconds: 20 * SLOT,
      },
      { timeline: framed },
      [{ deadTimeSeconds: 4 * SLOT, afterpulseProbability: 0.15, afterpulseTimeConstantSeconds: 20 * SLOT }],
    ],
  ];

describe("detectors with memory agree with the slot-by-slot reference", () => {
  test.each(cases)("%s", async (_, base, more, controls) => {
    const run = busy(base, more);
    const reference = bruteForce(run, whole, 0, 1);
    expect(largest(compare(run, await kernel(run), reference))).toBeLessThan(BOUND);
    for (const control of controls)
      expect(largest(compare(run, await kernel(busy(control, more)), reference))).toBeGreaterThan(BOUND);
  });

  test("timing jitter: light outside the gate is lost or clicks in the neighbouring slot", async () => {
    // Shares of a Gaussian in its own and one neighbouring gate, by summing the density itself.
    const jitter = 0.35;
    const gate = 0.8;
    const share = (from: number, to: number) => {
      let sum = 0;
      const points = 20_000;
      for (let i = 0; i < points; i++) {
        const x = from + ((i + 0.5) / points) * (to - from);
        sum += Math.exp((-x * x) / (2 * jitter * jitter)) / (jitter * Math.sqrt(2 * Math.PI)) / points;
      }
      return sum * (to - from);
    };
    const shares = { own: share(-gate / 2, gate / 2), leak: share(1 - gate / 2, 1 + gate / 2) };
    expect(shares.leak).toBeGreaterThan(0.03);
    const base = { timingJitterSeconds: jitter * SLOT, gateSeconds: gate * SLOT, deadTimeSeconds: 3 * SLOT };
    const run = busy(base);
    const reference = bruteForce(run, [shares, shares], 0, 2);
    expect(largest(compare(run, await kernel(run), reference))).toBeLessThan(BOUND);
    for (const control of [
      { ...base, timingJitterSeconds: 0.25 * SLOT },
      { ...base, timingJitterSeconds: 0 },
    ])
      expect(largest(compare(run, await kernel(busy(control)), reference))).toBeGreaterThan(BOUND);
  });

  test("reference light: dead time and afterpulses reach across the guard", async () => {
    const hit = 0.2;
    const base: Partial<DetectorRun> = {
      efficiency: 0.6,
      noiseProbability: 0.001,
      deadTimeSeconds: 12 * SLOT,
      recoveryCurve: [
        { delaySeconds: 12 * SLOT, relativeEfficiency: 0.2 },
        { delaySeconds: 20 * SLOT, relativeEfficiency: 1 },
      ],
      afterpulseProbability: 0.05,
      afterpulseTimeConstantSeconds: 30 * SLOT,
    };
    const dim = sender({ armTransmittance: 0.1, zWindowProbability: 0.8 });
    const windowSlots = 356 * 100;
    const tracking = {
      samplingSeconds: windowSlots * SLOT,
      referenceCountsPerSample: 2 * hit * windowSlots * (150 / 356),
    };
    const change: Partial<CountingRun> = { pulses: 3_000_000, alice: dim, bob: dim, timeline: framed, tracking };
    const run = busy(base, change);
    const reference = bruteForce(run, whole, hit, 3);
    expect(largest(compare(run, await kernel(run), reference))).toBeLessThan(BOUND);
    const controls: [Partial<DetectorRun>, Partial<CountingRun>][] = [
      [base, { tracking: { ...tracking, referenceCountsPerSample: tracking.referenceCountsPerSample / 10 } }],
      [base, { timeline: { ...framed, guardSlots: 9 } }],
      [{ ...base, afterpulseProbability: 0.02 }, {}],
    ];
    for (const [detectors, more] of controls)
      expect(largest(compare(run, await kernel(busy(detectors, { ...change, ...more })), reference))).toBeGreaterThan(
        BOUND,
      );
    // The live fraction by formula: one click in sum S(x) slots, a little more at the start of each section.
    let survival = 1;
    let interval = 12;
    for (let age = 12; age < 2000; age++) {
      survival *= 1 - hit * Math.min(0.2 + (0.8 * (age - 12)) / 8, 1);
      interval += survival;
    }
    const clicks = reference.referenceClicks / (2 * 150 * (run.pulses / 200));
    expect(clicks * interval).toBeGreaterThan(1);
    expect(clicks * interval).toBeLessThan(1.1);
  });
});
