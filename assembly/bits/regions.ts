// Entries that point all over memory, in the order of the regions that they point to: each region is then in the cache while
// it is visited. An entry is two words, a position and whatever belongs to it.

/** Positions of a region: 2^18, of which a string of bits has 32 KiB. */
const REGION_SHIFT: u32 = 18;
const REGIONS: usize = 1 << (32 - 18);

/**
 * Bytes of a work place for so many entries: a piece as it came, the same sorted, and where each region's entries go. The
 * more entries in a piece, the more visits to a region while it is in the cache; two million are as good as all.
 */
export function scratchBytes(piece: u32): usize {
  return 16 * <usize>piece + REGIONS * 4;
}

/** Sorts the first `count` entries of a work place for `piece` by region; returns the address of the sorted ones. */
export function sortByRegion(scratch: usize, piece: u32, count: u32): usize {
  const sorted = scratch + 8 * <usize>piece;
  const heads = sorted + 8 * <usize>piece;
  memory.fill(heads, 0, REGIONS * 4);
  const end = scratch + ((<usize>count) << 3);
  for (let entry = scratch; entry < end; entry += 8) {
    const head = heads + ((<usize>(load<u32>(entry) >> REGION_SHIFT)) << 2);
    store<u32>(head, load<u32>(head) + 1);
  }
  let place = <u32>sorted;
  for (let head = heads; head < heads + REGIONS * 4; head += 4) {
    const entries = load<u32>(head);
    store<u32>(head, place);
    place += entries << 3;
  }
  for (let entry = scratch; entry < end; entry += 8) {
    const both = load<u64>(entry);
    const head = heads + ((<usize>(<u32>both >> REGION_SHIFT)) << 2);
    const to = load<u32>(head);
    store<u64>(<usize>to, both);
    store<u32>(head, to + 8);
  }
  return sorted;
}
