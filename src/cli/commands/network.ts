/**
 * `twincomb network`: the main job.
 *
 * @module
 */
import type { Command } from "commander";
import { wholeInRange } from "../../errors.ts";
import { planNetwork, simulate } from "../../network/index.ts";
import { rounded } from "../../network/result.ts";
import { budgetTable, networkTable } from "../../report/table.ts";
import { EXIT, interruptSignal, printData } from "../output.ts";
import { startProgress } from "../progress.ts";
import { readScenario, type ScenarioOptions } from "../scenario-input.ts";

interface NetworkOptions extends ScenarioOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly dryRun?: boolean;
  readonly threads?: string;
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
    .option("--json", "print JSON instead of a table")
    .option("--dry-run", "print the link budget and stop")
    .option("--quiet", "no progress bar")
    .addHelpText(
      "after",
      `
Examples:
  twincomb network
  twincomb network --pulses 1e11 --seed 7
  twincomb network --set fibre.lossDbPerKm=0.17 --set detector.darkCountRateHz=20 --json
  twincomb init weiming > mine.json && twincomb network mine.json

Exit code: 0 every pair has a key, 3 some pair has none, 2 bad input, 130 interrupted.`,
    )
    .action(runNetwork);
}

/** Gathers a repeatable option. */
export function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

async function runNetwork(file: string | undefined, options: NetworkOptions): Promise<void> {
  const scenario = readScenario(file, options);
  const threads =
    options.threads === undefined ? undefined : wholeInRange("--threads", Number(options.threads), 1, 1024);
  if (options.dryRun) {
    const { links } = await planNetwork(scenario);
    printData(options.json ? JSON.stringify(rounded(links), null, 2) : budgetTable(links));
    return;
  }
  const progress = startProgress(options.quiet ?? false);
  try {
    const result = await simulate(scenario, {
      threads,
      signal: interruptSignal(),
      onProgress: ({ fraction, pair, stage }) => progress.update(fraction, `${pair} ${stage}`),
    });
    progress.stop();
    printData(options.json ? JSON.stringify(result, null, 2) : networkTable(result));
    if (result.total.pairs < result.pairs.length) process.exitCode = EXIT.partial;
  } finally {
    progress.stop();
  }
}
