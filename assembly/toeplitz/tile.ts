/**
 * The eight lowest index bits: the last part of the change of basis, and the last eight layers.
 *
 * A tile are the coefficients of one polynomial of degree < 256, to be evaluated at t + GF(2^8). That is a shift of the
 * argument by t followed by a transform over GF(2^8) that is the same for all tiles. In the basis X_k the shift is a
 * tensor product: for each index bit i by itself, f0 += s_i(t) f1. Constants of all fields up to GF(2^32) occur in the
 * shift alone; the transform over GF(2^8) has constants in GF(2^8) and acts on each byte plane by itself. A joining bit
 * takes part in both, with its constant split in the same way.
 */
import { convertUnits, expandBytes } from "./basis";
import { fold, unfold } from "./fold";
import { rowTwiddle } from "./layers";
import { BACKWARD, FORWARD, joinDual, PLANE, pairs16, pairs32, SHEAR, splitDual } from "./multiply";
import {
  countOf,
  exchangeOf,
  exchangeStride,
  foldOf,
  foldOther,
  groupOf,
  halfFolded,
  joinOf,
  pairsOf,
  ROW,
  scratchOf,
  straightOf,
  strideOf,
} from "./shape";
import { exchangeLowestLane, transposeBytes } from "./shuffle";
import { subfieldLayers } from "./subfield";

/**
 * The expansion step that moves the upper of two vectors down by fifteen bytes: too short a way for `expandBytes`,
 * since its source and its target share a byte.
 */
