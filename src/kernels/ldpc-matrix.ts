/**
 * Base matrices of quasi-cyclic parity-check codes.
 *
 * A base matrix of $M$ rows and $N$ columns lifted by $z$ stands for a parity-check matrix of $Mz$ rows and $Nz$ columns: each
 * entry (row $a$, column $c$, shift $s$) is a circulant that joins check $az + r$ to bit $cz + ((r + s) \bmod z)$.
 *
 * @module
 */

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
