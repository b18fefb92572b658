/**
 * Brings other people's codes: parity-check matrices in MacKay's alist format and quasi-cyclic base matrices.
 *
 * A matrix without circulants of a fitting size becomes a base matrix of single bits: lifted by 32 with all shifts 0,
 * it stands for 32 frames side by side, one in each lane of the decoder.
 *
 * @module
 */
import { inRange, invalid, wholeInRange } from "../../errors.ts";
import { type BaseMatrix, baseMatrix, prefix } from "../../kernels/ldpc-matrix.ts";
import { type CheckRule, MAX_CHECK_DEGREE } from "../../kernels/ldpc-rule.ts";
import type { ReconciliationCode } from "./catalogue.ts";

/** What a caller may say about an imported code. */
export interface ImportOptions {
  /** Efficiency f that its frames need, 1 to 10; default 1.3. A plan uses it to choose among codes. */
  readonly efficiency?: number;
  /** Standard deviations of the number of errors to leave room for, 0 to 20; default 3. */
  readonly spread?: number;
  /** Check rule of the decoder; default the soft rule with steps of 0.28 nats. */
  readonly rule?: CheckRule;
}

const DEFAULT_RULE: CheckRule = { kind: "soft", delta: 0.28, largest: 36, offset: 0 };
/** The decoder visits 32 checks at once. */
const LANES = 32;
/** Rows and columns are counted in 16 bits. */
const MOST = 65_535;

/**
 * Reads a parity-check matrix in alist format (D. MacKay, inference.org.uk/mackay/codes/alist.html): sizes, largest
 * degrees, degrees of columns and of rows, then for each column and each row the places of its ones, from 1, filled up
 * with zeros.
 *
 * @param text - the file
 * @param id - name for the code, the same on both sides
 * @param options - what is known of it
 * @returns a code whose frames of 32 n bits hold 32 frames of the matrix, interleaved bit by bit
 * @throws {@link TwincombError} `invalid-input` that says in which part the file contradicts itself
 */
export function codeFromAlist(text: string, id: string, options: ImportOptions = {}): ReconciliationCode {
  const numbers = text.split(/\s+/).filter((word) => word !== "");
  let next = 0;
  const read = (what: string, minimum: number, maximum: number): number => {
    const word = numbers[next++];
    if (word === undefined) throw invalid("alist", "the end of the file", what);
    const value = /^\d+$/.test(word) ? Number(word) : Number.NaN;
    if (!(value >= minimum && value <= maximum)) {
      throw invalid(`alist, number ${next}`, word, `${what}: a whole number in [${minimum}, ${maximum}]`);
    }
    return value;
  };
  const columns = read("the number of columns", 1, MOST);
  const rows = read("the number of rows", 1, MOST);
  const columnDegree = read("the largest column degree", 1, rows);
  const rowDegree = read("the largest row degree", 1, columns);
  const columnDegrees = Array.from({ length: columns }, (_, c) => read(`degree of column ${c + 1}`, 0, columnDegree));
  const rowDegrees = Array.from({ length: rows }, (_, r) => read(`degree of row ${r + 1}`, 0, rowDegree));
  const list = (name: string, degree: number, padded: number, most: number): number[] => {
    const places: number[] = [];
    for (let i = 0; i < padded; i++) {
      // Some writers leave the filling zeros out; then the list ends where its degree does.
      if (i >= degree && numbers[next] !== "0") break;
      const place = read(`entry ${i + 1} of ${name}`, i < degree ? 1 : 0, i < degree ? most : 0);
      if (place > 0) places.push(place - 1);
    }
    if (new Set(places).size !== places.length) throw invalid("alist", name, "no place named twice");
    return places;
  };
  const byColumn = columnDegrees.map((degree, c) => list(`column ${c + 1}`, degree, columnDegree, rows));
  const byRow = rowDegrees.map((degree, r) => list(`row ${r + 1}`, degree, rowDegree, columns));
  if (next !== numbers.length)
    throw invalid("alist", `${numbers.length - next} numbers too many`, "the end of the file");
  const columnSets = byColumn.map((places) => new Set(places));
  byRow.forEach((places, r) => {
    for (const c of places) {
      if (!columnSets[c]!.has(r))
        throw invalid("alist", `row ${r + 1} names column ${c + 1}`, "columns that name it too");
    }
  });
  const ones = (lists: number[][]) => lists.reduce((sum, places) => sum + places.length, 0);
  if (ones(byRow) !== ones(byColumn)) {
    throw invalid("alist", `${ones(byColumn)} ones by columns, ${ones(byRow)} by rows`, "the same ones both ways");
  }
  const matrix = baseMatrix(
    rows,
    byColumn.map((places) => places.map((row): [number, number] => [row, 0])),
  );
  return importedCode(matrix, LANES, id, options);
}

