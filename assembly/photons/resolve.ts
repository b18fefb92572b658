// Candidates whose outcome needs the phase: the phases are drawn, the candidate is kept with the probability that it has
// at this phase, and what clicked is drawn given that something did.

import { normal } from "../random/samplers";
import { nextWord, seek, uniform } from "../random/stream";
import { turnCosine } from "../random/trigonometry";
import { BOTH_X, NEEDS_CARE, pairOf, WITH_LEAK } from "./candidate-code";
import { CLASS_BEAT, CLASS_BOUND, CLASS_SUM } from "./class-table";
import { atLeastOne } from "./interference";
import {
  CANDIDATE_STREAM,
  CLASS_BYTES,
  CLASSES,
  EXPONENTS,
  FAST_NOISE,
  LEAK_EFFICIENCY,
  LEAKS,
  NOISE_EXPONENT,
  OWN_EFFICIENCY,
  PHASE_VALUES,
  PORT_FLIP,
  RESOLVED_ALICE,
  RESOLVED_BOB,
} from "./layout";
import { phaseAt } from "./phase-drift";

/** One phase unit, rad. */
const UNIT: f64 = 6.283185307179586 / 65536.0;
const TURN: f64 = 6.283185307179586;

/** What clicked: own slot L 1, R 2; slot before L 4, R 8; slot after L 16, R 32. */
export const OWN_CLICKS: u32 = 3;

/** A sender's phase in units: continuous phases have all 65536 values, M discrete ones those next to a multiple of 65536/M. */
function drawPhase(state: usize, stream: usize): u32 {
  const values = load<f64>(state, PHASE_VALUES);
  const word = nextWord(stream);
  if (values === 0.0) return word >> 16;
  const index = (<u64>word * <u64>values) >> 32;
  return <u32>((index * 65536 * 2 + <u64>values) / (2 * <u64>values)) & 0xffff;
}

/** Draws both private phases of a slot; `stream` must stand at the slot's sub-stream. */
export function drawPhases(state: usize, stream: usize): void {
  store<u32>(state, drawPhase(state, stream), RESOLVED_ALICE);
  store<u32>(state, drawPhase(state, stream), RESOLVED_BOB);
}

/** Whether the phase path must have been followed to the slot before its candidate is entered. */
export function needsPath(state: usize, code: u32): boolean {
  if ((code & BOTH_X) !== 0) return true;
  if ((code & NEEDS_CARE) === 0) return false;
  return load<f64>(state + CLASSES + <usize>pairOf(code) * CLASS_BYTES, CLASS_BEAT) > 0.0;
}

/** Fills the six means of the Poisson processes that can click, in the order of the click bits. */
function fillExponents(state: usize, record: usize, delta: f64): void {
  const s = load<f64>(record, CLASS_SUM);
  // The phase of a long run is many turns; only their fraction counts.
  const beat = load<f64>(record, CLASS_BEAT) * turnCosine(delta / TURN);
  const lightL = Math.max(s + beat, 0.0);
  const lightR = Math.max(s - beat, 0.0);
  const leakL = load<f64>(state, LEAK_EFFICIENCY) * lightL;
  const leakR = load<f64>(state, LEAK_EFFICIENCY + 8) * lightR;
  store<f64>(state, load<f64>(state, OWN_EFFICIENCY) * lightL + load<f64>(state, NOISE_EXPONENT), EXPONENTS);
  store<f64>(
    state,
    load<f64>(state, OWN_EFFICIENCY + 8) * lightR + load<f64>(state, NOISE_EXPONENT + 8),
    EXPONENTS + 8,
  );
  store<f64>(state, leakL, EXPONENTS + 16);
  store<f64>(state, leakR, EXPONENTS + 24);
  store<f64>(state, leakL, EXPONENTS + 32);
  store<f64>(state, leakR, EXPONENTS + 40);
}

/** Mean of the processes first ... 5 together. */
function meanFrom(state: usize, first: i32, last: i32): f64 {
  let sum = 0.0;
  for (let i = first; i < last; i++) sum += load<f64>(state + ((<usize>i) << 3), EXPONENTS);
  return sum;
}

/**
 * Resolves candidate number `candidate`, whose code asks for it, in a wall slot. Returns the click bits, 0 when the candidate is
 * rejected; the private phases stand in RESOLVED_ALICE and RESOLVED_BOB.
 */
export function resolve(state: usize, code: u32, candidate: u64, wall: f64): u32 {
  const stream = state + CANDIDATE_STREAM;
  const record = state + CLASSES + <usize>pairOf(code) * CLASS_BYTES;
  seek(stream, candidate);
  drawPhases(state, stream);
  let delta = 0.0;
  if (load<f64>(record, CLASS_BEAT) > 0.0) {
    delta = <f64>(<i32>load<u32>(state, RESOLVED_ALICE) - <i32>load<u32>(state, RESOLVED_BOB)) * UNIT;
    delta += phaseAt(state, wall, stream);
    const noise = load<f64>(state, FAST_NOISE);
    if (noise > 0.0) delta += noise * normal(stream);
    const flip = load<f64>(state, PORT_FLIP);
    if (flip > 0.0 && uniform(stream) < flip) delta += Math.PI;
  }
  fillExponents(state, record, delta);
  const last = load<u32>(state, LEAKS) !== 0 ? 6 : 2;
  // A leak candidate must have leaked; any other must have clicked anywhere.
  const first = (code & WITH_LEAK) !== 0 ? 2 : 0;
  if (uniform(stream) * load<f64>(record, CLASS_BOUND) >= atLeastOne(meanFrom(state, first, last))) return 0;
  let clicks: u32 = 0;
  for (let i = first; i < last; i++) {
    const mean = load<f64>(state + ((<usize>i) << 3), EXPONENTS);
    // The first click is drawn given that there is one from here on.
    const given = clicks === 0 ? atLeastOne(meanFrom(state, i, last)) : 1.0;
    if (happens(uniform(stream) * given, mean)) clicks |= 1 << i;
  }
  for (let i = 0; i < first; i++) {
    if (happens(uniform(stream), load<f64>(state + ((<usize>i) << 3), EXPONENTS))) clicks |= 1 << i;
  }
  return clicks;
}

/** Whether a Poisson process of this mean has an event, decided by a uniform number: u < 1 - exp(-mean) <= mean. */
function happens(u: f64, mean: f64): boolean {
  return u < mean && u < atLeastOne(mean);
}
