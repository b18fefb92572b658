/**
 * What a run should count, in closed form, and how far the counts are from it. The click model is averaged over phases by
 * the trapezoidal rule; detectors with memory enter to first order in (click probability) x (memory in slots):
 *
 * - dead time takes the share of slots in which a detector is dead, $D r / (1 + D r)$ at $r$ registered clicks a slot
 * - recovery takes $r \sum_k (1 - \eta_k)$ of a detector's clicks
 * - afterpulses and light leaked from neighbouring slots are noise that knows nothing of the slot's settings
 *
 * Without memory and jitter the counts are exact.
 *
 * @module
 */
import { photonParameters } from "./photons-parameters.ts";
import type { CountingRun, CountTallies, DetectorRun } from "./photons-run.ts";
import { OUTCOME_NAMES, PHASE_UNITS, SETTING, SETTING_NAMES, sliceHalfWidth } from "./photons-run.ts";

/** Expected counts of a whole run. */
export interface ExpectedTallies {
  /** As {@link CountTallies.counts}: `[(alice * 5 + bob) * 3 + outcome]`. */
  readonly counts: Float64Array;
  /** Accepted events of `x1`-`x1` and of `x2`-`x2` in both slices together. */
  readonly accepted: readonly [x1x1: number, x2x2: number];
  /** Wrong ones among them; undefined when the residual phase has no closed form (see {@link residualPhaseVariance}). */
  readonly wrong: readonly [x1x1: number, x2x2: number] | undefined;
}

/** One count beside what it should be. */
export interface ExpectedFigure {
  /** What is counted. */
  readonly name: string;
  /** The count. */
  readonly observed: number;
  /** Its standard error, $\sqrt{\max(n, 1)}$. */
  readonly standardError: number;
  /** What it should be. */
  readonly expected: number;
  /** Difference in standard deviations of the expected count; 0 when nothing is expected or found. */
  readonly z: number;
}

/** A detector seen from one slot: efficiency in its own gate, mean leak of both neighbours per photon, noise. */
interface SlotDetector {
  readonly own: number;
  readonly leak: number;
  readonly noise: number;
}

type Outcomes = [left: number, right: number, both: number];

const PHASES = 256;

/** Share of a Gaussian between two points, by the midpoint rule: made for figures beside counts, not for counting. */
function gaussianShare(from: number, to: number, deviation: number): number {
  const points = 4000;
  let sum = 0;
  for (let i = 0; i < points; i++) {
    const x = (from + ((i + 0.5) / points) * (to - from)) / deviation;
    sum += Math.exp(-0.5 * x * x);
  }
  return (sum * (to - from)) / (points * deviation * Math.sqrt(2 * Math.PI));
}

function slotDetector(detector: DetectorRun, slotSeconds: number): SlotDetector {
  const jitter = detector.timingJitterSeconds ?? 0;
  const half = (detector.gateSeconds ?? slotSeconds) / 2;
  const { efficiency, noiseProbability: noise } = detector;
  if (jitter === 0) return { own: efficiency, leak: 0, noise };
  return {
    own: efficiency * gaussianShare(-half, half, jitter),
    leak: 2 * efficiency * gaussianShare(slotSeconds - half, slotSeconds + half, jitter),
    noise,
  };
}

/** Outcomes at one phase, with Poisson means `extra` of clicks that do not depend on it. */
function outcomesAt(
  detectors: readonly SlotDetector[],
  extra: readonly number[],
  a: number,
  b: number,
  cosine: number,
): Outcomes {
  const sum = (a + b) / 2;
  const beat = Math.sqrt(a * b) * cosine;
  const click = (which: number, light: number) => {
    const { own, noise } = detectors[which]!;
    const poisson = -Math.expm1(-own * Math.max(light, 0) - extra[which]!);
    return noise + (1 - noise) * poisson;
  };
  const left = click(0, sum + beat);
  const right = click(1, sum - beat);
  return [left * (1 - right), right * (1 - left), left * right];
}

/** Mean over phases around `centre`, of Gaussian spread `deviation` (infinite: uniform) within a slice of half width `half`. */
function average(at: (delta: number) => Outcomes, half: number, deviation: number): Outcomes {
  const total: Outcomes = [0, 0, 0];
  let weights = 0;
  const spread = deviation > 0 ? 30 : 0;
  const slices = half >= Math.PI ? PHASES : 33;
  for (let i = 0; i < slices; i++) {
    const delta = -half + ((i + 0.5) / slices) * 2 * half;
    for (let j = -spread; j <= spread; j++) {
      const x = j / 5;
      const weight = Math.exp(-0.5 * x * x);
      const outcome = at(delta + x * deviation);
      weights += weight;
      for (let o = 0; o < 3; o++) total[o]! += weight * outcome[o]!;
    }
  }
  return total.map((sum) => sum / weights) as Outcomes;
}

