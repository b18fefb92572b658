/**
 * The WebAssembly kernels in typed arrays.
 *
 * @module
 */
export { Kernel, type KernelSource, type Region } from "./kernel.ts";
export * from "./photons.ts";
