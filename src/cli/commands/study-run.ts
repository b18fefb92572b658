/**
 * `twincomb study run`: computes what is missing.
 *
 * @module
 */
import type { Command } from "commander";
import { TwincombError, wholeInRange } from "../../errors.ts";
import type { Shard, StudyProgress } from "../../study/index.ts";
import { EXIT, printData, printNote } from "../output.ts";
import { startProgress } from "../progress.ts";

interface RunOptions {
  readonly shard?: string;
  readonly shards?: string;
  readonly threads?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/**
 * Adds the command.
 *
 * @param study - the command `study`
 */
export function addStudyRun(study: Command): void {
  study
    .command("run")
    .description("compute every point that has no result yet, on all cores")
    .argument("<folder>", 'folder made by "study plan"')
    .option("--shard <i/n>", "every n-th point only, for example 2/7")
    .option("--shards <n>", "the same, with i from the scheduler's environment")
    .option("--threads <n>", "workers, all cores unless given; never changes a result")
    .option("--json", "print JSON instead of a sentence")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      `
In an array of jobs the shard comes from the environment: Slurm and Grid Engine tell everything, PBS, Kubernetes
(indexed jobs) and GNU parallel need --shards n.

Examples:
  twincomb study run run/
  twincomb study run run/ --shard 2/7
  seq 8 | parallel twincomb study run run/ --shard {}/8 --threads 1

Exit code: 0 all points of the shard have results, 3 ended by SIGTERM and 130 by Ctrl-C (run again to go on),
1 results could not be written, 2 bad input.`,
    )
    .action(runRun);
}

async function runRun(path: string, options: RunOptions): Promise<void> {
  const { openFolder, runInFolder } = await import("../../study/folder.ts");
  const threads =
    options.threads === undefined ? undefined : wholeInRange("--threads", Number(options.threads), 1, 1024);
  const shard = await chosenShard(options);
  const folder = openFolder(path);
  const stop = stopSignals();
  const meter = startMeter(options.quiet ?? false);
  try {
    const { computed, refused } = await runInFolder(folder, {
      threads,
      shard,
      signal: stop.signal,
      onProgress: meter.update,
      onNotes: printNotes,
    });
    meter.stop();
    const { done, total } = meter.last();
    const summary = { folder: path, ...(shard === undefined ? {} : { shard }), computed, refused, done, total };
    const part = shard === undefined ? "" : ` of shard ${shard.index}/${shard.count}`;
    const without = refused === 0 ? "" : `; ${refused} of them are refusals, values that do not fit together`;
    printData(
      options.json
        ? JSON.stringify(summary, null, 2)
        : `${path}: ${computed} results computed, nothing missing${part}${without}`,
    );
  } catch (error) {
    meter.stop();
    if (error instanceof TwincombError && error.code === "aborted") {
      printNote(`twincomb: stopped by ${stop.reason()}; what is computed is kept, the same command goes on from there`);
      process.exitCode = stop.reason() === "SIGTERM" ? EXIT.partial : EXIT.interrupted;
      return;
    }
    if (error instanceof Error && "syscall" in error) {
      printNote(
        "twincomb: a result could not be written; all earlier ones are kept, the same command goes on from there",
      );
    }
    throw error;
  } finally {
    meter.stop();
  }
}

async function chosenShard({ shard, shards }: RunOptions): Promise<Shard | undefined> {
  const { parseShard, shardFromEnvironment } = await import("../../study/index.ts");
  if (shard !== undefined) return parseShard("--shard", shard);
  const count = shards === undefined ? undefined : wholeInRange("--shards", Number(shards), 1, 1_000_000);
  const found = shardFromEnvironment(process.env, count);
  if (found === undefined && count !== undefined) {
    throw new TwincombError("invalid-input", "--shards: no scheduler gives this process an index; say --shard i/n", {
      parameter: "--shards",
      value: shards,
    });
  }
  return found;
}

/** Notes that are shown; a folder that was killed often has many alike. */
const SHOWN_NOTES = 10;

/** Prints what had to be left out of earlier results. */
export function printNotes(notes: readonly string[]): void {
  for (const note of notes.slice(0, SHOWN_NOTES)) printNote(`twincomb: ${note}`);
  if (notes.length > SHOWN_NOTES) printNote(`twincomb: and ${notes.length - SHOWN_NOTES} more like these`);
}

/** A signal that fires when somebody, or a scheduler whose time is up, ends the process. */
function stopSignals(): { readonly signal: AbortSignal; readonly reason: () => string } {
  const controller = new AbortController();
  let reason = "";
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.once(name, () => {
      reason ||= name;
      controller.abort();
    });
  }
  return { signal: controller.signal, reason: () => reason };
}

/** How often progress is written where no terminal shows a bar, ms. */
const LINE_INTERVAL = 60_000;

/** Progress on a terminal as a bar, elsewhere as a line now and then. */
function startMeter(quiet: boolean): {
  readonly update: (progress: StudyProgress) => void;
  readonly last: () => StudyProgress;
  readonly stop: () => void;
} {
  const bar = startProgress(quiet);
  const started = performance.now();
  let first: StudyProgress | undefined;
  let last: StudyProgress = { done: 0, total: 0 };
  let printed = started;
  return {
    update(progress) {
      first ??= progress;
      last = progress;
      const { done, total } = progress;
      const now = performance.now();
      const rate = (done - first.done) / ((now - started) / 1000);
      bar.update(total === 0 ? 1 : done / total, `${done} of ${total}, ${rate.toPrecision(3)}/s`);
      if (quiet || process.stderr.isTTY || now - printed < LINE_INTERVAL) return;
      printed = now;
      const left = rate > 0 ? `, ${Math.ceil((total - done) / rate / 60)} min left` : "";
      printNote(`${done} of ${total}, ${rate.toPrecision(3)}/s${left}`);
    },
    last: () => last,
    stop: () => bar.stop(),
  };
}
