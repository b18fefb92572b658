/**
 * The table of parameters: every number of a scenario, what it means, and where it comes from.
 *
 * @module
 */
import { type ScenarioNumber, scenarioJsonSchema } from "../network/index.ts";
import { tableHtml } from "./html-table.ts";
import { html, type Insertion, type Markup } from "./markup.ts";
import { valueText } from "./number-text.ts";

/** A row of the table: one number, or the numbers of a list that have one origin. */
interface ParameterRow extends Omit<ScenarioNumber, "value"> {
  readonly values: readonly number[];
  readonly meaning: string;
}

/** Most values of a list that are printed one by one. */
const MOST_VALUES = 24;

/**
 * Numbers of a list stand in one row, `clients.*.upLinkKm`, where they have one origin.
 *
 * @param numbers - from `scenarioProvenance`
 */
function gathered(numbers: readonly ScenarioNumber[]): ParameterRow[] {
  const schema = scenarioJsonSchema() as SchemaNode;
  const totals = new Map<string, number>();
  const groups = new Map<string, { readonly row: ScenarioNumber; readonly path: string; readonly values: number[] }>();
  for (const row of numbers) {
    const path = row.path.replace(/\.\d+(?=\.|$)/g, ".*");
    totals.set(path, (totals.get(path) ?? 0) + 1);
    const key = [path, row.provenance, row.source].join("|");
    const group = groups.get(key) ?? { row, path, values: [] };
    group.values.push(row.value);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ row, path, values }) => {
    const total = totals.get(path)!;
    const several = values.length === total ? `${path} (all ${total})` : `${path} (${values.length} of ${total})`;
    return { ...row, path: total === 1 ? row.path : several, values, meaning: meaning(schema, row.path) };
  });
}

/** One value where all are alike, all of a short list in their order, both ends of a long one. */
function valuesText(values: readonly number[]): string {
  const [first] = values as [number];
  if (values.every((value) => value === first)) return valueText(first);
  if (values.length <= MOST_VALUES) return values.map(valueText).join(", ");
  const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [first, first]);
  return `${valueText(low!)} to ${valueText(high!)}`;
}

/** A path that may be broken behind its dots. */
const breakable = (path: string): Insertion => path.split(".").map((key, i) => (i === 0 ? key : html`.<wbr>${key}`));

/** A node of a JSON Schema. */
interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly prefixItems?: readonly SchemaNode[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** What the schema says of a path. */
function meaning(schema: SchemaNode, path: string): string {
  const find = (node: SchemaNode, keys: readonly string[]): string | undefined => {
    const alternatives = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
    if (keys.length === 0) return node.description ?? alternatives.find(({ description }) => description)?.description;
    const [key, ...rest] = keys as [string, ...string[]];
    const next = [
      node.properties?.[key],
      /^\d+$/.test(key) ? (node.prefixItems?.[Number(key)] ?? node.items) : undefined,
      typeof node.additionalProperties === "object" ? node.additionalProperties : undefined,
    ];
    for (const child of next) {
      const found = child === undefined ? undefined : find(child, rest);
      if (found !== undefined) return found;
    }
    for (const child of alternatives) {
      const found = find(child, keys);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return find(schema, path.split(".")) ?? "";
}

/**
 * Every number of a scenario with its meaning and origin.
 *
 * @param numbers - from `scenarioProvenance`
 */
export function parametersTable(numbers: readonly ScenarioNumber[]): Markup {
  return tableHtml<ParameterRow>(
    "Every number of the scenario with its meaning and origin",
    [
      { head: "number", cell: ({ path }) => html`<code>${breakable(path)}</code>` },
      { head: "value", cell: ({ values }) => valuesText(values) },
      { head: "meaning, unit", cell: (row) => row.meaning || row.unit, text: true },
      { head: "origin", cell: ({ provenance }) => provenance, text: true },
      { head: "source or reason", cell: ({ source }) => source, text: true },
    ],
    gathered(numbers),
  );
}
