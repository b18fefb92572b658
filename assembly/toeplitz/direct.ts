/**
 * Small matrices, without a transform: y[i] = sum_j s[i - j + n - 1] x[j].
 *
 * Half a byte of x, bits 4 w + t, reaches byte I of y by the byte of s that begins at bit 8 I - 4 w - t + n - 1. With
 * q = 8 I - 4 w the sum over t is one of sixteen bytes, by the value of the half byte: the table of q. Byte I + l of y
 * and half byte w + 2 l of x have the same q for all l, so one look-up within a register serves sixteen bytes of y at
 * once; the half bytes are the low halves, or the high halves, of sixteen bytes of x as they stand in memory. The key
 * decides no address.
 *
 * The other way to hold the same tables is by value: sixteen strings of bytes for even w and sixteen for odd w. Then half
 * a byte of x selects a string, of which y takes a window. That is faster and reads from addresses that depend on the
 * key.
 *
 * Let e = I - floor(w / 2). Tables are numbered from the lowest e; the byte of s that begins at 8 e + n - 1 has to lie at
 * a byte boundary.
 */
import { lookup } from "./multiply";

/** Byte t of the eight that a window of sixteen bits holds: t = 0..3 for even w, 4..7 for odd w. */
function windowAt(seed: usize, t: u32): v128 {
  return i8x16.splat(<i8>(<u32>load<u16>(seed) >> (8 - t)));
}

/** The lanes whose number has bit t set. */
function lanesWith(t: i32): v128 {
  const lanes = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const bit = i8x16.splat(<i8>((<i32>1) << t));
  return i8x16.eq(v128.and(lanes, bit), bit);
}

/**
 * Writes `count` pairs of tables, 32 bytes each.
 *
 * @param seed - the byte before the one that begins at 8 e + n - 1, for the first e
 */
export function directTables(tables: usize, seed: usize, count: i32): void {
  const lanes0 = lanesWith(0);
  const lanes1 = lanesWith(1);
  const lanes2 = lanesWith(2);
  const lanes3 = lanesWith(3);
  for (; count > 0; count--, seed++, tables += 32) {
    for (let odd: u32 = 0; odd < 2; odd++) {
      const t = odd << 2;
      const first = v128.xor(v128.and(windowAt(seed, t), lanes0), v128.and(windowAt(seed, t + 1), lanes1));
      const last = v128.xor(v128.and(windowAt(seed, t + 2), lanes2), v128.and(windowAt(seed, t + 3), lanes3));
      v128.store(tables + (odd << 4), v128.xor(first, last));
    }
  }
}

/**
 * The product, by look-up within registers.
 *
 * @param out - `vectors` vectors
 * @param x - `length` bytes, with fifteen zero bytes before and behind
 */
export function directProduct(out: usize, vectors: i32, x: usize, length: usize, tables: usize): void {
  const mask = i8x16.splat(15);
  // The table of byte I of y and byte v of x is number I - v + length - 1.
  let first = tables + ((length - 1) << 5);
  for (; vectors >= 4; vectors -= 4, out += 64, first += 64 << 5) {
    let y0 = i8x16.splat(0);
    let y1 = y0;
    let y2 = y0;
    let y3 = y0;
    let table = first + (15 << 5);
    for (let v = x - 15; v < x + length; v++, table -= 32) {
      const bytes = v128.load(v);
      const low = v128.and(bytes, mask);
      const high = v128.and(i16x8.shr_u(bytes, 4), mask);
      y0 = v128.xor(y0, v128.xor(lookup(v128.load(table), low), lookup(v128.load(table, 16), high)));
      y1 = v128.xor(y1, v128.xor(lookup(v128.load(table, 512), low), lookup(v128.load(table, 528), high)));
      y2 = v128.xor(y2, v128.xor(lookup(v128.load(table, 1024), low), lookup(v128.load(table, 1040), high)));
      y3 = v128.xor(y3, v128.xor(lookup(v128.load(table, 1536), low), lookup(v128.load(table, 1552), high)));
    }
    v128.store(out, y0);
    v128.store(out, y1, 16);
    v128.store(out, y2, 32);
    v128.store(out, y3, 48);
  }
  for (; vectors > 0; vectors--, out += 16, first += 16 << 5) {
    let y = i8x16.splat(0);
    let table = first + (15 << 5);
    for (let v = x - 15; v < x + length; v++, table -= 32) {
      const bytes = v128.load(v);
      const low = v128.and(bytes, mask);
      const high = v128.and(i16x8.shr_u(bytes, 4), mask);
      y = v128.xor(y, v128.xor(lookup(v128.load(table), low), lookup(v128.load(table, 16), high)));
    }
    v128.store(out, y);
  }
}

/** Writes the 32 strings of tables by value, `length` bytes each, a multiple of 16; the rest as `directTables`. */
export function directStrings(strings: usize, seed: usize, length: usize): void {
  for (let odd = 0; odd < 2; odd++) {
    const family = strings + <usize>(odd << 4) * length;
    memory.fill(family, 0, length);
    for (let t = 0; t < 4; t++) {
      const value: usize = 1 << t;
      const shift = 8 - t - (odd << 2);
      for (let o: usize = 0; o < length; o += 16) {
        const low = v128.load(seed + o);
        const window = v128.or(
          v128.and(i16x8.shr_u(low, shift), i8x16.splat(<i8>(<i32>0xff >> shift))),
          v128.andnot(i16x8.shl(v128.load(seed + o, 1), 8 - shift), i8x16.splat(<i8>(<i32>0xff >> shift))),
        );
        for (let k: usize = 0; k < value; k++) {
          const from = family + k * length + o;
          v128.store(from + value * length, v128.xor(v128.load(from), window));
        }
      }
    }
  }
}

/**
 * The product, by strings whose addresses depend on x; no zero bytes around x are needed.
 *
 * @param length - bytes of x
 * @param stringLength - bytes of a string
 */
export function directProductVariableTime(
  out: usize,
  vectors: i32,
  x: usize,
  length: usize,
  strings: usize,
  stringLength: usize,
): void {
  const odd = strings + (stringLength << 4);
  // Byte I of y and byte v of x meet in byte I - v + length - 1 of a string.
  let window = length - 1;
  for (; vectors >= 4; vectors -= 4, out += 64, window += 64) {
    let y0 = i8x16.splat(0);
    let y1 = y0;
    let y2 = y0;
    let y3 = y0;
    for (let v: usize = 0; v < length; v++) {
      const byte = <usize>load<u8>(x + v);
      const low = strings + (byte & 15) * stringLength + window - v;
      const high = odd + (byte >> 4) * stringLength + window - v;
      y0 = v128.xor(y0, v128.xor(v128.load(low), v128.load(high)));
      y1 = v128.xor(y1, v128.xor(v128.load(low, 16), v128.load(high, 16)));
      y2 = v128.xor(y2, v128.xor(v128.load(low, 32), v128.load(high, 32)));
      y3 = v128.xor(y3, v128.xor(v128.load(low, 48), v128.load(high, 48)));
    }
    v128.store(out, y0);
    v128.store(out, y1, 16);
    v128.store(out, y2, 32);
    v128.store(out, y3, 48);
  }
  for (; vectors > 0; vectors--, out += 16, window += 16) {
    let y = i8x16.splat(0);
    for (let v: usize = 0; v < length; v++) {
      const byte = <usize>load<u8>(x + v);
      const low = v128.load(strings + (byte & 15) * stringLength + window - v);
      y = v128.xor(y, v128.xor(low, v128.load(odd + (byte >> 4) * stringLength + window - v)));
    }
    v128.store(out, y);
  }
}
