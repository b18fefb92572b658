/**
 * What can be computed at a point: each kind knows the object that is varied, and makes rows of it.
 *
 * @module
 */
import { z } from "zod";
import {
  combReport,
  type DeviceValues,
  startMicrocomb,
  valuesOf,
  WEIMING_DEVICES,
  weimingCombRecipe,
} from "../devices/index.ts";
import { reconciliationTable } from "../distillation/index.ts";
import { invalid } from "../errors.ts";
import {
  forecastPair,
  linkModel,
  type PlannedLink,
  parseScenario,
  planNetwork,
  runPair,
  type Scenario,
  scenarioSchema,
  weiming,
} from "../network/index.ts";
import { rounded } from "../network/result.ts";
import { type FreeSettings, optimise } from "../protocol/index.ts";
import { philoxKey } from "../random.ts";
import type { Json } from "./canonical.ts";
import type { ComputationKind, Study } from "./study-file.ts";
import type { Subject } from "./subject-path.ts";

/** One row of a result: plain values, and lists of them where a figure is a list. */
export type Row = Readonly<Record<string, Json>>;

/** One kind of computation. */
export interface Computation {
  /** Whether points share their random numbers unless the study says otherwise. */
  readonly common: boolean;
  /** Schema of what is varied; without one, values keep their type. */
  readonly schema?: z.ZodType;
  /** What is varied, before any axis. */
  base(study: Study): Subject;
  /** Refuses what cannot be computed. */
  check(subject: Subject): void;
  /** Computes one point. */
  run(subject: Subject, compute: Study["compute"], seed: string): Promise<readonly Row[]>;
}

const PRESETS: Readonly<Record<string, () => Scenario>> = {
  weiming: () => weiming(),
  "weiming-paired": () => weiming({ pairing: "active" }),
};

/** Whether a text names a preset. @param name - any text */
export function isPreset(name: string): boolean {
  return Object.hasOwn(PRESETS, name);
}

/** The scenario that a study starts from; its seed is the study's. */
function baseScenario({ scenario = "weiming" }: Study): Subject {
  if (typeof scenario === "string") {
    if (!isPreset(scenario)) {
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
  const names = (scenario["pairs"] as Scenario["pairs"]).map(({ alice, bob }) => `${alice}-${bob}`);
  if (pair !== undefined && pair !== "all" && !names.includes(pair)) {
    throw invalid("compute.pair", pair, `all, or one of ${names.join(", ")}`);
  }
  return scenario;
}

function scenarioComputation(
  common: boolean,
  rows: (scenario: Scenario, compute: Study["compute"]) => Promise<unknown[]>,
): Computation {
  const withSeed = (subject: Subject, seed: string): Scenario => parseScenario({ ...subject, seed });
  return {
    common,
    schema: scenarioSchema,
    base: scenarioWithPair,
    check: (subject) => void parseScenario(subject),
    run: async (subject, compute, seed) => (await rows(withSeed(subject, seed), compute)).map(plainRow),
  };
}

/** The pairs that are asked for: the first, one by its name, or all. */
function chosenLinks(links: readonly PlannedLink[], name: string | undefined): readonly PlannedLink[] {
  if (name === "all") return links;
  const link = name === undefined ? links[0] : links.find(({ pair }) => pair.name === name);
  if (link === undefined) {
    throw invalid("compute.pair", name, `all, or one of ${links.map(({ pair }) => pair.name).join(", ")}`);
  }
  return [link];
}

async function keyRate(scenario: Scenario, { pair, settings }: Study["compute"]): Promise<unknown[]> {
  const links = chosenLinks((await planNetwork(scenario)).links, pair);
  if (settings !== "optimised") {
    return links.map((link) => ({ ...whose(link), ...forecastPair(scenario, link) }));
  }
  return Promise.all(links.map((link) => optimisedRow(scenario, link)));
}

/** The better of the scenario's settings and of those that are best on the pair's link, both as the network would earn. */
async function optimisedRow(scenario: Scenario, link: PlannedLink): Promise<object> {
  const { protocol, security, pulses } = scenario;
  const { free } = optimise(linkModel(link.budget), pulses, {
    pairing: protocol.pairing,
    failureProbability: security.failureProbability,
    extinctionDb: protocol.extinctionDb,
    sampleFraction: security.sampleFraction,
  });
  const tuned: Scenario = { ...scenario, protocol: { ...protocol, ...protocolSettings(free) } };
  const tunedLink = (await planNetwork(tuned)).links[link.pair.index]!;
  const [fixed, best] = [forecastPair(scenario, link), forecastPair(tuned, tunedLink)];
  const [figures, chosen] = best.keyRatePerPulse >= fixed.keyRatePerPulse ? [best, tuned] : [fixed, scenario];
  const { pairing: _, extinctionDb: __, ...settings } = chosen.protocol;
  return { ...whose(link), ...figures, settings };
}

function protocolSettings(free: FreeSettings): Partial<Scenario["protocol"]> {
  return {
    zSend: free.zSend,
    x1: free.x1,
    x2: free.x2,
    zWindowProbability: free.zWindow,
    sendProbability: free.send,
    x0Probability: free.p0,
    x1Probability: free.p1,
    sliceWidthRad: free.sliceWidthRad,
  };
}

function whose({ pair, budget }: PlannedLink): object {
  return { pair: pair.name, distanceKm: pair.distanceKm, plobPerPulse: budget.plobPerPulse };
}

async function session(scenario: Scenario, { pair }: Study["compute"]): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (const link of chosenLinks((await planNetwork(scenario)).links, pair)) {
    const { name, ...figures } = await runPair(scenario, link);
    rows.push({ pair: name, ...figures });
  }
  return rows;
}

async function budgets(scenario: Scenario, { pair }: Study["compute"]): Promise<unknown[]> {
  return chosenLinks((await planNetwork(scenario)).links, pair).map(({ pair: { name }, budget }) => ({
    pair: name,
    expectedErrorX: budget.expectedErrorX,
    rad2: Object.fromEntries(budget.phaseBudget.map(({ contribution, rad2 }) => [contribution, rad2])),
    xError: Object.fromEntries(budget.phaseBudget.map(({ contribution, xError }) => [contribution, xError])),
  }));
}

const combState: Computation = {
  common: false,
  base: () => valuesOf(WEIMING_DEVICES) as unknown as Subject,
  check: () => {},
  run: async (subject, _, seed) => {
    const values = subject as unknown as DeviceValues;
    const { lines, ...figures } = combReport(await startMicrocomb(weimingCombRecipe(values), philoxKey(seed)), values);
    const powers = lines.map(({ dbm }) => dbm);
    const strongestDbm = lines.length === 0 ? null : Math.max(...powers);
    const weakestDbm = lines.length === 0 ? null : Math.min(...powers);
    return [plainRow({ ...figures, lineCount: lines.length, strongestDbm, weakestDbm, lines })];
  },
};

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
  "key-rate": scenarioComputation(true, keyRate),
  session: scenarioComputation(false, session),
  "phase-budget": scenarioComputation(true, budgets),
  "comb-state": combState,
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
