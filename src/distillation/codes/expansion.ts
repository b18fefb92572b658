/**
 * From a recipe to a base matrix. A code was built by drawing every column many times and keeping the best draw; a recipe
 * says which draw that was, and drawing only it gives the code again. Shifts are thereby shipped in one byte a column.
 *
 * Columns of all degrees are interleaved, so that every prefix of the columns is a code of nearly the same
 * distribution: taking a prefix is how the code is shortened. Columns of degree 2 form one path through the rows, so
 * they close no cycle and carry no codeword of their own.
 *
 * @module
 */
import type { BaseMatrix } from "../../kernels/ldpc-matrix.ts";
import { type PhiloxKey, PhiloxStream, PURPOSE } from "../../random.ts";

/** How many columns have each degree, degrees ascending. */
export type DegreeCounts = readonly (readonly [degree: number, count: number])[];

/** All that a code is made of. */
export interface Recipe {
  /** Rows of the base matrix. */
  readonly rows: number;
  /** Columns of each degree. */
  readonly degrees: DegreeCounts;
  /** For each column, low degrees first, which draw of its rows is used. */
  readonly placements: Uint8Array;
  /** For each column, low degrees first, which draw of its shifts is used. */
  readonly candidates: Uint8Array;
}

/** Below so few checks a bit, errors are too rare to fill half of a word of ten or more bits. */
const SPARSE_LEAK = 0.08;
/** Draws of one column; rows and shifts have streams of their own. */
const DRAWS = 256;
/** The later a draw of rows, the less it insists on even rows. */
const UNEVENNESS = 0.9;
const MORE_UNEVENNESS = 4 / DRAWS;

/** Columns of a recipe in the order in which they are drawn: low degrees first. */
export interface ColumnOrder {
  /** Degree of each column of the base matrix. */
  readonly degrees: Uint8Array;
  /** Columns by degree, then by place. */
  readonly byDegree: readonly number[];
}

/**
 * Interleaves columns of all degrees: the next has always the degree that lags furthest behind its share.
 *
 * @param counts - columns of each degree
 */
export function columnOrder(counts: DegreeCounts): ColumnOrder {
  const columns = counts.reduce((sum, [, count]) => sum + count, 0);
  const degrees = new Uint8Array(columns);
  const placed = new Float64Array(counts.length);
  for (let i = 0; i < columns; i++) {
    let choice = 0;
    let furthest = -Infinity;
    for (let d = 0; d < counts.length; d++) {
      const count = counts[d]![1];
      const lag = (count * (i + 1)) / columns - placed[d]!;
      if (lag > furthest && placed[d]! < count) {
        furthest = lag;
        choice = d;
      }
    }
    placed[choice]!++;
    degrees[i] = counts[choice]![0];
  }
  const byDegree: number[][] = counts.map(() => []);
  const place = new Map(counts.map(([degree], d) => [degree, d]));
  for (let i = 0; i < columns; i++) byDegree[place.get(degrees[i]!)!]!.push(i);
  return { degrees, byDegree: byDegree.flat() };
}

/** Whether a code is so sparse that its rows are simply dealt. */
export function isSparse(rows: number, columns: number): boolean {
  return rows / columns < SPARSE_LEAK;
}

/**
 * What all liftings of a code are multiples of. Sparse codes close short cycles at any size, and need fine steps.
 *
 * @param rows - rows of the base matrix
 * @param columns - its columns
 */
export function smallestLifting(rows: number, columns: number): number {
  return isSparse(rows, columns) ? 16 : 32;
}

/**
 * Finds the rows of one column after another, low degrees first: a path for degree 2; then dealt like cards in sparse
 * codes, and the emptiest rows in others.
 */
export class RowPlacer {
  readonly #rows: number;
  readonly #key: PhiloxKey;
  readonly #load: Float64Array;
  readonly #deck: number[] = [];
  readonly #cards: PhiloxStream | undefined;
  #path = 0;

