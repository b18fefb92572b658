/**
 * `twincomb study plan`: from a study file to a folder that can be run.
 *
 * @module
 */
import type { Command } from "commander";
import { printData } from "../output.ts";
import { startProgress } from "../progress.ts";
import { readJson } from "../scenario-input.ts";

interface PlanOptions {
  readonly output: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/**
 * Adds the command.
 *
 * @param study - the command `study`
 */
export function addStudyPlan(study: Command): void {
  study
    .command("plan")
    .description("check a study, list its points with their hashes, and make the folder that it runs in")
    .argument("<study>", "study file, - for standard input")
    .requiredOption("-o, --output <folder>", "the folder: new, or of the same study, whose results are kept")
    .option("--json", "print JSON instead of text")
    .option("--quiet", "no progress bar")
    .addHelpText(
      "after",
      `
Example of a study file:
  {
    "version": 1, "name": "reach", "scenario": "weiming",
    "compute": { "kind": "key-rate", "settings": "optimised" },
    "axes": [
      { "path": "fibre.lossDbPerKm", "values": ["0.16 dB/km", "0.2 dB/km"] },
      { "path": "clients.*.upLinkKm", "linear": { "from": "50 km", "to": "250 km", "points": 41 } }
    ]
  }

"twincomb study schema" prints everything that a study file may hold.`,
    )
    .action(runPlan);
}

async function runPlan(file: string, options: PlanOptions): Promise<void> {
  const { planFolder, readStudy } = await import("../../study/folder.ts");
  const study = readStudy(file, readJson);
  const progress = startProgress(options.quiet ?? false);
  try {
    const { plan, refusedPoints, firstRefusal } = await planFolder(study, options.output, (fraction) =>
      progress.update(fraction, "listing points"),
    );
    progress.stop();
    const { points, replicates, paths, planHash, fingerprint } = plan;
    const summary = { folder: options.output, points, replicates, paths, refusedPoints, planHash, ...fingerprint };
    const many = study.stop === undefined ? `${replicates} replicates` : `up to ${replicates} replicates`;
    const lines = [
      `${study.name}: ${points} points${replicates === 1 ? "" : ` x ${many}`} in ${options.output}`,
      ...(firstRefusal === undefined
        ? []
        : [
            `${refusedPoints} points have values that do not fit together and will be recorded as refused;`,
            `the first is point ${firstRefusal.point}: ${firstRefusal.reason}`,
          ]),
      `next: twincomb study run ${options.output}`,
    ];
    printData(options.json ? JSON.stringify(summary, null, 2) : lines.join("\n"));
  } finally {
    progress.stop();
  }
}
