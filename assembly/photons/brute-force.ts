// The same counts without skipping: every slot draws its settings, phases and clicks. Slow on purpose; it is what the
// event loop is measured against. No memory of detectors, no drift.

import { nextWord, openStream, seek, uniform } from "../random/stream";
import {
  ALICE,
  BACKGROUND_STREAM,
  BOB,
  KEY_0,
  KEY_1,
  LINK,
  NOISE_EXPONENT,
  OWN_EFFICIENCY,
  SENDER_MEAN_PHOTONS,
  SENDER_PROBABILITIES,
  TALLIES,
} from "./layout";

function drawSetting(sender: usize, u: f64): u32 {
  let setting: u32 = 0;
  let below = load<f64>(sender, SENDER_PROBABILITIES);
  while (u >= below && setting < 4) {
    setting++;
    below += load<f64>(sender + ((<usize>setting) << 3), SENDER_PROBABILITIES);
  }
  return setting;
}

/** Counts `slots` slots one by one into the tallies. */
export function countSlotBySlot(state: usize, slots: u32): void {
  const stream = state + BACKGROUND_STREAM;
  openStream(stream, <u32>load<f64>(state, KEY_0), <u32>load<f64>(state, KEY_1), <u32>load<f64>(state, LINK), 0xffff);
  seek(stream, 0);
  const word: f64 = 1.0 / 4294967296.0;
  for (let slot: u32 = 0; slot < slots; slot++) {
    const alice = drawSetting(state + ALICE, <f64>nextWord(stream) * word);
    const bob = drawSetting(state + BOB, <f64>nextWord(stream) * word);
    const a = load<f64>(state, ALICE) * load<f64>(state + ((<usize>alice) << 3), ALICE + SENDER_MEAN_PHOTONS);
    const b = load<f64>(state, BOB) * load<f64>(state + ((<usize>bob) << 3), BOB + SENDER_MEAN_PHOTONS);
    const beat = Math.sqrt(a * b) * Math.cos(<f64>nextWord(stream) * word * 6.283185307179586);
    const left = load<f64>(state, OWN_EFFICIENCY) * (0.5 * (a + b) + beat) + load<f64>(state, NOISE_EXPONENT);
    const right = load<f64>(state, OWN_EFFICIENCY + 8) * (0.5 * (a + b) - beat) + load<f64>(state, NOISE_EXPONENT + 8);
    let clicks: u32 = 0;
    if (uniform(stream) < -Math.expm1(-left)) clicks = 1;
    if (uniform(stream) < -Math.expm1(-right)) clicks |= 2;
    if (clicks === 0) continue;
    const tally = state + ((<usize>((alice * 5 + bob) * 3 + clicks - 1)) << 3);
    store<u64>(tally, load<u64>(tally, TALLIES) + 1, TALLIES);
  }
}
