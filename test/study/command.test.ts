import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { mergedText, plan, resultLines, startStudy, study } from "./command.ts";
import { REACH, testFolder } from "./fixtures.ts";

/** Cheap points that need no comb. */
const TABLE = {
  version: 1,
  name: "table",
  seed: "1",
  compute: { kind: "reconciliation" },
  set: { frames: 1, frameBits: 4096 },
  axes: [{ path: "qber", linear: { from: 0.01, to: 0.1, points: 40 } }],
};

/** The same, more of them than can be computed while a test waits. */
const LONG = { ...TABLE, axes: [{ path: "qber", linear: { from: 0.01, to: 0.1, points: 20_000 } }] };

describe("twincomb study", () => {
  it("plans, runs on two workers and on one, merges and exports", () => {
    const folder = testFolder();
    const two = plan(folder, REACH, "two");
    const one = plan(folder, REACH, "one");
    const ran = study(["run", two, "--threads", "2", "--json"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(ran.stdout)).toMatchObject({ computed: 12, done: 12, total: 12, refused: 0 });
    expect(study(["run", one, "--shard", "1/2", "--threads", "1"]).code).toBe(0);
    expect(study(["merge", one])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/6 points are missing .*study run/),
    });
    expect(
      study(["run", one], {
        env: {
          SLURM_ARRAY_TASK_ID: "0",
          SLURM_ARRAY_TASK_MIN: "0",
          SLURM_ARRAY_TASK_MAX: "1",
          SLURM_ARRAY_TASK_COUNT: "2",
        },
      }).stdout,
    ).toContain("of shard 0/2");
    for (const run of [one, two]) expect(study(["merge", run]).code).toBe(0);
    expect(mergedText(one)).toBe(mergedText(two));
    const csv = join(folder, "reach.csv");
    expect(study(["export", two, "-o", csv]).code).toBe(0);
    const lines = readFileSync(csv, "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(13);
    expect(lines[0]).toMatch(/^point,replicate,hash,fibre\.lossDbPerKm,clients\.\*\.upLinkKm,pair,/);
    expect(study(["export", two, "-o", join(folder, "reach.xlsx")])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--format: expected csv or parquet"),
    });
  });

  it("refuses bad studies before any work, with the place and the reason", () => {
    const folder = testFolder();
    const file = join(folder, "study.json");
    const refused = (content: object): string => {
      writeFileSync(file, JSON.stringify(content));
      const { code, stdout, stderr } = study(["plan", file, "-o", join(folder, "run")]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(existsSync(join(folder, "run"))).toBe(false);
      return stderr;
    };
    const axis = (one: object) => ({ ...REACH, axes: [one] });
    expect(refused(axis({ path: "fibre.lossDbPerKmm", values: [1] }))).toContain('did you mean "fibre.lossDbPerKm"?');
    expect(refused(axis({ path: "fibre.lossDbPerKm", values: ["80 km"] }))).toContain(
      "axes.0.values.0: expected a number, or a value in dB/km",
    );
    expect(refused(axis({ path: "fibre.lossDbPerKm", values: [] }))).toContain(
      "axes.0.values: expected at least 1 entries",
    );
    expect(refused({ ...REACH, scenario: { file: "absent.json" } })).toContain("absent.json: cannot be read");
    expect(study(["run", folder])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no study is planned here"),
    });
  });

  it("reads the scenario file that a study names", () => {
    const folder = testFolder();
    const { scenario: _, ...rest } = REACH;
    const own = plan(folder, { ...rest, scenario: "weiming-plain" }, "preset");
    const { study: planned } = JSON.parse(readFileSync(join(own, "plan.json"), "utf8"));
    writeFileSync(join(folder, "mine.json"), JSON.stringify({ ...planned.scenario, pulses: 5e11 }));
    const run = plan(folder, { ...rest, scenario: { file: "mine.json" } });
    expect(JSON.parse(readFileSync(join(run, "plan.json"), "utf8")).study.scenario.pulses).toBe(5e11);
  });

  it.each([
    ["SIGTERM", 3],
    ["SIGINT", 130],
  ] as const)("ends cleanly at %s with exit code %d, and goes on later", async (signal, code) => {
    const run = plan(testFolder(), LONG);
    const { child, ended } = startStudy(["run", run, "--threads", "2", "--json"]);
    while (resultLines(run) < 50) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill(signal);
    const { stderr, ...rest } = await ended;
    expect(rest).toEqual({ code, stdout: "" });
    expect(stderr).toContain(`stopped by ${signal}; what is computed is kept, the same command goes on from there`);
    const kept = resultLines(run);
    expect(kept).toBeGreaterThanOrEqual(50);
    const merged = study(["merge", run, "--json"]);
    expect(JSON.parse(merged.stdout)).toMatchObject({ results: kept, duplicates: 0, notes: [] });
  });

  it("keeps what fits on a full disk, exits with 1, and goes on when there is space", () => {
    const folder = testFolder();
    const [full, empty] = [plan(folder, TABLE, "full"), plan(folder, TABLE, "empty")];
    const shim = resolve(import.meta.dirname, "full-disk.mjs");
    const { code, stderr } = study(["run", full, "--threads", "1"], {
      node: ["--import", shim],
      env: { FREE_BYTES: "5000" },
    });
    expect(code).toBe(1);
    expect(stderr).toContain("a result could not be written; all earlier ones are kept");
    expect(stderr).toContain("ENOSPC");
    const kept = resultLines(full);
    expect(kept).toBeGreaterThan(5);
    expect(kept).toBeLessThan(40);
    const [file] = readdirSync(join(full, "results")) as [string];
    expect(readFileSync(join(full, "results", file), "utf8").endsWith("\n")).toBe(false);
    const again = study(["run", full, "--json"]);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout).computed).toBe(40 - kept);
    study(["run", empty]);
    for (const run of [full, empty]) expect(study(["merge", run]).code).toBe(0);
    expect(mergedText(full)).toBe(mergedText(empty));
  });

  it("says what is wrong with a shard", () => {
    const run = plan(testFolder(), TABLE);
    expect(study(["run", run, "--shard", "3/2"]).stderr).toContain("--shard: expected i/n");
    expect(study(["run", run, "--shards", "4"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no scheduler gives this process an index"),
    });
    expect(study(["run", run], { env: { PARALLEL_SEQ: "2" } })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--shards: expected the number of shards"),
    });
  });
});
