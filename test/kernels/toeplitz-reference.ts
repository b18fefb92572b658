import { bitAt, byteLength } from "../../src/bits.ts";
import type { ToeplitzForm } from "../../src/kernels/toeplitz.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";

/** Random bits, packed, unused bits 0. */
export function randomBits(stream: PhiloxStream, bits: number): Uint8Array {
  const packed = stream.fill(new Uint8Array(byteLength(bits)));
  if (bits % 8 !== 0) packed[packed.length - 1]! &= (1 << (bits % 8)) - 1;
  return packed;
}

/** A stream of random words for tests. */
export function testStream(name: string): PhiloxStream {
  return new PhiloxStream(philoxKey(name), PURPOSE.deviceNoise, 0);
}

/** One bit of the hash, from the definition. */
export function hashBit(
  seed: Uint8Array,
  key: Uint8Array,
  inputBits: number,
  outputBits: number,
  form: ToeplitzForm,
  i: number,
): number {
  const first = form === "modified" ? outputBits : 0;
  const columns = inputBits - first;
  let sum = first > 0 ? bitAt(key, i) : 0;
  for (let j = 0; j < columns; j++) sum ^= bitAt(seed, i - j + columns - 1) & bitAt(key, first + j);
  return sum;
}

/** The whole hash, bit by bit. */
export function referenceHash(
  seed: Uint8Array,
  key: Uint8Array,
  inputBits: number,
  outputBits: number,
  form: ToeplitzForm,
): Uint8Array {
  const out = new Uint8Array(byteLength(outputBits));
  for (let i = 0; i < outputBits; i++) {
    out[i >> 3]! |= hashBit(seed, key, inputBits, outputBits, form, i) << (i & 7);
  }
  return out;
}

/**
 * The whole hash in 32-bit words: for each bit of the key that is set, a window of the seed is added. What one writes
 * without further thought, and the measure of everything faster.
 */
export function wordHash(
  seed: Uint8Array,
  key: Uint8Array,
  inputBits: number,
  outputBits: number,
  form: ToeplitzForm,
): Uint8Array {
  const first = form === "modified" ? outputBits : 0;
  const columns = inputBits - first;
  const words = Math.ceil(outputBits / 32);
  const padded = new Uint8Array(4 * Math.ceil(seed.length / 4) + 8);
  padded.set(seed);
  const seedWords = new Uint32Array(padded.buffer);
  const sum = new Uint32Array(words);
  for (let j = 0; j < columns; j++) {
    if (bitAt(key, first + j) === 0) continue;
    const start = columns - 1 - j;
    const shift = start & 31;
    let at = start >>> 5;
    if (shift === 0) {
      for (let i = 0; i < words; i++) sum[i]! ^= seedWords[at++]!;
    } else {
      for (let i = 0; i < words; i++, at++) {
        sum[i]! ^= (seedWords[at]! >>> shift) | (seedWords[at + 1]! << (32 - shift));
      }
    }
  }
  const out = new Uint8Array(sum.buffer, 0, byteLength(outputBits)).slice();
  for (let i = 0; i < first; i += 8) out[i >> 3]! ^= key[i >> 3]!;
  if (outputBits % 8 !== 0) out[out.length - 1]! &= (1 << (outputBits % 8)) - 1;
  return out;
}
