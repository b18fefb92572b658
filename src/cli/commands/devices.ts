/**
 * `twincomb comb`, `lock`, `phase` and `wafer`: the device models alone.
 *
 * @module
 */
import type { Command } from "commander";
import {
  BERTAINA_SCENARIOS,
  combReport,
  lockReport,
  scenarioFrame,
  scenarioVariance,
  startMicrocomb,
  waferReport,
  weimingCombRecipe,
} from "../../devices/index.ts";
import { wholeInRange } from "../../errors.ts";
import { planNetwork } from "../../network/index.ts";
import { rounded } from "../../network/result.ts";
import { philoxKey } from "../../random.ts";
import { combTable, lockTable, phaseTable, waferTable } from "../../report/device-tables.ts";
import { deviceValues } from "../device-values.ts";
import { interruptSignal, printData } from "../output.ts";
import { startProgress } from "../progress.ts";
import { readScenario, type ScenarioOptions } from "../scenario-input.ts";
import { choosePair } from "./count.ts";
import { collect } from "./network.ts";

interface DeviceOptions {
  readonly set?: readonly string[];
  readonly seed: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const SET_HELP = "replace one device value of the preset, for example ring.intrinsicQ=1e7; may be repeated";

/**
 * Adds the commands.
 *
 * @param program - the command line
 */
export function addDeviceCommands(program: Command): void {
  program
    .command("comb")
    .description("start the microcomb by simulation: its lines, their powers and linewidths")
    .option("--seed <text>", "seed of the vacuum fluctuations that start it", "2026")
    .option("--set <path=value>", SET_HELP, collect)
    .option("--json", "print JSON instead of a table")
    .option("--quiet", "no progress bar")
    .addHelpText("after", "\nExamples:\n  twincomb comb\n  twincomb comb --seed 7 --json")
    .action(runComb);
  program
    .command("lock")
    .description("self-injection lock of the pump and injection lock of a client: ranges and residual noise")
    .option("--set <path=value>", SET_HELP, collect)
    .option("--json", "print JSON instead of a table")
    .addHelpText("after", "\nExample:\n  twincomb lock --set pumpLaser.freeLinewidthHz=5e5")
    .action((options: DeviceOptions) => {
      const report = lockReport(deviceValues(options.set));
      printData(options.json ? JSON.stringify(rounded(report), null, 2) : lockTable(report));
    });
  program
    .command("phase")
    .description("phase budget of a pair by contribution, and the published link scenarios")
    .argument("[scenario]", "scenario file, - for standard input; the weiming preset unless given")
    .option("--pair <name>", "which pair, for example A1-B1; the first unless given")
    .option("--seed <text>", "seed of every random number")
    .option("--set <path=value>", "replace one value of the scenario; may be repeated", collect)
    .option("--json", "print JSON instead of a table")
    .addHelpText(
      "after",
      "\nExamples:\n  twincomb phase --pair A4-B4\n  twincomb phase --set comb.linewidthHz=1e4 --json",
    )
    .action(runPhase);
  program
    .command("wafer")
    .description("yields and spreads of wafers of client chips")
    .option("--seed <text>", "seed of every random number", "2026")
    .option("--wafers <n>", "how many wafers to draw", "200")
    .option("--wanted <n>", "chips wanted of each", "20")
    .option("--set <path=value>", SET_HELP, collect)
    .option("--json", "print JSON instead of a table")
    .addHelpText("after", "\nExample:\n  twincomb wafer --wafers 1000 --set wafer.modulatorYield=0.95")
    .action((options: DeviceOptions & { wafers: string; wanted: string }) => {
      const wafers = wholeInRange("--wafers", Number(options.wafers), 1, 1_000_000);
      const wanted = wholeInRange("--wanted", Number(options.wanted), 1, 4096);
      const report = waferReport(options.seed, deviceValues(options.set), { wafers, wanted });
      printData(options.json ? JSON.stringify(rounded(report), null, 2) : waferTable(report));
    });
}

async function runComb(options: DeviceOptions): Promise<void> {
  const values = deviceValues(options.set);
  const progress = startProgress(options.quiet ?? false);
  try {
    const state = await startMicrocomb(weimingCombRecipe(values), philoxKey(options.seed), {
      signal: interruptSignal(),
      onProgress: (fraction: number) => progress.update(fraction, "integrating the field"),
    });
    progress.stop();
    const report = combReport(state, values);
    printData(options.json ? JSON.stringify(rounded(report), null, 2) : combTable(report));
  } finally {
    progress.stop();
  }
}

async function runPhase(
  file: string | undefined,
  options: ScenarioOptions & { pair?: string; json?: boolean },
): Promise<void> {
  const scenario = readScenario(file, options);
  const { pair, budget } = choosePair((await planNetwork(scenario)).links, options.pair);
  const { phaseBudget, expectedErrorX } = budget;
  const published = BERTAINA_SCENARIOS.map((one) => {
    const frameSeconds = scenarioFrame(one);
    return { name: one.name, frameSeconds, rad2: scenarioVariance(one, frameSeconds) };
  });
  const report = { pair: pair.name, expectedErrorX, contributions: phaseBudget, publishedScenarios: published };
  printData(options.json ? JSON.stringify(rounded(report), null, 2) : phaseTable(report));
}
