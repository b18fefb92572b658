/**
 * From a recipe to a base matrix. A code was built by drawing every column many times and keeping the best draw; a recipe
 * says which draw that was, and drawing only it gives the code again. Shifts are thereby shipped in one byte a column.
 *
 * Columns of all degrees are interleaved, so that every prefix of the columns is a code of nearly the same
 * distribution: taking a prefix is how the code is shortened. Columns of degree 2 form a tree on the rows, so they close no
 * cycle and carry no codeword of their own.
 *
 * Rows get the same number of entries but not of the same kind: columns are placed in their order, whatever their degree,
 * and the tree has branches. Where every check has the same mixture of bits, decoding begins later: 2 % of f were lost.
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
  /** For each column which draw of its rows is used; empty where there is no choice. */
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
 * Finds the rows of one column after another: dealt like cards in sparse codes, a branch of a tree for degree 2 in others,
 * and the emptiest rows for all else.
 */
export class RowPlacer {
  readonly #rows: number;
  readonly #key: PhiloxKey;
  readonly #load: Float64Array;
  readonly #deck: number[] = [];
  readonly #cards: PhiloxStream | undefined;
  readonly #tree: Tree | undefined;

  /**
   * @param rows - rows of the base matrix
   * @param degrees - degree of each column
   */
  constructor(rows: number, degrees: Uint8Array) {
    this.#rows = rows;
    this.#key = [rows, degrees.length];
    this.#load = new Float64Array(rows);
    const stream = new PhiloxStream(this.#key, PURPOSE.reconciliation, 0xffffffff);
    if (isSparse(rows, degrees.length)) this.#cards = stream;
    else this.#tree = new Tree(rows, degrees, stream);
  }

  /** Whether further draws of a column of this degree differ from the first. */
  hasChoice(degree: number): boolean {
    return this.#cards === undefined && !(degree === 2 && this.#tree!.grows);
  }

  /**
   * One draw of rows for a column, ascending.
   *
   * @param column - the column
   * @param degree - how many rows
   * @param attempt - which draw, below 256; only one is drawn of those without a choice
   */
  draw(column: number, degree: number, attempt: number): number[] {
    if (this.#cards !== undefined) return this.#deal(degree);
    if (degree === 2 && this.#tree!.grows) return this.#tree!.grow();
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
 * More branches let decoding begin earlier still, but few bits around a check of many hold each other in error; and a check
 * needs twice as many other bits.
 */
const MOST_BRANCHES = 4;
const LEAST_BRANCHES = 2;

/** A tree on the rows that branches where it has branched: each new row is joined to one that has branches already. */
class Tree {
  readonly #branches: Float64Array;
  readonly #most: number;
  readonly #stream: PhiloxStream;
  #size = 1;

  constructor(rows: number, degrees: Uint8Array, stream: PhiloxStream) {
    const meanCheckDegree = degrees.reduce((a, b) => a + b, 0) / rows;
    this.#branches = new Float64Array(rows);
    this.#most = Math.max(LEAST_BRANCHES, Math.min(MOST_BRANCHES, Math.floor(meanCheckDegree / 3)));
    this.#stream = stream;
  }

  /** Whether there are rows left. */
  get grows(): boolean {
    return this.#size < this.#branches.length;
  }

  /** The next branch: a row of the tree and a new one. */
  grow(): number[] {
    const weights = this.#branches.subarray(0, this.#size).map((count) => (count < this.#most ? count + 0.5 : 0));
    let left = this.#stream.uniform() * weights.reduce((a, b) => a + b, 0);
    let row = 0;
    while (row < this.#size - 1 && left >= weights[row]!) left -= weights[row++]!;
    const added = this.#size++;
    this.#branches[row]!++;
    this.#branches[added]!++;
    return [row, added];
  }
}

/**
 * The order in which columns get their rows: low degrees first in sparse codes, else as they stand.
 *
 * @param rows - rows of the base matrix
 * @param order - its columns
 */
export function placementOrder(rows: number, { degrees, byDegree }: ColumnOrder): readonly number[] {
  return isSparse(rows, degrees.length) ? byDegree : [...degrees.keys()];
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
  const order = columnOrder(counts);
  const { degrees, byDegree } = order;
  const columns = degrees.length;
  const starts = new Uint32Array(columns + 1);
  for (let c = 0; c < columns; c++) starts[c + 1] = starts[c]! + degrees[c]!;
  const entryRows = new Uint16Array(starts[columns]!);
  const entryShifts = new Uint16Array(starts[columns]!);
  const placer = new RowPlacer(rows, degrees);
  for (const column of placementOrder(rows, order)) {
    const support = placer.draw(column, degrees[column]!, placements[column] ?? 0);
    placer.take(support);
    entryRows.set(support, starts[column]!);
  }
  byDegree.forEach((column, i) => {
    drawShifts(rows, columns, column, candidates[i]!, entryShifts.subarray(starts[column]!, starts[column + 1]!));
  });
  return { rows, columns, starts, entryRows, entryShifts };
}
