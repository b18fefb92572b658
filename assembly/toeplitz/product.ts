/**
 * Products of two elements neither of which is a constant.
 *
 * Karatsuba's rule, taken down to GF(16), leaves 27 products of half bytes, and those are sums of logarithms. Zero has a
 * logarithm so large that each sum with it stays above 127, where a look-up within a register gives 0. The logarithms of
 * a factor that meets several others are taken once.
 */
import { logTable, powerTables, rowOf } from "./field";
import { highHalf, lookup, lowHalf, PLANE, product8 } from "./multiply";
import { halfAcross, scratchOf } from "./shape";

/** Logarithm of a product, from those of its factors: the sum modulo 15. */
function addLogs(x: v128, y: v128): v128 {
  const sum = i8x16.add_sat_u(x, y);
  return i8x16.min_u(sum, i8x16.sub(sum, i8x16.splat(15)));
}

/** Writes the logarithms of the halves of bytes, given by their halves, and of their sum. */
function storeLogs(to: usize, logs: v128, low: v128, high: v128): void {
  v128.store(to, lookup(logs, low));
  v128.store(to, lookup(logs, high), 16);
  v128.store(to, lookup(logs, v128.xor(low, high)), 32);
}

/**
 * Products of bytes: one factor given by the logarithms at `x`, the other by its halves; the three tables of powers say
 * what each product of halves adds.
 */
function bytes(x: usize, logs: v128, y0: v128, y1: v128, low: v128, high: v128, cross: v128): v128 {
  const p0 = addLogs(v128.load(x), lookup(logs, y0));
  const p1 = addLogs(v128.load(x, 16), lookup(logs, y1));
  const p = addLogs(v128.load(x, 32), lookup(logs, v128.xor(y0, y1)));
  return v128.xor(v128.xor(lookup(low, p0), lookup(high, p1)), lookup(cross, p));
}

/** Bytes of the logarithms of sixteen elements: nine bytes, by Karatsuba's rule, with three logarithms each. */
const BYTE_LOGS: usize = 48;

/** The logarithms of sixteen elements of GF(2^32). */
function prepareFactor(to: usize, logs: v128, p: usize, half: usize): void {
  let t = v128.load(p);
  const x0 = lowHalf(t);
  const x1 = highHalf(t);
  t = v128.load(p, PLANE);
  const x2 = lowHalf(t);
  const x3 = highHalf(t);
  storeLogs(to, logs, x0, x1);
  storeLogs(to + BYTE_LOGS, logs, x2, x3);
  storeLogs(to + 2 * BYTE_LOGS, logs, v128.xor(x0, x2), v128.xor(x1, x3));
  t = v128.load(p + half);
  const x4 = lowHalf(t);
  const x5 = highHalf(t);
  t = v128.load(p + half, PLANE);
  const x6 = lowHalf(t);
  const x7 = highHalf(t);
  storeLogs(to + 3 * BYTE_LOGS, logs, x4, x5);
  storeLogs(to + 4 * BYTE_LOGS, logs, x6, x7);
  storeLogs(to + 5 * BYTE_LOGS, logs, v128.xor(x4, x6), v128.xor(x5, x7));
  const x04 = v128.xor(x0, x4);
  const x15 = v128.xor(x1, x5);
  const x26 = v128.xor(x2, x6);
  const x37 = v128.xor(x3, x7);
  storeLogs(to + 6 * BYTE_LOGS, logs, x04, x15);
  storeLogs(to + 7 * BYTE_LOGS, logs, x26, x37);
  storeLogs(to + 8 * BYTE_LOGS, logs, v128.xor(x04, x26), v128.xor(x15, x37));
}

/**
 * sum[k] += x[k] y[k] for elements of GF(2^32) of a transform, for `count` pairs (sum, y) with one x.
 *
 * @param pairs - addresses of a sum and a factor, alternately
 * @param from - first byte of the elements in question; all elements are bytes 0 .. 2^(size-3)
 * @param to - behind their last byte; whole multiples of 8192, or all
 */
