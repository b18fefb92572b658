/**
 * What a photon-counting run is made of, and what comes out: the numbers the kernel takes and the plain
 * typed arrays it gives back. No physics is computed here.
 *
 * Phases are counted in units of $2\pi/65536$ (`u16`), as a 16-bit phase modulator sets them. With the private
 * phases $\theta_A, \theta_B$ of the senders, the drift $\varphi(t)$ of the two arms and the tracked estimate
 * $\hat\varphi$, light meets at the server with $\delta = \theta_A - \theta_B + \varphi(t)$; $\delta = 0$ makes detector L
 * bright. Both sides later compute $\theta_A - \theta_B + \hat\varphi$ from announced values alone.
 *
 * @module
 */

/** The five settings of a sender, in the order that every array indexed by setting uses. */
export const SETTING_NAMES = ["z-send", "z-not", "x0", "x1", "x2"] as const;

/** Name of a setting. */
export type SettingName = (typeof SETTING_NAMES)[number];

/** Setting codes as they stand in event streams: indices into {@link SETTING_NAMES}. */
export const SETTING: {
  readonly zSend: 0;
  readonly zNot: 1;
  readonly x0: 2;
  readonly x1: 3;
  readonly x2: 4;
} = { zSend: 0, zNot: 1, x0: 2, x1: 3, x2: 4 };

/** Outcomes of a slot in the order of the tallies: only L clicked, only R clicked, both clicked. */
export const OUTCOME_NAMES = ["left", "right", "both"] as const;

/** Five numbers, one per setting in the order of {@link SETTING_NAMES}. */
export type PerSetting = readonly [zSend: number, zNot: number, x0: number, x1: number, x2: number];

/** One sender and the arm to the server. */
export interface SenderRun {
  /** Power transmittance of the arm, fibre and insertion, detector efficiency excluded; 0 to 1. */
  readonly armTransmittance: number;
  /** Mean photon number per pulse at the sender's output for each setting, >= 0; `z-not` and `x0` hold what finite extinction leaves. */
  readonly meanPhotonNumbers: PerSetting;
  /** Probability of the Z window, 0 to 1. */
  readonly zWindowProbability: number;
  /** Probability of sending, given the Z window, 0 to 1. */
  readonly sendProbability: number;
  /** Probabilities of `x0`, `x1`, `x2`, given the X window; they sum to 1. */
  readonly decoyProbabilities: readonly [x0: number, x1: number, x2: number];
}

/** One point of a recovery curve. */
export interface RecoveryPoint {
  /** Time since the last registered click, **s**, not before the dead time ends. */
  readonly delaySeconds: number;
  /** Efficiency relative to a rested detector, 0 to 1. */
  readonly relativeEfficiency: number;
}

/** One single-photon detector behind an output port of the beam splitter. */
export interface DetectorRun {
  /** Detection efficiency, 0 to 1 (gate acceptance excluded: it follows from the jitter). */
  readonly efficiency: number;
  /** Probability of a click without signal light, per quantum slot: darks, Raman, crosstalk; 0 to 1. */
  readonly noiseProbability: number;
  /** Non-paralysable dead time after a registered click, **s**. Default 0. */
  readonly deadTimeSeconds?: number;
  /** Efficiency after the dead time, linear between points, 1 after the last. Default: full at once. */
  readonly recoveryCurve?: readonly RecoveryPoint[];
  /** Probability that a registered click is followed by an afterpulse. Default 0. */
  readonly afterpulseProbability?: number;
  /** Mean delay of the exponentially distributed afterpulse, **s**; needed with an afterpulse probability. */
  readonly afterpulseTimeConstantSeconds?: number;
  /** Standard deviation of the Gaussian timing jitter, **s**. Default 0. */
  readonly timingJitterSeconds?: number;
  /** Width of the acceptance gate around the pulse, **s**, at most a slot. Default: the slot. */
  readonly gateSeconds?: number;
}

/**
 * The clock: frames of quantum slots, guard, reference slots, guard. Quantum slots are numbered from 0
 * without gaps; wall time counts every slot.
 */
export interface TimelineRun {
  /** Slot period, **s**. */
  readonly slotSeconds: number;
  /** Quantum slots of a frame, >= 1. */
  readonly quantumSlotsPerFrame: number;
  /** Reference slots of a frame, >= 0; 0 means there is no reference light. */
  readonly referenceSlotsPerFrame: number;
  /** Dark slots on each side of the reference slots, >= 0. */
  readonly guardSlots: number;
}

/** An Ornstein-Uhlenbeck process, stationary from the start. */
export interface OrnsteinUhlenbeck {
  /** Stationary standard deviation, **rad**. */
  readonly standardDeviationRad: number;
  /** Correlation time, **s**. */
  readonly correlationTimeSeconds: number;
}

