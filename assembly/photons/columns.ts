// Events as columns of bits: which detector, and the three planes of either setting code.

import {
  EVENTS,
  OUT_ALICE,
  OUT_BOB,
  OUT_DETECTOR,
  OUT_SLOT,
  OUT_XX_ALICE,
  OUT_XX_BOB,
  OUT_XX_CORRECTION,
  OUT_XX_EVENT,
  XX_EVENTS,
} from "./layout";

/** Writes bit `plane` of `count` bytes; unused bits are 0. */
function packPlane(bytes: usize, count: u32, plane: i32, out: usize): void {
  for (let i: u32 = 0; i < count; i += 16, bytes += 16, out += 2) {
    // Shifting words shifts bits into the lower byte's neighbour, but never into its highest place.
    const mask = i8x16.bitmask(i16x8.shl(v128.load(bytes), 7 - plane));
    const left = count - i;
    store<u16>(out, <u16>(left < 16 ? mask & ((1 << left) - 1) : mask));
  }
}

function toFront(state: usize, column: usize, size: u32, first: u32, end: u32): void {
  const at = <usize>load<u32>(state + column);
  memory.copy(at, at + <usize>(first * size), <usize>((end - first) * size));
}

/**
 * Takes the first `count` written events away as columns: at `out`, `stride` bytes apart, the right detector's clicks, three
 * planes of Alice's codes, three of Bob's. The events behind them move to the front. Returns how many of the events taken
 * were X-X; the caller has read their phases.
 */
export function takeColumns(state: usize, count: u32, out: usize, stride: usize): u32 {
  packPlane(load<u32>(state, OUT_DETECTOR), count, 0, out);
  for (let plane = 0; plane < 3; plane++) {
    packPlane(load<u32>(state, OUT_ALICE), count, plane, out + (1 + plane) * stride);
    packPlane(load<u32>(state, OUT_BOB), count, plane, out + (4 + plane) * stride);
  }
  const events = load<u32>(state, EVENTS);
  toFront(state, OUT_SLOT, 8, count, events);
  toFront(state, OUT_DETECTOR, 1, count, events);
  toFront(state, OUT_ALICE, 1, count, events);
  toFront(state, OUT_BOB, 1, count, events);
  store<u32>(state, events - count, EVENTS);

  const xxEvents = load<u32>(state, XX_EVENTS);
  const xxEvent = <usize>load<u32>(state, OUT_XX_EVENT);
  let taken = xxEvents;
  while (taken > 0 && load<u32>(xxEvent + ((<usize>(taken - 1)) << 2)) >= count) taken--;
  for (let i = taken; i < xxEvents; i++) {
    const at = xxEvent + ((<usize>i) << 2);
    store<u32>(at - ((<usize>taken) << 2), load<u32>(at) - count);
  }
  toFront(state, OUT_XX_ALICE, 2, taken, xxEvents);
  toFront(state, OUT_XX_BOB, 2, taken, xxEvents);
  toFront(state, OUT_XX_CORRECTION, 2, taken, xxEvents);
  store<u32>(state, xxEvents - taken, XX_EVENTS);
  return taken;
}
