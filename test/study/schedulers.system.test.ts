import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mergedText, plan, resultLines, study } from "./command.ts";
import { testFolder } from "./fixtures.ts";

const SETUP = resolve(import.meta.dirname, "../setup/schedulers.sh");

const STUDY = {
  version: 1,
  name: "a study of tables",
  seed: "1",
  compute: { kind: "reconciliation" },
  set: { frames: 1, frameBits: 4096 },
  axes: [{ path: "qber", linear: { from: 0.01, to: 0.1, points: 60 } }],
};

/** Work for minutes. */
const LONG = { ...STUDY, axes: [{ path: "qber", linear: { from: 0.01, to: 0.1, points: 60_000 } }] };

const installed = spawnSync("sh", [SETUP, "install"], { encoding: "utf8" });
const absent = installed.status === 0 ? "" : installed.stderr.trim();
// Elsewhere somebody may have no right to install anything; in CI a missing scheduler is a failure.
const skipped = absent !== "" && process.env["CI"] === undefined;
if (skipped) console.warn(`GNU parallel and Slurm are not tested: ${absent}`);

let reference = "";
beforeAll(async () => {
  if (skipped) return;
  expect(absent).toBe("");
  const { mkdtempSync, rmSync } = await import("node:fs");
  const folder = mkdtempSync(join(tmpdir(), "twincomb-reference-"));
  const run = plan(folder, STUDY);
  expect(study(["run", run, "--quiet"]).code).toBe(0);
  expect(study(["merge", run]).code).toBe(0);
  reference = mergedText(run);
  rmSync(folder, { recursive: true });
});

describe.skipIf(skipped)("GNU parallel", () => {
  it("runs a study in parts, repeats only the one that failed, and merges to the same bytes", () => {
    const folder = testFolder();
    const run = plan(folder, STUDY);
    const env = {
      NODE_OPTIONS: `--import=${resolve(import.meta.dirname, "fail-once.mjs")}`,
      FAILING_SHARD: "3/4",
      FAILED_MARK: join(folder, "failed"),
    };
    const submit = ["submit", run, "--engine", "parallel", "--tasks", "4", "--yes"];
    const first = study(submit, { env });
    expect(first.code).toBe(3);
    expect(first.stdout).toBe("");
    expect(first.stderr).toContain("this machine breaks down");
    expect(first.stderr).toContain("15 points are missing (3, 7, 11, 15, 19, ...)");
    const log = () =>
      readFileSync(join(run, "parallel-4.log"), "utf8")
        .trimEnd()
        .split("\n")
        .slice(1)
        .map((line) => {
          const [sequence, , , , , , exit] = line.split("\t");
          return `${sequence}: ${exit}`;
        });
    expect(log().sort()).toEqual(["1: 0", "2: 0", "3: 1", "4: 0"]);
    const second = study(submit, { env });
    expect(second.code).toBe(0);
    expect(log().filter((line) => line.startsWith("3"))).toEqual(["3: 1", "3: 0"]);
    expect(log()).toHaveLength(5);
    expect(mergedText(run)).toBe(reference);
  });

  it("tells its place to a command that is given the number of shards", () => {
    const run = plan(testFolder(), STUDY);
    const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
    const words = [
      "-j2",
      process.execPath,
      main,
      "study",
      "run",
      run,
      "--shards",
      "5",
      "--threads",
      "1",
      "#",
      "{}",
      ":::",
      "a",
      "b",
      "c",
      "d",
      "e",
    ];
    expect(spawnSync("parallel", words, { encoding: "utf8" }).status).toBe(0);
    expect(study(["merge", run]).code).toBe(0);
    expect(mergedText(run)).toBe(reference);
  });
});

