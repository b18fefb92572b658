// The tracking loop: in every window the reference light is measured at two dither phases, 0 and pi/2, half the counts
// each; the four counts make an estimate of the phase, averaged over the window, and the estimate is announced.
//
// The counts are drawn per window, not photon by photon; dead time enters by renewal theory, and the estimator knows and
// undoes it. Windows in which nobody needs a phase are passed over unless the loop has a memory (gain < 1).

import { poisson } from "../random/samplers";
import { seek } from "../random/stream";
import { tinyCosine, tinySine, turnLanes } from "../random/trigonometry";
import {
  CONTRAST,
  CORRECTION_MASK,
  CORRECTIONS,
  COUNTS_STREAM,
  DETECTOR_EFFICIENCY,
  EFFECTIVE_DEAD_SLOTS,
  ESTIMATE,
  ESTIMATOR,
  FAST_NOISE,
  GUARD_SLOTS,
  IS_STOCHASTIC,
  KNOTS,
  LATENCY,
  LEAKS,
  LEFT,
  LOOP_GAIN,
  ORNSTEIN_COUNT,
  PATH_STEPS,
  PATH_WINDOW,
  PORT_COUNTS,
  PORT_LOSS,
  PORT_WEIGHT,
  QUANTUM_SLOTS,
  RAMP,
  RANDOM_WALK,
  REFERENCE_COUNTS,
  REFERENCE_SLOTS,
  REFERENCE_VISIBILITY,
  RIGHT,
  SAMPLES_DRAWN,
  SCRATCH,
  SLOT_SECONDS,
  TRACE_LENGTH,
  TRACKING,
  WINDOW_SLOTS,
} from "./layout";
import { certainPhase, drawWindow, windowOf } from "./phase-drift";

const TURN: f64 = 6.283185307179586;
const PER_TURN: f64 = 1.0 / TURN;
const TINY_TURN: f64 = 0.2;

/** Largest scoring step, rad: near a dark fringe a single stray count would otherwise throw the estimate away. */
const LARGEST_STEP: f64 = 0.3;

/** Reference slots of one window at one dither phase; 0 when the reference light has detectors of its own. */
function slotsPerDither(state: usize): f64 {
  const reference = load<f64>(state, REFERENCE_SLOTS);
  const frame = load<f64>(state, QUANTUM_SLOTS) + reference + 2.0 * load<f64>(state, GUARD_SLOTS);
  return (0.5 * load<f64>(state, WINDOW_SLOTS) * reference) / frame;
}

/**
 * Counts of detector L (port 0) or R (port 8) at one dither phase after its dead time has been undone and its efficiency
 * weighed, drawn with their mean and variance; `bright` is the interference factor.
 *
 * Of m hits the share 1/(1 + x) is registered, x = m D / slots, with variance m / (1 + x)^3 (renewal theory). Undoing the
 * loss gives back the mean and stretches the variance to m (1 + x): that of Poisson(m (1 + x)) - m x.
 */
function referenceCounts(state: usize, port: usize, bright: f64): f64 {
  const mean = load<f64>(state + port, PORT_COUNTS) * bright;
  const lost = mean * mean * load<f64>(state + port, PORT_LOSS);
  return (poisson(state + COUNTS_STREAM, mean + lost) - lost) * load<f64>(state + port, PORT_WEIGHT);
}

/**
 * Phase from the counts at dither 0 (L, R) and pi/2 (L, R): quadrature, then, to `refine`, one step of Fisher scoring. One
 * is efficient already (le Cam); two are not better at 50 counts.
 */
function phaseFromCounts(l0: f64, r0: f64, l1: f64, r1: f64, visibility: f64, refine: boolean): f64 {
  const along = l0 - r0;
  const across = l1 - r1;
  const phase = Math.atan2(across, along);
  if (!refine) return phase;
  // Perfect visibility would let a single stray count at a dark fringe decide everything.
  const v = Math.min(visibility, 0.999);
  const square = along * along + across * across;
  // Cosine and sine of the quadrature estimate, without trigonometry; without any fringe it is 0.
  const scale = square > 0.0 ? v / Math.sqrt(square) : 0.0;
  const c = square > 0.0 ? scale * along : v;
  const s = scale * across;
  const bright0 = 1.0 - c * c;
  const bright1 = 1.0 - s * s;
  // l/(1 + s) - r/(1 - s) and l/(1 + c) - r/(1 - c), over the product of both denominators.
  const score = c * (across - s * (l1 + r1)) * bright0 - s * (along - c * (l0 + r0)) * bright1;
  const information = 0.5 * (l0 + r0 + l1 + r1) * (s * s * bright1 + c * c * bright0);
  if (!(information > 0.0)) return phase;
  return phase + Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, score / information));
}

