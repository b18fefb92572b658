/**
 * `twincomb tolerance`: the break-even value of any number of a scenario.
 *
 * @module
 */
import type { Command } from "commander";
import { invalid } from "../../errors.ts";
import { type PairForecast, planNetwork, tolerance } from "../../network/index.ts";
import { rounded } from "../../network/result.ts";
import { choosePair } from "../choose-pair.ts";
import { interruptSignal, printData } from "../output.ts";
import { readScenario, type ScenarioOptions } from "../scenario-input.ts";
import { collect } from "./network.ts";

const FIGURES: readonly (keyof PairForecast)[] = ["ratioToPlob", "keyRatePerPulse", "keyRateBps", "qberX"];

interface ToleranceOptions extends ScenarioOptions {
  readonly vary: string;
  readonly until: string;
  readonly range?: string;
  readonly pair?: string;
  readonly json?: boolean;
}

/**
 * Adds the command.
 *
 * @param program - the command line
 */
export function addTolerance(program: Command): void {
  program
    .command("tolerance")
    .description("vary one number of a scenario until a forecast figure reaches a target")
    .argument("[scenario]", "scenario file, - for standard input; the weiming preset unless given")
    .requiredOption("--vary <path>", "path of a number, for example detector.darkCountRateHz")
    .requiredOption("--until <figure=value>", `one of ${FIGURES.join(", ")}, and its value`)
    .option("--range <from:to>", "where to look; a factor of 1000 around the scenario's value unless given")
    .option("--pair <name>", "which pair, for example A1-B1; the first unless given")
    .option("--set <path=value>", "replace one value of the scenario; may be repeated", collect)
    .option("--pulses <n>", "quantum slots")
    .option("--seed <text>", "seed of every random number")
    .option("--json", "print JSON instead of a sentence")
    .addHelpText(
      "after",
      `
Examples:
  twincomb tolerance --vary detector.darkCountRateHz --until ratioToPlob=1
  twincomb tolerance --vary fibre.driftRadPerSecond --until qberX=0.05 --json`,
    )
    .action(runTolerance);
}

async function runTolerance(file: string | undefined, options: ToleranceOptions): Promise<void> {
  const scenario = readScenario(file, options);
  const signal = interruptSignal();
  const [name, text] = options.until.split("=");
  const figure = FIGURES.find((one) => one === name);
  const target = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  if (figure === undefined || Number.isNaN(target)) {
    throw invalid("--until", options.until, `${FIGURES.join(", ")} with a value, for example ratioToPlob=1`);
  }
  const { pair } = choosePair(await planNetwork(scenario, { signal }), options.pair);
  const range = options.range === undefined ? {} : { range: parseRange(options.range) };
  const { value, bracket } = await tolerance(
    scenario,
    { path: options.vary, figure, target, pair: pair.index, ...range },
    { signal },
  );
  const result = { path: options.vary, value, bracket, figure, target, pair: pair.name };
  printData(
    options.json
      ? JSON.stringify(rounded(result), null, 2)
      : `${pair.name}: ${figure} reaches ${target} at ${options.vary} = ${value.toPrecision(6)} (between ${bracket[0].toPrecision(6)} and ${bracket[1].toPrecision(6)})`,
  );
}

function parseRange(text: string): readonly [number, number] {
  const [from, to, ...rest] = text.split(":").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (from === undefined || to === undefined || rest.length > 0 || !(from < to)) {
    throw invalid("--range", text, "from:to with from < to");
  }
  return [from, to];
}
