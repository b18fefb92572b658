import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("../../src/devices/", import.meta.url);

test("formulas can be imported without the kernel: only microcomb.ts reaches it, and only on demand", () => {
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(30);
  for (const file of files) {
    const text = readFileSync(new URL(file, folder), "utf8");
    const imports = [...text.matchAll(/^import (type )?[^;]*from "([^"]+)";/gms)];
    for (const [, typeOnly, source] of imports) {
      if (source!.includes("/kernels/")) expect(`${file}: ${typeOnly ?? "value"}`).toBe(`${file}: type `);
      expect(source, file).toMatch(/^\.\/|^\.\.\/(constants|errors|kernels\/\w+|random|units)\.ts$/);
    }
    if (text.includes('import("../kernels')) expect(file).toBe("microcomb.ts");
  }
});

test("every model says for what it is valid", () => {
  const notModels = new Set([
    "index.ts",
    "provenance.ts",
    "weiming-devices.ts",
    "error-function.ts",
    "spectrum-csv.ts",
  ]);
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts") && !notModels.has(name))) {
    const header = readFileSync(new URL(file, folder), "utf8").split("@module")[0]!;
    expect(header, file).toMatch(/[Vv]alid/);
  }
});
