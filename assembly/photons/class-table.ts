// The setting pairs ("classes") and the table from which gap, class and outcome of a candidate are drawn at once.
//
// A class is one of
//   averaged  its click probabilities do not depend on the phase that is drawn for it, because that phase is uniform and
//             nobody learns it: outcomes L, R, both come straight out of the table with their phase-averaged gains
//   resolved  the phase counts (both windows X with light from both sides, or few discrete phases): the table holds the
//             largest probability of any click over all phases, and resolve.ts thins it with the phase at hand
//
// Light that jitter carries into neighbouring slots makes one more entry per averaged class.
//
// Record of a class, doubles:
//    0 probability of the setting pair    8 s    16 r
//   24 only L   32 only R   40 both (averaged, nothing leaked)   48 leak bound or resolved bound   56 what counts of these
//   64 1 when resolved    72 only L   80 only R   88 both: averaged gains of the slot's own gate, for comparison

import { buildAlias } from "../random/alias";
import { geometricScale } from "../random/samplers";
import { FIRST_X, pairCode, WITH_LEAK, WITH_PHASE, withClicks } from "./candidate-code";
import { atLeastOne, averagedMinusOne } from "./interference";
import {
  ALICE,
  BACKGROUND,
  BACKGROUND_BITS,
  BOB,
  CALENDAR,
  CANDIDATE_BITS,
  CANDIDATE_PROBABILITY,
  CANDIDATES,
  CLASS_BYTES,
  CLASSES,
  GAP_SCALE,
  LEAK_EFFICIENCY,
  LEAKS,
  NOISE_EXPONENT,
  OWN_EFFICIENCY,
  PHASE_VALUES,
  SENDER_MEAN_PHOTONS,
  SENDER_PROBABILITIES,
} from "./layout";

export const CLASS_PROBABILITY: usize = 0;
export const CLASS_SUM: usize = 8;
export const CLASS_BEAT: usize = 16;
export const CLASS_GAINS: usize = 24;
export const CLASS_BOUND: usize = 48;
export const CLASS_TOTAL: usize = 56;
export const CLASS_RESOLVED: usize = 64;
export const CLASS_OWN_GAINS: usize = 72;

/** Averaged probabilities of only L, only R, both at `out`, given that nothing of weights lossL, lossR clicked. */
function averagedOutcomes(state: usize, s: f64, r: f64, lossL: f64, lossR: f64, out: usize): void {
  const ownL = load<f64>(state, OWN_EFFICIENCY);
  const ownR = load<f64>(state, OWN_EFFICIENCY + 8);
  const noiseL = atLeastOne(load<f64>(state, NOISE_EXPONENT));
  const noiseR = atLeastOne(load<f64>(state, NOISE_EXPONENT + 8));
  // Averages minus 1 of: nothing leaked; and L silent; and R silent; and both silent.
  const any = averagedMinusOne(lossL, lossR, s, r);
  const silentL = averagedMinusOne(lossL + ownL, lossR, s, r);
  const silentR = averagedMinusOne(lossL, lossR + ownR, s, r);
  const silent = averagedMinusOne(lossL + ownL, lossR + ownR, s, r);
  const onlyL = (1.0 - noiseR) * (silentR - silent + noiseL * (1.0 + silent));
  const onlyR = (1.0 - noiseL) * (silentL - silent + noiseR * (1.0 + silent));
  // 1 - q_L - q_R + q_L q_R = p_L p_R is taken out before anything is subtracted.
  const both =
    any -
    (1.0 - noiseL) * silentL -
    (1.0 - noiseR) * silentR +
    (1.0 - noiseL) * (1.0 - noiseR) * silent +
    noiseL * noiseR;
  store<f64>(out, Math.max(onlyL, 0.0));
  store<f64>(out, Math.max(onlyR, 0.0), 8);
  store<f64>(out, Math.max(both, 0.0), 16);
}

/** Largest probability over all phases that something of weights x, y clicks, noise included. */
function largestClick(x: f64, y: f64, s: f64, r: f64, noise: f64): f64 {
  return atLeastOne(noise + Math.max(x * (s + r) + y * (s - r), x * (s - r) + y * (s + r)));
}

/** Whether few discrete phases can be told from continuous ones in double precision: I_M(x) against the gain, of order x. */
function phasesAreContinuous(values: f64, beat: f64): boolean {
  if (values === 0.0) return true;
  let bessel = 1.0;
  for (let k = 1.0; k <= values && bessel > 1e-40; k += 1.0) bessel *= (0.5 * beat) / k;
  return bessel * Math.exp(beat) <= 1e-17 * beat;
}

