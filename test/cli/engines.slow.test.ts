import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { weiming } from "../../src/network/scenario/presets/weiming.ts";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "twincomb-engines-"));
/** Hooks here may take longer than those of quick tests. */
const PATIENCE = 600_000;
afterAll(() => rmSync(folder, { recursive: true }), PATIENCE);

const VERSIONS = ["20.19", "22", "24", "26"];
const THREADS = ["1", "2", "4"];

/** A Node binary from the npm registry. */
function engine(version: string): string {
  const name = `node-${process.platform}-${process.arch}`;
  const prefix = join(folder, version);
  if (existsSync(prefix)) return join(prefix, "node_modules", name, "bin/node");
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--prefix", prefix, `${name}@${version}`], {
    stdio: "ignore",
  });
  return join(prefix, "node_modules", name, "bin/node");
}

/** The whole preset over fibres so short that few pulses give keys. */
function shortened(pairing: "none" | "active", upLinkKm: number, pulses: number): string {
  const scenario = weiming({ pairing, pulses, seed: "engines" });
  const file = join(folder, `${pairing}.json`);
  const clients = scenario.clients.map((client) => ({ ...client, upLinkKm }));
  writeFileSync(file, JSON.stringify({ ...scenario, clients }));
  return file;
}

/** What a command prints, times left out. */
function printed(node: string, ...words: string[]): string {
  const json = execFileSync(node, [main, ...words, "--json"], { encoding: "utf8", maxBuffer: 1 << 28 });
  const timeless = json.replace(/"\w*(?:Seconds|PerSecond\w*)": [0-9.e+-]+/g, '"time"');
  // Nothing else may differ, so nothing else may be there to hide behind a time.
  expect(timeless).not.toMatch(/[hH]ost|[tT]hreads|node[vV]ersion/);
  return timeless;
}

describe.each([
  ["paired", "active", 100, 4e9],
  ["plain", "none", 100, 4e9],
] as const)("the main job, %s", (_, pairing, km, pulses) => {
  const file = shortened(pairing, km, pulses);
  const run = (node: string, threads: string) => printed(node, "network", file, "--quiet", "--threads", threads);
  let here = "";
  beforeAll(() => {
    here = run(process.execPath, "2");
    const { total, pairs } = JSON.parse(here.replaceAll('"time"', '"time": 0')) as {
      total: { pairs: number };
      pairs: unknown[];
    };
    expect(total.pairs).toBe(pairs.length);
  }, PATIENCE);

  it("another seed prints something else", () => {
    expect(printed(process.execPath, "network", file, "--quiet", "--seed", "another")).not.toBe(here);
  });

  it.each(VERSIONS)("Node %s prints the bytes that this Node prints, with 1, 2 and 4 workers", (version) => {
    const node = engine(version);
    for (const threads of THREADS) expect(run(node, threads)).toBe(here);
  });
});

describe("what needs no photons", () => {
  it.each(VERSIONS)("Node %s plans and forecasts the same", (version) => {
    const node = engine(version);
    for (const words of [
      ["network", "--dry-run"],
      ["rate", "--distances", "100:500:100", "--protocol", "sns,sns-aopp"],
      ["comb"],
      ["lock"],
      ["phase"],
    ]) {
      expect(printed(node, ...words)).toBe(printed(process.execPath, ...words));
    }
  });
});
