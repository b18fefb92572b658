/**
 * Device models: comb, locks, transmitters, fibre, tracking and detectors, as pure functions and plain objects.
 *
 * @module
 */
export * from "./comb-grid.ts";
export * from "./comb-lines.ts";
export * from "./detector.ts";
export * from "./dispersion.ts";
export * from "./error-function.ts";
export * from "./fibre-link.ts";
export * from "./fibre-noise.ts";
export * from "./fibre-phase.ts";
export * from "./homogeneous-state.ts";
export * from "./interference.ts";
export * from "./laser-phase.ts";
export * from "./microcomb.ts";
export * from "./microcomb-start.ts";
export * from "./phase-budget.ts";
export * from "./phase-tracking.ts";
export * from "./provenance.ts";
export * from "./ring-resonator.ts";
export * from "./soliton.ts";
export * from "./transmitter.ts";
export * from "./wafer.ts";
export * from "./weiming-devices.ts";
