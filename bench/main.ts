/**
 * Runs every benchmark suite, or those named: `npm run bench -- toeplitz photons`.
 */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BenchRow, save } from "./harness.ts";

const here = new URL("./", import.meta.url);
const suites = readdirSync(fileURLToPath(here))
  .filter((file) => file.endsWith(".js") && file !== "main.js" && file !== "harness.js")
  .map((file) => file.slice(0, -".js".length));

const wanted = process.argv.length > 2 ? process.argv.slice(2) : suites;
const rows: BenchRow[] = [];
for (const name of wanted) {
  if (!suites.includes(name)) throw new Error(`no suite "${name}": there are ${suites.join(", ")}`);
  const suite = (await import(new URL(`./${name}.js`, here).href)) as { run: () => Promise<BenchRow[]> };
  rows.push(...(await suite.run()));
}
save(rows);
