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
 */

/**
 * One expansion step where 2^j coefficients fill whole bytes: in each block of 2 `half` bytes, the upper half moves
 * down by `half - rest` bytes. `rest` may be any number of bytes >= 1 with half - rest >= 16.
 */
export function expandBytes(f: usize, total: usize, half: usize, rest: usize, backward: bool, dual: bool): void {
  const shift = half - rest;
  for (const end = f + total; f < end; f += half << 1) {
    const first = f + half;
    const last = first + half - 16;
    if (backward) {
      if (dual) {
        for (let q = first; q <= last; q += 16) v128.store(q, v128.xor(v128.load(q), v128.load(q - shift)));
      } else {
        for (let q = first; q <= last; q += 16) {
          v128.store(q - shift, v128.xor(v128.load(q - shift), v128.load(q)));
        }
      }
    } else if (dual) {
      for (let q = last; q >= first; q -= 16) v128.store(q, v128.xor(v128.load(q), v128.load(q - shift)));
    } else {
      for (let q = last; q >= first; q -= 16) {
        v128.store(q - shift, v128.xor(v128.load(q - shift), v128.load(q)));
      }
    }
  }
}

/** One expansion step that leaves a rest of 1, 2 or 4 bits; otherwise as `expandBytes`. */
export function expandBits(f: usize, total: usize, half: usize, rest: i32, backward: bool, dual: bool): void {
  const carry: i32 = 64 - rest;
  const top: i32 = 8 - rest;
  for (const end = f + total; f < end; f += half << 1) {
    const upper = f + half;
    const last = upper + half - 1;
    if (dual) {
      // upper[i] += lower[i + rest bits]; at its end the lower half runs on into the upper one.
      if (backward) {
        for (let o: usize = 0; o < half; o += 16) addShiftedDown(upper + o, f + o, rest, carry);
      } else {
        for (let o = half; o > 0; ) {
          o -= 16;
          addShiftedDown(upper + o, f + o, rest, carry);
        }
      }
    } else {
      // lower[i + rest bits] += upper[i]; the last bits of the upper half fall on its own first ones.
      if (!backward) store<u8>(upper, load<u8>(upper) ^ (load<u8>(last) >> <u8>top));
      for (let o: usize = 0; o < half; o += 16) {
        let before = i64x2.shr_u(v128.load(upper + o - 8), carry);
        if (o === 0) before = i64x2.replace_lane(before, 0, 0);
        const moved = v128.or(i64x2.shl(v128.load(upper + o), rest), before);
        v128.store(f + o, v128.xor(v128.load(f + o), moved));
      }
      if (backward) store<u8>(upper, load<u8>(upper) ^ (load<u8>(last) >> <u8>top));
    }
  }
}

function addShiftedDown(target: usize, source: usize, rest: i32, carry: i32): void {
  const moved = v128.or(i64x2.shr_u(v128.load(source), rest), i64x2.shl(v128.load(source, 8), carry));
  v128.store(target, v128.xor(v128.load(target), moved));
}

/** Converts the `bits` index bits above units of `unit` bytes (a multiple of 16). */
export function convertUnits(f: usize, total: usize, unit: usize, bits: i32, backward: bool, dual: bool): void {
  if (bits < 2) return;
  let k = 1;
  while (k << 1 < bits) k <<= 1;
  if (backward) {
    convertUnits(f, total, unit, k, backward, dual);
    convertUnits(f, total, unit << k, bits - k, backward, dual);
    for (let j = 0; j < bits - k; j++) expandBytes(f, total, unit << (j + k), unit << j, backward, dual);
  } else {
    for (let j = bits - k - 1; j >= 0; j--) expandBytes(f, total, unit << (j + k), unit << j, backward, dual);
    convertUnits(f, total, unit << k, bits - k, backward, dual);
    convertUnits(f, total, unit, k, backward, dual);
  }
}

/** One expansion step on an array of bits: blocks of 2^(j+k+1) bits, a rest of 2^j bits. */
function expand(f: usize, total: usize, j: i32, k: i32, backward: bool, dual: bool): void {
  const half: usize = 1 << (j + k - 3);
  if (j < 3) expandBits(f, total, half, 1 << j, backward, dual);
  else expandBytes(f, total, half, 1 << (j - 3), backward, dual);
}

/** Bytes of 2^16 bits, and of 2^8 bits. */
const ROW16: usize = 8192;
const ROW8: usize = 32;

/** Converts all index bits of 2^size bits but the lowest eight; 16 <= size <= 31. */
export function convertBits(f: usize, size: i32, backward: bool, dual: bool): void {
  const total: usize = 1 << (size - 3);
  if (!backward) {
    for (let j = size - 17; j >= 0; j--) expand(f, total, j, 16, false, dual);
    convertUnits(f, total, ROW16, size - 16, false, dual);
  }
  for (const end = f + total; f < end; f += ROW16) {
    if (backward) {
      convertUnits(f, ROW16, ROW8, 8, true, dual);
      for (let j = 0; j < 8; j++) expand(f, ROW16, j, 8, true, dual);
    } else {
      for (let j = 7; j >= 0; j--) expand(f, ROW16, j, 8, false, dual);
      convertUnits(f, ROW16, ROW8, 8, false, dual);
    }
  }
  if (backward) {
    f -= total;
    convertUnits(f, total, ROW16, size - 16, true, dual);
    for (let j = 0; j < size - 16; j++) expand(f, total, j, 16, true, dual);
  }
}
