/**
 * Device models: comb, locks, transmitters, fibre, tracking and detectors, as pure functions and plain objects.
 *
 * @module
 */
export * from "./comb-grid.ts";
export * from "./comb-line-noise.ts";
export * from "./comb-lines.ts";
export * from "./comb-recipe.ts";
export * from "./detector.ts";
export * from "./device-reports.ts";
export * from "./dispersion.ts";
export * from "./error-function.ts";
export * from "./fibre-link.ts";
export * from "./fibre-noise.ts";
export * from "./fibre-phase.ts";
export * from "./fourier.ts";
export * from "./frequency-noise.ts";
export * from "./homogeneous-state.ts";
export * from "./injection-lock.ts";
export * from "./injection-lock-simulation.ts";
export * from "./interference.ts";
export * from "./laser-phase.ts";
export * from "./linewidth.ts";
export * from "./microcomb.ts";
export * from "./microcomb-start.ts";
export * from "./noise-synthesis.ts";
export * from "./phase-budget.ts";
export * from "./phase-estimator.ts";
export * from "./phase-scenarios.ts";
export * from "./phase-tracking.ts";
export * from "./provenance.ts";
export * from "./ring-resonator.ts";
export * from "./self-injection-lock.ts";
export * from "./soliton.ts";
export * from "./spectrum-csv.ts";
export * from "./thermorefractive-noise.ts";
export * from "./transmitter.ts";
export * from "./wafer.ts";
export * from "./wafer-yield.ts";
export * from "./weiming-devices.ts";
