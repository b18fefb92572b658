// The relative phase phi(t) of the two arms: initial value + ramp + user's trace + random walk + Ornstein-Uhlenbeck.
//
// Time is cut into the windows of the tracking loop. The random processes have knots at PATH_STEPS + 1 equidistant times
// of a window and are Brownian bridges between them (an Ornstein-Uhlenbeck process has at least 8 steps in its correlation
// time, so that its bridge is the Brownian one within a third of a percent). Windows in which nobody looks are crossed with the exact transition of each
// process; what a window draws comes from a sub-stream of its own.

import { normal } from "../random/samplers";
import { seek } from "../random/stream";
import {
  BRIDGE_SHARE,
  BRIDGE_STEP,
  BRIDGE_VALUE,
  BRIDGE_VARIANCE,
  DRIFT_STREAM,
  INITIAL_PHASE,
  IS_STOCHASTIC,
  KNOTS,
  ORNSTEIN,
  ORNSTEIN_COUNT,
  ORNSTEIN_DECAY,
  ORNSTEIN_STEP,
  ORNSTEIN_VALUES,
  PATH_STEPS,
  PATH_WINDOW,
  RAMP,
  RANDOM_WALK,
  SLOT_SECONDS,
  TRACE,
  TRACE_LENGTH,
  TRACE_STEP,
  WALK_STEP,
  WALK_VALUE,
  WINDOW_SLOTS,
} from "./layout";

/** Window of a wall slot. */
export function windowOf(state: usize, wall: f64): f64 {
  return Math.floor(wall / load<f64>(state, WINDOW_SLOTS));
}

/** The user's trace at time t; its increments repeat beyond its end. */
function tracePhase(state: usize, t: f64): f64 {
  const length = load<f64>(state, TRACE_LENGTH);
  if (length === 0.0) return 0.0;
  const trace = <usize>load<u32>(state, TRACE);
  const steps = t / load<f64>(state, TRACE_STEP);
  const round = Math.floor(steps / (length - 1.0));
  const within = steps - round * (length - 1.0);
  const index = Math.min(Math.floor(within), length - 2.0);
  const address = trace + ((<usize>index) << 3);
  const left = load<f64>(address);
  const whole = load<f64>(trace + ((<usize>(length - 1.0)) << 3)) - load<f64>(trace);
  return left + (load<f64>(address, 8) - left) * (within - index) + round * whole;
}

/** What is certain about the phase at a wall slot (fractions allowed). */
export function certainPhase(state: usize, wall: f64): f64 {
  const t = wall * load<f64>(state, SLOT_SECONDS);
  return load<f64>(state, INITIAL_PHASE) + load<f64>(state, RAMP) * t + tracePhase(state, t);
}

/** Prepares the processes; the Ornstein-Uhlenbeck ones start in their stationary state. */
export function startPath(state: usize): void {
  const window = load<f64>(state, WINDOW_SLOTS) * load<f64>(state, SLOT_SECONDS);
  const step = window / load<f64>(state, PATH_STEPS);
  const walk = load<f64>(state, RANDOM_WALK);
  const count = <i32>load<f64>(state, ORNSTEIN_COUNT);
  store<f64>(state, -1.0, PATH_WINDOW);
  store<f64>(state, 0.0, WALK_VALUE);
  store<f64>(state, Math.sqrt(walk * step), WALK_STEP);
  store<f64>(state, walk > 0.0 || count > 0 ? 1.0 : 0.0, IS_STOCHASTIC);
  // Item 2^55 is beyond every window.
  seek(state + DRIFT_STREAM, (<u64>1) << 55);
  let diffusion = walk;
  for (let i = 0; i < count; i++) {
    const at = state + ((<usize>i) << 3);
    const deviation = load<f64>(state + ((<usize>i) << 4), ORNSTEIN);
    const time = load<f64>(state + ((<usize>i) << 4), ORNSTEIN + 8);
    diffusion += (2.0 * deviation * deviation) / time;
    store<f64>(at, Math.exp(-step / time), ORNSTEIN_DECAY);
    store<f64>(at, deviation * Math.sqrt(-Math.expm1((-2.0 * step) / time)), ORNSTEIN_STEP);
    store<f64>(at, deviation * normal(state + DRIFT_STREAM), ORNSTEIN_VALUES);
  }
  store<f64>(state, diffusion * step, BRIDGE_VARIANCE);
}

