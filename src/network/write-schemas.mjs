/**
 * Writes the JSON Schemas of everything that goes into and comes out of a run as files of the build, each with the
 * version of its format in its name.
 *
 *     node src/network/write-schemas.mjs
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  countsJsonSchema,
  resultJsonSchema,
  SCENARIO_VERSION,
  STREAM_VERSION,
  scenarioJsonSchema,
} from "../../dist/network/index.js";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../dist/schemas");
mkdirSync(folder, { recursive: true });

const schemas = {
  [`scenario.v${SCENARIO_VERSION}`]: scenarioJsonSchema(),
  [`result.v${STREAM_VERSION}`]: resultJsonSchema(),
  "counts.v1": countsJsonSchema(),
};
for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(join(folder, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
}
