// Alias tables (Walker 1977, built after Vose 1991): one 64-bit random number picks one of 2^bits entries.
//
// Entry i is 16 bytes:  0 threshold (u64, below 2^(64 - bits))   8 code of its own (u32)   12 code of its alias (u32)
//
// The upper `bits` of the random number choose the entry, the rest is compared with the threshold: every probability is
// met within 2^-53.

/**
 * Builds a table.
 *
 * weights: `count` doubles >= 0, at most 2^bits of them; overwritten
 * codes:   `count` words, what an entry stands for
 * scratch: 2^bits words
 * Returns false when all weights are 0.
 */
export function buildAlias(table: usize, bits: i32, weights: usize, codes: usize, count: i32, scratch: usize): boolean {
  const size = 1 << bits;
  let total = 0.0;
  for (let i = 0; i < count; i++) total += load<f64>(weights + ((<usize>i) << 3));
  if (!(total > 0.0)) return false;
  const unit = Math.pow(2.0, <f64>(64 - bits));
  const full: u64 = (<u64>1) << (64 - bits);

  // Entries below the mean fill the work list from the front, the others from the back.
  let low = 0;
  let high = size;
  for (let i = 0; i < size; i++) {
    const weight = i < count ? (load<f64>(weights + ((<usize>i) << 3)) / total) * <f64>size : 0.0;
    if (i < count) store<f64>(weights + ((<usize>i) << 3), weight);
    const code = i < count ? load<u32>(codes + ((<usize>i) << 2)) : 0;
    const entry = table + ((<usize>i) << 4);
    store<u64>(entry, i < count ? full : 0);
    store<u32>(entry, code, 8);
    store<u32>(entry, code, 12);
    if (weight < 1.0) {
      store<u32>(scratch + ((<usize>low) << 2), i);
      low++;
    } else {
      high--;
      store<u32>(scratch + ((<usize>high) << 2), i);
    }
  }
  while (low > 0 && high < size) {
    low--;
    const poor = load<u32>(scratch + ((<usize>low) << 2));
    const rich = load<u32>(scratch + ((<usize>high) << 2));
    const share = <i32>poor < count ? load<f64>(weights + ((<usize>poor) << 3)) : 0.0;
    store<u64>(table + ((<usize>poor) << 4), <u64>(share * unit));
    store<u32>(table + ((<usize>poor) << 4), load<u32>(table + ((<usize>rich) << 4), 8), 12);
    const left = load<f64>(weights + ((<usize>rich) << 3)) - (1.0 - share);
    store<f64>(weights + ((<usize>rich) << 3), left);
    if (left < 1.0) {
      high++;
      store<u32>(scratch + ((<usize>low) << 2), rich);
      low++;
    }
  }
  // What rounding leaves over is within 2^-50 of a full entry, unless it never had weight of its own.
  while (low > 0) {
    low--;
    const index = load<u32>(scratch + ((<usize>low) << 2));
    const entry = table + ((<usize>index) << 4);
    if (<i32>index < count && load<f64>(weights + ((<usize>index) << 3)) > 0.5) store<u64>(entry, full);
  }
  return true;
}

/** The code that a random number picks. */
export function pickAlias(table: usize, bits: i32, random: u64): u32 {
  const entry = table + ((<usize>(random >> (64 - bits))) << 4);
  const rest = (random << bits) >> bits;
  // Which of the two is as good as random: no branch could be foreseen.
  const other: usize = rest < load<u64>(entry) ? 0 : 1;
  return load<u32>(entry + (other << 2), 8);
}
