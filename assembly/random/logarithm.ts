// Natural logarithm of uniform random numbers, two lanes at a time.
//
// x = m 2^k with m in [sqrt(1/2), sqrt(2)); with s = (m - 1)/(m + 1), |s| <= 0.1716,
//
//   log m = 2 (s + s^3/3 + s^5/5 + ... + s^19/19),   truncation < 1.2e-17
//
// Error below 1.6 ulp of the result (40,000 draws against 40-digit logarithms).

// Constants live in memory: a load into both lanes is one instruction, a constant in both lanes is three.

const SERIES: usize = memory.data<f64>([
  1.0 / 19.0,
  1.0 / 17.0,
  1.0 / 15.0,
  1.0 / 13.0,
  1.0 / 11.0,
  1.0 / 9.0,
  1.0 / 7.0,
  1.0 / 5.0,
  1.0 / 3.0,
]);

const ONE: usize = 0;
const TWO: usize = 8;
const LN2: usize = 16;
/** 2^52 + 1023, which takes the bias off an exponent that `SHIFTER` made a double. */
const BIAS: usize = 24;
const DOUBLES: usize = memory.data<f64>([1.0, 2.0, Math.LN2, 4503599627371519.0]);

// sqrt(1/2) = 0x3fe6a09e667f3bcd; the mantissa interval starts at its upper word.
const ROOT_HALF: usize = 0;
const ONE_LESS_ROOT: usize = 8;
const MANTISSA: usize = 16;
/** 2^52 as bits: or-ing a small whole number into its mantissa and subtracting converts it to a double. */
const SHIFTER: usize = 24;
const BITS: usize = memory.data<u64>([0x3fe6a09e00000000, 0x00095f6200000000, 0x000fffffffffffff, 0x4330000000000000]);

/** -log(u) of two uniform numbers in (0, 1] made from 52 of 64 random bits in each lane. */
function exponentialPair(bits: v128): v128 {
  const one = v128.load64_splat(DOUBLES, ONE);
  // 2 - [1, 2) = (0, 1]
  const x = f64x2.sub(v128.load64_splat(DOUBLES, TWO), v128.or(i64x2.shr_u(bits, 12), one));
  const shifted = i64x2.add(x, v128.load64_splat(BITS, ONE_LESS_ROOT));
  const exponent = v128.or(i64x2.shr_u(shifted, 52), v128.load64_splat(BITS, SHIFTER));
  const k = f64x2.sub(exponent, v128.load64_splat(DOUBLES, BIAS));
  const m = i64x2.add(v128.and(shifted, v128.load64_splat(BITS, MANTISSA)), v128.load64_splat(BITS, ROOT_HALF));
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const z = f64x2.mul(s, s);
  const z2 = f64x2.mul(z, z);
  let odd = v128.load64_splat(SERIES);
  let even = v128.load64_splat(SERIES, 8);
  odd = f64x2.add(f64x2.mul(odd, z2), v128.load64_splat(SERIES, 16));
  even = f64x2.add(f64x2.mul(even, z2), v128.load64_splat(SERIES, 24));
  odd = f64x2.add(f64x2.mul(odd, z2), v128.load64_splat(SERIES, 32));
  even = f64x2.add(f64x2.mul(even, z2), v128.load64_splat(SERIES, 40));
  odd = f64x2.add(f64x2.mul(odd, z2), v128.load64_splat(SERIES, 48));
  even = f64x2.add(f64x2.mul(even, z2), v128.load64_splat(SERIES, 56));
  odd = f64x2.add(f64x2.mul(odd, z2), v128.load64_splat(SERIES, 64));
  // odd holds s^3, s^7, ..., even s^5, s^9, ...
  const series = f64x2.mul(z, f64x2.add(odd, f64x2.mul(even, z)));
  const twice = f64x2.add(s, s);
  const fraction = f64x2.add(twice, f64x2.mul(twice, series));
  return f64x2.neg(f64x2.add(fraction, f64x2.mul(k, v128.load64_splat(DOUBLES, LN2))));
}

/**
 * Distances 1 + floor(E scale), geometric from 1 on, of `bytes / 4` candidates from two planes of random words, `low` and `low + bytes`, E made
 * from both words of a candidate; `scale` is -1/log(1 - p).
 */
export function geometricSteps(low: usize, bytes: usize, scale: f64, out: usize): void {
  const scales = f64x2.splat(scale);
  const one = v128.load64_splat(DOUBLES, ONE);
  for (let i: usize = 0; i < bytes; i += 16) {
    const first = v128.load(low + i);
    const second = v128.load(low + bytes + i);
    const pair = exponentialPair(v128.shuffle<i32>(first, second, 0, 4, 1, 5));
    const next = exponentialPair(v128.shuffle<i32>(first, second, 2, 6, 3, 7));
    v128.store(out + (i << 1), f64x2.add(f64x2.floor(f64x2.mul(pair, scales)), one));
    v128.store(out + (i << 1), f64x2.add(f64x2.floor(f64x2.mul(next, scales)), one), 16);
  }
}

/** Replaces an even number of 64-bit random numbers by exponentials of mean 1. */
export function exponentialsInPlace(at: usize, count: u32): void {
  for (const end = at + ((<usize>count) << 3); at < end; at += 16) v128.store(at, exponentialPair(v128.load(at)));
}
