/**
 * From a degree distribution to a quasi-cyclic code: which circulants there are, and their shifts.
 *
 * Columns of all degrees are interleaved, so that every prefix of the columns is a code of nearly the same
 * distribution: taking a prefix is how the code is shortened. Columns of degree 2 form one path through the rows, so
 * they close no cycle and carry no codeword of their own. Shifts are conditioned modulo the smallest lifting size in
 * use; a cycle modulo a multiple of it is a cycle modulo it, so all its multiples have no shorter cycles.
 *
 * @module
 */
import { type PhiloxKey, PhiloxStream, PURPOSE } from "../../../random.ts";
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
  /** Shifts are below this, a multiple of the smallest lifting. */
  readonly shifts: number;
}

/** One column: pairs of row and shift. */
export type BaseColumn = readonly (readonly [row: number, shift: number])[];

/** A built code and what its conditioning reached. */
export interface BuiltCode {
  readonly columns: readonly BaseColumn[];
  /** Pairs of columns that close a cycle of length 4 at the smallest lifting. */
  readonly fourCycles: number;
  /** Cycles of length 6 and 8 among columns of degree 2 and 3 at the smallest lifting. */
  readonly shortLowDegreeCycles: number;
}

const CANDIDATES = 300;
/** Below so few checks a bit, errors are too rare to fill half of a word of ten or more bits. */
const SPARSE_LEAK = 0.08;
const SPARSE_CANDIDATES = 12;
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
 * @param key - Philox key of all choices
 */
export function buildCode(goal: LiftingGoal, key: PhiloxKey): BuiltCode {
  const stream = new PhiloxStream(key, PURPOSE.reconciliation, 2);
  const order = interleavedDegrees(columnCounts(goal.degrees, goal.columns, goal.rows), goal.columns);
  const supports = placeRows(order, goal.rows, goal.rows / goal.columns >= SPARSE_LEAK, stream);
  return chooseShifts(order, supports, goal, stream);
}

/** The degree of each column: always the degree that lags furthest behind its share. */
function interleavedDegrees(counts: ReadonlyMap<number, number>, columns: number): number[] {
  const placed = new Map<number, number>([...counts.keys()].map((degree) => [degree, 0]));
  return Array.from({ length: columns }, (_, i) => {
    let choice = 0;
    let furthest = -Infinity;
    for (const [degree, count] of counts) {
      const lag = (count * (i + 1)) / columns - placed.get(degree)!;
      if (lag > furthest && placed.get(degree)! < count) {
        furthest = lag;
        choice = degree;
      }
    }
    placed.set(choice, placed.get(choice)! + 1);
    return choice;
  });
}

/** The rows of each column: a path for degree 2, then always the emptiest rows that crowd no small set of rows. */
function placeRows(order: readonly number[], rows: number, avoidCrowds: boolean, stream: PhiloxStream): number[][] {
  const supports: number[][] = order.map(() => []);
  const load = new Float64Array(rows);
  const crowd = new CrowdedRows(rows);
  const byDegree = order
    .map((degree, column) => ({ degree, column }))
    .sort((a, b) => a.degree - b.degree || a.column - b.column);
  let next = 0;
  for (const { degree, column } of byDegree) {
    let support: number[];
    if (degree === 2 && next + 1 < rows) support = [next, ++next];
    else {
      support = emptiest(load, degree, 0.9, stream);
      // The longer no place is found, the less evenly the rows are filled.
      for (let attempt = 1; avoidCrowds && attempt < PLACEMENTS && crowd.wouldCrowd(support); attempt++) {
        support = emptiest(load, degree, 0.9 + (4 * attempt) / PLACEMENTS, stream);
      }
    }
    for (const row of support) load[row]!++;
    if (avoidCrowds) crowd.add(support);
    supports[column] = support.sort((a, b) => a - b);
  }
  return supports;
}

/** Placements tried for one column. */
const PLACEMENTS = 400;

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
  readonly #rows: number;
  readonly #columns: bigint[] = [];

  constructor(rows: number) {
    this.#rows = rows;
  }

  add(support: readonly number[]): void {
    if (support.length <= CROWDING_DEGREE) this.#columns.push(mask(support));
  }

  /** Whether some set of at most {@link CROWDED_SIZE} rows would hold more columns than rows with this one added. */
  wouldCrowd(support: readonly number[]): boolean {
    if (support.length > CROWDING_DEGREE) return false;
    return this.#crowded(mask(support), support.length, 0);
  }

  #crowded(set: bigint, size: number, from: number): boolean {
    // The new column is one of them, so k columns that are there already are one too many.
    let inside = 0;
    for (const column of this.#columns) if ((column & ~set) === 0n) inside++;
    if (inside >= size) return true;
    if (size === CROWDED_SIZE) return false;
    for (let row = from; row < this.#rows; row++) {
      const bit = 1n << BigInt(row);
      if ((set & bit) === 0n && this.#crowded(set | bit, size + 1, row + 1)) return true;
    }
    return false;
  }
}

function mask(support: readonly number[]): bigint {
  return support.reduce((set, row) => set | (1n << BigInt(row)), 0n);
}

function emptiest(load: Float64Array, count: number, unevenness: number, stream: PhiloxStream): number[] {
  return [...load]
    .map((value, row) => ({ row, rank: value + unevenness * stream.uniform() }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ row }) => row);
}

/** Picks shifts column by column, low degrees first, each the best of some random candidates. */
function chooseShifts(
  order: readonly number[],
  supports: readonly number[][],
  goal: LiftingGoal,
  stream: PhiloxStream,
): BuiltCode {
  const z = goal.smallestLifting;
  const sparse = goal.rows / goal.columns < SPARSE_LEAK;
  const candidates = sparse ? SPARSE_CANDIDATES : CANDIDATES;
  const cycles = new DifferenceTable(goal.rows, z);
  const shifts: number[][] = order.map(() => []);
  let fourCycles = 0;
  let shortLowDegreeCycles = 0;
  const byDegree = order
    .map((degree, column) => ({ degree, column }))
    .sort((a, b) => a.degree - b.degree || a.column - b.column);
  for (const { degree, column } of byDegree) {
    const support = supports[column]!;
    const isLow = !sparse && degree <= LOW_DEGREE;
    const longer = isLow ? cycles.lowDegreePaths(support) : undefined;
    let best: number[] = [];
    let bestFour = 0;
    let bestLonger = 0;
    let least = Infinity;
    for (let candidate = 0; candidate < candidates && least > 0; candidate++) {
      const chosen = support.map(() => stream.below(goal.shifts));
      let four = 0;
      let low = 0;
      forPairs(support, chosen, z, (a, b, difference) => {
        four += cycles.count(a, b, difference);
        if (longer !== undefined) low += longer.get(a * goal.rows + b)![difference]!;
      });
      if (1000 * four + low < least) {
        least = 1000 * four + low;
        best = chosen;
        bestFour = four;
        bestLonger = low;
      }
    }
    fourCycles += bestFour;
    shortLowDegreeCycles += bestLonger;
    forPairs(support, best, z, (a, b, difference) => cycles.add(a, b, difference, isLow));
    shifts[column] = best;
  }
  const columns = supports.map((support, column) => support.map((row, i) => [row, shifts[column]![i]!] as const));
  return { columns, fourCycles, shortLowDegreeCycles };
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
