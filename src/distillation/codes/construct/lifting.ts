/**
 * From a degree distribution to the recipe of a quasi-cyclic code: which draw of each column's rows and shifts is best.
 *
 * Shifts are conditioned modulo the smallest lifting size in use; a cycle modulo a multiple of it is a cycle modulo it, so
 * all its multiples have no shorter cycles.
 *
 * @module
 */
import {
  columnOrder,
  type DegreeCounts,
  drawShifts,
  isSparse,
  placementOrder,
  type Recipe,
  RowPlacer,
} from "../expansion.ts";
import { TreeCycles } from "../tree-cycles.ts";
import type { EdgeDegrees } from "./density-evolution.ts";

/** What is built. */
export interface LiftingGoal {
  /** Edge-degree distribution of the bits. */
  readonly degrees: EdgeDegrees;
  /** Rows of the base matrix. */
  readonly rows: number;
  /** Columns of the base matrix. */
  readonly columns: number;
  /** The code is lifted by multiples of this; cycles are broken modulo it. */
  readonly smallestLifting: number;
}

/** A built code and what its conditioning reached. */
export interface BuiltCode {
  readonly recipe: Recipe;
  /** Pairs of columns that close a cycle of length 4 at the smallest lifting. */
  readonly fourCycles: number;
  /** Cycles of length 6 and 8 among columns of degree 2 and 3 at the smallest lifting. */
  readonly shortLowDegreeCycles: number;
}

/** Draws of shifts for one column; in sparse codes nearly all of them close cycles. */
const CANDIDATES = 256;
const SPARSE_CANDIDATES = 16;
/** In sparse codes only columns up to this degree are chosen. */
const CONDITIONED_DEGREE = 4;
/** Draws of rows for one column. */
const PLACEMENTS = 256;
/** Cycles among columns up to this degree make the small trapping sets. */
const LOW_DEGREE = 3;

/**
 * Whole numbers of columns of each degree, by largest remainders.
 *
 * @param degrees - edge-degree distribution
 * @param columns - their total
 * @param rows - most columns of degree 2 is this less one
 */
export function columnCounts(degrees: EdgeDegrees, columns: number, rows: number): Map<number, number> {
  let bitsPerEdge = 0;
  for (const [degree, fraction] of degrees) bitsPerEdge += fraction / degree;
  const wanted = [...degrees].map(([degree, fraction]) => ({
    degree,
    exact: (fraction / degree / bitsPerEdge) * columns,
  }));
  const counts = new Map(wanted.map(({ degree, exact }) => [degree, Math.floor(exact)]));
  const byRemainder = [...wanted].sort((a, b) => (b.exact % 1) - (a.exact % 1) || a.degree - b.degree);
  let missing = columns - [...counts.values()].reduce((a, b) => a + b, 0);
  for (let i = 0; missing > 0; i++, missing--) {
    const { degree } = byRemainder[i % byRemainder.length]!;
    counts.set(degree, counts.get(degree)! + 1);
  }
  const excess = (counts.get(2) ?? 0) - (rows - 1);
  if (excess > 0) {
    counts.set(2, rows - 1);
    counts.set(3, (counts.get(3) ?? 0) + excess);
  }
  return counts;
}

/**
 * Builds a code; deterministic.
 *
 * @param goal - sizes and degrees
 */
export function buildCode(goal: LiftingGoal): BuiltCode {
  const counts = [...columnCounts(goal.degrees, goal.columns, goal.rows)]
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => a - b);
  if (counts.at(-1)![0] > goal.rows) throw new RangeError(`degree ${counts.at(-1)![0]} does not fit ${goal.rows} rows`);
  const { placements, supports } = placeRows(counts, goal.rows);
  const { candidates, fourCycles, shortLowDegreeCycles } = chooseShifts(counts, supports, goal);
  return { recipe: { rows: goal.rows, degrees: counts, placements, candidates }, fourCycles, shortLowDegreeCycles };
}