/** A phase trace measured or computed elsewhere. Beyond its end its increments repeat, so that the phase stays continuous. */
export interface PhaseTrace {
  /** Time between samples, **s**. */
  readonly stepSeconds: number;
  /** Unwrapped phase, **rad**, at times 0, step, 2 step, ...; linear in between; at least 2 samples. */
  readonly phasesRad: Float64Array;
}

/** The relative phase of the two arms; what is given is added up. */
export interface DriftRun {
  /** Phase at time 0, **rad**. Default 0. */
  readonly initialPhaseRad?: number;
  /** Deterministic ramp, **rad/s**. Default 0. */
  readonly rampRadPerSecond?: number;
  /** Variance growth of a random walk, **rad^2/s**. Default 0. */
  readonly randomWalkRad2PerSecond?: number;
  /** Ornstein-Uhlenbeck processes, at most 8. Default none. */
  readonly ornsteinUhlenbeck?: readonly OrnsteinUhlenbeck[];
  /** A user's trace. Default none. */
  readonly trace?: PhaseTrace;
  /** Standard deviation of Gaussian phase noise that is new in every slot, **rad**: what is too fast for tracking. Default 0. */
  readonly fastNoiseRad?: number;
}

/**
 * How the reference counts of a sample become a phase.
 *
 * - `quadrature`: $\hat\varphi = \mathrm{atan2}$ of the count differences at the two dither phases
 * - `maximum-likelihood`: the same followed by two steps of Fisher scoring, which reaches the Cramer-Rao bound
 */
export type PhaseEstimator = "quadrature" | "maximum-likelihood";

/** The loop that measures the drift from reference light and announces a correction. */
export interface TrackingRun {
  /** Sampling period, **s**: a window of wall time whose reference counts make one estimate. */
  readonly samplingSeconds: number;
  /** Reference counts per sample on both detectors and both dither phases together, if no detector were ever dead. */
  readonly referenceCountsPerSample: number;
  /** Interference visibility of the reference light, background included, 0 to 1. Default 1. */
  readonly referenceVisibility?: number;
  /** Default `maximum-likelihood`. */
  readonly estimator?: PhaseEstimator;
  /**
   * Loop gain in (0, 1]: the announced phase moves by this share of the measured difference. Default 1: every sample stands alone.
   */
  readonly gain?: number;
  /** Age in samples of the estimate that corrects a slot: 0 corrects afterwards with the slot's own sample. Default 0. */
  readonly latencySamples?: number;
}

/** Everything that decides the counts of one pair of users. */
export interface CountingRun {
  /** Quantum slots of the pair, whole, 0 to 2^53 - 1; reference slots excluded. */
  readonly pulses: number;
  /** Philox key: two 32-bit words. */
  readonly key: readonly [number, number];
  /** Number of the link, a 32-bit word: links with the same key draw from disjoint streams. */
  readonly link: number;
  /** First sender. */
  readonly alice: SenderRun;
  /** Second sender. */
  readonly bob: SenderRun;
  /** Detector L, bright at $\delta = 0$. */
  readonly left: DetectorRun;
  /** Detector R, bright at $\delta = \pi$. */
  readonly right: DetectorRun;
  /** Clock and frames. */
  readonly timeline: TimelineRun;
  /** Phases of the senders: continuous, or this many equidistant values (2 to 65536). */
  readonly phases: "continuous" | number;
  /** Probability that interfering light takes the wrong port: static optics and electronics, $e_d$. */
  readonly portFlipProbability: number;
  /** Relative phase of the arms. */
  readonly drift: DriftRun;
  /** Phase tracking; without it the correction is 0 throughout. */
  readonly tracking?: TrackingRun;
  /** Width $\Delta$ of each of the two phase slices, **rad**, 0 to $\pi$; see {@link sliceHalfWidth}. */
  readonly sliceWidthRad: number;
}

/**
 * Announced single-click events in time order, copied out of the kernel. Alice's, Bob's and the server's columns
 * are separate arrays so that each side can be given its own alone.
 */
export interface EventChunk {
  /** Number of events; every array of this level has this length. */
  readonly length: number;
  /** Quantum slot of the event, announced by the server: `slot[i]`, ascending. */
  readonly slot: Float64Array;
  /** Which detector clicked, announced: `detector[i]` = 0 for L, 1 for R. */
  readonly detector: Uint8Array;
  /** Alice's secret setting code, see {@link SETTING}. */
  readonly aliceSetting: Uint8Array;
  /** Bob's secret setting code. */
  readonly bobSetting: Uint8Array;
  /** The events whose windows are both X: all that phases are ever announced for. */
  readonly xx: XxEvents;
  /** Quantum slots simulated so far, counted from the start of the run. */
  readonly pulsesDone: number;
}

