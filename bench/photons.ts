/**
 * Photon counting: pulses and clicks a second at the default network's settings, the cost of a tracking sample, and the
 * ratio to looking at every slot, in WebAssembly and in plain TypeScript.
 */

import { type KernelSource, kernelModule } from "../src/kernels/modules.ts";
import { type CountingRun, PhaseTracker, PhotonCounter } from "../src/kernels/photons.ts";
import { loadPhotons, prepareRun } from "../src/kernels/photons-kernel.ts";
import { countingRun, planNetwork, weiming } from "../src/network/index.ts";
import { bruteForce } from "../test/kernels/photons-brute-force.ts";
import { type BenchRow, benchmark } from "./harness.ts";

/** First pair of the default network: 370 km. */
async function defaultRun(pulses: number): Promise<CountingRun> {
  const scenario = weiming({ pulses, pairing: "none" });
  const { pair, budget } = (await planNetwork(scenario)).links[0]!;
  return countingRun(scenario, pair, budget);
}

/** The same link with the settings of paired sending-or-not-sending: more clicks a pulse. */
async function pairedRun(pulses: number): Promise<CountingRun> {
  const run = await defaultRun(pulses);
  const settings = {
    meanPhotonNumbers: [0.495, 1e-4, 1e-4, 0.0615, 0.328] as const,
    zWindowProbability: 0.887,
    sendProbability: 0.278,
    decoyProbabilities: [0.046, 0.917, 0.037] as const,
  };
  return { ...run, alice: { ...run.alice, ...settings }, bob: { ...run.bob, ...settings } };
}

/** Counts a whole run through the entry point that sessions use, every event copied out. */
async function count(run: CountingRun, source: KernelSource): Promise<number> {
  using counter = await PhotonCounter.create(run, { source, rawBits: false });
  let events = 0;
  for (let chunk = counter.next(); chunk !== null; chunk = counter.next()) events += chunk.length;
  return events;
}

export async function run(): Promise<BenchRow[]> {
  const source = await kernelModule("photons");
  const slots = 1_000_000;
  // A few tenths of a second each: loading the kernel must not count.
  const plain = await defaultRun(1e12);
  const paired = await pairedRun(1e11);
  const whole = [
    { own: 1, leak: 0 },
    { own: 1, leak: 0 },
  ] as const;
  const kernel = await loadPhotons(source);
  const { state } = prepareRun(kernel, plain, [], false);
  const rate = ["Mpulse/s", 1e6] as const;
  const rows = await benchmark("photons: 370 km, pulses looked at, by slot and by event", [
    {
      name: "plain TypeScript, 1e6 slots",
      run: () => void bruteForce({ ...plain, pulses: slots }, whole, 0, 1),
      units: slots,
      rate,
    },
    {
      name: "WebAssembly slot by slot, 1e6 slots",
      run: () => kernel.exports.countSlotBySlot(state.pointer, slots),
      units: slots,
      rate,
    },
    {
      name: "event-driven, default settings, 1e12 pulses",
      run: async () => void (await count(plain, source)),
      units: plain.pulses,
      rate,
      goal: 3e5,
    },
    {
      name: "event-driven, paired settings, 1e11 pulses",
      run: async () => void (await count(paired, source)),
      units: paired.pulses,
      rate,
      goal: 3e5,
    },
  ]);

  const clicks = ["Mclick/s", 1e6] as const;
  rows.push(
    ...(await benchmark("photons: clicks", [
      {
        name: "default settings, 1e12 pulses, events copied out",
        run: async () => void (await count(plain, source)),
        units: await count(plain, source),
        rate: clicks,
        goal: 40,
      },
      {
        name: "paired settings, 1e11 pulses, events copied out",
        run: async () => void (await count(paired, source)),
        units: await count(paired, source),
        rate: clicks,
        goal: 40,
      },
    ])),
  );

  const samples = 1_000_000;
  /** Mean distance, in windows, between the windows in which the default network needs a phase. */
  using counter = await PhotonCounter.create({ ...plain, pulses: 1e10 }, { source });
  let more = true;
  while (more) more = counter.skip() !== null;
  const { trackingSamples, trackingSamplesDrawn } = counter.tallies();
  const stride = Math.max(Math.round(trackingSamples / trackingSamplesDrawn), 1);
  const walking = { ...plain, drift: { ...plain.drift, randomWalkRad2PerSecond: 1 } };
  const follow = async (tracked: CountingRun, step: number) => {
    using tracker = await PhaseTracker.create(tracked, { source });
    for (let window = 0; window < samples; window += step) tracker.follow(window);
  };
  const looped = { ...walking, tracking: { ...walking.tracking!, gain: 0.5 } };
  rows.push(
    ...(await benchmark("photons: tracking samples (50 Msample/s are 20 ns a sample)", [
      {
        name: `one window in ${stride} asked for, as by default, 1e6`,
        run: () => follow(plain, stride),
        units: samples,
        rate: ["Msample/s", 1e6],
        goal: 50,
      },
      {
        name: `the same with a random walk, 1e6`,
        run: () => follow(walking, stride),
        units: samples,
        rate: ["Msample/s", 1e6],
        goal: 50,
      },
      {
        name: "every window drawn, random walk, loop gain 0.5, 1e6",
        run: () => follow(looped, 1),
        units: samples,
        rate: ["Msample/s", 1e6],
      },
    ])),
  );
  return rows;
}
