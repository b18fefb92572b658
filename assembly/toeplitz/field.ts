/**
 * The field GF(2^32) as a tower of quadratic extensions, with Cantor's basis inside it.
 *
 * Start from GF(2) and adjoin, one after the other, roots v_1, v_2, v_4, v_8, v_16 of
 *
 *     v_1^2 + v_1 = 1,   v_2^2 + v_2 = v_1,   v_4^2 + v_4 = v_3,   v_8^2 + v_8 = v_7,   v_16^2 + v_16 = v_15.
 *
 * Bit k of a word is the coefficient of the product of those generators that the binary digits of k select, so an
 * element of GF(2^(2^r)) is a word of 2^r bits, and a word (low half, high half) means low + high v_(2^r).
 * Subfields are low halves: GF(2^8) is the lowest byte, and multiplying by one of its elements acts on each byte of a
 * word by itself. That is what lets sixteen elements lie in byte planes, one SIMD vector for each byte.
 *
 * Cantor's basis v_0 = 1, v_i^2 + v_i = v_(i-1) interpolates the generators. With s(x) = x^2 + x and s_i its i-th
 * iterate, s_i vanishes on the span of v_0 .. v_(i-1) and s_i(v_j) = v_(j-i): the subspace polynomials of the additive
 * FFT only shift Cantor coordinates. `fromCantor` turns such coordinates into a word; every constant of the transform
 * is made that way.
 */

/** v_0 .. v_31 as words; of the two solutions of y^2 + y = v_(i-1) the one with bit 0 clear. */
const CANTOR: usize = memory.data<u32>([
  0x1, 0x2, 0x4, 0xa, 0x10, 0x28, 0x4a, 0xac, 0x100, 0x280, 0x4aa, 0xac2, 0x10a6, 0x28f4, 0x4a90, 0xacc8, 0x10000,
  0x280e4, 0x4aa06, 0xac266, 0x10a664, 0x28f486, 0x4a90ac, 0xacc8c2, 0x100aca2, 0x2801018, 0x4aa3b4a, 0xac284e2,
  0x10a60a8a, 0x28f427c2, 0x4a90ab4e, 0xacc8241e,
]);

/** The element v_3 of GF(16), with v_4^2 = v_4 + v_3. */
const V3: u32 = 0xa;
/** The element v_7 of GF(2^8), with v_8^2 = v_8 + v_7. */
const V7: u32 = 0xac;
/** The element v_15 of GF(2^16), with v_16^2 = v_16 + v_15. */
const V15: u32 = 0xacc8;

/**
 * The plan: tables of constants, none of them secret, that `prepareField` writes at a place the caller chose.
 *
 *     plan + CANTOR_TABLE   4 x 256 words   fromCantor, one table for each byte of the coordinates
 *     plan + V15_TABLE      2 x 256 u16     v_15 c for c in GF(2^16), one table for each byte of c
 *     plan + V7_TABLE       256 bytes       v_7 c for c in GF(2^8)
 *     plan + LOG_TABLE      16 bytes        logarithms to base v_2 of the elements of GF(16)
 *     plan + POWER_TABLE    2 x 3 x 16      powers p of v_2 as parts of a byte: p + p v_4, v_3 p, p v_4;
 *                                           then the same times v_7
 *     plan + NIBBLE_TABLE   256 x 32 bytes  c x for x = 0..15, then c x for x = 0, 16 .. 240: the row of c
 */
const CANTOR_TABLE: usize = 0;
const V15_TABLE: usize = CANTOR_TABLE + 4 * 256 * 4;
const V7_TABLE: usize = V15_TABLE + 2 * 256 * 2;
const LOG_TABLE: usize = V7_TABLE + 256;
const POWER_TABLE: usize = LOG_TABLE + 16;
const NIBBLE_TABLE: usize = POWER_TABLE + 6 * 16 + 16;
/** Bytes of the plan. */
export const FIELD_BYTES: usize = NIBBLE_TABLE + 256 * 32;

