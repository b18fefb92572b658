/**
 * Checks a {@link CountingRun} and turns it into the parameter block of the photons kernel: plain numbers, times in
 * slots, every real number rounded to 12 significant digits so that last-bit differences between JavaScript engines end here.
 *
 * @module
 */
import { inRange, invalid, wholeInRange } from "../errors.ts";
import type { CountingRun, DetectorRun, DriftRun, RecoveryPoint, SenderRun, TrackingRun } from "./photons-run.ts";
import { PHASE_UNITS, sliceHalfWidth } from "./photons-run.ts";

/** What the kernel is given. */
export interface PhotonParameters {
  /** The parameter block; the order is that of assembly/photons/layout.ts. */
  readonly block: Float64Array;
  /** Efficiency of L by slots after its dead time, relative to a rested detector. */
  readonly recoveryLeft: Float64Array;
  /** The same for R. */
  readonly recoveryRight: Float64Array;
  /** The user's phase trace, **rad**, empty when there is none. */
  readonly trace: Float64Array;
}

const BLOCK_LENGTH = 128;
const ALICE = 10;
const BOB = 21;
const LEFT = 32;
const RIGHT = 40;
const DRIFT = 48;
const ORNSTEIN = 56;
const TRACKING = 72;

/** Knots of the phase path in a tracking window: enough that straight pieces hide nothing of a random walk. */
const PATH_STEPS = 8;
const MOST_PATH_STEPS = 512;
/** Steps in a correlation time of the fastest Ornstein-Uhlenbeck process. */
const STEPS_PER_CORRELATION_TIME = 8;
/** Window of the phase path when nothing is tracked. */
const UNTRACKED_WINDOW_SECONDS = 1e-4;
const MOST_LATENCY = 32;
const MOST_RECOVERY_SLOTS = 2 ** 24;
const WORD = 2 ** 32 - 1;
/** Mean photon numbers beyond this are not weak pulses but a mistake of units. */
const MOST_PHOTONS = 1e6;

/** Rounds to 12 significant digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

function writeSender(block: Float64Array, offset: number, sender: SenderRun, path: string): void {
  block[offset] = rounded(inRange(`${path}.armTransmittance`, sender.armTransmittance, 0, 1));
  if (sender.meanPhotonNumbers.length !== 5)
    throw invalid(`${path}.meanPhotonNumbers`, sender.meanPhotonNumbers.length, "five numbers");
  for (const [setting, mean] of sender.meanPhotonNumbers.entries())
    block[offset + 1 + setting] = rounded(inRange(`${path}.meanPhotonNumbers[${setting}]`, mean, 0, MOST_PHOTONS));
  const z = rounded(inRange(`${path}.zWindowProbability`, sender.zWindowProbability, 0, 1));
  const send = rounded(inRange(`${path}.sendProbability`, sender.sendProbability, 0, 1));
  const decoys = sender.decoyProbabilities;
  if (decoys.length !== 3) throw invalid(`${path}.decoyProbabilities`, decoys.length, "three probabilities");
  for (const [decoy, probability] of decoys.entries())
    inRange(`${path}.decoyProbabilities[${decoy}]`, probability, 0, 1);
  const sum = decoys[0] + decoys[1] + decoys[2];
  if (Math.abs(sum - 1) > 1e-9)
    throw invalid(`${path}.decoyProbabilities`, sum, "probabilities of x0, x1 and x2 that sum to 1");
  block.set([z * send, z * (1 - send)], offset + 6);
  for (const [decoy, probability] of decoys.entries()) block[offset + 8 + decoy] = (1 - z) * rounded(probability);
}

/** Slots after a click in which a detector is dead: those that begin earlier than the dead time ends. */
function deadSlots(seconds: number, slotSeconds: number): number {
  return Math.max(Math.ceil(rounded(seconds / slotSeconds)) - 1, 0);
}

function recoveryTable(curve: readonly RecoveryPoint[], dead: number, slotSeconds: number, path: string): Float64Array {
  for (const [i, point] of curve.entries()) {
    const earliest = i === 0 ? 0 : curve[i - 1]!.delaySeconds;
    inRange(`${path}.recoveryCurve[${i}].delaySeconds`, point.delaySeconds, earliest, Number.MAX_VALUE);
    inRange(`${path}.recoveryCurve[${i}].relativeEfficiency`, point.relativeEfficiency, 0, 1);
  }
  const end = curve.at(-1)?.delaySeconds ?? 0;
  const slots = Math.max(Math.ceil(rounded(end / slotSeconds)) - 1 - dead, 0);
  wholeInRange(`${path}.recoveryCurve (in slots)`, slots, 0, MOST_RECOVERY_SLOTS);
  const table = new Float64Array(slots);
  let next = 0;
  for (let i = 0; i < slots; i++) {
    const delay = (dead + 1 + i) * slotSeconds;
    while (next < curve.length - 1 && curve[next]!.delaySeconds <= delay) next++;
    const right = curve[next]!;
    const left = curve[next - 1];
    const share =
      left === undefined ? 1 : Math.min((delay - left.delaySeconds) / (right.delaySeconds - left.delaySeconds), 1);
    const from = left?.relativeEfficiency ?? right.relativeEfficiency;
    table[i] = rounded(from + (right.relativeEfficiency - from) * share);
  }
  return table;
}

