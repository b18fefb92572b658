/**
 * A study's results for other programs: CSV for anything, Parquet with units and provenance for pandas and DuckDB.
 *
 * @module
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { stringify } from "csv-stringify/sync";
import type { BasicType } from "hyparquet-writer";
import type { Json } from "./canonical.ts";
import { type ColumnType, readTable, type StudyTable } from "./merged-file.ts";
import { type RunFolder, writeAll } from "./run-folder.ts";

/** Formats of export. */
export const EXPORT_FORMATS = ["csv", "parquet"] as const;

/** One of {@link EXPORT_FORMATS}. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * Exports merged results; the file appears when it is complete.
 *
 * @param folder - the study, merged
 * @param format - which format
 * @param file - path of the new file
 * @returns the table that was written
 * @throws {@link TwincombError} `invalid-input` when nothing has been merged; what the operating system says
 */
export async function exportTable(folder: RunFolder, format: ExportFormat, file: string): Promise<StudyTable> {
  const table = readTable(folder);
  const unfinished = `${file}.${process.pid}`;
  try {
    if (format === "csv") writeCsv(table, unfinished);
    else await writeParquet(folder, table, unfinished);
    syncFile(unfinished);
    renameSync(unfinished, file);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return table;
}

/** Rows that are turned into text at a time. */
const ROWS_AT_ONCE = 1000;

function writeCsv(table: StudyTable, file: string): void {
  const out = openSync(file, "w");
  try {
    let rows: unknown[][] = [table.columns.map(({ name }) => name)];
    const flush = (): void => {
      // Truth values as other programs read them; without this they would be 1 and nothing.
      writeAll(out, stringify(rows, { cast: { boolean: String } }));
      rows = [];
    };
    table.forEachRow((row) => {
      rows.push(row.map((value, i) => cell(value, table.columns[i]!.type)));
      if (rows.length >= ROWS_AT_ONCE) flush();
    });
    flush();
  } finally {
    closeSync(out);
  }
}

/** Lists, and columns whose values are of several types, become JSON. */
function cell(value: Json | undefined, type: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  return type === "json" ? JSON.stringify(value) : value;
}

const PARQUET_TYPES: Readonly<Record<ColumnType, BasicType>> = {
  number: "DOUBLE",
  text: "STRING",
  boolean: "BOOLEAN",
  json: "STRING",
};

async function writeParquet({ plan }: RunFolder, table: StudyTable, file: string): Promise<void> {
  const { fileWriter, ParquetWriter, schemaFromColumnData } = await import("hyparquet-writer");
  const { study, fingerprint, planHash } = plan;
  const columns = table.columns.map(({ name, type, role }) => ({
    name,
    type: role === "key" && type === "number" ? ("INT32" as const) : PARQUET_TYPES[type],
    nullable: role !== "key",
  }));
  const metadata = {
    "twincomb.units": Object.fromEntries(
      table.columns.flatMap(({ name, unit }) => (unit === undefined ? [] : [[name, unit]])),
    ),
    "twincomb.axes": plan.paths,
    "twincomb.provenance": { ...fingerprint, planHash, name: study.name, seed: study.seed, compute: study.compute },
    "twincomb.study": study,
  };
  const writer = new ParquetWriter({
    writer: fileWriter(file),
    schema: schemaFromColumnData({ columnData: columns.map((column) => ({ ...column, data: [] })) }),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value: JSON.stringify(value) })),
    createdBy: `twincomb ${fingerprint.version}`,
  });
  let group: unknown[][] = columns.map(() => []);
  const flush = (): void => {
    if (group[0]!.length === 0) return;
    // A file is written at once, so nothing is returned to wait for.
    void writer.write({
      columnData: columns.map((column, i) => ({ ...column, data: group[i]! })),
      rowGroupSize: GROUP,
    });
    group = columns.map(() => []);
  };
  table.forEachRow((row) => {
    row.forEach((value, i) => {
      group[i]!.push(cell(value, table.columns[i]!.type));
    });
    if (group[0]!.length >= GROUP) flush();
  });
  flush();
  await writer.finish();
}

/** Rows of a row group: what is held in memory at a time. */
const GROUP = 20_000;

function syncFile(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
