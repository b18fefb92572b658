/**
 * A plain radix-2 transform for the device models' noise, in double precision.
 *
 * Valid for any power of two, accurate to 1e-15 log2 N in the relative L2 norm. The comb's integrator has a kernel of its own; this one needs no
 * binary and serves series of a few million samples.
 *
 * @module
 */
import { invalid } from "../errors.ts";

/**
 * Transforms interleaved complex samples in place: $X_m=\sum_k x_k e^{\mp2\pi imk/N}$, not normalised.
 *
 * @param values - interleaved samples, twice a power of two of them
 * @param inverse - the sign of the exponent is positive
 * @returns `values`
 * @throws {@link TwincombError} `invalid-input` when the length is wrong
 */
export function fourierTransform(values: Float64Array, inverse: boolean = false): Float64Array {
  const size = values.length / 2;
  if (!Number.isInteger(Math.log2(size))) throw invalid("values", values.length, "twice a power of two of numbers");
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      for (const part of [0, 1]) {
        const kept = values[2 * i + part]!;
        values[2 * i + part] = values[2 * j + part]!;
        values[2 * j + part] = kept;
      }
    }
  }
  const sign = inverse ? 1 : -1;
  const cosines = new Float64Array(size / 2);
  const sines = new Float64Array(size / 2);
  for (let k = 0; k < size / 2; k++) {
    cosines[k] = Math.cos((2 * Math.PI * k) / size);
    sines[k] = sign * Math.sin((2 * Math.PI * k) / size);
  }
  for (let span = 1; span < size; span *= 2) {
    const stride = size / (2 * span);
    for (let start = 0; start < size; start += 2 * span) {
      for (let k = 0; k < span; k++) {
        const c = cosines[k * stride]!;
        const s = sines[k * stride]!;
        const a = 2 * (start + k);
        const b = a + 2 * span;
        const re = values[b]! * c - values[b + 1]! * s;
        const im = values[b]! * s + values[b + 1]! * c;
        values[b] = values[a]! - re;
        values[b + 1] = values[a + 1]! - im;
        values[a]! += re;
        values[a + 1]! += im;
      }
    }
  }
  return values;
}
