/**
 * GHASH, the polynomial hash over GF(2^128) of NIST SP 800-38D, on sixteen interleaved chains.
 *
 * With blocks b_0 .. b_(N-1) of 16 bytes the hash is sum b_i H^(N-i). Chain l takes the blocks l, l + 16, l + 32, ..
 * by Horner's rule with the multiplier R = H^16, the same for all chains. Multiplying by R is linear over GF(2): each
 * half byte of a factor adds, to each byte of the product, one of sixteen values. Bytes of the sixteen chains lie in one
 * vector, so that is a look-up within a register: 32 half bytes times 16 bytes of product. No address and no branch
 * depends on the key or the message.
 *
 * A block's coefficient of x^i is bit i counted from the highest bit of byte 0; the field's modulus is
 * x^128 + x^7 + x^2 + x + 1.
 */
import { transposeBytes } from "../toeplitz/shuffle";

/** First byte of memory that is free for the caller. */
export const heapBase: usize = __heap_base;

/** A state: tables of R, then the chains' 16 bytes in planes, H, and work places. */
const CHAINS: usize = 32 * 16 * 16;
const KEY: usize = CHAINS + 256;
const NIBBLES: usize = KEY + 16;
const BLOCKS: usize = NIBBLES + 512;
const OFFSETS: usize = BLOCKS + 256;
const SCRATCH: usize = OFFSETS + 64;
const STATE_BYTES: usize = SCRATCH + 256;

/** Bytes of a state. */
export function stateBytes(): usize {
  return STATE_BYTES;
}

/** product = x y, addresses of blocks; product may be x. */
function multiply(product: usize, x: usize, y: usize): void {
  // The string of bits as two numbers, coefficient of x^0 the highest bit of the first.
  let v0 = bswap(load<u64>(y));
  let v1 = bswap(load<u64>(y, 8));
  let z0: u64 = 0;
  let z1: u64 = 0;
  for (let half: usize = 0; half < 16; half += 8) {
    let bits = bswap(load<u64>(x + half));
    for (let i = 0; i < 64; i++) {
      const taken: u64 = 0 - (bits >> 63);
      bits <<= 1;
      z0 ^= v0 & taken;
      z1 ^= v1 & taken;
      const reduced: u64 = 0 - (v1 & 1);
      v1 = (v1 >> 1) | (v0 << 63);
      v0 = (v0 >> 1) ^ (reduced & 0xe100000000000000);
    }
  }
  store<u64>(product, bswap(z0));
  store<u64>(product, bswap(z1), 8);
}

/** Begins a hash with the key H, a block at `key`. */
export function begin(state: usize, key: usize): void {
  memory.fill(state + CHAINS, 0, 256);
  memory.copy(state + KEY, key, 16);
  for (let i: u32 = 0; i < 16; i++) store<u32>(state + OFFSETS + (i << 2), i << 4);
  const power = state + SCRATCH;
  memory.copy(power, key, 16);
  for (let i = 0; i < 4; i++) multiply(power, power, power);
  prepareTables(state, bswap(load<u64>(power)), bswap(load<u64>(power, 8)));
}

/** Table [half byte][byte of the product][16]; the half bytes in the order of their coefficients. */
function prepareTables(state: usize, v0: u64, v1: u64): void {
  const basis = state + SCRATCH;
  for (let nibble: usize = 0; nibble < 32; nibble++) {
    // R times x^(4 nibble), .. x^(4 nibble + 3): what the bits 3, 2, 1, 0 of the half byte stand for.
    for (let i: usize = 0; i < 4; i++) {
      store<u64>(basis + ((3 - i) << 4), bswap(v0));
      store<u64>(basis + ((3 - i) << 4), bswap(v1), 8);
      const reduced: u64 = 0 - (v1 & 1);
      v1 = (v1 >> 1) | (v0 << 63);
      v0 = (v0 >> 1) ^ (reduced & 0xe100000000000000);
    }
    const table = state + (nibble << 8);
    for (let byte: usize = 0; byte < 16; byte++) {
      const at = table + (byte << 4);
      store<u8>(at, 0);
      for (let bit: usize = 0; bit < 4; bit++) {
        const value = load<u8>(basis + (bit << 4) + byte);
        const step: usize = 1 << bit;
        for (let k: usize = 0; k < step; k++) store<u8>(at + step + k, load<u8>(at + k) ^ value);
      }
    }
  }
}

/** Takes in `groups` times sixteen blocks. */
export function absorb(state: usize, data: usize, groups: i32): void {
  const chains = state + CHAINS;
  const nibbles = state + NIBBLES;
  const blocks = state + BLOCKS;
  const mask = i8x16.splat(15);
  for (; groups > 0; groups--, data += 256) {
    for (let o: usize = 0; o < 256; o += 16) {
      const x = v128.load(chains + o);
      v128.store(nibbles + (o << 1), v128.and(i16x8.shr_u(x, 4), mask));
      v128.store(nibbles + (o << 1), v128.and(x, mask), 16);
      v128.store(blocks + o, v128.load(data + o));
    }
    transposeBytes(blocks, state + OFFSETS, state + SCRATCH);
    for (let byte: usize = 0; byte < 256; byte += 64) {
      let s0 = v128.load(blocks + byte);
      let s1 = v128.load(blocks + byte, 16);
      let s2 = v128.load(blocks + byte, 32);
      let s3 = v128.load(blocks + byte, 48);
      let table = state + byte;
      for (let at = nibbles; at < nibbles + 512; at += 16, table += 256) {
        const index = v128.load(at);
        s0 = v128.xor(s0, i8x16.swizzle(v128.load(table), index));
        s1 = v128.xor(s1, i8x16.swizzle(v128.load(table, 16), index));
        s2 = v128.xor(s2, i8x16.swizzle(v128.load(table, 32), index));
        s3 = v128.xor(s3, i8x16.swizzle(v128.load(table, 48), index));
      }
      v128.store(chains + byte, s0);
      v128.store(chains + byte, s1, 16);
      v128.store(chains + byte, s2, 32);
      v128.store(chains + byte, s3, 48);
    }
  }
}

/** Joins the chains, takes in the last blocks and leaves the hash at `out`. */
export function finish(state: usize, data: usize, blocks: i32, out: usize): void {
  const chains = state + CHAINS;
  transposeBytes(chains, state + OFFSETS, state + SCRATCH);
  v128.store(out, i8x16.splat(0));
  for (let l: usize = 0; l < 256; l += 16) step(state, out, chains + l);
  for (; blocks > 0; blocks--, data += 16) step(state, out, data);
}

/** One step of Horner's rule: hash = (hash + block) H. */
function step(state: usize, hash: usize, block: usize): void {
  v128.store(hash, v128.xor(v128.load(hash), v128.load(block)));
  multiply(hash, hash, state + KEY);
}
