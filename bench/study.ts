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

/** Processor time of a point in a study and of its model alone, us; least of several rounds, which a busy machine disturbs least. */
async function overhead(): Promise<{ model: number; study: number }> {
  const points = 2000;
  const fixed = { ...DISTANCES(points), compute: { kind: "key-rate" } };
  const plan = planStudy(parseStudy(fixed));
  const inputs = Array.from({ length: points }, (_, i) => plan.pointAt(i).subject);
  const timed = async (work: () => Promise<void>): Promise<number> => {
    const started = processorTime();
    await work();
    return ((processorTime() - started) / points) * 1e6;
  };
  let [model, study] = [Infinity, Infinity];
  for (let round = 0; round < 5; round++) {
    const alone = await timed(async () => {
      for (const input of inputs) await plan.computation.run(input, plan.study.compute, "2026");
    });
    model = Math.min(model, alone);
    study = Math.min(study, await timed(() => runStudyOnce(fixed, 0)));
  }
  return { model, study };
}

/** Times studies. */
export async function run(): Promise<BenchRow[]> {
  const { model, study } = await overhead();
  console.log(
    `\nstudy: a point of the model costs ${model.toFixed(0)} us, in a study ${study.toFixed(0)} us: ` +
      `${(study - model).toFixed(0)} us beside the model, goal ${OVERHEAD_GOAL}`,
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
