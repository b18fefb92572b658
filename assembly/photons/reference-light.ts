// What the bright reference light of a frame leaves behind for the quantum slots that follow its guard: by formula, since
// its photons are not simulated one by one.
//
// Deep in a reference section clicks form a stationary renewal process. With hit probability p per slot (averaged over the
// interference phase, afterpulses included) and relative efficiency r(k) in slot k after a click, the next click is further
// than x slots away with probability
//
//   S(x) = product over k = 1 ... x of (1 - p r(k))
//
// so a slot holds a registered click with probability pi = 1 / sum S, and the last click before the section's end is x
// slots old with probability pi S(x).
//
// One such age is drawn per frame and detector when a quantum slot asks. Afterpulses of reference clicks arrive in
// quantum slot j of a frame with probability pi p_a rho^(g + j) (1 - rho^R), rho = exp(-1/tau), g guard and R reference
// slots; their positions are drawn from that hazard.

import { exponential } from "../random/samplers";
import { seek, uniform } from "../random/stream";
import { addAfterpulse } from "./calendar";
import { detector } from "./detectors";
import {
  DETECTOR_AFTERPULSE_PROBABILITY,
  DETECTOR_AFTERPULSE_SLOTS,
  DETECTOR_DEAD_SLOTS,
  DETECTOR_EFFICIENCY,
  DETECTOR_RECOVERY_SLOTS,
  GUARD_SLOTS,
  LAST_CLICK,
  LEFT,
  QUANTUM_SLOTS,
  REACH,
  RECOVERY_LEFT,
  REFERENCE_CLICK,
  REFERENCE_COUNTS,
  REFERENCE_FRAME,
  REFERENCE_HIT,
  REFERENCE_PULSE_HAZARD,
  REFERENCE_PULSE_NUMBER,
  REFERENCE_PULSE_SLOT,
  REFERENCE_PULSE_STREAM,
  REFERENCE_REACH,
  REFERENCE_SLOTS,
  REFERENCE_STREAM,
  RIGHT,
  TRACKING,
  WINDOW_SLOTS,
} from "./layout";
import { gapSlots } from "./timeline";

/** Hit probability of a detector per reference slot, averaged over the interference phase. */
function hitProbability(state: usize, which: u32): f64 {
  const reference = load<f64>(state, REFERENCE_SLOTS);
  if (reference === 0.0 || load<f64>(state, TRACKING) === 0.0) return 0.0;
  const share = reference / (load<f64>(state, QUANTUM_SLOTS) + gapSlots(state));
  const own = load<f64>(detector(state, which), DETECTOR_EFFICIENCY);
  const both = load<f64>(state, LEFT + DETECTOR_EFFICIENCY) + load<f64>(state, RIGHT + DETECTOR_EFFICIENCY);
  if (both === 0.0) return 0.0;
  const counts = (load<f64>(state, REFERENCE_COUNTS) * own) / both;
  return Math.min(counts / (load<f64>(state, WINDOW_SLOTS) * share), 1.0);
}

/** Relative efficiency in slot `k` after a click that lies beyond the dead time. */
function recovered(state: usize, which: u32, beyond: f64): f64 {
  if (beyond >= load<f64>(detector(state, which), DETECTOR_RECOVERY_SLOTS)) return 1.0;
  const table = <usize>load<u32>(state + ((<usize>which) << 2) + RECOVERY_LEFT);
  return load<f64>(table + ((<usize>beyond) << 3));
}

/** sum S: the mean number of slots from one click to the next. */
function meanInterval(state: usize, which: u32, hit: f64): f64 {
  const parameters = detector(state, which);
  const recovery = load<f64>(parameters, DETECTOR_RECOVERY_SLOTS);
  let mean = load<f64>(parameters, DETECTOR_DEAD_SLOTS) + 1.0;
  let survival = 1.0;
  for (let beyond = 0.0; beyond < recovery; beyond += 1.0) {
    survival *= 1.0 - hit * recovered(state, which, beyond);
    mean += survival;
  }
  return mean + (survival * (1.0 - hit)) / hit;
}

