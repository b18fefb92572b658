/**
 * `twincomb study`: parameter studies from a laptop to a cluster.
 *
 * @module
 */
import type { Command } from "commander";
import { printData } from "../output.ts";
import { addStudyMerge } from "./study-merge.ts";
import { addStudyPlan } from "./study-plan.ts";
import { addStudyRun } from "./study-run.ts";
import { addStudyShow } from "./study-show.ts";
import { addStudySubmit } from "./study-submit.ts";

/**
 * Adds the command with its subcommands.
 *
 * @param program - the command line
 */
export function addStudy(program: Command): void {
  const study = program
    .command("study")
    .description("parameter studies: plan, run anywhere, merge, export")
    .addHelpText(
      "after",
      `
Examples:
  twincomb study plan study.json -o run/
  twincomb study run run/
  twincomb study merge run/
  twincomb study show run/ --report study.html
  twincomb study export run/ --format parquet -o study.parquet

A run can be stopped, killed, and started again at will; what was computed is not computed again.`,
    );
  addStudyPlan(study);
  addStudyRun(study);
  addStudyMerge(study);
  addStudySubmit(study);
  addStudyShow(study);
  study
    .command("schema")
    .description("print the JSON Schema of study files")
    .option("--json", "accepted like everywhere; a schema is JSON anyway")
    .action(async () => {
      const { studyJsonSchema } = await import("../../study/index.ts");
      printData(JSON.stringify(studyJsonSchema(), null, 2));
    });
}
