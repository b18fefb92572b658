/**
 * Reports as files.
 *
 * @module
 */
import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { invalid, throwIfAborted } from "../errors.ts";
import type { NetworkResult, Scenario } from "../network/index.ts";
import { printNote } from "./output.ts";

/**
 * Refuses a place where no report can be written: better to be told before a run than after it.
 *
 * @param file - value of `--report`
 * @throws {@link TwincombError} `invalid-input` when there is a folder of that name
 * @throws the operating system's error when its folder cannot be written
 */
export function refuseUnwritable(file: string): void {
  accessSync(dirname(resolve(file)), constants.W_OK);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw invalid("--report", file, "a file, not a folder");
}

/**
 * Draws a run.
 *
 * @param file - where to
 * @param scenario - what was run
 * @param result - what came out
 * @param signal - stops before anything is written
 * @throws {@link TwincombError} `aborted` when the signal has fired
 */
export async function writeReport(
  file: string,
  scenario: Scenario,
  result: NetworkResult,
  signal?: AbortSignal,
): Promise<void> {
  // Charting libraries take longer to load than most commands run.
  const { networkReport } = await import("../report/network-report.ts");
  const page = await networkReport(scenario, result);
  // Drawing keeps the thread busy: an interruption is heard only now.
  await new Promise((turn) => setImmediate(turn));
  throwIfAborted(signal);
  await writeFileAtomic(file, page);
  printNote(`wrote ${file}`);
}