describe.skipIf(skipped)("Slurm", () => {
  const files = join(tmpdir(), `twincomb-slurm-${process.pid}`);
  const env = { SLURM_CONF: join(files, "slurm.conf") };

  beforeAll(() => {
    const { status, stderr } = spawnSync("sh", [SETUP, "start", files], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });
  afterAll(() => void spawnSync("sh", [SETUP, "stop", files]));

  const slurm = (...[program, ...words]: [string, ...string[]]) =>
    spawnSync(program, words, { encoding: "utf8", env: { ...process.env, ...env } }).stdout;

  async function until(what: () => boolean, seconds: number): Promise<void> {
    for (let i = 0; i < 5 * seconds; i++) {
      if (what()) return;
      await new Promise((done) => setTimeout(done, 200));
    }
    throw new Error(`waited ${seconds} s:\n${slurm("squeue")}\n${slurm("scontrol", "show", "job")}`);
  }
  const gone = (job: string) => slurm("squeue", "--noheader", "--jobs", job).trim() === "";
  const exitCodes = (job: string) =>
    [...slurm("scontrol", "show", "job", job).matchAll(/ ExitCode=(\S+)/g)].map((match) => match[1]);

  it("runs an array of six and a merge that depends on it", async () => {
    const run = plan(testFolder(), STUDY);
    const submitted = study(
      ["submit", run, "--engine", "slurm", "--tasks", "6", "--max-parallel", "2", "--yes", "--json"],
      { env },
    );
    expect(submitted).toMatchObject({ code: 0, stderr: "" });
    const { job, mergeJob, tasks } = JSON.parse(submitted.stdout);
    expect(tasks).toBe(6);
    expect(slurm("scontrol", "show", "job", mergeJob)).toMatch(/Dependency=afterany:\d+/);
    await until(() => gone(mergeJob), 120);
    expect(exitCodes(job)).toEqual(["0:0", "0:0", "0:0", "0:0", "0:0", "0:0"]);
    expect(exitCodes(mergeJob)).toEqual(["0:0"]);
    expect(mergedText(run)).toBe(reference);
    expect(readFileSync(join(run, `slurm-${job}_5.log`), "utf8")).toContain("nothing missing of shard 5/6");
  });

  it("keeps what a part has computed when its time is up, and completes it when submitted again", async () => {
    const run = plan(testFolder(), LONG);
    const submit = ["submit", run, "--engine", "slurm", "--tasks", "2", "--yes", "--json"];
    const { job, mergeJob } = JSON.parse(study(submit, { env }).stdout);
    await until(() => resultLines(run) > 200, 60);
    // What Slurm sends a minute before the time limit.
    slurm("scancel", "--batch", "--signal=TERM", job);
    await until(() => gone(mergeJob), 60);
    expect(exitCodes(job)).toEqual(["3:0", "3:0"]);
    expect(exitCodes(mergeJob)).toEqual(["3:0"]);
    expect(readFileSync(join(run, `slurm-${job}_0.log`), "utf8")).toContain(
      "stopped by SIGTERM; what is computed is kept",
    );
    const kept = resultLines(run);
    expect(mergedText(run).split("\n").length - 2).toBe(kept);
    const again = JSON.parse(study(submit, { env }).stdout);
    await until(() => resultLines(run) > kept + 200, 60);
    slurm("scancel", again.job, again.mergeJob);
    await until(() => gone(again.job), 60);
    expect(JSON.parse(study(["merge", run, "--json"]).stdout)).toMatchObject({ duplicates: 0 });
  });

  it("is asked how large an array may be", () => {
    const run = plan(testFolder(), STUDY);
    const written = study(["submit", run, "--engine", "slurm"], { env });
    expect(written.code).toBe(0);
    // MaxArraySize=33: the largest index is 32, and 0 to 31 are used.
    expect(written.stdout).toContain("#SBATCH --array=0-31\n");
    expect(existsSync(join(run, "merge.sbatch"))).toBe(true);
    expect(study(["submit", run, "--engine", "slurm", "--tasks", "40"], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--tasks: expected a whole number in [1, 32]"),
    });
  });

  it("is quoted when it refuses a job", () => {
    const run = plan(testFolder(), STUDY);
    const refused = study(["submit", run, "--engine", "slurm", "--time", "05:00:00", "--yes"], { env });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/twincomb: sbatch: .*time limit/s);
  });
});
