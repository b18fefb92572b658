import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BitWriter, bitAt } from "../../src/bits.ts";
import { packCodes, phasesFromBytes, phasesToBytes } from "../../src/distillation/records.ts";
import { announcedCounts, announcedSettings, jointWindows, rawKey, zWindows } from "../../src/distillation/sifting.ts";
import { PackedBits } from "../../src/kernels/packed-bits.ts";
import { SETTING, SETTING_NAMES } from "../../src/kernels/photons-run.ts";
import { withIntensityAccuracy } from "../../src/protocol/settings.ts";

const user = withIntensityAccuracy(
  {
    intensities: { zSend: 0.4, zNot: 1e-4, x0: 1e-4, x1: 0.05, x2: 0.3 },
    probabilities: { zWindow: 0.9, send: 0.04, x0: 0.03, x1: 0.94, x2: 0.03 },
  },
  0.01,
);
const settings = { alice: user, bob: user, sliceWidthRad: 0.4 };

/** What happened in one announced slot; phases are nature's, whether or not anyone writes them down. */
const event = fc.record({
  a: fc.integer({ min: 0, max: 4 }),
  b: fc.integer({ min: 0, max: 4 }),
  right: fc.boolean(),
  alice: fc.integer({ min: 0, max: 65_535 }),
  bob: fc.integer({ min: 0, max: 65_535 }),
  correction: fc.integer({ min: 0, max: 65_535 }),
});
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

const strings = await PackedBits.load();

const isX = (setting: number) => setting >= SETTING.x0;

function sift(events: readonly Event[]) {
  const xx = events.filter(({ a, b }) => isX(a) && isX(b));
  const right = new BitWriter();
  for (const e of events) right.push(e.right ? 1 : 0);
  const alice = {
    events: events.length,
    settings: packCodes(Uint8Array.from(events, ({ a }) => a)),
    phases: Uint16Array.from(xx, (e) => e.alice),
  };
  const bob = {
    events: events.length,
    settings: packCodes(Uint8Array.from(events, ({ b }) => b)),
    phases: Uint16Array.from(xx, (e) => e.bob),
  };
  const [zAlice, zBob] = [zWindows(alice), zWindows(bob)];
  const windows = jointWindows(zAlice, zBob, events.length);
  const counts = announcedCounts(
    strings,
    {
      detections: { type: "detections", events: events.length, right: right.packed() },
      zAlice,
      zBob,
      windows,
      alice: announcedSettings(strings, alice, windows),
      bob: announcedSettings(strings, bob, windows),
      corrections: {
        type: "corrections",
        phases: phasesToBytes(Uint16Array.from(xx, (e) => e.correction)),
      },
    },
    settings,
    1e9,
  );
  return {
    counts,
    alice: rawKey(strings, alice, windows, SETTING.zSend),
    bob: rawKey(strings, bob, windows, SETTING.zNot),
  };
}

describe("sifting", () => {
  it("counts what a clerk with both notebooks would count, and tells Z-Z events apart for nobody", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        const { counts } = sift(events);
        for (const row of counts.counts) {
          const mine = events.filter(({ a, b }) =>
            row.alice === "z" ? !isX(a) && !isX(b) : SETTING_NAMES[a] === row.alice && SETTING_NAMES[b] === row.bob,
          );
          expect(row.right).toBe(mine.filter((e) => e.right).length);
          expect(row.left + row.right).toBe(mine.length);
        }
        expect(counts.counts.filter(({ alice, bob }) => /^z/.test(alice) && /^z/.test(bob))).toHaveLength(1);
      }),
    );
  });

  it("accepts and judges slices as the angle between announced phases says", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        const { counts } = sift(events);
        const half = Math.round((0.4 / (4 * Math.PI)) * 65_536);
        let [accepted, wrong] = [0, 0];
        for (const e of events.filter(({ a, b }) => a === SETTING.x1 && b === SETTING.x1)) {
          // Announced difference as a number in [-32768, 32768).
          const d = ((((e.alice - e.bob + e.correction) % 65_536) + 98_304) % 65_536) - 32_768;
          const around0 = d >= -half && d < half;
          const aroundPi = d >= 32_768 - half || d < -32_768 + half;
          if (around0 || aroundPi) accepted++;
          if ((around0 && e.right) || (aroundPi && !e.right)) wrong++;
        }
        expect(counts.slices).toEqual({ accepted, wrong });
      }),
    );
  });

  it("makes equal raw bits exactly where one sent and the other did not", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        const { alice, bob } = sift(events);
        const zz = events.filter(({ a, b }) => !isX(a) && !isX(b));
        expect([alice.bits, bob.bits]).toEqual([zz.length, zz.length]);
        zz.forEach(({ a, b }, i) => {
          expect(bitAt(alice.key, i)).toBe(a === SETTING.zSend ? 1 : 0);
          expect(bitAt(alice.key, i) === bitAt(bob.key, i)).toBe((a === SETTING.zSend) !== (b === SETTING.zSend));
        });
      }),
    );
  });

  it("refuses announcements that contradict each other", () => {
    const events = [{ a: SETTING.x1, b: SETTING.x1, right: false, alice: 0, bob: 0, correction: 0 }];
    const z = Uint8Array.of(0);
    const said = (code: number) => ({
      type: "settings" as const,
      codes: packCodes(Uint8Array.of(code)),
      phases: new Uint8Array(2),
    });
    const announce = (code: number, phases: number) => () =>
      announcedCounts(
        strings,
        {
          detections: { type: "detections", events: events.length, right: z },
          zAlice: z,
          zBob: z,
          windows: jointWindows(z, z, events.length),
          alice: said(code),
          bob: said(SETTING.x1),
          corrections: { type: "corrections", phases: new Uint8Array(phases) },
        },
        settings,
        1e9,
      );
    expect(announce(SETTING.x1, 2)).not.toThrow();
    expect(announce(SETTING.zSend, 2)).toThrow(/contradict/);
    expect(announce(7, 2)).toThrow(/contradict/);
    expect(announce(SETTING.x1, 4)).toThrow(/phases/);
  });

  it("phases survive the wire", () => {
    fc.assert(
      fc.property(fc.uint16Array(), (phases) => {
        expect(phasesFromBytes(phasesToBytes(phases))).toEqual(Uint16Array.from(phases));
      }),
    );
  });
});