/**
 * Variance of the phase that tracking leaves in a slot,
 *
 * $$\sigma^2 = \sigma_f^2 + \frac{1}{n J} + \frac{(\alpha T)^2}{12} + q T \left(\frac16 + \frac23 [l \geq 1] + (l - 1)\right)$$
 *
 * with fast noise $\sigma_f$, the shot noise of $n$ reference counts ($2/(n V^2)$ for the quadrature estimator), ramp
 * $\alpha$, random-walk rate $q$, sampling period $T$ and latency $l$.
 *
 * @param run - the run
 * @returns variance, **rad^2**, or undefined when there is no such formula: gain below 1, a trace, an Ornstein-Uhlenbeck
 * process, drift without tracking, or a ramp with latency (which is an offset)
 */
export function residualPhaseVariance(run: CountingRun): number | undefined {
  const { drift, tracking } = run;
  const ramp = drift.rampRadPerSecond ?? 0;
  const walk = drift.randomWalkRad2PerSecond ?? 0;
  const fast = (drift.fastNoiseRad ?? 0) ** 2;
  if (drift.trace !== undefined || (drift.ornsteinUhlenbeck ?? []).length > 0) return undefined;
  if (tracking === undefined) return ramp === 0 && walk === 0 && (drift.initialPhaseRad ?? 0) === 0 ? fast : undefined;
  const latency = tracking.latencySamples ?? 0;
  if ((tracking.gain ?? 1) !== 1 || (latency > 0 && ramp !== 0)) return undefined;
  const slotSeconds = run.timeline.slotSeconds;
  const period = Math.max(Math.round(tracking.samplingSeconds / slotSeconds), 1) * slotSeconds;
  const within = (ramp * period) ** 2 / 12;
  const walked = walk * period * (latency === 0 ? 1 / 6 : latency - 1 / 6);
  // Phase noise and the ramp within the window lower the contrast of the reference itself.
  const visibility = (tracking.referenceVisibility ?? 1) * Math.exp(-0.5 * (fast + within + (walk * period) / 6));
  const counts = tracking.referenceCountsPerSample;
  if (!(counts > 0) || !(visibility > 0)) return undefined;
  let shot = 2 / (counts * visibility ** 2);
  if (tracking.estimator !== "quadrature") {
    const v = Math.min(visibility, 0.999);
    shot = 0;
    for (let i = 0; i < PHASES; i++) {
      const c = (v * Math.cos((2 * Math.PI * i) / PHASES)) ** 2;
      const s = v * v - c;
      shot += 2 / (s / (1 - c) + c / (1 - s)) / (counts * PHASES);
    }
  }
  return fast + shot + within + walked;
}

/**
 * Expected counts of a run.
 *
 * @param run - the run
 * @throws {@link TwincombError} `invalid-input` naming the value at fault
 */