function expandClosely(row: usize, backward: bool, dual: bool): void {
  for (const end = row + ROW; row < end; row += 32) {
    const low = v128.load(row);
    let high = v128.load(row, 16);
    const zero = i8x16.splat(0);
    if (dual) {
      if (!backward) high = v128.xor(high, lastFromFirst(high));
      high = v128.xor(high, i8x16.shuffle(low, zero, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
      if (backward) high = v128.xor(high, lastFromFirst(high));
      v128.store(row, high, 16);
    } else {
      if (!backward) high = v128.xor(high, firstFromLast(high));
      v128.store(
        row,
        v128.xor(low, i8x16.shuffle(zero, high, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)),
      );
      if (backward) high = v128.xor(high, firstFromLast(high));
      v128.store(row, high, 16);
    }
  }
}

/** The first byte in the place of the last, zeros elsewhere. */
function lastFromFirst(x: v128): v128 {
  return i8x16.shuffle(i8x16.splat(0), x, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16);
}

/** The last byte in the place of the first, zeros elsewhere. */
function firstFromLast(x: v128): v128 {
  return i8x16.shuffle(x, i8x16.splat(0), 15, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16);
}

/** The change of basis of a row, up to the part that folding does. */
function convertRow(row: usize, backward: bool, dual: bool): void {
  if (backward) {
    convertUnits(row, ROW, 16, 4, true, dual);
    expandClosely(row, true, dual);
    for (let j = 1; j < 4; j++) expandBytes(row, ROW, 16 << j, 1 << j, true, dual);
  } else {
    for (let j = 3; j > 0; j--) expandBytes(row, ROW, 16 << j, 1 << j, false, dual);
    expandClosely(row, false, dual);
    convertUnits(row, ROW, 16, 4, false, dual);
  }
}

function foldRow(plan: usize, row: usize, backward: bool, dual: bool): void {
  const offsets = foldOf(plan);
  const other = foldOther(plan);
  for (let plane = row; plane < row + ROW; plane += PLANE) {
    if (backward) {
      unfold(plane, offsets, dual);
      unfold(plane + other, offsets, dual);
    } else {
      fold(plane, offsets, dual);
      fold(plane + other, offsets, dual);
    }
  }
}

function exchangeRow(plan: usize, row: usize): void {
  const offsets = exchangeOf(plan);
  const stride = exchangeStride(plan);
  for (let k = 0; k < 8; k++) {
    const p = row + load<u32>(offsets + (k << 2));
    exchangeLowestLane(p, p + stride);
    exchangeLowestLane(p + PLANE, p + PLANE + stride);
  }
}

/** Layer i >= 4 in full on a row, over GF(2^16): all bits that its constants depend on tell vectors apart. */
function layer16(plan: usize, row: usize, number: u32, i: i32, backward: bool, dual: bool): void {
  const stride: usize = 1 << i;
  const straight = straightOf(plan);
  const count = 1 << (i - 4);
  const joins = i === joinOf(plan);
  for (let block: u32 = 0; block < 256; block += (<u32>stride) << 1) {
    const e = rowTwiddle(plan, number, block, i);
    const f0 = row + block;
    const f1 = f0 + stride;
    if (joins) {
      if (dual && !backward) joinRuns(f0, f1, stride);
      pairs16(plan, e & 0xffff, f0, f1, straight, count, SHEAR);
      if (dual && backward) splitRuns(f0, f1, stride);
    } else {
      pairs16(plan, e, dual ? f1 : f0, dual ? f0 : f1, straight, count, backward ? BACKWARD : FORWARD);
    }
  }
}

function joinRuns(f0: usize, f1: usize, length: usize): void {
  joinDual(f0, f1, length);
  joinDual(f0 + PLANE, f1 + PLANE, length);
}

function splitRuns(f0: usize, f1: usize, length: usize): void {
  splitDual(f0, f1, length);
  splitDual(f0 + PLANE, f1 + PLANE, length);
}

/** The factor of index bit i of the shift by t, on the tile at `row`. */
function shift(plan: usize, row: usize, number: u32, i: i32, backward: bool, dual: bool): void {
  const join = joinOf(plan);
  const e = rowTwiddle(plan, number, 0, i);
  const pairs = pairsOf(plan, i);
  const count = countOf(plan, i);
  const f0 = row;
  const f1 = row + strideOf(plan, i);
  if (i === join) {
    for (let k = 0; dual && !backward && k < count; k++) {
      const offset = load<u32>(pairs + (k << 2));
      joinRuns(f0 + offset, f1 + offset, 16);
    }
    pairs16(plan, e & 0xffff, f0, f1, pairs, count, SHEAR);
    for (let k = 0; dual && backward && k < count; k++) {
      const offset = load<u32>(pairs + (k << 2));
      splitRuns(f0 + offset, f1 + offset, 16);
    }
  } else if (i > join) {
    pairs16(plan, e, dual ? f1 : f0, dual ? f0 : f1, pairs, count, SHEAR);
  } else {
    pairs32(plan, e, dual ? f1 : f0, dual ? f0 : f1, halfFolded(plan), pairs, count, SHEAR);
  }
}

/** The factors `top` .. `bottom` of the shift. */
function shifts(plan: usize, row: usize, number: u32, top: i32, bottom: i32, backward: bool, dual: bool): void {
  if (backward) for (let i = bottom; i <= top; i++) shift(plan, row, number, i, true, dual);
  else for (let i = top; i >= bottom; i--) shift(plan, row, number, i, false, dual);
}

/** A tile while its bytes are in natural order: change of basis and layers 7 .. 4. */
function naturalForward(plan: usize, row: usize, number: u32, dual: bool): void {
  const join = joinOf(plan);
  convertRow(row, false, dual);
  if (join >= 8) convertRow(row + halfFolded(plan), false, dual);
  const bottom = max(join, 4);
  for (let i = 7; i >= bottom; i--) layer16(plan, row, number, i, false, dual);
  shifts(plan, row, number, min(join - 1, 7), 4, false, dual);
}

function naturalBackward(plan: usize, row: usize, number: u32, dual: bool): void {
  const join = joinOf(plan);
  shifts(plan, row, number, min(join - 1, 7), 4, true, dual);
  for (let i = max(join, 4); i < 8; i++) layer16(plan, row, number, i, true, dual);
  convertRow(row, true, dual);
  if (join >= 8) convertRow(row + halfFolded(plan), true, dual);
}

function foldTile(plan: usize, row: usize, backward: bool, dual: bool): void {
  foldRow(plan, row, backward, dual);
  if (joinOf(plan) >= 8) foldRow(plan, row + halfFolded(plan), backward, dual);
}

function exchangeTile(plan: usize, row: usize): void {
  exchangeRow(plan, row);
  if (joinOf(plan) >= 8) exchangeRow(plan, row + halfFolded(plan));
}

/** Sixteen rows: lanes for rows. Its own inverse. */
function turnGroup(plan: usize, group: usize): void {
  const offsets = groupOf(plan);
  const scratch = scratchOf(plan);
  for (let vector: usize = 0; vector < ROW; vector += 16) transposeBytes(group + vector, offsets, scratch);
}

/** Layers of the transform over GF(2^8) on both rows of joined ones, turned before or after. */
function acrossTiles(plan: usize, group: usize, top: i32, bottom: i32, early: bool, backward: bool, dual: bool): void {
  const rows = joinOf(plan) >= 8 ? 2 : 1;
  for (let k = 0; k < rows; k++) {
    if (!backward || early) turnGroup(plan, group);
    subfieldLayers(plan, group, top, bottom, early, backward, dual);
    if (backward || early) turnGroup(plan, group);
    group += halfFolded(plan);
  }
}

/**
 * The last eight layers on the tiles of a group that starts with row `number` at `group`.
 *
 * What the transform over GF(2^8) adds to the constant of the joining layer does not commute with multiplying by
 * elements of GF(2^32). Where bits below the joining one are to be shifted, that layer and those above it must be
 * complete before: in natural order if it is one of 4 .. 7, else by going across once more, early.
 */
export function groupLayers(plan: usize, group: usize, number: u32, backward: bool, dual: bool): void {
  const join = joinOf(plan);
  const early = join >= 1 && join < 4;
  const last = join >= 8 ? 7 : join >= 1 ? join - 1 : 3;
  const bottom = early ? join : 1;
  if (backward) {
    acrossTiles(plan, group, last, 0, false, true, dual);
    for (let k = 0; k < 16; k++) {
      const offset = load<u32>(groupOf(plan) + (k << 2));
      const row = group + offset;
      const at = number + offset / <u32>ROW;
      shift(plan, row, at, 0, true, dual);
      exchangeTile(plan, row);
      if (early) shifts(plan, row, at, join - 1, 1, true, dual);
    }
    if (early) acrossTiles(plan, group, 3, join, true, true, dual);
    for (let k = 0; k < 16; k++) {
      const offset = load<u32>(groupOf(plan) + (k << 2));
      const row = group + offset;
      const at = number + offset / <u32>ROW;
      shifts(plan, row, at, 3, bottom, true, dual);
      foldTile(plan, row, true, dual);
      naturalBackward(plan, row, at, dual);
    }
  } else {
    for (let k = 0; k < 16; k++) {
      const offset = load<u32>(groupOf(plan) + (k << 2));
      const row = group + offset;
      const at = number + offset / <u32>ROW;
      naturalForward(plan, row, at, dual);
      foldTile(plan, row, false, dual);
      shifts(plan, row, at, 3, bottom, false, dual);
    }
    if (early) acrossTiles(plan, group, 3, join, true, false, dual);
    for (let k = 0; k < 16; k++) {
      const offset = load<u32>(groupOf(plan) + (k << 2));
      const row = group + offset;
      const at = number + offset / <u32>ROW;
      if (early) shifts(plan, row, at, join - 1, 1, false, dual);
      exchangeTile(plan, row);
      shift(plan, row, at, 0, false, dual);
    }
    acrossTiles(plan, group, last, 0, false, false, dual);
  }
}
