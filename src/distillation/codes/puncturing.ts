/**
 * Puncturing: telling less of a syndrome than the code has checks.
 *
 * A punctured column stands for bits that are in no key. It joins a pivot layer, whose checks it takes over, and a few
 * further layers; both sides give its bits the values that make the checks of the pivot even. Those checks are then not
 * told, and what is told of the others is their sum with them: with $p$ punctured bits $Mz - p$ bits are disclosed. The
 * decoder knows nothing about a punctured bit at first. Telling it later discloses the check that it stood for, one bit.
 *
 * No column reaches the pivot of an earlier one, so the values follow one after the other and the sums told are
 * independent; columns reach different layers as long as there are enough, so no check waits for two punctured bits.
 *
 * Punctured bits without a common check are Elkouss, Martinez-Mateo and Martin's untainted ones (arXiv:1103.6149); that they
 * and shortened bits adapt the rate of reconciliation is theirs too (arXiv:1006.2660).
 *
 * @module
 */
import { bitAt, weight } from "../../bits.ts";
import type { BaseMatrix } from "../../kernels/ldpc-matrix.ts";
import { PhiloxStream, PURPOSE } from "../../random.ts";
import { isSparse } from "./expansion.ts";
import { TreeCycles } from "./tree-cycles.ts";

/** A punctured column: its first entry is the pivot, with shift 0. */
type Column = readonly (readonly [row: number, shift: number])[];

/** Below so few checks a bit, two heavy punctured columns bring a code nearer to the limit: see REPORT.md. */
const SPARSE_LEAK = 0.06;
const HEAVY_COLUMNS = 2;
const HEAVY_WEIGHT = 24;
/** Layers that other punctured columns join: with fewer, checks lose more; with more, more checks lose. */
const LIGHT_WEIGHT = 3;
/** One draw in ten closes a cycle with a single bit at a lifting of 32, and all close some with two. */
const SHIFT_DRAWS = 16;
/** Rows of up to so many branches are alike; in a path all have them. */
const USUAL_BRANCHES = 2;

/**
 * How many layers each punctured column of a code joins.
 *
 * @param rows - rows of the base matrix
 * @param columns - its columns
 */
export function punctureWeights(rows: number, columns: number): readonly number[] {
  const heavy = heavyColumns(rows, columns);
  const light = Math.floor((rows - heavy) / LIGHT_WEIGHT);
  return [...new Array(heavy).fill(HEAVY_WEIGHT), ...new Array(light).fill(LIGHT_WEIGHT)];
}

/** The most columns that may be punctured. */
export function mostPunctured(rows: number, columns: number): number {
  return punctureWeights(rows, columns).length;
}

/** The fraction of a code's checks that are best punctured. */
export function bestPuncturing(rows: number, columns: number): number {
  return heavyColumns(rows, columns) / rows;
}

function heavyColumns(rows: number, columns: number): number {
  return rows / columns < SPARSE_LEAK ? Math.min(HEAVY_COLUMNS, rows - 1) : 0;
}

/** Parities that are sums of equally many layers. */
export interface Parities {
  /** Layers in each sum. */
  readonly layers: number;
  /** How many parities. */
  readonly checks: number;
  /** How many of them are odd. */
  readonly odd: number;
}

/** Punctured bits of a lifted code, and how both sides find their values. */
export class Puncturing {
  /** The code's matrix, and behind its columns those of the punctured bits. */
  readonly matrix: BaseMatrix;
  /** Position of the first punctured bit. */
  readonly from: number;
  /** How many bits are punctured, a multiple of 8. */
  readonly bits: number;
  readonly #lifting: number;
  readonly #columns: readonly Column[];
  /** For each layer how many checks are not told: the first ones. */
  readonly #untold: Uint32Array;

