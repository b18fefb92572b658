/**
 * `twincomb count`: only the photon counting.
 *
 * @module
 */
import type { Command } from "commander";
import { invalid } from "../../errors.ts";
import { countPair, type PlannedLink, planNetwork } from "../../network/index.ts";
import { rounded } from "../../network/result.ts";
import { countsTable } from "../../report/table.ts";
import { interruptSignal, printData } from "../output.ts";
import { startProgress } from "../progress.ts";
import { readScenario, type ScenarioOptions } from "../scenario-input.ts";
import { collect } from "./network.ts";

interface CountOptions extends ScenarioOptions {
  readonly pair?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly expected?: boolean;
}

/**
 * Adds the command.
 *
 * @param program - the command line
 */
export function addCount(program: Command): void {
  program
    .command("count")
    .description("count the photons of one pair; the JSON is valid input of `twincomb key`")
    .argument("[scenario]", "scenario file, - for standard input; the weiming preset unless given")
    .option("--pair <name>", "which pair, for example A1-B1; the first unless given")
    .option("--pulses <n>", "quantum slots, for example 1e12")
    .option("--seed <text>", "seed of every random number")
    .option("--set <path=value>", "replace one value of the scenario; may be repeated", collect)
    .option("--expected", "print the closed-form value and the deviation beside each count")
    .option("--json", "print JSON instead of a table")
    .option("--quiet", "no progress bar")
    .addHelpText(
      "after",
      `
Examples:
  twincomb count --pulses 1e12
  twincomb count --pulses 1e11 --expected
  twincomb count --pulses 1e12 --json > counts.json && twincomb key counts.json`,
    )
    .action(runCount);
}

async function runCount(file: string | undefined, options: CountOptions): Promise<void> {
  const scenario = readScenario(file, options);
  const link = choosePair((await planNetwork(scenario)).links, options.pair);
  const progress = startProgress(options.quiet ?? false);
  try {
    const counts = await countPair(scenario, link, {
      signal: interruptSignal(),
      expected: options.expected,
      onProgress: (fraction) => progress.update(fraction, link.pair.name),
    });
    progress.stop();
    printData(options.json ? JSON.stringify(rounded(counts), null, 2) : countsTable(counts));
  } finally {
    progress.stop();
  }
}

/** Finds a pair by its name; the first when none is given. */
export function choosePair(links: readonly PlannedLink[], name: string | undefined): PlannedLink {
  const link = name === undefined ? links[0] : links.find(({ pair }) => pair.name === name);
  if (link === undefined) throw invalid("--pair", name, `one of ${links.map(({ pair }) => pair.name).join(", ")}`);
  return link;
}
