/**
 * What a pair says while it works: plain objects, made to be drawn.
 *
 * @module
 */
import type { DistillationStage } from "../distillation/terms.ts";
import type { SliceCounts } from "../protocol/index.ts";
import type { PairResult } from "./result.ts";

/** What a pair is doing, in the order of its life; a run of several blocks of time begins again with each. */
export type PairStage = "counting" | DistillationStage;

/** A stage begins or goes on. */
export interface StageEvent {
  /** Which kind of event. */
  readonly type: "stage";
  /** What the pair is doing. */
  readonly stage: PairStage;
  /** Share of this stage that is done. */
  readonly fraction: number;
  /** Number of the block of time, from 0. */
  readonly block: number;
  /** How many blocks the run has. */
  readonly blocks: number;
}

/** What the counting has seen so far. */
export interface CountsEvent {
  /** Which kind of event. */
  readonly type: "counts";
  /** Quantum slots counted so far. */
  readonly pulses: number;
  /** Announced clicks so far. */
  readonly clicks: number;
  /** Z-Z clicks so far. */
  readonly rawBits: number;
  /** x1-x1 clicks in the phase slices so far, and how many of them are wrong. */
  readonly slices: SliceCounts;
}

/** The phase of the two arms in the first windows of the tracking loop, once a pair. */
export interface PhaseEvent {
  /** Which kind of event. */
  readonly type: "phase";
  /** Middle of each window, s. */
  readonly timesSeconds: readonly number[];
  /** Phase there, unwrapped, rad. */
  readonly phaseRad: readonly number[];
  /** What the announced correction leaves of it, rad. */
  readonly residualRad: readonly number[];
}

/** The key's bits so far, all blocks that are done together; null where it has not come to that yet. */
export interface AccountEvent {
  /** Which kind of event. */
  readonly type: "account";
  /** Z-Z events. */
  readonly rawBits: number;
  /** Raw bits given up as a sample. */
  readonly sampledBits: number | null;
  /** Bits that went into error correction. */
  readonly pairedBits: number | null;
  /** Syndromes, revealed bits and tags. */
  readonly leakedBits: number | null;
  /** Secret bits. */
  readonly secretBits: number | null;
}

/** A pair has finished. */
export interface PairEvent {
  /** Which kind of event. */
  readonly type: "pair";
  /** What became of it. */
  readonly result: PairResult;
}

/** Anything that one pair says. */
export type SessionEvent = StageEvent | CountsEvent | PhaseEvent | AccountEvent | PairEvent;
