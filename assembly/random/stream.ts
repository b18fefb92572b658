// A scalar stream of random numbers in 112 bytes of memory, for draws that are rare or need a varying number of words:
//
//    0 k0   4 k1   8 link   12 purpose   16 index of the next block (u64)   24 words used
//   28 whether a normal number is left over   32 words of four blocks   96 its angle, 104 its radius
//
// `seek(stream, n)` jumps to the sub-stream of item n (a window, a candidate, a slot), which has 256 blocks of its own;
// what one item draws never moves what another draws.

import { philoxQuad } from "./philox";

/** Bytes of a stream. */
export const STREAM_BYTES: usize = 112;

const WORDS: usize = 32;
const QUAD_WORDS: u32 = 16;
const SPAN_BITS: u64 = 8;

/** Prepares a stream. */
export function openStream(stream: usize, k0: u32, k1: u32, link: u32, purpose: u32): void {
  store<u32>(stream, k0);
  store<u32>(stream, k1, 4);
  store<u32>(stream, link, 8);
  store<u32>(stream, purpose, 12);
  seek(stream, 0);
}

/** Jumps to the first word of item `n`'s sub-stream, n < 2^56. */
export function seek(stream: usize, n: u64): void {
  store<u64>(stream, n << SPAN_BITS, 16);
  store<u32>(stream, QUAD_WORDS, 24);
  store<u32>(stream, 0, 28);
}

/** The next 32 random bits. */
export function nextWord(stream: usize): u32 {
  let used = load<u32>(stream, 24);
  if (used === QUAD_WORDS) {
    const index = load<u64>(stream, 16);
    philoxQuad(
      load<u32>(stream),
      load<u32>(stream, 4),
      index,
      load<u32>(stream, 8),
      load<u32>(stream, 12),
      stream + WORDS,
    );
    store<u64>(stream, index + 4, 16);
    used = 0;
  }
  store<u32>(stream, used + 1, 24);
  return load<u32>(stream + WORDS + ((<usize>used) << 2));
}

/** The next 64 random bits. */
export function nextLong(stream: usize): u64 {
  const used = load<u32>(stream, 24);
  if (used < QUAD_WORDS - 1) {
    store<u32>(stream, used + 2, 24);
    return load<u64>(stream + ((<usize>used) << 2), WORDS);
  }
  const low = <u64>nextWord(stream);
  return low | ((<u64>nextWord(stream)) << 32);
}

/** Uniform on [0, 1), 53 bits. */
export function uniform(stream: usize): f64 {
  return <f64>(nextLong(stream) >> 11) * 1.1102230246251565e-16; // 2^-53
}

/** Uniform on (0, 1], 53 bits. */
export function uniformPositive(stream: usize): f64 {
  return <f64>((nextLong(stream) >> 11) + 1) * 1.1102230246251565e-16; // 2^-53
}
