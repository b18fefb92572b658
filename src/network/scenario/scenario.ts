/**
 * Scenarios: everything that decides a run, with units in the names, checked before any work starts.
 *
 * @module
 */
import type * as z from "zod";
import { combRecipe } from "../../devices/index.ts";
import { invalid } from "../../errors.ts";
import { extinctionResidue, validateSettings } from "../../protocol/index.ts";
import { wavelengthToFrequency } from "../../units.ts";
import { combSource } from "../plan/comb-source.ts";
import { declaredSettings } from "./declared.ts";
import { parseBy } from "./scenario-messages.ts";
import { scenarioSchema } from "./scenario-schema.ts";
import { roundRobin } from "./schedule.ts";

/** What a scenario file may hold. */
export type ScenarioFile = z.infer<typeof scenarioSchema>;

/** One pair of a scenario. */
export type Pair = Exclude<ScenarioFile["pairs"], { schedule: string }>[number];

/** A complete scenario: a schedule is written out as a list of pairs. */
export type Scenario = Omit<ScenarioFile, "pairs"> & { pairs: Pair[] };

/** One client of a scenario. */
export type Client = Scenario["clients"][number];

/**
 * Checks a scenario.
 *
 * @param input - an object, usually read from JSON
 * @returns the scenario
 * @throws {@link TwincombError} `invalid-input` that names every value at fault, what was expected and the next step
 */
export function parseScenario(input: unknown): Scenario {
  const { pairs, ...rest } = parseBy(scenarioSchema, input, "scenario");
  const scenario = { ...rest, pairs: Array.isArray(pairs) ? pairs : roundRobin(rest.clients.map(({ name }) => name)) };
  checkScenario(scenario);
  return scenario;
}

/**
 * Refuses what no single value can be blamed for alone. Whoever changes values of a checked scenario, each within the
 * schema's range, has to call nothing else.
 *
 * @param scenario - a scenario whose every value is within the schema's range
 * @throws {@link TwincombError} `invalid-input`
 */
export function checkScenario(scenario: Scenario): void {
  checkNetwork(scenario);
  checkProtocol(scenario);
}

/** Number of rounds of a scenario. */
export function roundsOf({ pairs }: Pick<Scenario, "pairs">): number {
  return new Set(pairs.map(({ round = 1 }) => round)).size;
}

/** What no single value of the network can be blamed for alone. */
function checkNetwork({ clients, pairs, wafer, comb, fibre, pulses }: Scenario): void {
  const names = new Set<string>();
  clients.forEach(({ name }, i) => {
    if (names.has(name)) throw invalid(`clients.${i}.name`, name, "a name that no other client has");
    names.add(name);
  });
  const taken = new Set<string>();
  const takeOnce = (path: string, value: unknown, key: string, expected: string) => {
    if (taken.has(key)) throw invalid(path, value, expected);
    taken.add(key);
  };
  pairs.forEach(({ alice, bob, line, round = 1 }, i) => {
    if (!names.has(alice)) throw invalid(`pairs.${i}.alice`, alice, "the name of a client");
    if (!names.has(bob) || bob === alice) throw invalid(`pairs.${i}.bob`, bob, "the name of another client");
    const free = `a client that has no other pair in round ${round}`;
    takeOnce(`pairs.${i}.alice`, alice, `${round} ${alice}`, free);
    takeOnce(`pairs.${i}.bob`, bob, `${round} ${bob}`, free);
    if (line === undefined) return;
    takeOnce(`pairs.${i}.line`, line, `${round}: ${line}`, `a line that no other pair uses in round ${round}`);
  });
  checkLines({ comb, pairs, fibre });
  if (wafer.spareModulators > wafer.modulatorsPerChip) {
    throw invalid("wafer.spareModulators", wafer.spareModulators, `at most all ${wafer.modulatorsPerChip} of a chip`);
  }
  if (clients.length > wafer.chips) {
    throw invalid("wafer.chips", wafer.chips, `at least as many chips as clients (${clients.length})`);
  }
  if ((comb.microcomb === undefined) === (comb.measured === undefined)) {
    throw invalid("comb", Object.keys(comb).join(", "), "either a microcomb or measured lines");
  }
  comb.measured?.lines.forEach(({ line }, i) => {
    takeOnce(`comb.measured.lines.${i}.line`, line, `comb ${line}`, "a line that is listed once");
  });
  const rounds = roundsOf({ pairs });
  if (pulses < rounds) throw invalid("pulses", pulses, `at least one for each of the ${rounds} rounds`);
}

/** Every colour needs a frequency above zero, its reference too. */
function checkLines({ comb, pairs, fibre }: Pick<Scenario, "comb" | "pairs" | "fibre">): void {
  const pumpGhz = wavelengthToFrequency(comb.pumpWavelengthNm) / 1e9;
  const lowest = -Math.ceil(pumpGhz / comb.spacingGhz) + 1;
  const check = (path: string, line: number) => {
    if (line < lowest) throw invalid(path, line, `a line of positive frequency, from ${lowest}`);
    if (line + fibre.referenceLineOffset < lowest) {
      throw invalid("fibre.referenceLineOffset", fibre.referenceLineOffset, `a line of positive frequency for ${path}`);
    }
  };
  pairs.forEach(({ line }, i) => {
    if (line !== undefined) check(`pairs.${i}.line`, line);
  });
  comb.measured?.lines.forEach(({ line }, i) => {
    check(`comb.measured.lines.${i}.line`, line);
  });
  const source = combSource(comb);
  if (source === undefined) return;
  const { modes } = combRecipe(source).settings;
  if (-modes / 2 + Math.min(0, fibre.referenceLineOffset) < lowest) {
    throw invalid("comb.spacingGhz", comb.spacingGhz, `${modes} lines of positive frequency around the pump's`);
  }
}

/** What no single value of protocol, clock or detector can be blamed for alone. */
function checkProtocol(scenario: Scenario): void {
  const { protocol, pairs, clock, detector, security, wafer } = scenario;
  for (const [path, settings] of [
    ["protocol", protocol] as const,
    ...pairs.flatMap(({ settings: own }, i) => (own === undefined ? [] : [[`pairs.${i}.settings`, own] as const])),
  ]) {
    if (settings.x0Probability + settings.x1Probability > 1) {
      throw invalid(`${path}.x1Probability`, settings.x1Probability, `at most ${1 - settings.x0Probability}`);
    }
    const residue = extinctionResidue(Math.max(settings.zSend, settings.x2), protocol.extinctionDb);
    if (settings.x1 * (1 - wafer.intensityAccuracy) <= residue) {
      throw invalid(`${path}.x1`, settings.x1, `more than what closed modulators leave (${residue})`);
    }
    if (settings.x2 <= settings.x1) throw invalid(`${path}.x2`, settings.x2, `more than x1 (${settings.x1})`);
  }
  pairs.forEach((pair, i) => {
    if (pair.settings?.bob !== undefined) validateSettings(declaredSettings(scenario, pair), `pairs.${i}.settings`);
  });
  if (protocol.pairing === "none" && security.sampleFraction === 0) {
    throw invalid("security.sampleFraction", 0, "a sample of raw bits, which keys without pairing need");
  }
  const slotPs = 1e12 / clock.slotRateHz;
  if (detector.gateWidthPs > slotPs) {
    throw invalid("detector.gateWidthPs", detector.gateWidthPs, `at most a slot (${slotPs} ps)`);
  }
}