function writeDetector(
  block: Float64Array,
  offset: number,
  detector: DetectorRun,
  slotSeconds: number,
  path: string,
): Float64Array {
  block[offset] = rounded(inRange(`${path}.efficiency`, detector.efficiency, 0, 1));
  block[offset + 1] = rounded(inRange(`${path}.noiseProbability`, detector.noiseProbability, 0, 1));
  const deadTime = inRange(`${path}.deadTimeSeconds`, detector.deadTimeSeconds ?? 0, 0, Number.MAX_VALUE);
  const dead = wholeInRange(`${path}.deadTimeSeconds (in slots)`, deadSlots(deadTime, slotSeconds), 0, 2 ** 40);
  const afterpulse = inRange(`${path}.afterpulseProbability`, detector.afterpulseProbability ?? 0, 0, 1);
  const afterpulseTime = detector.afterpulseTimeConstantSeconds;
  if (afterpulse > 0 && !(afterpulseTime !== undefined && afterpulseTime > 0 && afterpulseTime < Infinity))
    throw invalid(
      `${path}.afterpulseTimeConstantSeconds`,
      afterpulseTime,
      "a time > 0 beside an afterpulse probability",
    );
  const jitter = inRange(`${path}.timingJitterSeconds`, detector.timingJitterSeconds ?? 0, 0, slotSeconds);
  const gate = inRange(`${path}.gateSeconds`, detector.gateSeconds ?? slotSeconds, 0, slotSeconds * (1 + 1e-12));
  const recovery = recoveryTable(detector.recoveryCurve ?? [], dead, slotSeconds, path);
  block.set(
    [
      dead,
      rounded(afterpulse),
      rounded((afterpulseTime ?? 0) / slotSeconds),
      rounded(jitter / slotSeconds),
      Math.min(rounded(gate / slotSeconds), 1),
      recovery.length,
    ],
    offset + 2,
  );
  return recovery;
}

function writeDrift(block: Float64Array, drift: DriftRun): Float64Array {
  const finite = Number.MAX_VALUE;
  block[DRIFT] = rounded(inRange("drift.initialPhaseRad", drift.initialPhaseRad ?? 0, -finite, finite));
  block[DRIFT + 1] = rounded(inRange("drift.rampRadPerSecond", drift.rampRadPerSecond ?? 0, -finite, finite));
  block[DRIFT + 2] = rounded(inRange("drift.randomWalkRad2PerSecond", drift.randomWalkRad2PerSecond ?? 0, 0, finite));
  block[DRIFT + 3] = rounded(inRange("drift.fastNoiseRad", drift.fastNoiseRad ?? 0, 0, finite));
  const processes = drift.ornsteinUhlenbeck ?? [];
  block[DRIFT + 4] = wholeInRange("drift.ornsteinUhlenbeck.length", processes.length, 0, 8);
  for (const [i, process] of processes.entries()) {
    const path = `drift.ornsteinUhlenbeck[${i}]`;
    const deviation = inRange(`${path}.standardDeviationRad`, process.standardDeviationRad, 0, finite);
    const time = inRange(`${path}.correlationTimeSeconds`, process.correlationTimeSeconds, Number.MIN_VALUE, finite);
    block.set([rounded(deviation), rounded(time)], ORNSTEIN + 2 * i);
  }
  const trace = drift.trace;
  if (trace === undefined) return new Float64Array(0);
  const step = inRange("drift.trace.stepSeconds", trace.stepSeconds, Number.MIN_VALUE, finite);
  const length = wholeInRange("drift.trace.phasesRad.length", trace.phasesRad.length, 2, 2 ** 27);
  block.set([length, rounded(step)], DRIFT + 5);
  return trace.phasesRad.map((phase, i) => rounded(inRange(`drift.trace.phasesRad[${i}]`, phase, -finite, finite)));
}

