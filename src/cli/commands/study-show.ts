/**
 * `twincomb study show`: what came of a study, in the terminal and as a page of charts.
 *
 * @module
 */
import type { Command } from "commander";
import writeFileAtomic from "write-file-atomic";
import { rounded } from "../../network/result.ts";
import { printData, printNote } from "../output.ts";
import { collect } from "./network.ts";

interface ShowOptions {
  readonly report?: string;
  readonly figure?: readonly string[];
  readonly x?: string;
  readonly json?: boolean;
}

/**
 * Adds the command.
 *
 * @param study - the command `study`
 */
export function addStudyShow(study: Command): void {
  study
    .command("show")
    .description("least, mean and most of every figure; with --report, a page of charts")
    .argument("<folder>", "a merged study")
    .option("--report <file.html>", "draw curves, bands of replicates and maps into one HTML file")
    .option("--figure <name>", "figure to draw, the usual ones unless given; may be repeated", collect)
    .option("--x <path>", "axis along which curves run, the longest unless given")
    .option("--json", "print JSON instead of a table")
    .addHelpText(
      "after",
      `
Examples:
  twincomb study show run/
  twincomb study show run/ --report study.html --figure keyRatePerPulse --x fibre.lossDbPerKm`,
    )
    .action(runShow);
}

async function runShow(path: string, options: ShowOptions): Promise<void> {
  const { openFolder, placeText, studyReport, summarise } = await import("../../study/folder.ts");
  const folder = openFolder(path);
  const summary = summarise(folder);
  if (options.report !== undefined) {
    await writeFileAtomic(options.report, studyReport(folder, { figures: options.figure, x: options.x }));
    printNote(`wrote ${options.report}`);
  }
  if (options.json) {
    printData(JSON.stringify(rounded(summary), null, 2));
    return;
  }
  const { table } = await import("../../report/table.ts");
  const rows = table(["figure", "least", "mean", "most", "unit", "most at"]);
  for (const { figure, least, mean, most, unit, mostAt } of summary.figures) {
    const text = (value: number) => String(Number(value.toPrecision(5)));
    rows.push([figure, text(least), text(mean), text(most), unit ?? "", placeText(mostAt)]);
  }
  const { name, points, computedPoints, refusedPoints } = summary;
  const refused = refusedPoints === 0 ? "" : `, ${refusedPoints} refused`;
  printData(`${rows}\n\n${name}: ${computedPoints} of ${points} points have results${refused}`);
}
