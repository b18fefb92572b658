// The event loop. A candidate is a slot in which something may have clicked; between candidates nothing happens, so
// slots are skipped by geometric gaps and only candidates cost time.
//
//   refill   256 candidates: gap and code (class and outcome) from one Philox block each
//   fast     both detectors rested, nothing waiting, outcome known from the table: count it and go on
//   careful  everything else: resolve the phase, let clicks of several origins meet in the calendar, and pass each slot
//            through the detectors once nothing can be added to it any more
//
// Both ways give the same law; which one a candidate takes depends on the candidates alone, never on how calls are cut.

import { pickAlias } from "../random/alias";
import { geometricSteps } from "../random/logarithm";
import { BLOCKS_PER_BATCH, PLANE_BYTES, philoxPlanes } from "../random/philox";
import { nextLong, seek } from "../random/stream";
import {
  addClicks,
  dropEarliest,
  ENTRY_AFTERPULSES,
  ENTRY_ALICE,
  ENTRY_BOB,
  ENTRY_CLICKS,
  ENTRY_PAIR,
  earliest,
  entryFor,
  NO_PAIR,
} from "./calendar";
import { BOTH_X, pairCode, WITH_LEAK, WITH_PHASE, withClicks } from "./candidate-code";
import { countClick, hasAfterpulse, isDead, markClick, registers, scheduleAfterpulse } from "./detectors";
import { countFast, isUndisturbed } from "./fast-run";
import {
  AFTERPULSES,
  BACKGROUND,
  BACKGROUND_BITS,
  BACKGROUND_STREAM,
  BATCH,
  CANDIDATE_BITS,
  CANDIDATE_STREAM,
  CANDIDATES,
  CODES,
  CURSOR,
  DISCARDED,
  DONE,
  EVENTS,
  FAST_MASK,
  FAST_SLOT,
  FAULT,
  GAP_SCALE,
  KEY_0,
  KEY_1,
  LAST_CLICK,
  LEAKS,
  LINK,
  LOOP_GAIN,
  PENDING,
  PLANES,
  POSITION,
  PULSES,
  REACH,
  RESOLVED_ALICE,
  RESOLVED_BOB,
  RESTED_FROM,
  STEPS,
  TRACKING,
} from "./layout";
import { writeEvent } from "./output";
import { addReferencePulse, nextReferencePulse, rememberReference } from "./reference-light";
import { drawPhases, needsPath, OWN_CLICKS, resolve } from "./resolve";
import { frameOf, nextQuantumSlot, quantumSlot, wallSlot } from "./timeline";
import { correctionAt, followTo, isFollowed } from "./tracking";

/** Purpose word of the candidate stream. */
export const PURPOSE_PHOTONS: u32 = 1;

/** Draws gap and code of the next 256 candidates. */
function refill(state: usize, batch: u64): void {
  const planes = state + PLANES;
  philoxPlanes(
    <u32>load<f64>(state, KEY_0),
    <u32>load<f64>(state, KEY_1),
    batch * BLOCKS_PER_BATCH,
    <u32>load<f64>(state, LINK),
    PURPOSE_PHOTONS,
    planes,
  );
  geometricSteps(planes, PLANE_BYTES, load<f64>(state, GAP_SCALE), state + STEPS);
  const table = state + CANDIDATES;
  for (let i: usize = 0; i < PLANE_BYTES; i += 4) {
    const random = <u64>load<u32>(planes + i, 2 * PLANE_BYTES) | ((<u64>load<u32>(planes + i, 3 * PLANE_BYTES)) << 32);
    store<u32>(state + i, pickAlias(table, CANDIDATE_BITS, random), CODES);
  }
  store<u64>(state, batch, BATCH);
}

