import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { beforeAll, describe, expect, it } from "vitest";
import {
  exportTable,
  mergeResults,
  openFolder,
  planFolder,
  type RunFolder,
  readTable,
  runInFolder,
  studyReport,
  summarise,
} from "../../src/study/folder.ts";
import { parseStudy } from "../../src/study/index.ts";
import { measuredComb, REACH, testFolder } from "./fixtures.ts";

/** Two axes of numbers, a text, replicates, refused points, and two pairs' worth of rows. */
const STUDY = {
  ...REACH,
  name: 'say "x < y" & more',
  scenario: measuredComb(),
  compute: { kind: "phase-budget", pair: "all" },
  replicates: 2,
  axes: [
    { path: "protocol.x1", values: [0.04, 0.05, 0.06, 0.4] },
    { path: "protocol.x2", values: [0.2, 0.3, 0.35, 0.38, 0.39] },
    { path: "protocol.pairing", values: ["active", "random"] },
  ],
};

let folder: RunFolder;
beforeAll(async () => {
  const { mkdtempSync } = await import("node:fs");
  const path = mkdtempSync(join(tmpdir(), "twincomb-export-"));
  await planFolder(parseStudy(STUDY), path);
  folder = openFolder(path);
  await runInFolder(folder, { threads: 0 });
  mergeResults(folder);
  return () => import("node:fs").then(({ rmSync }) => rmSync(path, { recursive: true }));
}, 60_000);

/** The records as the merged file has them, one object for each row. */
function rows(): Record<string, unknown>[] {
  const [, ...lines] = readFileSync(join(folder.path, "merged.ndjson"), "utf8").trimEnd().split("\n");
  return lines.flatMap((line) => {
    const { rows: inner, values, ...rest } = JSON.parse(line);
    return (inner ?? [{}]).map((row: object) => ({ ...rest, ...values, ...row }));
  });
}

