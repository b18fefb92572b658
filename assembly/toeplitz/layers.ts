/**
 * The layers between the first four and the tiles.
 *
 * Layer i of an additive FFT over the points c + span(v_0 .. v_(size-1)), with c = v_size, takes pairs (f0, f1) that
 * differ in index bit i to
 *
 *     f0 + e f1,   f0 + (e + 1) f1,   e = s_i(point) = v_(size-i) + sum over j > i of b_j v_(j-i),
 *
 * b the index bits above i. In Cantor coordinates: e is the point's coordinates shifted down by i. Of the two results
 * of a joining layer only the first is wanted, because the second would be its conjugate: each point stands for the 32
 * points of its orbit under x -> x^2, at which a polynomial with coefficients in GF(2) has conjugate values.
 */
import { fromCantor } from "./field";
import { BACKWARD, FORWARD, joinDual, PLANE, pairs8, pairs16, pairs32, SHEAR, splitDual } from "./multiply";
import { indexOfRow, joinOf, ROW, sizeOf, straightOf } from "./shape";
import { copyPlane } from "./shuffle";

/** Cantor coordinates of the first point of the coset that index bits `index` stand for. */
export function pointOf(size: i32, index: u32): u32 {
  return ((<u32>1) << size) | index;
}

/** The constant of layer i at a point. */
export function twiddle(plan: usize, i: i32, point: u32): u32 {
  return fromCantor(plan, (point >> i) & ~1);
}

/** Index bits of run q of the sixteen left by the layers over GF(2^8). */
function indexOfRun(size: i32, q: u32): u32 {
  return ((q & 8) << (size - 6)) | ((q & 7) << (size - 7));
}

/** The three layers over GF(2^8), on bytes; `run` bytes have the same four highest index bits left. */
function layers8(plan: usize, bytes: usize, run: usize, backward: bool, dual: bool): void {
  const size = sizeOf(plan);
  for (let step: i32 = 0; step < 3; step++) {
    const bit = backward ? step : 2 - step;
    const distance = run << bit;
    for (let q: u32 = 0; q < 16; q += (<u32>2) << bit) {
      const e = twiddle(plan, size - 7 + bit, pointOf(size, indexOfRun(size, q)));
      const f0 = bytes + <usize>q * run;
      const f1 = f0 + distance;
      pairs8(plan, e, dual ? f1 : f0, dual ? f0 : f1, distance, backward ? BACKWARD : FORWARD);
    }
  }
}

/** Bytes to rows: the layers over GF(2^8), and the joining layer to GF(2^16). */
export function bytesToRows(plan: usize, bytes: usize, rows: usize, dual: bool): void {
  const size = sizeOf(plan);
  const run: usize = 1 << (size - 7);
  const half = run >> 1;
  layers8(plan, bytes, run, false, dual);
  for (let q: u32 = 0; q < 16; q++) {
    const low = bytes + <usize>q * run;
    if (dual) joinDual(low, low + half, half);
    const e = twiddle(plan, size - 8, pointOf(size, indexOfRun(size, q))) & 255;
    pairs8(plan, e, low, low + half, half, SHEAR);
    for (let o: usize = 0; o < half; o += 256) {
      copyPlane(rows, low + o);
      copyPlane(rows + PLANE, low + half + o);
      rows += ROW;
    }
  }
}

/** The inverse of `bytesToRows`, or its transposed. */
export function rowsToBytes(plan: usize, rows: usize, bytes: usize, dual: bool): void {
  const size = sizeOf(plan);
  const run: usize = 1 << (size - 7);
  const half = run >> 1;
  for (let q: u32 = 0; q < 16; q++) {
    const low = bytes + <usize>q * run;
    for (let o: usize = 0; o < half; o += 256) {
      copyPlane(low + o, rows);
      copyPlane(low + half + o, rows + PLANE);
      rows += ROW;
    }
    const e = twiddle(plan, size - 8, pointOf(size, indexOfRun(size, q))) & 255;
    pairs8(plan, e, low, low + half, half, SHEAR);
    if (dual) splitDual(low, low + half, half);
  }
  layers8(plan, bytes, run, true, dual);
}

/** Layer i >= 8 on `count` rows, the first of which is row `first`. */
function rowLayer(plan: usize, rows: usize, first: u32, count: u32, i: i32, backward: bool, dual: bool): void {
  const size = sizeOf(plan);
  const join = joinOf(plan);
  const straight = straightOf(plan);
  const mode = backward ? BACKWARD : FORWARD;
  const step: u32 = 1 << (i - 8);
  const distance = step * <u32>ROW;
  const half = join > 8 ? ROW << (join - 8) : ROW;
  for (let block: u32 = 0; block < count; block += step << 1) {
    if (i < join && (block >> (join - 8)) & 1) continue;
    const e = twiddle(plan, i, pointOf(size, indexOfRow(size, first + block)));
    for (let row = block; row < block + step; row++) {
      const f0 = rows + row * <u32>ROW;
      const f1 = f0 + distance;
      if (i === join) {
        if (dual && !backward) joinDual(f0, f1, ROW);
        pairs16(plan, e & 0xffff, f0, f1, straight, 16, SHEAR);
        if (dual && backward) splitDual(f0, f1, ROW);
      } else if (i > join) {
        pairs16(plan, e, dual ? f1 : f0, dual ? f0 : f1, straight, 16, mode);
      } else {
        pairs32(plan, e, dual ? f1 : f0, dual ? f0 : f1, half, straight, 16, mode);
      }
    }
  }
}

/** All layers size-9 .. 8 on a block of rows that is closed under them. */
export function rowLayers(plan: usize, rows: usize, first: u32, count: u32, backward: bool, dual: bool): void {
  const top = sizeOf(plan) - 9;
  if (backward) for (let i = 8; i <= top; i++) rowLayer(plan, rows, first, count, i, true, dual);
  else for (let i = top; i >= 8; i--) rowLayer(plan, rows, first, count, i, false, dual);
}
