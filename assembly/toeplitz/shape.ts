/**
 * Where things lie: the shape of a transform of 2^size bits, 16 <= size <= 31.
 *
 * The index of a coefficient has `size` bits. Five of them are consumed on the way down: the coefficients of a pair are
 * joined to one element of the next larger field when layer i reaches
 *
 *     i = size-1: GF(4)   size-2: GF(16)   size-4: GF(2^8)   size-8: GF(2^16)   size-16: GF(2^32)
 *
 * After the first four of these, data is an array of rows of 512 bytes: 256 elements of GF(2^16) with consecutive index
 * bits 0..7, first their low bytes, then their high bytes (distance PLANE). The number of a row is made of the other
 * index bits that are left. The last consumed bit, `join` = size - 16, lies anywhere: below 8 it is within a row, above
 * it is a bit of the row number; an element of GF(2^32) has its upper half where that bit is set.
 *
 * The eight lowest index bits are treated tile by tile. Within a row of 256 bytes the address bits 0..3 are the lane in
 * a vector, 4..7 the vector. A butterfly wants its two operands in different vectors and the same constant in all
 * lanes, so index bits change places three times:
 *
 *     natural     lanes 0 1 2 3          vectors 4 5 6 7                  layers 7 .. 4
 *     folded      lanes 0 S              vectors 1 2 3 E                  layers 3 .. 1, in part
 *     folded      lanes Y S              vectors 0, two of 1 2 3, E       layer 0, in part
 *     across      lanes: 16 rows         the sixteen rows: Y S            the rest of layers 3 .. 0
 *
 * E is `join` if that is one of 4 .. 7, else 4: a joining bit may not lie in the lanes. S are the other three of 4..7.
 * Y is 1, or 2 if `join` is 1.
 */
import { FIELD_BYTES, fromCantor } from "./field";
import { offsetOf, pairEntry } from "./multiply";

const SIZE: usize = FIELD_BYTES;
/** Distance of the upper half of an element of GF(2^32): natural and folded, and across. */
const HALF_FOLDED: usize = SIZE + 4;
const HALF_ACROSS: usize = SIZE + 8;
/** Distance of the two values of index bit i while its layer is at work, i = 0..7. */
const STRIDE: usize = SIZE + 64;
/** How many pairs of vectors layer i has in a row, and the list of them, i = 0..7. */
const COUNT: usize = STRIDE + 32;
const PAIRS: usize = COUNT + 32;
/** Offsets of the eight vectors that fold, by the bits of S; and the distance of the other eight. */
const FOLD: usize = PAIRS + 8 * 32;
const FOLD_OTHER: usize = FOLD + 32;
/** Offsets of eight pairs of vectors that exchange index bits 0 and Y, and their distance. */
const EXCHANGE: usize = FOLD_OTHER + 32;
const EXCHANGE_STRIDE: usize = EXCHANGE + 32;
/** Offsets of the sixteen rows of a group. */
const GROUP: usize = EXCHANGE_STRIDE + 32;
/** Offset of the vector of each of the 256 indices, across; and if lanes 0 S went across. */
const ACROSS: usize = GROUP + 64;
const ACROSS_EARLY: usize = ACROSS + 1024;
/** 0, 16 .. 240. */
const STRAIGHT: usize = ACROSS_EARLY + 1024;
/** Bytes of work place. */
const SCRATCH: usize = STRAIGHT + 64;
/** Bytes of a plan with its shape. */
export const PLAN_BYTES: usize = SCRATCH + 1024;

export const ROW: usize = 512;

export function sizeOf(plan: usize): i32 {
  return load<i32>(plan + SIZE);
}

/** The index bit that joins GF(2^16) to GF(2^32). */
export function joinOf(plan: usize): i32 {
  return load<i32>(plan + SIZE) - 16;
}

export function halfFolded(plan: usize): usize {
  return load<u32>(plan + HALF_FOLDED);
}

export function halfAcross(plan: usize): usize {
  return load<u32>(plan + HALF_ACROSS);
}

export function strideOf(plan: usize, i: i32): usize {
  return load<u32>(plan + STRIDE + (i << 2));
}

export function countOf(plan: usize, i: i32): i32 {
  return load<i32>(plan + COUNT + (i << 2));
}

export function pairsOf(plan: usize, i: i32): usize {
  return plan + PAIRS + (i << 5);
}

export function foldOf(plan: usize): usize {
  return plan + FOLD;
}

export function foldOther(plan: usize): usize {
  return load<u32>(plan + FOLD_OTHER);
}

export function exchangeOf(plan: usize): usize {
  return plan + EXCHANGE;
}

export function exchangeStride(plan: usize): usize {
  return load<u32>(plan + EXCHANGE_STRIDE);
}

export function groupOf(plan: usize): usize {
  return plan + GROUP;
}

export function acrossOf(plan: usize, early: bool): usize {
  return plan + (early ? ACROSS_EARLY : ACROSS);
}

