import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";
import { mergedText, plan, resultLines, startStudy, study } from "./command.ts";
import { testFolder } from "./fixtures.ts";

/** Kills for each division into shards. */
const KILLS = 51;

/** Cheap points, more than can be computed between the kills. */
const STUDY = {
  version: 1,
  name: "killed",
  seed: "1",
  compute: { kind: "reconciliation" },
  set: { frames: 1, frameBits: 2048 },
  axes: [{ path: "qber", linear: { from: 0.01, to: 0.1, points: 10_000 } }],
};

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** Bytes of all result files. */
function resultBytes(run: string): number {
  const folder = join(run, "results");
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

let reference = "";
beforeAll(async () => {
  const { mkdtempSync, rmSync } = await import("node:fs");
  const folder = mkdtempSync(join(tmpdir(), "twincomb-reference-"));
  const run = plan(folder, STUDY);
  expect(study(["run", run, "--threads", "2", "--quiet"]).code).toBe(0);
  expect(study(["merge", run]).code).toBe(0);
  reference = mergedText(run);
  rmSync(folder, { recursive: true });
}, 1_800_000);

describe("a study that is killed", () => {
  it.each([
    [1, 1],
    [2, 2],
    [7, 2],
  ])(
    "gives the same bytes from %d shards, %d processes at a time, each killed at random moments",
    async (shards, processes) => {
      const run = plan(testFolder(), STUDY);
      const random = new PhiloxStream(philoxKey(`kill ${shards}`), PURPOSE.study, shards);
      let kills = 0;
      let next = 0;
      while (kills < KILLS) {
        const started = Array.from({ length: processes }, () => {
          next = (next + 1) % shards;
          return startStudy([
            "run",
            run,
            "--shard",
            `${next}/${shards}`,
            "--threads",
            String(1 + (kills % 2)),
            "--quiet",
          ]);
        });
        await Promise.all(
          started.map(async ({ child, ended }) => {
            const dead = ended.then(({ code }) => {
              if (code === null) kills++;
            });
            // One in four dies before it has begun; the others anywhere in their work, also within a write.
            if (random.below(4) === 0) await pause(1000 * random.uniform());
            else {
              const bytes = resultBytes(run) + 25_000 * random.uniform();
              while (resultBytes(run) < bytes && child.exitCode === null) await pause(5);
              await pause(30 * random.uniform());
            }
            child.kill("SIGKILL");
            await dead;
          }),
        );
      }
      // The kills must have met a study that was under way.
      const before = resultLines(run);
      expect(before).toBeGreaterThan(100);
      expect(study(["run", run, "--threads", "2", "--quiet"]).code).toBe(0);
      expect(study(["merge", run]).code).toBe(0);
      expect(mergedText(run) === reference, "the same bytes").toBe(true);
      console.log(`${shards} shards: ${kills} kills, ${before} of 10000 results before the last run`);
    },
  );
});

describe("a disk that is really full", () => {
  it("keeps what fits, and the study goes on when there is space", ({ skip }) => {
    const folder = testFolder();
    const disk = join(folder, "disk");
    mkdirSync(disk);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=384k", "tmpfs", disk]);
    if (mounted.status !== 0) skip("nothing can be mounted here");
    onTestFinished(() => void spawnSync("umount", [disk]));
    const small = { ...STUDY, axes: [{ path: "qber", linear: { from: 0.01, to: 0.1, points: 1500 } }] };
    const run = plan(disk, small);
    const { code, stderr } = study(["run", run, "--threads", "2", "--quiet"]);
    expect(code).toBe(1);
    expect(stderr).toContain("a result could not be written");
    const kept = resultLines(run);
    expect(kept).toBeGreaterThan(10);
    expect(kept).toBeLessThan(1500);
    spawnSync("mount", ["-o", "remount,size=4m", disk]);
    const again = study(["run", run, "--json", "--quiet"]);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout).computed).toBe(1500 - kept);
    expect(study(["merge", run]).code).toBe(0);
    expect(reference.length).toBeGreaterThan(0);
  });
});
