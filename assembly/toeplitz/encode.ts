/**
 * The first four layers, and the change from bits to bytes.
 *
 * The four highest index bits see the smallest fields. Coefficients are bits; a pair of them joined by v_1 is an
 * element of GF(4), four joined by v_1 and v_2 are one of GF(16), eight joined by v_4 as well are a byte. Three of the
 * four index bits, the first, second and fourth, thus become places in a byte; on the third acts the butterfly with
 * constant v_3 of GF(16).
 *
 * As long as a coefficient is a bit, 128 columns fit a vector, and multiplying by a constant is exclusive-or of rows.
 * Strips of 16 x 128 bits are brought to a work place of 256 bytes each: vector 8 h + k is bit k of the bytes with third
 * index bit h. Four strips are fetched together, a whole cache line of each row.
 */
import { BACKWARD, FORWARD, joinDual, splitDual } from "./multiply";
import { transposeBits, unweave, weave } from "./shuffle";

/** Place of row r in a strip; the binary digits of r are the four highest index bits, the highest first. */
function placeOf(r: usize): usize {
  return ((r & 2) << 6) | ((r >> 3) << 4) | (((r >> 2) & 1) << 5) | ((r & 1) << 6);
}

/** The butterfly with v_3 on sixteenths of bytes: a and b are four rows each. */
function butterfly(a: usize, b: usize, mode: i32): void {
  let y0 = v128.load(b);
  let y1 = v128.load(b, 16);
  let y2 = v128.load(b, 32);
  let y3 = v128.load(b, 48);
  let x0 = v128.load(a);
  let x1 = v128.load(a, 16);
  let x2 = v128.load(a, 32);
  let x3 = v128.load(a, 48);
  if (mode === BACKWARD) {
    y0 = v128.xor(y0, x0);
    y1 = v128.xor(y1, x1);
    y2 = v128.xor(y2, x2);
    y3 = v128.xor(y3, x3);
  }
  // v_3 (y0 + y1 v_1 + y2 v_2 + y3 v_1 v_2), by v_3 = v_1 + v_1 v_2.
  const y01 = v128.xor(y0, y1);
  x0 = v128.xor(x0, v128.xor(y1, v128.xor(y2, y3)));
  x1 = v128.xor(x1, v128.xor(y01, y2));
  x2 = v128.xor(x2, y1);
  x3 = v128.xor(x3, y01);
  if (mode === FORWARD) {
    y0 = v128.xor(y0, x0);
    y1 = v128.xor(y1, x1);
    y2 = v128.xor(y2, x2);
    y3 = v128.xor(y3, x3);
  }
  v128.store(a, x0);
  v128.store(a, x1, 16);
  v128.store(a, x2, 32);
  v128.store(a, x3, 48);
  v128.store(b, y0);
  v128.store(b, y1, 16);
  v128.store(b, y2, 32);
  v128.store(b, y3, 48);
}

/** low += v_1 high, four rows each. */
function shear(low: usize, high: usize): void {
  const y0 = v128.load(high);
  const y1 = v128.load(high, 16);
  const y2 = v128.load(high, 32);
  const y3 = v128.load(high, 48);
  v128.store(low, v128.xor(v128.load(low), y1));
  v128.store(low, v128.xor(v128.load(low, 16), v128.xor(y0, y1)), 16);
  v128.store(low, v128.xor(v128.load(low, 32), y3), 32);
  v128.store(low, v128.xor(v128.load(low, 48), v128.xor(y2, y3)), 48);
}

function topForward(s: usize, dual: bool): void {
  if (dual) {
    for (let k: usize = 0; k < 256; k += 32) joinDual(s + k, s + k + 16, 16);
    for (let k: usize = 0; k < 256; k += 64) joinDual(s + k, s + k + 32, 32);
    butterfly(s + 128, s, FORWARD);
    butterfly(s + 192, s + 64, FORWARD);
    joinDual(s, s + 64, 64);
    joinDual(s + 128, s + 192, 64);
  } else {
    butterfly(s, s + 128, FORWARD);
    butterfly(s + 64, s + 192, FORWARD);
  }
  shear(s + 128, s + 192);
}

function topBackward(s: usize, dual: bool): void {
  shear(s + 128, s + 192);
  if (dual) {
    splitDual(s + 128, s + 192, 64);
    splitDual(s, s + 64, 64);
    butterfly(s + 192, s + 64, BACKWARD);
    butterfly(s + 128, s, BACKWARD);
    for (let k: usize = 0; k < 256; k += 64) splitDual(s + k, s + k + 32, 32);
    for (let k: usize = 0; k < 256; k += 32) splitDual(s + k, s + k + 16, 16);
  } else {
    butterfly(s + 64, s + 192, BACKWARD);
    butterfly(s, s + 128, BACKWARD);
  }
}

/** Bytes of a row that are fetched together, and of work place: one strip for each vector of them. */
const LINE: usize = 64;

/**
 * 2^size bits become 2^(size-3) bytes, in two runs by the third highest index bit.
 *
 * @param scratch - 1024 bytes
 */
export function encode(bits: usize, bytes: usize, size: i32, dual: bool, scratch: usize): void {
  const row: usize = 1 << (size - 7);
  const run = row << 3;
  for (let column: usize = 0; column < row; column += LINE) {
    for (let r: usize = 0; r < 16; r++) {
      const from = bits + r * row + column;
      const to = scratch + placeOf(r);
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 256);
      v128.store(to, v128.load(from, 32), 512);
      v128.store(to, v128.load(from, 48), 768);
    }
    const to = bytes + (column << 3);
    for (let k: usize = 0; k < 4; k++) {
      const strip = scratch + (k << 8);
      topForward(strip, dual);
      transposeBits(strip, 16, strip, 16);
      transposeBits(strip + 128, 16, strip + 128, 16);
      weave(strip, to + (k << 7));
      weave(strip + 128, to + run + (k << 7));
    }
  }
}

/** The inverse of `encode`, or with `dual` its transposed. */
export function decode(bytes: usize, bits: usize, size: i32, dual: bool, scratch: usize): void {
  const row: usize = 1 << (size - 7);
  const run = row << 3;
  for (let column: usize = 0; column < row; column += LINE) {
    const from = bytes + (column << 3);
    for (let k: usize = 0; k < 4; k++) {
      const strip = scratch + (k << 8);
      unweave(from + (k << 7), strip);
      unweave(from + run + (k << 7), strip + 128);
      transposeBits(strip, 16, strip, 16);
      transposeBits(strip + 128, 16, strip + 128, 16);
      topBackward(strip, dual);
    }
    for (let r: usize = 0; r < 16; r++) {
      const from = scratch + placeOf(r);
      const to = bits + r * row + column;
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 256), 16);
      v128.store(to, v128.load(from, 512), 32);
      v128.store(to, v128.load(from, 768), 48);
    }
  }
}
