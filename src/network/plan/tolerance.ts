/**
 * How much the network bears: the value of a scenario's number at which a pair's figure reaches a target.
 *
 * @module
 */
import { invalid } from "../../errors.ts";
import { type BreakEven, breakEven } from "../../protocol/index.ts";
import { parseScenario, type Scenario } from "../scenario/scenario.ts";
import type { CombOptions } from "./comb-source.ts";
import { forecastPair, type PairForecast } from "./forecast.ts";
import { planNetwork } from "./plan.ts";

/** What is asked. */
export interface ToleranceQuestion {
  /** Path of the number that is varied, for example `detector.darkCountRateHz`. */
  readonly path: string;
  /** Which figure of the forecast. */
  readonly figure: keyof PairForecast;
  /** The value it shall reach. */
  readonly target: number;
  /** Which pair, by its position. */
  readonly pair: number;
  /** Where to look; a factor of a thousand around the scenario's value unless told. */
  readonly range?: readonly [number, number];
}

/** How far from the scenario's own value the search goes by itself. */
const REACH = 1000;

/**
 * Finds the break-even value of any number of a scenario.
 *
 * @param scenario - a checked scenario
 * @param question - what is varied until what
 * @param options - cancellation
 * @returns the value and its bracket
 * @throws {@link TwincombError} `invalid-input` when the path holds no number or the target is not crossed in the range
 */
export async function tolerance(
  scenario: Scenario,
  question: ToleranceQuestion,
  options: Pick<CombOptions, "signal"> = {},
): Promise<BreakEven> {
  const { path, figure, target, pair } = question;
  const current = numberAt(scenario, path);
  const figureAt = async (value: number): Promise<number> => {
    const varied = withNumber(scenario, path, value);
    const link = (await planNetwork(varied, options)).links.find((one) => one.pair.index === pair);
    // A pair that cannot run earns nothing, and a phase nobody knows is wrong as often as right.
    if (link === undefined) return figure === "qberX" ? 1 / 2 : 0;
    return forecastPair(varied, link)[figure];
  };
  const above = (await figureAt(current)) >= target;
  const holds = async (value: number) => (await figureAt(value)) >= target === above;
  if (question.range !== undefined) return breakEven(holds, question.range);
  if (current === 0) throw invalid("--range", undefined, `a range, since ${path} is 0 in the scenario`);
  for (const reach of [REACH, 1 / REACH]) {
    const end = farthestAllowed(scenario, path, current, reach);
    const range: [number, number] = reach > 1 ? [current, end] : [end, current];
    if (range[0] < range[1] && !(await holds(end))) return breakEven(holds, range);
  }
  throw invalid(
    "--until",
    `${figure}=${target}`,
    `a target that is crossed within a factor ${REACH} of ${path}=${current}`,
  );
}

/** The farthest value that the schema allows, on the way from the current one to a multiple of it. */
function farthestAllowed(scenario: Scenario, path: string, current: number, reach: number): number {
  for (let power = 1; power > 1e-3; power *= 0.8) {
    const value = current * reach ** power;
    try {
      withNumber(scenario, path, value);
      return value;
    } catch {
      // Not allowed there: try nearer.
    }
  }
  return current;
}

function numberAt(scenario: Scenario, path: string): number {
  const value = path.split(".").reduce<unknown>((node, key) => {
    return typeof node === "object" && node !== null && Object.hasOwn(node, key)
      ? (node as Record<string, unknown>)[key]
      : undefined;
  }, scenario);
  if (typeof value !== "number")
    throw invalid("--vary", path, 'the path of a number of the scenario, see "twincomb init"');
  return value;
}

function withNumber(scenario: Scenario, path: string, value: number): Scenario {
  const copy = structuredClone(scenario) as unknown as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop()!;
  const node = keys.reduce((at, key) => at[key] as Record<string, unknown>, copy);
  node[last] = Number.isInteger(node[last]) && path === "pulses" ? Math.round(value) : value;
  return parseScenario(copy);
}
