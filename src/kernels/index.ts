/**
 * The WebAssembly kernels in typed arrays.
 *
 * @module
 */

export { BIT_COLUMNS, ClickCollector, type ClickColumns, type CodePlanes } from "./click-columns.ts";
export type { WasmSource } from "./compile.ts";
export { multiplyPolynomials, PolynomialMultiplier } from "./gf2.ts";
export { Kernel, type Region } from "./kernel.ts";
export type { BaseMatrix } from "./ldpc-matrix.ts";
export type { CheckRule } from "./ldpc-rule.ts";
export {
  KERNEL_NAMES,
  type KernelModules,
  type KernelName,
  type KernelSource,
  type KernelSources,
  kernelModule,
  provideKernels,
} from "./modules.ts";
export { PackedBits } from "./packed-bits.ts";
export {
  type CountPhotonsOptions,
  countPhotons,
  LARGEST_CHUNK,
  PhaseTracker,
  PhotonCounter,
  type PhotonCounterOptions,
  type TrackedPhase,
} from "./photons.ts";
export {
  compareTallies,
  type ExpectedFigure,
  type ExpectedTallies,
  expectedTallies,
  residualPhaseVariance,
} from "./photons-expected.ts";
export * from "./photons-run.ts";
export { type DrawnPairs, PositionPairing, type PositionPairs, type RandomSource } from "./position-pairing.ts";
export { RandomBytes } from "./random-bytes.ts";
export { Samplers } from "./samplers.ts";
export { type ToeplitzForm, ToeplitzHash, type ToeplitzOptions, toeplitzHash } from "./toeplitz.ts";
export { type SeedReader, ToeplitzStream, type ToeplitzStreamOptions } from "./toeplitz-stream.ts";
export { collisionBound, POLYNOMIAL_KEY_BYTES, PolynomialHash, polynomialTag } from "./universal-hash.ts";
