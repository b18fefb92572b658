/**
 * The eight lowest index bits: the last part of the change of basis, and the last eight layers.
 *
 * Layers 7 .. 4 are done in natural order, where all bits that their constants depend on tell vectors apart. For the
 * others the same would have to hold of bits 7 .. 1 at once. But a polynomial of degree < 16, to be evaluated at
 * t + c + GF(16) with c in GF(2^8), may have its argument shifted by t first; in the basis X_k that is a tensor product:
 * for each index bit i by itself, f0 += s_i(t) f1. Only t is different for different tiles and needs constants up to
 * GF(2^32), and it is the same for all c. What remains are constants in GF(2^8), the same for all tiles: subfield.ts.
 *
 * A joining bit takes part in both, with its constant split in the same way.
 */

import { fold, unfold } from "./fold";
import { pointOf, twiddle } from "./layers";
import { BACKWARD, FORWARD, joinDual, offsetOf, PLANE, pairs16, pairs32, SHEAR, splitDual } from "./multiply";
import {
  countOf,
  exchangeOf,
  exchangeStride,
  foldOf,
  foldOther,
  groupOf,
  halfFolded,
  indexOfRow,
  joinOf,
  pairsOf,
  ROW,
  scratchOf,
  sizeOf,
  strideOf,
} from "./shape";
import { exchangeLowestLane, transposeBytes } from "./shuffle";
import { convertBytes } from "./sixteen.generated";
import { subfieldLayers } from "./subfield";

/** The change of basis of a row, up to the part that folding does. */
function convertRow(row: usize, backward: bool, dual: bool): void {
  convertBytes(row, backward, dual);
  convertBytes(row + PLANE, backward, dual);
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
  const list = exchangeOf(plan);
  const stride = exchangeStride(plan);
  for (let k = 0; k < 8; k++) {
    const p = row + offsetOf(load<u32>(list + (k << 2)));
    exchangeLowestLane(p, p + stride);
    exchangeLowestLane(p + PLANE, p + PLANE + stride);
  }
}

/** Layer i on the tile at `row`: in full for i >= 4, else only the shift. */
function layer(plan: usize, row: usize, point: u32, i: i32, backward: bool, dual: bool): void {
  const join = joinOf(plan);
  const e = twiddle(plan, i, point);
  const list = pairsOf(plan, i);
  const count = countOf(plan, i);
  const f0 = row;
  const f1 = row + strideOf(plan, i);
  if (i === join) {
    if (dual && !backward) joinPairs(f0, f1, list, count);
    pairs16(plan, e & 0xffff, f0, f1, list, count, SHEAR);
    if (dual && backward) splitPairs(f0, f1, list, count);
    return;
  }
  const mode = i < 4 ? SHEAR : backward ? BACKWARD : FORWARD;
  const a = dual ? f1 : f0;
  const b = dual ? f0 : f1;
  if (i > join) pairs16(plan, e, a, b, list, count, mode);
  else pairs32(plan, e, a, b, halfFolded(plan), list, count, mode);
}

function joinPairs(f0: usize, f1: usize, list: usize, count: i32): void {
  for (const end = list + (count << 2); list < end; list += 4) {
    const offset = offsetOf(load<u32>(list));
    joinDual(f0 + offset, f1 + offset, 16);
    joinDual(f0 + offset + PLANE, f1 + offset + PLANE, 16);
  }
}

function splitPairs(f0: usize, f1: usize, list: usize, count: i32): void {
  for (const end = list + (count << 2); list < end; list += 4) {
    const offset = offsetOf(load<u32>(list));
    splitDual(f0 + offset, f1 + offset, 16);
    splitDual(f0 + offset + PLANE, f1 + offset + PLANE, 16);
  }
}

/** Layers `top` .. `bottom` of one tile. */
function layers(plan: usize, row: usize, point: u32, top: i32, bottom: i32, backward: bool, dual: bool): void {
  if (backward) for (let i = bottom; i <= top; i++) layer(plan, row, point, i, true, dual);
  else for (let i = top; i >= bottom; i--) layer(plan, row, point, i, false, dual);
}

/** One row, or the two that are joined: from natural order to the folded one, and layers 7 .. `bottom`. */
function unfoldedForward(plan: usize, row: usize, point: u32, bottom: i32, dual: bool): void {
  const partner = joinOf(plan) >= 8 ? row + halfFolded(plan) : 0;
  convertRow(row, false, dual);
  if (partner) convertRow(partner, false, dual);
  layers(plan, row, point, 7, 4, false, dual);
  foldRow(plan, row, false, dual);
  if (partner) foldRow(plan, partner, false, dual);
  layers(plan, row, point, 3, bottom, false, dual);
}

