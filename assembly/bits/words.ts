// Whole words at a time: how many ones, sums, and the bits that a mask selects.

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

/** Moves what `moved` marks to lower bits by `distance` places. */
function close(x: v128, moved: v128, distance: i32): v128 {
  const taken = v128.and(x, moved);
  return v128.or(v128.xor(x, taken), i64x2.shr_u(taken, distance));
}

/** The gaps that are left to close when those marked by `parity` are closed. */
function parityOf(gaps: v128): v128 {
  let parity = v128.xor(gaps, i64x2.shl(gaps, 1));
  parity = v128.xor(parity, i64x2.shl(parity, 2));
  parity = v128.xor(parity, i64x2.shl(parity, 4));
  parity = v128.xor(parity, i64x2.shl(parity, 8));
  parity = v128.xor(parity, i64x2.shl(parity, 16));
  return v128.xor(parity, i64x2.shl(parity, 32));
}

/** Appends `bits` to a string of which `filled` bits of the word at `out` are there; the word behind becomes ready. */
function append(bits: u64, filled: u64, out: usize): void {
  store<u64>(out, load<u64>(out) | (bits << filled));
  store<u64>(out, filled === 0 ? 0 : bits >> (64 - filled), 8);
}

/**
 * Writes the bits of some strings at the ones of `mask` one behind the other. The strings lie `stride` bytes apart at
 * `sources`, the results at `out`, as far apart, with room for `words` words and two more each; `already` bits of the first
 * word of each are there already. `words` is even. Returns the bits that are there then.
 *
 * In each word the selected bits move to the low end in six steps: those with an odd number of unselected bits below
 * move by one, then those with an odd number of pairs of them by two, and so on (Warren, Hacker's Delight, 2nd ed.,
 * section 7-4).
 */
export function select(
  sources: usize,
  stride: usize,
  strings: u32,
  mask: usize,
  words: u32,
  out: usize,
  already: u32,
): u32 {
  const first = out;
  const end = mask + ((<usize>words) << 3);
  let filled = <u64>already;
  const ones = i64x2.splat(-1);
  for (; mask < end; mask += 16, sources += 16) {
    const m = v128.load(mask);
    const count0 = popcnt<u64>(i64x2.extract_lane(m, 0));
    const count1 = popcnt<u64>(i64x2.extract_lane(m, 1));
    let gaps = i64x2.shl(v128.xor(m, ones), 1);
    let parity = parityOf(gaps);
    const moved1 = v128.and(parity, m);
    let rest = close(m, moved1, 1);
    gaps = v128.andnot(gaps, parity);
    parity = parityOf(gaps);
    const moved2 = v128.and(parity, rest);
    rest = close(rest, moved2, 2);
    gaps = v128.andnot(gaps, parity);
    parity = parityOf(gaps);
    const moved4 = v128.and(parity, rest);
    rest = close(rest, moved4, 4);
    gaps = v128.andnot(gaps, parity);
    parity = parityOf(gaps);
    const moved8 = v128.and(parity, rest);
    rest = close(rest, moved8, 8);
    gaps = v128.andnot(gaps, parity);
    parity = parityOf(gaps);
    const moved16 = v128.and(parity, rest);
    rest = close(rest, moved16, 16);
    gaps = v128.andnot(gaps, parity);
    const moved32 = v128.and(parityOf(gaps), rest);
    const middle = filled + count0;
    const second = out + (middle >= 64 ? 8 : 0);
    for (let string: usize = 0; string < <usize>strings; string++) {
      const away = string * stride;
      let x = v128.and(v128.load(sources + away), m);
      x = close(x, moved1, 1);
      x = close(x, moved2, 2);
      x = close(x, moved4, 4);
      x = close(x, moved8, 8);
      x = close(x, moved16, 16);
      x = close(x, moved32, 32);
      append(i64x2.extract_lane(x, 0), filled, out + away);
      append(i64x2.extract_lane(x, 1), middle & 63, second + away);
    }
    filled = (middle & 63) + count1;
    out = second + (filled >= 64 ? 8 : 0);
    filled &= 63;
  }
  return <u32>((out - first) << 3) + <u32>filled;
}