function writeTracking(block: Float64Array, tracking: TrackingRun | undefined, run: CountingRun): void {
  const slot = run.timeline.slotSeconds;
  const seconds = tracking?.samplingSeconds ?? UNTRACKED_WINDOW_SECONDS;
  inRange("tracking.samplingSeconds", seconds, slot, slot * Number.MAX_SAFE_INTEGER);
  const windowSlots = Math.max(Math.round(rounded(seconds / slot)), 1);
  let steps = PATH_STEPS;
  for (const [i, process] of (run.drift.ornsteinUhlenbeck ?? []).entries()) {
    const needed = (STEPS_PER_CORRELATION_TIME * windowSlots * slot) / process.correlationTimeSeconds;
    if (needed > MOST_PATH_STEPS)
      throw invalid(
        `drift.ornsteinUhlenbeck[${i}].correlationTimeSeconds`,
        process.correlationTimeSeconds,
        `at least 1/${MOST_PATH_STEPS / STEPS_PER_CORRELATION_TIME} of the sampling period (${seconds} s); faster noise belongs into drift.fastNoiseRad`,
      );
    steps = Math.max(steps, Math.ceil(needed));
  }
  block[TRACKING] = windowSlots;
  block[TRACKING + 7] = steps;
  if (tracking === undefined) {
    block[TRACKING + 4] = 1;
    return;
  }
  const counts = inRange("tracking.referenceCountsPerSample", tracking.referenceCountsPerSample, 0, 1e15);
  const visibility = inRange("tracking.referenceVisibility", tracking.referenceVisibility ?? 1, 0, 1);
  const estimator = tracking.estimator ?? "maximum-likelihood";
  if (estimator !== "quadrature" && estimator !== "maximum-likelihood")
    throw invalid("tracking.estimator", estimator, '"quadrature" or "maximum-likelihood"');
  const gain = inRange("tracking.gain", tracking.gain ?? 1, Number.MIN_VALUE, 1);
  const latency = wholeInRange("tracking.latencySamples", tracking.latencySamples ?? 0, 0, MOST_LATENCY);
  const { quantumSlotsPerFrame, referenceSlotsPerFrame, guardSlots } = run.timeline;
  if (referenceSlotsPerFrame > 0) {
    const share = referenceSlotsPerFrame / (quantumSlotsPerFrame + referenceSlotsPerFrame + 2 * guardSlots);
    const most = windowSlots * share;
    if (counts > most)
      throw invalid(
        "tracking.referenceCountsPerSample",
        counts,
        `at most one count per reference slot and detector pair: ${most} a sample`,
      );
  }
  block.set(
    [rounded(counts), rounded(visibility), estimator === "quadrature" ? 0 : 1, rounded(gain), latency, 1],
    TRACKING + 1,
  );
}

/**
 * Checks a run and lays out its parameters.
 *
 * @param run - the run
 * @returns what the kernel is given
 * @throws {@link TwincombError} `invalid-input` naming the value at fault
 */
export function photonParameters(run: CountingRun): PhotonParameters {
  const block = new Float64Array(BLOCK_LENGTH);
  block[0] = wholeInRange("pulses", run.pulses, 0);
  block[1] = wholeInRange("key[0]", run.key[0], 0, WORD);
  block[2] = wholeInRange("key[1]", run.key[1], 0, WORD);
  block[3] = wholeInRange("link", run.link, 0, WORD);
  const { slotSeconds, quantumSlotsPerFrame, referenceSlotsPerFrame, guardSlots } = run.timeline;
  inRange("timeline.slotSeconds", slotSeconds, 1e-15, 1e3);
  block[4] = wholeInRange("timeline.quantumSlotsPerFrame", quantumSlotsPerFrame, 1);
  block[5] = wholeInRange("timeline.referenceSlotsPerFrame", referenceSlotsPerFrame, 0);
  block[6] = wholeInRange("timeline.guardSlots", guardSlots, 0);
  const gap = referenceSlotsPerFrame > 0 ? referenceSlotsPerFrame + 2 * guardSlots : 0;
  const wallSlots = (run.pulses / quantumSlotsPerFrame + 1) * gap + run.pulses;
  if (!(wallSlots <= Number.MAX_SAFE_INTEGER))
    throw invalid("pulses", run.pulses, "so few that quantum, guard and reference slots together stay below 2^53");
  if (run.phases !== "continuous") block[7] = wholeInRange("phases", run.phases, 2, PHASE_UNITS);
  block[8] = rounded(inRange("portFlipProbability", run.portFlipProbability, 0, 1));
  block[9] = rounded(slotSeconds);
  writeSender(block, ALICE, run.alice, "alice");
  writeSender(block, BOB, run.bob, "bob");
  const recoveryLeft = writeDetector(block, LEFT, run.left, slotSeconds, "left");
  const recoveryRight = writeDetector(block, RIGHT, run.right, slotSeconds, "right");
  const jitters = [run.left, run.right].some((detector) => (detector.timingJitterSeconds ?? 0) > 0);
  if (jitters && referenceSlotsPerFrame > 0 && guardSlots === 0)
    throw invalid(
      "timeline.guardSlots",
      0,
      "at least 1 beside jittering detectors: reference light would leak into quantum slots",
    );
  const trace = writeDrift(block, run.drift);
  writeTracking(block, run.tracking, run);
  block[80] = sliceHalfWidth(inRange("sliceWidthRad", run.sliceWidthRad, 0, Math.PI));
  return { block, recoveryLeft, recoveryRight, trace };
}
