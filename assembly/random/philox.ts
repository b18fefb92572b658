// Philox4x32-10 counter-based random numbers (Salmon et al., SC'11, doi:10.1145/2063384.2063405).
//
// A block is a function of a key (two words) and a counter (four words):
//
//   word 0, 1   64-bit index of the draw within its stream, word 0 low
//   word 2      number of the link
//   word 3      purpose of the stream
//
// so streams cannot overlap and any part of a stream can be drawn by itself.

const MULTIPLIER_0: u32 = 0xd2511f53;
const MULTIPLIER_1: u32 = 0xcd9e8d57;
const WEYL_0: u32 = 0x9e3779b9;
const WEYL_1: u32 = 0xbb67ae85;

/** Number of blocks that one call of `philoxPlanes` makes. */
export const BLOCKS_PER_BATCH: i32 = 256;

/** Bytes of one plane: word j of every block of a batch. */
export const PLANE_BYTES: usize = 1024;

/** Writes the four words of one block to `out`. */
export function philoxBlock(k0: u32, k1: u32, index: u64, link: u32, purpose: u32, out: usize): void {
  let c0 = <u32>index;
  let c1 = <u32>(index >> 32);
  let c2 = link;
  let c3 = purpose;
  for (let round = 0; round < 10; round++) {
    const product0 = <u64>MULTIPLIER_0 * <u64>c0;
    const product1 = <u64>MULTIPLIER_1 * <u64>c2;
    c0 = <u32>(product1 >> 32) ^ c1 ^ k0;
    c1 = <u32>product1;
    c2 = <u32>(product0 >> 32) ^ c3 ^ k1;
    c3 = <u32>product0;
    k0 += WEYL_0;
    k1 += WEYL_1;
  }
  store<u32>(out, c0);
  store<u32>(out, c1, 4);
  store<u32>(out, c2, 8);
  store<u32>(out, c3, 12);
}

/** Low words of four 64-bit products given as two pairs. */
function lowWords(even: v128, odd: v128): v128 {
  return v128.shuffle<i32>(even, odd, 0, 2, 4, 6);
}

/** High words of four 64-bit products given as two pairs. */
function highWords(even: v128, odd: v128): v128 {
  return v128.shuffle<i32>(even, odd, 1, 3, 5, 7);
}

/**
 * Makes the 256 blocks `first ... first + 255` (`first` a multiple of 256) as four planes of 256 words:
 *
 *   out +    0: word 0 of block 0, 1, ... 255
 *   out + 1024: word 1 of block 0, 1, ... 255
 *   out + 2048: word 2 ...            out + 3072: word 3 ...
 *
 * Four vectors of four counters are interleaved to hide the latency of the multiplications.
 */