export function straightOf(plan: usize): usize {
  return plan + STRAIGHT;
}

export function scratchOf(plan: usize): usize {
  return plan + SCRATCH;
}

/** Makes room for a 0 at place `bit` of x. */
function insertZero(x: u32, bit: i32): u32 {
  const low: u32 = x & ((1 << bit) - 1);
  return ((x ^ low) << 1) | low;
}

/** Index bits of the first element of row `row`, consumed ones 0. */
export function indexOfRow(size: i32, row: u32): u32 {
  let index = row << 8;
  index = insertZero(index, size - 8);
  index = insertZero(index, size - 4);
  index = insertZero(index, size - 2);
  index = insertZero(index, size - 1);
  return size >= 24 ? index & ~((<u32>1) << (size - 16)) : index;
}

/** Lists the vectors of a row in which the bits of `clear` are 0; returns how many. */
function listVectors(list: usize, clear: u32): i32 {
  let count = 0;
  for (let offset: u32 = 0; offset < 256; offset += 16) {
    if ((offset & clear) === 0) store<u32>(list + (count++ << 2), pairEntry(offset, 0));
  }
  return count;
}

/** In natural order the address of a vector is its index bits: adds what they contribute to the constant of layer i. */
function completeConstants(plan: usize, i: i32, joinBit: u32): void {
  const list = pairsOf(plan, i);
  for (let k = 0; k < countOf(plan, i); k++) {
    const offset = <u32>offsetOf(load<u32>(list + (k << 2)));
    const w = fromCantor(plan, ((offset & ~joinBit) >> i) & ~1);
    store<u32>(list + (k << 2), pairEntry(offset, w));
  }
}

/** Offsets across of all indices, when index bit `lane` and the bits S were in the lanes. */
function listAcross(plan: usize, list: usize, other: i32, lane: i32): void {
  for (let index: i32 = 0; index < 256; index++) {
    let row: u32 = (index >> lane) & 1;
    let offset: u32 = 0;
    for (let i = 4, s = 1; i < 8; i++) {
      const bit: u32 = (index >> i) & 1;
      if (i === other) offset += bit << other;
      else row |= bit << s++;
    }
    for (let i = 0; i < 4; i++) {
      if (i !== lane) offset += ((index >> i) & 1) * <u32>strideOf(plan, i);
    }
    store<u32>(list + (index << 2), load<u32>(plan + GROUP + (row << 2)) + offset);
  }
}

/** Fills the plan for transforms of 2^size bits. */
export function prepareShape(plan: usize, size: i32): void {
  const join = size - 16;
  store<i32>(plan + SIZE, size);
  listVectors(plan + STRAIGHT, 0);

  // Folding: S[k] is where index bit k + 1 goes.
  const other = join >= 4 && join < 8 ? join : 4;
  store<u32>(plan + FOLD_OTHER, 1 << other);
  const swap = join === 1 ? 2 : 1;
  let place = 4;
  for (let k = 0; k < 3; k++) {
    if (place === other) place++;
    store<u32>(plan + STRIDE + ((k + 1) << 2), 1 << place);
    store<u32>(plan + STRIDE + (place << 2), 1 << place);
    place++;
  }
  store<u32>(plan + STRIDE + (other << 2), 1 << other);
  store<u32>(plan + STRIDE, strideOf(plan, swap));
  for (let v = 0; v < 8; v++) {
    let offset: usize = 0;
    for (let k = 0; k < 3; k++) if ((v >> k) & 1) offset += strideOf(plan, k + 1);
    store<u32>(plan + FOLD + (v << 2), <u32>offset);
  }
  store<u32>(plan + EXCHANGE_STRIDE, <u32>strideOf(plan, swap));
  listVectors(plan + EXCHANGE, <u32>strideOf(plan, swap));

  let half: u32 = 0;
  if (join >= 8) half = (<u32>ROW) << (join - 8);
  else if (join > 0) half = <u32>strideOf(plan, join);
  store<u32>(plan + HALF_FOLDED, half);
  for (let i = 0; i < 8; i++) {
    let clear = <u32>strideOf(plan, i);
    if (i < join && join < 8) clear |= half;
    store<i32>(plan + COUNT + (i << 2), listVectors(pairsOf(plan, i), clear));
    if (i >= 4) completeConstants(plan, i, join >= 4 && join < 8 ? 1 << join : 0);
  }

  // Across: the group's row bits are the four lowest that are not the joining bit.
  for (let row: u32 = 0; row < 16; row++) {
    const at = join >= 8 ? insertZero(row, join - 8) : row;
    store<u32>(plan + GROUP + (row << 2), at * <u32>ROW);
  }
  listAcross(plan, plan + ACROSS, other, swap);
  listAcross(plan, plan + ACROSS_EARLY, other, 0);
  if (join < 8) half = load<u32>(plan + ACROSS + (4 << join));
  store<u32>(plan + HALF_ACROSS, half);
}
