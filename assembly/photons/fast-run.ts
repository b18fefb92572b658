// The fast way: candidates whose outcome stands in their code, that meet both detectors rested and nothing else under way.
// It holds everything in locals and stops in front of the first candidate that needs more.

import { BLOCKS_PER_BATCH } from "../random/philox";
import { BOTH_Z, NEEDS_CARE } from "./candidate-code";
import {
  AFTERPULSE_COUNTDOWN,
  BIT_BUFFER_ALICE,
  BIT_BUFFER_BOB,
  BIT_BYTES,
  BIT_COUNT,
  BITS,
  CODES,
  CURSOR,
  EVENTS,
  FAST_MASK,
  FAST_SLOT,
  LEAKS,
  OUT_ALICE,
  OUT_ALICE_BITS,
  OUT_BOB,
  OUT_BOB_BITS,
  OUT_DETECTOR,
  OUT_SLOT,
  PENDING,
  POSITION,
  QUANTUM_SLOTS,
  REACH,
  REFERENCE_REACH,
  REGISTERED,
  RESTED_FROM,
  STEPS,
  TALLIES,
  WRITE_EVENTS,
} from "./layout";

/** Counts candidates of the current batch in slots below `limit` as long as they are simple; returns how many it took. */
export function countFast(state: usize, limit: f64, mostEvents: u32): u32 {
  const reach = load<f64>(state, REACH);
  const leaks = load<u32>(state, LEAKS) !== 0;
  const referenceReach = load<f64>(state, REFERENCE_REACH);
  const quantum = load<f64>(state, QUANTUM_SLOTS);
  const write = load<u32>(state, WRITE_EVENTS) !== 0;
  const outSlot = load<u32>(state, OUT_SLOT);
  const outDetector = load<u32>(state, OUT_DETECTOR);
  const outAlice = load<u32>(state, OUT_ALICE);
  const outBob = load<u32>(state, OUT_BOB);
  // Leaks are answered by the candidate behind, so the last of a batch is never simple then.
  const most = leaks ? BLOCKS_PER_BATCH - 1 : BLOCKS_PER_BATCH;
  const first = load<u32>(state, CURSOR);
  // A click with an afterpulse goes the careful way, as does any candidate that might be the one.
  const untilL = load<i64>(state, AFTERPULSE_COUNTDOWN);
  const untilR = load<i64>(state, AFTERPULSE_COUNTDOWN + 8);
  const simple = min<i64>(min<i64>(untilL, untilR) - 1, BLOCKS_PER_BATCH);
  const end = min<u32>(most, first + <u32>simple);
  let cursor = first;
  let last = load<f64>(state, POSITION) - 1.0;
  let rested = load<f64>(state, RESTED_FROM);
  let events = load<u32>(state, EVENTS);
  let clicksL: u32 = 0;
  let clicksR: u32 = 0;
  let aliceBits = load<u32>(state, BIT_BUFFER_ALICE);
  let bobBits = load<u32>(state, BIT_BUFFER_BOB);
  let bitCount = load<u32>(state, BIT_COUNT);
  while (cursor < end && events < mostEvents) {
    const slot = last + load<f64>(state + ((<usize>cursor) << 3) + STEPS);
    const code = load<u32>(state + ((<usize>cursor) << 2) + CODES);
    if (!(slot < limit) || slot < rested || (code & NEEDS_CARE) !== 0) break;
    if (leaks && load<f64>(state + ((<usize>cursor) << 3) + STEPS, 8) < 2.0) break;
    if (referenceReach > 0.0 && slot - Math.floor(slot / quantum) * quantum < referenceReach) break;
    const clicks = (code >> 24) & 3;
    clicksL += clicks & 1;
    clicksR += clicks >> 1;
    cursor++;
    last = slot;
    rested = slot + 1.0 + reach;
    const tally = state + ((<usize>(code & 0xff)) << 3);
    store<u64>(tally, load<u64>(tally, TALLIES) + 1, TALLIES);
    if (clicks === 3) continue;
    if (write) {
      store<f64>(<usize>(outSlot + (events << 3)), slot);
      store<u8>(<usize>(outDetector + events), <u8>(clicks >> 1));
      store<u8>(<usize>(outAlice + events), <u8>(code >> 8));
      store<u8>(<usize>(outBob + events), <u8>(code >> 16));
    }
    events++;
    // Without a branch: whether a click is Z-Z is as good as random.
    const isZ = (code & BOTH_Z) !== 0 ? 1 : 0;
    aliceBits |= (((code >> 8) & 1 & isZ) ^ isZ) << bitCount;
    bobBits |= ((code >> 16) & 1 & isZ) << bitCount;
    bitCount += isZ;
    if (bitCount === 32) {
      const written = load<u32>(state, BIT_BYTES);
      store<u32>(<usize>(load<u32>(state, OUT_ALICE_BITS) + written), aliceBits);
      store<u32>(<usize>(load<u32>(state, OUT_BOB_BITS) + written), bobBits);
      store<u32>(state, written + 4, BIT_BYTES);
      store<f64>(state, load<f64>(state, BITS) + 32.0, BITS);
      aliceBits = 0;
      bobBits = 0;
      bitCount = 0;
    }
  }
  if (cursor === first) return 0;
  store<f64>(state, last, FAST_SLOT);
  store<u32>(state, (load<u32>(state + ((<usize>(cursor - 1)) << 2) + CODES) >> 24) & 3, FAST_MASK);
  store<u32>(state, cursor, CURSOR);
  store<f64>(state, last + 1.0, POSITION);
  store<f64>(state, rested, RESTED_FROM);
  store<u32>(state, events, EVENTS);
  store<i64>(state, untilL - <i64>clicksL, AFTERPULSE_COUNTDOWN);
  store<i64>(state, untilR - <i64>clicksR, AFTERPULSE_COUNTDOWN + 8);
  store<u64>(state, load<u64>(state, REGISTERED) + <u64>clicksL, REGISTERED);
  store<u64>(state, load<u64>(state, REGISTERED + 8) + <u64>clicksR, REGISTERED + 8);
  store<u32>(state, aliceBits, BIT_BUFFER_ALICE);
  store<u32>(state, bobBits, BIT_BUFFER_BOB);
  store<u32>(state, bitCount, BIT_COUNT);
  return cursor - first;
}

/** Whether candidate `cursor` in `slot` meets rested detectors and nothing else that could touch its slot. */
export function isUndisturbed(state: usize, slot: f64, cursor: u32): boolean {
  if (load<u32>(state, PENDING) !== 0 || slot < load<f64>(state, RESTED_FROM)) return false;
  const referenceReach = load<f64>(state, REFERENCE_REACH);
  if (referenceReach > 0.0) {
    const quantum = load<f64>(state, QUANTUM_SLOTS);
    if (slot - Math.floor(slot / quantum) * quantum < referenceReach) return false;
  }
  if (load<u32>(state, LEAKS) === 0) return true;
  return cursor + 1 < <u32>BLOCKS_PER_BATCH && load<f64>(state + ((<usize>(cursor + 1)) << 3) + STEPS) >= 2.0;
}