function unfoldedBackward(plan: usize, row: usize, point: u32, bottom: i32, dual: bool): void {
  const partner = joinOf(plan) >= 8 ? row + halfFolded(plan) : 0;
  layers(plan, row, point, 3, bottom, true, dual);
  foldRow(plan, row, true, dual);
  if (partner) foldRow(plan, partner, true, dual);
  layers(plan, row, point, 7, 4, true, dual);
  convertRow(row, true, dual);
  if (partner) convertRow(partner, true, dual);
}

/** The folded layers below `top`, the last of them after index bit 0 has left the lanes. */
function foldedForward(plan: usize, row: usize, point: u32, top: i32, dual: bool): void {
  layers(plan, row, point, top, 1, false, dual);
  exchangeRow(plan, row);
  if (joinOf(plan) >= 8) exchangeRow(plan, row + halfFolded(plan));
  layer(plan, row, point, 0, false, dual);
}

function foldedBackward(plan: usize, row: usize, point: u32, top: i32, dual: bool): void {
  layer(plan, row, point, 0, true, dual);
  exchangeRow(plan, row);
  if (joinOf(plan) >= 8) exchangeRow(plan, row + halfFolded(plan));
  layers(plan, row, point, top, 1, true, dual);
}

/** Sixteen rows: lanes for rows. Its own inverse. */
function turnGroup(plan: usize, group: usize): void {
  const offsets = groupOf(plan);
  const scratch = scratchOf(plan);
  for (let vector: usize = 0; vector < ROW; vector += 16) transposeBytes(group + vector, offsets, scratch);
}

/**
 * The last eight layers on the tiles of a group; its first row has number `number` and lies at `group`.
 *
 * What subfield.ts adds to the constant of the joining layer does not commute with multiplying by elements of GF(2^32).
 * If the joining bit is one of 1 .. 3, layers down to it are therefore completed before those below it begin, by going
 * across once more, early.
 */
export function groupLayers(plan: usize, group: usize, number: u32, backward: bool, dual: bool): void {
  const join = joinOf(plan);
  const early = join >= 1 && join < 4;
  const bottom = early ? join : 1;
  const top = early ? join - 1 : 0;
  const last = early ? join - 1 : 3;
  const partner = join >= 8 ? group + halfFolded(plan) : 0;
  if (backward) {
    subfieldLayers(plan, group, last, 0, false, true, dual);
    turnGroup(plan, group);
    if (partner) {
      subfieldLayers(plan, partner, last, 0, false, true, dual);
      turnGroup(plan, partner);
    }
    for (let k = 0; k < 16; k++) {
      const offset = load<u32>(groupOf(plan) + (k << 2));
      const point = pointOf(sizeOf(plan), indexOfRow(sizeOf(plan), number + offset / <u32>ROW));
      foldedBackward(plan, group + offset, point, top, dual);
      if (!early) unfoldedBackward(plan, group + offset, point, bottom, dual);
    }
    if (!early) return;
    turnGroup(plan, group);
    subfieldLayers(plan, group, 3, join, true, true, dual);
    turnGroup(plan, group);
  }
  for (let k = 0; k < 16; k++) {
    const offset = load<u32>(groupOf(plan) + (k << 2));
    const point = pointOf(sizeOf(plan), indexOfRow(sizeOf(plan), number + offset / <u32>ROW));
    if (backward) {
      unfoldedBackward(plan, group + offset, point, bottom, dual);
    } else {
      unfoldedForward(plan, group + offset, point, bottom, dual);
      if (!early) foldedForward(plan, group + offset, point, top, dual);
    }
  }
  if (backward) return;
  if (early) {
    turnGroup(plan, group);
    subfieldLayers(plan, group, 3, join, true, false, dual);
    turnGroup(plan, group);
    for (let k = 0; k < 16; k++) {
      const offset = load<u32>(groupOf(plan) + (k << 2));
      const point = pointOf(sizeOf(plan), indexOfRow(sizeOf(plan), number + offset / <u32>ROW));
      foldedForward(plan, group + offset, point, top, dual);
    }
  }
  turnGroup(plan, group);
  subfieldLayers(plan, group, last, 0, false, false, dual);
  if (partner) {
    turnGroup(plan, partner);
    subfieldLayers(plan, partner, last, 0, false, false, dual);
  }
}
