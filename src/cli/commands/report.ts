/**
 * `twincomb report`: draws a run that was kept with `network --out`.
 *
 * @module
 */
import { join } from "node:path";
import type { Command } from "commander";
import { parseResult, parseScenario, STREAM_VERSION } from "../../network/index.ts";
import { printData, printNote } from "../output.ts";
import { readJson } from "../scenario-input.ts";
import { refuseUnwritable, writeReport } from "../write-report.ts";

/**
 * Adds the command.
 *
 * @param program - the command line
 */
export function addReport(program: Command): void {
  program
    .command("report")
    .description("draw a run that was kept with `network --out` into one HTML file")
    .argument("<folder>", "what `network --out` wrote")
    .option("--report <file.html>", "where to draw it (report.html in the folder unless given)")
    .option("--json", "print where it was drawn as JSON")
    .addHelpText(
      "after",
      `
Examples:
  twincomb network --out run && twincomb report run
  twincomb report run --report talk.html`,
    )
    .action(async (folder: string, options: { report?: string; json?: boolean }) => {
      const file = options.report ?? join(folder, "report.html");
      const result = parseResult(readJson(join(folder, "result.json")));
      const scenario = parseScenario(readJson(join(folder, "scenario.json")));
      refuseUnwritable(file);
      if (result.streamVersion !== STREAM_VERSION) {
        printNote(
          `twincomb: the run is of stream version ${result.streamVersion}; what it implies is computed with version ${STREAM_VERSION}`,
        );
      }
      await writeReport(file, scenario, result);
      if (options.json) printData(JSON.stringify({ report: file }));
    });
}