/** Rows of each column, and which draw they are: the first that crowds no small set of rows. */
function placeRows(counts: DegreeCounts, rows: number): { placements: Uint8Array; supports: number[][] } {
  const order = columnOrder(counts);
  const { degrees } = order;
  const columns = degrees.length;
  const placements = new Uint8Array(isSparse(rows, columns) ? 0 : columns);
  const supports: number[][] = new Array(columns);
  const placer = new RowPlacer(rows, degrees);
  const crowd = new CrowdedRows();
  for (const column of placementOrder(rows, order)) {
    const degree = degrees[column]!;
    const hasChoice = placer.hasChoice(degree);
    let attempt = 0;
    let support = placer.draw(column, degree, 0);
    while (hasChoice && attempt + 1 < PLACEMENTS && crowd.wouldCrowd(support)) {
      support = placer.draw(column, degree, ++attempt);
    }
    placer.take(support);
    if (placements.length > 0) {
      placements[column] = attempt;
      crowd.add(support);
    }
    supports[column] = support;
  }
  return { placements, supports };
}

/** Columns of higher degree are in no codeword light enough to be met. */
const CROWDING_DEGREE = 4;

/** Row sets up to this size are kept from crowding. */
const CROWDED_SIZE = 5;

/**
 * Keeps small sets of rows from holding more columns than rows.
 *
 * Any k + 1 columns whose entries lie in k rows carry a codeword, whatever the shifts and however large the lifting: its
 * weight is at most the sum of the permanents of their k x k minors (MacKay and Davey 2001; Smarandache and Vontobel,
 * IEEE Trans. Inf. Theory 58, 585 (2012), theorem 7), 14 for some four columns in three rows. A decoder then meets
 * words that satisfy every check and are wrong.
 */
class CrowdedRows {
  readonly #columns: bigint[] = [];

  add(support: readonly number[]): void {
    if (support.length <= CROWDING_DEGREE) this.#columns.push(mask(support));
  }

  /** Whether some set of at most {@link CROWDED_SIZE} rows would hold more columns than rows with this one added. */
  wouldCrowd(support: readonly number[]): boolean {
    if (support.length > CROWDING_DEGREE) return false;
    return this.#crowded(mask(support));
  }

  /** Columns that crowd a set hang together, or fewer of them would crowd a smaller one: it grows by columns that meet it. */
  #crowded(set: bigint): boolean {
    const size = ones(set);
    // The new column is one of them, so k columns that are there already are one too many.
    let inside = 0;
    for (const column of this.#columns) if ((column & ~set) === 0n) inside++;
    if (inside >= size) return true;
    if (size === CROWDED_SIZE) return false;
    for (const column of this.#columns) {
      if ((column & set) === 0n || (column & ~set) === 0n) continue;
      const grown = set | column;
      if (ones(grown) <= CROWDED_SIZE && this.#crowded(grown)) return true;
    }
    return false;
  }
}

function ones(set: bigint): number {
  let count = 0;
  for (let rest = set; rest !== 0n; rest &= rest - 1n) count++;
  return count;
}

function mask(support: readonly number[]): bigint {
  return support.reduce((set, row) => set | (1n << BigInt(row)), 0n);
}

/** Picks shifts column by column, low degrees first, each the best of some draws. */
function chooseShifts(
  counts: DegreeCounts,
  supports: readonly number[][],
  { rows, smallestLifting: z }: LiftingGoal,
): { candidates: Uint8Array; fourCycles: number; shortLowDegreeCycles: number } {
  const { degrees, byDegree } = columnOrder(counts);
  const columns = degrees.length;
  const sparse = isSparse(rows, columns);
  const draws = sparse ? SPARSE_CANDIDATES : CANDIDATES;
  const cycles = new DifferenceTable(rows, z);
  const tree = new TreeCycles(rows, z);
  const candidates = new Uint8Array(columns);
  const seen = new Set<string>();
  let fourCycles = 0;
  let shortLowDegreeCycles = 0;
  byDegree.forEach((column, i) => {
    const support = supports[column]!;
    const isLow = !sparse && support.length <= LOW_DEGREE;
    const longer = isLow ? cycles.lowDegreePaths(support) : undefined;
    const chosen = support.map(() => 0);
    const tries = sparse && support.length > CONDITIONED_DEGREE ? 1 : draws;
    let bestFour = 0;
    let bestLonger = 0;
    let least = Infinity;
    for (let candidate = 0; candidate < tries && least > 0; candidate++) {
      drawShifts(rows, columns, column, candidate, chosen);
      if (sparse && seen.has(signature(support, chosen, z))) continue;
      let four = 0;
      let low = 0;
      forPairs(support, chosen, z, (a, b, difference) => {
        four += cycles.count(a, b, difference);
        if (longer !== undefined) low += longer.get(a * rows + b)![difference]!;
      });
      const harm = 1000 * four + low + (isLow ? tree.harm(support, chosen) : 0);
      if (harm < least) {
        least = harm;
        candidates[i] = candidate;
        bestFour = four;
        bestLonger = low;
      }
    }
    fourCycles += bestFour;
    shortLowDegreeCycles += bestLonger;
    drawShifts(rows, columns, column, candidates[i]!, chosen);
    seen.add(signature(support, chosen, z));
    forPairs(support, chosen, z, (a, b, difference) => cycles.add(a, b, difference, isLow));
    if (isLow) tree.add(support, chosen);
  });
  return { candidates, fourCycles, shortLowDegreeCycles };
}

/** The same for columns that are equal but for a common shift: together they would be a codeword of weight 2. */
function signature(support: readonly number[], shifts: readonly number[], z: number): string {
  return support.map((row, i) => `${row}:${(shifts[i]! - shifts[0]! + (1 << 15)) % z}`).join(" ");
}

function forPairs(
  support: readonly number[],
  shifts: readonly number[],
  z: number,
  visit: (a: number, b: number, difference: number) => void,
): void {
  for (let i = 0; i < support.length; i++) {
    for (let j = i + 1; j < support.length; j++) {
      visit(support[i]!, support[j]!, (((shifts[i]! - shifts[j]!) % z) + z) % z);
    }
  }
}

/** For each pair of rows a < b, the shift differences s_a - s_b mod z of the columns that hold both. */
class DifferenceTable {
  readonly #rows: number;
  readonly #z: number;
  readonly #counts: Map<number, Uint16Array> = new Map();
  /** Differences of low-degree columns, both ways round: `#low[a][b]`. */
  readonly #low: Map<number, number[]>[];

