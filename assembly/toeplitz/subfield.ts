/**
 * The transform over GF(2^8): the part of a tile's layers that is the same for every tile.
 *
 * A group of sixteen tiles lies across: lane l of each vector belongs to tile l, and each of the 256 indices has a vector
 * of its own. So a layer is nothing but pairs of vectors with one constant of GF(2^8), for each byte plane by itself.
 */
import { fromCantor, rowOf } from "./field";
import { BACKWARD, FORWARD, PLANE, product8, SHEAR } from "./multiply";
import { acrossOf, joinOf } from "./shape";

/** `count` pairs with constant e; the vectors are given by their offsets from `base`. */
function pairs(plan: usize, e: u32, base: usize, a: usize, b: usize, count: i32, mode: i32): void {
  const row = rowOf(plan, e);
  const low = v128.load(row);
  const high = v128.load(row, 16);
  for (const end = a + (count << 2); a < end; a += 4, b += 4) {
    const p = base + load<u32>(a);
    const q = base + load<u32>(b);
    let x0 = v128.load(p);
    let x1 = v128.load(p, PLANE);
    let y0 = v128.load(q);
    let y1 = v128.load(q, PLANE);
    if (mode === BACKWARD) {
      y0 = v128.xor(y0, x0);
      y1 = v128.xor(y1, x1);
      v128.store(q, y0);
      v128.store(q, y1, PLANE);
    }
    if (e !== 0) {
      x0 = v128.xor(x0, product8(low, high, y0));
      x1 = v128.xor(x1, product8(low, high, y1));
      v128.store(p, x0);
      v128.store(p, x1, PLANE);
    }
    if (mode === FORWARD) {
      v128.store(q, v128.xor(y0, x0));
      v128.store(q, v128.xor(y1, x1), PLANE);
    }
  }
}

/** Layer i on a group of sixteen rows. */
function layer(plan: usize, group: usize, across: usize, i: i32, backward: bool, dual: bool): void {
  const join = joinOf(plan);
  const step: u32 = 1 << i;
  const kept: u32 = join < 8 ? ~((<u32>1) << join) : ~0;
  for (let block: u32 = 0; block < 256; block += step << 1) {
    const e = fromCantor(plan, ((block & kept) >> i) & ~1);
    const f0 = across + (block << 2);
    const f1 = f0 + (step << 2);
    if (i === join) {
      if (e !== 0) pairs(plan, e, group, f0, f1, step, SHEAR);
    } else {
      pairs(plan, e, group, dual ? f1 : f0, dual ? f0 : f1, step, backward ? BACKWARD : FORWARD);
    }
  }
}

/**
 * Two layers at once, on `count` quadruples of vectors: the upper one takes (0, 2) and (1, 3), the lower one (0, 1) and
 * (2, 3). Quadruple k is given by entry k of four lists of offsets.
 */
function quadruples(
  plan: usize,
  upper: u32,
  lower0: u32,
  lower1: u32,
  base: usize,
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  count: i32,
  backward: bool,
): void {
  const rowUpper = rowOf(plan, upper);
  const row0 = rowOf(plan, lower0);
  const row1 = rowOf(plan, lower1);
  const upperLow = v128.load(rowUpper);
  const upperHigh = v128.load(rowUpper, 16);
  const low0 = v128.load(row0);
  const high0 = v128.load(row0, 16);
  const low1 = v128.load(row1);
  const high1 = v128.load(row1, 16);
  for (let k: usize = 0; k < (<usize>count) << 2; k += 4) {
    let p0 = base + load<u32>(a0 + k);
    let p1 = base + load<u32>(a1 + k);
    let p2 = base + load<u32>(a2 + k);
    let p3 = base + load<u32>(a3 + k);
    for (let plane = 0; plane < 2; plane++) {
      let x0 = v128.load(p0);
      let x1 = v128.load(p1);
      let x2 = v128.load(p2);
      let x3 = v128.load(p3);
      if (backward) {
        x1 = v128.xor(x1, x0);
        x0 = v128.xor(x0, product8(low0, high0, x1));
        x3 = v128.xor(x3, x2);
        x2 = v128.xor(x2, product8(low1, high1, x3));
        x2 = v128.xor(x2, x0);
        x0 = v128.xor(x0, product8(upperLow, upperHigh, x2));
        x3 = v128.xor(x3, x1);
        x1 = v128.xor(x1, product8(upperLow, upperHigh, x3));
      } else {
        x0 = v128.xor(x0, product8(upperLow, upperHigh, x2));
        x2 = v128.xor(x2, x0);
        x1 = v128.xor(x1, product8(upperLow, upperHigh, x3));
        x3 = v128.xor(x3, x1);
        x0 = v128.xor(x0, product8(low0, high0, x1));
        x1 = v128.xor(x1, x0);
        x2 = v128.xor(x2, product8(low1, high1, x3));
        x3 = v128.xor(x3, x2);
      }
      v128.store(p0, x0);
      v128.store(p1, x1);
      v128.store(p2, x2);
      v128.store(p3, x3);
      p0 += PLANE;
      p1 += PLANE;
      p2 += PLANE;
      p3 += PLANE;
    }
  }
}

/** Layers i and i - 1 on a group, neither of them the joining one. */
function twoLayers(plan: usize, group: usize, across: usize, i: i32, backward: bool, dual: bool): void {
  const join = joinOf(plan);
  const kept: u32 = join < 8 ? ~((<u32>1) << join) : ~0;
  const step: u32 = 1 << (i - 1);
  for (let block: u32 = 0; block < 256; block += step << 2) {
    const upper = fromCantor(plan, ((block & kept) >> i) & ~1);
    const lower = ((block & kept) >> (i - 1)) & ~1;
    const lower0 = fromCantor(plan, lower);
    const lower1 = fromCantor(plan, lower | 2);
    const a0 = across + (block << 2);
    const a1 = a0 + (step << 2);
    const a2 = a1 + (step << 2);
    const a3 = a2 + (step << 2);
    if (dual) quadruples(plan, upper, lower1, lower0, group, a3, a2, a1, a0, step, backward);
    else quadruples(plan, upper, lower0, lower1, group, a0, a1, a2, a3, step, backward);
  }
}

/** Layers `top` .. `bottom` on the group of rows at `group`, two at a time; `early` tells which bits went across. */
export function subfieldLayers(
  plan: usize,
  group: usize,
  top: i32,
  bottom: i32,
  early: bool,
  backward: bool,
  dual: bool,
): void {
  const across = acrossOf(plan, early);
  const join = joinOf(plan);
  if (backward) {
    for (let i = bottom; i <= top; ) {
      if (i < top && i !== join && i + 1 !== join) {
        twoLayers(plan, group, across, i + 1, true, dual);
        i += 2;
      } else {
        layer(plan, group, across, i++, true, dual);
      }
    }
  } else {
    for (let i = top; i >= bottom; ) {
      if (i > bottom && i !== join && i - 1 !== join) {
        twoLayers(plan, group, across, i, false, dual);
        i -= 2;
      } else {
        layer(plan, group, across, i--, false, dual);
      }
    }
  }
}
