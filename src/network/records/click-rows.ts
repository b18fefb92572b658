/**
 * Rows of recorded clicks, read from CSV as they arrive: one row an announced event, three columns, millions of rows a
 * second and never more than one batch of them in memory.
 *
 * @module
 */
import { invalid, type TwincombError } from "../../errors.ts";
import { PHASE_UNITS } from "../../kernels/photons-run.ts";

/** A file that can be read more than once. */
export interface RecordFile {
  /** What messages call it. */
  readonly name: string;
  /** Its bytes from the beginning, in pieces of any size. */
  open(): AsyncIterable<Uint8Array>;
}

/** The three columns of a file: a slot, a word, and a phase that may be left empty. */
export interface RowLayout {
  /** First line of the file. */
  readonly columns: readonly [slot: "slot", word: string, phase: string];
  /** What the second column may say; its code is the position in this list. */
  readonly words: readonly string[];
}

/** Some rows. The arrays are used again for the next batch. */
export interface RowBatch {
  /** Number of rows: {@link BATCH_ROWS} in every batch but the last. */
  rows: number;
  /** `slot[i]` = quantum slot of the event, ascending. */
  readonly slot: Float64Array;
  /** `code[i]` = position of the word in the layout's list. */
  readonly code: Uint8Array;
  /** `phase[i]` = phase in units of 2 pi / 65536, or {@link NO_PHASE}. */
  readonly phase: Int32Array;
}

/** Rows of a full batch. */
export const BATCH_ROWS = 65_536;
/** Stands where the third column is empty. */
export const NO_PHASE = -1;

/** No row needs more: 16 digits, a word, 5 digits, two commas. */
const LONGEST_LINE = 64;
const [COMMA, NEWLINE, RETURN, ZERO] = [44, 10, 13, 48];

/**
 * Where a row stands in its file, for messages.
 *
 * @param name - the file's name
 * @param row - row, from 0; the first line of a file names the columns
 */
export function lineOf(name: string, row: number): string {
  return `${name}, line ${row + 2}`;
}

/**
 * Reads rows.
 *
 * @param file - the file
 * @param layout - its columns
 * @param pulses - quantum slots of the run; slots are numbered from 0
 * @returns batches; each is valid until the next one is asked for
 * @throws {@link TwincombError} `invalid-input` with file, line and column at the first row that is not as it must be
 */
export async function* clickRows(file: RecordFile, layout: RowLayout, pulses: number): AsyncGenerator<RowBatch> {
  const batch: RowBatch = {
    rows: 0,
    slot: new Float64Array(BATCH_ROWS),
    code: new Uint8Array(BATCH_ROWS),
    phase: new Int32Array(BATCH_ROWS),
  };
  const words = layout.words.map(wordKey);
  const header = layout.columns.join(",");
  let rest = new Uint8Array();
  let row = -1;
  let last = -1;
  for await (const piece of file.open()) {
    const bytes = joined(rest, piece);
    let at = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, at)) {
      const stop = end > at && bytes[end - 1] === RETURN ? end - 1 : end;
      if (row < 0) {
        const found = text(bytes, at, stop);
        if (found !== header) throw invalid(`${file.name}, line 1`, found, `"${header}"`);
      } else {
        if (!readRow(bytes, at, stop, words, batch)) throw fault(file.name, row, text(bytes, at, stop), layout);
        const slot = batch.slot[batch.rows]!;
        if (slot >= pulses) throw invalid(`${lineOf(file.name, row)}, slot`, slot, `less than ${pulses} pulses`);
        if (slot <= last) throw invalid(`${lineOf(file.name, row)}, slot`, slot, `more than the slot before, ${last}`);
        last = slot;
        batch.rows++;
      }
      row++;
      at = end + 1;
      if (batch.rows === BATCH_ROWS) {
        yield batch;
        batch.rows = 0;
      }
    }
    if (bytes.length - at > Math.max(LONGEST_LINE, header.length)) {
      throw fault(file.name, row, text(bytes, at, at + LONGEST_LINE), layout);
    }
    rest = bytes.slice(at);
  }
  if (rest.length > 0) {
    const found = text(rest, 0, rest.length);
    throw invalid(lineOf(file.name, row), found, "a line that ends with a line break; the file is cut off here");
  }
  if (row < 0) throw invalid(`${file.name}, line 1`, "nothing", `"${header}"`);
  if (batch.rows > 0) yield batch;
}

/** Reads one row to the end of the batch; false when anything is wrong with it. */
function readRow(bytes: Uint8Array, from: number, to: number, words: readonly number[], batch: RowBatch): boolean {
  let at = from;
  let slot = 0;
  for (; at < to && bytes[at] !== COMMA; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return false;
    slot = 10 * slot + digit;
  }
  if (at === from || at === to || !Number.isSafeInteger(slot)) return false;
  let key = 1;
  for (at++; at < to && bytes[at] !== COMMA; at++) key = 256 * key + bytes[at]!;
  const code = words.indexOf(key);
  if (code < 0 || at === to) return false;
  const start = ++at;
  let phase = 0;
  for (; at < to; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return false;
    phase = 10 * phase + digit;
  }
  if (phase >= PHASE_UNITS) return false;
  batch.slot[batch.rows] = slot;
  batch.code[batch.rows] = code;
  batch.phase[batch.rows] = at === start ? NO_PHASE : phase;
  return true;
}

/** Says what is wrong with a row that {@link readRow} refuses. */
function fault(name: string, row: number, line: string, { columns, words }: RowLayout): TwincombError {
  const at = lineOf(name, Math.max(row, -1));
  const fields = line.split(",");
  if (row < 0 || fields.length !== columns.length) return invalid(at, line, `"${columns.join(",")}"`);
  const [slot, word, phase] = fields as [string, string, string];
  if (!/^\d+$/.test(slot) || !Number.isSafeInteger(Number(slot))) {
    return invalid(`${at}, ${columns[0]}`, slot, "a whole number of a quantum slot");
  }
  if (!words.includes(word)) return invalid(`${at}, ${columns[1]}`, word, `one of ${words.join(", ")}`);
  return invalid(
    `${at}, ${columns[2]}`,
    phase,
    `a whole number of 65536ths of a turn in [0, ${PHASE_UNITS - 1}], or nothing`,
  );
}

/** A word as one number, its length included; words longer than any of ours come out larger. */
function wordKey(word: string): number {
  return [...new TextEncoder().encode(word)].reduce((key, byte) => 256 * key + byte, 1);
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder().decode(bytes.subarray(from, to));
}

function joined(rest: Uint8Array, piece: Uint8Array): Uint8Array {
  if (rest.length === 0) return piece;
  const whole = new Uint8Array(rest.length + piece.length);
  whole.set(rest);
  whole.set(piece, rest.length);
  return whole;
}
