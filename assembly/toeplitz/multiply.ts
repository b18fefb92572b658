/**
 * Multiplying sixteen field elements at once by one constant, and the butterflies made of it.
 *
 * Elements lie in byte planes: byte t of sixteen elements is one vector. Multiplying a byte by a constant of GF(2^8) is
 * linear over GF(2), so it is the sum of two table look-ups, one for each half byte, and a look-up in a table of 16 is
 * one byte shuffle within a register: no address depends on the data. Over GF(2^16) and GF(2^32) Karatsuba's rule on
 * the side of the constant leaves 3 and 9 such products:
 *
 *     (x0 + x1 v)(c0 + c1 v) = (x0 c0 + x1 c1 w) + ((x0 + x1)(c0 + c1) + x0 c0) v,   v^2 = v + w,
 *
 * where c1 w is a constant too.
 *
 * Each function runs over pairs of vectors: of the two values a, b of a pair it forms, by `mode`,
 *
 *     SHEAR     a += e b              one factor of a shift of the argument; its own inverse
 *     FORWARD   a += e b, then b += a     the butterfly of the additive FFT
 *     BACKWARD  b += a, then a += e b     its inverse
 *
 * The transposed and the inverse-transposed butterflies are the same three with the roles of a and b exchanged.
 */
import { rowOf, timesV7, timesV15 } from "./field";

export const SHEAR: i32 = 0;
export const FORWARD: i32 = 1;
export const BACKWARD: i32 = 2;

/** Table look-up within a register; an index must be < 16, or have its top bit set to give 0. */
export function lookup(table: v128, index: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i8x16.relaxed_swizzle(table, index) : i8x16.swizzle(table, index);
}

/** Product of a constant, given by its row, and bytes given by their low and high halves. */
function product(row: usize, low: v128, high: v128): v128 {
  return v128.xor(lookup(v128.load(row), low), lookup(v128.load(row, 16), high));
}

export function lowHalf(x: v128): v128 {
  return v128.and(x, i8x16.splat(15));
}

export function highHalf(x: v128): v128 {
  return v128.and(i16x8.shr_u(x, 4), i8x16.splat(15));
}

/** Product of bytes and the constant of GF(2^8) with these nibble tables. */
export function product8(low: v128, high: v128, x: v128): v128 {
  return v128.xor(lookup(low, lowHalf(x)), lookup(high, highHalf(x)));
}

/** Pairs of bytes: `length` bytes at a and at b, with e in GF(2^8). */
export function pairs8(plan: usize, e: u32, a: usize, b: usize, length: usize, mode: i32): void {
  const row = rowOf(plan, e);
  const low = v128.load(row);
  const high = v128.load(row, 16);
  for (const end = a + length; a < end; a += 16, b += 16) {
    let x = v128.load(a);
    let y = v128.load(b);
    if (mode === BACKWARD) {
      y = v128.xor(y, x);
      v128.store(b, y);
    }
    x = v128.xor(x, product8(low, high, y));
    v128.store(a, x);
    if (mode === FORWARD) v128.store(b, v128.xor(y, x));
  }
}

/** Distance of the second byte plane of an element of GF(2^16) from the first. */
export const PLANE: usize = 256;

/** An entry of a list of pairs: where a pair lies, and an element w of GF(2^8) to be added to its constant. */
export function pairEntry(offset: u32, w: u32): u32 {
  return offset | (w << 21);
}

/** Offset of a pair, from its entry. */
export function offsetOf(entry: u32): usize {
  return entry & 0xffff;
}

/**
 * Pairs of elements of GF(2^16), with e in GF(2^16). Pair k lies at a + offset and b + offset and has the constant
 * e + w, as entry k of the list says.
 */
export function pairs16(plan: usize, e: u32, a: usize, b: usize, list: usize, count: i32, mode: i32): void {
  const e0 = e & 255;
  const e1 = e >> 8;
  const rows = rowOf(plan, 0);
  const rowHigh = rowOf(plan, timesV7(plan, e1));
  const low = e0 << 5;
  const cross = (e0 ^ e1) << 5;
  for (const end = list + (count << 2); list < end; list += 4) {
    const entry = load<u32>(list);
    const w = entry >> 16;
    const rowLow = rows + (low ^ w);
    const rowCross = rows + (cross ^ w);
    const p = a + offsetOf(entry);
    const q = b + offsetOf(entry);
    let y0 = v128.load(q);
    let y1 = v128.load(q, PLANE);
    let x0 = v128.load(p);
    let x1 = v128.load(p, PLANE);
    if (mode === BACKWARD) {
      y0 = v128.xor(y0, x0);
      y1 = v128.xor(y1, x1);
      v128.store(q, y0);
      v128.store(q, y1, PLANE);
    }
    const l0 = lowHalf(y0);
    const h0 = highHalf(y0);
    const l1 = lowHalf(y1);
    const h1 = highHalf(y1);
    const z = product(rowLow, l0, h0);
    x0 = v128.xor(x0, v128.xor(z, product(rowHigh, l1, h1)));
    x1 = v128.xor(x1, v128.xor(z, product(rowCross, v128.xor(l0, l1), v128.xor(h0, h1))));
    v128.store(p, x0);
    v128.store(p, x1, PLANE);
    if (mode === FORWARD) {
      v128.store(q, v128.xor(y0, x0));
      v128.store(q, v128.xor(y1, x1), PLANE);
    }
  }
}

