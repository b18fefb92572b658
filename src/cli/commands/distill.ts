/**
 * `twincomb distill`: from recorded settings and clicks to a key.
 *
 * @module
 */
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Command } from "commander";
import { TwincombError } from "../../errors.ts";
import { parseTerms, type RecordedSession } from "../../network/index.ts";
import { pairTable } from "../../report/pair-table.ts";
import type { DistillNews, DistillWork } from "../distill-worker.ts";
import { type OutFolder, openOutFolder } from "../out-folder.ts";
import { EXIT, interruptSignal, printData, printNote } from "../output.ts";
import { type Progress, startProgress } from "../progress.ts";
import { readJson } from "../scenario-input.ts";

interface DistillOptions {
  readonly alice: string;
  readonly bob: string;
  readonly server: string;
  readonly terms?: string;
  readonly seed?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Stands beside the server's file unless told otherwise. */
const TERMS_FILE = "terms.json";

/**
 * Adds the command.
 *
 * @param program - the command line
 */
export function addDistill(program: Command): void {
  program
    .command("distill")
    .description("distil a key from an experiment's own records of settings and clicks (docs/recorded-clicks.md)")
    .requiredOption("--alice <file>", "CSV of Alice's settings in the announced slots: slot,setting,phase")
    .requiredOption("--bob <file>", "CSV of Bob's: slot,setting,phase")
    .requiredOption("--server <file>", "CSV of the server's announcements: slot,detector,correction")
    .option("--terms <file>", `JSON of what had been agreed; ${TERMS_FILE} beside the server's file unless given`)
    .option("--seed <text>", "make everything private repeatable; the key is then marked as simulated")
    .option("--out <folder>", "keep result, terms, both keys and the public transcript there")
    .option("--json", "print JSON instead of a table")
    .option("--quiet", "no progress bar")
    .addHelpText(
      "after",
      `
Examples:
  twincomb count --pulses 1e11 --records run && twincomb distill --alice run/alice.csv --bob run/bob.csv --server run/server.csv
  twincomb distill --alice a.csv --bob b.csv --server s.csv --terms terms.json --out key --json
  twincomb schema terms

Exit code: 0 with a key, 3 without one, 2 bad input, 1 a file could not be written, 130 interrupted.`,
    )
    .action(runDistill);
}

async function runDistill(options: DistillOptions): Promise<void> {
  const { alice, bob, server, seed, out } = options;
  const terms = readJson(options.terms ?? join(dirname(server), TERMS_FILE));
  const agreed = parseTerms(terms);
  const bytes = sizeOf(alice) + sizeOf(bob) + SERVER_READINGS * sizeOf(server);
  const folder = out === undefined ? undefined : openOutFolder(out);
  const progress = startProgress(options.quiet ?? false);
  try {
    const session = await distilled({ alice, bob, server, agreed, seed }, bytes, progress);
    progress.stop();
    if (folder !== undefined) keep(folder, terms, session);
    const { result } = session;
    printData(options.json ? JSON.stringify(result, null, 2) : pairTable(result));
    if (folder !== undefined) printNote(`wrote ${out}`);
    if (result.status === "no-key") process.exitCode = EXIT.partial;
  } finally {
    progress.stop();
    folder?.discard();
  }
}

/** Share of the time that reading takes; only the progress bar knows it. */
const READING_SHARE = 0.5;
/** The server's file is read beside each user's, and once for itself. */
const SERVER_READINGS = 3;

/** Distils in a thread of its own. */
async function distilled(work: DistillWork, bytes: number, progress: Progress): Promise<RecordedSession> {
  const signal = interruptSignal();
  const worker = new Worker(new URL("../distill-worker.js", import.meta.url), { workerData: work });
  let read = 0;
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new TwincombError("aborted", "stopped; nothing was written")));
      worker.on("error", reject);
      worker.on("message", (news: DistillNews) => {
        if (news.type === "done") resolve(news.session);
        else if (news.type === "failed") reject(revived(news));
        else if (news.type === "stage")
          progress.update(READING_SHARE, news.stage === "counting" ? "reading" : news.stage);
        else {
          read += news.read;
          progress.update((READING_SHARE * read) / bytes, "reading");
        }
      });
    });
  } finally {
    await worker.terminate();
  }
}

function revived({ error, details }: DistillNews & { readonly type: "failed" }): unknown {
  if (details === undefined) return error;
  const { code, message, parameter, expected } = details;
  return new TwincombError(code, message, {
    ...(parameter === undefined ? {} : { parameter }),
    ...(expected === undefined ? {} : { expected }),
  });
}

function keep(folder: OutFolder, terms: unknown, { result, keys, transcript }: RecordedSession): void {
  folder.addJson("result.json", result);
  folder.addJson("terms.json", terms);
  folder.addBlock(0, result.name, transcript);
  if (keys !== null) folder.addKeys(0, result.name, keys);
  folder.commit();
}

function sizeOf(path: string): number {
  try {
    const stat = statSync(path);
    if (stat.isFile()) return stat.size;
    throw new Error("not a file; records are read more than once and cannot come from a pipe");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TwincombError("invalid-input", `${path}: cannot be read (${reason})`, { parameter: path, cause });
  }
}