describe("the table of a study", () => {
  it("has a row for each pair of each replicate of each point, and one for a refusal", () => {
    const table = readTable(folder);
    // 30 points of ten pairs and ten that are refused, twice each.
    expect(table.rowCount).toBe(2 * (30 * 10 + 10));
    expect(table.columns.slice(0, 7).map(({ name, role }) => [name, role])).toEqual([
      ["point", "key"],
      ["replicate", "key"],
      ["hash", "key"],
      ["protocol.x1", "axis"],
      ["protocol.x2", "axis"],
      ["protocol.pairing", "axis"],
      ["pair", "figure"],
    ]);
    expect(table.columns.find(({ name }) => name === "rad2.slice")).toMatchObject({ unit: "rad^2", type: "number" });
    expect(table.columns.at(-1)!.name).toBe("refused");
  });

  it("keeps a figure apart from an axis of the same name", async () => {
    const { scenario: _, ...plain } = REACH;
    const path = testFolder();
    const study = { ...plain, compute: { kind: "reconciliation" }, set: { frames: 1, frameBits: 1024 } };
    await planFolder(parseStudy({ ...study, axes: [{ path: "qber", values: [0.03] }] }), path);
    const one = openFolder(path);
    await runInFolder(one, { threads: 0 });
    mergeResults(one);
    const { columns } = readTable(one);
    expect(columns.filter(({ name }) => name.endsWith("qber")).map(({ name, role }) => [name, role])).toEqual([
      ["qber", "axis"],
      ["result.qber", "figure"],
    ]);
  });

  it("is summed up", () => {
    const summary = summarise(folder);
    expect(summary).toMatchObject({ points: 40, computedPoints: 40, refusedPoints: 10, rows: 620 });
    const all = rows().flatMap(({ expectedErrorX }) => (typeof expectedErrorX === "number" ? [expectedErrorX] : []));
    const figure = summary.figures.find((one) => one.figure === "expectedErrorX")!;
    expect(figure.most).toBe(Math.max(...all));
    expect(figure.least).toBe(Math.min(...all));
    expect(figure.mean).toBeCloseTo(all.reduce((sum, value) => sum + value, 0) / all.length, 12);
    expect(
      folder.plan.pointAt(rows().find((row) => row["expectedErrorX"] === figure.most)!["point"] as number).values,
    ).toEqual(figure.mostAt);
  });

  it("is refused before anything is merged, and when the plan is another", async () => {
    const path = testFolder();
    await planFolder(parseStudy(REACH), path);
    const other = openFolder(path);
    expect(() => readTable(other)).toThrow(/a merged study; run "twincomb study merge/);
    writeFileSync(join(path, "merged.ndjson"), readFileSync(join(folder.path, "merged.ndjson")));
    expect(() => readTable(other)).toThrow(/merged results of another study or version/);
  });
});

describe("CSV", () => {
  it("reads back as the merged records", async () => {
    const file = join(testFolder(), "study.csv");
    await exportTable(folder, "csv", file);
    const db = await (await DuckDBInstance.create()).connect();
    const reader = await db.runAndReadAll(`select * from read_csv('${file}', header = true)`);
    const read = reader.getRowObjects();
    const expected = rows();
    expect(read).toHaveLength(expected.length);
    read.forEach((row, i) => {
      for (const [name, value] of Object.entries(expected[i]!)) {
        const cell = row[name];
        expect(typeof cell === "bigint" ? Number(cell) : cell, `row ${i}, ${name}`).toEqual(value);
      }
    });
  });
});

describe("Parquet", () => {
  it("reads back with hyparquet: every value, units, provenance", async () => {
    const path = join(testFolder(), "study.parquet");
    await exportTable(folder, "parquet", path);
    const file = await asyncBufferFromFile(path);
    const read = await parquetReadObjects({ file });
    const expected = rows();
    expect(read).toHaveLength(expected.length);
    read.forEach((row, i) => {
      const filled = Object.fromEntries(
        Object.entries(row).filter(([, value]) => value !== null && value !== undefined),
      );
      expect(filled).toEqual(expected[i]);
    });
    const metadata = await parquetMetadataAsync(file);
    const value = (key: string) => JSON.parse(metadata.key_value_metadata!.find((entry) => entry.key === key)!.value!);
    expect(value("twincomb.units")["rad2.slice"]).toBe("rad^2");
    expect(value("twincomb.units")["distanceKm"]).toBe("km");
    expect(value("twincomb.axes")).toEqual(folder.plan.paths);
    expect(value("twincomb.provenance")).toMatchObject({ ...folder.plan.fingerprint, planHash: folder.plan.planHash });
    expect(value("twincomb.study")).toEqual(JSON.parse(JSON.stringify(folder.plan.study)));
  });

  it("reads with DuckDB, types and metadata included", async () => {
    const path = join(testFolder(), "study.parquet");
    await exportTable(folder, "parquet", path);
    const db = await (await DuckDBInstance.create()).connect();
    const ask = async (query: string) => (await db.runAndReadAll(query)).getRowObjects();
    const [sum] = await ask(
      `select count(*)::int as n, avg(expectedErrorX) as mean, count(refused)::int as refused from '${path}'`,
    );
    const all = rows().flatMap(({ expectedErrorX }) => (typeof expectedErrorX === "number" ? [expectedErrorX] : []));
    expect(sum!["n"]).toBe(620);
    expect(sum!["refused"]).toBe(20);
    expect(sum!["mean"]).toBeCloseTo(all.reduce((a, b) => a + b, 0) / all.length, 12);
    const types = Object.fromEntries(
      (await ask(`describe select * from '${path}'`)).map((row) => [row["column_name"], row["column_type"]]),
    );
    expect(types).toMatchObject({
      point: "INTEGER",
      "protocol.x1": "DOUBLE",
      "protocol.pairing": "VARCHAR",
      expectedErrorX: "DOUBLE",
    });
    const keys = await ask(`select key::varchar as key from parquet_kv_metadata('${path}')`);
    expect(keys.map(({ key }) => key)).toContain("twincomb.provenance");
  });
});

describe("the report of a study", () => {
  it("draws curves with bands and a map, says how many points are refused, and needs nothing from elsewhere", () => {
    const page = studyReport(folder);
    expect(page).toContain("say &quot;x &lt; y&quot; &amp; more");
    expect(page).toContain("At 10 points values do not fit together");
    // Each chart once for a page and once for a telephone.
    expect(page.match(/<svg[^>]* class="wide"/g)).toHaveLength(2);
    expect(page).toContain("expectedErrorX over protocol.x2 and protocol.x1");
    expect(page).toContain("bands go from the least to the greatest");
    expect(page).not.toMatch(/<script|src=|href="http|NaN/);
    expect(page).toBe(studyReport(folder));
  });

  it("draws what is asked for, and refuses what is not there", () => {
    const page = studyReport(folder, { figures: ["rad2.slice"], x: "protocol.x1" });
    expect(page).toContain("rad2.slice along protocol.x1");
    expect(() => studyReport(folder, { figures: ["rad2.slize"] })).toThrow(/--figure: expected one of .*rad2\.slice/);
    expect(() => studyReport(folder, { x: "protocol.pairing" })).toThrow(
      /--x: expected one of protocol\.x2, protocol\.x1/,
    );
  });
});
