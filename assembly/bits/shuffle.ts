// A uniformly random order of many positions, without jumping about in memory (Rao, Sankhya A 23, 305 (1961); Sandelius,
// J. R. Stat. Soc. B 24, 479 (1962)).
//
// Every position is dealt to one of 256 piles by a random byte of its own; each pile is shuffled; the piles lie one
// behind the other. Given the sizes of the piles, every way to deal is equally likely, and within a pile every order is:
// so every order of the whole is. A pile fits into the cache, where Fisher and Yates may jump.

/** Piles. */
const PILES: usize = 256;

/**
 * Sets the place of each pile's first position from the random bytes by which positions will be dealt.
 *
 * @param bytes - one random byte for each position
 * @param positions - how many
 * @param order - where the dealt positions will stand, four bytes each
 * @param next - 256 addresses, the place of each pile's next position; after them room for 256 more
 */
export function openPiles(bytes: usize, positions: u32, order: usize, next: usize): void {
  const counts = next + PILES * 4;
  memory.fill(counts, 0, PILES * 4);
  const end = bytes + <usize>positions;
  for (let byte = bytes; byte < end; byte++) {
    const count = counts + ((<usize>load<u8>(byte)) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
  for (let pile: usize = 0; pile < PILES; pile++) {
    store<u32>(next + (pile << 2), <u32>order);
    order += (<usize>load<u32>(counts + (pile << 2))) << 2;
  }
}

/**
 * Deals the positions of the ones of `bits` xor `flip`, for a string of `length` bits.
 *
 * @param bytes - the random bytes that the piles were opened with
 */
export function deal(bits: usize, flip: u64, length: u32, bytes: usize, next: usize): void {
  for (let base: u32 = 0; base < length; base += 64, bits += 8) {
    let word = load<u64>(bits) ^ flip;
    const left = length - base;
    if (left < 64) word &= ((<u64>1) << left) - 1;
    while (word !== 0) {
      const pile = next + ((<usize>load<u8>(bytes++)) << 2);
      const place = <usize>load<u32>(pile);
      store<u32>(place, base + <u32>ctz<u64>(word));
      store<u32>(pile, <u32>place + 4);
      word &= word - 1;
    }
  }
}

/**
 * Shuffles the dealt piles from place `from` until place `to` or until the random words are used up; returns the place
 * it stopped at, which is where the next call goes on.
 *
 * @param next - the piles after dealing: each address is the end of its pile
 */
export function shuffle(order: usize, next: usize, from: u32, to: u32, words: usize, count: u32): u32 {
  const last = words + ((<usize>count) << 2);
  let place = order + ((<usize>from) << 2);
  const stop = order + ((<usize>to) << 2);
  let pile: usize = 0;
  for (; place < stop; place += 4) {
    while (<usize>load<u32>(next + (pile << 2)) <= place) pile++;
    const bound = (load<u32>(next + (pile << 2)) - <u32>place) >> 2;
    // The upper word of a random word times the bound is a number below the bound; a few lower words are one too many for
    // all numbers to be equally likely (Lemire, arXiv:1805.10941).
    let product: u64;
    do {
      if (words === last) return <u32>((place - order) >> 2);
      product = <u64>load<u32>(words) * <u64>bound;
      words += 4;
    } while (<u32>product < bound && <u32>product < (<u32>0 - bound) % bound);
    const other = place + ((<usize>(product >> 32)) << 2);
    const position = load<u32>(place);
    store<u32>(place, load<u32>(other));
    store<u32>(other, position);
  }
  return to;
}
