/**
 * `twincomb comb`, `lock`, `phase` and `wafer`: the device models of a scenario alone.
 *
 * @module
 */
import type { Command } from "commander";
import { BERTAINA_SCENARIOS, scenarioFrame, scenarioVariance, waferReport } from "../../devices/index.ts";
import { wholeInRange } from "../../errors.ts";
import { lockSummary, planNetwork, startComb } from "../../network/index.ts";
import { rounded } from "../../network/result.ts";
import { combTable, lockTable, phaseTable, waferTable } from "../../report/device-tables.ts";
import { choosePair } from "../choose-pair.ts";
import { interruptSignal, printData } from "../output.ts";
import { startProgress } from "../progress.ts";
import { readScenario, type ScenarioOptions } from "../scenario-input.ts";
import { collect } from "./network.ts";

interface DeviceOptions extends ScenarioOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/**
 * Adds the commands.
 *
 * @param program - the command line
 */
export function addDeviceCommands(program: Command): void {
  deviceCommand(program, "comb", "start the microcomb by simulation: its lines, their powers and linewidths")
    .addHelpText(
      "after",
      `
Examples:
  twincomb comb
  twincomb comb --set comb.microcomb.pumpLaser.powerMilliwatts=60 --seed 7 --json`,
    )
    .action((file, options: DeviceOptions) =>
      withProgress(options, async (comb) => {
        const report = await startComb(readScenario(file, options), comb);
        return options.json ? json(report) : combTable(report);
      }),
    );
  deviceCommand(program, "lock", "self-injection lock of the pump, injection lock of every client: ranges, noise")
    .addHelpText("after", "\nExample:\n  twincomb lock --set comb.microcomb.pumpLaser.freeLinewidthHz=5e5")
    .action((file, options: DeviceOptions) =>
      withProgress(options, async (comb) => {
        const scenario = readScenario(file, options);
        const report = lockSummary(scenario, await planNetwork(scenario, comb));
        return options.json ? json(report) : lockTable(report);
      }),
    );
  deviceCommand(program, "phase", "phase budget of a pair by contribution, and the published link scenarios")
    .option("--pair <name>", "which pair, for example A1-B1; the first unless given")
    .addHelpText(
      "after",
      "\nExamples:\n  twincomb phase --pair A4-B4\n  twincomb phase --set fibre.lengthMismatchKm=2 --json",
    )
    .action((file, options: DeviceOptions & { pair?: string }) =>
      withProgress(options, async (comb) => {
        const scenario = readScenario(file, options);
        const { pair, budget } = choosePair(await planNetwork(scenario, comb), options.pair);
        const { phaseBudget, expectedErrorX } = budget;
        const published = BERTAINA_SCENARIOS.map((one) => {
          const frameSeconds = scenarioFrame(one);
          return { name: one.name, frameSeconds, rad2: scenarioVariance(one, frameSeconds) };
        });
        const report = { pair: pair.name, expectedErrorX, contributions: phaseBudget, publishedScenarios: published };
        return options.json ? json(report) : phaseTable(report);
      }),
    );
  deviceCommand(program, "wafer", "yields and spreads of wafers of client chips")
    .option("--wafers <n>", "how many wafers to draw", "200")
    .option("--wanted <n>", "chips wanted of each; as many as the scenario has clients unless given")
    .addHelpText("after", "\nExample:\n  twincomb wafer --wafers 1000 --set wafer.modulatorYield=0.95")
    .action((file, options: DeviceOptions & { wafers: string; wanted?: string }) => {
      const scenario = readScenario(file, options);
      const wafers = wholeInRange("--wafers", Number(options.wafers), 1, 1_000_000);
      const wanted = wholeInRange("--wanted", Number(options.wanted ?? scenario.clients.length), 1, 4096);
      const report = waferReport(scenario.seed, scenario, { wafers, wanted });
      printData(options.json ? json(report) : waferTable(report));
    });
}

/** A command with what all of them take. */
function deviceCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument("[scenario]", "scenario file, - for standard input; the weiming preset unless given")
    .option("--seed <text>", "seed of every random number")
    .option("--set <path=value>", "replace one value of the scenario; may be repeated", collect)
    .option("--json", "print JSON instead of a table")
    .option("--quiet", "no progress bar");
}

function json(report: unknown): string {
  return JSON.stringify(rounded(report), null, 2);
}

/** Prints what comes of work that starts a comb. */
async function withProgress(
  options: DeviceOptions,
  work: (comb: { signal: AbortSignal; onProgress: (fraction: number) => void }) => Promise<string>,
): Promise<void> {
  const progress = startProgress(options.quiet ?? false);
  try {
    const text = await work({
      signal: interruptSignal(),
      onProgress: (fraction) => progress.update(fraction, "starting the comb"),
    });
    progress.stop();
    printData(text);
  } finally {
    progress.stop();
  }
}
