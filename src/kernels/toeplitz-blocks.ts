/**
 * How a Toeplitz matrix is multiplied: as a whole without a transform, or cut into blocks that one transform each can
 * multiply.
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

/** Measured cost of one transform, from 2^16 to 2^27 bits, and of one pointwise product, in ns for each bit. */
const TRANSFORM_COST: readonly number[] = [0.2, 0.21, 0.22, 0.23, 0.24, 0.26, 0.28, 0.3, 0.32, 0.35, 0.39, 0.5];
const PRODUCT_COST = 0.09;
/**
 * Measured cost without a transform, in ns: of one byte of the key for a vector of the hash, and of a byte's tables. For
 * hashes of half the length of the key that puts the change-over to transforms at 1e4 bits.
 */
const LOOKUP_COST = 0.61;
const TABLES_COST = 4;
/** Rows and columns of a block are cut at whole vectors. */
const VECTOR = 128;

/**
 * The grid that is cheapest for one hash with a fresh seed.
 *
 * @param columns - columns of the matrix
 * @param rows - rows of the matrix
 * @returns the grid, or nothing when no transform is worth its while
 */
export function chooseGrid(columns: number, rows: number): BlockGrid | undefined {
  let best: BlockGrid | undefined;
  const bytes = Math.ceil(columns / 8) + 15;
  let lowest = Math.ceil(rows / VECTOR) * bytes * LOOKUP_COST + (bytes + rows / 8) * TABLES_COST;
  for (let size: number = TRANSFORM_SIZE.minimum; size <= TRANSFORM_SIZE.maximum; size++) {
    const transformCost = TRANSFORM_COST[size - TRANSFORM_SIZE.minimum]!;
    for (const grid of grids(columns, rows, size)) {
      const transforms = grid.across + grid.down + grid.windows;
      const cost = 2 ** size * (transforms * transformCost + grid.across * grid.down * PRODUCT_COST);
      if (cost < lowest) {
        lowest = cost;
        best = grid;
      }
    }
  }
  return best;
}

/**
 * Memory that a product by transforms takes, **bytes**, up to small change: a transform for each distinct block, each row
 * and each column of blocks and two work places, and twice the hash.
 *
 * @param grid - the grid
 * @param rows - rows of the matrix
 */
export function gridBytes(grid: BlockGrid, rows: number): number {
  return (grid.windows + grid.across + grid.down + 2) * 2 ** (grid.size - 3) + rows / 4;
}

/** The grids worth considering: square blocks, all columns in one block, all rows in one block. */
function* grids(columns: number, rows: number, size: number): Generator<BlockGrid> {
  const length = 2 ** size;
  const half = length / 2;
  yield grid(columns, rows, size, half, half);
  if (columns < length) yield grid(columns, rows, size, columns, wholeVectors(length - columns + 1, rows));
  if (rows < length) yield grid(columns, rows, size, wholeVectors(length - rows + 1, columns), rows);
}

/** The largest block side that fits, cut at a whole vector unless all of `total` fits; 0 when no vector does. */
function wholeVectors(room: number, total: number): number {
  return room >= total ? total : Math.floor(room / VECTOR) * VECTOR;
}

function grid(allColumns: number, allRows: number, size: number, columns: number, rows: number): BlockGrid {
  const across = Math.ceil(allColumns / columns);
  const down = Math.ceil(allRows / rows);
  const windows = columns === rows || across === 1 || down === 1 ? across + down - 1 : across * down;
  return { size, columns, rows, across, down, windows };
}
