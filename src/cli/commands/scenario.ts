/**
 * `twincomb validate`, `schema` and `init`: scenario files.
 *
 * @module
 */
import type { Command } from "commander";
import { invalid } from "../../errors.ts";
import {
  countsJsonSchema,
  PRESETS,
  resultJsonSchema,
  scenarioJsonSchema,
  termsJsonSchema,
} from "../../network/index.ts";
import { printData } from "../output.ts";
import { readScenario, type ScenarioOptions } from "../scenario-input.ts";
import { collect } from "./network.ts";

/** Schemas that can be printed. */
const SCHEMAS: Readonly<Record<string, () => object | Promise<object>>> = {
  scenario: scenarioJsonSchema,
  counts: countsJsonSchema,
  terms: termsJsonSchema,
  result: resultJsonSchema,
  study: async () => (await import("../../study/index.ts")).studyJsonSchema(),
};

/**
 * Adds the commands.
 *
 * @param program - the command line
 */
export function addScenarioCommands(program: Command): void {
  program
    .command("validate")
    .description("check a scenario file and say everything that is wrong with it")
    .argument("[scenario]", "scenario file, - for standard input; the weiming preset unless given")
    .option("--set <path=value>", "replace one value first; may be repeated", collect)
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  twincomb validate mine.json")
    .action((file: string | undefined, options: ScenarioOptions & { json?: boolean }) => {
      const scenario = readScenario(file, options);
      const { name, clients, pairs } = scenario;
      const summary = { valid: true, name, clients: clients.length, pairs: pairs.length };
      const text = `${name}: valid, ${clients.length} clients, ${pairs.length} pairs`;
      printData(options.json ? JSON.stringify(summary) : text);
    });

  program
    .command("schema")
    .description("print the JSON Schema of a kind of file")
    .argument("[kind]", `one of: ${Object.keys(SCHEMAS).join(", ")}`, "scenario")
    .option("--json", "accepted like everywhere; a schema is JSON anyway")
    .addHelpText("after", "\nExample:\n  twincomb schema scenario > scenario.schema.json")
    .action(async (kind: string) => {
      printData(JSON.stringify(await named(SCHEMAS, "kind", kind)(), null, 2));
    });

  program
    .command("init")
    .description("print a preset as a scenario file to start from")
    .argument("[preset]", `one of: ${Object.keys(PRESETS).join(", ")}`, "weiming")
    .option("--json", "accepted like everywhere; a scenario is JSON anyway")
    .addHelpText("after", "\nExample:\n  twincomb init weiming > mine.json")
    .action((preset: string) => {
      printData(JSON.stringify(named(PRESETS, "preset", preset)(), null, 2));
    });
}

function named<Value>(known: Readonly<Record<string, Value>>, what: string, name: string): Value {
  const value = Object.hasOwn(known, name) ? known[name] : undefined;
  if (value === undefined) throw invalid(what, name, `one of ${Object.keys(known).join(", ")}`);
  return value;
}
