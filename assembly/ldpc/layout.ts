/**
 * How a lifted code lies in memory. Every bit has one byte, so that a v128 holds sixteen rows of a circulant.
 *
 *   column c of the base matrix    stride = z + 16 bytes:  | bit 0 ... bit z-1 | copy of bits 0..15 |
 *   layer l (row of the base)      words: degree, then (address offset of the column, shift) for each circulant
 *   one step                       rows r .. r+15 of a layer (two steps at once when decoding); circulant (c, s) meets bits (r + s) mod z of column c
 *
 * The copy behind each column (its pad) lets a step that wraps around read and write sixteen bytes in a row. A pad
 * is refreshed before its column is read, and what a step wrote into it goes back to the head of the column.
 * A column appears at most once in a layer, so no step of a layer touches a bit of another.
 */

/** Bytes behind each column that repeat its head. */
export const PAD: usize = 16;

/** Bytes of one circulant in the table of layers: address offset, shift. */
export const EDGE: usize = 8;

/** Bytes before the circulants of a layer: its degree. */
export const LAYER_HEADER: usize = 8;

/** A row below 2 z taken modulo z: where it is smaller than z, row - z wraps around to a huge number. */
export function wrapped(row: usize, z: usize): usize {
  return min(row, row - z);
}

/** Copies the head of every column of a layer into its pad. */
export function refreshPads(edges: usize, degree: i32, z: usize, bits: usize): void {
  const end = edges + <usize>degree * EDGE;
  for (let edge = edges; edge < end; edge += EDGE) {
    const column = bits + <usize>load<u32>(edge);
    v128.store(column + z, v128.load(column));
  }
}

/** Takes back to the heads of the columns what the wrapping step of each circulant left in the pads. */
export function foldPads(edges: usize, degree: i32, z: usize, bits: usize): void {
  const lane = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const end = edges + <usize>degree * EDGE;
  for (let edge = edges; edge < end; edge += EDGE) {
    const written = load<u32>(edge, 4) & 15;
    if (written === 0) continue;
    const column = bits + <usize>load<u32>(edge);
    const fromPad = i8x16.lt_s(lane, i8x16.splat(<i8>written));
    v128.store(column, v128.bitselect(v128.load(column + z), v128.load(column), fromPad));
  }
}
