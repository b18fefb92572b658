// From an order of positions to the message: pairs in the order of their earlier positions. Which of the two held the 0
// does not enter it.
//
//   active   the positions of the ones of `bits` xor `flip`, in their order, are joined with the first ones of `order`
//   random   neighbours of `order` are joined, as far as they differ in `bits`
//
// Each is gone through twice: to mark the earlier positions, and when it is known how many lie before each, to put the later
// positions where they belong.

import { sortByRegion } from "./regions";

/** Marks a position in a string. */
function mark(position: u32, marks: usize): void {
  const at = marks + ((<usize>(position >> 5)) << 2);
  store<u32>(at, load<u32>(at) | ((<u32>1) << (position & 31)));
}

/** Writes the later positions of the first `count` pairs of a work place to `later`, at the ranks of the earlier ones. */
function placePiece(scratch: usize, piece: u32, count: u32, earlier: usize, ranks: usize, later: usize): void {
  const sorted = sortByRegion(scratch, piece, count);
  for (let entry = sorted; entry < sorted + ((<usize>count) << 3); entry += 8) {
    const first = load<u32>(entry);
    const word = <usize>(first >> 6);
    const below = load<u64>(earlier + (word << 3)) & (((<u64>1) << (first & 63)) - 1);
    const rank = load<u32>(ranks + (word << 2)) + <u32>popcnt<u64>(below);
    store<u32>(later + ((<usize>rank) << 2), load<u32>(entry, 4));
  }
}

/** Puts a pair into a work place. */
function storePair(scratch: usize, count: u32, a: u32, b: u32): void {
  const entry = scratch + ((<usize>count) << 3);
  store<u32>(entry, min(a, b));
  store<u32>(entry, max(a, b), 4);
}

/** The ones of a word of `bits` xor `flip`, for a string of `length` bits. */
function wordAt(bits: usize, flip: u64, length: u32, base: u32): u64 {
  const word = load<u64>(bits + (<usize>base >> 3)) ^ flip;
  const left = length - base;
  return left < 64 ? word & (((<u64>1) << left) - 1) : word;
}

/** Marks the earlier position of every active pair. */
export function markActive(bits: usize, flip: u64, length: u32, order: usize, earlier: usize): void {
  for (let base: u32 = 0; base < length; base += 64) {
    for (let word = wordAt(bits, flip, length, base); word !== 0; word &= word - 1, order += 4) {
      mark(min(base + <u32>ctz<u64>(word), load<u32>(order)), earlier);
    }
  }
}

/** Writes the later position of every active pair, with a work place for at least 64 pairs. */
export function placeActive(
  bits: usize,
  flip: u64,
  length: u32,
  order: usize,
  earlier: usize,
  ranks: usize,
  later: usize,
  scratch: usize,
  piece: u32,
): void {
  let count: u32 = 0;
  for (let base: u32 = 0; base < length; base += 64) {
    if (count + 64 > piece) {
      placePiece(scratch, piece, count, earlier, ranks, later);
      count = 0;
    }
    for (let word = wordAt(bits, flip, length, base); word !== 0; word &= word - 1, order += 4) {
      storePair(scratch, count++, base + <u32>ctz<u64>(word), load<u32>(order));
    }
  }
  placePiece(scratch, piece, count, earlier, ranks, later);
}

/** Moves the odd ones of the random pairs to the front of `order` and marks their earlier positions; returns their number. */
export function markRandom(bits: usize, order: usize, positions: u32, earlier: usize): u32 {
  let pair = order;
  const end = order + ((<usize>(positions & ~1)) << 2);
  for (let at = order; at < end; at += 8) {
    const a = load<u32>(at);
    const b = load<u32>(at, 4);
    const bitA = load<u8>(bits + (a >> 3)) >> <u8>(a & 7);
    const bitB = load<u8>(bits + (b >> 3)) >> <u8>(b & 7);
    if (((bitA ^ bitB) & 1) === 0) continue;
    store<u32>(pair, a);
    store<u32>(pair, b, 4);
    mark(min(a, b), earlier);
    pair += 8;
  }
  return <u32>((pair - order) >> 3);
}

/** Writes the later position of every odd random pair. */
export function placeRandom(
  order: usize,
  pairs: u32,
  earlier: usize,
  ranks: usize,
  later: usize,
  scratch: usize,
  piece: u32,
): void {
  while (pairs > 0) {
    const count = min(pairs, piece);
    for (let i: u32 = 0; i < count; i++, order += 8) storePair(scratch, i, load<u32>(order), load<u32>(order, 4));
    placePiece(scratch, piece, count, earlier, ranks, later);
    pairs -= count;
  }
}

/** Writes for each of `words` words of a string how many ones lie before it. */
export function rankWords(marks: usize, words: u32, ranks: usize): void {
  let rank: u32 = 0;
  for (let word: usize = 0; word < <usize>words; word++) {
    store<u32>(ranks + (word << 2), rank);
    rank += <u32>popcnt<u64>(load<u64>(marks + (word << 3)));
  }
}
