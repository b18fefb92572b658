/**
 * Loads the photons kernel and writes a run into its memory; shared by what counts and by what only follows the phase.
 *
 * @module
 */
import type { Kernel, Region } from "./kernel.ts";
import { type KernelSource, loadKernel } from "./modules.ts";
import { photonParameters } from "./photons-parameters.ts";
import type { CountingRun } from "./photons-run.ts";

/** Functions of the photons kernel; `state` is the address of a run's block. */
export interface PhotonsExports {
  /** Bytes of a block. */
  stateBytes(): number;
  /** Prepares a run. */
  start(state: number): void;
  /** Counts on. */
  count(state: number, mostEvents: number, budget: number): void;
  /** Takes the first events away as columns of bits; returns how many of them were X-X. */
  takeColumns(state: number, count: number, out: number, stride: number): number;
  /** Draws the phase path and the tracking samples up to a wall slot; returns what it spent of the budget. */
  followTo(state: number, wall: number, budget: number): number;
  /** Phase of the arms at a wall slot of the window drawn last, between knots on a straight line. */
  phaseNow(state: number, wall: number): number;
  /** Announced estimate for a wall slot, units of 2 pi / 65536. */
  correctionAt(state: number, wall: number): number;
  /** Counts slot by slot, for comparison. */
  countSlotBySlot(state: number, slots: number): void;
}

/** Where the addresses stand in a block. */
const ADDRESSES = 1024;
/** Which parameter holds the slots of a tracking window. */
const WINDOW_SLOTS = 72;

/** Loads the kernel, from the package unless told otherwise. */
export async function loadPhotons(source: KernelSource = "embedded"): Promise<Kernel<PhotonsExports>> {
  return await loadKernel<PhotonsExports>("photons", source);
}

/**
 * Writes a run into a kernel's memory and starts it.
 *
 * @param kernel - the kernel
 * @param run - what to count
 * @param outputs - ten output buffers in the order of the kernel's map, or none
 * @param writeEvents - whether events are written
 * @throws {@link TwincombError} `invalid-input` naming the value at fault
 */
export function prepareRun(
  kernel: Kernel<PhotonsExports>,
  run: CountingRun,
  outputs: readonly Region[],
  writeEvents: boolean,
): { readonly state: Region; readonly windowSlots: number } {
  const parameters = photonParameters(run);
  const state = kernel.allocate(kernel.exports.stateBytes());
  const tables = [parameters.recoveryLeft, parameters.recoveryRight, parameters.trace].map((table) => {
    const region = kernel.allocate(Math.max(table.byteLength, 8));
    kernel.doubles(region, table.length).set(table);
    return region;
  });
  kernel.doubles(state, parameters.block.length).set(parameters.block);
  const addresses = [...tables, ...outputs].map((region) => region.pointer);
  kernel.words(state).set(outputs.length > 0 ? [...addresses, writeEvents ? 1 : 0] : addresses, ADDRESSES / 4);
  kernel.exports.start(state.pointer);
  return { state, windowSlots: parameters.block[WINDOW_SLOTS]! };
}
