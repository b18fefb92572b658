// The memory map of one counter. All functions of this kernel take the address of such a block; the order of the
// parameters is the contract with src/kernels/photons-parameters.ts.

import { PLANE_BYTES } from "../random/philox";
import { STREAM_BYTES } from "../random/stream";

// Parameters: doubles, written once by the host ------------------------------------------------------------------------
export const PULSES: usize = 0 * 8;
export const KEY_0: usize = 1 * 8;
export const KEY_1: usize = 2 * 8;
export const LINK: usize = 3 * 8;
export const QUANTUM_SLOTS: usize = 4 * 8;
export const REFERENCE_SLOTS: usize = 5 * 8;
export const GUARD_SLOTS: usize = 6 * 8;
/** Number of phase values; 0 means continuous. */
export const PHASE_VALUES: usize = 7 * 8;
export const PORT_FLIP: usize = 8 * 8;
export const SLOT_SECONDS: usize = 9 * 8;
/** Senders: transmittance, five mean photon numbers, five probabilities. */
export const ALICE: usize = 10 * 8;
export const BOB: usize = 21 * 8;
export const SENDER_MEAN_PHOTONS: usize = 1 * 8;
export const SENDER_PROBABILITIES: usize = 6 * 8;
/** Detectors: efficiency, noise probability, dead slots, afterpulse probability, afterpulse time, jitter, gate, recovery. */
export const LEFT: usize = 32 * 8;
export const RIGHT: usize = 40 * 8;
export const DETECTOR_EFFICIENCY: usize = 0 * 8;
export const DETECTOR_NOISE: usize = 1 * 8;
export const DETECTOR_DEAD_SLOTS: usize = 2 * 8;
export const DETECTOR_AFTERPULSE_PROBABILITY: usize = 3 * 8;
export const DETECTOR_AFTERPULSE_SLOTS: usize = 4 * 8;
export const DETECTOR_JITTER_SLOTS: usize = 5 * 8;
export const DETECTOR_GATE_SLOTS: usize = 6 * 8;
export const DETECTOR_RECOVERY_SLOTS: usize = 7 * 8;
/** Drift. */
export const INITIAL_PHASE: usize = 48 * 8;
export const RAMP: usize = 49 * 8;
export const RANDOM_WALK: usize = 50 * 8;
export const FAST_NOISE: usize = 51 * 8;
export const ORNSTEIN_COUNT: usize = 52 * 8;
export const TRACE_LENGTH: usize = 53 * 8;
export const TRACE_STEP: usize = 54 * 8;
/** Pairs of standard deviation and correlation time. */
export const ORNSTEIN: usize = 56 * 8;
/** Tracking. */
export const WINDOW_SLOTS: usize = 72 * 8;
export const REFERENCE_COUNTS: usize = 73 * 8;
export const REFERENCE_VISIBILITY: usize = 74 * 8;
/** 0 quadrature, 1 maximum likelihood. */
export const ESTIMATOR: usize = 75 * 8;
export const LOOP_GAIN: usize = 76 * 8;
export const LATENCY: usize = 77 * 8;
/** 0 when there is no tracking. */
export const TRACKING: usize = 78 * 8;
export const PATH_STEPS: usize = 79 * 8;
export const SLICE_HALF_WIDTH: usize = 80 * 8;

// Addresses of host-sized tables and of the output buffers: u32 ---------------------------------------------------------
export const RECOVERY_LEFT: usize = 1024;
export const RECOVERY_RIGHT: usize = 1028;
export const TRACE: usize = 1032;
export const OUT_SLOT: usize = 1036;
export const OUT_DETECTOR: usize = 1040;
export const OUT_ALICE: usize = 1044;
export const OUT_BOB: usize = 1048;
export const OUT_XX_EVENT: usize = 1052;
export const OUT_XX_ALICE: usize = 1056;
export const OUT_XX_BOB: usize = 1060;
export const OUT_XX_CORRECTION: usize = 1064;
export const OUT_ALICE_BITS: usize = 1068;
export const OUT_BOB_BITS: usize = 1072;
/** 1 when events are written, 0 when only bits and tallies are. */
export const WRITE_EVENTS: usize = 1076;

