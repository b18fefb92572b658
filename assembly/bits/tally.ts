// Counts of announced settings, sixty-four events at a time.

/** Settings; codes below 2 are those of the Z window. */
const SETTINGS: usize = 5;

/**
 * Adds up the events of every pair of settings.
 *
 * At `planes`, `stride` bytes apart, lie nine strings of `length` bits: the three planes of Alice's codes, the three of
 * Bob's, her Z windows, his, and clicks of the right detector. At `cells` stand 64-bit counts, that of Alice's code a,
 * Bob's code b and detector d at place 10 a + 2 b + d.
 *
 * @returns 0, or 1 when a code is none or contradicts its window
 */
export function tally(planes: usize, stride: usize, length: u32, cells: usize): u32 {
  let bad: u64 = 0;
  const hot = cells + 2 * SETTINGS * SETTINGS * 8;
  for (let base: u32 = 0; base < length; base += 64, planes += 8) {
    const left = length - base;
    const valid: u64 = left < 64 ? ((<u64>1) << left) - 1 : ~(<u64>0);
    for (let side: usize = 0; side < 2; side++) {
      const codes = planes + 3 * side * stride;
      const b0 = load<u64>(codes);
      const b1 = load<u64>(codes + stride);
      const b2 = load<u64>(codes + 2 * stride);
      const isZ = ~(b1 | b2) & valid;
      const out = hot + side * SETTINGS * 8;
      store<u64>(out, isZ & ~b0);
      store<u64>(out, isZ & b0, 8);
      store<u64>(out, b1 & ~b0 & valid, 16);
      store<u64>(out, b1 & b0 & valid, 24);
      store<u64>(out, b2 & ~b0 & valid, 32);
      bad |= (b2 & (b1 | b0)) | (isZ ^ load<u64>(planes + (6 + side) * stride));
    }
    const right = load<u64>(planes + 8 * stride);
    let cell = cells;
    for (let a: usize = 0; a < SETTINGS; a++) {
      const alice = load<u64>(hot + (a << 3));
      for (let b: usize = 0; b < SETTINGS; b++, cell += 16) {
        const both = alice & load<u64>(hot + ((SETTINGS + b) << 3));
        store<u64>(cell, load<u64>(cell) + popcnt<u64>(both & ~right));
        store<u64>(cell, load<u64>(cell, 8) + popcnt<u64>(both & right), 8);
      }
    }
  }
  return bad === 0 ? 0 : 1;
}
