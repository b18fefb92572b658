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

/** Layers `top` .. `bottom` on the group of rows at `group`; `early` tells which bits went across. */
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
  if (backward) for (let i = bottom; i <= top; i++) layer(plan, group, across, i, true, dual);
  else for (let i = top; i >= bottom; i--) layer(plan, group, across, i, false, dual);
}
