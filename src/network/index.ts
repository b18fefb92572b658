/**
 * Scenarios, the star of clients, link budgets, and sessions from photons to keys.
 *
 * @module
 */
export { agreedTerms } from "./agreement.ts";
export { type BlockOutcome, blockOutcome, type UntaggedBounds } from "./block-outcome.ts";
export type { RecordFile } from "./click-rows.ts";
export { type CombColour, type CombOptions, type PlannedComb, startComb } from "./comb-source.ts";
export { type CountPairOptions, countPair, type PairCounts } from "./count-pair.ts";
export { countingRun } from "./counting-run.ts";
export { countsJsonSchema, parseCounts } from "./counts-file.ts";
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
export { forecastPair, type PairForecast } from "./forecast.ts";
export { type LinkBudget, linkBudget, linkModel, portFlip } from "./link-budget.ts";
export {
  type ClientLockSummary,
  type LockSummary,
  lockSummary,
  type NoiseSpectra,
  noiseSpectra,
} from "./noise-spectra.ts";
export { type CountingOptions, keepNotebooks, type Notebooks } from "./notebooks.ts";
export { fittedSettings, type OptimisedOptions, optimised } from "./optimised.ts";
export { type KeyPair, type LinkFacts, pairResult, type TimelessResult } from "./pair-result.ts";
export { type NetworkPlan, type PlannedLink, planNetwork } from "./plan.ts";
export { PRESETS } from "./presets/index.ts";
export { metropolitan } from "./presets/metropolitan.ts";
export type { PresetOptions } from "./presets/template.ts";
export { type WeimingOptions, weiming } from "./presets/weiming.ts";
export { zhou2023 } from "./presets/zhou-2023.ts";
export { type ScenarioNumber, scenarioProvenance } from "./provenance.ts";
export { type RecordedText, recordHeaders, recordRows } from "./record-clicks.ts";
export { type RecordedClicks, readNotebooks } from "./recorded-clicks.ts";
export { distillRecords, type RecordedOptions, type RecordedSession } from "./recorded-session.ts";
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
export { type Client, checkScenario, type Pair, parseScenario, type Scenario, type ScenarioFile } from "./scenario.ts";
export { SCENARIO_VERSION, scenarioJsonSchema, scenarioSchema } from "./scenario-schema.ts";
export { type Meeting, roundRobin } from "./schedule.ts";
export type { ClientLock } from "./seed-light.ts";
export { belongings, type DistilledBlock, type Interference, type PairOptions, runPair } from "./session.ts";
export { type SimulateOptions, simulate } from "./simulate.ts";
export type { HandedOut, RunOptions, Simulation } from "./simulation.ts";
export type {
  LinkEvent,
  NetworkEvent,
  NetworkProgress,
  PlanEvent,
  ProgressEvent,
  ResultEvent,
} from "./simulation-events.ts";
export type { PairEnd, PlannedPair, ReplacedChip, UnlinkedPair } from "./star.ts";
export {
  parseTerms,
  TERMS_VERSION,
  type TermsFile,
  type TermsLink,
  termsJsonSchema,
  termsToFile,
} from "./terms-file.ts";
export { LARGEST_BLOCK_CLICKS, type TimeBlock, timeBlocks } from "./time-blocks.ts";
export { type ToleranceQuestion, tolerance } from "./tolerance.ts";
export { type PhaseSamples, type TracePhaseOptions, tracePhase } from "./trace-phase.ts";
