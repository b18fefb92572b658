/**
 * Merging: every result once, in order, whatever processes computed it, in whatever order, however often.
 *
 * @module
 */
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { TwincombError } from "../errors.ts";
import type { StudyRecord } from "./record.ts";
import { type LinePosition, scanResults } from "./result-files.ts";
import { FILES, FORMAT, type RunFolder, writeAll } from "./run-folder.ts";
import { replicatesNeeded, watchedFigure } from "./stop-rule.ts";

/** What merging found. */
export interface Merged {
  /** Path of the merged file. */
  readonly file: string;
  /** Results in it. */
  readonly results: number;
  /** Points of which at least one result is missing. */
  readonly missingPoints: number;
  /** The first of them. */
  readonly firstMissing: readonly number[];
  /** Points whose values do not fit together. */
  readonly refusedPoints: number;
  /** Results that were there more than once. */
  readonly duplicates: number;
  /** Anything that was left out, one sentence each. */
  readonly notes: readonly string[];
}

/** Missing points that are named. */
const NAMED = 5;
/** Characters that are gathered before they are written. */
const WRITE_AT_ONCE = 1 << 20;

/**
 * Merges all results of a study into one file.
 *
 * @param folder - the study
 * @returns what was found; points may be missing
 * @throws {@link TwincombError} `invalid-input` when a file belongs to another study or version or a record to another
 * point, `internal` when two results of the same replicate differ
 */
export function mergeResults(folder: RunFolder): Merged {
  const { plan, path } = folder;
  const { points, replicates } = plan;
  const { stop } = plan.study;
  const index = new LineIndex(points * replicates);
  const figures = new Map<number, Map<number, number>>();
  const refused = new Set<number>();
  let duplicates = 0;
  let openedBefore: StudyRecord | undefined;
  let hash = "";
  const twice: { place: number; position: LinePosition }[] = [];
  const { files, notes } = scanResults(folder, (record, position) => {
    if (openedBefore?.point !== record.point) hash = plan.pointAt(record.point).hash;
    openedBefore = record;
    if (record.hash !== hash) {
      throw new TwincombError(
        "invalid-input",
        `point ${record.point}: a record with the hash ${record.hash}, the plan says ${hash}; remove its line`,
      );
    }
    const place = record.point * replicates + record.replicate;
    if (!index.add(place, position)) twice.push({ place, position });
    if (record.refused !== undefined) refused.add(record.point);
    if (stop !== undefined) {
      const own = figures.get(record.point) ?? new Map<number, number>();
      own.set(record.replicate, watchedFigure(stop, record));
      figures.set(record.point, own);
    }
  });
  const reader = new LineReader(files);
  try {
    for (const { place, position } of twice) {
      duplicates++;
      if (reader.read(index.at(place)!) === reader.read(position)) continue;
      throw new TwincombError(
        "internal",
        `point ${Math.floor(place / replicates)}, replicate ${place % replicates}: two results that differ, one in ${files[position.file]}`,
      );
    }
    const file = join(path, FILES.merged);
    const wanted = (point: number): number =>
      stop === undefined ? replicates : replicatesNeeded(stop, figures.get(point) ?? new Map());
    const written = writeMerged(folder, file, index, reader, wanted);
    return { file, ...written, refusedPoints: refused.size, duplicates, notes };
  } finally {
    reader.close();
  }
}

function writeMerged(
  { plan }: RunFolder,
  file: string,
  index: LineIndex,
  reader: LineReader,
  wanted: (point: number) => number,
): Pick<Merged, "results" | "missingPoints" | "firstMissing"> {
  const { points, replicates, planHash, fingerprint, study } = plan;
  const unfinished = `${file}.${process.pid}`;
  const out = openSync(unfinished, "w");
  const firstMissing: number[] = [];
  let missingPoints = 0;
  let results = 0;
  try {
    const head = { format: `${FORMAT} merged`, planHash, name: study.name, ...fingerprint, points };
    let text = `${JSON.stringify(head)}\n`;
    for (let point = 0; point < points; point++) {
      const count = wanted(point);
      let found = 0;
      for (let replicate = 0; replicate < count; replicate++) {
        const position = index.at(point * replicates + replicate);
        if (position === undefined) continue;
        found++;
        text += `${reader.read(position)}\n`;
        if (text.length > WRITE_AT_ONCE) {
          writeAll(out, text);
          text = "";
        }
      }
      results += found;
      if (found < count) {
        missingPoints++;
        if (firstMissing.length < NAMED) firstMissing.push(point);
      }
    }
    writeAll(out, text);
    fsyncSync(out);
    renameSync(unfinished, file);
  } finally {
    closeSync(out);
    // Still there only when something failed, a full disk perhaps.
    rmSync(unfinished, { force: true });
  }
  return { results, missingPoints, firstMissing };
}

/** Where each result stands: sixteen bytes a result, whatever its length. */
class LineIndex {
  readonly #file: Uint32Array;
  readonly #offset: Float64Array;
  readonly #length: Uint32Array;

  constructor(size: number) {
    this.#file = new Uint32Array(size);
    this.#offset = new Float64Array(size);
    this.#length = new Uint32Array(size);
  }

  /** Notes a place; false when it is taken. */
  add(place: number, { file, offset, length }: LinePosition): boolean {
    if (this.#length[place] !== 0) return false;
    this.#file[place] = file;
    this.#offset[place] = offset;
    this.#length[place] = length;
    return true;
  }

  at(place: number): LinePosition | undefined {
    const length = this.#length[place]!;
    return length === 0 ? undefined : { file: this.#file[place]!, offset: this.#offset[place]!, length };
  }
}

/** Files that are open for reading at a time. */
const OPEN_FILES = 64;

/** Reads single lines of many files. */
class LineReader {
  readonly #paths: readonly string[];
  readonly #open = new Map<number, number>();

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  read({ file, offset, length }: LinePosition): string {
    const bytes = Buffer.alloc(length);
    readSync(this.#descriptor(file), bytes, 0, length, offset);
    return bytes.toString("utf8");
  }

  close(): void {
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }

  #descriptor(file: number): number {
    const known = this.#open.get(file);
    if (known !== undefined) return known;
    if (this.#open.size >= OPEN_FILES) this.close();
    const descriptor = openSync(this.#paths[file]!, "r");
    this.#open.set(file, descriptor);
    return descriptor;
  }
}
