/**
 * Where every number of a scenario comes from.
 *
 * @module
 */
import type { ProvenanceRow } from "../../devices/index.ts";
import { TEMPLATES } from "./presets/index.ts";
import { templateProvenance } from "./presets/template.ts";
import type { Scenario } from "./scenario.ts";

/** A number of a scenario with its origin; `given` is what a scenario file or the command line put there. */
export interface ScenarioNumber extends Omit<ProvenanceRow, "provenance"> {
  /** Kind of origin. */
  readonly provenance: ProvenanceRow["provenance"] | "given";
}

/**
 * Every number of a scenario with its origin. Numbers that are those of the preset of the scenario's name have the preset's
 * origin; all others are `given`.
 *
 * @param scenario - a checked scenario
 * @returns one row a number, in the scenario's order, by its path
 */
export function scenarioProvenance(scenario: Scenario): ScenarioNumber[] {
  const template = Object.hasOwn(TEMPLATES, scenario.name) ? TEMPLATES[scenario.name]!() : undefined;
  const known = new Map(template === undefined ? [] : templateProvenance(template).map((row) => [row.path, row]));
  const rows: ScenarioNumber[] = [];
  const walk = (node: unknown, path: string): void => {
    if (typeof node === "number") {
      const row = known.get(path);
      if (row?.value === node) rows.push(row);
      else {
        const source =
          template === undefined ? "scenario file" : "changed from the preset by a scenario file or an option";
        rows.push({ path, value: node, unit: row?.unit ?? "", provenance: "given", source });
      }
    } else if (typeof node === "object" && node !== null) {
      for (const [key, child] of Object.entries(node)) walk(child, path === "" ? key : `${path}.${key}`);
    }
  };
  const { version: _format, ...numbers } = scenario;
  walk(numbers, "");
  return rows;
}
