/**
 * The phase path of a run and what the tracking loop makes of it, without counting a single signal photon: what a front
 * end draws, and what the noise budget of a loop is read from.
 *
 * @module
 */
import { TwincombError, wholeInRange } from "../errors.ts";
import type { Kernel, Region } from "./kernel.ts";
import type { KernelSource } from "./modules.ts";
import { loadPhotons, type PhotonsExports, prepareRun } from "./photons-kernel.ts";
import type { CountingRun } from "./photons-run.ts";
import { PHASE_UNITS } from "./photons-run.ts";

/** Phase and estimate of one tracking window. */
export interface TrackedPhase {
  /** Middle of the window, **s** of wall time. */
  readonly timeSeconds: number;
  /** Phase of the arms there, unwrapped, **rad**. */
  readonly phaseRad: number;
  /** Estimate announced for the slots of this window, **rad**, in $[0, 2\pi)$; 0 without tracking. */
  readonly estimateRad: number;
}

/** Follows the phase of one run, window by window, with the samples that the counter would draw. */
export class PhaseTracker implements Disposable {
  readonly #kernel: Kernel<PhotonsExports>;
  readonly #state: Region;
  readonly #slotSeconds: number;
  #next = 0;
  /** Wall slots of a tracking window. */
  readonly windowSlots: number;

  private constructor(kernel: Kernel<PhotonsExports>, run: CountingRun) {
    this.#kernel = kernel;
    this.#slotSeconds = run.timeline.slotSeconds;
    const { state, windowSlots } = prepareRun(kernel, run, [], false);
    this.#state = state;
    this.windowSlots = windowSlots;
  }

  /**
   * Loads the kernel and prepares a run.
   *
   * @param run - timeline, detectors, drift and tracking matter
   * @param options - where the kernel comes from; embedded unless told
   * @throws {@link TwincombError} `invalid-input` naming the value at fault
   */
  static async create(run: CountingRun, options: { readonly source?: KernelSource } = {}): Promise<PhaseTracker> {
    return new PhaseTracker(await loadPhotons(options.source), run);
  }

  /**
   * Moves to a window, drawing what lies before it as far as the loop needs that.
   *
   * @param window - number of the window, later than any asked for before
   * @throws {@link TwincombError} `invalid-input` when the window has passed
   */
  follow(window: number): TrackedPhase {
    wholeInRange("window", window, this.#next);
    this.#next = window + 1;
    const { exports } = this.#kernel;
    const state = this.#state.pointer;
    const middle = (window + 0.5) * this.windowSlots;
    if (!(middle <= Number.MAX_SAFE_INTEGER))
      throw new TwincombError("invalid-input", "window: lies beyond the 2^53 slots of a run", {
        parameter: "window",
        value: window,
      });
    exports.followTo(state, Math.floor(middle), Infinity);
    return {
      timeSeconds: middle * this.#slotSeconds,
      phaseRad: exports.phaseNow(state, middle),
      estimateRad: (exports.correctionAt(state, Math.floor(middle)) * 2 * Math.PI) / PHASE_UNITS,
    };
  }

  /** Wipes and forgets everything. */
  [Symbol.dispose](): void {
    this.#kernel[Symbol.dispose]();
  }
}