/** Phases of the events of a chunk in which both windows are X; all arrays have the same length. */
export interface XxEvents {
  /** Index of the event within its chunk: `event[j]`, ascending. */
  readonly event: Uint32Array;
  /** Alice's private phase, units of $2\pi/65536$. */
  readonly alicePhase: Uint16Array;
  /** Bob's private phase, units of $2\pi/65536$. */
  readonly bobPhase: Uint16Array;
  /** The server's public estimate $\hat\varphi$ of the arms' relative phase, units of $2\pi/65536$. */
  readonly phaseCorrection: Uint16Array;
}

/** Accepted and wrong events of one setting pair in the two phase slices. */
export interface SliceCounts {
  /** Single clicks accepted around $\delta = 0$ and around $\delta = \pi$. */
  readonly accepted: readonly [around0: number, aroundPi: number];
  /** Of these, clicks at the port that should be dark. */
  readonly wrong: readonly [around0: number, aroundPi: number];
}

/** Counts of a whole run (or of as much of it as is done). */
export interface CountTallies {
  /** Quantum slots simulated. */
  readonly pulses: number;
  /**
   * Announced slots by settings and outcome: `counts[(alice * 5 + bob) * 3 + outcome]`, codes as in {@link SETTING},
   * outcome 0 = only L, 1 = only R, 2 = both. Slots with a dead detector are not in it.
   */
  readonly counts: Float64Array;
  /** Phase slices of `x1`-`x1` events. */
  readonly x1x1: SliceCounts;
  /** Phase slices of `x2`-`x2` events. */
  readonly x2x2: SliceCounts;
  /** Registered clicks by detector, `[L, R]`, discarded slots included. */
  readonly registeredClicks: readonly [left: number, right: number];
  /** Slots that held a registered click but were discarded because a detector was dead. */
  readonly discardedClicks: number;
  /** Afterpulses that registered. */
  readonly afterpulses: number;
  /** Tracking samples of the time so far. */
  readonly trackingSamples: number;
  /** Those of them that were drawn; a loop without memory passes over windows in which nobody asks for a phase. */
  readonly trackingSamplesDrawn: number;
}

/** Raw key bits of one side, bit-packed in time order: bit i is `(bytes[i >> 3] >> (i & 7)) & 1`, unused bits 0. */
export interface RawBits {
  /** Number of bits. */
  readonly length: number;
  /** Packed bits, `ceil(length / 8)` bytes. */
  readonly bytes: Uint8Array;
}

/** What {@link countPhotons} returns. */
export interface PhotonCounts {
  /** All counts. */
  readonly tallies: CountTallies;
  /** Alice's raw bits of single-click Z-Z events: sending = 1. */
  readonly aliceBits: RawBits;
  /** Bob's raw bits of the same events: sending = 0. */
  readonly bobBits: RawBits;
}

/** Progress of a run. */
export interface CountingProgress {
  /** Quantum slots simulated. */
  readonly pulsesDone: number;
  /** Quantum slots of the run. */
  readonly pulses: number;
  /** Announced single-click events so far. */
  readonly events: number;
}

/** One full turn in the unit of announced phases. */
export const PHASE_UNITS = 65_536;

/**
 * Half the width of a phase slice in whole phase units: $h = \mathrm{round}(\Delta/2 \cdot 65536/2\pi)$. The slice
 * around 0 holds the $2h$ values $-h \le d < h$, so its true width is $\Delta_h = 2h \cdot 2\pi/65536$.
 *
 * @param sliceWidthRad - $\Delta$, **rad**, 0 to $\pi$
 * @returns $h$, 0 to 16384
 */
export function sliceHalfWidth(sliceWidthRad: number): number {
  return Math.round((sliceWidthRad / (4 * Math.PI)) * PHASE_UNITS);
}

/**
 * Which slice an X-X event falls into, from announced values: $d = \theta_A - \theta_B + \hat\varphi$ modulo a turn.
 *
 * @param alicePhase - Alice's phase, units of $2\pi/65536$
 * @param bobPhase - Bob's phase, same unit
 * @param phaseCorrection - the server's estimate, same unit
 * @param halfWidth - {@link sliceHalfWidth} of the run's slice width
 * @returns 0 around $\delta = 0$ (a click at R is wrong), 1 around $\delta = \pi$ (a click at L is wrong), -1 outside both
 */
export function phaseSlice(
  alicePhase: number,
  bobPhase: number,
  phaseCorrection: number,
  halfWidth: number,
): -1 | 0 | 1 {
  const shifted = alicePhase - bobPhase + phaseCorrection + halfWidth;
  if ((shifted & 0xffff) < 2 * halfWidth) return 0;
  if (((shifted + 0x8000) & 0xffff) < 2 * halfWidth) return 1;
  return -1;
}
