import { appendFileSync, copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  jobScripts,
  type Merged,
  mergeResults,
  openFolder,
  planFolder,
  type RunFolder,
  runInFolder,
  slurmArrayLimit,
} from "../../src/study/folder.ts";
import { parseStudy, type StudyProgress } from "../../src/study/index.ts";
import { REACH, testFolder } from "./fixtures.ts";

async function planned(changes: object = {}): Promise<RunFolder> {
  const path = testFolder();
  await planFolder(parseStudy({ ...REACH, ...changes }), path);
  return openFolder(path);
}

const run = (folder: RunFolder, index = 0, count = 1) => runInFolder(folder, { threads: 0, shard: { index, count } });
const merged = (folder: RunFolder) => readFileSync(join(folder.path, "merged.ndjson"), "utf8");
const results = (folder: RunFolder) =>
  readdirSync(join(folder.path, "results")).map((name) => join(folder.path, "results", name));

/** What an undisturbed run gives. */
let reference: string;
beforeAll(async () => {
  const { mkdtempSync, rmSync } = await import("node:fs");
  const path = mkdtempSync(join(tmpdir(), "twincomb-reference-"));
  await planFolder(parseStudy(REACH), path);
  const folder = openFolder(path);
  await run(folder);
  mergeResults(folder);
  reference = merged(folder);
  rmSync(path, { recursive: true });
}, 60_000);

function complete(folder: RunFolder): Merged {
  const found = mergeResults(folder);
  expect(found.missingPoints).toBe(0);
  expect(merged(folder)).toBe(reference);
  return found;
}

describe("a study's folder", () => {
  it("lists every point with its values and hash", async () => {
    const folder = await planned();
    const lines = readFileSync(join(folder.path, "points.ndjson"), "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(12);
    const { values, hash } = folder.plan.pointAt(7);
    expect(JSON.parse(lines[7]!)).toEqual({ point: 7, values, hash });
  });

  it("keeps what is computed when the same study is planned again, and refuses another one", async () => {
    const folder = await planned();
    await run(folder);
    await planFolder(parseStudy({ ...REACH }), folder.path);
    expect((await run(openFolder(folder.path))).computed).toBe(0);
    await expect(planFolder(parseStudy({ ...REACH, seed: "7" }), folder.path)).rejects.toThrow(
      /-o: expected a new folder: this one holds another study/,
    );
  });

  it("says how many points cannot be computed, and refuses a study of nothing else", async () => {
    const x1 = { path: "protocol.x1", values: [0.05, 0.4] };
    const path = testFolder();
    const some = await planFolder(parseStudy({ ...REACH, axes: [x1, { path: "protocol.x2", values: [0.3] }] }), path);
    expect(some).toMatchObject({ refusedPoints: 1, firstRefusal: { point: 1 } });
    const all = parseStudy({
      ...REACH,
      axes: [
        { path: "protocol.x1", values: [0.4, 0.5] },
        { path: "protocol.x2", values: [0.3] },
      ],
    });
    await expect(planFolder(all, join(path, "inner"))).rejects.toThrow(/at least one point whose values fit together/);
  });

  it("is refused when another version planned it", async () => {
    const folder = await planned();
    const file = join(folder.path, "plan.json");
    const plan = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...plan, version: "0.0.9", streamVersion: 0, planHash: "0".repeat(32) }));
    expect(() => openFolder(folder.path)).toThrow(
      /planned with another twincomb \(version 0\.0\.9, here .*; stream version 0/,
    );
    writeFileSync(file, JSON.stringify({ ...plan, study: { ...plan.study, seed: "8" } }));
    expect(() => openFolder(folder.path)).toThrow(/plan\.json was changed after planning/);
    expect(() => openFolder(join(folder.path, "results"))).toThrow(/no study is planned here/);
  });
});