/** Passes the earliest waiting slot through the detectors and announces what is left of it. */
function finishEarliest(state: usize): void {
  const entry = earliest(state);
  const wall = load<f64>(entry);
  const clicks = load<u32>(entry, ENTRY_CLICKS);
  const afterpulses = load<u32>(entry, ENTRY_AFTERPULSES);
  let pair = load<u32>(entry, ENTRY_PAIR);
  let alicePhase = load<u32>(entry, ENTRY_ALICE);
  let bobPhase = load<u32>(entry, ENTRY_BOB);
  dropEarliest(state);
  if (clicks === 0) return;

  const slot = quantumSlot(state, wall);
  if (slot >= load<f64>(state, PULSES)) return;
  if (slot >= 0.0) rememberReference(state, frameOf(state, slot));
  const deadL = isDead(state, 0, wall);
  const deadR = isDead(state, 1, wall);
  let registered: u32 = 0;
  if ((clicks & 1) !== 0 && !deadL && registers(state, 0, wall)) registered |= 1;
  if ((clicks & 2) !== 0 && !deadR && registers(state, 1, wall)) registered |= 2;
  if (registered === 0) return;
  if ((registered & 1) !== 0) {
    markClick(state, 0, wall);
    if (countClick(state, 0)) scheduleAfterpulse(state, 0, wall);
  }
  if ((registered & 2) !== 0) {
    markClick(state, 1, wall);
    if (countClick(state, 1)) scheduleAfterpulse(state, 1, wall);
  }
  const registeredAfterpulses = <f64>popcnt<u32>(registered & afterpulses);
  store<f64>(state, load<f64>(state, AFTERPULSES) + registeredAfterpulses, AFTERPULSES);
  const clicked = slot >= 0.0 ? slot + 1.0 : nextQuantumSlot(state, wall);
  store<f64>(state, Math.max(load<f64>(state, RESTED_FROM), clicked + load<f64>(state, REACH)), RESTED_FROM);
  if (slot < 0.0) return;
  if (deadL || deadR) {
    store<f64>(state, load<f64>(state, DISCARDED) + 1.0, DISCARDED);
    return;
  }
  if (pair === NO_PAIR) {
    const stream = state + BACKGROUND_STREAM;
    seek(stream, <u64>slot);
    pair = pickAlias(state + BACKGROUND, BACKGROUND_BITS, nextLong(stream));
    if ((pair & BOTH_X) !== 0) {
      drawPhases(state, stream);
      alicePhase = load<u32>(state, RESOLVED_ALICE);
      bobPhase = load<u32>(state, RESOLVED_BOB);
    }
  }
  let correction: u32 = 0;
  if ((pair & BOTH_X) !== 0) {
    // Clicks without a candidate of their own may be the first to ask for this window.
    followTo(state, wall, Infinity);
    correction = correctionAt(state, wall);
  }
  writeEvent(state, slot, withClicks(pair, registered), alicePhase, bobPhase, correction);
}

/** Finishes the waiting slots before a wall slot, as long as there is room for events; false when some are left. */
function finishBefore(state: usize, wall: f64, mostEvents: u32): boolean {
  while (load<u32>(state, PENDING) > 0 && load<f64>(earliest(state)) < wall) {
    if (load<u32>(state, EVENTS) >= mostEvents) return false;
    finishEarliest(state);
  }
  return true;
}

/** Lets the detectors remember the last click of the fast way. */
function settleFast(state: usize): void {
  const mask = load<u32>(state, FAST_MASK);
  if (mask === 0) return;
  const wall = wallSlot(state, load<f64>(state, FAST_SLOT));
  for (let which: u32 = 0; which < 2; which++) {
    const at = state + ((<usize>which) << 3);
    if (((mask >> which) & 1) !== 0) store<f64>(at, Math.max(load<f64>(at, LAST_CLICK), wall), LAST_CLICK);
  }
  store<u32>(state, 0, FAST_MASK);
}

/** What clicked because of a candidate, as click bits; its phases stand in RESOLVED_ALICE and RESOLVED_BOB. */
function drawClicks(state: usize, code: u32, candidate: u64, wall: f64): u32 {
  if ((code & (WITH_LEAK | WITH_PHASE)) !== 0) return resolve(state, code, candidate, wall);
  if ((code & BOTH_X) !== 0) {
    seek(state + CANDIDATE_STREAM, candidate);
    drawPhases(state, state + CANDIDATE_STREAM);
  }
  return (code >> 24) & OWN_CLICKS;
}

/** Counts a slot that meets rested detectors and that nothing else touches. */
function countAlone(state: usize, slot: f64, wall: f64, code: u32, clicks: u32): void {
  store<f64>(state, slot, FAST_SLOT);
  store<u32>(state, clicks, FAST_MASK);
  store<f64>(state, slot + 1.0 + load<f64>(state, REACH), RESTED_FROM);
  if ((clicks & 1) !== 0) countClick(state, 0);
  if ((clicks & 2) !== 0) countClick(state, 1);
  const pair = pairCode((code >> 8) & 0xff, (code >> 16) & 0xff);
  const correction = (code & BOTH_X) !== 0 ? correctionAt(state, wall) : 0;
  const alicePhase = load<u32>(state, RESOLVED_ALICE);
  writeEvent(state, slot, withClicks(pair, clicks), alicePhase, load<u32>(state, RESOLVED_BOB), correction);
}