/** Product of two elements of GF(2^bits), by the schoolbook rule of the tower; for tables only. */
function multiply(a: u32, b: u32, bits: u32): u32 {
  if (bits === 1) return a & b;
  const half = bits >> 1;
  const mask: u32 = (1 << half) - 1;
  const a0 = a & mask;
  const a1 = a >> half;
  const b0 = b & mask;
  const b1 = b >> half;
  const low = multiply(a0, b0, half);
  const high = multiply(a1, b1, half);
  const cross = multiply(a0 ^ a1, b0 ^ b1, half);
  // v^2 = v + v_(half - 1) for the generator v of this floor.
  return (low ^ multiply(high, load<u32>(CANTOR + ((half - 1) << 2)), half)) | ((cross ^ low) << half);
}

/** The logarithm of zero: any sum with it stays above 127, even less 15. */
const LOG_ZERO: u8 = 0xa0;

function prepareLogarithms(plan: usize): void {
  store<u8>(plan + LOG_TABLE, LOG_ZERO);
  let power: u32 = 1;
  for (let k: u32 = 0; k < 15; k++) {
    store<u8>(plan + LOG_TABLE + power, <u8>k);
    const parts = plan + POWER_TABLE + k;
    const scaled = parts + 48;
    store<u8>(parts, <u8>(power | (power << 4)));
    store<u8>(parts, <u8>multiply(power, V3, 4), 16);
    store<u8>(parts, <u8>(power << 4), 32);
    for (let part: usize = 0; part < 48; part += 16) {
      store<u8>(scaled + part, <u8>multiply(load<u8>(parts + part), V7, 8));
    }
    power = multiply(power, 4, 4);
  }
}

/** Fills the plan's tables of the field. */
export function prepareField(plan: usize): void {
  prepareLogarithms(plan);
  for (let byte: u32 = 0; byte < 4; byte++) {
    for (let x: u32 = 0; x < 256; x++) {
      let sum: u32 = 0;
      for (let bit: u32 = 0; bit < 8; bit++) {
        if ((x >> bit) & 1) sum ^= load<u32>(CANTOR + (((byte << 3) + bit) << 2));
      }
      store<u32>(plan + CANTOR_TABLE + (((byte << 8) + x) << 2), sum);
    }
  }
  for (let c: u32 = 0; c < 256; c++) {
    store<u16>(plan + V15_TABLE + (c << 1), <u16>multiply(c, V15, 16));
    store<u16>(plan + V15_TABLE + ((c + 256) << 1), <u16>multiply(c << 8, V15, 16));
    store<u8>(plan + V7_TABLE + c, <u8>multiply(c, V7, 8));
    for (let x: u32 = 0; x < 16; x++) {
      store<u8>(plan + NIBBLE_TABLE + (c << 5) + x, <u8>multiply(c, x, 8));
      store<u8>(plan + NIBBLE_TABLE + (c << 5) + x + 16, <u8>multiply(c, x << 4, 8));
    }
  }
}

/** The element whose coordinate along v_j is bit j of `coordinates`. */
export function fromCantor(plan: usize, coordinates: u32): u32 {
  const table = plan + CANTOR_TABLE;
  return (
    load<u32>(table + ((coordinates & 255) << 2)) ^
    load<u32>(table + (((coordinates >> 8) & 255) << 2), 1024) ^
    load<u32>(table + (((coordinates >> 16) & 255) << 2), 2048) ^
    load<u32>(table + ((coordinates >> 24) << 2), 3072)
  );
}

/** v_15 c for c in GF(2^16). */
export function timesV15(plan: usize, c: u32): u32 {
  return <u32>load<u16>(plan + V15_TABLE + ((c & 255) << 1)) ^ <u32>load<u16>(plan + V15_TABLE + ((c >> 8) << 1), 512);
}

/** v_7 c for c in GF(2^8). */
export function timesV7(plan: usize, c: u32): u32 {
  return load<u8>(plan + V7_TABLE + c);
}

/** Address of the two nibble tables of c in GF(2^8). */
export function rowOf(plan: usize, c: u32): usize {
  return plan + NIBBLE_TABLE + (c << 5);
}

export function logTable(plan: usize): v128 {
  return v128.load(plan + LOG_TABLE);
}

/** Address of the three tables of powers of v_2; those times v_7 follow. */
export function powerTables(plan: usize): usize {
  return plan + POWER_TABLE;
}
