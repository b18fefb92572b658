/**
 * Result files: each process appends to one of its own, so that nobody can break another's lines.
 *
 * A file begins with a line that says to which plan it belongs. A record counts once its line is complete; what a crash
 * left behind the last complete line is not read. Files are never changed afterwards, and any number of them, from any
 * division into shards, may hold the same record.
 *
 * @module
 */
import { closeSync, fdatasyncSync, fsyncSync, openSync, readdirSync, readSync } from "node:fs";
import { basename, join } from "node:path";
import { TwincombError } from "../errors.ts";
import type { StudyRecord } from "./record.ts";
import { FILES, FORMAT, type RunFolder, writeAll } from "./run-folder.ts";
import type { Shard } from "./shard.ts";
import { watchedFigure } from "./stop-rule.ts";
import type { KnownResults } from "./tasks.ts";

/** A file that only the process that made it writes to. */
export interface ResultWriter {
  /** Name of the file. */
  readonly name: string;
  /** Appends lines; they are on the disk when this returns. */
  append(lines: readonly string[]): void;
  /** Ends writing. */
  close(): void;
}

/** Most files of one shard; each holds what one run of it has computed. */
const MOST_FILES = 100_000;

/**
 * Makes a new result file.
 *
 * @param folder - the study
 * @param shard - which part the process computes; only names the file
 * @throws what the operating system says when it cannot be written
 */
export function createResultFile({ path, plan }: RunFolder, { index, count }: Shard): ResultWriter {
  const results = join(path, FILES.results);
  for (let run = 0; run < MOST_FILES; run++) {
    const name = `shard-${index}-of-${count}.${run}.ndjson`;
    let file: number;
    try {
      // Fails where the file exists: each process gets a name of its own.
      file = openSync(join(results, name), "ax");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw error;
    }
    const append = (lines: readonly string[]): void => {
      writeAll(file, `${lines.join("\n")}\n`);
      fdatasyncSync(file);
    };
    append([JSON.stringify({ format: `${FORMAT} results`, planHash: plan.planHash })]);
    syncFolder(results);
    return { name, append, close: () => closeSync(file) };
  }
  throw new TwincombError("internal", `${results}: more than ${MOST_FILES} files of shard ${index}/${count}`);
}

/** Makes a new file's name as durable as its content. */
function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Where a line stands. */
export interface LinePosition {
  /** Number of the file, in the order of {@link ResultScan.files}. */
  readonly file: number;
  /** First byte. */
  readonly offset: number;
  /** Bytes, without the line's end. */
  readonly length: number;
}

/** What was found in a folder of results. */
export interface ResultScan {
  /** Paths of the result files. */
  readonly files: readonly string[];
  /** Anything that had to be left out, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads all results of a study, holding one line at a time.
 *
 * @param folder - the study
 * @param visit - told every record and where it stands
 * @returns files and what was left out
 * @throws {@link TwincombError} `invalid-input` when a file belongs to another study or version
 */
export function scanResults(
  { path, plan }: RunFolder,
  visit: (record: StudyRecord, position: LinePosition) => void,
): ResultScan {
  const results = join(path, FILES.results);
  const names = readdirSync(results).sort();
  const notes: string[] = [];
  const files: string[] = [];
  for (const name of names) {
    const file = join(results, name);
    if (!name.endsWith(".ndjson")) {
      notes.push(`${file} is no result file and was left out`);
      continue;
    }
    let number = 0;
    const torn = forEachLine(file, (text, offset, length) => {
      number++;
      const value = parsed(text);
      if (number === 1) {
        if (belongs(file, value, plan.planHash)) {
          files.push(file);
          return true;
        }
        notes.push(`${file} does not begin as a result file does and was left out`);
        return false;
      }
      if (isRecord(value, plan.points, plan.replicates)) visit(value, { file: files.length - 1, offset, length });
      else notes.push(`${file}, line ${number}: not a record of this study, left out`);
      return true;
    });
    if (torn)
      notes.push(
        `${file}: the last line is incomplete (its process was stopped, or is still writing) and was left out`,
      );
  }
  return { files, notes };
}

function belongs(file: string, head: unknown, planHash: string): boolean {
  const { format, planHash: other } = (head ?? {}) as { format?: unknown; planHash?: unknown };
  if (format !== `${FORMAT} results`) return false;
  if (other === planHash) return true;
  throw new TwincombError(
    "invalid-input",
    `${file}: results of another study or version (plan ${other}, here ${planHash}); move the file elsewhere`,
    { parameter: basename(file) },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown, points: number, replicates: number): value is StudyRecord {
  if (typeof value !== "object" || value === null) return false;
  const { point, replicate, hash, rows, refused } = value as Partial<StudyRecord>;
  return (
    Number.isSafeInteger(point) &&
    point! >= 0 &&
    point! < points &&
    Number.isSafeInteger(replicate) &&
    replicate! >= 0 &&
    replicate! < replicates &&
    typeof hash === "string" &&
    (Array.isArray(rows) || typeof refused === "string")
  );
}

const CHUNK = 1 << 20;
const NEWLINE = 10;

/**
 * Reads a file line by line.
 *
 * @param path - the file
 * @param visit - told each complete line, its first byte and its length; reading ends when it returns false
 * @returns whether something stands behind the last complete line
 */
export function forEachLine(path: string, visit: (text: string, offset: number, length: number) => boolean): boolean {
  const file = openSync(path, "r");
  const chunk = Buffer.alloc(CHUNK);
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  try {
    for (;;) {
      const read = readSync(file, chunk);
      if (read === 0) return rest.length > 0;
      const bytes = rest.length === 0 ? chunk.subarray(0, read) : Buffer.concat([rest, chunk.subarray(0, read)]);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        if (!visit(bytes.toString("utf8", start, end), offset, end - start)) return false;
        offset += end - start + 1;
        start = end + 1;
      }
      rest = Buffer.from(bytes.subarray(start));
    }
  } finally {
    closeSync(file);
  }
}

/**
 * What has been computed so far.
 *
 * @param folder - the study
 * @returns known results, and what was left out
 * @throws {@link TwincombError} `invalid-input` when a file belongs to another study or version
 */
export function readKnown(folder: RunFolder): { readonly known: KnownResults; readonly notes: readonly string[] } {
  const { points, replicates, study } = folder.plan;
  const bits = new Uint8Array(Math.ceil((points * replicates) / 8));
  const figures = new Map<number, Map<number, number>>();
  const none: ReadonlyMap<number, number> = new Map();
  const { notes } = scanResults(folder, (record) => {
    const place = record.point * replicates + record.replicate;
    bits[place >>> 3]! |= 1 << (place & 7);
    if (study.stop === undefined) return;
    const own = figures.get(record.point) ?? new Map<number, number>();
    own.set(record.replicate, watchedFigure(study.stop, record));
    figures.set(record.point, own);
  });
  const known: KnownResults = {
    has: ({ point, replicate }) => {
      const place = point * replicates + replicate;
      return ((bits[place >>> 3]! >> (place & 7)) & 1) === 1;
    },
    figures: (point) => figures.get(point) ?? none,
  };
  return { known, notes };
}