// Results of a call and of the run, read by the host --------------------------------------------------------------------
/** Events written by this call (u32). */
export const EVENTS: usize = 1088;
/** X-X events written by this call (u32). */
export const XX_EVENTS: usize = 1092;
/** Whole bytes of raw bits written by this call (u32), a multiple of 4. */
export const BIT_BYTES: usize = 1096;
/** Raw bits not yet written: Alice's, Bob's, and how many (u32). */
export const BIT_BUFFER_ALICE: usize = 1100;
export const BIT_BUFFER_BOB: usize = 1104;
export const BIT_COUNT: usize = 1108;
/** Raw bits written as bytes in the whole run (f64). */
export const BITS: usize = 1112;
/** Quantum slots done (f64). */
export const POSITION: usize = 1120;
/** Registered clicks of L and R (u64). */
export const REGISTERED: usize = 1128;
export const DISCARDED: usize = 1144;
export const AFTERPULSES: usize = 1152;
/** Slices: x1-x1 accepted 0, pi, wrong 0, pi; then x2-x2. */
export const SLICES: usize = 1160;
/** 25 setting pairs times L, R, both (u64). */
export const TALLIES: usize = 1232;
export const DONE: usize = 1840;
export const FAULT: usize = 1848;
/** Tracking samples drawn, not passed over. */
export const SAMPLES_DRAWN: usize = 1856;

/** Dead slots of L and R with the slots that recovery costs on average. */
export const EFFECTIVE_DEAD_SLOTS: usize = 1864;
/** Two doubles for whoever needs them. */
export const SCRATCH: usize = 1880;

/** Step of the path that a phase was last asked in, where in it, and what it was. */
export const BRIDGE_STEP: usize = 1896;
export const BRIDGE_SHARE: usize = 1904;
export const BRIDGE_VALUE: usize = 1912;

// The candidate loop ----------------------------------------------------------------------------------------------------
/** -1 / log(1 - p), p = candidate probability per slot. */
export const GAP_SCALE: usize = 1920;
/** Candidate probability per slot. */
export const CANDIDATE_PROBABILITY: usize = 1928;
/** Number of the current batch (u64) and of the next candidate in it (u32). */
export const BATCH: usize = 1936;
export const CURSOR: usize = 1944;
/** From this quantum slot on both detectors are rested, unless more clicks come. */
export const RESTED_FROM: usize = 1960;
/** Longest memory of a detector, in slots. */
export const REACH: usize = 1968;
/** First quantum slots of a frame that feel the reference light before it. */
export const REFERENCE_REACH: usize = 1976;
/** Last fast click: quantum slot and mask of detectors. */
export const FAST_SLOT: usize = 1984;
export const FAST_MASK: usize = 1992;
/** Wall slot of the last registered click of L and R. */
export const LAST_CLICK: usize = 2000;
/** Registered clicks until the next one with an afterpulse, L and R (i64). */
export const AFTERPULSE_COUNTDOWN: usize = 2016;
/** Afterpulses scheduled so far by L and R. */
export const AFTERPULSE_NUMBER: usize = 2032;
/** Frame whose preceding reference light has been drawn. */
export const REFERENCE_FRAME: usize = 2048;
/** Quantum slot of the next afterpulse of reference light in L and R, their cumulative hazards, and their counts. */
export const REFERENCE_PULSE_SLOT: usize = 2056;
export const REFERENCE_PULSE_HAZARD: usize = 2072;
export const REFERENCE_PULSE_NUMBER: usize = 2088;
/** Registered reference clicks per reference slot in L and R. */
export const REFERENCE_CLICK: usize = 2104;
/** Number of pending slots. */
export const PENDING: usize = 2120;
/** Candidate is resolved with effects that reach other slots (u32 flag). */
export const LEAKS: usize = 2124;
/** Effective efficiency in the own gate and in each neighbouring gate: L, R, L, R. */
export const OWN_EFFICIENCY: usize = 2128;
export const LEAK_EFFICIENCY: usize = 2144;
/** -log(1 - noise probability): L, R. */
export const NOISE_EXPONENT: usize = 2160;
/** Diffusion variance of a step of the path, rad^2. */
export const BRIDGE_VARIANCE: usize = 2424;
/** Hits per reference slot in L and R. */
export const REFERENCE_HIT: usize = 2408;

