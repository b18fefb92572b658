// The memory of the two detectors: dead time, recovery and afterpulses, applied to raw clicks in the order of time.
//
// After a registered click a detector is dead for DEAD_SLOTS slots (clicks in them are lost and do not prolong it), then
// registers with the recovery table's probabilities, then fully. A registered click is followed by an afterpulse with
// probability p after 1 + floor(E tau) slots, E exponential: the number of clicks up to the next one that has an
// afterpulse is geometric, so clicks without one cost a decrement.

import { geometric, geometricScale } from "../random/samplers";
import { seek, uniform } from "../random/stream";
import { addAfterpulse } from "./calendar";
import {
  AFTERPULSE_COUNTDOWN,
  AFTERPULSE_NUMBER,
  AFTERPULSE_STREAM,
  DETECTOR_AFTERPULSE_PROBABILITY,
  DETECTOR_AFTERPULSE_SLOTS,
  DETECTOR_DEAD_SLOTS,
  DETECTOR_RECOVERY_SLOTS,
  EFFECTIVE_DEAD_SLOTS,
  LAST_CLICK,
  LEFT,
  REACH,
  RECOVERY_LEFT,
  RECOVERY_STREAM,
  REGISTERED,
  RIGHT,
} from "./layout";

/** Address of the parameters of detector 0 (L) or 1 (R). */
export function detector(state: usize, which: u32): usize {
  return state + (which === 0 ? LEFT : RIGHT);
}

/** Draws after how many registered clicks the next afterpulse is due. */
function drawCountdown(state: usize, which: u32): void {
  const at = state + ((<usize>which) << 3);
  const probability = load<f64>(detector(state, which), DETECTOR_AFTERPULSE_PROBABILITY);
  // More clicks than any run has.
  let clicks: i64 = i64.MAX_VALUE;
  if (probability > 0.0) {
    // L and R take turns in one stream's items.
    seek(state + AFTERPULSE_STREAM, <u64>load<f64>(at, AFTERPULSE_NUMBER) * 2 + <u64>which);
    clicks = 1 + <i64>Math.min(geometric(state + AFTERPULSE_STREAM, geometricScale(probability)), 9e18);
  }
  store<i64>(at, clicks, AFTERPULSE_COUNTDOWN);
}

/** Prepares both detectors: rested, since ever. */
export function startDetectors(state: usize): void {
  let reach = 0.0;
  for (let which: u32 = 0; which < 2; which++) {
    const at = state + ((<usize>which) << 3);
    store<f64>(at, -Infinity, LAST_CLICK);
    store<f64>(at, 0.0, AFTERPULSE_NUMBER);
    drawCountdown(state, which);
    const parameters = detector(state, which);
    const recovery = load<f64>(parameters, DETECTOR_RECOVERY_SLOTS);
    let dead = load<f64>(parameters, DETECTOR_DEAD_SLOTS);
    reach = Math.max(reach, dead + recovery);
    const table = <usize>load<u32>(state + ((<usize>which) << 2) + RECOVERY_LEFT);
    for (let i: usize = 0; i < <usize>recovery; i++) dead += 1.0 - load<f64>(table + (i << 3));
    store<f64>(at, dead, EFFECTIVE_DEAD_SLOTS);
  }
  store<f64>(state, reach, REACH);
}

/** Counts a registered click; true when it has an afterpulse, to be scheduled. */
export function countClick(state: usize, which: u32): boolean {
  const at = state + ((<usize>which) << 3);
  store<u64>(at, load<u64>(at, REGISTERED) + 1, REGISTERED);
  const clicks = load<i64>(at, AFTERPULSE_COUNTDOWN) - 1;
  store<i64>(at, clicks, AFTERPULSE_COUNTDOWN);
  return clicks <= 0;
}

/** Whether the next registered click of one of these detectors has an afterpulse. */
export function hasAfterpulse(state: usize, clicks: u32): boolean {
  if ((clicks & 1) !== 0 && load<i64>(state, AFTERPULSE_COUNTDOWN) <= 1) return true;
  return (clicks & 2) !== 0 && load<i64>(state, AFTERPULSE_COUNTDOWN + 8) <= 1;
}

/** Draws the delay of a click's afterpulse, and the click that will have the next. */
export function scheduleAfterpulse(state: usize, which: u32, wall: f64): void {
  const at = state + ((<usize>which) << 3);
  const number = load<f64>(at, AFTERPULSE_NUMBER);
  const stream = state + AFTERPULSE_STREAM;
  // Delays have items of their own, apart from those of the countdowns.
  seek(stream, (<u64>number * 2 + <u64>which) | ((<u64>1) << 55));
  const delay = 1.0 + geometric(stream, load<f64>(detector(state, which), DETECTOR_AFTERPULSE_SLOTS));
  store<f64>(at, number + 1.0, AFTERPULSE_NUMBER);
  drawCountdown(state, which);
  addAfterpulse(state, wall + delay, 1 << which);
}

/** Whether a detector is in its dead time at a wall slot. */
export function isDead(state: usize, which: u32, wall: f64): boolean {
  const age = wall - load<f64>(state + ((<usize>which) << 3), LAST_CLICK);
  return age <= load<f64>(detector(state, which), DETECTOR_DEAD_SLOTS);
}

/** Whether a live detector registers a raw click at a wall slot; during recovery that is drawn. */
export function registers(state: usize, which: u32, wall: f64): boolean {
  const parameters = detector(state, which);
  const age = wall - load<f64>(state + ((<usize>which) << 3), LAST_CLICK);
  const recovering = age - load<f64>(parameters, DETECTOR_DEAD_SLOTS) - 1.0;
  if (recovering >= load<f64>(parameters, DETECTOR_RECOVERY_SLOTS)) return true;
  const table = <usize>load<u32>(state + ((<usize>which) << 2), RECOVERY_LEFT);
  const stream = state + RECOVERY_STREAM;
  seek(stream, <u64>wall * 2 + <u64>which);
  return uniform(stream) < load<f64>(table + ((<usize>recovering) << 3));
}

/** Remembers a registered click. */
export function markClick(state: usize, which: u32, wall: f64): void {
  store<f64>(state + ((<usize>which) << 3), wall, LAST_CLICK);
}
