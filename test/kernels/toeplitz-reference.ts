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
