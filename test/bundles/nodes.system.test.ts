import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { packedApp } from "./packed.ts";

/** Versions that package.json promises, beside the one that runs this. */
const VERSIONS = ["22", "24", "26"];
const SESSION = ["network", "--pulses", "2e9", "--seed", "nodes", "--json", "--quiet", "--threads", "2"];
/** Exit code of a run in which some pair has no key, as with so few pulses. */
const PARTIAL = 3;

const app = packedApp();
afterAll(() => app[Symbol.dispose]());

/** What the installed application, and the installed command, print under some Node. */
function printed(node: string): { app: string; session: string } {
  const run = (args: readonly string[]) => {
    try {
      return execFileSync(node, args, { cwd: app.folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    } catch (error) {
      const { status, stdout } = error as { status?: number; stdout?: string };
      if (status === PARTIAL && stdout !== undefined) return stdout;
      throw error;
    }
  };
  const result: unknown = JSON.parse(run([join(app.folder, "node_modules/twincomb/dist/cli/main.js"), ...SESSION]));
  return {
    app: run([join(app.folder, "src/main.js")]),
    session: JSON.stringify(result, (key, value) => (/Seconds$/.test(key) ? undefined : (value as unknown)), 1),
  };
}

describe("the packed package", () => {
  const here = printed(process.execPath);

  it.each(VERSIONS)("prints under Node %s what it prints under this one, byte for byte", (version) => {
    const folder = join(app.folder, `node-${version}`);
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), '{ "private": true }');
    const name = `node-${process.platform}-${process.arch}`;
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", `${name}@${version}`], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const node = join(folder, "node_modules", name, "bin/node");
    expect(execFileSync(node, ["--version"], { encoding: "utf8" })).toMatch(new RegExp(`^v${version}\\.`));
    expect(printed(node)).toEqual(here);
  });
});
