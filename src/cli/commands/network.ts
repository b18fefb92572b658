/**
 * `twincomb network`: the main job.
 *
 * @module
 */
import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import writeFileAtomic from "write-file-atomic";
import { invalid, TwincombError, wholeInRange } from "../../errors.ts";
import { type NetworkResult, optimised, planNetwork, replicate, type Scenario, simulate } from "../../network/index.ts";
import { rounded } from "../../network/result.ts";
import { replicatesTable } from "../../report/replicates-table.ts";
import { budgetTable, networkTable } from "../../report/table.ts";
import { NetworkProgressLine } from "../network-progress.ts";
import { EXIT, interruptSignal, printData, printNote } from "../output.ts";
import { startProgress } from "../progress.ts";
import { readScenario, type ScenarioOptions } from "../scenario-input.ts";

interface NetworkOptions extends ScenarioOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly dryRun?: boolean;
  readonly threads?: string;
  readonly report?: string;
  readonly replicates?: string;
  readonly optimise?: boolean;
}

/**
 * Adds the command.
 *
 * @param program - the command line
 */
export function addNetwork(program: Command): void {
  program
    .command("network")
    .description("run a whole network: photons counted, keys distilled on both sides of every pair")
    .argument("[scenario]", "scenario file, - for standard input; the weiming preset unless given")
    .option("--pulses <n>", "quantum slots of each pair, for example 1e11")
    .option("--seed <text>", "seed of every random number")
    .option("--set <path=value>", "replace one value of the scenario; may be repeated", collect)
    .option("--threads <n>", "workers, all cores unless given; never changes a result")
    .option("--report <file.html>", "draw the run into one HTML file that needs nothing else")
    .option("--optimise", "fit every pair's settings to its link and its number of pulses first")
    .option("--replicates <k>", "run under k seeds and print the spread of every figure")
    .option("--json", "print JSON instead of a table")
    .option("--dry-run", "print the link budget and stop")
    .option("--quiet", "no progress bar")
    .addHelpText(
      "after",
      `
Examples:
  twincomb network
  twincomb network --pulses 1e11 --seed 7
  twincomb network --report run.html
  twincomb network --set fibre.lossDbPerKm=0.17 --set detector.darkCountRateHz=20 --json
  twincomb network --pulses 1e11 --replicates 20
  twincomb init weiming > mine.json && twincomb network mine.json

Exit code: 0 every pair has a key, 3 some pair has none, 2 bad input, 1 a file could not be written, 130 interrupted.`,
    )
    .action(runNetwork);
}

/** Gathers a repeatable option. */
export function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

async function runNetwork(file: string | undefined, options: NetworkOptions): Promise<void> {
  const given = readScenario(file, options);
  const threads =
    options.threads === undefined ? undefined : wholeInRange("--threads", Number(options.threads), 1, 1024);
  const replicates =
    options.replicates === undefined ? undefined : wholeInRange("--replicates", Number(options.replicates), 2, 1e6);
  if (replicates !== undefined && options.report !== undefined) {
    throw invalid("--report", options.report, "no --report beside --replicates: it draws one run");
  }
  if (options.report !== undefined) refuseUnwritable(options.report);
  const signal = interruptSignal();
  const scenario = options.optimise ? await fitted(given, signal, options.quiet ?? false) : given;
  if (options.dryRun) {
    const { links } = await planNetwork(scenario);
    printData(options.json ? JSON.stringify(rounded(links), null, 2) : budgetTable(links));
    return;
  }
  const run = (one: Scenario, before = "") =>
    simulateWatched(one, { threads, signal, quiet: options.quiet ?? false, before });
  if (replicates !== undefined) {
    const spread = await replicate(scenario, replicates, (one, index) => run(one, `${index + 1}/${replicates}: `));
    printData(options.json ? JSON.stringify(spread, null, 2) : replicatesTable(spread));
    if (spread.pairs.some(({ keys }) => keys < replicates)) process.exitCode = EXIT.partial;
    return;
  }
  const result = await run(scenario);
  printData(options.json ? JSON.stringify(result, null, 2) : networkTable(result));
  if (result.total.pairs < result.pairs.length) process.exitCode = EXIT.partial;
  if (options.report !== undefined) await writeReport(options.report, scenario, result);
}

/** The scenario with every pair's settings fitted. */
async function fitted(scenario: Scenario, signal: AbortSignal, quiet: boolean): Promise<Scenario> {
  const progress = startProgress(quiet);
  try {
    return await optimised(scenario, {
      signal,
      onProgress: (fraction) => progress.update(fraction, "fitting the settings"),
    });
  } finally {
    progress.stop();
  }
}

/** Runs a network with a progress line; when it is interrupted, says what had been finished. */
async function simulateWatched(
  scenario: Scenario,
  {
    threads,
    signal,
    quiet,
    before,
  }: { threads: number | undefined; signal: AbortSignal; quiet: boolean; before: string },
): Promise<NetworkResult> {
  const progress = startProgress(quiet);
  const line = new NetworkProgressLine(scenario.pairs.length);
  try {
    return await simulate(scenario, {
      threads,
      signal,
      onProgress: (state) => progress.update(state.fraction, before + line.line(state), state.secondsLeft),
    });
  } catch (error) {
    progress.stop();
    if (error instanceof TwincombError && error.code === "aborted") {
      const { done } = line;
      const names = done.length === 0 ? "" : ` (${done.join(", ")})`;
      printNote(
        `twincomb: ${before}${done.length} of ${scenario.pairs.length} pairs were finished${names}; no file was written`,
      );
    }
    throw error;
  } finally {
    progress.stop();
  }
}

/** Better to be told before the run than after it. */
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
 */
export async function writeReport(file: string, scenario: Scenario, result: NetworkResult): Promise<void> {
  // Charting libraries take longer to load than most commands run.
  const { networkReport } = await import("../../report/network-report.ts");
  await writeFileAtomic(file, await networkReport(scenario, result));
  printNote(`wrote ${file}`);
}
