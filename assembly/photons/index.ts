// The photons kernel: everything it offers to src/kernels/photons*.ts. Addresses come from the host.

import { BLOCKS_PER_BATCH, philoxBlock, philoxPlanes } from "../random/philox";
import { openStream } from "../random/stream";
import { buildClassTable } from "./class-table";
import { PURPOSE_PHOTONS } from "./counting";
import { startDetectors } from "./detectors";
import { gateAcceptance, gateLeakage } from "./gate";
import {
  AFTERPULSE_STREAM,
  BACKGROUND_STREAM,
  BATCH,
  CANDIDATE_STREAM,
  COUNTS_STREAM,
  CURSOR,
  DETECTOR_EFFICIENCY,
  DETECTOR_GATE_SLOTS,
  DETECTOR_JITTER_SLOTS,
  DETECTOR_NOISE,
  DRIFT_STREAM,
  KEY_0,
  KEY_1,
  LEAK_EFFICIENCY,
  LEFT,
  LINK,
  NOISE_EXPONENT,
  OWN_EFFICIENCY,
  RECOVERY_STREAM,
  REFERENCE_PULSE_STREAM,
  REFERENCE_STREAM,
  RIGHT,
  STATE_BYTES,
} from "./layout";
import { startPath } from "./phase-drift";
import { startReferenceLight } from "./reference-light";
import { startTracking } from "./tracking";

export { fillBinomial, fillExponential, fillGeometric, fillNormal, fillPoisson } from "../random/fill";
export { countSlotBySlot } from "./brute-force";
export { takeColumns } from "./columns";
export { count } from "./counting";
export { phaseNow } from "./phase-drift";
export { correctionAt, followTo } from "./tracking";

/** First byte that the host may hand out. */
export const heapBase: usize = __heap_base;

/** Purpose words: the upper half numbers the sub-streams of a purpose. */
const PURPOSE_PHASE_DRIFT: u32 = 2;
const PURPOSE_REFERENCE_COUNTS: u32 = 3;
const PURPOSE_DETECTORS: u32 = 4;
const SECOND: u32 = 1 << 16;
const THIRD: u32 = 2 << 16;
const FOURTH: u32 = 3 << 16;

/** Bytes of a counter's memory block. */
export function stateBytes(): usize {
  return STATE_BYTES;
}

function startDetector(state: usize, parameters: usize, which: usize): void {
  const efficiency = load<f64>(parameters, DETECTOR_EFFICIENCY);
  const jitter = load<f64>(parameters, DETECTOR_JITTER_SLOTS);
  const gate = load<f64>(parameters, DETECTOR_GATE_SLOTS);
  store<f64>(state + (which << 3), efficiency * gateAcceptance(jitter, gate), OWN_EFFICIENCY);
  store<f64>(state + (which << 3), efficiency * gateLeakage(jitter, gate), LEAK_EFFICIENCY);
  store<f64>(state + (which << 3), -Math.log1p(-load<f64>(parameters, DETECTOR_NOISE)), NOISE_EXPONENT);
}

/** Prepares a run whose parameters and addresses are written; the rest of the block must be 0. */
export function start(state: usize): void {
  const k0 = <u32>load<f64>(state, KEY_0);
  const k1 = <u32>load<f64>(state, KEY_1);
  const link = <u32>load<f64>(state, LINK);
  openStream(state + CANDIDATE_STREAM, k0, k1, link, PURPOSE_PHOTONS | SECOND);
  openStream(state + BACKGROUND_STREAM, k0, k1, link, PURPOSE_PHOTONS | THIRD);
  openStream(state + DRIFT_STREAM, k0, k1, link, PURPOSE_PHASE_DRIFT);
  openStream(state + COUNTS_STREAM, k0, k1, link, PURPOSE_REFERENCE_COUNTS);
  openStream(state + RECOVERY_STREAM, k0, k1, link, PURPOSE_DETECTORS);
  openStream(state + AFTERPULSE_STREAM, k0, k1, link, PURPOSE_DETECTORS | SECOND);
  openStream(state + REFERENCE_STREAM, k0, k1, link, PURPOSE_DETECTORS | THIRD);
  openStream(state + REFERENCE_PULSE_STREAM, k0, k1, link, PURPOSE_DETECTORS | FOURTH);
  startDetector(state, state + LEFT, 0);
  startDetector(state, state + RIGHT, 1);
  buildClassTable(state);
  startPath(state);
  startDetectors(state);
  startTracking(state);
  startReferenceLight(state);
  // The first refill makes batch 0.
  store<u64>(state, <u64>-1, BATCH);
  store<u32>(state, BLOCKS_PER_BATCH, CURSOR);
}

/** One Philox block; the index comes in two words. */
export function philox(k0: u32, k1: u32, c0: u32, c1: u32, c2: u32, c3: u32, out: usize): void {
  philoxBlock(k0, k1, <u64>c0 | ((<u64>c1) << 32), c2, c3, out);
}

/** 256 Philox blocks as four planes; the first index, a multiple of 256, comes in two words. */
export function philoxBatch(k0: u32, k1: u32, c0: u32, c1: u32, c2: u32, c3: u32, out: usize): void {
  philoxPlanes(k0, k1, <u64>c0 | ((<u64>c1) << 32), c2, c3, out);
}

/** Prepares a stream for the fill functions. */
export function openFillStream(stream: usize, k0: u32, k1: u32, link: u32, purpose: u32): void {
  openStream(stream, k0, k1, link, purpose);
}
