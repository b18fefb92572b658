/**
 * Click probabilities of two weak coherent pulses on a beam splitter, computed from the click model alone: Poisson
 * statistics at each detector for a given phase, averaged over phases by the trapezoidal rule (which converges faster than
 * any power for a periodic function). Nothing of the kernel is used here.
 */
import type { CountingRun, SenderRun } from "../../src/kernels/photons.ts";

/** Probabilities of only L, only R, both. */
export type Outcomes = [left: number, right: number, both: number];

/** Outcomes of one slot with mean photon numbers a, b at the beam splitter and total relative phase delta. */
export function outcomesAtPhase(run: CountingRun, a: number, b: number, delta: number): Outcomes {
  const sum = (a + b) / 2;
  const beat = Math.sqrt(a * b) * Math.cos(delta);
  const click = (efficiency: number, noise: number, light: number) => {
    const byLight = -Math.expm1(-efficiency * Math.max(light, 0));
    return noise + (1 - noise) * byLight;
  };
  const left = click(run.left.efficiency, run.left.noiseProbability, sum + beat);
  const right = click(run.right.efficiency, run.right.noiseProbability, sum - beat);
  return [left * (1 - right), right * (1 - left), left * right];
}

/** Mean of {@link outcomesAtPhase} over an interval of phases, by the midpoint rule. */
export function averagedOutcomes(
  run: CountingRun,
  a: number,
  b: number,
  from: number = 0,
  to: number = 2 * Math.PI,
  points: number = 512,
): Outcomes {
  const total: Outcomes = [0, 0, 0];
  for (let i = 0; i < points; i++) {
    const outcome = outcomesAtPhase(run, a, b, from + ((i + 0.5) / points) * (to - from));
    for (let o = 0; o < 3; o++) total[o]! += outcome[o]! / points;
  }
  return total;
}

/** Probabilities of the five settings of a sender. */
export function settingProbabilities(sender: SenderRun): number[] {
  const z = sender.zWindowProbability;
  const send = sender.sendProbability;
  return [z * send, z * (1 - send), ...sender.decoyProbabilities.map((p) => (1 - z) * p)];
}

/** Probability per slot of every cell of the tallies, `[(alice * 5 + bob) * 3 + outcome]`, for detectors without memory. */
export function cellProbabilities(run: CountingRun): number[] {
  const aliceProbabilities = settingProbabilities(run.alice);
  const bobProbabilities = settingProbabilities(run.bob);
  const cells: number[] = [];
  for (let alice = 0; alice < 5; alice++)
    for (let bob = 0; bob < 5; bob++) {
      const a = run.alice.armTransmittance * run.alice.meanPhotonNumbers[alice]!;
      const b = run.bob.armTransmittance * run.bob.meanPhotonNumbers[bob]!;
      const prior = aliceProbabilities[alice]! * bobProbabilities[bob]!;
      cells.push(...averagedOutcomes(run, a, b).map((p) => p * prior));
    }
  return cells;
}

/** One observed count beside what it should be. */
export interface Deviation {
  readonly cell: number;
  readonly observed: number;
  readonly expected: number;
  /** Deviation in standard deviations. */
  readonly z: number;
}

/** Cells rarer than this are put together: their counts are not normal. */
const SMALLEST_EXPECTED = 25;

/**
 * Compares counts with binomial expectations; cells expected to hold few counts are summed into one, cell -1, and so is
 * nothing else. Slots without any click are a cell as well.
 */
export function deviations(counts: ArrayLike<number>, probabilities: readonly number[], slots: number): Deviation[] {
  const found: Deviation[] = [];
  const compare = (cell: number, observed: number, p: number) => {
    const expected = slots * p;
    const spread = Math.sqrt(slots * p * Math.max(1 - p, 0));
    const z =
      spread > 1e-6 * Math.sqrt(slots) ? (observed - expected) / spread : observed === Math.round(expected) ? 0 : 99;
    if (expected >= SMALLEST_EXPECTED || spread === 0) found.push({ cell, observed, expected, z });
    return expected >= SMALLEST_EXPECTED;
  };
  let rareObserved = 0;
  let rare = 0;
  for (const [cell, p] of probabilities.entries()) {
    if (compare(cell, counts[cell]!, p)) continue;
    rareObserved += counts[cell]!;
    rare += p;
  }
  if (rare > 0) compare(-1, rareObserved, rare);
  return found;
}

/** Largest deviation, in standard deviations. */
export function worst(found: readonly Deviation[]): Deviation {
  return found.reduce((a, b) => (Math.abs(b.z) > Math.abs(a.z) ? b : a));
}
