/**
 * What an engine's workers can be asked to do, and which kernels each call needs. Kept apart from the calls themselves,
 * so that whoever asks need not load them.
 *
 * @module
 */
import { KERNEL_NAMES, type KernelModules, type KernelName } from "../../kernels/modules.ts";

/** Kernels by call. */
export const CALL_KERNELS = {
  planNetwork: ["comb"],
  runPair: KERNEL_NAMES.filter((name) => name !== "comb"),
  unlinkedResult: [],
  countPair: ["photons"],
  countPhotons: ["photons"],
  tracePhase: ["photons"],
  reconcile: ["ldpc"],
  toeplitzHash: ["toeplitz"],
  startMicrocomb: ["comb"],
  forecastPair: [],
  tolerance: ["comb"],
  rateCurve: [],
  optimise: [],
  optimiseAsymptotic: [],
} as const satisfies Record<string, readonly KernelName[]>;

/** Name of a call. */
export type CallName = keyof typeof CALL_KERNELS;

/** A call as it is sent to a worker. */
export interface CallMessage {
  /** What the function is given, but for what cannot be sent. */
  readonly args: readonly unknown[];
  /** Compiled kernels that it needs. */
  readonly kernels: KernelModules;
}