/**
 * Pairs of elements of GF(2^32), with e in GF(2^32); the upper half of an element lies `half` bytes behind the lower
 * one. The list is as for `pairs16`.
 */
export function pairs32(
  plan: usize,
  e: u32,
  a: usize,
  b: usize,
  half: usize,
  list: usize,
  count: i32,
  mode: i32,
): void {
  // The three constants of GF(2^16), and for each its three constants of GF(2^8). Adding w changes four of them.
  const low = e & 0xffff;
  const cross = low ^ (e >> 16);
  const high = timesV15(plan, e >> 16);
  const rows = rowOf(plan, 0);
  const lowLow = (low & 255) << 5;
  const rowLowHigh = rowOf(plan, timesV7(plan, low >> 8));
  const lowCross = ((low ^ (low >> 8)) & 255) << 5;
  const rowHighLow = rowOf(plan, high & 255);
  const rowHighHigh = rowOf(plan, timesV7(plan, high >> 8));
  const rowHighCross = rowOf(plan, (high ^ (high >> 8)) & 255);
  const crossLow = (cross & 255) << 5;
  const rowCrossHigh = rowOf(plan, timesV7(plan, cross >> 8));
  const crossCross = ((cross ^ (cross >> 8)) & 255) << 5;
  for (const end = list + (count << 2); list < end; list += 4) {
    const entry = load<u32>(list);
    const w = entry >> 16;
    const p = a + offsetOf(entry);
    const q = b + offsetOf(entry);
    let y0 = v128.load(q);
    let y1 = v128.load(q, PLANE);
    if (mode === BACKWARD) {
      y0 = v128.xor(y0, v128.load(p));
      y1 = v128.xor(y1, v128.load(p, PLANE));
      v128.store(q, y0);
      v128.store(q, y1, PLANE);
    }
    const l0 = lowHalf(y0);
    const h0 = highHalf(y0);
    const l1 = lowHalf(y1);
    const h1 = highHalf(y1);
    let t = product(rows + (lowLow ^ w), l0, h0);
    const r0 = v128.xor(t, product(rowLowHigh, l1, h1));
    const r1 = v128.xor(t, product(rows + (lowCross ^ w), v128.xor(l0, l1), v128.xor(h0, h1)));

    let y2 = v128.load(q + half);
    let y3 = v128.load(q + half, PLANE);
    if (mode === BACKWARD) {
      y2 = v128.xor(y2, v128.load(p + half));
      y3 = v128.xor(y3, v128.load(p + half, PLANE));
      v128.store(q + half, y2);
      v128.store(q + half, y3, PLANE);
    }
    const l2 = lowHalf(y2);
    const h2 = highHalf(y2);
    const l3 = lowHalf(y3);
    const h3 = highHalf(y3);
    t = product(rowHighLow, l2, h2);
    const s0 = v128.xor(t, product(rowHighHigh, l3, h3));
    const s1 = v128.xor(t, product(rowHighCross, v128.xor(l2, l3), v128.xor(h2, h3)));

    const l02 = v128.xor(l0, l2);
    const h02 = v128.xor(h0, h2);
    const l13 = v128.xor(l1, l3);
    const h13 = v128.xor(h1, h3);
    t = product(rows + (crossLow ^ w), l02, h02);
    const t0 = v128.xor(t, product(rowCrossHigh, l13, h13));
    const t1 = v128.xor(t, product(rows + (crossCross ^ w), v128.xor(l02, l13), v128.xor(h02, h13)));

    const x0 = v128.xor(v128.load(p), v128.xor(r0, s0));
    const x1 = v128.xor(v128.load(p, PLANE), v128.xor(r1, s1));
    const x2 = v128.xor(v128.load(p + half), v128.xor(r0, t0));
    const x3 = v128.xor(v128.load(p + half, PLANE), v128.xor(r1, t1));
    v128.store(p, x0);
    v128.store(p, x1, PLANE);
    v128.store(p + half, x2);
    v128.store(p + half, x3, PLANE);
    if (mode === FORWARD) {
      v128.store(q, v128.xor(y0, x0));
      v128.store(q, v128.xor(y1, x1), PLANE);
      v128.store(q + half, v128.xor(y2, x2));
      v128.store(q + half, v128.xor(y3, x3), PLANE);
    }
  }
}

/**
 * Joins (f0, f1) of a field K to f0 + f1 v of its quadratic extension. In the transform itself that is nothing but a
 * new name for the same bits. In the transposed one, where an element z counts by the top coordinate of its products,
 * the coordinates dual to (f0, f1) are (z1, z0 + z1); `joinDual` passes from dual coordinates to z, `splitDual` back.
 */
export function joinDual(a: usize, b: usize, length: usize): void {
  for (const end = a + length; a < end; a += 16, b += 16) {
    const x = v128.load(a);
    v128.store(a, v128.xor(x, v128.load(b)));
    v128.store(b, x);
  }
}

/** The inverse of `joinDual`. */
export function splitDual(a: usize, b: usize, length: usize): void {
  for (const end = a + length; a < end; a += 16, b += 16) {
    const y = v128.load(b);
    v128.store(b, v128.xor(v128.load(a), y));
    v128.store(a, y);
  }
}
