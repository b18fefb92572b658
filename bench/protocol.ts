/**
 * Finite-key evaluations, optimised curves, and the plain grid search that the optimiser replaces.
 */
import {
  type FreeSettings,
  forecastLink,
  linkAt,
  optimise,
  rateCurve,
  symmetricSettings,
} from "../src/protocol/index.ts";
import { type BenchRow, benchmark } from "./harness.ts";

const FIBRE = { lossDbPerKm: 0.2, detectorEfficiency: 0.3, darkCountProbability: 1e-8, misalignment: 0.03 };
const PULSES = 1e12;
const FORECAST = { failureProbability: 1e-10, efficiency: 1.1 };
/** Evaluations in one timed call. */
const BATCH = 1000;
/** A paired finite-key evaluation may take 20 microseconds. */
const EVALUATIONS_GOAL = 50;
/** A curve of 100 distances may take 4 seconds. */
const DISTANCES_GOAL = 25;
/** Points along each of eight variables. */
const GRID_POINTS = 4;

/** Settings that differ from call to call, so that nothing can be kept. */
function settings(k: number, extinctionDb: number): ReturnType<typeof symmetricSettings> {
  const free: FreeSettings = {
    x1: 0.06 + 1e-6 * k,
    x2: 0.33,
    zSend: 0.49,
    zWindow: 0.88,
    send: 0.27 + 1e-6 * k,
    p0: 0.05,
    p1: 0.91,
    sliceWidthRad: 0.41,
  };
  return symmetricSettings(free, extinctionDb);
}

/** Best rate on a grid whose ranges hold every optimum between 100 and 500 km. */
function gridSearch(distanceKm: number): number {
  const link = linkAt(FIBRE, distanceKm);
  const range = (low: number, high: number): number[] =>
    Array.from({ length: GRID_POINTS }, (_, i) => low + ((high - low) * (i + 0.5)) / GRID_POINTS);
  let best = 0;
  for (const x1 of range(0.02, 0.08)) {
    for (const x2 of range(0.1, 0.4)) {
      for (const zSend of range(0.4, 0.6)) {
        for (const zWindow of range(0.75, 0.98)) {
          for (const send of range(0.24, 0.32)) {
            for (const p0 of range(0.005, 0.08)) {
              for (const share of range(0.9, 0.99)) {
                for (const sliceWidthRad of range(0.2, 0.5)) {
                  const free = { x1, x2, zSend, zWindow, send, p0, p1: (1 - p0) * share, sliceWidthRad };
                  const { bits } = forecastLink(symmetricSettings(free), link, PULSES, "active", FORECAST);
                  best = Math.max(best, bits);
                }
              }
            }
          }
        }
      }
    }
  }
  return best / PULSES;
}

/** Times the formulas. */
export async function run(): Promise<BenchRow[]> {
  const link = linkAt(FIBRE, 370);
  let sum = 0;
  const evaluation = (pairing: "none" | "active", extinctionDb: number) => (): void => {
    for (let k = 0; k < BATCH; k++)
      sum += forecastLink(settings(k, extinctionDb), link, PULSES, pairing, FORECAST).bits;
  };
  const positive = (): void => {
    if (!(sum > 0)) throw new Error("the evaluated settings make no key");
  };
  const rate = ["kevaluation/s", 1e3] as const;
  const evaluations = await benchmark("protocol: finite-key evaluation, link model to key length", [
    {
      name: "paired, 370 km",
      run: evaluation("active", Infinity),
      units: BATCH,
      rate,
      goal: EVALUATIONS_GOAL,
      check: positive,
    },
    {
      name: "paired, 370 km, 30 dB extinction",
      run: evaluation("active", 30),
      units: BATCH,
      rate,
      goal: EVALUATIONS_GOAL,
    },
    { name: "plain, 370 km", run: evaluation("none", Infinity), units: BATCH, rate },
  ]);
  const distances = Array.from({ length: 100 }, (_, i) => 5 * i);
  let grid = 0;
  const perDistance = ["distance/s", 1] as const;
  const curves = await benchmark("protocol: optimised paired finite-key rate against distance", [
    {
      name: `grid search, ${GRID_POINTS}^8 settings, 370 km`,
      run: () => {
        grid = gridSearch(370);
      },
      units: 1,
      rate: perDistance,
      minSamples: 3,
      check: () => {
        const best = optimise(link, PULSES, { failureProbability: 1e-10, pairing: "active" }).keyRatePerPulse;
        console.log(`  the grid's best rate is ${(grid / best).toFixed(3)} of the optimiser's`);
        if (grid > best) throw new Error("the grid found better settings than the optimiser");
      },
    },
    {
      name: "optimiser, 100 distances, 0 to 495 km",
      run: () => void rateCurve(["sns-aopp"], distances, FIBRE, { pulses: PULSES }),
      units: distances.length,
      rate: perDistance,
      goal: DISTANCES_GOAL,
      minSamples: 3,
    },
  ]);
  return [...evaluations, ...curves];
}
