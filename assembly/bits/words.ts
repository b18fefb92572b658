// Whole words at a time: how many ones, and the bits that a mask selects.

/** Ones in `words` words. */
export function countOnes(bits: usize, words: u32): f64 {
  let ones: u64 = 0;
  const end = bits + ((<usize>words) << 3);
  for (; bits < end; bits += 8) ones += popcnt<u64>(load<u64>(bits));
  return <f64>ones;
}

/** Adds one string to another, modulo 2. */
export function addTo(sum: usize, other: usize, words: u32): void {
  const end = sum + ((<usize>words) << 3);
  for (; sum < end; sum += 8, other += 8) store<u64>(sum, load<u64>(sum) ^ load<u64>(other));
}

/** Moves what `moved` marks by `distance` places to lower bits. */
function close(x: v128, moved: v128, distance: i32): v128 {
  const taken = v128.and(x, moved);
  return v128.or(v128.xor(x, taken), i64x2.shr_u(taken, distance));
}

/**
 * Writes the bits of `source` at the ones of `mask` one behind the other to `out`, which needs room for `words` words
 * and one more; returns their number. `words` is even.
 *
 * In each word the selected bits move to the low end in six steps: those with an odd number of unselected bits below
 * move by one, then those with an odd number of pairs by two, and so on (Warren, Hacker's Delight, 2nd ed., section 7-4).
 */
export function select(source: usize, mask: usize, words: u32, out: usize): f64 {
  const first = out;
  const end = mask + ((<usize>words) << 3);
  let buffer: u64 = 0;
  let filled: u64 = 0;
  const ones = i64x2.splat(-1);
  for (; mask < end; mask += 16, source += 16) {
    let m = v128.load(mask);
    const counts0 = popcnt<u64>(i64x2.extract_lane(m, 0));
    const counts1 = popcnt<u64>(i64x2.extract_lane(m, 1));
    let x = v128.and(v128.load(source), m);
    let gaps = i64x2.shl(v128.xor(m, ones), 1);
    for (let step = 0; step < 6; step++) {
      let parity = v128.xor(gaps, i64x2.shl(gaps, 1));
      parity = v128.xor(parity, i64x2.shl(parity, 2));
      parity = v128.xor(parity, i64x2.shl(parity, 4));
      parity = v128.xor(parity, i64x2.shl(parity, 8));
      parity = v128.xor(parity, i64x2.shl(parity, 16));
      parity = v128.xor(parity, i64x2.shl(parity, 32));
      const moved = v128.and(parity, m);
      m = close(m, moved, 1 << step);
      x = close(x, moved, 1 << step);
      gaps = v128.andnot(gaps, parity);
    }
    const low = <u64>i64x2.extract_lane(x, 0);
    const high = <u64>i64x2.extract_lane(x, 1);
    // Every word is stored as far as it is filled; the place moves on when it is full.
    let next = buffer | (low << filled);
    store<u64>(out, next);
    let total = filled + counts0;
    let rest = filled === 0 ? 0 : low >> (64 - filled);
    buffer = total >= 64 ? rest : next;
    out += total >= 64 ? 8 : 0;
    filled = total & 63;
    next = buffer | (high << filled);
    store<u64>(out, next);
    total = filled + counts1;
    rest = filled === 0 ? 0 : high >> (64 - filled);
    buffer = total >= 64 ? rest : next;
    out += total >= 64 ? 8 : 0;
    filled = total & 63;
  }
  store<u64>(out, buffer);
  return <f64>(out - first) * 8.0 + <f64>filled;
}
