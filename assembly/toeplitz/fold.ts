/**
 * Folding: index bits 1, 2, 3 leave the lanes for three bits that had told vectors apart, and the change of basis of the
 * four lowest index bits is done on the way, while eight vectors are in registers.
 *
 * Vector k then holds the coefficients whose bits 3, 2, 1 are the digits of k; bit 0 is the lowest lane bit, so that a
 * step that moves coefficients by an odd number of places shifts within pairs of bytes.
 */
import { high16, low16 } from "./shuffle";

/** Even bytes to the odd places. */
function up(x: v128): v128 {
  return i16x8.shl(x, 8);
}

/** Odd bytes to the even places. */
function down(x: v128): v128 {
  return i16x8.shr_u(x, 8);
}

/** Folds the eight vectors at p + offsets[0..7], then changes their basis. */
export function fold(p: usize, offsets: usize, dual: bool): void {
  let w0 = v128.load(p + load<u32>(offsets, 0));
  let w1 = v128.load(p + load<u32>(offsets, 4));
  let w2 = v128.load(p + load<u32>(offsets, 8));
  let w3 = v128.load(p + load<u32>(offsets, 12));
  let w4 = v128.load(p + load<u32>(offsets, 16));
  let w5 = v128.load(p + load<u32>(offsets, 20));
  let w6 = v128.load(p + load<u32>(offsets, 24));
  let w7 = v128.load(p + load<u32>(offsets, 28));
  const a0 = low16(w0, w4);
  const a1 = high16(w0, w4);
  const a2 = low16(w1, w5);
  const a3 = high16(w1, w5);
  const a4 = low16(w2, w6);
  const a5 = high16(w2, w6);
  const a6 = low16(w3, w7);
  const a7 = high16(w3, w7);
  const b0 = low16(a0, a4);
  const b1 = high16(a0, a4);
  const b2 = low16(a1, a5);
  const b3 = high16(a1, a5);
  const b4 = low16(a2, a6);
  const b5 = high16(a2, a6);
  const b6 = low16(a3, a7);
  const b7 = high16(a3, a7);
  w0 = low16(b0, b4);
  w1 = high16(b0, b4);
  w2 = low16(b1, b5);
  w3 = high16(b1, b5);
  w4 = low16(b2, b6);
  w5 = high16(b2, b6);
  w6 = low16(b3, b7);
  w7 = high16(b3, b7);
  if (dual) {
    w7 = v128.xor(w7, w4);
    w6 = v128.xor(w6, w3);
    w5 = v128.xor(w5, w2);
    w4 = v128.xor(w4, w1);
    w3 = v128.xor(w3, up(w2));
    w3 = v128.xor(w3, down(w1));
    w2 = v128.xor(w2, up(w1));
    w2 = v128.xor(w2, down(w0));
    w7 = v128.xor(w7, up(w6));
    w7 = v128.xor(w7, down(w5));
    w6 = v128.xor(w6, up(w5));
    w6 = v128.xor(w6, down(w4));
    w6 = v128.xor(w6, w4);
    w7 = v128.xor(w7, w5);
    w4 = v128.xor(w4, w2);
    w5 = v128.xor(w5, w3);
    w1 = v128.xor(w1, up(w1));
    w1 = v128.xor(w1, down(w0));
    w3 = v128.xor(w3, up(w3));
    w3 = v128.xor(w3, down(w2));
    w5 = v128.xor(w5, up(w5));
    w5 = v128.xor(w5, down(w4));
    w7 = v128.xor(w7, up(w7));
    w7 = v128.xor(w7, down(w6));
  } else {
    w4 = v128.xor(w4, w7);
    w3 = v128.xor(w3, w6);
    w2 = v128.xor(w2, w5);
    w1 = v128.xor(w1, w4);
    w2 = v128.xor(w2, down(w3));
    w1 = v128.xor(w1, up(w3));
    w1 = v128.xor(w1, down(w2));
    w0 = v128.xor(w0, up(w2));
    w6 = v128.xor(w6, down(w7));
    w5 = v128.xor(w5, up(w7));
    w5 = v128.xor(w5, down(w6));
    w4 = v128.xor(w4, up(w6));
    w4 = v128.xor(w4, w6);
    w5 = v128.xor(w5, w7);
    w2 = v128.xor(w2, w4);
    w3 = v128.xor(w3, w5);
    w1 = v128.xor(w1, down(w1));
    w0 = v128.xor(w0, up(w1));
    w3 = v128.xor(w3, down(w3));
    w2 = v128.xor(w2, up(w3));
    w5 = v128.xor(w5, down(w5));
    w4 = v128.xor(w4, up(w5));
    w7 = v128.xor(w7, down(w7));
    w6 = v128.xor(w6, up(w7));
  }
  v128.store(p + load<u32>(offsets, 0), w0);
  v128.store(p + load<u32>(offsets, 4), w1);
  v128.store(p + load<u32>(offsets, 8), w2);
  v128.store(p + load<u32>(offsets, 12), w3);
  v128.store(p + load<u32>(offsets, 16), w4);
  v128.store(p + load<u32>(offsets, 20), w5);
  v128.store(p + load<u32>(offsets, 24), w6);
  v128.store(p + load<u32>(offsets, 28), w7);
}

