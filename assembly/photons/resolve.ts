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
  FAST_NOISE,
  LEAK_EFFICIENCY,
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

/** Whether a Poisson process of this mean has an event, decided by a uniform number: u < 1 - exp(-mean) <= mean. */
function happens(u: f64, mean: f64): boolean {
  return u < mean && u < atLeastOne(mean);
}

/** Where leaked light clicked, given that it did: before or after the slot, at L or R with these means each. */
function drawLeaks(stream: usize, leftMean: f64, rightMean: f64): u32 {
  let clicks: u32 = 0;
  let rest = 2.0 * (leftMean + rightMean);
  for (let bit: u32 = 4; bit <= 32; bit <<= 1) {
    const mean = bit === 4 || bit === 16 ? leftMean : rightMean;
    const given = clicks === 0 ? atLeastOne(rest) : 1.0;
    // The last one must be it when none before was, whatever rounding says.
    if ((clicks === 0 && bit === 32) || happens(uniform(stream) * given, mean)) clicks |= bit;
    rest -= mean;
  }
  return clicks;
}

/** Total relative phase of a candidate's slot, its port flip included. */
function drawPhaseDifference(state: usize, stream: usize, wall: f64): f64 {
  let delta = <f64>(<i32>load<u32>(state, RESOLVED_ALICE) - <i32>load<u32>(state, RESOLVED_BOB)) * UNIT;
  delta += phaseAt(state, wall, stream);
  const noise = load<f64>(state, FAST_NOISE);
  if (noise > 0.0) delta += noise * normal(stream);
  const flip = load<f64>(state, PORT_FLIP);
  return flip > 0.0 && uniform(stream) < flip ? delta + Math.PI : delta;
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
  const sum = load<f64>(record, CLASS_SUM);
  let beat = load<f64>(record, CLASS_BEAT);
  // The phase of a long run is many turns; only their fraction counts.
  if (beat > 0.0) beat *= turnCosine(drawPhaseDifference(state, stream, wall) / TURN);
  const leftLight = Math.max(sum + beat, 0.0);
  const rightLight = Math.max(sum - beat, 0.0);
  const left = load<f64>(state, OWN_EFFICIENCY) * leftLight + load<f64>(state, NOISE_EXPONENT);
  const right = load<f64>(state, OWN_EFFICIENCY + 8) * rightLight + load<f64>(state, NOISE_EXPONENT + 8);
  const leftLeak = load<f64>(state, LEAK_EFFICIENCY) * leftLight;
  const rightLeak = load<f64>(state, LEAK_EFFICIENCY + 8) * rightLight;
  const leaked = 2.0 * (leftLeak + rightLeak);

  // A leak candidate must have leaked; any other must have clicked somewhere.
  const mustLeak = (code & WITH_LEAK) !== 0;
  const any = atLeastOne(mustLeak ? leaked : left + right + leaked);
  if (uniform(stream) * load<f64>(record, CLASS_BOUND) >= any) return 0;
  // In turn, each given that something from it on clicks as long as nothing before did.
  let clicks: u32 = 0;
  if (happens(uniform(stream) * (mustLeak ? 1.0 : any), left)) clicks |= 1;
  const none = !mustLeak && clicks === 0;
  if ((none && leaked === 0.0) || happens(uniform(stream) * (none ? atLeastOne(right + leaked) : 1.0), right))
    clicks |= 2;
  if (leaked > 0.0 && (mustLeak || clicks === 0 || happens(uniform(stream), leaked))) {
    clicks |= drawLeaks(stream, leftLeak, rightLeak);
  }
  return clicks;
}
