// What leaves the kernel: tallies, the event stream, the phases of X-X events and the raw Z-Z bits.

import { BOTH_X, BOTH_Z, CLICK_L, CLICK_R } from "./candidate-code";
import {
  BIT_BUFFER_ALICE,
  BIT_BUFFER_BOB,
  BIT_BYTES,
  BIT_COUNT,
  BITS,
  EVENTS,
  OUT_ALICE,
  OUT_ALICE_BITS,
  OUT_BOB,
  OUT_BOB_BITS,
  OUT_DETECTOR,
  OUT_SLOT,
  OUT_XX_ALICE,
  OUT_XX_BOB,
  OUT_XX_CORRECTION,
  OUT_XX_EVENT,
  SLICE_HALF_WIDTH,
  SLICES,
  TALLIES,
  WRITE_EVENTS,
  XX_EVENTS,
} from "./layout";

const X1: u32 = 3;

/** Alice's bit is 1 when she sent, Bob's is 0 when he did. */
function writeBits(state: usize, code: u32): void {
  const count = load<u32>(state, BIT_COUNT);
  const aliceBits = load<u32>(state, BIT_BUFFER_ALICE) | ((((code >> 8) & 1) ^ 1) << count);
  const bobBits = load<u32>(state, BIT_BUFFER_BOB) | (((code >> 16) & 1) << count);
  store<u32>(state, aliceBits, BIT_BUFFER_ALICE);
  store<u32>(state, bobBits, BIT_BUFFER_BOB);
  store<u32>(state, count + 1, BIT_COUNT);
  if (count === 31) flushBits(state);
}

/** Writes 32 raw bits of each side. */
export function flushBits(state: usize): void {
  const written = load<u32>(state, BIT_BYTES);
  store<u32>(<usize>(load<u32>(state, OUT_ALICE_BITS) + written), load<u32>(state, BIT_BUFFER_ALICE));
  store<u32>(<usize>(load<u32>(state, OUT_BOB_BITS) + written), load<u32>(state, BIT_BUFFER_BOB));
  store<u32>(state, written + 4, BIT_BYTES);
  store<u32>(state, 0, BIT_BUFFER_ALICE);
  store<u32>(state, 0, BIT_BUFFER_BOB);
  store<u32>(state, 0, BIT_COUNT);
  store<f64>(state, load<f64>(state, BITS) + 32.0, BITS);
}

/** Sorts an x1-x1 or x2-x2 event into its phase slice, if it is in one. */
function countSlice(state: usize, which: u32, outcome: u32, alice: u32, bob: u32, correction: u32): void {
  const half = <u32>load<f64>(state, SLICE_HALF_WIDTH);
  const shifted = alice - bob + correction + half;
  let slice: u32 = 0;
  if ((shifted & 0xffff) >= 2 * half) {
    if (((shifted + 0x8000) & 0xffff) >= 2 * half) return;
    slice = 1;
  }
  // Around 0 light goes to L (outcome 0), around pi to R (outcome 1).
  const cell = state + ((<usize>(which * 4 + slice)) << 3);
  store<f64>(cell, load<f64>(cell, SLICES) + 1.0, SLICES);
  if (outcome !== slice) store<f64>(cell, load<f64>(cell, SLICES + 16) + 1.0, SLICES + 16);
}

/** Announces a slot with the clicks in its code; phases matter for X-X alone. */
export function writeEvent(state: usize, slot: f64, code: u32, alicePhase: u32, bobPhase: u32, correction: u32): void {
  const tally = state + ((<usize>(code & 0xff)) << 3);
  store<u64>(tally, load<u64>(tally, TALLIES) + 1, TALLIES);
  if ((code & CLICK_L) !== 0 && (code & CLICK_R) !== 0) return;
  const alice = (code >> 8) & 0xff;
  const bob = (code >> 16) & 0xff;
  const outcome: u32 = (code & CLICK_L) !== 0 ? 0 : 1;
  const index = load<u32>(state, EVENTS);
  store<u32>(state, index + 1, EVENTS);
  const write = load<u32>(state, WRITE_EVENTS) !== 0;
  if (write) {
    store<f64>(<usize>(load<u32>(state, OUT_SLOT) + (index << 3)), slot);
    store<u8>(<usize>(load<u32>(state, OUT_DETECTOR) + index), <u8>outcome);
    store<u8>(<usize>(load<u32>(state, OUT_ALICE) + index), <u8>alice);
    store<u8>(<usize>(load<u32>(state, OUT_BOB) + index), <u8>bob);
  }
  if ((code & BOTH_Z) !== 0) writeBits(state, code);
  if ((code & BOTH_X) === 0) return;
  if (alice === bob && alice >= X1) countSlice(state, alice - X1, outcome, alicePhase, bobPhase, correction);
  if (!write) return;
  const xx = load<u32>(state, XX_EVENTS);
  store<u32>(state, xx + 1, XX_EVENTS);
  store<u32>(<usize>(load<u32>(state, OUT_XX_EVENT) + (xx << 2)), index);
  store<u16>(<usize>(load<u32>(state, OUT_XX_ALICE) + (xx << 1)), <u16>alicePhase);
  store<u16>(<usize>(load<u32>(state, OUT_XX_BOB) + (xx << 1)), <u16>bobPhase);
  store<u16>(<usize>(load<u32>(state, OUT_XX_CORRECTION) + (xx << 1)), <u16>correction);
}
