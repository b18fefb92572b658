import { describe, expect, it } from "vitest";
import { forecastPair, parseScenario, planNetwork, weiming } from "../../src/network/index.ts";
import { parseStudy, planStudy, runStudy, type StudyRecord, type StudyRunOptions } from "../../src/study/index.ts";
import { roundSignificant } from "../../src/units.ts";
import { REACH } from "./fixtures.ts";

async function all(study: object, options: StudyRunOptions = {}): Promise<StudyRecord[]> {
  const records: StudyRecord[] = [];
  for await (const record of runStudy(study, { threads: 0, ...options })) records.push(record);
  return records.sort((a, b) => a.point - b.point || a.replicate - b.replicate);
}

describe("running a study", () => {
  it("computes at each point what the network computes with those values", async () => {
    const records = await all(REACH);
    expect(records.map(({ point }) => point)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    for (const { values, rows } of records) {
      const base = weiming();
      const scenario = parseScenario({
        ...base,
        fibre: { ...base.fibre, lossDbPerKm: values["fibre.lossDbPerKm"] },
        clients: base.clients.map((client) => ({ ...client, upLinkKm: values["clients.*.upLinkKm"] })),
      });
      const { links } = await planNetwork(scenario);
      const { keyRatePerPulse, qberX } = forecastPair(scenario, links[0]!);
      expect(rows).toHaveLength(1);
      expect(rows![0]).toMatchObject({
        pair: links[0]!.pair.name,
        keyRatePerPulse: roundSignificant(keyRatePerPulse),
        qberX: roundSignificant(qberX),
      });
    }
    expect(new Set(records.map(({ rows }) => rows![0]!["keyRatePerPulse"])).size).toBe(12);
  });

  it("gives the same records from any shards", async () => {
    const whole = await all(REACH);
    const parts = await Promise.all([0, 1, 2].map((index) => all(REACH, { shard: { index, count: 3 } })));
    expect(parts.map((part) => part.length)).toEqual([4, 4, 4]);
    expect(parts.flat().sort((a, b) => a.point - b.point)).toEqual(whole);
  });

  it("records values that do not fit together, and goes on", async () => {
    const records = await all({
      ...REACH,
      axes: [
        { path: "protocol.x1", values: [0.05, 0.4] },
        { path: "protocol.x2", values: [0.3, 0.5] },
      ],
    });
    expect(records.map(({ refused }) => refused !== undefined)).toEqual([false, false, true, false]);
    expect(records[2]!.refused).toMatch(/^protocol\.x2: expected more than x1 \(0\.4\), got 0\.3$/);
  });

  it("finds settings at least as good as the fixed ones", async () => {
    const axes = [{ path: "pulses", values: [1e11, 1e13] }];
    const fixed = await all({ ...REACH, axes });
    const best = await all({ ...REACH, axes, compute: { kind: "key-rate", settings: "optimised" } });
    const rate = ({ rows }: StudyRecord) => rows![0]!["keyRatePerPulse"] as number;
    fixed.forEach((record, i) => {
      expect(rate(best[i]!)).toBeGreaterThanOrEqual(rate(record));
    });
    // Far from the number of pulses that the preset was made for, fixed settings are visibly worse.
    expect(rate(best[0]!)).toBeGreaterThan(1.05 * rate(fixed[0]!));
    expect(best[0]!.rows![0]).toHaveProperty(["settings.x1"]);
  });

  it("repeats points until a figure is known well enough, the same number of times from any shards", async () => {
    const { scenario: _, ...plain } = REACH;
    const study = {
      ...plain,
      compute: { kind: "reconciliation" },
      set: { frames: 1, frameBits: 16_384 },
      axes: [{ path: "qber", values: [0.01, 0.03, 0.06] }],
      stop: { figure: "iterations", relativeError: 0.05, minimumReplicates: 3, maximumReplicates: 40 },
    };
    const records = await all(study);
    const counts = [0, 1, 2].map((point) => records.filter((record) => record.point === point).length);
    const spread = (point: number) => {
      const values = records
        .filter((record) => record.point === point)
        .map(({ rows }) => rows![0]!["iterations"] as number);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      return Math.sqrt(variance / values.length) / mean;
    };
    counts.forEach((count, point) => {
      expect(count).toBeGreaterThanOrEqual(3);
      expect(count).toBeLessThanOrEqual(40);
      if (count < 40) expect(spread(point)).toBeLessThanOrEqual(0.05);
    });
    expect(new Set(counts).size).toBeGreaterThan(1);
    const parts = await Promise.all([0, 1].map((index) => all(study, { shard: { index, count: 2 } })));
    expect(parts.flat().sort((a, b) => a.point - b.point || a.replicate - b.replicate)).toEqual(records);
  });

  it("refuses a stop rule for a figure that is not there", async () => {
    const stop = { figure: "keyRate", relativeError: 0.1, maximumReplicates: 5 };
    await expect(all({ ...REACH, stop })).rejects.toThrow(
      /stop\.figure: expected a column of the result: pair, .*keyRatePerPulse/,
    );
  });

  it("computes phase budgets and reconciliation tables", async () => {
    const [budget] = await all({
      ...REACH,
      compute: { kind: "phase-budget", pair: "all" },
      axes: [{ path: "tracking.fastCountRateHz", values: ["2 MHz"] }],
    });
    expect(budget!.rows).toHaveLength(10);
    expect(budget!.rows![3]!["rad2.slice"]).toBeGreaterThan(0);
    const { scenario: _, ...plain } = REACH;
    const table = await all({
      ...plain,
      compute: { kind: "reconciliation" },
      set: { frameBits: 8192, frames: 2 },
      axes: [{ path: "qber", values: [0.02, 0.05] }],
    });
    expect(table.map(({ rows }) => rows![0]!["qber"])).toEqual([0.02, 0.05]);
    for (const { rows } of table) {
      expect(rows![0]!["efficiency"]).toBeGreaterThan(1);
      expect(Object.keys(rows![0]!).filter((name) => /Second/.test(name))).toEqual([]);
    }
  });

  it("stops when it is told to, and when nobody asks for more", async () => {
    const controller = new AbortController();
    let count = 0;
    const run = async () => {
      for await (const _ of runStudy(REACH, { threads: 0, signal: controller.signal })) {
        if (++count === 3) controller.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ code: "aborted" });
    expect(count).toBeLessThan(12);
    for await (const _ of runStudy(REACH, { threads: 0 })) break;
  });

  it("plans without holding points", () => {
    const plan = planStudy(
      parseStudy({
        ...REACH,
        axes: [
          { path: "fibre.lossDbPerKm", linear: { from: 0.1, to: 0.2, points: 1000 } },
          { path: "pulses", log: { from: 1e10, to: 1e13, points: 10_000 } },
        ],
      }),
    );
    expect(plan.points).toBe(1e7);
    expect(plan.pointAt(1e7 - 1).values).toEqual({ "fibre.lossDbPerKm": 0.2, pulses: 1e13 });
  });
});
