// Reading announced pairs: is it a set of disjoint pairs, and which of them are odd here?

/**
 * The parity of the next pairs.
 *
 * `table` holds two words for every 32 positions: the reader's bits, and which positions are taken, at first all earlier
 * ones; so a later position costs one visit. `cursor` holds the position to go on from and the word of pending parities.
 *
 * @param length - number of positions
 * @param later - later positions of the next pairs, in order of their earlier ones
 * @param count - how many
 * @param earlier - ones at the earlier positions
 * @param odd - parities are written here, from pair `done` on
 * @returns 0, or 1 when a pair does not name two fresh positions in order
 */
export function answer(
  table: usize,
  length: u32,
  later: usize,
  count: u32,
  earlier: usize,
  cursor: usize,
  odd: usize,
  done: u32,
): u32 {
  let base = load<u32>(cursor);
  let word = load<u64>(cursor, 8);
  let bad: u32 = 0;
  const end = done + count;
  let parities: u64 = (done & 63) === 0 ? 0 : load<u64>(odd + ((<usize>(done >> 6)) << 3));
  for (; done < end; done++, later += 4) {
    while (word === 0) {
      base += 64;
      word = load<u64>(earlier + (<usize>base >> 3));
    }
    const first = base + <u32>ctz<u64>(word);
    word &= word - 1;
    const second = load<u32>(later);
    if (second >= length) return 1;
    const entry = table + ((<usize>(second >> 5)) << 3);
    const taken = load<u32>(entry, 4);
    const bit = (<u32>1) << (second & 31);
    bad |= (taken & bit) | (second <= first ? 1 : 0);
    store<u32>(entry, taken | bit, 4);
    const mine = load<u32>(table + ((<usize>(first >> 5)) << 3)) >> (first & 31);
    const parity = (mine ^ (load<u32>(entry) >> (second & 31))) & 1;
    parities |= (<u64>parity) << (done & 63);
    if ((done & 63) === 63) {
      store<u64>(odd + ((<usize>(done >> 6)) << 3), parities);
      parities = 0;
    }
  }
  if ((done & 63) !== 0) store<u64>(odd + ((<usize>(done >> 6)) << 3), parities);
  store<u32>(cursor, base);
  store<u64>(cursor, word, 8);
  return bad === 0 ? 0 : 1;
}
