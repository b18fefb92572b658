/**
 * The experiment slot by slot, in plain TypeScript: every slot draws settings, phases, light, leaks and clicks; every
 * reference slot is simulated; both detectors remember what they registered. It shares nothing with the kernel but the
 * meaning of a {@link CountingRun}, and its random numbers come from another generator.
 */
import type { CountingRun, DetectorRun } from "../../src/kernels/photons.ts";
import { settingProbabilities } from "./photons-oracle.ts";

/** sfc32 (Doty-Humphrey), uniform on [0, 1) with 32 bits. */
export function generator(seed: number): () => number {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return (t >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 20; i++) next();
  return next;
}

/** What one brute-force run announces. */
export interface BruteForceCounts {
  readonly counts: Float64Array;
  readonly slots: number[];
  readonly registered: [number, number];
  readonly discarded: number;
  /** Registered clicks of both detectors in reference slots. */
  readonly referenceClicks: number;
}

/** How a detector loses a share of its clicks: own gate, one neighbour (jitter is given as numbers here, not times). */
export interface GateShares {
  readonly own: number;
  readonly leak: number;
}

function relativeEfficiency(detector: DetectorRun, age: number, slotSeconds: number): number {
  const delay = age * slotSeconds;
  const dead = detector.deadTimeSeconds ?? 0;
  // Half a millionth of a slot keeps rounding from deciding.
  if (delay < dead - 5e-7 * slotSeconds) return 0;
  const curve = detector.recoveryCurve ?? [];
  const right = curve.findIndex((point) => point.delaySeconds > delay + 5e-7 * slotSeconds);
  if (right === -1) return 1;
  if (right === 0) return curve[0]!.relativeEfficiency;
  const a = curve[right - 1]!;
  const b = curve[right]!;
  const share = (delay - a.delaySeconds) / (b.delaySeconds - a.delaySeconds);
  return a.relativeEfficiency + (b.relativeEfficiency - a.relativeEfficiency) * share;
}

/**
 * Runs the experiment.
 *
 * @param run - drift must be a ramp at most; phases continuous
 * @param shares - gate shares of L and R
 * @param referenceHit - click probability of a rested detector in a reference slot
 * @param seed - of the generator
 */
