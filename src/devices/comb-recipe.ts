/**
 * How a comb in normal dispersion is started: its pump laser, locked by the light that the ring scatters back, is tuned into the
 * resonance until a dark pulse circulates (Lihachev et al., Nat. Commun. 13, 1771 (2022)).
 *
 * Valid for combs whose lines fill less than a fifth of 512 modes; the step shortens with the pump.
 *
 * @module
 */
import { inRange } from "../errors.ts";
import type { CombRecipe } from "./microcomb-start.ts";
import { ringScales, secondOrderDispersion } from "./ring-resonator.ts";
import { lockStrength } from "./self-injection-lock.ts";
import type { DeviceValues } from "./weiming-devices.ts";

/** What decides a comb's lines and their noise. */
export type CombSource = Pick<
  DeviceValues,
  "ring" | "ringDispersion" | "pumpLaser" | "thermorefractive" | "combOperation"
>;

/** Modes of the simulated field: five times the lines of the broadest comb looked for. */
const MODES = 512;
/** Step in units of $2/\kappa$ at weak pumping; twenty times finer than the fastest phase of the preset's field. */
const STEP = 2e-3;
/** Nonlinear phase of a step at the intensity $F^2$ of a homogeneous field; peaks of pulses reach a few times more. */
const STEP_PHASE = 0.03;
/** Pump over threshold above which steps would be too short to wait for, and the field chaotic. */
const STRONGEST_PUMP = 400;
/** Stabilisation beyond which the laser would have to follow faster than the simulation exchanges its light. */
const STRONGEST_LOCK = 1e5;
/** How often the lines are looked at while the comb is held. */
const HOLD_SAMPLES = 20;

/**
 * The recipe that starts a comb: a laser locked by backscatter is tuned into the ring's resonance, until a dark pulse
 * circulates.
 *
 * @param source - the ring, its pump laser and how they are operated
 * @returns recipe for `startMicrocomb`
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function combRecipe(source: CombSource): CombRecipe {
  const { ring, ringDispersion, combOperation: operation } = source;
  const scales = ringScales(ring);
  const strongest = 1e3 * STRONGEST_PUMP * scales.thresholdWatts;
  const watts = 1e-3 * inRange("combOperation.pumpMilliwatts", operation.pumpMilliwatts, 0, strongest);
  const pumpWatts = [watts, watts] as const;
  const { freeDetuning } = operation;
  const strength = lockStrength({
    ...source.pumpLaser,
    ringQ: scales.loadedQ,
    couplingShare: ring.couplingShare,
    backscatter: operation.backscatter,
  });
  inRange("stabilisation of the pump laser", strength, 0, STRONGEST_LOCK);
  return {
    settings: {
      ring,
      dispersion: { coefficients: [secondOrderDispersion(scales, ring.groupIndex, ringDispersion.beta2Ps2PerKm)] },
      modes: MODES,
      step: Math.min(STEP, (STEP_PHASE * scales.thresholdWatts) / Math.max(watts, Number.MIN_VALUE)),
      backscatter: operation.backscatter,
      lock: { strength, phase: operation.lockPhase, laserRate: operation.laserRate },
    },
    ramps: [
      { detuning: [0, freeDetuning], pumpWatts, duration: operation.startDuration },
      { detuning: [freeDetuning, freeDetuning], pumpWatts, duration: operation.settleDuration },
    ],
    holdDuration: operation.holdDuration,
    holdSamples: HOLD_SAMPLES,
    wanted: "dark-pulse",
    attempts: operation.attempts,
  };
}
