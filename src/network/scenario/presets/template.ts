/**
 * Presets: scenarios whose every number carries its origin.
 *
 * @module
 */
import type { ProvenanceRow, Quantity } from "../../../devices/index.ts";
import { parseScenario, type Scenario } from "../scenario.ts";
import { SCENARIO_VERSION } from "../scenario-schema.ts";

/** A tree with a {@link Quantity} wherever there is a number. */
export type Sourced<T> = T extends number
  ? Quantity
  : T extends readonly (infer Entry)[]
    ? readonly Sourced<Entry>[]
    : T extends object
      ? { readonly [K in keyof T]: Sourced<T[K]> }
      : T;

/** A scenario with the origin of each of its numbers. */
export type ScenarioTemplate = Sourced<Omit<Scenario, "version" | "$schema">>;

/** Choices that a user of a preset makes. */
export interface PresetOptions {
  /** Quantum slots of each pair, shared by the rounds; the preset's own unless told. */
  readonly pulses?: number | undefined;
  /** Seed of every random number; "2026" unless told. */
  readonly seed?: string | undefined;
}

/**
 * The scenario of a template.
 *
 * @param template - numbers with origins
 * @param options - what a user chose otherwise
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function templateScenario(template: ScenarioTemplate, { pulses, seed }: PresetOptions = {}): Scenario {
  return parseScenario({
    version: SCENARIO_VERSION,
    ...(plain(template) as object),
    ...(pulses === undefined ? {} : { pulses }),
    ...(seed === undefined ? {} : { seed }),
  });
}

/**
 * Every number of a template with its origin, by its path in the scenario.
 *
 * @param template - numbers with origins
 */
export function templateProvenance(template: ScenarioTemplate): ProvenanceRow[] {
  const rows: ProvenanceRow[] = [];
  walk(template, "", (path, quantity) => rows.push({ path, ...quantity }));
  return rows;
}

function isQuantity(node: unknown): node is Quantity {
  return typeof node === "object" && node !== null && "provenance" in node;
}

function plain(node: unknown): unknown {
  if (isQuantity(node)) return node.value;
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, plain(child)]));
}

function walk(node: unknown, path: string, visit: (path: string, quantity: Quantity) => void): void {
  if (isQuantity(node)) visit(path, node);
  else if (typeof node === "object" && node !== null) {
    for (const [key, child] of Object.entries(node)) walk(child, path === "" ? key : `${path}.${key}`, visit);
  }
}
