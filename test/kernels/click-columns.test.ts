import { describe, expect, it } from "vitest";
import { bitAt } from "../../src/bits.ts";
import { ClickCollector, type ClickColumns, type CodePlanes } from "../../src/kernels/click-columns.ts";
import { PhotonCounter } from "../../src/kernels/photons.ts";
import { brightRun, sender } from "./photons-runs.ts";

/** What the columns say, one entry an event. */
interface Plain {
  readonly detector: number[];
  readonly alice: number[];
  readonly bob: number[];
  readonly phases: number[][];
}

function plain({ events, right, alice, bob, ...phases }: ClickColumns): Plain {
  const codes = (planes: CodePlanes) =>
    Array.from({ length: events }, (_, e) => planes.reduce((code, plane, j) => code | (bitAt(plane, e) << j), 0));
  return {
    detector: Array.from({ length: events }, (_, e) => bitAt(right, e)),
    alice: codes(alice),
    bob: codes(bob),
    phases: [phases.alicePhases, phases.bobPhases, phases.corrections].map((column) => [...column]),
  };
}

/** Counts a run and collects its clicks in blocks that end at some slots. */
async function collected(run: ReturnType<typeof brightRun>, ends: readonly number[]): Promise<ClickColumns[]> {
  using counter = await PhotonCounter.create(run);
  return ends.map((end) => {
    const collector = new ClickCollector(100);
    while (counter.collect(collector, end));
    return collector.finish();
  });
}

describe("columns of clicks", () => {
  // Some half million clicks: more than the kernel holds at once.
  const bright = sender({ armTransmittance: 0.9 });
  const run = brightRun({ pulses: 3_000_000, alice: bright, bob: bright });

  it("hold the events that chunks hold, wherever a run is cut into blocks", async () => {
    using counter = await PhotonCounter.create(run);
    const slots: number[] = [];
    const whole: Plain = { detector: [], alice: [], bob: [], phases: [[], [], []] };
    for (let chunk = counter.next(); chunk !== null; chunk = counter.next()) {
      const { xx } = chunk;
      for (let e = 0; e < chunk.length; e++) {
        slots.push(chunk.slot[e]!);
        whole.detector.push(chunk.detector[e]!);
        whole.alice.push(chunk.aliceSetting[e]!);
        whole.bob.push(chunk.bobSetting[e]!);
      }
      for (let j = 0; j < xx.event.length; j++) {
        whole.phases[0]!.push(xx.alicePhase[j]!);
        whole.phases[1]!.push(xx.bobPhase[j]!);
        whole.phases[2]!.push(xx.phaseCorrection[j]!);
      }
    }
    expect(slots.length).toBeGreaterThan(300_000);
    for (const ends of [[run.pulses], [0, 1, 777, 1_000_003, 1_000_004, 2_999_999, run.pulses, run.pulses]]) {
      const blocks = (await collected(run, ends)).map(plain);
      ends.forEach((end, i) => {
        expect(blocks[i]!.detector.length).toBe(
          slots.filter((slot) => slot < end && slot >= (ends[i - 1] ?? 0)).length,
        );
      });
      expect(blocks.flatMap(({ detector }) => detector)).toEqual(whole.detector);
      expect(blocks.flatMap(({ alice }) => alice)).toEqual(whole.alice);
      expect(blocks.flatMap(({ bob }) => bob)).toEqual(whole.bob);
      for (const column of [0, 1, 2]) {
        expect(blocks.flatMap(({ phases }) => phases[column]!)).toEqual(whole.phases[column]);
      }
    }
  });

  it("leave unused bits 0", async () => {
    for (const { events, right, alice, bob } of await collected(run, [4000, 4003, 4099])) {
      for (const column of [right, ...alice, ...bob]) {
        expect(column.length).toBe(Math.ceil(events / 8));
        expect((column.at(-1) ?? 0) >> (events % 8 || 8)).toBe(0);
      }
    }
  });
});
