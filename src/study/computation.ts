/**
 * What can be computed at a point: each kind knows the object that is varied, and makes rows of it.
 *
 * @module
 */
import * as z from "zod";
import { reconciliationTable } from "../distillation/index.ts";
import { invalid } from "../errors.ts";
import {
  checkScenario,
  fittedSettings,
  forecastPair,
  linkBudget,
  type PlannedLink,
  PRESETS,
  parseScenario,
  runPair,
  type Scenario,
  scenarioSchema,
  startComb,
} from "../network/index.ts";
import { planStar } from "../network/plan/star.ts";
import { rounded } from "../network/result.ts";
import { declaredSettings } from "../network/scenario/declared.ts";
import type { Json } from "./canonical.ts";
import type { ComputationKind, Study } from "./study-file.ts";
import type { Subject } from "./subject-path.ts";

/** One row of a result: plain values, and lists of them where a figure is a list. */
export type Row = Readonly<Record<string, Json>>;

/** One kind of computation. */
export interface Computation {
  /** Whether points share their random numbers unless the study says otherwise. */
  readonly common: boolean;
  /** Schema of what is varied. */
  readonly schema: z.ZodType;
  /** What is varied, before any axis. */
  base(study: Study): Subject;
  /** Refuses what cannot be computed. */
  check(subject: Subject): void;
  /** Computes one point. */
  run(subject: Subject, compute: Study["compute"], seed: string): Promise<readonly Row[]>;
}

/** The scenario that a study starts from; its seed is the study's. */
function baseScenario({ scenario = "weiming" }: Study): Subject {
  if (typeof scenario === "string") {
    if (!Object.hasOwn(PRESETS, scenario)) {
      throw invalid("scenario", scenario, `${Object.keys(PRESETS).join(", ")}, {"file": ...} or a whole scenario`);
    }
    return PRESETS[scenario]!();
  }
  if ("file" in scenario) throw invalid("scenario.file", scenario.file, "a scenario that has been read from its file");
  return parseScenario(scenario);
}

/** The scenario, which must have the pair that is asked for. */
function scenarioWithPair(study: Study): Subject {
  const scenario = baseScenario(study);
  const { pair } = study.compute;
  const names = (scenario["pairs"] as Scenario["pairs"]).map(nameOf);
  if (pair !== undefined && pair !== "all" && !names.includes(pair)) {
    throw invalid("compute.pair", pair, `all, or one of ${names.join(", ")}`);
  }
  return scenario;
}

function scenarioComputation(
  common: boolean,
  rows: (scenario: Scenario, compute: Study["compute"]) => Promise<object[]>,
): Computation {
  // Every single value has been held against the schema when the study was planned; what is left is how they fit together.
  const checked = (subject: Subject): Scenario => {
    const scenario = subject as unknown as Scenario;
    checkScenario(scenario);
    return scenario;
  };
  return {
    common,
    schema: scenarioSchema,
    base: scenarioWithPair,
    check: (subject) => void checked(subject),
    run: async (subject, compute, seed) => (await rows({ ...checked(subject), seed }, compute)).map(plainRow),
  };
}

function nameOf({ alice, bob }: Scenario["pairs"][number]): string {
  return `${alice}-${bob}`;
}

/** A row for each pair that is asked for, the first, one by its name, or all; pairs that cannot run say why. */
async function forEachPair(
  scenario: Scenario,
  name: string | undefined,
  row: (link: PlannedLink) => object | Promise<object>,
): Promise<object[]> {
  const { pairs, unlinked } = planStar(scenario, await startComb(scenario));
  const index = name === undefined ? 0 : scenario.pairs.findIndex((pair) => nameOf(pair) === name);
  const asked = [...pairs, ...unlinked]
    .filter((pair) => name === "all" || pair.index === index)
    .sort((a, b) => a.index - b.index);
  const rows: object[] = [];
  for (const pair of asked) {
    const whose = { pair: pair.name, distanceKm: pair.distanceKm };
    if ("reason" in pair) rows.push({ ...whose, status: "no-key", reason: pair.reason, ...NO_KEY });
    // Budgets of pairs that nobody asks for are not computed.
    else rows.push({ ...whose, ...(await row({ pair, budget: linkBudget(scenario, pair) })) });
  }
  return rows;
}