/** Phase in the middle of a step of the path. */
function pathMiddle(state: usize, window: f64, slots: f64, step: i32, stochastic: boolean): f64 {
  const phase = certainPhase(state, (window + (<f64>step + 0.5) / load<f64>(state, PATH_STEPS)) * slots);
  const knot = state + ((<usize>step) << 3);
  return stochastic ? phase + 0.5 * (load<f64>(knot, KNOTS) + load<f64>(knot, KNOTS + 8)) : phase;
}

/**
 * <exp(i phi)> over the window drawn last, real and imaginary part at SCRATCH: from the middles of the path's steps, as
 * small turns around the phase of one of them; for a ramp alone in closed form.
 */
function averagePhasor(state: usize): void {
  const window = load<f64>(state, PATH_WINDOW);
  const slots = load<f64>(state, WINDOW_SLOTS);
  const stochastic = load<f64>(state, IS_STOCHASTIC) !== 0.0;
  if (!stochastic && load<f64>(state, TRACE_LENGTH) === 0.0) {
    turnLanes(certainPhase(state, (window + 0.5) * slots) * PER_TURN, state + SCRATCH);
    const half = 0.5 * load<f64>(state, RAMP) * slots * load<f64>(state, SLOT_SECONDS);
    if (half === 0.0) return;
    const contrast = (Math.abs(half) < TINY_TURN ? tinySine(half) : Math.sin(half)) / half;
    store<f64>(state, load<f64>(state, SCRATCH) * contrast, SCRATCH);
    store<f64>(state, load<f64>(state, SCRATCH + 8) * contrast, SCRATCH + 8);
    return;
  }
  const steps = <i32>load<f64>(state, PATH_STEPS);
  const middle = pathMiddle(state, window, slots, steps >> 1, stochastic);
  let along = 0.0;
  let across = 0.0;
  for (let step = 0; step < steps; step++) {
    const turn = pathMiddle(state, window, slots, step, stochastic) - middle;
    if (Math.abs(turn) < TINY_TURN) {
      along += tinyCosine(turn);
      across += tinySine(turn);
    } else {
      along += Math.cos(turn);
      across += Math.sin(turn);
    }
  }
  along /= <f64>steps;
  across /= <f64>steps;
  turnLanes(middle * PER_TURN, state + SCRATCH);
  const cosine = load<f64>(state, SCRATCH);
  const sine = load<f64>(state, SCRATCH + 8);
  store<f64>(state, cosine * along - sine * across, SCRATCH);
  store<f64>(state, sine * along + cosine * across, SCRATCH + 8);
}

/** Prepares what every sample needs. */
export function startTracking(state: usize): void {
  const noise = load<f64>(state, FAST_NOISE);
  store<f64>(state, load<f64>(state, REFERENCE_VISIBILITY) * Math.exp(-0.5 * noise * noise), CONTRAST);
  const slots = slotsPerDither(state);
  const efficiencies = load<f64>(state, LEFT + DETECTOR_EFFICIENCY) + load<f64>(state, RIGHT + DETECTOR_EFFICIENCY);
  for (let which: usize = 0; which < 2; which++) {
    const at = state + (which << 3);
    const efficiency = load<f64>(state + (which === 0 ? LEFT : RIGHT), DETECTOR_EFFICIENCY);
    const share = efficiencies > 0.0 ? (2.0 * efficiency) / efficiencies : 1.0;
    store<f64>(at, 0.25 * load<f64>(state, REFERENCE_COUNTS) * share, PORT_COUNTS);
    store<f64>(at, slots > 0.0 ? load<f64>(at, EFFECTIVE_DEAD_SLOTS) / slots : 0.0, PORT_LOSS);
    // The estimator weighs the ports as if their detectors were equal; a blind detector has nothing to weigh.
    store<f64>(at, share > 0.0 ? 1.0 / share : 0.0, PORT_WEIGHT);
  }
}

