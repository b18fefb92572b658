/**
 * `twincomb network`: the main job.
 *
 * @module
 */
import type { Command } from "commander";
import { invalid, TwincombError, wholeInRange } from "../../errors.ts";
import { type NetworkResult, optimised, planNetwork, replicate, type Scenario, simulate } from "../../network/index.ts";
import { rounded } from "../../network/result.ts";
import { replicatesTable } from "../../report/replicates-table.ts";
import { networkTable, planTable } from "../../report/table.ts";
import { NetworkProgressLine } from "../network-progress.ts";
import { type OutFolder, openOutFolder } from "../out-folder.ts";
import { EXIT, interruptSignal, printData, printNote } from "../output.ts";
import { startProgress } from "../progress.ts";
import { readScenario, type ScenarioOptions } from "../scenario-input.ts";
import { refuseUnwritable, writeReport } from "../write-report.ts";

interface NetworkOptions extends ScenarioOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly dryRun?: boolean;
  readonly threads?: string;
  readonly report?: string;
  readonly out?: string;
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
    .argument("[scenario]", "scenario file, name of a preset, or - for standard input; the weiming preset unless given")
    .option("--pulses <n>", "quantum slots of each pair, for example 1e11")
    .option("--seed <text>", "seed of every random number")
    .option("--set <path=value>", "replace one value of the scenario; may be repeated", collect)
    .option("--threads <n>", "workers, all cores unless given; never changes a result")
    .option("--report <file.html>", "draw the run into one HTML file that needs nothing else")
    .option("--out <folder>", "keep the result, the scenario, both keys of every pair and all that was said in public")
    .option("--optimise", "fit every pair's settings to its link and its number of pulses first")
    .option("--replicates <k>", "run under k seeds and print the spread of every figure")
    .option("--json", "print JSON instead of a table")
    .option("--dry-run", "print the link budgets and stop")
    .option("--quiet", "no progress bar")
    .addHelpText(
      "after",
      `
Examples:
  twincomb network
  twincomb network --pulses 1e11 --seed 7
  twincomb network --report run.html
  twincomb network --out run && twincomb report run
  twincomb network --set fibre.lossDbPerKm=0.17 --set detector.darkCountRateHz=20 --json
  twincomb network --pulses 1e11 --replicates 20
  twincomb network metropolitan --optimise
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
  for (const option of ["report", "out"] as const) {
    if (replicates !== undefined && options[option] !== undefined) {
      throw invalid(`--${option}`, options[option], `no --${option} beside --replicates: it keeps one run`);
    }
  }
  if (options.report !== undefined) refuseUnwritable(options.report);
  const signal = interruptSignal();
  const scenario = options.optimise ? await fitted(given, signal, options.quiet ?? false) : given;
  if (options.dryRun) {
    const plan = await planNetwork(scenario, { signal });
    printData(options.json ? JSON.stringify(rounded(plan), null, 2) : planTable(plan));
    return;
  }
  const watch = { threads, signal, quiet: options.quiet ?? false };
  if (replicates !== undefined) {
    const spread = await replicate(scenario, replicates, (one, index) =>
      simulateWatched(one, { ...watch, before: `${index + 1}/${replicates}: ` }),
    );
    printData(options.json ? JSON.stringify(spread, null, 2) : replicatesTable(spread));
    if (spread.pairs.some(({ keys }) => keys < replicates)) process.exitCode = EXIT.partial;
    return;
  }
  const result =
    options.out === undefined ? await simulateWatched(scenario, watch) : await runInto(options.out, scenario, watch);
  printData(options.json ? JSON.stringify(result, null, 2) : networkTable(result));
  if (result.total.pairs < result.pairs.length) process.exitCode = EXIT.partial;
  if (options.report !== undefined) await writeReport(options.report, scenario, result, signal);
}

/** How a run is watched, and what is kept of it. */
interface Watch {
  readonly threads: number | undefined;
  readonly signal: AbortSignal;
  readonly quiet: boolean;
  /** Text before the progress line. */
  readonly before?: string;
  /** Where keys and transcripts go. */
  readonly folder?: OutFolder;
}

/** Runs a network and keeps its files. */
async function runInto(path: string, scenario: Scenario, watch: Watch): Promise<NetworkResult> {
  const folder = openOutFolder(path);
  try {
    const result = await simulateWatched(scenario, { ...watch, folder });
    folder.addJson("scenario.json", scenario);
    folder.addJson("result.json", result);
    folder.commit();
    printNote(`wrote ${path}`);
    return result;
  } finally {
    folder.discard();
  }
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
async function simulateWatched(scenario: Scenario, watch: Watch): Promise<NetworkResult> {
  const { threads, signal, quiet, before = "", folder } = watch;
  const progress = startProgress(quiet);
  const line = new NetworkProgressLine(scenario.pairs.length);
  try {
    return await simulate(scenario, {
      threads,
      signal,
      onProgress: (state) => progress.update(state.fraction, before + line.line(state), state.secondsLeft),
      ...(folder === undefined
        ? {}
        : {
            onBlock: ({ index, name }, { transcript }) => folder.addBlock(index, name, transcript),
            onKeys: ({ index, name }, keys) => folder.addKeys(index, name, keys),
          }),
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
