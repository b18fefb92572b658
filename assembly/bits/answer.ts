// Reading announced pairs: are they disjoint, and which bits do they join?

import { sortByRegion } from "./regions";

/**
 * The bits of `bits` at the later positions of the next pairs, from pair `done` on, a multiple of 64.
 *
 * @param length - number of positions
 * @param later - later positions of the next pairs, in order of their earlier ones
 * @param count - how many, at most `piece`
 * @param earlier - ones at the earlier positions
 * @param taken - positions that are taken, at first all earlier ones
 * @param cursor - position to go on from and the word of pending earlier positions
 * @param out - where the bits go
 * @param scratch - a work place of regions.ts for `piece` entries
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
  scratch: usize,
  piece: u32,
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
    store<u64>(scratch + (k << 3), <u64>second | ((<u64>k) << 32));
  }
  store<u32>(cursor, base);
  store<u64>(cursor, word, 8);
  if (bad !== 0) return 1;
  out += <usize>done >> 3;
  memory.fill(out, 0, (<usize>count + 7) >> 3);
  const sorted = sortByRegion(scratch, piece, count);
  for (let entry = sorted; entry < sorted + ((<usize>count) << 3); entry += 8) {
    const second = load<u32>(entry);
    const k = load<u32>(entry, 4);
    const at = (<usize>(second >> 5)) << 2;
    const before = load<u32>(taken + at);
    bad |= (before >> (second & 31)) & 1;
    store<u32>(taken + at, before | ((<u32>1) << (second & 31)));
    const bit = (load<u32>(bits + at) >> (second & 31)) & 1;
    const to = out + ((<usize>(k >> 5)) << 2);
    store<u32>(to, load<u32>(to) | (bit << (k & 31)));
  }
  return bad === 0 ? 0 : 1;
}
