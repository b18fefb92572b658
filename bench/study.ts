/**
 * Parameter studies: what a point costs beside its model, and optimised finite keys on one worker and on two.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchRow, benchmark } from "./harness.ts";

/** The built package: workers need their script beside them. */
const built = new URL("../../../dist/study/", import.meta.url);
const { parseStudy, planStudy } = (await import(
  new URL("index.js", built).href
)) as typeof import("../src/study/index.ts");
const { openFolder, planFolder, runInFolder } = (await import(
  new URL("folder.js", built).href
)) as typeof import("../src/study/folder.ts");

/** 1e4 optimised points may take five minutes on two cores. */
const OPTIMISED_GOAL = 1e4 / 300;
/** What a point may cost beside its model, us. */
const OVERHEAD_GOAL = 100;

const DISTANCES = (points: number) => ({
  version: 1,
  name: "bench",
  scenario: "weiming",
  axes: [{ path: "clients.*.upLinkKm", linear: { from: 50, to: 250, points } }],
});

/** Runs a study in a new folder. */
async function runStudyOnce(study: object, threads: number): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), "twincomb-bench-"));
  await planFolder(parseStudy(study), path);
  await runInFolder(openFolder(path), { threads });
  rmSync(path, { recursive: true });
}

/** Processor time of this process, s. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * Processor time that a point costs beside its model, us: the study runs with a model that knows its result. Least of
 * several rounds, which a busy machine disturbs least.
 */
async function overhead(): Promise<number> {
  const points = 10_000;
  const study = { ...DISTANCES(points), compute: { kind: "key-rate" } };
  const { computation, pointAt, study: settled } = planStudy(parseStudy(study));
  const model = computation.run;
  const rows = await model(pointAt(0).subject, settled.compute, "2026");
  let least = Infinity;
  try {
    Object.assign(computation, {
      run: async (subject: Parameters<typeof computation.check>[0]) => {
        computation.check(subject);
        return rows;
      },
    });
    for (let round = 0; round < 5; round++) {
      const path = mkdtempSync(join(tmpdir(), "twincomb-bench-"));
      await planFolder(parseStudy(study), path);
      const folder = openFolder(path);
      const started = processorTime();
      await runInFolder(folder, { threads: 0 });
      least = Math.min(least, ((processorTime() - started) / points) * 1e6);
      rmSync(path, { recursive: true });
    }
  } finally {
    Object.assign(computation, { run: model });
  }
  return least;
}

/** Times studies. */
export async function run(): Promise<BenchRow[]> {
  console.log(
    `\nstudy: a point costs ${(await overhead()).toFixed(0)} us of processor time beside its model, goal ${OVERHEAD_GOAL}`,
  );
  const points = 600;
  const optimised = { ...DISTANCES(points), compute: { kind: "key-rate", settings: "optimised" } };
  const rate = ["point/s", 1] as const;
  return await benchmark("study: paired finite key, settings optimised at each point, workers started", [
    { name: `${points} points, 1 worker`, run: () => runStudyOnce(optimised, 1), units: points, rate, minSamples: 2 },
    {
      name: `${points} points, 2 workers`,
      run: () => runStudyOnce(optimised, 2),
      units: points,
      rate,
      goal: OPTIMISED_GOAL,
      minSamples: 2,
    },
  ]);
}