/** Figures of a pair that cannot run. */
const NO_KEY = { secretBits: 0, keyRatePerPulse: 0, keyRateBps: 0, ratioToPlob: 0 };

function keyRates(scenario: Scenario, { pair: name, settings }: Study["compute"]): Promise<object[]> {
  return forEachPair(scenario, name, (link) => {
    const fixed = { plobPerPulse: link.budget.plobPerPulse, ...forecastPair(scenario, link) };
    if (settings !== "optimised") return fixed;
    const { index } = link.pair;
    const chosen = { ...scenario.pairs[index]!, settings: fittedSettings(scenario, link) };
    const tuned = { ...scenario, pairs: scenario.pairs.with(index, chosen) };
    // Settings change neither chips nor colours: the rest of the network need not be planned again.
    const pair = { ...link.pair, settings: declaredSettings(tuned, chosen) };
    const best = forecastPair(tuned, { pair, budget: linkBudget(tuned, pair) });
    // The search sees neither calibration intervals nor each chip's own light: where the settings at hand do better, they stay.
    if (best.keyRatePerPulse >= fixed.keyRatePerPulse) return { ...fixed, ...best, settings: chosen.settings };
    const { pairing: _, extinctionDb: __, ...general } = scenario.protocol;
    return { ...fixed, settings: scenario.pairs[index]!.settings ?? general };
  });
}

function sessions(scenario: Scenario, { pair }: Study["compute"]): Promise<object[]> {
  return forEachPair(scenario, pair, async (link) => {
    const { name: _, ...figures } = await runPair(scenario, link);
    return figures;
  });
}

function budgets(scenario: Scenario, { pair }: Study["compute"]): Promise<object[]> {
  return forEachPair(scenario, pair, ({ budget }) => ({
    expectedErrorX: budget.expectedErrorX,
    rad2: Object.fromEntries(budget.phaseBudget.map(({ contribution, rad2 }) => [contribution, rad2])),
    xError: Object.fromEntries(budget.phaseBudget.map(({ contribution, xError }) => [contribution, xError])),
  }));
}

async function combStates(scenario: Scenario): Promise<object[]> {
  const { lines, ...figures } = await startComb(scenario);
  const powers = lines.map(({ dbm }) => dbm);
  const strongestDbm = lines.length === 0 ? null : Math.max(...powers);
  const weakestDbm = lines.length === 0 ? null : Math.min(...powers);
  return [{ ...figures, lineCount: lines.length, strongestDbm, weakestDbm, lines }];
}

const reconciliationSchema = z.strictObject({
  qber: z.number().min(1e-5).max(0.25).describe("error rate of the simulated channel"),
  frameBits: z
    .int()
    .min(1024)
    .max(2 ** 21)
    .describe("bits of a frame"),
  frames: z.int().min(1).max(1_000_000).describe("frames to measure"),
});

const reconciliation: Computation = {
  common: false,
  schema: reconciliationSchema,
  base: () => ({ qber: 0.03, frameBits: 65_536, frames: 10 }),
  check: (subject) => void reconciliationSchema.parse(subject),
  run: async (subject, _, seed) => {
    const { qber, frameBits, frames } = reconciliationSchema.parse(subject);
    const rows = await reconciliationTable({ qbers: [qber], frameBits, frames, seed });
    return rows.map(({ megabitsPerSecond: _speed, ...figures }) => plainRow(figures));
  },
};

/** All kinds. */
export const COMPUTATION: Readonly<Record<ComputationKind, Computation>> = {
  "key-rate": scenarioComputation(true, keyRates),
  session: scenarioComputation(false, sessions),
  "phase-budget": scenarioComputation(true, budgets),
  "comb-state": scenarioComputation(false, combStates),
  reconciliation,
};

/** A result as one flat row: keys of groups are joined by dots, numbers rounded to twelve digits. */
function plainRow(value: unknown): Row {
  const row: Record<string, Json> = {};
  const spread = (node: unknown, prefix: string): void => {
    for (const [key, entry] of Object.entries(node as object)) {
      if (entry === undefined) continue;
      if (typeof entry === "object" && entry !== null && !Array.isArray(entry)) spread(entry, `${prefix}${key}.`);
      else row[`${prefix}${key}`] = rounded(entry) as Json;
    }
  };
  spread(value, "");
  return row;
}
