// Slots that still wait for their last clicks: the candidate at hand, light that leaked into a neighbouring slot, and
// afterpulses to come. Kept in falling order of wall slot, so that the earliest is the last and leaves at once.
//
// Entry, 32 bytes:
//    0 wall slot (f64)   8 clicks, L 1, R 2 (u32)   12 which of them are afterpulses (u32)
//   16 code of its setting pair, or NO_PAIR while nobody asked (u32)   20 Alice's phase   24 Bob's phase (u32)

import { CALENDAR, CALENDAR_CAPACITY, CALENDAR_ENTRY, FAULT, PENDING } from "./layout";

export const ENTRY_CLICKS: usize = 8;
export const ENTRY_AFTERPULSES: usize = 12;
export const ENTRY_PAIR: usize = 16;
export const ENTRY_ALICE: usize = 20;
export const ENTRY_BOB: usize = 24;
export const NO_PAIR: u32 = 0xffffffff;

/** Fault code: more afterpulses wait than there is room for. */
export const CALENDAR_FULL: f64 = 1.0;

/** Address of the i-th entry; 0 is the latest. */
function entryAt(state: usize, index: u32): usize {
  return state + CALENDAR + <usize>index * CALENDAR_ENTRY;
}

/** The earliest waiting slot; there must be one. */
export function earliest(state: usize): usize {
  return entryAt(state, load<u32>(state, PENDING) - 1);
}

/** Forgets the earliest waiting slot. */
export function dropEarliest(state: usize): void {
  store<u32>(state, load<u32>(state, PENDING) - 1, PENDING);
}

/** The entry of a wall slot, made when there is none. */
export function entryFor(state: usize, wall: f64): usize {
  const count = load<u32>(state, PENDING);
  let index = count;
  while (index > 0 && load<f64>(entryAt(state, index - 1)) < wall) index--;
  if (index > 0 && load<f64>(entryAt(state, index - 1)) === wall) return entryAt(state, index - 1);
  const entry = entryAt(state, index);
  if (<i32>count === CALENDAR_CAPACITY) {
    store<f64>(state, CALENDAR_FULL, FAULT);
    return entryAt(state, count - 1);
  }
  memory.copy(entry + CALENDAR_ENTRY, entry, <usize>(count - index) * CALENDAR_ENTRY);
  store<u32>(state, count + 1, PENDING);
  store<f64>(entry, wall);
  store<u32>(entry, 0, ENTRY_CLICKS);
  store<u32>(entry, 0, ENTRY_AFTERPULSES);
  store<u32>(entry, NO_PAIR, ENTRY_PAIR);
  return entry;
}

/** Adds clicks to a slot. */
export function addClicks(state: usize, wall: f64, clicks: u32): void {
  const entry = entryFor(state, wall);
  store<u32>(entry, load<u32>(entry, ENTRY_CLICKS) | clicks, ENTRY_CLICKS);
}

/** Adds an afterpulse to a slot. */
export function addAfterpulse(state: usize, wall: f64, clicks: u32): void {
  const entry = entryFor(state, wall);
  store<u32>(entry, load<u32>(entry, ENTRY_CLICKS) | clicks, ENTRY_CLICKS);
  store<u32>(entry, load<u32>(entry, ENTRY_AFTERPULSES) | clicks, ENTRY_AFTERPULSES);
}
