import { describe, expect, it } from "vitest";
import { TwincombError } from "../../src/errors.ts";
import {
  expectedCounts,
  keyLength,
  type ObservedCounts,
  type ProtocolSettings,
  symmetricLink,
  symmetricSettings,
  withIntensityAccuracy,
} from "../../src/protocol/index.ts";

const free = { x1: 0.048, x2: 0.26, zSend: 0.34, zWindow: 0.88, send: 0.038, p0: 0.03, p1: 0.94, sliceWidthRad: 0.35 };
const link = symmetricLink({
  transmittance: 10 ** -6.105,
  detectorEfficiency: 0.35,
  noiseProbability: 1e-8,
  misalignment: 0.03,
});
const settings = symmetricSettings(free, 35);
const counts = expectedCounts(settings, link, 1e12);

/** The error a call throws. */
function thrown(action: () => unknown): TwincombError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(TwincombError);
    return error as TwincombError;
  }
  throw new Error("nothing was thrown");
}

const plain: ObservedCounts = (({ gains: _, ...rest }) => rest)(counts);
const edited = (change: (c: ObservedCounts) => Partial<ObservedCounts>): ObservedCounts => ({
  ...plain,
  ...change(plain),
});

describe("key length from counts", () => {
  it("has a bill of bits that sums to the key and a bill of epsilons that sums to the total", () => {
    const key = keyLength(counts);
    expect(key.keyLength).toBeGreaterThan(1e5);
    expect(Math.floor(key.account.bits.reduce((sum, line) => sum + line.bits, 0))).toBe(key.keyLength);
    const spent = key.account.epsilons.reduce((sum, line) => sum + line.multiplicity * line.each, 0);
    expect(spent).toBe(key.account.epsilonTotal);
    expect(key.keyRatePerPulse).toBe(key.keyLength / 1e12);
    expect(key.bounds.phaseError).toBeGreaterThan(key.bounds.phaseErrorExpected);
    expect(key.bounds.untagged).toBeLessThan(key.bounds.untaggedExpected);
  });

  it("charges every bound it used and no other: 20 xi with ideal vacuum", () => {
    const ideal = expectedCounts(symmetricSettings(free), link, 1e12);
    const key = keyLength(ideal, { failureProbability: 1e-10 });
    // epsilon-bar: errors, vacuum, real phase errors; epsilon_n1 here: gained, two groups lost, real number.
    expect(key.account.epsilonTotal).toBeCloseTo((1 + 2 + 4 * 3 + 1 + 4) * 1e-10, 20);
  });

  it("meets a total failure probability exactly", () => {
    const key = keyLength(counts, { totalFailureProbability: 2.2e-9 });
    expect(key.account.epsilonTotal / 2.2e-9).toBeCloseTo(1, 12);
    expect(thrown(() => keyLength(counts, { totalFailureProbability: 1e-9, failureProbability: 1e-10 })).code).toBe(
      "invalid-input",
    );
  });

  it("subtracts what was really disclosed, tags and authentication", () => {
    const forecast = keyLength(counts, { leak: { efficiency: 1.15 } });
    const leak = -forecast.account.bits.find((line) => line.name === "error correction")!.bits;
    const real = keyLength(counts, {
      leak: { disclosedBits: leak + 1000 },
      verificationTagBits: 64,
      authenticationBits: 500,
    });
    const ideal = 1 + Math.log2(1e10);
    expect(forecast.keyLength - real.keyLength).toBeCloseTo(1000 + (64 - ideal) + 500, -0.5);
  });

  it("counts a disclosed sample as a smaller key, not as more knowledge of it", () => {
    const sampled = expectedCounts({ ...settings, sampleFraction: 0.1 }, link, 1e12);
    const key = keyLength(sampled);
    const whole = keyLength(counts);
    expect(key.bounds.rawBits / whole.bounds.rawBits).toBeCloseTo(0.9, 9);
    expect(key.bounds.untaggedExpected / whole.bounds.untaggedExpected).toBeCloseTo(0.9, 9);
    expect(key.bounds.rawErrorRate!).toBeCloseTo(whole.bounds.rawErrorRate!, 6);
  });

  it("pays for intensities that are known to 1 % only, and refuses pairs outside the security condition", () => {
    const vague: ProtocolSettings = {
      ...settings,
      alice: withIntensityAccuracy(settings.alice, 0.01),
      bob: withIntensityAccuracy(settings.bob, 0.01),
    };
    const key = keyLength({ ...counts, settings: vague });
    expect(key.keyLength).toBeLessThan(keyLength(counts).keyLength);
    expect(key.keyLength).toBeGreaterThan(0);
    const brighter = { ...settings.bob, intensities: { ...settings.bob.intensities, x1: 0.05 } };
    const error = thrown(() => keyLength({ ...counts, settings: { ...settings, bob: brighter } }));
    expect(error.message).toMatch(/security condition/);
    const excused = {
      ...vague,
      bob: { ...withIntensityAccuracy(settings.bob, 0.01), intensities: { ...settings.bob.intensities, x1: 0.0482 } },
    };
    expect(() => keyLength({ ...counts, settings: excused })).not.toThrow();
  });

  it("gives no key, not a negative one, when there is nothing to distil", () => {
    const dark = expectedCounts(settings, { ...link, transmittanceAlice: 0, transmittanceBob: 0 }, 1e12);
    expect(keyLength(dark).keyLength).toBe(0);
    const none = edited((c) => ({
      counts: c.counts.map((row) => ({ ...row, left: 0, right: 0, both: 0 })),
      slices: { accepted: 0, wrong: 0 },
    }));
    expect(keyLength(none, { leak: { disclosedBits: 0 } }).keyLength).toBe(0);
  });

  it("works on X-X slots alone where slots of unequal windows were not counted, with less data", () => {
    const inX = (name: string): boolean => name.startsWith("x");
    const scaled = edited((c) => ({
      counts: c.counts.map((row) => ({ ...row, left: 100 * row.left, right: 100 * row.right })),
      slices: { accepted: 100 * c.slices.accepted, wrong: 100 * c.slices.wrong },
      pulses: 1e14,
    }));
    const less = { ...scaled, counts: scaled.counts.filter((row) => inX(row.alice) === inX(row.bob)) };
    const options = { leak: { efficiency: 1.1, errorRate: 0.048 } };
    const ratio = keyLength(less, options).keyLength / keyLength(scaled, options).keyLength;
    expect(ratio).toBeGreaterThan(0.3);
    expect(ratio).toBeLessThan(0.95);
  });

  it("takes Z-Z slots as one row or as four, with the same result", () => {
    const isZ = (name: string): boolean => name.startsWith("z");
    const inZ = plain.counts.filter((row) => isZ(row.alice) && isZ(row.bob));
    const sum = (port: "left" | "right" | "both"): number => inZ.reduce((total, row) => total + row[port], 0);
    const merged = edited((c) => ({
      counts: [
        ...c.counts.filter((row) => !inZ.includes(row)),
        { alice: "z", bob: "z", left: sum("left"), right: sum("right"), both: sum("both") },
      ],
    }));
    expect(keyLength(merged).keyLength).toBe(keyLength(counts).keyLength);
  });
});

