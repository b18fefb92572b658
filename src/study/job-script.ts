/**
 * Job scripts: the same command for every part of a study, and one that merges when all have ended.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { invalid, wholeInRange } from "../errors.ts";
import type { RunFolder } from "./run-folder.ts";

/** Schedulers for which scripts are written. */
export const SCHEDULERS = ["slurm", "parallel"] as const;

/** One of {@link SCHEDULERS}. */
export type Scheduler = (typeof SCHEDULERS)[number];

/** What a script is written for. */
export interface JobOptions {
  /** Which scheduler. */
  readonly scheduler: Scheduler;
  /** Words that start this command, for example the path of Node and of the script. */
  readonly command: readonly string[];
  /** Parts that the study is divided into; see {@link defaultTasks}. */
  readonly tasks: number;
  /** Most parts at a time; as many as the scheduler likes unless told. */
  readonly maxParallel?: number | undefined;
  /** Cores of each part; one unless told. */
  readonly threads?: number | undefined;
  /** Time limit of each part, as the scheduler writes it. */
  readonly time?: string | undefined;
}

/** The scripts of a study. */
export interface JobScripts {
  /** What runs the parts: an array job of Slurm, or a shell script that merges at its end. */
  readonly run: { readonly file: string; readonly text: string };
  /** What merges afterwards, where it is a job of its own. */
  readonly merge?: { readonly file: string; readonly text: string };
  /** Words of the command that submits or starts `run`. */
  readonly submit: readonly string[];
}

/** Parts that a study is divided into unless told: enough for most clusters' patience with one user. */
const USUAL_TASKS = 64;

/** Slurm's own default of `MaxArraySize`. */
export const SLURM_ARRAY_LIMIT = 1001;

/**
 * Parts that suit a study: not more than it has points, than schedulers like, or than the site allows.
 *
 * @param points - of the study
 * @param arrayLimit - the site's `MaxArraySize`, one more than the largest index
 */
export function defaultTasks(points: number, arrayLimit: number = SLURM_ARRAY_LIMIT): number {
  return Math.max(1, Math.min(points, USUAL_TASKS, arrayLimit - 1));
}

/**
 * Reads `MaxArraySize` of Slurm's configuration.
 *
 * @param configuration - what `scontrol show config` prints
 * @returns the limit, or undefined where it does not say
 */
export function slurmArrayLimit(configuration: string): number | undefined {
  const match = /^MaxArraySize\s*=\s*(\d+)/m.exec(configuration);
  return match === null ? undefined : Number(match[1]);
}

/**
 * Writes the scripts of a study; nothing is started.
 *
 * @param folder - the study
 * @param options - scheduler, command, parts
 * @throws {@link TwincombError} `invalid-input` when a number is out of range or a time is no time
 */
export function jobScripts({ path, plan }: RunFolder, options: JobOptions): JobScripts {
  const tasks = wholeInRange("--tasks", options.tasks, 1, 1_000_000);
  const threads = wholeInRange("--threads", options.threads ?? 1, 1, 1024);
  const most = options.maxParallel === undefined ? undefined : wholeInRange("--max-parallel", options.maxParallel, 1);
  if (options.time !== undefined && !/^[\d:-]+$/.test(options.time)) {
    throw invalid("--time", options.time, "minutes, hours:minutes:seconds or days-hours");
  }
  const folder = resolve(path);
  const command = options.command.map(quoted).join(" ");
  const words = { folder: quoted(folder), command, tasks, threads, most };
  return options.scheduler === "slurm"
    ? slurmScripts(folder, plan.study.name, { ...words, time: options.time })
    : parallelScript(folder, words);
}

interface Words {
  readonly folder: string;
  readonly command: string;
  readonly tasks: number;
  readonly threads: number;
  readonly most: number | undefined;
}

/** Seconds before the time limit at which Slurm tells a part to stop. */
const WARNING_SECONDS = 60;

function slurmScripts(path: string, name: string, words: Words & { time: string | undefined }): JobScripts {
  const { folder, command, tasks, threads, most, time } = words;
  const title = name.replace(/[^\w.-]+/g, "-").slice(0, 40);
  const directives = (lines: readonly string[]) => lines.map((line) => `#SBATCH ${line}`).join("\n");
  const log = (file: string) => `--output="${join(path, file)}"`;
  const run = `#!/bin/sh
${directives([
  `--job-name=${title}`,
  `--array=0-${tasks - 1}${most === undefined ? "" : `%${most}`}`,
  "--ntasks=1",
  `--cpus-per-task=${threads}`,
  ...(time === undefined ? [] : [`--time=${time}`]),
  // The warning goes to the script's own process, which exec makes the command itself.
  `--signal=B:TERM@${WARNING_SECONDS}`,
  "--requeue",
  "--open-mode=append",
  log("slurm-%A_%a.log"),
])}
exec ${command} study run ${folder} --shard "$SLURM_ARRAY_TASK_ID/${tasks}" --threads ${threads} --quiet
`;
  const merge = `#!/bin/sh
${directives([`--job-name=${title}-merge`, "--ntasks=1", "--cpus-per-task=1", log("slurm-merge-%j.log")])}
exec ${command} study merge ${folder}
`;
  const file = join(path, "run.sbatch");
  return {
    run: { file, text: run },
    merge: { file: join(path, "merge.sbatch"), text: merge },
    submit: ["sbatch", "--parsable", file],
  };
}

function parallelScript(path: string, { folder, command, tasks, threads, most }: Words): JobScripts {
  const jobs = most ?? `$(( $(nproc) / ${threads} > 0 ? $(nproc) / ${threads} : 1 ))`;
  const text = `#!/bin/sh
# Run again to repeat the parts that failed; parts that are complete are not started again.
seq ${tasks} | parallel --jobs "${jobs}" --joblog ${quoted(join(path, `parallel-${tasks}.log`))} --resume-failed \\
  ${quoted(`exec ${command} study run ${folder} --shard {}/${tasks} --threads ${threads} --quiet`)}
failed=$?
${command} study merge ${folder} || exit
exit "$failed"
`;
  const file = join(path, "run.sh");
  return { run: { file, text }, submit: ["sh", file] };
}

/** A word that a shell takes as it is. */
function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