export function expectedTallies(run: CountingRun): ExpectedTallies {
  const { block, recoveryLeft, recoveryRight } = photonParameters(run);
  const probabilities = [block.subarray(16, 21), block.subarray(27, 32)] as const;
  const light = (alice: number, bob: number) =>
    [
      run.alice.armTransmittance * run.alice.meanPhotonNumbers[alice]!,
      run.bob.armTransmittance * run.bob.meanPhotonNumbers[bob]!,
    ] as const;
  const slotSeconds = run.timeline.slotSeconds;
  const detectors = [slotDetector(run.left, slotSeconds), slotDetector(run.right, slotSeconds)];
  const parameters = [run.left, run.right] as const;
  const dead = [block[34]!, block[42]!];
  const resting = [recoveryLeft, recoveryRight].map((table) =>
    table.reduce((sum, efficiency) => sum + 1 - efficiency, 0),
  );

  const pairs = Array.from({ length: 25 }, (_, pair) => ({ alice: Math.floor(pair / 5), bob: pair % 5 }));
  const prior = ({ alice, bob }: { alice: number; bob: number }) => probabilities[0][alice]! * probabilities[1][bob]!;
  const meanLight = pairs.reduce((sum, pair) => {
    const [a, b] = light(pair.alice, pair.bob);
    return sum + (prior(pair) * (a + b)) / 2;
  }, 0);
  const leaked = detectors.map(({ leak }) => leak * meanLight);
  const gains = (extra: readonly number[]) =>
    pairs.map((pair) => {
      const [a, b] = light(pair.alice, pair.bob);
      if (prior(pair) === 0) return [0, 0, 0] as Outcomes;
      return average((delta) => outcomesAt(detectors, extra, a, b, Math.cos(delta)), Math.PI, 0);
    });
  const rates = (table: readonly Outcomes[]) =>
    [0, 1].map((which) => pairs.reduce((sum, pair, i) => sum + prior(pair) * (table[i]![which]! + table[i]![2]), 0));

  // Registered clicks a slot and the afterpulses they leave settle in a few rounds.
  let extra: number[] = leaked;
  let live = [1, 1];
  let awake = [1, 1];
  let table = gains(extra);
  for (let round = 0; round < 4; round++) {
    const raw = rates(table);
    live = raw.map((rate, which) => 1 / (1 + rate * (dead[which]! + resting[which]!)));
    const registered = raw.map((rate, which) => rate * live[which]!);
    awake = registered.map((rate, which) => 1 - rate * dead[which]!);
    extra = registered.map((rate, which) => {
      const detector = parameters[which]!;
      const probability = detector.afterpulseProbability ?? 0;
      if (probability === 0) return leaked[which]!;
      const outlives = Math.exp((-dead[which]! * slotSeconds) / detector.afterpulseTimeConstantSeconds!);
      return leaked[which]! + rate * probability * outlives;
    });
    table = gains(extra);
  }
  const bothAwake = awake[0]! * awake[1]!;
  const rested = live.map((share, which) => share / awake[which]!);
  const factor = (outcome: number) =>
    bothAwake * (outcome === 0 ? rested[0]! : outcome === 1 ? rested[1]! : rested[0]! * rested[1]!);
  const counts = new Float64Array(75);
  for (const [i, pair] of pairs.entries())
    for (let outcome = 0; outcome < 3; outcome++)
      counts[i * 3 + outcome] = run.pulses * prior(pair) * table[i]![outcome]! * factor(outcome);

  const half = sliceHalfWidth(run.sliceWidthRad);
  const unit = (2 * Math.PI) / PHASE_UNITS;
  const variance = residualPhaseVariance(run);
  const flip = run.portFlipProbability;
  const slices = [SETTING.x1, SETTING.x2].map((setting) => {
    const [a, b] = light(setting, setting);
    const share = (run.pulses * prior({ alice: setting, bob: setting }) * 2 * half) / PHASE_UNITS;
    let accepted = 0;
    let wrong = 0;
    for (const slice of [0, 1]) {
      const sign = slice === 0 ? 1 : -1;
      const at = (delta: number) => outcomesAt(detectors, extra, a, b, sign * Math.cos(delta));
      const outcome = average(at, half * unit, Math.sqrt(variance ?? 0));
      const right = outcome[slice]! * factor(slice);
      const other = outcome[1 - slice]! * factor(1 - slice);
      accepted += share * (right + other);
      wrong += share * ((1 - flip) * other + flip * right);
    }
    return { accepted, wrong };
  });
  const [x1x1, x2x2] = [slices[0]!, slices[1]!];
  return {
    counts,
    accepted: [x1x1.accepted, x2x2.accepted],
    wrong: variance === undefined || half === 0 ? undefined : [x1x1.wrong, x2x2.wrong],
  };
}

/**
 * Holds counts against what they should be, one row a figure; figures of which nothing is expected are left out.
 *
 * @param run - the run
 * @param tallies - what it counted; a run that is not over is compared at the slots it has done
 * @throws {@link TwincombError} `invalid-input` naming the value at fault
 */
export function compareTallies(run: CountingRun, tallies: CountTallies): ExpectedFigure[] {
  const done = { ...run, pulses: tallies.pulses };
  const expected = expectedTallies(done);
  const rows: ExpectedFigure[] = [];
  const add = (name: string, observed: number, mean: number) => {
    if (mean === 0 && observed === 0) return;
    const deviation = Math.sqrt(mean * Math.max(1 - mean / Math.max(done.pulses, 1), 0));
    const z = deviation > 0 ? (observed - mean) / deviation : 0;
    rows.push({ name, observed, standardError: Math.sqrt(Math.max(observed, 1)), expected: mean, z });
  };
  for (const [a, alice] of SETTING_NAMES.entries())
    for (const [b, bob] of SETTING_NAMES.entries())
      for (const [o, outcome] of OUTCOME_NAMES.entries()) {
        const cell = (a * 5 + b) * 3 + o;
        add(`${alice} ${bob} ${outcome}`, tallies.counts[cell]!, expected.counts[cell]!);
      }
  for (const [i, name] of (["x1x1", "x2x2"] as const).entries()) {
    const { accepted, wrong } = tallies[name];
    add(`${name} accepted`, accepted[0] + accepted[1], expected.accepted[i]!);
    if (expected.wrong !== undefined) add(`${name} wrong`, wrong[0] + wrong[1], expected.wrong[i]!);
  }
  return rows;
}