  constructor(rows: number, z: number) {
    this.#rows = rows;
    this.#z = z;
    this.#low = Array.from({ length: rows }, () => new Map<number, number[]>());
  }

  count(a: number, b: number, difference: number): number {
    return this.#counts.get(a * this.#rows + b)?.[difference] ?? 0;
  }

  add(a: number, b: number, difference: number, isLow: boolean): void {
    const index = a * this.#rows + b;
    let counts = this.#counts.get(index);
    if (counts === undefined) {
      counts = new Uint16Array(this.#z);
      this.#counts.set(index, counts);
    }
    counts[difference]!++;
    if (!isLow) return;
    this.#step(a, b).push(difference);
    this.#step(b, a).push((this.#z - difference) % this.#z);
  }

  #step(a: number, b: number): number[] {
    let list = this.#low[a]!.get(b);
    if (list === undefined) {
      list = [];
      this.#low[a]!.set(b, list);
    }
    return list;
  }

  /** For each pair of the rows, how many ways lead from one to the other over two or three low-degree columns. */
  lowDegreePaths(support: readonly number[]): Map<number, Uint16Array> {
    const found = new Map<number, Uint16Array>();
    const z = this.#z;
    for (let i = 0; i < support.length; i++) {
      const a = support[i]!;
      for (let j = i + 1; j < support.length; j++) found.set(a * this.#rows + support[j]!, new Uint16Array(z));
      for (const [k, first] of this.#low[a]!) {
        for (const [l, second] of this.#low[k]!) {
          if (l === a) continue;
          const direct = l > a ? found.get(a * this.#rows + l) : undefined;
          for (const x of first) {
            for (const y of second) {
              const two = (x + y) % z;
              if (direct !== undefined) direct[two]!++;
              for (let j = i + 1; j < support.length; j++) {
                const b = support[j]!;
                if (b === k || b === l) continue;
                const third = this.#low[l]!.get(b);
                if (third === undefined) continue;
                const paths = found.get(a * this.#rows + b)!;
                for (const w of third) paths[(two + w) % z]!++;
              }
            }
          }
        }
      }
    }
    return found;
  }
}