/** Puts a candidate and what leaked from it into the calendar. */
function enterCandidate(state: usize, code: u32, clicks: u32, wall: f64): void {
  const entry = entryFor(state, wall);
  const alice = (code >> 8) & 0xff;
  const bob = (code >> 16) & 0xff;
  store<u32>(entry, load<u32>(entry, ENTRY_CLICKS) | (clicks & OWN_CLICKS), ENTRY_CLICKS);
  store<u32>(entry, pairCode(alice, bob), ENTRY_PAIR);
  store<u32>(entry, load<u32>(state, RESOLVED_ALICE), ENTRY_ALICE);
  store<u32>(entry, load<u32>(state, RESOLVED_BOB), ENTRY_BOB);
  if (((clicks >> 2) & 3) !== 0 && wall > 0.0) addClicks(state, wall - 1.0, (clicks >> 2) & 3);
  if (clicks >> 4 !== 0) addClicks(state, wall + 1.0, clicks >> 4);
}

/**
 * Counts on until `mostEvents` events are written, about `budget` candidates and tracking samples are spent, or the run is
 * over. Where a call stops never changes what is drawn.
 */
export function count(state: usize, mostEvents: u32, budget: f64): void {
  const pulses = load<f64>(state, PULSES);
  const leakReach = load<u32>(state, LEAKS) !== 0 ? 1.0 : 0.0;
  // A loop with a memory is followed before anything may ask for it all at once.
  const everyWindow = load<f64>(state, TRACKING) !== 0.0 && load<f64>(state, LOOP_GAIN) < 1.0;
  for (; budget > 0.0 && load<u32>(state, EVENTS) < mostEvents && load<f64>(state, FAULT) === 0.0; budget -= 1.0) {
    if (load<u32>(state, CURSOR) === BLOCKS_PER_BATCH) {
      refill(state, load<u64>(state, BATCH) + 1);
      store<u32>(state, 0, CURSOR);
    }
    const pulse = nextReferencePulse(state);
    if (load<u32>(state, PENDING) === 0) {
      const taken = countFast(state, Math.min(pulses, pulse), mostEvents);
      budget -= <f64>taken;
      if (taken > 0) continue;
    }
    const cursor = load<u32>(state, CURSOR);
    // A distance beyond 2^53 saturates and ends every run.
    const slot = load<f64>(state, POSITION) - 1.0 + load<f64>(state + STEPS + ((<usize>cursor) << 3));
    if (pulse <= slot && pulse < pulses) {
      settleFast(state);
      const wall = wallSlot(state, pulse);
      if (!finishBefore(state, wall - leakReach, mostEvents)) break;
      if (everyWindow) {
        budget -= followTo(state, wall, budget);
        if (!isFollowed(state, wall)) continue;
      }
      addReferencePulse(state, pulse, wall);
      continue;
    }
    settleFast(state);
    if (!(slot < pulses)) {
      if (!finishBefore(state, Infinity, mostEvents)) break;
      store<f64>(state, pulses, POSITION);
      store<f64>(state, 1.0, DONE);
      break;
    }
    const wall = wallSlot(state, slot);
    if (load<u32>(state, PENDING) !== 0) {
      if (!finishBefore(state, wall - leakReach, mostEvents)) break;
      // With nothing left to wait for this candidate may be a simple one.
      if (load<u32>(state, PENDING) === 0) {
        const taken = countFast(state, Math.min(pulses, nextReferencePulse(state)), mostEvents);
        budget -= <f64>taken;
        if (taken > 0 || load<u32>(state, EVENTS) >= mostEvents) continue;
      }
    }
    const code = load<u32>(state + CODES + ((<usize>cursor) << 2));
    if (everyWindow || needsPath(state, code)) {
      budget -= followTo(state, wall, budget);
      if (!isFollowed(state, wall)) continue;
    }
    const candidate = load<u64>(state, BATCH) * BLOCKS_PER_BATCH + <u64>cursor;
    const clicks = drawClicks(state, code, candidate, wall);
    if (clicks <= OWN_CLICKS && isUndisturbed(state, slot, cursor) && !hasAfterpulse(state, clicks)) {
      if (clicks !== 0) countAlone(state, slot, wall, code, clicks);
    } else enterCandidate(state, code, clicks, wall);
    store<f64>(state, slot + 1.0, POSITION);
    store<u32>(state, cursor + 1, CURSOR);
  }
}