function fillClass(state: usize, alice: i32, bob: i32): void {
  const record = state + CLASSES + <usize>(alice * 5 + bob) * CLASS_BYTES;
  const a = load<f64>(state, ALICE) * load<f64>(state + ((<usize>alice) << 3), ALICE + SENDER_MEAN_PHOTONS);
  const b = load<f64>(state, BOB) * load<f64>(state + ((<usize>bob) << 3), BOB + SENDER_MEAN_PHOTONS);
  const s = 0.5 * (a + b);
  const r = Math.sqrt(a * b);
  const ownL = load<f64>(state, OWN_EFFICIENCY);
  const ownR = load<f64>(state, OWN_EFFICIENCY + 8);
  const leakL = 2.0 * load<f64>(state, LEAK_EFFICIENCY);
  const leakR = 2.0 * load<f64>(state, LEAK_EFFICIENCY + 8);
  const noise = load<f64>(state, NOISE_EXPONENT) + load<f64>(state, NOISE_EXPONENT + 8);
  store<f64>(
    record,
    load<f64>(state + ((<usize>alice) << 3), ALICE + SENDER_PROBABILITIES) *
      load<f64>(state + ((<usize>bob) << 3), BOB + SENDER_PROBABILITIES),
    CLASS_PROBABILITY,
  );
  store<f64>(record, s, CLASS_SUM);
  store<f64>(record, r, CLASS_BEAT);
  averagedOutcomes(state, s, r, 0.0, 0.0, record + CLASS_OWN_GAINS);
  averagedOutcomes(state, s, r, leakL, leakR, record + CLASS_GAINS);
  const leak = largestClick(leakL, leakR, s, r, 0.0);
  let total =
    load<f64>(record, CLASS_GAINS) + load<f64>(record, CLASS_GAINS + 8) + load<f64>(record, CLASS_GAINS + 16) + leak;

  const known = <u32>alice >= FIRST_X && <u32>bob >= FIRST_X;
  const beat = (Math.max(ownL, ownR) + Math.max(leakL, leakR)) * r;
  const resolved = r > 0.0 && (known || !phasesAreContinuous(load<f64>(state, PHASE_VALUES), beat));
  // With very bright leaking light the leak bound could push the sum beyond 1; thinning the whole class never does.
  if (resolved || (leak > 0.0 && total > 1.0)) {
    store<f64>(record, 1.0, CLASS_RESOLVED);
    total = largestClick(ownL + leakL, ownR + leakR, s, r, noise);
    store<f64>(record, total, CLASS_BOUND);
  } else {
    store<f64>(record, 0.0, CLASS_RESOLVED);
    store<f64>(record, leak, CLASS_BOUND);
  }
  store<f64>(record, total, CLASS_TOTAL);
}

/** Fills all class records and both alias tables. The calendar's memory serves as scratch. */
export function buildClassTable(state: usize): void {
  const weights = state + CALENDAR;
  const codes = weights + 2048;
  const scratch = codes + 1024;
  let count = 0;
  let probability = 0.0;
  for (let pair = 0; pair < 25; pair++) {
    fillClass(state, pair / 5, pair % 5);
    const record = state + CLASSES + <usize>pair * CLASS_BYTES;
    const prior = load<f64>(record, CLASS_PROBABILITY);
    const code = pairCode(pair / 5, pair % 5);
    const resolved = load<f64>(record, CLASS_RESOLVED) !== 0.0;
    for (let kind: u32 = resolved ? 3 : 0; kind < 4; kind++) {
      const given = load<f64>(record + ((<usize>kind) << 3), CLASS_GAINS);
      store<f64>(weights + ((<usize>count) << 3), prior * given);
      const clicked = kind < 3 ? withClicks(code, kind + 1) : code | (resolved ? WITH_PHASE : WITH_LEAK);
      store<u32>(codes + ((<usize>count) << 2), clicked);
      probability += prior * given;
      count++;
    }
  }
  const leaks = load<f64>(state, LEAK_EFFICIENCY) > 0.0 || load<f64>(state, LEAK_EFFICIENCY + 8) > 0.0;
  store<u32>(state, leaks ? 1 : 0, LEAKS);
  store<f64>(state, Math.min(probability, 1.0), CANDIDATE_PROBABILITY);
  store<f64>(state, geometricScale(Math.min(probability, 1.0)), GAP_SCALE);
  buildAlias(state + CANDIDATES, CANDIDATE_BITS, weights, codes, count, scratch);

  // Settings of a slot that was no candidate: prior times (1 - candidate probability of the class).
  for (let pair = 0; pair < 25; pair++) {
    const record = state + CLASSES + <usize>pair * CLASS_BYTES;
    const silent = Math.max(1.0 - load<f64>(record, CLASS_TOTAL), 0.0);
    store<f64>(weights + ((<usize>pair) << 3), load<f64>(record, CLASS_PROBABILITY) * silent);
    store<u32>(codes + ((<usize>pair) << 2), pairCode(pair / 5, pair % 5));
  }
  buildAlias(state + BACKGROUND, BACKGROUND_BITS, weights, codes, 25, scratch);
}