// Phase path and tracking -----------------------------------------------------------------------------------------------
/** Last window drawn, -1 before the first. */
export const PATH_WINDOW: usize = 2176;
/** Random walk and Ornstein-Uhlenbeck values at the end of that window. */
export const WALK_VALUE: usize = 2184;
export const ORNSTEIN_VALUES: usize = 2192;
/** Loop's estimate after that window. */
export const ESTIMATE: usize = 2256;
/** Set by the initialisation: standard deviation of a walk step; of each process per step and its decay. */
export const WALK_STEP: usize = 2264;
export const ORNSTEIN_DECAY: usize = 2272;
export const ORNSTEIN_STEP: usize = 2336;
export const IS_STOCHASTIC: usize = 2400;
/** Announced corrections of the last 64 windows, u32. */
export const CORRECTIONS: usize = 2432;
export const CORRECTION_MASK: i32 = 63;
/** Stochastic phase at the knots of the current window. */
export const KNOTS: usize = 2688;
export const MOST_PATH_STEPS: i32 = 512;
/** Reference counts per port and dither phase in L and R, their share lost to dead time per count, weights, contrast. */
export const PORT_COUNTS: usize = 6792;
export const PORT_LOSS: usize = 6808;
export const PORT_WEIGHT: usize = 6824;
export const CONTRAST: usize = 6840;

// What the last resolved candidate carried ------------------------------------------------------------------------------
export const RESOLVED_ALICE: usize = 6848;
export const RESOLVED_BOB: usize = 6852;

// Streams ---------------------------------------------------------------------------------------------------------------
export const CANDIDATE_STREAM: usize = 6912;
export const BACKGROUND_STREAM: usize = CANDIDATE_STREAM + STREAM_BYTES;
export const DRIFT_STREAM: usize = BACKGROUND_STREAM + STREAM_BYTES;
export const COUNTS_STREAM: usize = DRIFT_STREAM + STREAM_BYTES;
export const RECOVERY_STREAM: usize = COUNTS_STREAM + STREAM_BYTES;
export const AFTERPULSE_STREAM: usize = RECOVERY_STREAM + STREAM_BYTES;
export const REFERENCE_STREAM: usize = AFTERPULSE_STREAM + STREAM_BYTES;
export const REFERENCE_PULSE_STREAM: usize = REFERENCE_STREAM + STREAM_BYTES;

// Tables ----------------------------------------------------------------------------------------------------------------
// An alias table of 2^bits entries takes 16 << bits bytes.
export const CANDIDATE_BITS: i32 = 7;
export const BACKGROUND_BITS: i32 = 5;
export const CANDIDATES: usize = REFERENCE_PULSE_STREAM + STREAM_BYTES;
export const BACKGROUND: usize = CANDIDATES + 2048;
/** 25 records of a setting pair, see class-table.ts. */
export const CLASSES: usize = BACKGROUND + 512;
export const CLASS_BYTES: usize = 128;
export const PLANES: usize = CLASSES + 25 * CLASS_BYTES;
/** Distance to the candidate before (f64) and code (u32) of each candidate of the batch. */
export const STEPS: usize = PLANES + 4 * PLANE_BYTES;
export const CODES: usize = STEPS + 2 * PLANE_BYTES;
/** Slots that still wait, in wall order, see calendar.ts. */
export const CALENDAR: usize = CODES + PLANE_BYTES;
export const CALENDAR_ENTRY: usize = 32;
export const CALENDAR_CAPACITY: i32 = 4096;
export const STATE_BYTES: usize = CALENDAR + <usize>CALENDAR_CAPACITY * CALENDAR_ENTRY;