/** The inverse of `fold`, or its transposed. */
export function unfold(p: usize, offsets: usize, dual: bool): void {
  let w0 = v128.load(p + load<u32>(offsets, 0));
  let w1 = v128.load(p + load<u32>(offsets, 4));
  let w2 = v128.load(p + load<u32>(offsets, 8));
  let w3 = v128.load(p + load<u32>(offsets, 12));
  let w4 = v128.load(p + load<u32>(offsets, 16));
  let w5 = v128.load(p + load<u32>(offsets, 20));
  let w6 = v128.load(p + load<u32>(offsets, 24));
  let w7 = v128.load(p + load<u32>(offsets, 28));
  if (dual) {
    w7 = v128.xor(w7, down(w6));
    w7 = v128.xor(w7, up(w7));
    w5 = v128.xor(w5, down(w4));
    w5 = v128.xor(w5, up(w5));
    w3 = v128.xor(w3, down(w2));
    w3 = v128.xor(w3, up(w3));
    w1 = v128.xor(w1, down(w0));
    w1 = v128.xor(w1, up(w1));
    w5 = v128.xor(w5, w3);
    w4 = v128.xor(w4, w2);
    w7 = v128.xor(w7, w5);
    w6 = v128.xor(w6, w4);
    w6 = v128.xor(w6, down(w4));
    w6 = v128.xor(w6, up(w5));
    w7 = v128.xor(w7, down(w5));
    w7 = v128.xor(w7, up(w6));
    w2 = v128.xor(w2, down(w0));
    w2 = v128.xor(w2, up(w1));
    w3 = v128.xor(w3, down(w1));
    w3 = v128.xor(w3, up(w2));
    w4 = v128.xor(w4, w1);
    w5 = v128.xor(w5, w2);
    w6 = v128.xor(w6, w3);
    w7 = v128.xor(w7, w4);
  } else {
    w6 = v128.xor(w6, up(w7));
    w7 = v128.xor(w7, down(w7));
    w4 = v128.xor(w4, up(w5));
    w5 = v128.xor(w5, down(w5));
    w2 = v128.xor(w2, up(w3));
    w3 = v128.xor(w3, down(w3));
    w0 = v128.xor(w0, up(w1));
    w1 = v128.xor(w1, down(w1));
    w3 = v128.xor(w3, w5);
    w2 = v128.xor(w2, w4);
    w5 = v128.xor(w5, w7);
    w4 = v128.xor(w4, w6);
    w4 = v128.xor(w4, up(w6));
    w5 = v128.xor(w5, down(w6));
    w5 = v128.xor(w5, up(w7));
    w6 = v128.xor(w6, down(w7));
    w0 = v128.xor(w0, up(w2));
    w1 = v128.xor(w1, down(w2));
    w1 = v128.xor(w1, up(w3));
    w2 = v128.xor(w2, down(w3));
    w1 = v128.xor(w1, w4);
    w2 = v128.xor(w2, w5);
    w3 = v128.xor(w3, w6);
    w4 = v128.xor(w4, w7);
  }
  const a0 = low16(w0, w4);
  const a1 = high16(w0, w4);
  const a2 = low16(w1, w5);
  const a3 = high16(w1, w5);
  const a4 = low16(w2, w6);
  const a5 = high16(w2, w6);
  const a6 = low16(w3, w7);
  const a7 = high16(w3, w7);
  const b0 = low16(a0, a4);
  const b1 = high16(a0, a4);
  const b2 = low16(a1, a5);
  const b3 = high16(a1, a5);
  const b4 = low16(a2, a6);
  const b5 = high16(a2, a6);
  const b6 = low16(a3, a7);
  const b7 = high16(a3, a7);
  w0 = low16(b0, b4);
  w1 = high16(b0, b4);
  w2 = low16(b1, b5);
  w3 = high16(b1, b5);
  w4 = low16(b2, b6);
  w5 = high16(b2, b6);
  w6 = low16(b3, b7);
  w7 = high16(b3, b7);
  v128.store(p + load<u32>(offsets, 0), w0);
  v128.store(p + load<u32>(offsets, 4), w1);
  v128.store(p + load<u32>(offsets, 8), w2);
  v128.store(p + load<u32>(offsets, 12), w3);
  v128.store(p + load<u32>(offsets, 16), w4);
  v128.store(p + load<u32>(offsets, 20), w5);
  v128.store(p + load<u32>(offsets, 24), w6);
  v128.store(p + load<u32>(offsets, 28), w7);
}
