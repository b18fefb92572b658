/**
 * `twincomb study submit`: job scripts for schedulers.
 *
 * @module
 */
import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import type { Command } from "commander";
import writeFileAtomic from "write-file-atomic";
import { invalid, TwincombError, wholeInRange } from "../../errors.ts";
import type { JobScripts, Scheduler } from "../../study/folder.ts";
import { printData, printNote } from "../output.ts";

interface SubmitOptions {
  readonly engine: string;
  readonly tasks?: string;
  readonly maxParallel?: string;
  readonly threads?: string;
  readonly time?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const runProgram = promisify(execFile);

/**
 * Adds the command.
 *
 * @param study - the command `study`
 */
export function addStudySubmit(study: Command): void {
  study
    .command("submit")
    .description("write the job script of a study, and submit it with --yes")
    .argument("<folder>", 'folder made by "study plan"')
    .requiredOption("--engine <name>", "slurm or parallel (GNU parallel)")
    .option("--tasks <n>", "parts of the study; 64 unless given, or as many as it has points or the site allows")
    .option("--max-parallel <n>", "most parts at a time")
    .option("--threads <n>", "cores of each part", "1")
    .option("--time <limit>", "time limit of each part, for Slurm")
    .option("--yes", "submit it")
    .option("--json", "print JSON instead of the script")
    .addHelpText(
      "after",
      `
Parts that reach their time limit keep what they have computed. Submitting again computes what is missing.

Examples:
  twincomb study submit run/ --engine slurm --tasks 40 --threads 4 --time 02:00:00
  twincomb study submit run/ --engine slurm --yes
  twincomb study submit run/ --engine parallel --yes`,
    )
    .action(runSubmit);
}

async function runSubmit(path: string, options: SubmitOptions): Promise<void> {
  const { defaultTasks, jobScripts, openFolder, SCHEDULERS } = await import("../../study/folder.ts");
  const scheduler = SCHEDULERS.find((name) => name === options.engine);
  if (scheduler === undefined) throw invalid("--engine", options.engine, SCHEDULERS.join(" or "));
  const folder = openFolder(path);
  const limit = await arrayLimit(scheduler);
  const tasks =
    options.tasks === undefined
      ? defaultTasks(folder.plan.points, limit)
      : wholeInRange("--tasks", Number(options.tasks), 1, limit === undefined ? 1_000_000 : limit - 1);
  const scripts = jobScripts(folder, {
    scheduler,
    command: [process.execPath, process.argv[1]!],
    tasks,
    maxParallel: options.maxParallel === undefined ? undefined : Number(options.maxParallel),
    threads: Number(options.threads ?? 1),
    time: options.time,
  });
  const { run, merge } = scripts;
  for (const { file, text } of merge === undefined ? [run] : [run, merge]) await writeFileAtomic(file, text);
  const submitted = options.yes ? await submit(scripts) : undefined;
  const summary = {
    tasks,
    script: run.file,
    ...(merge === undefined ? {} : { mergeScript: merge.file }),
    ...submitted,
  };
  if (options.json) printData(JSON.stringify(summary, null, 2));
  else if (submitted === undefined) {
    printData(run.text.trimEnd());
    printNote(
      `wrote ${run.file}${merge === undefined ? "" : ` and ${merge.file}`}; --yes submits, or: ${scripts.submit.join(" ")}`,
    );
  } else if (submitted.job !== undefined) {
    printData(`job ${submitted.job}: ${tasks} parts; job ${submitted.mergeJob} merges when they have ended`);
  }
}

/** The site's limit, where there is a site. */
async function arrayLimit(scheduler: Scheduler): Promise<number | undefined> {
  if (scheduler !== "slurm") return undefined;
  const { SLURM_ARRAY_LIMIT, slurmArrayLimit } = await import("../../study/folder.ts");
  try {
    const { stdout } = await runProgram("scontrol", ["show", "config"]);
    const limit = slurmArrayLimit(stdout);
    if (limit !== undefined) return limit;
  } catch {
    // Scripts may be written on a machine without Slurm.
  }
  printNote(
    `twincomb: Slurm does not say how large an array may be here; its default of ${SLURM_ARRAY_LIMIT} is taken`,
  );
  return SLURM_ARRAY_LIMIT;
}

/** Hands the scripts over. */
async function submit({ submit, merge }: JobScripts): Promise<{ job?: string; mergeJob?: string; exitCode?: number }> {
  if (merge === undefined) {
    const exitCode = await inForeground(submit);
    process.exitCode = exitCode;
    return { exitCode };
  }
  const job = await sbatch(submit);
  // After any end: what a failed part has left out is what the merge then names.
  const mergeJob = await sbatch(["sbatch", "--parsable", `--dependency=afterany:${job}`, merge.file]);
  return { job, mergeJob };
}

async function sbatch([program, ...words]: readonly string[]): Promise<string> {
  try {
    const { stdout } = await runProgram(program!, words);
    // With several clusters the cluster's name follows.
    return stdout.trim().split(";")[0]!;
  } catch (cause) {
    const { stderr, message } = cause as Error & { stderr?: string };
    throw new TwincombError("unsupported", `${program}: ${stderr?.trim() || message}`, { cause });
  }
}

/** Runs a program whose output is the user's to see; stdout stays for data. */
async function inForeground([program, ...words]: readonly string[]): Promise<number> {
  return await new Promise((resolve, reject) => {
    const child = spawn(program!, words, { stdio: ["ignore", 2, 2] });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
