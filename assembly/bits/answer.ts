// Reading announced pairs: are they disjoint, and which bits do they join?
//
// Later positions lie all over memory; each kind of access has a loop of its own, so that many are under way at once.

/**
 * The bits of `bits` at the later positions of the next pairs, from pair `done` on, a multiple of 64.
 *
 * @param length - number of positions
 * @param later - later positions of the next pairs, in order of their earlier ones
 * @param count - how many
 * @param earlier - ones at the earlier positions
 * @param taken - positions that are taken, at first all earlier ones
 * @param cursor - position to go on from and the word of pending earlier positions
 * @param out - where the bits go
 * @returns 0, or 1 when a pair does not name two fresh positions in order
 */
export function gather(
  bits: usize,
  length: u32,
  later: usize,
  count: u32,
  earlier: usize,
  taken: usize,
  cursor: usize,
  out: usize,
  done: u32,
): u32 {
  let base = load<u32>(cursor);
  let word = load<u64>(cursor, 8);
  let bad: u32 = 0;
  for (let k: usize = 0; k < <usize>count; k++) {
    while (word === 0) {
      base += 64;
      word = load<u64>(earlier + (<usize>base >> 3));
    }
    const first = base + <u32>ctz<u64>(word);
    word &= word - 1;
    const second = load<u32>(later + (k << 2));
    bad |= (second <= first ? 1 : 0) | (second >= length ? 1 : 0);
  }
  store<u32>(cursor, base);
  store<u64>(cursor, word, 8);
  if (bad !== 0) return 1;
  out += <usize>done >> 3;
  for (let k: usize = 0; k < <usize>count; k += 64, out += 8) {
    const here = min<usize>(64, <usize>count - k);
    let gathered: u64 = 0;
    for (let i: usize = 0; i < here; i++) {
      const second = load<u32>(later + ((k + i) << 2));
      const bit = (<u64>load<u8>(bits + <usize>(second >> 3)) >> (second & 7)) & 1;
      gathered |= bit << i;
    }
    store<u64>(out, gathered);
  }
  for (let k: usize = 0; k < <usize>count; k++) {
    const second = load<u32>(later + (k << 2));
    const place = taken + ((<usize>(second >> 5)) << 2);
    const before = load<u32>(place);
    const bit = (<u32>1) << (second & 31);
    bad |= before & bit;
    store<u32>(place, before | bit);
  }
  return bad === 0 ? 0 : 1;
}
