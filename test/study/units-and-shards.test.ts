import { describe, expect, it } from "vitest";
import { scenarioJsonSchema } from "../../src/network/index.ts";
import { parseShard, type Shard, shardFromEnvironment } from "../../src/study/index.ts";
import { numberFor, unitOfPath } from "../../src/study/quantity.ts";
import { pointsOf } from "../../src/study/shard.ts";
import { replicatesNeeded } from "../../src/study/stop-rule.ts";

/** How the schema's descriptions state a unit. */
const UNIT = /, (dB\/km|rad\/s|ps\^2\/km|m\^2\/W|um\^2|dBm|dB|km|rad|GHz|Hz|nm|mm|um|ps|ns|s|mW|K)(;|$)/;

describe("units", () => {
  it.each([
    ["fibre.lossDbPerKm", "dB/km"],
    ["fibre.receiverLossDb", "dB"],
    ["clients.*.upLinkKm", "km"],
    ["fibre.driftRadPerSecond", "rad/s"],
    ["wafer.spreads.extinctionDb.mean", "dB"],
    ["clock.pulseWidthPs", "ps"],
    ["tracking.fastWindowSeconds", "s"],
    ["comb.spacingGhz", "GHz"],
    ["detector.darkCountRateHz", "Hz"],
    ["protocol.x1", undefined],
    ["detector.efficiency", undefined],
  ])("of %s is %s", (path, unit) => {
    expect(unitOfPath(path)).toBe(unit);
  });

  it("agree with what the scenario's schema says of every value that ends in a unit", () => {
    let compared = 0;
    interface Node {
      properties?: Record<string, Node>;
      items?: Node;
      anyOf?: Node[];
      description?: string;
    }
    const walk = ({ properties, items, anyOf, description }: Node, path: string): void => {
      for (const [key, inner] of Object.entries(properties ?? {})) walk(inner, `${path}.${key}`);
      if (items !== undefined) walk(items, `${path}.*`);
      for (const inner of anyOf ?? []) walk(inner, path);
      const said = UNIT.exec(description ?? "")?.[1];
      if (said === undefined || properties !== undefined) return;
      // The angles of a polarisation have no unit in their names.
      if (path.includes("polarisation")) return;
      expect(unitOfPath(path), path).toBe(said);
      compared++;
    };
    walk(scenarioJsonSchema() as Node, "");
    expect(compared).toBeGreaterThan(40);
  });

  it.each([
    ["clients.*.upLinkKm", "80 km", 80],
    ["clients.*.upLinkKm", "80000 m", 80],
    ["detector.darkCountRateHz", "1.5 kHz", 1500],
    ["detector.deadTimeNs", "0.03 us", 30],
    ["fibre.lossDbPerKm", "0.16dB/km", 0.16],
    ["protocol.sliceWidthRad", "20 deg", 0.349065850399],
    ["comb.spacingGhz", "2.5e11 Hz", 250],
  ])("%s takes %s as %d", (path, text, value) => {
    expect(numberFor("here", path, text)).toBe(value);
  });

  it.each(["80", "km", "80 miles", "8o km", "1e km", "", "80 km/h", "constructor"])("refuse %j as a length", (text) => {
    expect(() => numberFor("here", "clients.*.upLinkKm", text)).toThrow(/here: expected a number, or a value in km/);
  });
});

