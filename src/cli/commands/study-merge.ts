/**
 * `twincomb study merge` and `export`: one table of all results.
 *
 * @module
 */
import type { Command } from "commander";
import { invalid } from "../../errors.ts";
import { EXIT, printData, printNote } from "../output.ts";
import { printNotes } from "./study-run.ts";

/**
 * Adds the commands.
 *
 * @param study - the command `study`
 */
export function addStudyMerge(study: Command): void {
  study
    .command("merge")
    .description("gather all results in one file, each once and in order")
    .argument("<folder>", 'folder made by "study plan"')
    .option("--json", "print JSON instead of text")
    .addHelpText(
      "after",
      `
Example:
  twincomb study merge run/ && head -2 run/merged.ndjson

Exit code: 0 every point has its results, 3 some are missing (what is there is merged), 1 two results of the same point
differ, 2 bad input.`,
    )
    .action(runMerge);
  study
    .command("export")
    .description("write merged results as CSV or Parquet")
    .argument("<folder>", "a merged study")
    .option("--format <name>", "csv or parquet; from the file's name unless given")
    .requiredOption("-o, --output <file>", "the new file")
    .option("--json", "print JSON instead of text")
    .addHelpText(
      "after",
      `
Columns are named as the paths of axes and the figures of results, so units are in the names; Parquet files also carry
units, versions and the whole study as metadata.

Examples:
  twincomb study export run/ -o study.csv
  twincomb study export run/ -o study.parquet`,
    )
    .action(runExport);
}

async function runMerge(path: string, options: { json?: boolean }): Promise<void> {
  const { mergeResults, openFolder } = await import("../../study/folder.ts");
  const folder = openFolder(path);
  const { notes, ...merged } = mergeResults(folder);
  printNotes(notes);
  const { file, results, missingPoints, firstMissing, refusedPoints, duplicates } = merged;
  const twice = duplicates === 0 ? "" : `, ${duplicates} that were there twice counted once`;
  const refused = refusedPoints === 0 ? "" : `, ${refusedPoints} points refused`;
  printData(
    options.json
      ? JSON.stringify({ ...merged, points: folder.plan.points, notes }, null, 2)
      : `${file}: ${results} results of ${folder.plan.points} points${twice}${refused}`,
  );
  if (missingPoints === 0) return;
  const more = missingPoints > firstMissing.length ? ", ..." : "";
  printNote(
    `twincomb: ${missingPoints} points are missing (${firstMissing.join(", ")}${more}); ` +
      `"twincomb study run ${path}" computes them`,
  );
  process.exitCode = EXIT.partial;
}

async function runExport(path: string, options: { format?: string; output: string; json?: boolean }): Promise<void> {
  const { EXPORT_FORMATS, exportTable, openFolder } = await import("../../study/folder.ts");
  const name = options.format ?? options.output.split(".").at(-1)!;
  const format = EXPORT_FORMATS.find((one) => one === name);
  if (format === undefined) throw invalid("--format", name, EXPORT_FORMATS.join(" or "));
  const { columns, rowCount } = await exportTable(openFolder(path), format, options.output);
  printData(
    options.json
      ? JSON.stringify({ file: options.output, rows: rowCount, columns }, null, 2)
      : `${options.output}: ${rowCount} rows, ${columns.length} columns`,
  );
}
