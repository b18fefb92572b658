/**
 * Moving index bits between the places of a bit array: bits of a byte, lanes of a vector, vectors in memory.
 *
 * Interleaving the bytes of vectors k and k + N/2 of N consecutive ones into vectors 2k and 2k + 1 turns the address of
 * every byte by one place: its highest bit becomes the lowest. All transpositions here are a few such rounds.
 */

export function low8(x: v128, y: v128): v128 {
  return i8x16.shuffle(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

export function high8(x: v128, y: v128): v128 {
  return i8x16.shuffle(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

export function low16(x: v128, y: v128): v128 {
  return i8x16.shuffle(x, y, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
}

export function high16(x: v128, y: v128): v128 {
  return i8x16.shuffle(x, y, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
}

/** The bits of x above `distance` against those of y below it: what has to change places. */
function difference(x: v128, y: v128, distance: i32, mask: v128): v128 {
  return v128.and(v128.xor(i16x8.shr_u(x, distance), y), mask);
}

/**
 * Transposes bits: bit s of byte B of vector k becomes bit k of byte B of vector s. Eight vectors come from `from` and go
 * to `to`, at the given distances.
 */
export function transposeBits(from: usize, fromStride: usize, to: usize, toStride: usize): void {
  let a0 = v128.load(from);
  let a1 = v128.load(from + fromStride);
  let a2 = v128.load(from + 2 * fromStride);
  let a3 = v128.load(from + 3 * fromStride);
  let a4 = v128.load(from + 4 * fromStride);
  let a5 = v128.load(from + 5 * fromStride);
  let a6 = v128.load(from + 6 * fromStride);
  let a7 = v128.load(from + 7 * fromStride);

  const fours = i8x16.splat(0x0f);
  let t = difference(a0, a4, 4, fours);
  a4 = v128.xor(a4, t);
  a0 = v128.xor(a0, i16x8.shl(t, 4));
  t = difference(a1, a5, 4, fours);
  a5 = v128.xor(a5, t);
  a1 = v128.xor(a1, i16x8.shl(t, 4));
  t = difference(a2, a6, 4, fours);
  a6 = v128.xor(a6, t);
  a2 = v128.xor(a2, i16x8.shl(t, 4));
  t = difference(a3, a7, 4, fours);
  a7 = v128.xor(a7, t);
  a3 = v128.xor(a3, i16x8.shl(t, 4));

  const twos = i8x16.splat(0x33);
  t = difference(a0, a2, 2, twos);
  a2 = v128.xor(a2, t);
  a0 = v128.xor(a0, i16x8.shl(t, 2));
  t = difference(a1, a3, 2, twos);
  a3 = v128.xor(a3, t);
  a1 = v128.xor(a1, i16x8.shl(t, 2));
  t = difference(a4, a6, 2, twos);
  a6 = v128.xor(a6, t);
  a4 = v128.xor(a4, i16x8.shl(t, 2));
  t = difference(a5, a7, 2, twos);
  a7 = v128.xor(a7, t);
  a5 = v128.xor(a5, i16x8.shl(t, 2));

  const ones = i8x16.splat(0x55);
  t = difference(a0, a1, 1, ones);
  a1 = v128.xor(a1, t);
  a0 = v128.xor(a0, i16x8.shl(t, 1));
  t = difference(a2, a3, 1, ones);
  a3 = v128.xor(a3, t);
  a2 = v128.xor(a2, i16x8.shl(t, 1));
  t = difference(a4, a5, 1, ones);
  a5 = v128.xor(a5, t);
  a4 = v128.xor(a4, i16x8.shl(t, 1));
  t = difference(a6, a7, 1, ones);
  a7 = v128.xor(a7, t);
  a6 = v128.xor(a6, i16x8.shl(t, 1));

  v128.store(to, a0);
  v128.store(to + toStride, a1);
  v128.store(to + 2 * toStride, a2);
  v128.store(to + 3 * toStride, a3);
  v128.store(to + 4 * toStride, a4);
  v128.store(to + 5 * toStride, a5);
  v128.store(to + 6 * toStride, a6);
  v128.store(to + 7 * toStride, a7);
}

/** Turns the addresses of 128 bytes by three places: byte B of vector s becomes byte 8 B + s. */
export function weave(from: usize, to: usize): void {
  const a0 = v128.load(from);
  const a1 = v128.load(from, 16);
  const a2 = v128.load(from, 32);
  const a3 = v128.load(from, 48);
  const a4 = v128.load(from, 64);
  const a5 = v128.load(from, 80);
  const a6 = v128.load(from, 96);
  const a7 = v128.load(from, 112);
  const b0 = low8(a0, a4);
  const b1 = high8(a0, a4);
  const b2 = low8(a1, a5);
  const b3 = high8(a1, a5);
  const b4 = low8(a2, a6);
  const b5 = high8(a2, a6);
  const b6 = low8(a3, a7);
  const b7 = high8(a3, a7);
  const c0 = low8(b0, b4);
  const c1 = high8(b0, b4);
  const c2 = low8(b1, b5);
  const c3 = high8(b1, b5);
  const c4 = low8(b2, b6);
  const c5 = high8(b2, b6);
  const c6 = low8(b3, b7);
  const c7 = high8(b3, b7);
  v128.store(to, low8(c0, c4));
  v128.store(to, high8(c0, c4), 16);
  v128.store(to, low8(c1, c5), 32);
  v128.store(to, high8(c1, c5), 48);
  v128.store(to, low8(c2, c6), 64);
  v128.store(to, high8(c2, c6), 80);
  v128.store(to, low8(c3, c7), 96);
  v128.store(to, high8(c3, c7), 112);
}

/** The inverse of `weave`: three places back are four places on. */
export function unweave(from: usize, to: usize): void {
  weave(from, to);
  const a0 = v128.load(to);
  const a1 = v128.load(to, 16);
  const a2 = v128.load(to, 32);
  const a3 = v128.load(to, 48);
  const a4 = v128.load(to, 64);
  const a5 = v128.load(to, 80);
  const a6 = v128.load(to, 96);
  const a7 = v128.load(to, 112);
  v128.store(to, low8(a0, a4));
  v128.store(to, high8(a0, a4), 16);
  v128.store(to, low8(a1, a5), 32);
  v128.store(to, high8(a1, a5), 48);
  v128.store(to, low8(a2, a6), 64);
  v128.store(to, high8(a2, a6), 80);
  v128.store(to, low8(a3, a7), 96);
  v128.store(to, high8(a3, a7), 112);
}

/**
 * Transposes 16 x 16 bytes in place: byte j of vector i and byte i of vector j change places. Vector i lies at
 * p + offsets[i]. `scratch` is 256 bytes.
 */
export function transposeBytes(p: usize, offsets: usize, scratch: usize): void {
  // Two rounds at a time: vectors k, k + 4, k + 8, k + 12 become 4k .. 4k + 3.
  for (let k: usize = 0; k < 4; k++) {
    const o = offsets + (k << 2);
    const a0 = v128.load(p + load<u32>(o));
    const a1 = v128.load(p + load<u32>(o, 16));
    const a2 = v128.load(p + load<u32>(o, 32));
    const a3 = v128.load(p + load<u32>(o, 48));
    const b0 = low8(a0, a2);
    const b1 = high8(a0, a2);
    const b2 = low8(a1, a3);
    const b3 = high8(a1, a3);
    const to = scratch + (k << 6);
    v128.store(to, low8(b0, b2));
    v128.store(to, high8(b0, b2), 16);
    v128.store(to, low8(b1, b3), 32);
    v128.store(to, high8(b1, b3), 48);
  }
  for (let k: usize = 0; k < 4; k++) {
    const from = scratch + (k << 4);
    const a0 = v128.load(from);
    const a1 = v128.load(from, 64);
    const a2 = v128.load(from, 128);
    const a3 = v128.load(from, 192);
    const b0 = low8(a0, a2);
    const b1 = high8(a0, a2);
    const b2 = low8(a1, a3);
    const b3 = high8(a1, a3);
    const o = offsets + (k << 4);
    v128.store(p + load<u32>(o), low8(b0, b2));
    v128.store(p + load<u32>(o, 4), high8(b0, b2));
    v128.store(p + load<u32>(o, 8), low8(b1, b3));
    v128.store(p + load<u32>(o, 12), high8(b1, b3));
  }
}

/**
 * Exchanges the lowest lane bit with the bit that tells vector x from vector y: the even bytes of both gather in x, the
 * odd ones in y. Its own inverse.
 */
export function exchangeLowestLane(x: usize, y: usize): void {
  const even = i16x8.splat(0xff);
  const a = v128.load(x);
  const b = v128.load(y);
  v128.store(x, v128.or(v128.and(a, even), i16x8.shl(b, 8)));
  v128.store(y, v128.or(i16x8.shr_u(a, 8), v128.andnot(b, even)));
}

/** Copies 256 bytes. */
export function copyPlane(to: usize, from: usize): void {
  for (const end = from + 256; from < end; from += 64, to += 64) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
  }
}
