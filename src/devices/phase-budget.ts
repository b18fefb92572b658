/**
 * The phase budget of a pair of clients: what each device costs in visibility, phase variance and X errors.
 *
 * Independent contributions multiply their visibilities, $V=\prod_i V_i$. Each is listed with its error
 * $e_i=(1-V_i)/2$ and with the Gaussian phase variance $\sigma_i^2=-2\ln V_i$ that would cost the same; variances add
 * and $e_X=\frac12(1-e^{-\sum_i\sigma_i^2/2})$ is exact, while the errors add to first order only. Valid for
 * contributions that are independent of each other; detector saturation and drifts of hours are not in it.
 *
 * @module
 */
import { inRange } from "../errors.ts";
import type { DualWavelengthResidual } from "./fibre-phase.ts";
import {
  balanceVisibility,
  phaseNoiseVisibility,
  polarisationVisibility,
  portVisibility,
  pulseVisibility,
  sliceVisibility,
  visibilityError,
} from "./interference.ts";
import { lockTrackingVariance } from "./laser-phase.ts";
import { shotNoiseVariance, windowDriftVariance } from "./phase-tracking.ts";
import { phaseScaleVariance, type Transmitter } from "./transmitter.ts";

/** The contributions, in the order in which light meets them. */
export type Contribution =
  | "comb"
  | "lock"
  | "neighbourLines"
  | "modulatorPhase"
  | "extinction"
  | "intensityMismatch"
  | "pulseMismatch"
  | "polarisationMismatch"
  | "receiver"
  | "driftInWindow"
  | "referenceShotNoise"
  | "fibreResidual"
  | "residualShotNoise"
  | "slice"
  | "noiseCounts";

/**
 * How a contribution behaves in time: fast phase noise that differs from slot to slot, a static defect of the
 * interference, the error of the tracking loops, the accepted phase slice, or clicks without a signal.
 */
export type ContributionKind = "fast" | "static" | "tracking" | "slice" | "noise";

/** One line of a phase budget. */
export interface PhaseBudgetEntry {
  /** What causes it. */
  readonly contribution: Contribution;
  /** How it behaves in time. */
  readonly kind: ContributionKind;
  /** Gaussian phase variance of the same cost, **rad^2**. */
  readonly rad2: number;
  /** X errors it would cause alone. */
  readonly xError: number;
}

/** Reference light and windows of the two tracking loops. */
export interface TrackingConditions {
  /** Window of the fast loop on the reference colour, **s**. */
  readonly fastWindowSeconds: number;
  /** Reference counts of the fast loop, **Hz**. */
  readonly fastCountRateHz: number;
  /** Window of the slow loop on the difference of the colours, **s**. */
  readonly slowWindowSeconds: number;
  /** Counts of the slow loop, **Hz**. */
  readonly slowCountRateHz: number;
  /** Contrast of the references, background included. */
  readonly referenceVisibility: number;
}

/** What a client's lock to its comb line costs. */
export interface LockConditions {
  /** Corner frequency of the lock, **Hz**, see `lockCorner`. */
  readonly cornerHz: number;
  /** Phase modulation that other comb lines leave on the client, variance, **rad^2**, see `neighbourModulation`. */
  readonly neighbourVariance: number;
}

/** Everything a phase budget depends on. */
export interface PairConditions {
  /** One client's transmitter. */
  readonly alice: Transmitter;
  /** The other's. */
  readonly bob: Transmitter;
  /** Phase variance that the comb line's noise leaves over two ways of unequal length, **rad^2**, see `delayedNoiseVariance`. */
  readonly combVariance: number;
  /** Each client's lock to the comb line. */
  readonly locks: { readonly alice: LockConditions; readonly bob: LockConditions };
  /** Photons per X pulse of the weaker decoy that reach the beam splitter from each client. */
  readonly arriving: { readonly alice: number; readonly bob: number };
  /** Residue of each client's closed modulators relative to its weaker decoy. */
  readonly residueRatio: { readonly alice: number; readonly bob: number };
  /** Contrast of the server's interferometer, bright to dark port, **dB**. */
  readonly receiverExtinctionDb: number;
  /** RMS drift rate of the reference colour, **rad/s**. */
  readonly referenceDriftRate: number;
  /** Drift left by the difference of the colours. */
  readonly residual: DualWavelengthResidual;
  /** Reference light and windows. */
  readonly tracking: TrackingConditions;
  /** Total width of the accepted phase slice, **rad**. */
  readonly sliceWidth: number;
  /** Clicks per slot from noise over clicks per slot from the signal, both detectors together. */
  readonly noiseToSignal: number;
}