describe("shards", () => {
  it("are every point once, whatever the scheduler counts from", () => {
    for (const count of [1, 2, 7]) {
      for (const first of [0, 1, 5]) {
        const parts = Array.from({ length: count }, (_, i) =>
          shardFromEnvironment({
            SLURM_ARRAY_TASK_ID: String(first + i),
            SLURM_ARRAY_TASK_MIN: String(first),
            SLURM_ARRAY_TASK_MAX: String(first + count - 1),
            SLURM_ARRAY_TASK_COUNT: String(count),
          }),
        ) as Shard[];
        expect(parts.map(({ index }) => index).sort()).toEqual(Array.from({ length: count }, (_, i) => i));
        expect(parts.reduce((sum, part) => sum + pointsOf(100, part), 0)).toBe(100);
      }
    }
  });

  it.each([
    [{ PBS_ARRAY_INDEX: "3" }, 7, { index: 3, count: 7 }],
    [{ JOB_COMPLETION_INDEX: "0" }, 7, { index: 0, count: 7 }],
    [{ PARALLEL_SEQ: "7" }, 7, { index: 0, count: 7 }],
    [
      { SGE_TASK_ID: "4", SGE_TASK_FIRST: "1", SGE_TASK_LAST: "7", SGE_TASK_STEPSIZE: "1" },
      undefined,
      { index: 4, count: 7 },
    ],
    [
      { SGE_TASK_ID: "5", SGE_TASK_FIRST: "1", SGE_TASK_LAST: "9", SGE_TASK_STEPSIZE: "4" },
      undefined,
      { index: 1, count: 3 },
    ],
    [{ SGE_TASK_ID: "undefined" }, undefined, undefined],
    // Two tasks of an array of twenty that are run again.
    [
      { SLURM_ARRAY_TASK_ID: "17", SLURM_ARRAY_TASK_MIN: "3", SLURM_ARRAY_TASK_MAX: "17", SLURM_ARRAY_TASK_COUNT: "2" },
      20,
      { index: 17, count: 20 },
    ],
    [{}, undefined, undefined],
  ])("are read from %j with --shards %s", (environment, count, shard) => {
    expect(shardFromEnvironment(environment, count)).toEqual(shard);
  });

  it("are refused where nobody says of how many", () => {
    expect(() => shardFromEnvironment({ PARALLEL_SEQ: "3" })).toThrow(
      /--shards: expected the number of shards, which GNU parallel/,
    );
    expect(() =>
      shardFromEnvironment({
        SLURM_ARRAY_TASK_ID: "17",
        SLURM_ARRAY_TASK_MIN: "3",
        SLURM_ARRAY_TASK_MAX: "17",
        SLURM_ARRAY_TASK_COUNT: "2",
      }),
    ).toThrow(/this array has 2 tasks with gaps between 3 and 17/);
    for (const text of ["8/7", "1", "a/b", "1/0", "-1/7", "1/2/3"]) {
      expect(() => parseShard("--shard", text), text).toThrow(/--shard: expected i\/n/);
    }
    expect(parseShard("--shard", "7/7")).toEqual(parseShard("--shard", "0/7"));
  });
});

describe("the stop rule", () => {
  const rule = { figure: "x", relativeError: 0.1, minimumReplicates: 4, maximumReplicates: 20 };
  const needed = (values: readonly number[]) => replicatesNeeded(rule, new Map(values.map((value, i) => [i, value])));

  it("wants the minimum first, then half as many again until the error is small enough", () => {
    expect(needed([])).toBe(4);
    expect(needed([1, 1, 1])).toBe(4);
    expect(needed([1, 1.01, 0.99, 1])).toBe(4);
    expect(needed([1, 2, 1, 2])).toBe(6);
    expect(needed([1, 2, 1, 2, 1, 2])).toBe(9);
    expect(needed(Array.from({ length: 20 }, (_, i) => i % 3))).toBe(20);
  });

  it("stops at a point without figures, and not at one whose mean is zero among other values", () => {
    expect(needed([Number.NaN, Number.NaN, Number.NaN, Number.NaN])).toBe(4);
    expect(needed([0, 0, 0, 0])).toBe(4);
    expect(needed([-1, 1, -1, 1])).toBe(6);
  });

  it("computes the standard error of the mean", () => {
    // Standard deviation 0.2 sqrt(8/7) over 1.0 in eight values: 0.0756 of the mean.
    const values = [0.8, 1.2, 0.8, 1.2, 0.8, 1.2, 0.8, 1.2];
    const at = (relativeError: number) =>
      replicatesNeeded({ ...rule, relativeError, minimumReplicates: 8 }, new Map(values.map((value, i) => [i, value])));
    expect(at(0.0757)).toBe(8);
    expect(at(0.0755)).toBe(12);
  });
});
