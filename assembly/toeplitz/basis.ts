/**
 * From monomials to the basis of the additive FFT, and back.
 *
 * A polynomial is given by coefficients f[0], f[1], .. of 1, x, x^2, .. and wanted by coefficients of the products
 * X_k = prod_i s_i(x)^(k_i), k_i the binary digits of k. For a power of two k, s_k(x) = x^(2^k) + x. Writing
 *
 *     x^(2^(j+k)) = s_k(x)^(2^j) + x^(2^j)
 *
 * moves the upper half of a block of 2^(j+k+1) coefficients down by 2^(j+k) - 2^j places: f[q - d] += f[q], q
 * descending. Doing that for j = n-k-1 .. 0 expands 2^n coefficients in powers of s_k; what is left are the same two
 * problems for the n - k upper and the k lower bits of the index. All of it is exclusive-or.
 *
 * Each step is a product of elementary operations f[t] += f[u]. The inverse takes them in the opposite order; the
 * inverse transposed takes them in the same order as f[u] += f[t]; the transposed does both. `backward` reverses the
 * order, `dual` exchanges source and target.
 *
 * In every step the lower half gets the upper one shifted up by a small rest, and what is shifted out at the end of the
 * upper half falls on its own beginning; the dual shifts the lower half down into the upper one, whose own beginning
 * follows it. Targets are whole vectors throughout; sources are loaded from where the shift has them.
 */
import { convertSixteen } from "./sixteen.generated";

function add(target: usize, x: v128): void {
  v128.store(target, v128.xor(v128.load(target), x));
}

/** One expansion step: in blocks of 2 `half` bytes, with a rest of `rest` bytes, both whole vectors. */
function expandVectors(f: usize, total: usize, half: usize, rest: usize, backward: bool, dual: bool): void {
  const shift = half - rest;
  for (const end = f + total; f < end; f += half << 1) {
    const first = f + half;
    const last = first + half - 16;
    if (backward) {
      if (dual) for (let q = first; q <= last; q += 16) add(q, v128.load(q - shift));
      else for (let q = first; q <= last; q += 16) add(q - shift, v128.load(q));
    } else if (dual) {
      for (let q = last; q >= first; q -= 16) add(q, v128.load(q - shift));
    } else {
      for (let q = last; q >= first; q -= 16) add(q - shift, v128.load(q));
    }
  }
}

