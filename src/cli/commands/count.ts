/**
 * `twincomb count`: only the photon counting.
 *
 * @module
 */
import type { Command } from "commander";
import {
  agreedTerms,
  countPair,
  type PlannedLink,
  planNetwork,
  recordRows,
  type Scenario,
  type TermsFile,
} from "../../network/index.ts";
import { rounded } from "../../network/result.ts";
import { countsTable } from "../../report/table.ts";
import { choosePair } from "../choose-pair.ts";
import { interruptSignal, printData } from "../output.ts";
import { startProgress } from "../progress.ts";
import { openRecordsFolder } from "../records-folder.ts";
import { readScenario, type ScenarioOptions } from "../scenario-input.ts";
import { collect } from "./network.ts";

interface CountOptions extends ScenarioOptions {
  readonly pair?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly expected?: boolean;
  readonly records?: string;
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
    .option("--records <folder>", "keep every click and setting there, as `twincomb distill` reads them")
    .option("--json", "print JSON instead of a table")
    .option("--quiet", "no progress bar")
    .addHelpText(
      "after",
      `
Examples:
  twincomb count --pulses 1e12
  twincomb count --pulses 1e11 --expected
  twincomb count --pulses 1e12 --json > counts.json && twincomb key counts.json --pairing active
  twincomb count --pulses 1e11 --records run`,
    )
    .action(runCount);
}

async function runCount(file: string | undefined, options: CountOptions): Promise<void> {
  const scenario = readScenario(file, options);
  const signal = interruptSignal();
  const records = options.records === undefined ? undefined : openRecordsFolder(options.records);
  const progress = startProgress(options.quiet ?? false);
  try {
    const link = choosePair(await planNetwork(scenario, { signal }), options.pair);
    const counts = await countPair(scenario, link, {
      signal,
      expected: options.expected,
      onProgress: (fraction) => progress.update(fraction, link.pair.name),
      ...(records === undefined ? {} : { onEvents: (chunk) => records.add(recordRows(chunk)) }),
    });
    progress.stop();
    records?.commit(termsOf(scenario, link));
    printData(options.json ? JSON.stringify(rounded(counts), null, 2) : countsTable(counts));
  } finally {
    progress.stop();
    records?.discard();
  }
}

/** What the two users of a link had agreed, and where they stand. */
function termsOf(scenario: Scenario, { pair, budget }: PlannedLink): TermsFile {
  return {
    link: {
      name: pair.name,
      index: pair.index,
      wavelengthNm: pair.line.wavelengthNm,
      distanceKm: pair.distanceKm,
      fibreLossDb: scenario.fibre.lossDbPerKm * pair.distanceKm,
      quantumSlotRateHz: budget.quantumSlotRateHz,
    },
    terms: agreedTerms(scenario, pair),
  };
}
