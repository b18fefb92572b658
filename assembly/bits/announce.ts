/**
 * Writes the later position of every pair to `later`, in the order of earlier positions.
 *
 * @param list - pairs of positions, earlier first, in any order
 * @param earlier - ones at the earlier positions, `words` words
 * @param ranks - work place: for each word of `earlier` the number of ones before it
 */
export function announce(list: usize, pairs: u32, earlier: usize, words: u32, ranks: usize, later: usize): void {
  let rank: u32 = 0;
  for (let word: usize = 0; word < <usize>words; word++) {
    store<u32>(ranks + (word << 2), rank);
    rank += <u32>popcnt<u64>(load<u64>(earlier + (word << 3)));
  }
  const end = list + ((<usize>pairs) << 3);
  for (; list < end; list += 8) {
    const first = load<u32>(list);
    const word = <usize>(first >> 6);
    const below = load<u64>(earlier + (word << 3)) & (((<u64>1) << (first & 63)) - 1);
    const place = load<u32>(ranks + (word << 2)) + <u32>popcnt<u64>(below);
    store<u32>(later + ((<usize>place) << 2), load<u32>(list, 4));
  }
}
