/**
 * Runs every benchmark suite, or those named: `npm run bench -- toeplitz photons`.
 */
import { existsSync } from "node:fs";
import { type BenchRow, save } from "./harness.ts";

const suites = ["photons", "toeplitz", "ldpc", "comb", "protocol", "network"];
const wanted = process.argv.length > 2 ? process.argv.slice(2) : suites;
const rows: BenchRow[] = [];
for (const name of wanted) {
  const file = new URL(`./${name}.js`, import.meta.url);
  if (!suites.includes(name) || !existsSync(file))
    throw new Error(`no suite "${name}": there are ${suites.join(", ")}`);
  const suite = (await import(file.href)) as { run: () => Promise<BenchRow[]> };
  rows.push(...(await suite.run()));
}
save(rows);