export function bruteForce(
  run: CountingRun,
  shares: readonly [GateShares, GateShares],
  referenceHit: number,
  seed: number,
): BruteForceCounts {
  const random = generator(seed);
  const { slotSeconds, quantumSlotsPerFrame: quantum, referenceSlotsPerFrame: reference } = run.timeline;
  const guard = reference > 0 ? run.timeline.guardSlots : 0;
  const frame = quantum + reference + 2 * guard;
  const frames = Math.ceil(run.pulses / quantum);
  const wallSlots = frames * frame;
  const detectors = [run.left, run.right] as const;
  const pairs = new Uint8Array(wallSlots);
  const raw = new Uint8Array(wallSlots + 2);
  const pick = (probabilities: readonly number[]) => {
    let u = random();
    for (let i = 0; i < 4; i++) {
      u -= probabilities[i]!;
      if (u < 0) return i;
    }
    return 4;
  };
  const aliceProbabilities = settingProbabilities(run.alice);
  const bobProbabilities = settingProbabilities(run.bob);
  let slot = 0;
  for (let wall = 0; wall < wallSlots && slot < run.pulses; wall++) {
    const within = wall % frame;
    if (within >= quantum) continue;
    slot++;
    const alice = pick(aliceProbabilities);
    const bob = pick(bobProbabilities);
    pairs[wall] = alice * 5 + bob;
    const a = run.alice.armTransmittance * run.alice.meanPhotonNumbers[alice]!;
    const b = run.bob.armTransmittance * run.bob.meanPhotonNumbers[bob]!;
    const beat = Math.sqrt(a * b) * Math.cos(2 * Math.PI * random());
    for (let which = 0; which < 2; which++) {
      const light = ((a + b) / 2 + (which === 0 ? beat : -beat)) * detectors[which]!.efficiency;
      const { own, leak } = shares[which]!;
      const bit = 1 << which;
      if (random() >= Math.exp(-own * light) * (1 - detectors[which]!.noiseProbability)) raw[wall]! |= bit;
      if (leak > 0 && random() >= Math.exp(-leak * light)) raw[wall + 1]! |= bit;
      if (leak > 0 && random() >= Math.exp(-leak * light) && wall > 0) raw[wall - 1]! |= bit;
    }
  }

  const counts = new Float64Array(75);
  const slots: number[] = [];
  const registered: [number, number] = [0, 0];
  const last = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const afterpulses = new Map<number, number>();
  let discarded = 0;
  let referenceClicks = 0;
  slot = -1;
  for (let wall = 0; wall < wallSlots; wall++) {
    const within = wall % frame;
    const isQuantum = within < quantum;
    if (isQuantum && ++slot >= run.pulses) break;
    let clicks = raw[wall]!;
    const isReference = within >= quantum + guard && within < quantum + guard + reference;
    if (isReference) for (let which = 0; which < 2; which++) if (random() < referenceHit) clicks |= 1 << which;
    const waiting = afterpulses.get(wall);
    if (waiting !== undefined) {
      clicks |= waiting;
      afterpulses.delete(wall);
    }
    if (clicks === 0) continue;
    let outcome = 0;
    const dead = detectors.some(
      (detector, which) => (wall - last[which]!) * slotSeconds < (detector.deadTimeSeconds ?? 0) - 5e-7 * slotSeconds,
    );
    for (let which = 0; which < 2; which++) {
      if ((clicks & (1 << which)) === 0) continue;
      const detector = detectors[which]!;
      if (random() >= relativeEfficiency(detector, wall - last[which]!, slotSeconds)) continue;
      last[which] = wall;
      outcome |= 1 << which;
      if (isReference) referenceClicks++;
      else registered[which]!++;
      if (random() < (detector.afterpulseProbability ?? 0)) {
        const delay = -Math.log(1 - random()) * (detector.afterpulseTimeConstantSeconds! / slotSeconds);
        const at = wall + 1 + Math.floor(delay);
        afterpulses.set(at, (afterpulses.get(at) ?? 0) | (1 << which));
      }
    }
    if (!isQuantum || outcome === 0) continue;
    if (dead) {
      discarded++;
      continue;
    }
    counts[pairs[wall]! * 3 + outcome - 1]!++;
    if (outcome !== 3) slots.push(slot);
  }
  return { counts, slots, registered, discarded, referenceClicks };
}

/**
 * Two-sample chi-square in standard deviations of its own: are two histograms drawn from the same law? Cells with fewer than
 * 20 counts together are put into one.
 */
export function twoSample(first: ArrayLike<number>, second: ArrayLike<number>): number {
  let totalFirst = 0;
  let totalSecond = 0;
  for (let i = 0; i < first.length; i++) {
    totalFirst += first[i]!;
    totalSecond += second[i]!;
  }
  let chiSquare = 0;
  let cells = -1;
  let restFirst = 0;
  let restSecond = 0;
  const add = (a: number, b: number) => {
    chiSquare += (a * Math.sqrt(totalSecond / totalFirst) - b * Math.sqrt(totalFirst / totalSecond)) ** 2 / (a + b);
    cells++;
  };
  for (let i = 0; i < first.length; i++) {
    const a = first[i]!;
    const b = second[i]!;
    if (a + b >= 20) add(a, b);
    else {
      restFirst += a;
      restSecond += b;
    }
  }
  if (restFirst + restSecond >= 20) add(restFirst, restSecond);
  return (chiSquare - cells) / Math.sqrt(2 * cells);
}

/** Histogram of the distances between successive slots, the last bin open. */
export function gapHistogram(slots: ArrayLike<number>, bins: number): Float64Array {
  const histogram = new Float64Array(bins);
  for (let i = 1; i < slots.length; i++) histogram[Math.min(slots[i]! - slots[i - 1]!, bins) - 1]!++;
  return histogram;
}

/** Histogram of the position within a frame: the first 40 slots one by one, the rest in one bin. */
export function frameHistogram(slots: ArrayLike<number>, quantum: number): Float64Array {
  const histogram = new Float64Array(41);
  for (let i = 0; i < slots.length; i++) histogram[Math.min(slots[i]! % quantum, 40)]!++;
  return histogram;
}
