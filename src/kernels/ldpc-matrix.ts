/**
 * Base matrices of quasi-cyclic parity-check codes, and their compact text form.
 *
 * A base matrix of $M$ rows and $N$ columns lifted by $z$ stands for a parity-check matrix of $Mz$ rows and $Nz$ columns: each
 * entry (row $a$, column $c$, shift $s$) is a circulant that joins check $az + r$ to bit $cz + ((r + s) \bmod z)$.
 *
 * @module
 */
import { invalid } from "../errors.ts";
import { decodeBase64 } from "./kernel.ts";

/** A quasi-cyclic parity-check matrix before lifting, column by column. */
export interface BaseMatrix {
  /** Rows: layers of checks. */
  readonly rows: number;
  /** Columns: blocks of bits. */
  readonly columns: number;
  /** Entries of column c are those from `starts[c]` up to `starts[c + 1]`. */
  readonly starts: Uint32Array;
  /** Row of each entry, ascending within a column and never twice. */
  readonly entryRows: Uint16Array;
  /** Shift of each entry; taken modulo the lifting size. */
  readonly entryShifts: Uint16Array;
}

/**
 * Puts together a base matrix from lists of entries.
 *
 * @param rows - number of rows
 * @param columns - for each column, pairs of row and shift
 */
export function baseMatrix(rows: number, columns: readonly (readonly (readonly [number, number])[])[]): BaseMatrix {
  const starts = new Uint32Array(columns.length + 1);
  columns.forEach((column, c) => {
    starts[c + 1] = starts[c]! + column.length;
  });
  const entries = columns.flatMap((column) => [...column].sort(([a], [b]) => a - b));
  return {
    rows,
    columns: columns.length,
    starts,
    entryRows: Uint16Array.from(entries, ([row]) => row),
    entryShifts: Uint16Array.from(entries, ([, shift]) => shift),
  };
}

/**
 * The first columns of a base matrix: the code that remains when all bits behind them are known.
 *
 * @param matrix - the whole code
 * @param columns - how many columns to keep, 1 to `matrix.columns`
 */
export function prefix(matrix: BaseMatrix, columns: number): BaseMatrix {
  if (columns === matrix.columns) return matrix;
  const end = matrix.starts[columns]!;
  return {
    rows: matrix.rows,
    columns,
    starts: matrix.starts.subarray(0, columns + 1),
    entryRows: matrix.entryRows.subarray(0, end),
    entryShifts: matrix.entryShifts.subarray(0, end),
  };
}

/** Shifts of packed matrices are below 2^15, or below 2^8 where columns are many and liftings small. */
const WIDE = 2;
const NARROW = 1;
const MASKED_ROWS = 24;

/**
 * Packs a base matrix, base64: first the bytes of a shift (1 or 2); then for each column its degree (one byte), and for
 * each entry its row (one byte) and its shift, low byte first. With one-byte shifts and at most 24 rows, a column is a
 * mask of its rows, low byte first, and its shifts.
 *
 * @param matrix - at most 256 rows, degrees below 256
 */
export function packMatrix(matrix: BaseMatrix): string {
  if (matrix.rows > 256) throw invalid("matrix.rows", matrix.rows, "at most 256 rows");
  const width = matrix.rows <= MASKED_ROWS && matrix.entryShifts.every((shift) => shift < 256) ? NARROW : WIDE;
  const bytes: number[] = [width];
  for (let c = 0; c < matrix.columns; c++) {
    const start = matrix.starts[c]!;
    const end = matrix.starts[c + 1]!;
    if (width === NARROW) {
      let mask = 0;
      for (let e = start; e < end; e++) mask |= 1 << matrix.entryRows[e]!;
      for (let row = 0; row < matrix.rows; row += 8) bytes.push((mask >> row) & 255);
      bytes.push(...matrix.entryShifts.subarray(start, end));
      continue;
    }
    bytes.push(end - start);
    for (let e = start; e < end; e++) {
      bytes.push(matrix.entryRows[e]!, matrix.entryShifts[e]! & 255, matrix.entryShifts[e]! >> 8);
    }
  }
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/**
 * Unpacks what {@link packMatrix} made.
 *
 * @param rows - number of rows
 * @param packed - the text
 */
export function unpackMatrix(rows: number, packed: string): BaseMatrix {
  const bytes = decodeBase64(packed);
  const columns: [number, number][][] = [];
  for (let i = 1; i < bytes.length; ) {
    const column: [number, number][] = [];
    if (bytes[0] === NARROW) {
      let mask = 0;
      for (let row = 0; row < rows; row += 8) mask |= bytes[i++]! << row;
      for (let row = 0; row < rows; row++) if (((mask >> row) & 1) === 1) column.push([row, bytes[i++]!]);
    } else {
      for (let degree = bytes[i++]!; degree > 0; degree--, i += 3) {
        column.push([bytes[i]!, bytes[i + 1]! | (bytes[i + 2]! << 8)]);
      }
    }
    columns.push(column);
  }
  return baseMatrix(rows, columns);
}