describe("counts that cannot be are refused with the path of the value", () => {
  const cases: [string, (c: ObservedCounts) => Partial<ObservedCounts>, string][] = [
    ["more wrong than accepted", () => ({ slices: { accepted: 10, wrong: 11 } }), "slices.wrong"],
    ["more accepted than x1-x1 clicks", () => ({ slices: { accepted: 1e12, wrong: 1 } }), "slices.accepted"],
    ["more clicks than pulses", () => ({ pulses: 1e3 }), "counts[0].left"],
    ["a negative count", (c) => ({ counts: c.counts.with(7, { ...c.counts[7]!, right: -1 }) }), "counts[7].right"],
    ["NaN", (c) => ({ counts: c.counts.with(3, { ...c.counts[3]!, both: Number.NaN }) }), "counts[3].both"],
    ["a missing class", (c) => ({ counts: c.counts.filter((r) => r.bob !== "x2") }), "counts"],
    [
      "some rows of a class",
      (c) => ({ counts: c.counts.filter((r) => r.alice !== "z-not" || r.bob !== "x2") }),
      "counts",
    ],
    [
      "three of four Z-Z rows",
      (c) => ({ counts: c.counts.filter((r) => r.alice !== "z-not" || r.bob !== "z-send") }),
      "counts",
    ],
    ["no x1-x1 row", (c) => ({ counts: c.counts.filter((r) => r.alice !== "x1" || r.bob !== "x1") }), "counts"],
    ["a pair twice", (c) => ({ counts: [...c.counts, c.counts[4]!] }), "counts[25]"],
    [
      "an unknown setting",
      (c) => ({ counts: c.counts.with(0, { ...c.counts[0]!, bob: "y" as "x0" }) }),
      "counts[0].bob",
    ],
    [
      "probabilities that miss 1",
      ({ settings: s }) => ({
        settings: { ...s, bob: { ...s.bob, probabilities: { ...s.bob.probabilities, x2: 0.5 } } },
      }),
      "settings.bob.probabilities",
    ],
    [
      "intensities out of order",
      ({ settings: s }) => ({
        settings: { ...s, alice: { ...s.alice, intensities: { ...s.alice.intensities, x1: 1e-5 } } },
      }),
      "settings.alice.intensities.x1",
    ],
    [
      "clicks of a setting that is never chosen",
      ({ settings: s }) => {
        const probabilities = {
          ...s.alice.probabilities,
          x0: s.alice.probabilities.x0 + s.alice.probabilities.x2,
          x2: 0,
        };
        return { settings: { ...s, alice: { ...s.alice, probabilities } } };
      },
      "counts[20]",
    ],
    ["no slice", (c) => ({ settings: { ...c.settings, sliceWidthRad: 0 } }), "settings.sliceWidthRad"],
    ["a sample with more errors than events", () => ({ sample: { events: 5, errors: 6 } }), "sample.errors"],
  ];
  it.each(cases)("%s", (_name, change, path) => {
    const error = thrown(() => keyLength(edited(change)));
    expect(error.code).toBe("invalid-input");
    expect(error.parameter).toBe(path);
  });

  it("more clicks than pulses in all rows together", () => {
    const many = edited((c) => ({ counts: c.counts.map((row) => ({ ...row, left: 9e10 })) }));
    expect(thrown(() => keyLength(many)).message).toMatch(/no more clicks than pulses/);
  });
});