export function multiplyAdd(plan: usize, x: usize, pairs: usize, count: i32, from: usize, to: usize): void {
  const half = halfAcross(plan);
  const skipped = PLANE | half;
  const logs = logTable(plan);
  const powers = powerTables(plan);
  const low = v128.load(powers);
  const high = v128.load(powers, 16);
  const cross = v128.load(powers, 32);
  const low7 = v128.load(powers, 48);
  const high7 = v128.load(powers, 64);
  const cross7 = v128.load(powers, 80);
  // v_15 = 0xc8 + 0xac v_8, and 0xac v_8^2 = 0xac v_8 + 0xac v_7 with v_7 = 0xac.
  const rowLow = rowOf(plan, 0xc8);
  const rowHigh = rowOf(plan, 0xe6);
  const rowCross = rowOf(plan, 0x64);
  const factor = scratchOf(plan);
  const end = pairs + (count << 3);
  for (let o = from; o < to; o += 16) {
    if (o & skipped) continue;
    prepareFactor(factor, logs, x + o, half);
    for (let pair = pairs; pair < end; pair += 8) {
      const r = <usize>load<u32>(pair) + o;
      const q = <usize>load<u32>(pair, 4) + o;
      let t = v128.load(q);
      const y0 = lowHalf(t);
      const y1 = highHalf(t);
      t = v128.load(q, PLANE);
      const y2 = lowHalf(t);
      const y3 = highHalf(t);

      // Lower halves of the elements.
      t = bytes(factor, logs, y0, y1, low, high, cross);
      const a0 = v128.xor(t, bytes(factor + BYTE_LOGS, logs, y2, y3, low7, high7, cross7));
      let w0 = v128.xor(y0, y2);
      let w1 = v128.xor(y1, y3);
      const a1 = v128.xor(t, bytes(factor + 2 * BYTE_LOGS, logs, w0, w1, low, high, cross));
      // Upper halves.
      t = v128.load(q + half);
      const y4 = lowHalf(t);
      const y5 = highHalf(t);
      t = v128.load(q + half, PLANE);
      const y6 = lowHalf(t);
      const y7 = highHalf(t);
      t = bytes(factor + 3 * BYTE_LOGS, logs, y4, y5, low, high, cross);
      const b0 = v128.xor(t, bytes(factor + 4 * BYTE_LOGS, logs, y6, y7, low7, high7, cross7));
      w0 = v128.xor(y4, y6);
      w1 = v128.xor(y5, y7);
      const b1 = v128.xor(t, bytes(factor + 5 * BYTE_LOGS, logs, w0, w1, low, high, cross));
      // Sums of both halves.
      const y04 = v128.xor(y0, y4);
      const y15 = v128.xor(y1, y5);
      const y26 = v128.xor(y2, y6);
      const y37 = v128.xor(y3, y7);
      t = bytes(factor + 6 * BYTE_LOGS, logs, y04, y15, low, high, cross);
      const c0 = v128.xor(t, bytes(factor + 7 * BYTE_LOGS, logs, y26, y37, low7, high7, cross7));
      w0 = v128.xor(y04, y26);
      w1 = v128.xor(y15, y37);
      const c1 = v128.xor(t, bytes(factor + 8 * BYTE_LOGS, logs, w0, w1, low, high, cross));
      // (a + v_15 b) + (c + a) v_16.
      t = product8(v128.load(rowLow), v128.load(rowLow, 16), b0);
      const d0 = v128.xor(t, product8(v128.load(rowHigh), v128.load(rowHigh, 16), b1));
      const d1 = v128.xor(t, product8(v128.load(rowCross), v128.load(rowCross, 16), v128.xor(b0, b1)));
      v128.store(r, v128.xor(v128.load(r), v128.xor(a0, d0)));
      v128.store(r, v128.xor(v128.load(r, PLANE), v128.xor(a1, d1)), PLANE);
      v128.store(r + half, v128.xor(v128.load(r + half), v128.xor(a0, c0)));
      v128.store(r + half, v128.xor(v128.load(r + half, PLANE), v128.xor(a1, c1)), PLANE);
    }
  }
}