export function philoxPlanes(k0: u32, k1: u32, first: u64, link: u32, purpose: u32, out: usize): void {
  const multiplier0 = i32x4.splat(MULTIPLIER_0);
  const multiplier1 = i32x4.splat(MULTIPLIER_1);
  // In the first round only word 0 differs from block to block, in the second words 2 and 3: half of their products are
  // one number for all.
  const ofLink = <u64>MULTIPLIER_1 * <u64>link;
  const word0 = <u32>(ofLink >> 32) ^ <u32>(first >> 32) ^ k0;
  const ofWord0 = <u64>MULTIPLIER_0 * <u64>word0;
  const mask0 = i32x4.splat(<u32>ofLink ^ (k0 + WEYL_0));
  const mask1 = i32x4.splat(purpose ^ k1);
  const mask2 = i32x4.splat(<u32>(ofWord0 >> 32) ^ (k1 + WEYL_1));
  const word3 = i32x4.splat(<u32>ofWord0);
  const end = out + PLANE_BYTES;
  // Products of word 0 with its multiplier, of blocks 0 and 1 and of blocks 2 and 3.
  const twoOn = i64x2.splat(2 * <i64>MULTIPLIER_0);
  let even = i64x2(<i64>MULTIPLIER_0 * <i64>(<u32>first), <i64>MULTIPLIER_0 * <i64>(<u32>first + 1));
  for (; out < end; out += 64) {
    const aOdd = i64x2.add(even, twoOn);
    let a3 = lowWords(even, aOdd);
    let a2 = v128.xor(highWords(even, aOdd), mask1);
    even = i64x2.add(aOdd, twoOn);
    const aLow = i64x2.extmul_low_i32x4_u(a2, multiplier1);
    const aHigh = i64x2.extmul_high_i32x4_u(a2, multiplier1);
    let a0 = v128.xor(highWords(aLow, aHigh), mask0);
    let a1 = lowWords(aLow, aHigh);
    a2 = v128.xor(a3, mask2);
    a3 = word3;
    const bOdd = i64x2.add(even, twoOn);
    let b3 = lowWords(even, bOdd);
    let b2 = v128.xor(highWords(even, bOdd), mask1);
    even = i64x2.add(bOdd, twoOn);
    const bLow = i64x2.extmul_low_i32x4_u(b2, multiplier1);
    const bHigh = i64x2.extmul_high_i32x4_u(b2, multiplier1);
    let b0 = v128.xor(highWords(bLow, bHigh), mask0);
    let b1 = lowWords(bLow, bHigh);
    b2 = v128.xor(b3, mask2);
    b3 = word3;
    const cOdd = i64x2.add(even, twoOn);
    let c3 = lowWords(even, cOdd);
    let c2 = v128.xor(highWords(even, cOdd), mask1);
    even = i64x2.add(cOdd, twoOn);
    const cLow = i64x2.extmul_low_i32x4_u(c2, multiplier1);
    const cHigh = i64x2.extmul_high_i32x4_u(c2, multiplier1);
    let c0 = v128.xor(highWords(cLow, cHigh), mask0);
    let c1 = lowWords(cLow, cHigh);
    c2 = v128.xor(c3, mask2);
    c3 = word3;
    const dOdd = i64x2.add(even, twoOn);
    let d3 = lowWords(even, dOdd);
    let d2 = v128.xor(highWords(even, dOdd), mask1);
    even = i64x2.add(dOdd, twoOn);
    const dLow = i64x2.extmul_low_i32x4_u(d2, multiplier1);
    const dHigh = i64x2.extmul_high_i32x4_u(d2, multiplier1);
    let d0 = v128.xor(highWords(dLow, dHigh), mask0);
    let d1 = lowWords(dLow, dHigh);
    d2 = v128.xor(d3, mask2);
    d3 = word3;
    let w0 = k0 + 2 * WEYL_0;
    let w1 = k1 + 2 * WEYL_1;
    for (let round = 2; round < 10; round++) {
      const key0 = i32x4.splat(w0);
      const key1 = i32x4.splat(w1);
      const aLow0 = i64x2.extmul_low_i32x4_u(a0, multiplier0);
      const aHigh0 = i64x2.extmul_high_i32x4_u(a0, multiplier0);
      const aLow1 = i64x2.extmul_low_i32x4_u(a2, multiplier1);
      const aHigh1 = i64x2.extmul_high_i32x4_u(a2, multiplier1);
      a0 = v128.xor(v128.xor(highWords(aLow1, aHigh1), a1), key0);
      a1 = lowWords(aLow1, aHigh1);
      a2 = v128.xor(v128.xor(highWords(aLow0, aHigh0), a3), key1);
      a3 = lowWords(aLow0, aHigh0);
      const bLow0 = i64x2.extmul_low_i32x4_u(b0, multiplier0);
      const bHigh0 = i64x2.extmul_high_i32x4_u(b0, multiplier0);
      const bLow1 = i64x2.extmul_low_i32x4_u(b2, multiplier1);
      const bHigh1 = i64x2.extmul_high_i32x4_u(b2, multiplier1);
      b0 = v128.xor(v128.xor(highWords(bLow1, bHigh1), b1), key0);
      b1 = lowWords(bLow1, bHigh1);
      b2 = v128.xor(v128.xor(highWords(bLow0, bHigh0), b3), key1);
      b3 = lowWords(bLow0, bHigh0);
      const cLow0 = i64x2.extmul_low_i32x4_u(c0, multiplier0);
      const cHigh0 = i64x2.extmul_high_i32x4_u(c0, multiplier0);
      const cLow1 = i64x2.extmul_low_i32x4_u(c2, multiplier1);
      const cHigh1 = i64x2.extmul_high_i32x4_u(c2, multiplier1);
      c0 = v128.xor(v128.xor(highWords(cLow1, cHigh1), c1), key0);
      c1 = lowWords(cLow1, cHigh1);
      c2 = v128.xor(v128.xor(highWords(cLow0, cHigh0), c3), key1);
      c3 = lowWords(cLow0, cHigh0);
      const dLow0 = i64x2.extmul_low_i32x4_u(d0, multiplier0);
      const dHigh0 = i64x2.extmul_high_i32x4_u(d0, multiplier0);
      const dLow1 = i64x2.extmul_low_i32x4_u(d2, multiplier1);
      const dHigh1 = i64x2.extmul_high_i32x4_u(d2, multiplier1);
      d0 = v128.xor(v128.xor(highWords(dLow1, dHigh1), d1), key0);
      d1 = lowWords(dLow1, dHigh1);
      d2 = v128.xor(v128.xor(highWords(dLow0, dHigh0), d3), key1);
      d3 = lowWords(dLow0, dHigh0);
      w0 += WEYL_0;
      w1 += WEYL_1;
    }
    v128.store(out, a0);
    v128.store(out, b0, 16);
    v128.store(out, c0, 32);
    v128.store(out, d0, 48);
    v128.store(out, a1, 1024);
    v128.store(out, b1, 1040);
    v128.store(out, c1, 1056);
    v128.store(out, d1, 1072);
    v128.store(out, a2, 2048);
    v128.store(out, b2, 2064);
    v128.store(out, c2, 2080);
    v128.store(out, d2, 2096);
    v128.store(out, a3, 3072);
    v128.store(out, b3, 3088);
    v128.store(out, c3, 3104);
    v128.store(out, d3, 3120);
  }
}