  /**
   * @param matrix - base matrix of the columns that the frame uses
   * @param lifting - lifting size
   * @param bits - how many bits are punctured, a multiple of 8
   * @param weights - layers that each punctured column joins
   */
  constructor(matrix: BaseMatrix, lifting: number, bits: number, weights: readonly number[]) {
    this.#lifting = lifting;
    this.#columns = puncturedColumns(matrix, lifting, weights.slice(0, Math.ceil(bits / lifting)));
    this.matrix = this.#columns.length === 0 ? matrix : widened(matrix, this.#columns);
    this.from = matrix.columns * lifting;
    this.bits = bits;
    this.#untold = new Uint32Array(matrix.rows);
    this.#columns.forEach(([pivot], j) => {
      this.#untold[pivot![0]] = Math.min(lifting, bits - j * lifting);
    });
  }

  /** Bits of a syndrome that are told. */
  get told(): number {
    return this.matrix.rows * this.#lifting - this.bits;
  }

  /**
   * Gives the punctured bits their values.
   *
   * @param syndrome - packed syndrome of a word whose punctured bits are 0; becomes that of the word with its values
   * @returns packed values of the punctured bits
   */
  fill(syndrome: Uint8Array): Uint8Array {
    const z = this.#lifting;
    const values = new Uint8Array(this.bits / 8);
    this.#columns.forEach(([pivot, ...others], j) => {
      const layer = pivot![0] * (z / 8);
      const count = Math.min(z, this.bits - j * z);
      const own = syndrome.slice(layer, layer + count / 8);
      values.set(own, j * (z / 8));
      syndrome.fill(0, layer, layer + count / 8);
      for (let b = 0; b < count; b++) {
        if (bitAt(own, b) === 0) continue;
        for (const [row, shift] of others) {
          const check = row * z + ((b + z - (shift % z)) % z);
          syndrome[check >> 3]! ^= 1 << (check & 7);
        }
      }
      own.fill(0);
    });
    return values;
  }

  /**
   * How many told parities are odd, by the number of layers that each is the sum of.
   *
   * @param syndrome - packed, after {@link Puncturing.fill}
   */
  parities(syndrome: Uint8Array): readonly Parities[] {
    const layers = new Float64Array(this.matrix.rows).fill(1);
    this.#columns.forEach(([pivot, ...others], j) => {
      const whole = (j + 1) * this.#lifting <= this.bits;
      // A column that is not punctured from end to end leaves sums of both kinds in the layers it reaches.
      for (const [row] of others) layers[row]! += whole ? layers[pivot![0]]! : Number.NaN;
      layers[pivot![0]] = Number.NaN;
    });
    const bytes = this.#lifting / 8;
    return Array.from(layers, (count, row) => ({
      layers: count,
      checks: this.#lifting,
      odd: weight(syndrome.subarray(row * bytes, (row + 1) * bytes)),
    })).filter(({ layers: count }) => !Number.isNaN(count));
  }

  /**
   * What is told of a syndrome: all of it but the checks of pivots.
   *
   * @param syndrome - packed, after {@link Puncturing.fill}
   */
  tell(syndrome: Uint8Array): Uint8Array {
    const told = new Uint8Array(this.told / 8);
    const layer = this.#lifting / 8;
    let next = 0;
    for (let row = 0; row < this.matrix.rows; row++) {
      const part = syndrome.subarray(row * layer + this.#untold[row]! / 8, (row + 1) * layer);
      told.set(part, next);
      next += part.length;
    }
    return told;
  }

  /**
   * The whole syndrome again: the inverse of {@link Puncturing.tell}.
   *
   * @param told - what was told
   */
  hear(told: Uint8Array): Uint8Array {
    const layer = this.#lifting / 8;
    const syndrome = new Uint8Array(this.matrix.rows * layer);
    let next = 0;
    for (let row = 0; row < this.matrix.rows; row++) {
      const length = layer - this.#untold[row]! / 8;
      syndrome.set(told.subarray(next, next + length), (row + 1) * layer - length);
      next += length;
    }
    return syndrome;
  }
}

/**
 * Neighbouring pivots lie far apart, and the other layers of each column are counted from the far end. Where there is a tree,
 * rows of many branches are used last, and of some draws of shifts the one is taken whose bits close the least harmful cycles.
 */
function puncturedColumns(matrix: BaseMatrix, lifting: number, weights: readonly number[]): readonly Column[] {
  const { rows } = matrix;
  const cycles = treeOf(matrix, lifting);
  const order = cycles === undefined ? spread(rows) : clearOfHubs(rows, cycles);
  let taken = 0;
  return weights.map((weight, j) => {
    const stream = new PhiloxStream([rows, weight], PURPOSE.reconciliation, 0x8000_0000 + j);
    const later = rows - 1 - j;
    const layers = [order[j]!];
    for (let i = 1; i < Math.min(weight, later + 1); i++) layers.push(order[rows - 1 - (taken++ % later)]!);
    const draws = Array.from({ length: cycles === undefined ? 1 : SHIFT_DRAWS }, () =>
      layers.map((_, i) => (i === 0 ? 0 : stream.word() >>> 17)),
    );
    const harms = draws.map((shifts) => cycles?.harm(layers, shifts) ?? 0);
    const shifts = draws[harms.indexOf(Math.min(...harms))]!;
    cycles?.add(layers, shifts);
    return layers.map((row, i): readonly [number, number] => [row, shifts[i]!]);
  });
}

/** The tree of degree-2 columns that the code has; sparse ones have none. */
function treeOf(matrix: BaseMatrix, lifting: number): TreeCycles | undefined {
  const { rows, columns, starts, entryRows, entryShifts } = matrix;
  if (isSparse(rows, columns)) return undefined;
  const cycles = new TreeCycles(rows, lifting);
  for (let column = 0; column < columns; column++) {
    const [from, to] = [starts[column]!, starts[column + 1]!];
    if (to - from === 2) cycles.add([...entryRows.subarray(from, to)], [...entryShifts.subarray(from, to)]);
  }
  return cycles;
}

/** Rows of many branches last: a check that is told as a sum helps little, and each of its bits of degree 2 has but one other. */
function clearOfHubs(rows: number, tree: TreeCycles): number[] {
  const front: number[] = [];
  const back: number[] = [];
  const branches = (row: number) => Math.max(USUAL_BRANCHES, tree.branches(row));
  const fewestFirst = spread(rows).sort((a, b) => branches(a) - branches(b));
  for (const [i, row] of fewestFirst.entries()) (i % LIGHT_WEIGHT === 0 ? front : back).push(row);
  return [...front, ...back.reverse()];
}

/** All rows in steps of about the golden section. */
function spread(rows: number): number[] {
  const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));
  let step = Math.max(1, Math.round(0.618 * rows));
  while (commonDivisor(rows, step) !== 1) step++;
  return Array.from({ length: rows }, (_, i) => (i * step) % rows);
}

function widened(matrix: BaseMatrix, columns: readonly Column[]): BaseMatrix {
  const sorted = columns.map((entries) => [...entries].sort(([a], [b]) => a - b));
  const starts = [...matrix.starts];
  for (const entries of sorted) starts.push(starts.at(-1)! + entries.length);
  const entries = sorted.flat();
  return {
    rows: matrix.rows,
    columns: matrix.columns + columns.length,
    starts: Uint32Array.from(starts),
    entryRows: Uint16Array.from([...matrix.entryRows, ...entries.map(([row]) => row)]),
    entryShifts: Uint16Array.from([...matrix.entryShifts, ...entries.map(([, shift]) => shift)]),
  };
}
