/**
 * Windows and mirror images of bit strings. Bit i of a string is bit (i mod 8) of byte floor(i / 8).
 */

/**
 * Copies `count` bits from place `start` of `source` to the beginning of `target`, and clears the rest of `room` bytes.
 *
 * @param source - readable up to 24 bytes behind its last bit
 * @param room - a multiple of 16, at least count / 8
 */
export function copyBits(target: usize, room: usize, source: usize, start: usize, count: usize): void {
  const from = source + (start >> 3);
  const shift: i32 = <i32>(start & 7);
  const whole = (count >> 7) << 4;
  let o: usize = 0;
  if (shift === 0) {
    memory.copy(target, from, whole);
    o = whole;
  } else {
    for (; o < whole; o += 16) {
      v128.store(
        target + o,
        v128.or(i64x2.shr_u(v128.load(from + o), shift), i64x2.shl(v128.load(from + o, 8), 64 - shift)),
      );
    }
  }
  const rest = count & 127;
  if (rest) {
    let low = load<u64>(from + o);
    let high = load<u64>(from + o, 8);
    if (shift) {
      low = (low >> shift) | (high << (64 - shift));
      high = (high >> shift) | (load<u64>(from + o, 16) << (64 - shift));
    }
    if (rest <= 64) {
      high = 0;
      if (rest < 64) low &= ((<u64>1) << rest) - 1;
    } else {
      high &= ((<u64>1) << (rest - 64)) - 1;
    }
    store<u64>(target + o, low);
    store<u64>(target + o, high, 8);
    o += 16;
  }
  memory.fill(target + o, 0, room - o);
}

/** The bytes of x in opposite order, each with its bits in opposite order. */
function mirror(x: v128): v128 {
  const nibbles = i8x16(0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15);
  const y = i8x16.shuffle(x, x, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const low = i8x16.swizzle(nibbles, v128.and(y, i8x16.splat(15)));
  const high = i8x16.swizzle(nibbles, v128.and(i16x8.shr_u(y, 4), i8x16.splat(15)));
  return v128.or(i16x8.shl(low, 4), high);
}

/**
 * Writes the mirror image of `length` bytes: bit i goes to place 8 length - 1 - i.
 *
 * @param length - a multiple of 16; source and target do not overlap
 */
export function mirrorBits(target: usize, source: usize, length: usize): void {
  for (let o: usize = 0; o < length; o += 16) v128.store(target + length - 16 - o, mirror(v128.load(source + o)));
}

/** target ^= source, `length` bytes, a multiple of 16. */
export function addBits(target: usize, source: usize, length: usize): void {
  for (let o: usize = 0; o < length; o += 16) {
    v128.store(target + o, v128.xor(v128.load(target + o), v128.load(source + o)));
  }
}
