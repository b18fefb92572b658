import { describe, expect, it } from "vitest";
import { bitAt } from "../../src/bits.ts";
import { cutSample, samplingProbability } from "../../src/distillation/error-sample.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";

const bits = 200_000;
const key = new PhiloxStream(philoxKey("key"), PURPOSE.photons, 0).fill(new Uint8Array(bits / 8));
const raw = { bits, key };

describe("the error sample", () => {
  it("cuts the key in two and loses nothing: sample and rest interleave to the key", () => {
    const { sample, kept } = cutSample(raw, philoxKey("choice"), 1 / 64);
    expect(sample.bits + kept.bits).toBe(bits);
    // The same choice applied to the positions themselves tells which bit went where.
    const marks = cutSample({ bits, key: new Uint8Array(bits / 8).fill(0b10101010) }, philoxKey("choice"), 1 / 64);
    expect([marks.sample.bits, marks.kept.bits]).toEqual([sample.bits, kept.bits]);
    let ones = 0;
    for (let i = 0; i < sample.bits; i++) ones += bitAt(sample.key, i);
    for (let i = 0; i < kept.bits; i++) ones += bitAt(kept.key, i);
    let all = 0;
    for (let i = 0; i < bits; i++) all += bitAt(key, i);
    expect(ones).toBe(all);
  });

  it.each([0, 1 / 64, 0.1, 0.5])("takes the share %d within five standard deviations", (probability) => {
    const p = samplingProbability(probability);
    const { sample } = cutSample(raw, philoxKey("choice"), p);
    // Two-sided, false alarm 6e-7 each; a share wrong by 0.02 is at least 17 deviations off.
    expect(Math.abs(sample.bits - bits * p)).toBeLessThanOrEqual(5 * Math.sqrt(bits * p * (1 - p)));
    const control = Math.abs(sample.bits - bits * (p + 0.02));
    expect(control).toBeGreaterThan(5 * Math.sqrt(bits * p * (1 - p)));
  });

  it("depends on the choice", () => {
    const one = cutSample(raw, philoxKey("one"), 1 / 64).sample.key;
    const two = cutSample(raw, philoxKey("two"), 1 / 64).sample.key;
    expect(one).not.toEqual(two);
  });
});
