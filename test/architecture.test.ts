import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { VERSION } from "../src/version.ts";

const root = resolve(import.meta.dirname, "..");

/** Layers from the ground up; a file imports only from its own and earlier ones. */
const LAYERS = ["", "kernels", "engine", "devices", "protocol", "distillation", "network", "report", "study", "cli"];

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file));
}

/** The specifiers that a file imports, types included. */
function imports(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map((match) => match[1]!);
}

function layer(file: string): string {
  const [, first = "", ...rest] = file.split("/");
  return rest.length === 0 ? "" : first;
}

describe("the house", () => {
  const files = sources("src");

  it("has only rooms that are in the plan", () => {
    expect(files.map(layer).filter((name) => !LAYERS.includes(name))).toEqual([]);
  });

  it.each(files)("%s imports only from its own layer and earlier ones", (file) => {
    // The package's entry point gathers all layers; nothing imports it.
    if (file === "src/index.ts") return;
    const floor = LAYERS.indexOf(layer(file));
    for (const specifier of imports(file).filter((name) => name.startsWith("."))) {
      const target = relative(root, resolve(root, dirname(file), specifier));
      expect(target, `${file} imports ${specifier}`).not.toBe("src/index.ts");
      expect(LAYERS.indexOf(layer(target)), `${file} imports ${specifier}`).toBeLessThanOrEqual(floor);
    }
  });

  it("keeps formulas free of kernels, schemas and Node", () => {
    for (const file of files.filter((name) => layer(name) === "protocol")) {
      for (const specifier of imports(file)) expect(specifier, file).toMatch(/^\.\.?\//);
      expect(imports(file).filter((name) => name.includes("kernels"))).toEqual([]);
    }
  });

  it("needs Node itself only on the command line and in studies", () => {
    for (const file of files.filter((name) => !["cli", "study"].includes(layer(name)))) {
      expect(
        imports(file).filter((name) => name.startsWith("node:")),
        file,
      ).toEqual([]);
    }
  });

  it("draws no random number that a seed does not decide, and asks no clock for one", () => {
    for (const file of [...files, ...sources("assembly")]) {
      expect(readFileSync(join(root, file), "utf8"), file).not.toMatch(/Math\.random|Date\.now/);
    }
  });

  it("states the version of package.json", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    expect(VERSION).toBe(version);
  });
});