/**
 * Reads a quasi-cyclic base matrix: one line a row, one number a column, -1 for no circulant, otherwise its shift.
 * Blank lines and lines that begin with `#` are skipped.
 *
 * @param text - the file
 * @param lifting - size z of the circulants, 2 to 32768; entry s joins check r to bit (r + s) mod z
 * @param id - name for the code, the same on both sides
 * @param options - what is known of it
 * @returns the code; when z is no multiple of 32, one of 32 interleaved frames
 * @throws {@link TwincombError} `invalid-input` that names line and column
 */
export function codeFromBaseMatrix(
  text: string,
  lifting: number,
  id: string,
  options: ImportOptions = {},
): ReconciliationCode {
  wholeInRange("lifting", lifting, 2, 32_768);
  const lines = text
    .split(/\r?\n/)
    .map((line, i) => ({ line: line.trim(), number: i + 1 }))
    .filter(({ line }) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0) throw invalid("base matrix", "an empty file", "at least one row");
  const shifts = lines.map(({ line, number }) =>
    line.split(/[\s,;]+/).map((word, c) => {
      const shift = /^-?\d+$/.test(word) ? Number(word) : Number.NaN;
      if (shift >= -1 && shift < lifting) return shift;
      throw invalid(`base matrix, line ${number}, column ${c + 1}`, word, `-1 or a shift below ${lifting}`);
    }),
  );
  const columns = shifts[0]!.length;
  shifts.forEach((row, r) => {
    if (row.length !== columns) {
      throw invalid(
        `base matrix, line ${lines[r]!.number}`,
        `${row.length} numbers`,
        `${columns}, as in the first row`,
      );
    }
  });
  const entries = (c: number) => shifts.flatMap((row, r): [number, number][] => (row[c]! >= 0 ? [[r, row[c]!]] : []));
  const base = Array.from({ length: columns }, (_, c) => entries(c));
  if (lifting % LANES === 0) return importedCode(baseMatrix(shifts.length, base), lifting, id, options);
  wholeInRange("columns x lifting", columns * lifting, 1, MOST);
  wholeInRange("rows x lifting", shifts.length * lifting, 1, MOST);
  const bits = base.flatMap((column) =>
    Array.from({ length: lifting }, (_, b) =>
      column.map(([row, shift]): [number, number] => [row * lifting + ((b - shift + lifting) % lifting), 0]),
    ),
  );
  return importedCode(baseMatrix(shifts.length * lifting, bits), LANES, id, options);
}

/** Checks what the decoder cannot do without, and dresses the matrix as a code. */
function importedCode(
  matrix: BaseMatrix,
  smallestLifting: number,
  id: string,
  options: ImportOptions,
): ReconciliationCode {
  const degrees = new Uint32Array(matrix.rows);
  for (const row of matrix.entryRows) degrees[row]!++;
  degrees.forEach((degree, row) => {
    if (degree >= 2 && degree <= MAX_CHECK_DEGREE) return;
    throw invalid(`row ${row + 1}`, `${degree} ones`, `2 to ${MAX_CHECK_DEGREE}: other checks tell nothing`);
  });
  for (let c = 0; c < matrix.columns; c++) {
    if (matrix.starts[c + 1] === matrix.starts[c]) throw invalid(`column ${c + 1}`, "no ones", "a bit in some check");
  }
  const prefixes = new Map<number, BaseMatrix>([[matrix.columns, matrix]]);
  return {
    id,
    rows: matrix.rows,
    columns: matrix.columns,
    smallestLifting,
    rule: options.rule ?? DEFAULT_RULE,
    efficiency: inRange("efficiency", options.efficiency ?? 1.3, 1, 10),
    spread: inRange("spread", options.spread ?? 3, 0, 20),
    matrix: (columns = matrix.columns) => {
      const found = prefixes.get(columns) ?? prefix(matrix, columns);
      prefixes.set(columns, found);
      return Promise.resolve(found);
    },
  };
}
