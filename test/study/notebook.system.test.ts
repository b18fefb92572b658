import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { MAIN } from "./command.ts";
import { testFolder } from "./fixtures.ts";

interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly source: readonly string[];
}

const { cells } = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../docs/examples/study.ipynb"), "utf8")) as {
  cells: Cell[];
};
const code = cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source.join(""));
/** Cells from here on need packages beside Python itself. */
const FIRST_WITH_PACKAGES = "import pandas";

describe("the notebook", () => {
  it("runs in Python up to what needs pandas, and what it then reads is in the file", async ({ skip }) => {
    if (spawnSync("python3", ["--version"]).status !== 0) {
      if (process.env["CI"] !== undefined) throw new Error("no python3");
      skip("no python3");
    }
    const end = code.findIndex((cell) => cell.includes(FIRST_WITH_PACKAGES));
    expect(end).toBeGreaterThan(3);
    const folder = testFolder();
    const script = join(folder, "cells.py");
    writeFileSync(script, `${code.slice(0, end).join("\n")}\nprint("WORK", work)\n`);
    const { status, stdout, stderr } = spawnSync("python3", [script], {
      encoding: "utf8",
      env: { ...process.env, TWINCOMB: `'${process.execPath}' '${MAIN}'`, TMPDIR: folder },
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toContain("100 km: ");
    expect(stdout).toContain("work/run: 63 results computed, nothing missing");
    expect(stdout).toMatch(/twincomb study merged \S+ 63/);
    const work = /^WORK (.*)$/m.exec(stdout)![1]!;
    const asked = code.slice(end).flatMap((cell) => [...cell.matchAll(/"([\w.*]+)"/g)].map((match) => match[1]!));
    const db = await (await DuckDBInstance.create()).connect();
    const columns = (await db.runAndReadAll(`describe select * from '${work}/reach.parquet'`))
      .getRowObjects()
      .map((row) => row["column_name"]);
    const names = asked.filter((name) => /^(fibre|settings)\.|distanceKm|keyRate|ratio/.test(name));
    expect(names.length).toBeGreaterThan(4);
    expect(columns).toEqual(expect.arrayContaining(names));
  });
});
