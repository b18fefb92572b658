/**
 * Packed bits to bytes and back, and syndromes. A bit is the sign of its byte: 0x80 for 1, 0 for 0.
 */
import { EDGE, LAYER_HEADER, PAD, wrapped } from "./layout";

/**
 * Spreads packed bits over bytes of value `one` or 0.
 *
 * @param packed - bit i is `(byte[i >> 3] >> (i & 7)) & 1`
 * @param bytes - where block b, of z bits, begins `b * stride` bytes on
 * @param z - bits of a block, a multiple of 16
 */
export function expand(packed: usize, bytes: usize, z: usize, blocks: usize, stride: usize, one: i32): void {
  const spread = i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
  const select = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  const value = i8x16.splat(<i8>one);
  for (let block: usize = 0; block < blocks; block++) {
    const column = bytes + block * stride;
    for (let i: usize = 0; i < z; i += 16) {
      const pair = i8x16.swizzle(i16x8.splat(load<i16>(packed)), spread);
      v128.store(column + i, v128.and(i8x16.eq(v128.and(pair, select), select), value));
      packed += 2;
    }
  }
}

/**
 * Packs the signs of bytes: the inverse of {@link expand}.
 */
export function packSigns(bytes: usize, packed: usize, z: usize, blocks: usize, stride: usize): void {
  for (let block: usize = 0; block < blocks; block++) {
    const column = bytes + block * stride;
    for (let i: usize = 0; i < z; i += 16) {
      store<u16>(packed, <u16>i8x16.bitmask(v128.load(column + i)));
      packed += 2;
    }
  }
}

/**
 * The packed syndrome of bits given as bytes with their pads filled: bit l z + r is the parity of row r of layer l.
 */
export function syndrome(layers: usize, layerCount: i32, z: usize, bits: usize, packed: usize): void {
  let layer = layers;
  for (let l = 0; l < layerCount; l++) {
    const degree = load<i32>(layer);
    const edges = layer + LAYER_HEADER;
    const end = edges + <usize>degree * EDGE;
    for (let row: usize = 0; row < z; row += 16) {
      let parity = i8x16.splat(0);
      for (let edge = edges; edge < end; edge += EDGE) {
        const at = <usize>load<u32>(edge) + wrapped(row + <usize>load<u32>(edge, 4), z);
        parity = v128.xor(parity, v128.load(bits + at));
      }
      store<u16>(packed, <u16>i8x16.bitmask(parity));
      packed += 2;
    }
    layer = end;
  }
}

/**
 * Whether the signs of the posteriors satisfy every check; stops at the first step that does not.
 */
export function satisfied(layers: usize, layerCount: i32, z: usize, target: usize, bits: usize): i32 {
  let layer = layers;
  for (let l = 0; l < layerCount; l++) {
    const degree = load<i32>(layer);
    const edges = layer + LAYER_HEADER;
    const end = edges + <usize>degree * EDGE;
    for (let row: usize = 0; row < z; row += 16) {
      let parity = v128.load(target);
      for (let edge = edges; edge < end; edge += EDGE) {
        const at = <usize>load<u32>(edge) + wrapped(row + <usize>load<u32>(edge, 4), z);
        parity = v128.xor(parity, v128.load(bits + at));
      }
      if (i8x16.bitmask(parity) !== 0) return 0;
      target += 16;
    }
    layer = end;
  }
  return 1;
}

/** Fills the pads of all columns. */
export function fillPads(bits: usize, z: usize, columns: usize): void {
  const end = bits + columns * (z + PAD);
  for (let column = bits; column < end; column += z + PAD) v128.store(column + z, v128.load(column));
}
