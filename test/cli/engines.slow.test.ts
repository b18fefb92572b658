import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "twincomb-engines-"));
afterAll(() => rmSync(folder, { recursive: true }));

const VERSIONS = ["20.19", "22", "24", "26"];

/** A Node binary from the npm registry. */
function engine(version: string): string {
  const name = `node-${process.platform}-${process.arch}`;
  const prefix = join(folder, version);
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--prefix", prefix, `${name}@${version}`], {
    stdio: "ignore",
  });
  return join(prefix, "node_modules", name, "bin/node");
}

const shortFibres = Array.from({ length: 20 }, (_, i) => ["--set", `clients.${i}.upLinkKm=100`]).flat();

function run(node: string): string {
  const json = execFileSync(node, [main, "network", "--json", "--pulses", "2e9", "--seed", "engines", ...shortFibres], {
    encoding: "utf8",
  });
  return json.replace(/"\w*Seconds": [0-9.e+-]+/g, "");
}

describe("the main job on every supported engine", () => {
  let here = "";
  beforeAll(() => {
    here = run(process.execPath);
  });

  it.each(VERSIONS)("Node %s prints the bytes that this Node prints", (version) => {
    expect(run(engine(version))).toBe(here);
  });
});
