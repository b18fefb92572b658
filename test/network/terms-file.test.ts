import { describe, expect, it } from "vitest";
import type { Terms } from "../../src/distillation/terms.ts";
import type { TwincombError } from "../../src/errors.ts";
import { agreedTerms } from "../../src/network/agreement.ts";
import { parseTerms, termsJsonSchema, termsToFile } from "../../src/network/records/terms-file.ts";
import { declaredSettings } from "../../src/network/scenario/declared.ts";
import { weiming } from "../../src/network/scenario/presets/weiming.ts";

const link = {
  name: "A1-B1",
  index: 3,
  wavelengthNm: 1550.1,
  distanceKm: 370,
  fibreLossDb: 70.5,
  quantumSlotRateHz: 5e8,
};

/** What a pair of the preset agrees on. */
function termsOf(pairing: "none" | "active"): Terms {
  const scenario = weiming({ pairing });
  return agreedTerms(scenario, { pulses: 1e12, settings: declaredSettings(scenario, scenario.pairs[0]!) });
}

/** A terms file as JSON gives it back, with one value replaced by path; an undefined value removes. */
function file(path: string, value: unknown): unknown {
  const whole = JSON.parse(JSON.stringify(termsToFile({ link, terms: termsOf("active") })));
  const keys = path.split(".");
  const last = keys.pop()!;
  keys.reduce((node, key) => node[key], whole)[last] = value;
  return whole;
}

function refusal(path: string, value: unknown): TwincombError {
  try {
    parseTerms(file(path, value));
  } catch (error) {
    return error as TwincombError;
  }
  throw new Error("the terms were accepted");
}

describe("terms files", () => {
  it.each(["none", "active"] as const)("say exactly what was agreed, pairing: %s", (pairing) => {
    const agreed = { link, terms: termsOf(pairing) };
    expect(parseTerms(JSON.parse(JSON.stringify(termsToFile(agreed))))).toEqual(agreed);
  });

  it("accept what is left out where a value is understood", () => {
    const { link: without } = parseTerms(file("link.index", undefined));
    expect(without).toEqual({ ...link, index: 0 });
    expect(parseTerms(file("settings.sampleFraction", undefined)).terms.settings.sampleFraction).toBe(0);
  });

  it("round the slice to whole units of phase and the sample to whole 65536ths, as both users will", () => {
    const { terms } = parseTerms(file("settings.sliceWidthRad", 0.3500001));
    expect((terms.settings.sliceWidthRad * 65_536) / (4 * Math.PI)).toBeCloseTo(1825, 9);
    expect(parseTerms(file("settings.sampleFraction", 0.01)).terms.settings.sampleFraction).toBe(655 / 65_536);
  });

  it.each<[string, unknown, RegExp]>([
    ["pulses", 0.5, /pulses: expected a whole number/],
    ["pulses", undefined, /pulses: expected .*found nothing/],
    ["version", 2, /version: expected 1/],
    ["paring", "active", /paring: unknown key; did you mean "pairing"/],
    ["pairing", "yes", /pairing: expected "none" or "active" or "random"/],
    ["failureProbability", 0, /failureProbability/],
    ["settings.sliceWidthRad", 1e-5, /settings\.sliceWidthRad: expected at least/],
    ["settings.alice.probabilities.x2", 0.5, /settings\.alice\.probabilities: expected x0, x1 and x2 that sum to 1/],
    ["settings.bob.intervals.x1", [0.06, 0.07], /settings\.bob\.intervals\.x1/],
    ["settings.bob.intensities.x1", 0.09, /settings\.bob/],
    ["settings.alice.interval", {}, /settings\.alice\.interval: unknown key; did you mean "intervals"/],
    ["link.fibreLossDb", -1, /link\.fibreLossDb/],
    ["link.wavelengthUm", 1.55, /link\.wavelengthUm: unknown key/],
  ])("refuse %s = %j", (path, value, message) => {
    const error = refusal(path, value);
    expect(error.code).toBe("invalid-input");
    expect(error.message).toMatch(message);
  });

  it("refuse intensities that nothing inside their intervals makes secure", () => {
    const input = file("version", 1) as {
      settings: { bob: { intensities: { x1: number }; intervals: { x1: number[] } } };
    };
    input.settings.bob.intensities.x1 *= 1.2;
    input.settings.bob.intervals.x1 = input.settings.bob.intervals.x1.map((mu) => 1.2 * mu);
    expect(() => parseTerms(input)).toThrow(/security condition/);
  });

  it("refuse keys without pairing and without a sample", () => {
    const input = file("pairing", "none") as { settings: { sampleFraction: number } };
    input.settings.sampleFraction = 0;
    expect(() => parseTerms(input)).toThrow(/settings\.sampleFraction/);
  });

  it("have a JSON Schema that says what must be there", () => {
    const schema = termsJsonSchema() as { required: string[]; properties: { settings: { required: string[] } } };
    expect(schema.required).toEqual(["version", "link", "pulses", "settings", "pairing", "failureProbability"]);
    expect(schema.properties.settings.required).toEqual(["alice", "bob", "sliceWidthRad"]);
  });
});