/** Draws the sample of the window whose path was drawn last, and moves the loop. */
function takeSample(state: usize): void {
  const window = load<f64>(state, PATH_WINDOW);
  averagePhasor(state);
  const visibility = load<f64>(state, CONTRAST);
  const cosine = visibility * load<f64>(state, SCRATCH);
  const sine = visibility * load<f64>(state, SCRATCH + 8);
  seek(state + COUNTS_STREAM, <u64>window);
  const l0 = referenceCounts(state, 0, 1.0 + cosine);
  const r0 = referenceCounts(state, 8, 1.0 - cosine);
  const l1 = referenceCounts(state, 0, 1.0 + sine);
  const r1 = referenceCounts(state, 8, 1.0 - sine);

  let estimate = load<f64>(state, ESTIMATE);
  if (l0 + r0 + l1 + r1 > 0.0) {
    const measured = phaseFromCounts(l0, r0, l1, r1, visibility, load<f64>(state, ESTIMATOR) !== 0.0);
    const first = load<f64>(state, SAMPLES_DRAWN) === 0.0;
    const gain = first ? 1.0 : load<f64>(state, LOOP_GAIN);
    const turns = (measured - estimate) * PER_TURN;
    estimate += gain * TURN * (turns - Math.floor(turns + 0.5));
    estimate -= TURN * Math.floor(estimate * PER_TURN + 0.5);
  }
  store<f64>(state, estimate, ESTIMATE);
  store<f64>(state, load<f64>(state, SAMPLES_DRAWN) + 1.0, SAMPLES_DRAWN);
  const units = <u32>(<i32>Math.floor(estimate * PER_TURN * 65536.0 + 0.5)) & 0xffff;
  store<u32>(state + ((<usize>(<i64>window) & CORRECTION_MASK) << 2), units, CORRECTIONS);
}

/** Cost of a window in units of a candidate: a sample, and a normal number per step and process of the path. */
function windowCost(state: usize): f64 {
  const processes = load<f64>(state, ORNSTEIN_COUNT) + (load<f64>(state, RANDOM_WALK) > 0.0 ? 1.0 : 0.0);
  return 16.0 + load<f64>(state, PATH_STEPS) * (1.0 + processes);
}

/** Whether path and samples have been drawn up to the window of a wall slot. */
export function isFollowed(state: usize, wall: f64): boolean {
  return windowOf(state, wall) <= load<f64>(state, PATH_WINDOW);
}

/**
 * Draws path and samples up to the window of a wall slot, until that or until the budget, in candidates, is spent; returns
 * what was spent. Where it pauses never changes what is drawn.
 */
export function followTo(state: usize, wall: f64, budget: f64): f64 {
  const window = windowOf(state, wall);
  const done = load<f64>(state, PATH_WINDOW);
  if (window <= done) return 0.0;
  const tracking = load<f64>(state, TRACKING) !== 0.0;
  let next = done + 1.0;
  const passOver = !tracking || load<f64>(state, LOOP_GAIN) === 1.0;
  let before = tracking ? load<f64>(state, LATENCY) : 0.0;
  // The first slot of a window may leak a click back into the window before.
  if (load<u32>(state, LEAKS) !== 0 && wall === window * load<f64>(state, WINDOW_SLOTS)) before += 1.0;
  if (passOver) next = Math.max(next, window - before);
  const cost = windowCost(state);
  let spent = 0.0;
  for (; next <= window && spent < budget; next += 1.0) {
    drawWindow(state, next);
    if (tracking) takeSample(state);
    spent += cost;
  }
  return spent;
}

/** The announced estimate for a wall slot, in phase units; its window must have been followed. */
export function correctionAt(state: usize, wall: f64): u32 {
  if (load<f64>(state, TRACKING) === 0.0) return 0;
  const window = Math.max(windowOf(state, wall) - load<f64>(state, LATENCY), 0.0);
  return load<u32>(state + ((<usize>(<i64>window) & CORRECTION_MASK) << 2), CORRECTIONS);
}