/** 255 in the first `count` bytes, 0 behind them. */
function firstBytes(count: i32): v128 {
  return i8x16.gt_s(i8x16.splat(<i8>count), i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

/** As `expandVectors`, with a rest of 1, 2, 4 or 8 bytes. */
function expandBytes(f: usize, total: usize, half: usize, rest: usize, backward: bool, dual: bool): void {
  const own = firstBytes(<i32>rest);
  const next = v128.andnot(firstBytes(2 * <i32>rest), own);
  for (const end = f + total; f < end; f += half << 1) {
    const upper = f + half;
    if (dual) {
      if (backward) for (let o: usize = 0; o < half; o += 16) add(upper + o, v128.load(f + o + rest));
      else for (let q = upper - 16; q >= f; q -= 16) add(q + half, v128.load(q + rest));
    } else {
      // What falls on the first bytes is added by itself, lest a load follow a store to the same place.
      const ending = upper + half - rest;
      const first = v128.andnot(v128.load(upper - rest), own);
      if (backward) add(f, first);
      else add(f, v128.xor(first, v128.and(v128.load(ending - rest), next)));
      for (let o: usize = 16; o < half; o += 16) add(f + o, v128.load(upper + o - rest));
      add(upper, v128.and(v128.load(ending), own));
    }
  }
}

/** As `expandVectors`, with a rest of 1, 2 or 4 bits. */
function expandBits(f: usize, total: usize, half: usize, rest: i32, backward: bool, dual: bool): void {
  const carry: i32 = 64 - rest;
  const top: u64 = 8 - rest;
  for (const end = f + total; f < end; f += half << 1) {
    const upper = f + half;
    if (dual) {
      if (backward) for (let o: usize = 0; o < half; o += 16) add(upper + o, shiftedDown(f + o, rest, carry));
      else for (let q = upper - 16; q >= f; q -= 16) add(q + half, shiftedDown(q, rest, carry));
    } else {
      const fallen = <u64>load<u8>(upper + half - 1) >> top;
      let before = i64x2.shr_u(v128.load(upper - 8), carry);
      before = i64x2.replace_lane(before, 0, backward ? 0 : fallen << rest);
      add(f, v128.xor(i64x2.shl(v128.load(upper), rest), before));
      for (let o: usize = 16; o < half; o += 16) {
        add(f + o, v128.or(i64x2.shl(v128.load(upper + o), rest), i64x2.shr_u(v128.load(upper + o - 8), carry)));
      }
      store<u64>(upper, load<u64>(upper) ^ fallen);
    }
  }
}

function shiftedDown(source: usize, rest: i32, carry: i32): v128 {
  return v128.or(i64x2.shr_u(v128.load(source), rest), i64x2.shl(v128.load(source, 8), carry));
}

/** One expansion step on an array of bits: blocks of 2^(j+k+1) bits, a rest of 2^j bits. */
function expand(f: usize, total: usize, j: i32, k: i32, backward: bool, dual: bool): void {
  const half: usize = 1 << (j + k - 3);
  if (j < 3) expandBits(f, total, half, 1 << j, backward, dual);
  else if (j < 7) expandBytes(f, total, half, 1 << (j - 3), backward, dual);
  else expandVectors(f, total, half, 1 << (j - 3), backward, dual);
}

/** Sixteen vectors at such a distance, or its multiples, compete for the same few lines of a first-level cache. */
const ALIASING: usize = 2048;
/** Bytes of each of sixteen such units that are treated together, to stay in the second-level cache. */
const STRIP: usize = 4096;

/** `expandVectors` on strips of sixteen units; half and rest in units. */
function expandStrips(f: usize, unit: usize, half: usize, rest: usize, backward: bool, dual: bool): void {
  for (let k: usize = 0; k < half; k++) {
    for (let block: usize = 0; block < 16; block += half << 1) {
      const q = block + half + (backward ? k : half - 1 - k);
      const source = f + (dual ? q - half + rest : q) * unit;
      const target = f + (dual ? q : q - half + rest) * unit;
      for (let o: usize = 0; o < STRIP; o += 16) add(target + o, v128.load(source + o));
    }
  }
}

/** Changes the basis of sixteen units, far apart. */
function convertStrips(f: usize, unit: usize, backward: bool, dual: bool): void {
  for (const end = f + unit; f < end; f += STRIP) {
    if (backward) {
      expandStrips(f, unit, 2, 1, true, dual);
      expandStrips(f, unit, 8, 4, true, dual);
      expandStrips(f, unit, 4, 1, true, dual);
      expandStrips(f, unit, 8, 2, true, dual);
    } else {
      expandStrips(f, unit, 8, 2, false, dual);
      expandStrips(f, unit, 4, 1, false, dual);
      expandStrips(f, unit, 8, 4, false, dual);
      expandStrips(f, unit, 2, 1, false, dual);
    }
  }
}

/** Changes the basis of four index bits: sixteen units of `unit` bytes at a time, a multiple of 16. */
function convertFour(f: usize, total: usize, unit: usize, backward: bool, dual: bool): void {
  for (const end = f + total; f < end; f += unit << 4) {
    if (unit > ALIASING) convertStrips(f, unit, backward, dual);
    else for (let o: usize = 0; o < unit; o += 16) convertSixteen(f + o, unit, backward, dual);
  }
}

/** Changes the basis of the `bits` index bits above units of `unit` bytes, a multiple of 16. */
function convertUnits(f: usize, total: usize, unit: usize, bits: i32, backward: bool, dual: bool): void {
  if (bits < 2) return;
  if (bits === 4) {
    convertFour(f, total, unit, backward, dual);
    return;
  }
  let k = 1;
  while (k << 1 < bits) k <<= 1;
  if (backward) {
    convertUnits(f, total, unit, k, backward, dual);
    convertUnits(f, total, unit << k, bits - k, backward, dual);
    for (let j = 0; j < bits - k; j++) expandVectors(f, total, unit << (j + k), unit << j, backward, dual);
  } else {
    for (let j = bits - k - 1; j >= 0; j--) expandVectors(f, total, unit << (j + k), unit << j, backward, dual);
    convertUnits(f, total, unit << k, bits - k, backward, dual);
    convertUnits(f, total, unit, k, backward, dual);
  }
}

/** The expansions for j .. 0 of one block of 2^(j+17) bits. Its halves are finished one by one, while in the cache. */
function expandHalves(f: usize, j: i32, backward: bool, dual: bool): void {
  const half: usize = 1 << (j + 13);
  if (!backward) expand(f, half << 1, j, 16, false, dual);
  if (j > 0) {
    expandHalves(f, j - 1, backward, dual);
    expandHalves(f + half, j - 1, backward, dual);
  }
  if (backward) expand(f, half << 1, j, 16, true, dual);
}

/** Bytes of 2^16 bits, and of 2^8 bits. */
const ROW16: usize = 8192;
const ROW8: usize = 32;

/** Changes the basis of all index bits of 2^size bits but the lowest eight; 16 <= size <= 31. */
export function convertBits(f: usize, size: i32, backward: bool, dual: bool): void {
  const total: usize = 1 << (size - 3);
  if (!backward) {
    if (size > 16) expandHalves(f, size - 17, false, dual);
    convertUnits(f, total, ROW16, size - 16, false, dual);
  }
  for (let row = f; row < f + total; row += ROW16) {
    if (backward) {
      convertUnits(row, ROW16, ROW8, 8, true, dual);
      for (let j = 0; j < 8; j++) expand(row, ROW16, j, 8, true, dual);
    } else {
      for (let j = 7; j >= 0; j--) expand(row, ROW16, j, 8, false, dual);
      convertUnits(row, ROW16, ROW8, 8, false, dual);
    }
  }
  if (backward) {
    convertUnits(f, total, ROW16, size - 16, true, dual);
    if (size > 16) expandHalves(f, size - 17, true, dual);
  }
}
