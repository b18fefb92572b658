/**
 * How a Toeplitz matrix is cut into blocks that one transform each can multiply.
 *
 * @module
 */
import { TRANSFORM_SIZE } from "./toeplitz-kernel.ts";

/** A grid of blocks: `across` x `down` blocks of `columns` x `rows` entries, all of one size. */
export interface BlockGrid {
  /** A block is multiplied by transforms of 2^size bits; columns + rows - 1 is not more than that. */
  readonly size: number;
  /** Columns of a block, a multiple of 128 unless one block holds them all. */
  readonly columns: number;
  /** Rows of a block, a multiple of 128 unless one block holds them all. */
  readonly rows: number;
  /** Blocks side by side. */
  readonly across: number;
  /** Blocks one below the other. */
  readonly down: number;
  /**
   * Distinct blocks: what a block contains depends on `rows` times its row plus `columns` times its column, so that
   * square blocks along a diagonal are one and the same.
   */
  readonly windows: number;
}

/** Measured cost of one transform and of one pointwise product, in ns for each bit of 2^size. */
const TRANSFORM_COST: readonly number[] = [0.3, 0.3, 0.31, 0.33, 0.34, 0.35, 0.36, 0.38, 0.4, 0.42, 0.45, 0.6];
const PRODUCT_COST = 0.1;
/** Rows and columns of a block are cut at whole vectors. */
const VECTOR = 128;

/**
 * The cheapest grid for one hash with a fresh seed.
 *
 * @param columns - columns of the matrix
 * @param rows - rows of the matrix
 * @returns the grid
 */
export function chooseGrid(columns: number, rows: number): BlockGrid {
  let best: BlockGrid | undefined;
  let lowest = Infinity;
  for (let size: number = TRANSFORM_SIZE.minimum; size <= TRANSFORM_SIZE.maximum; size++) {
    for (const grid of grids(columns, rows, size)) {
      const transforms = grid.across + grid.down + grid.windows;
      const products = grid.across * grid.down;
      const cost = 2 ** size * (transforms * TRANSFORM_COST[size - TRANSFORM_SIZE.minimum]! + products * PRODUCT_COST);
      if (cost < lowest) {
        lowest = cost;
        best = grid;
      }
    }
  }
  return best!;
}

/** The grids worth considering: square blocks, all columns in one block, all rows in one block. */
function* grids(columns: number, rows: number, size: number): Generator<BlockGrid> {
  const length = 2 ** size;
  const half = length / 2;
  yield grid(columns, rows, size, half, half);
  if (columns < length) yield grid(columns, rows, size, columns, wholeVectors(length - columns + 1, rows));
  if (rows < length) yield grid(columns, rows, size, wholeVectors(length - rows + 1, columns), rows);
}

/** The largest block side that fits, cut at a whole vector unless all of `total` fits. */
function wholeVectors(room: number, total: number): number {
  return room >= total ? total : Math.max(VECTOR, Math.floor(room / VECTOR) * VECTOR);
}

function grid(allColumns: number, allRows: number, size: number, columns: number, rows: number): BlockGrid {
  const across = Math.ceil(allColumns / columns);
  const down = Math.ceil(allRows / rows);
  const windows = columns === rows || across === 1 || down === 1 ? across + down - 1 : across * down;
  return { size, columns, rows, across, down, windows };
}
