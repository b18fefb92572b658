// From an order of positions to pairs, two words each: the earlier position, then the later one. Earlier positions are
// marked in `earlier`. Which of the two held the 0 is forgotten here.

/** Stores a pair in order and marks the earlier position. */
function storePair(pair: usize, a: u32, b: u32, earlier: usize): void {
  const first = min(a, b);
  store<u32>(pair, first);
  store<u32>(pair, max(a, b), 4);
  const mark = earlier + ((<usize>(first >> 5)) << 2);
  store<u32>(mark, load<u32>(mark) | ((<u32>1) << (first & 31)));
}

/**
 * Joins the ones of `bits` xor `flip`, in their order, with the first positions of `order`, which becomes the list of pairs
 * (the list is filled from its end, so that no position is overwritten before it is read).
 */
export function joinActive(bits: usize, flip: u64, length: u32, order: usize, pairs: u32, earlier: usize): void {
  let pair = order + ((<usize>pairs) << 3);
  let partner = order + ((<usize>pairs) << 2);
  let base = (length + 63) & ~63;
  while (base > 0) {
    base -= 64;
    let word = load<u64>(bits + (<usize>base >> 3)) ^ flip;
    if (length - base < 64) word &= ((<u64>1) << (length - base)) - 1;
    while (word !== 0) {
      const highest = 63 - <u32>clz<u64>(word);
      word ^= (<u64>1) << highest;
      pair -= 8;
      partner -= 4;
      storePair(pair, base + highest, load<u32>(partner), earlier);
    }
  }
}

/** Joins neighbours of `order` and keeps the pairs that differ in `bits`, at the front of `order`; returns how many. */
export function joinRandom(bits: usize, order: usize, positions: u32, earlier: usize): u32 {
  let pair = order;
  const end = order + ((<usize>(positions & ~1)) << 2);
  for (let at = order; at < end; at += 8) {
    const a = load<u32>(at);
    const b = load<u32>(at, 4);
    const bitA = load<u8>(bits + (a >> 3)) >> <u8>(a & 7);
    const bitB = load<u8>(bits + (b >> 3)) >> <u8>(b & 7);
    if (((bitA ^ bitB) & 1) === 0) continue;
    storePair(pair, a, b, earlier);
    pair += 8;
  }
  return <u32>((pair - order) >> 3);
}