  /**
   * @param rows - rows of the base matrix
   * @param columns - its columns
   */
  constructor(rows: number, columns: number) {
    this.#rows = rows;
    this.#key = [rows, columns];
    this.#load = new Float64Array(rows);
    if (isSparse(rows, columns)) this.#cards = new PhiloxStream(this.#key, PURPOSE.reconciliation, 0xffffffff);
  }

  /** Whether further draws of a column of this degree differ from the first. */
  hasChoice(degree: number): boolean {
    return this.#cards === undefined && !(degree === 2 && this.#path + 1 < this.#rows);
  }

  /**
   * One draw of rows for a column, ascending.
   *
   * @param column - the column
   * @param degree - how many rows
   * @param attempt - which draw, below 256
   */
  draw(column: number, degree: number, attempt: number): number[] {
    if (degree === 2 && this.#path + 1 < this.#rows) return [this.#path, this.#path + 1];
    if (this.#cards !== undefined) return this.#deal(degree);
    const stream = new PhiloxStream(this.#key, PURPOSE.reconciliation, 2 * DRAWS * column + attempt);
    const unevenness = UNEVENNESS + MORE_UNEVENNESS * attempt;
    return Array.from(this.#load, (value, row) => ({ row, rank: value + unevenness * stream.uniform() }))
      .sort((a, b) => a.rank - b.rank)
      .slice(0, degree)
      .map(({ row }) => row)
      .sort((a, b) => a - b);
  }

  /**
   * Takes rows for a column.
   *
   * @param support - what {@link RowPlacer.draw} gave
   */
  take(support: readonly number[]): void {
    if (support.length === 2 && support[0] === this.#path && this.#path + 1 < this.#rows) this.#path++;
    for (const row of support) this.#load[row]!++;
  }

  /** The next cards of a shuffled deck; where one deck ends within a column, cards it has already wait. */
  #deal(degree: number): number[] {
    const hand: number[] = [];
    const waiting: number[] = [];
    while (hand.length < degree) {
      if (this.#deck.length === 0) for (let row = 0; row < this.#rows; row++) this.#deck.push(row);
      const i = this.#cards!.below(this.#deck.length);
      const card = this.#deck[i]!;
      this.#deck[i] = this.#deck[this.#deck.length - 1]!;
      this.#deck.pop();
      (hand.includes(card) ? waiting : hand).push(card);
    }
    this.#deck.push(...waiting);
    return hand.sort((a, b) => a - b);
  }
}

/**
 * One draw of a column's shifts, each below 2^15.
 *
 * @param rows - rows of the base matrix
 * @param columns - its columns
 * @param column - which column
 * @param candidate - which draw, below 256
 * @param shifts - receives the shifts
 */
export function drawShifts(
  rows: number,
  columns: number,
  column: number,
  candidate: number,
  shifts: { [index: number]: number; readonly length: number },
): void {
  const stream = new PhiloxStream([rows, columns], PURPOSE.reconciliation, 2 * DRAWS * column + DRAWS + candidate);
  for (let i = 0; i < shifts.length; i++) shifts[i] = stream.word() >>> 17;
}

/**
 * Draws a code as its recipe says.
 *
 * @param recipe - the recipe
 */
export function expandRecipe({ rows, degrees: counts, placements, candidates }: Recipe): BaseMatrix {
  const { degrees, byDegree } = columnOrder(counts);
  const columns = degrees.length;
  const starts = new Uint32Array(columns + 1);
  for (let c = 0; c < columns; c++) starts[c + 1] = starts[c]! + degrees[c]!;
  const entryRows = new Uint16Array(starts[columns]!);
  const entryShifts = new Uint16Array(starts[columns]!);
  const placer = new RowPlacer(rows, columns);
  byDegree.forEach((column, i) => {
    const support = placer.draw(column, degrees[column]!, placements[i] ?? 0);
    placer.take(support);
    entryRows.set(support, starts[column]!);
    drawShifts(rows, columns, column, candidates[i]!, entryShifts.subarray(starts[column]!, starts[column + 1]!));
  });
  return { rows, columns, starts, entryRows, entryShifts };
}