function fromVisibility(contribution: Contribution, kind: ContributionKind, visibility: number): PhaseBudgetEntry {
  // -0 would be printed as such.
  const rad2 = visibility === 1 ? 0 : -2 * Math.log(visibility);
  return { contribution, kind, rad2, xError: visibilityError(visibility) };
}

function fromVariance(contribution: Contribution, kind: ContributionKind, variance: number): PhaseBudgetEntry {
  return { contribution, kind, rad2: variance, xError: visibilityError(phaseNoiseVisibility(variance)) };
}

/** Visibility left by background of unrelated phase that carries a share of the light. */
function dilution(ratio: number): number {
  return 1 / (1 + ratio);
}

function modulatorVariance(transmitter: Transmitter): number {
  return phaseScaleVariance(transmitter.phaseScaleError) + transmitter.phaseSettlingRad ** 2;
}

/**
 * The phase budget of a pair.
 *
 * @param pair - the two transmitters and everything between them
 * @returns one entry a contribution, in the order of {@link Contribution}
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function phaseBudget(pair: PairConditions): PhaseBudgetEntry[] {
  const { alice, bob, locks, tracking, arriving, residueRatio } = pair;
  inRange("pair.noiseToSignal", pair.noiseToSignal, 0, Infinity);
  inRange("pair.residueRatio.alice", residueRatio.alice, 0, Infinity);
  inRange("pair.residueRatio.bob", residueRatio.bob, 0, Infinity);
  const total = arriving.alice + arriving.bob;
  const residue = total === 0 ? 0 : (residueRatio.alice * arriving.alice + residueRatio.bob * arriving.bob) / total;
  const fastCounts = tracking.fastCountRateHz * tracking.fastWindowSeconds;
  const slowCounts = tracking.slowCountRateHz * tracking.slowWindowSeconds;
  const { referenceVisibility } = tracking;
  return [
    fromVariance("comb", "fast", pair.combVariance),
    fromVariance(
      "lock",
      "fast",
      lockTrackingVariance(alice.freeLinewidthHz, locks.alice.cornerHz) +
        lockTrackingVariance(bob.freeLinewidthHz, locks.bob.cornerHz),
    ),
    fromVariance("neighbourLines", "fast", locks.alice.neighbourVariance + locks.bob.neighbourVariance),
    fromVariance("modulatorPhase", "fast", modulatorVariance(alice) + modulatorVariance(bob)),
    fromVisibility("extinction", "static", dilution(residue)),
    fromVisibility("intensityMismatch", "static", balanceVisibility(arriving.alice, arriving.bob)),
    fromVisibility("pulseMismatch", "static", pulseVisibility(alice, bob)),
    fromVisibility("polarisationMismatch", "static", polarisationVisibility(alice, bob)),
    fromVisibility("receiver", "static", portVisibility(pair.receiverExtinctionDb)),
    fromVariance("driftInWindow", "tracking", windowDriftVariance(pair.referenceDriftRate, tracking.fastWindowSeconds)),
    fromVariance("referenceShotNoise", "tracking", shotNoiseVariance(fastCounts, referenceVisibility)),
    fromVariance(
      "fibreResidual",
      "tracking",
      windowDriftVariance(pair.residual.totalRadPerSecond, tracking.slowWindowSeconds),
    ),
    fromVariance("residualShotNoise", "tracking", shotNoiseVariance(slowCounts, referenceVisibility)),
    fromVisibility("slice", "slice", sliceVisibility(pair.sliceWidth)),
    fromVisibility("noiseCounts", "noise", dilution(pair.noiseToSignal)),
  ];
}

/**
 * The X error of several contributions together: $e=\frac12\left(1-e^{-\sum\sigma_i^2/2}\right)$.
 *
 * @param entries - budget entries
 * @param kinds - which kinds to include, default all
 * @returns error probability
 */
export function budgetError(entries: readonly PhaseBudgetEntry[], kinds?: readonly ContributionKind[]): number {
  const variance = entries
    .filter((entry) => kinds === undefined || kinds.includes(entry.kind))
    .reduce((sum, entry) => sum + entry.rad2, 0);
  return visibilityError(phaseNoiseVisibility(variance));
}
