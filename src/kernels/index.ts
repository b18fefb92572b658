/**
 * The WebAssembly kernels in typed arrays.
 *
 * @module
 */
export { Kernel, type KernelSource, type Region } from "./kernel.ts";
export {
  type CountPhotonsOptions,
  countPhotons,
  LARGEST_CHUNK,
  PhotonCounter,
  type PhotonCounterOptions,
} from "./photons.ts";
export * from "./photons-run.ts";
export { type ToeplitzForm, ToeplitzHash, type ToeplitzOptions } from "./toeplitz.ts";
export { collisionBound, POLYNOMIAL_KEY_BYTES, polynomialTag } from "./universal-hash.ts";
