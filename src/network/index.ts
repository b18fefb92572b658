/**
 * Scenarios, the star of clients, link budgets, and sessions from photons to keys.
 *
 * @module
 */
export { agreedTerms } from "./agreement.ts";
export { type BlockOutcome, blockOutcome, type UntaggedBounds } from "./block-outcome.ts";
export { type CountPairOptions, countPair, type PairCounts } from "./count-pair.ts";
export { countingRun } from "./counting-run.ts";
export { type CallOptions, createEngine, type Engine, type EngineOptions } from "./engine.ts";
export type {
  AccountEvent,
  CountsEvent,
  PairEvent,
  PairStage,
  PhaseEvent,
  SessionEvent,
  StageEvent,
} from "./events.ts";
export { type CountingOptions, keepNotebooks, type Notebooks } from "./notebooks.ts";
export { type KeyPair, type LinkFacts, pairResult, type TimelessResult } from "./pair-result.ts";
export { type CombColour, type CombOptions, type PlannedComb, startComb } from "./plan/comb-source.ts";
export { forecastPair, type PairForecast } from "./plan/forecast.ts";
export { type LinkBudget, linkBudget, linkModel, portFlip } from "./plan/link-budget.ts";
export {
  type ClientLockSummary,
  type LockSummary,
  lockSummary,
  type NoiseSpectra,
  noiseSpectra,
} from "./plan/noise-spectra.ts";
export { fittedSettings, type OptimisedOptions, optimised } from "./plan/optimised.ts";
export { type NetworkPlan, type PlannedLink, planNetwork } from "./plan/plan.ts";
export type { ClientLock } from "./plan/seed-light.ts";
export type { PairEnd, PlannedPair, ReplacedChip, UnlinkedPair } from "./plan/star.ts";
export { type ToleranceQuestion, tolerance } from "./plan/tolerance.ts";
export type { RecordFile } from "./records/click-rows.ts";
export { countsJsonSchema, parseCounts } from "./records/counts-file.ts";
export { type RecordedText, recordHeaders, recordRows } from "./records/record-clicks.ts";
export { type RecordedClicks, readNotebooks } from "./records/recorded-clicks.ts";
export { distillRecords, type RecordedOptions, type RecordedSession } from "./records/recorded-session.ts";
export {
  parseTerms,
  TERMS_VERSION,
  type TermsFile,
  type TermsLink,
  termsJsonSchema,
  termsToFile,
} from "./records/terms-file.ts";
export {
  type FigureSpread,
  type Figures,
  type PairReplicates,
  type Replicates,
  replicate,
  replicateSeeds,
} from "./replicates.ts";
export { type NetworkResult, type PairResult, STREAM_VERSION, type StageSeconds } from "./result.ts";
export { parseResult, resultJsonSchema } from "./result-schema.ts";
export type { HandedOut, RunOptions, Simulation } from "./run/simulation.ts";
export type {
  LinkEvent,
  NetworkEvent,
  NetworkProgress,
  PlanEvent,
  ProgressEvent,
  ResultEvent,
} from "./run/simulation-events.ts";
export { PRESETS } from "./scenario/presets/index.ts";
export { metropolitan } from "./scenario/presets/metropolitan.ts";
export type { PresetOptions } from "./scenario/presets/template.ts";
export { type WeimingOptions, weiming } from "./scenario/presets/weiming.ts";
export { zhou2023 } from "./scenario/presets/zhou-2023.ts";
export { type ScenarioNumber, scenarioProvenance } from "./scenario/provenance.ts";
export {
  type Client,
  checkScenario,
  type Pair,
  parseScenario,
  type Scenario,
  type ScenarioFile,
} from "./scenario/scenario.ts";
export { SCENARIO_VERSION, scenarioJsonSchema, scenarioSchema } from "./scenario/scenario-schema.ts";
export { type Meeting, roundRobin } from "./scenario/schedule.ts";
export { belongings, type DistilledBlock, type Interference, type PairOptions, runPair } from "./session.ts";
export { type SimulateOptions, simulate } from "./simulate.ts";
export { LARGEST_BLOCK_CLICKS, type TimeBlock, timeBlocks } from "./time-blocks.ts";
export { type PhaseSamples, type TracePhaseOptions, tracePhase } from "./trace-phase.ts";
