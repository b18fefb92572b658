/**
 * Reading a merged file, and its records as rows of one table.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { invalid, TwincombError } from "../errors.ts";
import type { Json } from "./canonical.ts";
import { unitOfPath } from "./quantity.ts";
import type { StudyRecord } from "./record.ts";
import { forEachLine } from "./result-files.ts";
import { FILES, FORMAT, type RunFolder } from "./run-folder.ts";

/** What the values of a column are. */
export type ColumnType = "number" | "text" | "boolean" | "json";

/** One column of the table. */
export interface Column {
  /** Name: a path of an axis, or a figure of the result. */
  readonly name: string;
  /** What its values are; lists are written as JSON. */
  readonly type: ColumnType;
  /** Unit, where the name states one. */
  readonly unit?: string;
  /** Whether it is an axis, a figure, or neither (numbers and hash of the point). */
  readonly role: "key" | "axis" | "figure";
}

/** One row: values in the order of the columns, null where a column has none. */
export type TableRow = readonly (Json | undefined)[];

/** A table that is read row by row. */
export interface StudyTable {
  /** The columns. */
  readonly columns: readonly Column[];
  /** Number of rows. */
  readonly rowCount: number;
  /** Calls back with each row; twice if asked twice. */
  forEachRow(visit: (row: TableRow) => void): void;
}

const KEYS = [
  ["point", "number"],
  ["replicate", "number"],
  ["hash", "text"],
] as const;

/** Column for points whose values do not fit together. */
const REFUSED = "refused";

/**
 * Reads a merged file as a table: one row for each row of each record.
 *
 * @param folder - the study
 * @throws {@link TwincombError} `invalid-input` when nothing has been merged, or something else
 */
export function readTable({ path, plan }: RunFolder): StudyTable {
  const file = join(path, FILES.merged);
  if (!existsSync(file)) throw invalid(path, "no merged results", `a merged study; run "twincomb study merge ${path}"`);
  const axes = new Set(plan.paths);
  // A figure may have the name of an axis, as the number of pulses does.
  const nameOf = (key: string): string =>
    axes.has(key) || KEYS.some(([name]) => name === key) ? `result.${key}` : key;
  const types = new Map<string, ColumnType>();
  const note = (name: string, value: Json): void => {
    if (value === null) {
      if (!types.has(name)) types.set(name, "number");
      return;
    }
    const before = seen.has(name) ? types.get(name) : undefined;
    const now = typeOf(value);
    types.set(name, before === undefined || before === now ? now : "json");
    seen.add(name);
  };
  const seen = new Set<string>();
  let rowCount = 0;
  let anyRefused = false;
  forEachRecord(file, plan.planHash, ({ values, rows, refused }) => {
    rowCount += Math.max(1, rows?.length ?? 0);
    anyRefused ||= refused !== undefined;
    for (const [name, value] of Object.entries(values)) note(name, value);
    for (const row of rows ?? []) for (const [key, value] of Object.entries(row)) note(nameOf(key), value);
  });
  const column = (name: string, type: ColumnType, role: Column["role"]): Column => {
    const unit = unitOfColumn(name);
    return { name, type, role, ...(unit === undefined || type !== "number" ? {} : { unit }) };
  };
  const figures = [...types.keys()].filter((name) => !axes.has(name));
  const columns: Column[] = [
    ...KEYS.map(([name, type]) => column(name, type, "key")),
    ...plan.paths.map((name) => column(name, types.get(name) ?? "number", "axis")),
    ...figures.map((name) => column(name, types.get(name)!, "figure")),
    ...(anyRefused ? [column(REFUSED, "text", "figure")] : []),
  ];
  const place = new Map(columns.map(({ name }, i) => [name, i]));
  return {
    columns,
    rowCount,
    forEachRow(visit) {
      forEachRecord(file, plan.planHash, ({ point, replicate, hash, values, rows, refused }) => {
        for (const row of rows === undefined || rows.length === 0 ? [{}] : rows) {
          const cells: (Json | undefined)[] = new Array(columns.length).fill(null);
          cells[0] = point;
          cells[1] = replicate;
          cells[2] = hash;
          for (const [name, value] of Object.entries(values)) cells[place.get(name)!] = value;
          for (const [key, value] of Object.entries(row)) cells[place.get(nameOf(key))!] = value;
          if (refused !== undefined) cells[place.get(REFUSED)!] = refused;
          visit(cells);
        }
      });
    },
  };
}

function forEachRecord(file: string, planHash: string, visit: (record: StudyRecord) => void): void {
  let head = true;
  forEachLine(file, (text) => {
    if (head) {
      head = false;
      const { format, planHash: merged } = JSON.parse(text) as { format?: string; planHash?: string };
      if (format !== `${FORMAT} merged` || merged !== planHash) {
        throw new TwincombError("invalid-input", `${file}: merged results of another study or version; merge again`, {
          parameter: file,
        });
      }
    } else visit(JSON.parse(text) as StudyRecord);
    return true;
  });
}

function typeOf(value: Json): ColumnType {
  if (typeof value === "number") return "number";
  if (typeof value === "string") return "text";
  return typeof value === "boolean" ? "boolean" : "json";
}

/** Units that figures of results state in their own way. */
const FIGURE_UNITS: readonly (readonly [RegExp, string])[] = [
  [/bps$/i, "bit/s"],
  [/^rad2\.|Rad2$/, "rad^2"],
  [/RatePerPulse$|^plobPerPulse$/, "bit/pulse"],
  [/Dbm$/, "dBm"],
  [/Bits$/, "bit"],
];

/** The unit that a column's name states. @param name - of a column */
export function unitOfColumn(name: string): string | undefined {
  return FIGURE_UNITS.find(([pattern]) => pattern.test(name))?.[1] ?? unitOfPath(name);
}