describe("running in a folder", () => {
  it.each([1, 2, 7])("gives the same merged bytes from %d shards", async (count) => {
    const folder = await planned();
    for (let index = count - 1; index >= 0; index--) await run(folder, index, count);
    expect(complete(folder).duplicates).toBe(0);
  });

  it("tells what is missing, computes only that, and does so in another division", async () => {
    const folder = await planned();
    await run(folder, 1, 3);
    const found = mergeResults(folder);
    expect(found).toMatchObject({ results: 4, missingPoints: 8, firstMissing: [0, 2, 3, 5, 6] });
    const progress: StudyProgress[] = [];
    const { computed } = await runInFolder(folder, { threads: 0, onProgress: (one) => progress.push(one) });
    expect(computed).toBe(8);
    expect(progress.at(-1)).toEqual({ done: 12, total: 12 });
    complete(folder);
  });

  it("goes on behind a torn last line", async () => {
    const folder = await planned();
    await run(folder);
    const [file] = results(folder) as [string];
    truncateSync(file, readFileSync(file).length - 40);
    const notes: string[] = [];
    const { computed } = await runInFolder(folder, { threads: 0, onNotes: (all) => notes.push(...all) });
    expect(computed).toBe(1);
    expect(notes).toEqual([expect.stringContaining("the last line is incomplete")]);
    complete(folder);
  });

  it("goes on beside a file whose first line was never finished", async () => {
    const folder = await planned();
    await run(folder, 0, 2);
    writeFileSync(join(folder.path, "results", "shard-1-of-2.0.ndjson"), '{"format":"twinc');
    writeFileSync(join(folder.path, "results", "shard-1-of-2.1.ndjson"), "");
    expect((await run(folder, 1, 2)).computed).toBe(6);
    expect(readdirSync(join(folder.path, "results"))).toContain("shard-1-of-2.2.ndjson");
    complete(folder);
  });

  it("counts a result once, however many processes computed it", async () => {
    const folder = await planned();
    const other = await planned();
    await Promise.all([run(folder), run(folder), run(folder, 0, 2)]);
    await run(other);
    copyFileSync(results(other)[0]!, join(folder.path, "results", "copy.ndjson"));
    expect(complete(folder).duplicates).toBeGreaterThanOrEqual(12);
  });

  it("stops at two results of one point that differ", async () => {
    const folder = await planned();
    await run(folder);
    const [file] = results(folder) as [string];
    const [head, line] = readFileSync(file, "utf8").split("\n") as [string, string];
    writeFileSync(
      join(folder.path, "results", "other.ndjson"),
      `${head}\n${line.replace(/"qberX":0\.0\d/, '"qberX":0.09')}\n`,
    );
    expect(() => mergeResults(folder)).toThrow(/point \d+, replicate 0: two results that differ/);
  });

  it("leaves foreign files and broken lines out, and says so", async () => {
    const folder = await planned();
    await run(folder);
    const [file] = results(folder) as [string];
    appendFileSync(file, 'no JSON\n{"point":99,"replicate":0,"hash":"00","rows":[]}\n');
    writeFileSync(join(folder.path, "results", "notes.txt"), "mine");
    writeFileSync(join(folder.path, "results", "table.ndjson"), '{"a":1}\n{"a":2}\n');
    const { notes } = complete(folder);
    expect(notes).toEqual([
      expect.stringContaining("notes.txt is no result file"),
      expect.stringMatching(/shard-0-of-1\.0\.ndjson, line 14: not a record/),
      expect.stringMatching(/shard-0-of-1\.0\.ndjson, line 15: not a record/),
      expect.stringContaining("table.ndjson does not begin as a result file does"),
    ]);
  });

  it("refuses results of another study or version, and a record with another point's hash", async () => {
    const folder = await planned();
    const other = await planned({ seed: "7" });
    await run(folder);
    await run(other);
    const foreign = join(folder.path, "results", "foreign.ndjson");
    copyFileSync(results(other)[0]!, foreign);
    expect(() => mergeResults(folder)).toThrow(
      /foreign\.ndjson: results of another study or version .* move the file elsewhere/,
    );
    await expect(run(folder)).rejects.toThrow(/another study or version/);
    const [head] = readFileSync(results(folder).find((name) => !name.includes("foreign"))!, "utf8").split("\n");
    const lines = readFileSync(foreign, "utf8").split("\n").slice(1);
    writeFileSync(foreign, [head, ...lines].join("\n"));
    expect(() => mergeResults(folder)).toThrow(/a record with the hash/);
  });

  it("merges as often as one likes, to the same bytes", async () => {
    const folder = await planned();
    await run(folder);
    complete(folder);
    complete(folder);
  });
});

describe("job scripts", () => {
  it("divide a study among an array of Slurm and merge after any end", async () => {
    const folder = await planned();
    const { run, merge, submit } = jobScripts(folder, {
      scheduler: "slurm",
      command: ["/usr/bin/node", "/opt/it's here/main.js"],
      tasks: 6,
      maxParallel: 2,
      threads: 4,
      time: "02:00:00",
    });
    expect(run.text).toContain("#SBATCH --array=0-5%2\n");
    expect(run.text).toContain("#SBATCH --signal=B:TERM@60\n");
    expect(run.text).toContain(
      `exec /usr/bin/node '/opt/it'\\''s here/main.js' study run ${folder.path} --shard "$SLURM_ARRAY_TASK_ID/6" --threads 4 --quiet\n`,
    );
    expect(merge!.text).toContain(`study merge ${folder.path}\n`);
    expect(submit.slice(0, 2)).toEqual(["sbatch", "--parsable"]);
    expect(() => jobScripts(folder, { scheduler: "slurm", command: ["x"], tasks: 1, time: "$(rm -rf /)" })).toThrow(
      /--time: expected minutes/,
    );
  });

  it("read the size of arrays from Slurm's configuration", () => {
    expect(slurmArrayLimit("MailProg = /bin/mail\nMaxArraySize            = 4001\nMaxBatchRequeue = 5\n")).toBe(4001);
    expect(slurmArrayLimit("nothing")).toBeUndefined();
  });
});
