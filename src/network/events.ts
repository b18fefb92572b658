/**
 * What a pair says while it works: plain objects, made to be drawn.
 *
 * @module
 */
import type { SliceCounts } from "../protocol/index.ts";
import type { PairResult } from "./result.ts";

/** What a pair is doing, in the order of its life. */
export type PairStage = "counting" | "sifting" | "pairing" | "reconciling" | "verifying" | "amplifying";

/** A stage begins or goes on. */
export interface StageEvent {
  /** Which kind of event. */
  readonly type: "stage";
  /** What the pair is doing. */
  readonly stage: PairStage;
  /** Share of this stage that is done. */
  readonly fraction: number;
}

/** What the counting has seen so far. */
export interface CountsEvent {
  /** Which kind of event. */
  readonly type: "counts";
  /** Quantum slots counted so far. */
  readonly pulses: number;
  /** Accepted clicks so far. */
  readonly clicks: number;
  /** x1-x1 clicks in the phase slices so far, and how many of them are wrong. */
  readonly slices: SliceCounts;
}

/** A pair has finished. */
export interface PairEvent {
  /** Which kind of event. */
  readonly type: "pair";
  /** What became of it. */
  readonly result: PairResult;
}

/** Anything that one pair says. */
export type SessionEvent = StageEvent | CountsEvent | PairEvent;