/** Draws how many slots before the section's end the last click was: inversion of pi S(x). */
function drawAge(state: usize, which: u32, u: f64): f64 {
  const at = state + ((<usize>which) << 3);
  const parameters = detector(state, which);
  const hit = load<f64>(at, REFERENCE_HIT);
  const dead = load<f64>(parameters, DETECTOR_DEAD_SLOTS);
  const recovery = load<f64>(parameters, DETECTOR_RECOVERY_SLOTS);
  // Measured in units of 1 / pi.
  let rest = u / load<f64>(at, REFERENCE_CLICK);
  if (rest < dead + 1.0) return Math.floor(rest);
  rest -= dead + 1.0;
  let survival = 1.0;
  for (let beyond = 0.0; beyond < recovery; beyond += 1.0) {
    survival *= 1.0 - hit * recovered(state, which, beyond);
    if (rest < survival) return dead + 1.0 + beyond;
    rest -= survival;
  }
  // The tail falls by (1 - hit) a slot; its whole weight is survival (1 - hit) / hit.
  const share = (rest * hit) / (survival * (1.0 - hit));
  if (!(share < 1.0)) return Infinity;
  return dead + 1.0 + recovery + Math.floor(Math.log1p(-share) / Math.log1p(-hit));
}

/** Afterpulse hazard of slot 0 of every frame's quantum slots, before what dead time takes from it. */
function firstHazard(state: usize, which: u32): f64 {
  const parameters = detector(state, which);
  const time = load<f64>(parameters, DETECTOR_AFTERPULSE_SLOTS);
  const probability = load<f64>(parameters, DETECTOR_AFTERPULSE_PROBABILITY);
  const clicks = load<f64>(state + ((<usize>which) << 3), REFERENCE_CLICK);
  if (!(probability > 0.0) || clicks === 0.0) return 0.0;
  const reached = -Math.expm1(-load<f64>(state, REFERENCE_SLOTS) / time);
  return clicks * probability * Math.exp(-load<f64>(state, GUARD_SLOTS) / time) * reached;
}

/** Moves to the next afterpulse of reference light. */
function nextPulse(state: usize, which: u32): void {
  const at = state + ((<usize>which) << 3);
  const first = firstHazard(state, which);
  if (first === 0.0) return;
  const stream = state + REFERENCE_PULSE_STREAM;
  const quantum = load<f64>(state, QUANTUM_SLOTS);
  const guard = load<f64>(state, GUARD_SLOTS);
  const reference = load<f64>(state, REFERENCE_SLOTS);
  const parameters = detector(state, which);
  const time = load<f64>(parameters, DETECTOR_AFTERPULSE_SLOTS);
  const dead = load<f64>(parameters, DETECTOR_DEAD_SLOTS);
  const perSlot = -Math.expm1(-1.0 / time);
  const wholeFrame = -Math.expm1(-quantum / time);
  const perFrame = (first * wholeFrame) / perSlot;
  const number = load<f64>(at, REFERENCE_PULSE_NUMBER);
  let hazard = load<f64>(at, REFERENCE_PULSE_HAZARD);
  let slot = 0.0;
  seek(stream, <u64>number * 2 + <u64>which);
  for (let tries = 0; ; tries++) {
    hazard += exponential(stream);
    const frame = Math.floor(hazard / perFrame);
    const share = (hazard - frame * perFrame) / perFrame;
    const within = Math.min(Math.floor(-Math.log1p(-share * wholeFrame) * time), quantum - 1.0);
    // The first frame has no reference light before it.
    slot = (frame + 1.0) * quantum + within;
    // A reference click that is still dead here cannot be the one whose afterpulse registers.
    const age = guard + within;
    if (age >= dead) break;
    const open = Math.exp(-dead / time) - Math.exp(-(age + reference) / time);
    const all = Math.exp(-age / time) * -Math.expm1(-reference / time);
    if (uniform(stream) * all < open) break;
    // A sub-stream has room for about a hundred tries; then the next one goes on.
    if (tries % 64 === 63) seek(stream, (<u64>number * 2 + <u64>which) | ((<u64>(tries / 64 + 1)) << 44));
  }
  store<f64>(at, slot, REFERENCE_PULSE_SLOT);
  store<f64>(at, hazard, REFERENCE_PULSE_HAZARD);
  store<f64>(at, number + 1.0, REFERENCE_PULSE_NUMBER);
}

