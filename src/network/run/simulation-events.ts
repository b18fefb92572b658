/**
 * What a run of a network says while it works: plain objects, made to be drawn.
 *
 * @module
 */
import type { PairStage, SessionEvent } from "../events.ts";
import type { NetworkPlan } from "../plan/plan.ts";
import type { NetworkResult } from "../result.ts";

/** Progress of the whole network. */
export interface NetworkProgress {
  /** Share of all work that is done, 0 to 1. */
  readonly fraction: number;
  /** Name of the pair that reports; empty while the network is planned. */
  readonly pair: string;
  /** What it is doing; `planning` starts the comb, draws the chips and computes the link budgets. */
  readonly stage: PairStage | "planning" | "done";
  /** Share of that stage that is done, 0 to 1. */
  readonly stageFraction: number;
  /** Quantum slots counted so far, all pairs together. */
  readonly pulses: number;
  /** Of these, how many a second of wall time since counting began; 0 before. */
  readonly pulsesPerSecond: number;
  /** Wall time since the start, **s**. */
  readonly elapsedSeconds: number;
  /** What is left of it if all goes on like this, **s**; null as long as nobody can tell. */
  readonly secondsLeft: number | null;
}

/** The network is planned: comb, chips, colours, link budgets. */
export interface PlanEvent {
  /** Which kind of event. */
  readonly type: "plan";
  /** The plan. */
  readonly plan: NetworkPlan;
}

/** Work has proceeded. */
export interface ProgressEvent extends NetworkProgress {
  /** Which kind of event. */
  readonly type: "progress";
}

/** A pair says something. */
export type LinkEvent = SessionEvent & {
  /** Name of the pair. */
  readonly pair: string;
  /** Its place in the plan. */
  readonly index: number;
};

/** All is done. */
export interface ResultEvent {
  /** Which kind of event. */
  readonly type: "result";
  /** What became of it. */
  readonly result: NetworkResult;
}

/** Anything that a run says. */
export type NetworkEvent = PlanEvent | ProgressEvent | LinkEvent | ResultEvent;