/** Makes the four blocks `first ... first + 3` (`first` a multiple of 4) at `out`: word 0 of each, word 1 of each, ... */
export function philoxQuad(k0: u32, k1: u32, first: u64, link: u32, purpose: u32, out: usize): void {
  const multiplier0 = i32x4.splat(MULTIPLIER_0);
  const multiplier1 = i32x4.splat(MULTIPLIER_1);
  let c0 = i32x4.add(i32x4.splat(<u32>first), i32x4(0, 1, 2, 3));
  let c1 = i32x4.splat(<u32>(first >> 32));
  let c2 = i32x4.splat(link);
  let c3 = i32x4.splat(purpose);
  for (let round = 0; round < 10; round++) {
    const low0 = i64x2.extmul_low_i32x4_u(c0, multiplier0);
    const high0 = i64x2.extmul_high_i32x4_u(c0, multiplier0);
    const low1 = i64x2.extmul_low_i32x4_u(c2, multiplier1);
    const high1 = i64x2.extmul_high_i32x4_u(c2, multiplier1);
    c0 = v128.xor(v128.xor(highWords(low1, high1), c1), i32x4.splat(k0));
    c1 = lowWords(low1, high1);
    c2 = v128.xor(v128.xor(highWords(low0, high0), c3), i32x4.splat(k1));
    c3 = lowWords(low0, high0);
    k0 += WEYL_0;
    k1 += WEYL_1;
  }
  v128.store(out, c0);
  v128.store(out, c1, 16);
  v128.store(out, c2, 32);
  v128.store(out, c3, 48);
}