/** Prepares both detectors' reference light. */
export function startReferenceLight(state: usize): void {
  let any = false;
  for (let which: u32 = 0; which < 2; which++) {
    const at = state + ((<usize>which) << 3);
    const hit = hitProbability(state, which);
    if (hit > 0.0) any = true;
    const parameters = detector(state, which);
    const probability = load<f64>(parameters, DETECTOR_AFTERPULSE_PROBABILITY);
    // Afterpulses that outlive the dead time are hits as well.
    const follow =
      probability > 0.0
        ? probability *
          Math.exp(-load<f64>(parameters, DETECTOR_DEAD_SLOTS) / load<f64>(parameters, DETECTOR_AFTERPULSE_SLOTS))
        : 0.0;
    let hits = hit;
    let click = 0.0;
    for (let round = 0; hit > 0.0 && round < 8; round++) {
      click = 1.0 / meanInterval(state, which, hits);
      hits = Math.min(hit + (1.0 - hit) * follow * click, 1.0);
    }
    store<f64>(at, hits, REFERENCE_HIT);
    store<f64>(at, click, REFERENCE_CLICK);
    store<f64>(at, Infinity, REFERENCE_PULSE_SLOT);
    store<f64>(at, 0.0, REFERENCE_PULSE_HAZARD);
    store<f64>(at, 0.0, REFERENCE_PULSE_NUMBER);
    nextPulse(state, which);
  }
  const reach = load<f64>(state, REACH) - load<f64>(state, GUARD_SLOTS);
  store<f64>(state, any ? Math.max(reach, 0.0) : 0.0, REFERENCE_REACH);
  store<f64>(state, 0.0, REFERENCE_FRAME);
}

/** Quantum slot of the next afterpulse of reference light, infinite when there is none. */
export function nextReferencePulse(state: usize): f64 {
  return Math.min(load<f64>(state, REFERENCE_PULSE_SLOT), load<f64>(state, REFERENCE_PULSE_SLOT + 8));
}

/** Puts the reference-light afterpulse of a quantum slot into the calendar. */
export function addReferencePulse(state: usize, slot: f64, wall: f64): void {
  for (let which: u32 = 0; which < 2; which++) {
    if (load<f64>(state + ((<usize>which) << 3), REFERENCE_PULSE_SLOT) !== slot) continue;
    addAfterpulse(state, wall, 1 << which);
    nextPulse(state, which);
  }
}

/** Draws the last reference clicks before a frame, once a frame, and lets the detectors remember them. */
export function rememberReference(state: usize, frame: f64): void {
  if (frame <= load<f64>(state, REFERENCE_FRAME) || load<f64>(state, REFERENCE_REACH) === 0.0) return;
  store<f64>(state, frame, REFERENCE_FRAME);
  const end = frame * (load<f64>(state, QUANTUM_SLOTS) + gapSlots(state)) - load<f64>(state, GUARD_SLOTS) - 1.0;
  const stream = state + REFERENCE_STREAM;
  seek(stream, <u64>frame);
  for (let which: u32 = 0; which < 2; which++) {
    const at = state + ((<usize>which) << 3);
    const u = uniform(stream);
    if (load<f64>(at, REFERENCE_HIT) === 0.0) continue;
    const age = drawAge(state, which, u);
    // Every frame's reference section is as long as this one; a click older than that is the quantum slots' own.
    if (age >= load<f64>(state, REFERENCE_SLOTS)) continue;
    if (end - age > load<f64>(at, LAST_CLICK)) store<f64>(at, end - age, LAST_CLICK);
  }
}
