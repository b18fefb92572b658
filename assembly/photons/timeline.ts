// The clock. A frame is: quantum slots, guard, reference slots, guard. Quantum slots are numbered without gaps, wall
// slots count everything; both are whole doubles below 2^53.

import { GUARD_SLOTS, QUANTUM_SLOTS, REFERENCE_SLOTS } from "./layout";

/** Slots of a frame that are not quantum slots. */
export function gapSlots(state: usize): f64 {
  const reference = load<f64>(state, REFERENCE_SLOTS);
  return reference > 0.0 ? reference + 2.0 * load<f64>(state, GUARD_SLOTS) : 0.0;
}

/** Frame of a quantum slot. */
export function frameOf(state: usize, slot: f64): f64 {
  return Math.floor(slot / load<f64>(state, QUANTUM_SLOTS));
}

/** Wall slot of a quantum slot. */
export function wallSlot(state: usize, slot: f64): f64 {
  return slot + frameOf(state, slot) * gapSlots(state);
}

/** Quantum slot of a wall slot, or -1 when that is guard or reference. */
export function quantumSlot(state: usize, wall: f64): f64 {
  const quantum = load<f64>(state, QUANTUM_SLOTS);
  const length = quantum + gapSlots(state);
  const frame = Math.floor(wall / length);
  const within = wall - frame * length;
  return within < quantum ? frame * quantum + within : -1.0;
}

/** First quantum slot after a wall slot that is guard or reference. */
export function nextQuantumSlot(state: usize, wall: f64): f64 {
  const quantum = load<f64>(state, QUANTUM_SLOTS);
  return (Math.floor(wall / (quantum + gapSlots(state))) + 1.0) * quantum;
}