/** Crosses `windows` windows at once. */
function skipWindows(state: usize, windows: f64): void {
  const stream = state + DRIFT_STREAM;
  const elapsed = windows * load<f64>(state, WINDOW_SLOTS) * load<f64>(state, SLOT_SECONDS);
  const walk = load<f64>(state, RANDOM_WALK);
  if (walk > 0.0)
    store<f64>(state, load<f64>(state, WALK_VALUE) + Math.sqrt(walk * elapsed) * normal(stream), WALK_VALUE);
  const count = <i32>load<f64>(state, ORNSTEIN_COUNT);
  for (let i = 0; i < count; i++) {
    const at = state + ((<usize>i) << 3);
    const deviation = load<f64>(state + ((<usize>i) << 4), ORNSTEIN);
    const time = load<f64>(state + ((<usize>i) << 4), ORNSTEIN + 8);
    const kept = load<f64>(at, ORNSTEIN_VALUES) * Math.exp(-elapsed / time);
    const fresh = deviation * Math.sqrt(-Math.expm1((-2.0 * elapsed) / time));
    store<f64>(at, kept + fresh * normal(stream), ORNSTEIN_VALUES);
  }
}

/** Draws the knots of `window`, which must lie after every window drawn before. */
export function drawWindow(state: usize, window: f64): void {
  const stochastic = load<f64>(state, IS_STOCHASTIC) !== 0.0;
  const skipped = window - load<f64>(state, PATH_WINDOW) - 1.0;
  store<f64>(state, window, PATH_WINDOW);
  store<f64>(state, -1.0, BRIDGE_STEP);
  if (!stochastic) return;
  const stream = state + DRIFT_STREAM;
  seek(stream, <u64>window);
  if (skipped > 0.0) skipWindows(state, skipped);
  const steps = <i32>load<f64>(state, PATH_STEPS);
  const count = <i32>load<f64>(state, ORNSTEIN_COUNT);
  const walkStep = load<f64>(state, WALK_STEP);
  let walk = load<f64>(state, WALK_VALUE);
  for (let knot = 0; knot <= steps; knot++) {
    let phase = walk;
    for (let i = 0; i < count; i++) phase += load<f64>(state + ((<usize>i) << 3), ORNSTEIN_VALUES);
    store<f64>(state + ((<usize>knot) << 3), phase, KNOTS);
    if (knot === steps) break;
    if (walkStep > 0.0) walk += walkStep * normal(stream);
    for (let i = 0; i < count; i++) {
      const at = state + ((<usize>i) << 3);
      const value = load<f64>(at, ORNSTEIN_VALUES) * load<f64>(at, ORNSTEIN_DECAY);
      store<f64>(at, value + load<f64>(at, ORNSTEIN_STEP) * normal(stream), ORNSTEIN_VALUES);
    }
  }
  store<f64>(state, walk, WALK_VALUE);
}

/**
 * phi at a wall slot of the window drawn last; slots must be asked for in rising order. Between knots the random processes
 * are a Brownian bridge, drawn from `stream`: from the knot, or from the phase last asked for, to the next knot.
 */
export function phaseAt(state: usize, wall: f64, stream: usize): f64 {
  const certain = certainPhase(state, wall);
  if (load<f64>(state, IS_STOCHASTIC) === 0.0) return certain;
  const slots = load<f64>(state, WINDOW_SLOTS);
  const steps = ((wall - load<f64>(state, PATH_WINDOW) * slots) / slots) * load<f64>(state, PATH_STEPS);
  const knot = Math.floor(steps);
  const address = state + ((<usize>knot) << 3);
  const share = steps - knot;
  let from = 0.0;
  let left = load<f64>(address, KNOTS);
  if (load<f64>(state, BRIDGE_STEP) === knot) {
    from = load<f64>(state, BRIDGE_SHARE);
    left = load<f64>(state, BRIDGE_VALUE);
  }
  const along = (share - from) / (1.0 - from);
  const variance = load<f64>(state, BRIDGE_VARIANCE) * (share - from) * (1.0 - along);
  const value = left + (load<f64>(address, KNOTS + 8) - left) * along + Math.sqrt(variance) * normal(stream);
  store<f64>(state, knot, BRIDGE_STEP);
  store<f64>(state, share, BRIDGE_SHARE);
  store<f64>(state, value, BRIDGE_VALUE);
  return certain + value;
}

/** phi at a wall slot of the window drawn last, between knots on a straight line; draws nothing. */
export function phaseNow(state: usize, wall: f64): f64 {
  const slots = load<f64>(state, WINDOW_SLOTS);
  const steps = ((wall - load<f64>(state, PATH_WINDOW) * slots) / slots) * load<f64>(state, PATH_STEPS);
  const knot = Math.floor(steps);
  const address = state + ((<usize>knot) << 3);
  const left = load<f64>(address, KNOTS);
  const certain = certainPhase(state, wall);
  if (load<f64>(state, IS_STOCHASTIC) === 0.0) return certain;
  return certain + left + (load<f64>(address, KNOTS + 8) - left) * (steps - knot);
}
