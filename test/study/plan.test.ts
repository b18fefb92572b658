import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TwincombError } from "../../src/errors.ts";
import { canonicalJson } from "../../src/study/canonical.ts";
import { parseStudy, planStudy, type StudyPlan } from "../../src/study/index.ts";
import { REACH } from "./fixtures.ts";

function plan(changes: object = {}): StudyPlan {
  return planStudy(parseStudy({ ...REACH, ...changes }));
}

function refusal(changes: object): string {
  try {
    plan(changes);
  } catch (error) {
    expect(error).toBeInstanceOf(TwincombError);
    expect((error as TwincombError).code).toBe("invalid-input");
    return (error as TwincombError).message;
  }
  throw new Error("the study was accepted");
}

const one = (axis: object) => ({ axes: [axis] });
const LOSS = "fibre.lossDbPerKm";

describe("points of a study", () => {
  it("are every combination, the last axis fastest", () => {
    const study = plan();
    expect(study.points).toBe(12);
    const list = Array.from({ length: 12 }, (_, i) => Object.values(study.pointAt(i).values));
    const expected = [0.16, 0.18, 0.2].flatMap((loss) => [50, 100, 150, 200].map((km) => [loss, km]));
    expect(list).toEqual(expected);
  });

  it("put their values at every place of their paths, and leave the base alone", () => {
    const study = plan();
    const before = canonicalJson(study.pointAt(0).subject);
    const { fibre, clients } = study.pointAt(11).subject as {
      fibre: { lossDbPerKm: number };
      clients: { upLinkKm: number }[];
    };
    expect(fibre.lossDbPerKm).toBe(0.2);
    expect(new Set(clients.map(({ upLinkKm }) => upLinkKm))).toEqual(new Set([200]));
    expect(canonicalJson(study.pointAt(0).subject)).toBe(before);
  });

  it("step evenly on linear and logarithmic ranges, both ends exact, whole where only whole numbers fit", () => {
    const values = (axis: object) => {
      const study = plan(one(axis));
      return Array.from({ length: study.points }, (_, i) => Object.values(study.pointAt(i).values)[0]);
    };
    expect(values({ path: LOSS, linear: { from: 0.1, to: "0.3 dB/km", points: 3 } })).toEqual([0.1, 0.2, 0.3]);
    expect(values({ path: "detector.darkCountRateHz", log: { from: "1 Hz", to: "1 kHz", points: 4 } })).toEqual([
      1, 10, 100, 1000,
    ]);
    expect(values({ path: "pulses", log: { from: 1e10, to: 2e10, points: 3 } })).toEqual([
      1e10,
      Math.round(1e10 * Math.SQRT2),
      2e10,
    ]);
    expect(values({ path: LOSS, linear: { from: 0.1, to: 0.3, points: 1 } })).toEqual([0.1]);
  });

  it("change paired paths together", () => {
    const study = plan(
      one({
        paired: [
          { path: "protocol.x1", values: [0.04, 0.05] },
          { path: "protocol.x2", linear: { from: 0.3, to: 0.4, points: 2 } },
        ],
      }),
    );
    expect(study.points).toBe(2);
    expect(study.pointAt(1).values).toEqual({ "protocol.x1": 0.05, "protocol.x2": 0.4 });
  });

  it("have one hash however the study is written, and another when anything changes", () => {
    const hash = (changes: object, index = 0) => plan(changes).pointAt(index).hash;
    const direct = one({ path: LOSS, values: [0.16] });
    const [first] = [hash(direct)];
    expect(hash({ ...direct, name: "another name" })).toBe(first);
    expect(hash({ axes: [{ path: LOSS, linear: { from: 0.15, to: 0.16, points: 2 } }] }, 1)).toBe(first);
    const base = plan().study.scenario as { clients: { upLinkKm: number }[] };
    const [{ upLinkKm }] = base.clients as [{ upLinkKm: number }];
    expect(hash({ axes: [{ path: "clients.*.upLinkKm", values: [upLinkKm] }], set: { [LOSS]: "0.16 dB/km" } })).toBe(
      first,
    );
    const others = [
      hash(one({ path: LOSS, values: [0.17] })),
      hash({ ...direct, seed: "7" }),
      hash({ ...direct, compute: { kind: "phase-budget" } }),
      hash({ ...direct, compute: { kind: "key-rate", settings: "optimised" } }),
      hash({ ...direct, randomNumbers: "independent" }),
      hash({ ...direct, set: { "detector.deadTimeNs": 31 } }),
    ];
    expect(new Set([first, ...others]).size).toBe(others.length + 1);
  });

  it("survive being written to JSON and read again", () => {
    const study = plan();
    const again = planStudy(parseStudy(JSON.parse(JSON.stringify(study.study))));
    expect(again.planHash).toBe(study.planHash);
    expect(again.pointAt(7).hash).toBe(study.pointAt(7).hash);
  });

  it("share random numbers in models, draw their own in simulations, and new ones in each replicate", () => {
    const seeds = (changes: object) => {
      const study = plan(changes);
      return [0, 1].flatMap((point) => [0, 1].map((replicate) => study.seedOf(study.pointAt(point), replicate)));
    };
    const count = (changes: object) => new Set(seeds(changes)).size;
    expect(plan().seedOf(plan().pointAt(3), 0)).toBe("2026");
    expect(count({ replicates: 2 })).toBe(2);
    expect(count({ replicates: 2, randomNumbers: "independent" })).toBe(4);
    expect(count({ replicates: 2, compute: { kind: "session" } })).toBe(4);
    expect(count({ replicates: 2, compute: { kind: "session" }, randomNumbers: "common" })).toBe(2);
  });
});

