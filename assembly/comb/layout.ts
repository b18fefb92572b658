// How a field of N complex samples lies in memory, N a power of two from 256 to 4096.
//
//   slot k (32 bytes):   | re[k]  re[k + N/2] | im[k]  im[k + N/2] |
//                          lane 0   lane 1      lane 0   lane 1
//
// The first stage of the forward transform works across the lanes; after it the lanes are two independent
// transforms of M = N/2 slots that share every twiddle:
//
//   lane 0:  x[k] + x[k + N/2]              -> even frequencies
//   lane 1: (x[k] - x[k + N/2]) w_N^k       -> odd frequencies
//
// Spectra stay in the order in which decimation in frequency leaves them; the `order` table names that order, and
// everything that is multiplied with a spectrum is stored in it.
//
// A plan holds, one after the other:
//
//   cross      M/2 x 32 bytes   cos and sin of 2 pi k / N, lanes k and k + 1: two slots are crossed at a time
//   twiddles   one block for each radix-4 stage of stride s > 1:  s x 48 bytes, cos and sin of k, 2k, 3k over 4s
//   eighths    4   x 16 bytes   cos and sin of j pi / 4, for the radix-8 stage that some N need
//   order      N   x  4 bytes   mode index of lane l of slot k at [2k + l]

export const SLOT: usize = 32;
export const CROSS: usize = 16;
export const TWIDDLE: usize = 48;
export const EIGHTH: usize = 16;

/** Bytes of all radix-4 twiddle blocks: strides M/4, M/16, ... down to the innermost group. */
export function twiddleBytes(slots: usize): usize {
  let bytes: usize = 0;
  for (let stride = slots >> 2; stride >= innerGroup(slots); stride >>= 2) bytes += stride * TWIDDLE;
  return bytes;
}

/** Slots in the innermost group: 4 when log2 M is even, else 8. */
export function innerGroup(slots: usize): usize {
  return ctz<usize>(slots) & 1 ? 8 : 4;
}

/** Start of the twiddle blocks of a plan. */
export function twiddlesOf(plan: usize, slots: usize): usize {
  return plan + slots * CROSS;
}

/** Start of the eighth roots of a plan. */
export function eighthsOf(plan: usize, slots: usize): usize {
  return twiddlesOf(plan, slots) + twiddleBytes(slots);
}

/** Start of the order table of a plan. */
export function orderOf(plan: usize, slots: usize): usize {
  return eighthsOf(plan, slots) + 4 * EIGHTH;
}

/** Bytes of a plan for N samples. */
export function planBytes(samples: i32): i32 {
  const slots = <usize>samples >> 1;
  return <i32>(slots * CROSS + twiddleBytes(slots) + 4 * EIGHTH + 2 * slots * 4);
}