describe("what is refused when a study is planned", () => {
  it.each([
    [
      "an unknown path",
      one({ path: "fibre.lossDbPerKmm", values: [1] }),
      'axes.0.path: there is no value at "fibre.lossDbPerKmm": expected a path that exists; did you mean "fibre.lossDbPerKm"?',
    ],
    [
      "a path without its group",
      one({ path: "darkCountRateHz", values: [1] }),
      'did you mean "detector.darkCountRateHz"?',
    ],
    [
      "a group",
      one({ path: "fibre", values: [1] }),
      "the path of one value, not of a group; inside it: fibre.lossDbPerKm",
    ],
    [
      "a wrong unit",
      one({ path: LOSS, values: [0.2, "80 km"] }),
      'axes.0.values.1: expected a number, or a value in dB/km (or dB/m) for fibre.lossDbPerKm, got "80 km"',
    ],
    [
      "a unit where none is named",
      one({ path: "protocol.x1", values: ["3 dB"] }),
      "a plain number (its name states no unit)",
    ],
    [
      "an unknown unit",
      one({ path: LOSS, linear: { from: 0, to: "1 furlong", points: 3 } }),
      "axes.0.linear.to: expected a number, or a value in dB/km",
    ],
    ["an empty axis", one({ path: LOSS, values: [] }), "axes.0.values: expected at least 1 entries, found []"],
    [
      "an empty range",
      one({ path: LOSS, linear: { from: 0, to: 1, points: 0 } }),
      "axes.0.linear.points: expected a number >= 1, found 0",
    ],
    ["no axis", { axes: [] }, "axes: expected at least 1 entries"],
    [
      "1e12 points",
      {
        axes: [
          { path: LOSS, linear: { from: 0.1, to: 0.2, points: 1e6 } },
          { path: "pulses", log: { from: 1e10, to: 1e12, points: 1e6 } },
        ],
      },
      "1000000000000 points x 1 replicates (fibre.lossDbPerKm: 1000000; pulses: 1000000)",
    ],
    [
      "a value out of range",
      one({ path: LOSS, values: [0.2, -1] }),
      "axes.0.values.1: fibre.lossDbPerKm: expected a number >= 0, found -1 (attenuation, dB/km)",
    ],
    [
      "a word that is not allowed",
      one({ path: "protocol.pairing", values: ["none", "actve"] }),
      'axes.0.values.1: protocol.pairing: expected "none" or "active" or "random", found "actve"',
    ],
    [
      "a logarithm of zero",
      one({ path: LOSS, log: { from: 0, to: 1, points: 3 } }),
      "axes.0.log.from: expected a number > 0 on a logarithmic scale, got 0",
    ],
    [
      "two kinds in one axis",
      one({ path: LOSS, values: [1], log: { from: 1, to: 2, points: 2 } }),
      "axes.0: expected exactly one of",
    ],
    ["no kind", one({ path: LOSS }), "axes.0: expected exactly one of"],
    [
      "pairs of unequal length",
      one({
        paired: [
          { path: LOSS, values: [1] },
          { path: "pulses", values: [1e9, 1e10] },
        ],
      }),
      'axes.0.paired.1: expected 1 values, as many as the first of the paired, got "2 values"',
    ],
    [
      "a path twice",
      {
        axes: [
          { path: "clients.*.upLinkKm", values: [1] },
          { path: "clients.3.upLinkKm", values: [2] },
        ],
      },
      '("clients.*.upLinkKm" sets clients.3.upLinkKm)',
    ],
    ["the seed as an axis", one({ path: "seed", values: ["1"] }), 'the study has its own "seed"'],
    ["an unknown key", { sedd: "1" }, 'sedd: unknown key; did you mean "seed"?'],
    ["an unknown preset", { scenario: "weimng" }, "scenario: expected"],
    [
      "an unknown pair",
      { compute: { kind: "key-rate", pair: "A1-B7" } },
      "compute.pair: expected all, or one of A1-B1",
    ],
    [
      "settings of something without",
      { compute: { kind: "session", settings: "optimised" } },
      "compute.settings: expected none for session",
    ],
    [
      "replicates beside a rule",
      { replicates: 3, stop: { figure: "qberX", relativeError: 0.1, maximumReplicates: 9 } },
      "replicates: expected none beside stop",
    ],
    [
      "a maximum below the minimum",
      { stop: { figure: "qberX", relativeError: 0.1, minimumReplicates: 9, maximumReplicates: 3 } },
      "stop.maximumReplicates: expected at least 9",
    ],
    [
      "a wrong value in set",
      { set: { "detector.darkCountRateHz": "3 km" } },
      "set.detector.darkCountRateHz: expected a number, or a value in Hz",
    ],
  ])("%s", (_, changes, message) => {
    expect(refusal(changes)).toContain(message);
  });
});

describe("canonical JSON", () => {
  it("does not depend on the order of keys and reads back equal", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        const shuffled = JSON.parse(JSON.stringify(value), (_, entry) =>
          typeof entry === "object" && entry !== null && !Array.isArray(entry)
            ? Object.fromEntries(Object.entries(entry).reverse())
            : entry,
        );
        expect(canonicalJson(shuffled)).toBe(text);
      }),
      { seed: 1 },
    );
    expect(sha256(new TextEncoder().encode(canonicalJson({ b: 1, a: [true, null] })))).toHaveLength(32);
    expect(canonicalJson({ b: 1, a: [true, null], c: undefined })).toBe('{"a":[true,null],"b":1}');
  });
});
