/**
 * Photon counting of one pair of users: the typed face of the `photons` kernel. The kernel skips from one slot in which
 * something may have clicked to the next, so 10^12 pulses cost what their clicks cost; the law of the counts is that of
 * looking at every slot.
 *
 * A chunk of events, the tallies and the raw bits do not depend on how the work is cut, nor on what other links do.
 *
 * @module
 */
import { TwincombError, throwIfAborted, wholeInRange } from "../errors.ts";
import { BIT_COLUMNS, type ClickCollector } from "./click-columns.ts";
import type { Kernel, Region } from "./kernel.ts";
import type { KernelSource } from "./modules.ts";
import { loadPhotons, type PhotonsExports, prepareRun } from "./photons-kernel.ts";
import { photonParameters } from "./photons-parameters.ts";
import type {
  CountingProgress,
  CountingRun,
  CountTallies,
  EventChunk,
  PhotonCounts,
  RawBits,
  SliceCounts,
} from "./photons-run.ts";
import { RawBitCollector } from "./raw-bits.ts";

export { PhaseTracker, type TrackedPhase } from "./phase-tracker.ts";
export type {
  CountingProgress,
  CountingRun,
  CountTallies,
  DetectorRun,
  DriftRun,
  EventChunk,
  OrnsteinUhlenbeck,
  PerSetting,
  PhaseEstimator,
  PhaseTrace,
  PhotonCounts,
  RawBits,
  RecoveryPoint,
  SenderRun,
  SettingName,
  SliceCounts,
  TimelineRun,
  TrackingRun,
  XxEvents,
} from "./photons-run.ts";
export { OUTCOME_NAMES, PHASE_UNITS, phaseSlice, SETTING, SETTING_NAMES, sliceHalfWidth } from "./photons-run.ts";

/** Most events of one chunk. */
export const LARGEST_CHUNK = 262_144;

/** Bytes between two columns of bits. */
const COLUMN_BYTES = LARGEST_CHUNK / 8 + 64;

/** Work of one call, in candidates of some ten nanoseconds, a hundred or two at worst. */
const CALL_BUDGET = 262_144;

/** Time after which a long run lets other tasks have the thread, ms. */
const YIELD_AFTER = 20;

// Byte offsets within the kernel's block; assembly/photons/layout.ts is the map.
/** Words. */
const EVENTS = 1088;
const XX_EVENTS = 1092;
const BIT_BYTES = 1096;
const BIT_BUFFERS = 1100;
const BIT_COUNT = 1108;
/** Doubles. */
const BITS = 1112;
const POSITION = 1120;
const DISCARDED = 1144;
const AFTERPULSES = 1152;
const SLICES = 1160;
const DONE = 1840;
const FAULT = 1848;
const SAMPLES_DRAWN = 1856;
const CANDIDATE_PROBABILITY = 1928;
/** 64-bit whole numbers. */
const REGISTERED = 1128;
const TALLIES = 1232;
const TALLY_LENGTH = 75;

/** How a {@link PhotonCounter} is made. */
export interface PhotonCounterOptions {
  /** Where the kernel's binary comes from. Default: embedded. */
  readonly source?: KernelSource;
  /** Whether chunks hold events; without them only tallies and raw bits are kept. Default true. */
  readonly events?: boolean;
  /** Whether {@link PhotonCounter.rawBits} collects the Z-Z bits. Default true. */
  readonly rawBits?: boolean;
}

/**
 * Counts the photons of one run, chunk by chunk.
 *
 * @example
 * ```ts
 * using counter = await PhotonCounter.create(run);
 * for (let chunk = counter.next(); chunk !== null; chunk = counter.next()) use(chunk);
 * counter.tallies();
 * ```
 */
export class PhotonCounter implements Disposable {
  readonly #kernel: Kernel<PhotonsExports>;
  readonly #run: CountingRun;
  readonly #windowSlots: number;
  readonly #state: Region;
  readonly #out: ReturnType<typeof allocateOutputs>;
  readonly #columns: Region;
  readonly #bits: RawBitCollector | undefined;
  #disposed = false;

  private constructor(kernel: Kernel<PhotonsExports>, run: CountingRun, options: PhotonCounterOptions) {
    this.#kernel = kernel;
    this.#run = run;
    const out = allocateOutputs(kernel);
    this.#out = out;
    this.#columns = kernel.allocate(BIT_COLUMNS * COLUMN_BYTES);
    const { state, windowSlots } = prepareRun(kernel, run, Object.values(out), options.events !== false);
    this.#state = state;
    this.#windowSlots = windowSlots;
    if (options.rawBits !== false) this.#bits = new RawBitCollector();
  }

  /**
   * Loads the kernel and prepares a run.
   *
   * @param run - what to count
   * @param options - where the kernel comes from and what to keep
   * @returns a counter at slot 0
   * @throws {@link TwincombError} `invalid-input` naming the value at fault, before anything runs
   */
  static async create(run: CountingRun, options: PhotonCounterOptions = {}): Promise<PhotonCounter> {
    photonParameters(run);
    return new PhotonCounter(await loadPhotons(options.source), run, options);
  }

  #word(offset: number): number {
    return this.#kernel.words(this.#state)[offset / 4]!;
  }

  #double(offset: number): number {
    return this.#kernel.doubles(this.#state)[offset / 8]!;
  }

  /** 64-bit counts as doubles, exact below 2^53. */
  #counts(offset: number, length: number): Float64Array {
    const words = this.#kernel.words(this.#state).subarray(offset / 4, offset / 4 + 2 * length);
    return Float64Array.from({ length }, (_, i) => words[2 * i]! + words[2 * i + 1]! * 2 ** 32);
  }

  /** Counts on, behind the events that are kept; false when the run was over before. */
  #advance(maxEvents: number, keepEvents: boolean = false): boolean {
    if (this.#disposed) throw new TwincombError("internal", "this photon counter has been disposed");
    wholeInRange("maxEvents", maxEvents, 1);
    if (this.#double(DONE) === 1) return false;
    this.#kernel.words(this.#state).fill(0, (keepEvents ? BIT_BYTES : EVENTS) / 4, BIT_BYTES / 4 + 1);
    this.#kernel.exports.count(this.#state.pointer, Math.min(maxEvents, LARGEST_CHUNK), CALL_BUDGET);
    if (this.#double(FAULT) !== 0)
      throw new TwincombError(
        "invalid-input",
        "more than 4096 afterpulses wait at once: the afterpulse time is too long for this click rate",
        { parameter: "afterpulseTimeConstantSeconds", expected: "a shorter time or a smaller afterpulse probability" },
      );
    if (this.#bits !== undefined) {
      const length = this.#word(BIT_BYTES);
      this.#bits.append(this.#kernel.bytes(this.#out.aliceBits, length), this.#kernel.bytes(this.#out.bobBits, length));
    }
    return true;
  }

  /**
   * Counts on until so many events are found, some milliseconds of work are done, or the run is over: a chunk may hold
   * fewer events than asked for, even none.
   *
   * @param maxEvents - most events of the chunk, at most {@link LARGEST_CHUNK}
   * @returns the next events, copied out of the kernel, or null when the run was over before
   */
  next(maxEvents: number = LARGEST_CHUNK): EventChunk | null {
    if (!this.#advance(maxEvents)) return null;
    const length = this.#word(EVENTS);
    const xx = this.#word(XX_EVENTS);
    const kernel = this.#kernel;
    const out = this.#out;
    return {
      length,
      slot: kernel.doubles(out.slot, length).slice(),
      detector: kernel.bytes(out.detector, length).slice(),
      aliceSetting: kernel.bytes(out.aliceSetting, length).slice(),
      bobSetting: kernel.bytes(out.bobSetting, length).slice(),
      xx: {
        event: kernel.words(out.xxEvent, xx).slice(),
        alicePhase: halfWords(kernel, out.xxAlice, xx),
        bobPhase: halfWords(kernel, out.xxBob, xx),
        phaseCorrection: halfWords(kernel, out.xxCorrection, xx),
      },
      pulsesDone: this.#double(POSITION),
    };
  }

  /**
   * Counts on as {@link PhotonCounter.next} does, without copying events.
   *
   * @returns progress, or null when the run was over before
   */
  skip(): CountingProgress | null {
    if (!this.#advance(LARGEST_CHUNK)) return null;
    return this.progress();
  }

  /**
   * Counts on for some milliseconds and appends what was found as columns of bits, as far as it lies before a slot; what
   * lies behind it waits for the next call. Not to be mixed with {@link PhotonCounter.next} in one run.
   *
   * @param collector - where events are appended
   * @param end - quantum slot before which events are wanted
   * @returns whether there may be more before that slot
   */
  collect(collector: ClickCollector, end: number): boolean {
    const slotOf = (index: number) => this.#kernel.doubles(this.#out.slot)[index]!;
    const isBefore = (index: number) => slotOf(index) < end;
    const found = () => this.#word(EVENTS);
    // Events come in the order of slots: one that lies behind the end says that all before it are there.
    if (found() === 0 || isBefore(found() - 1)) {
      if (this.#advance(LARGEST_CHUNK, true) && (found() === 0 || isBefore(found() - 1))) {
        this.#take(collector, found() - (found() % 16));
        return true;
      }
    }
    let [low, high] = [0, found()];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(middle)) low = middle + 1;
      else high = middle;
    }
    this.#take(collector, low);
    return false;
  }

  #take(collector: ClickCollector, events: number): void {
    const kernel = this.#kernel;
    const out = this.#out;
    const { pointer } = this.#columns;
    const xx = this.#word(XX_EVENTS);
    const phases = [out.xxAlice, out.xxBob, out.xxCorrection].map((region) => halfWords(kernel, region, xx));
    const taken = kernel.exports.takeColumns(this.#state.pointer, events, pointer, COLUMN_BYTES);
    const columns = Array.from({ length: BIT_COLUMNS }, (_, i) =>
      kernel.bytes({ pointer: pointer + i * COLUMN_BYTES, byteLength: COLUMN_BYTES }, Math.ceil(events / 8)),
    );
    const [alice, bob, correction] = phases.map((column) => column.subarray(0, taken));
    collector.append(events, columns, [alice!, bob!, correction!]);
  }

  /** How far the run is. */
  progress(): CountingProgress {
    let events = 0;
    for (const [cell, count] of this.#counts(TALLIES, TALLY_LENGTH).entries()) if (cell % 3 !== 2) events += count;
    return { pulsesDone: this.#double(POSITION), pulses: this.#run.pulses, events };
  }

  /** All counts so far. */
  tallies(): CountTallies {
    const slices = (first: number): SliceCounts => {
      const at = (index: number) => this.#double(first + 8 * index);
      return { accepted: [at(0), at(1)], wrong: [at(2), at(3)] };
    };
    const [left, right] = this.#counts(REGISTERED, 2);
    const { quantumSlotsPerFrame, referenceSlotsPerFrame, guardSlots } = this.#run.timeline;
    const pulses = this.#double(POSITION);
    const gap = referenceSlotsPerFrame > 0 ? referenceSlotsPerFrame + 2 * guardSlots : 0;
    const wall = pulses + Math.floor(pulses / quantumSlotsPerFrame) * gap;
    const tracked = this.#run.tracking !== undefined;
    return {
      pulses,
      counts: this.#counts(TALLIES, TALLY_LENGTH),
      x1x1: slices(SLICES),
      x2x2: slices(SLICES + 32),
      registeredClicks: [left!, right!],
      discardedClicks: this.#double(DISCARDED),
      afterpulses: this.#double(AFTERPULSES),
      trackingSamples: tracked ? Math.floor(wall / this.#windowSlots) : 0,
      trackingSamplesDrawn: tracked ? this.#double(SAMPLES_DRAWN) : 0,
    };
  }

  /**
   * Raw key bits of both sides so far. They are for tests and tools; a session gives each side its own column of the events.
   *
   * @throws {@link TwincombError} `invalid-input` when the counter was made without raw bits
   */
  rawBits(): { alice: RawBits; bob: RawBits } {
    if (this.#bits === undefined)
      throw new TwincombError("invalid-input", "this counter was made without raw bits", { parameter: "rawBits" });
    const bits = this.#double(BITS) + this.#word(BIT_COUNT);
    return this.#bits.finish(bits, this.#word(BIT_BUFFERS), this.#word(BIT_BUFFERS + 4));
  }

  /** Probability that a slot is a candidate, the rate at which the kernel works. */
  get candidateProbability(): number {
    return this.#double(CANDIDATE_PROBABILITY);
  }

  /** Wipes and forgets everything. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#bits?.wipe();
    this.#kernel[Symbol.dispose]();
  }
}

/** Output buffers in the order of the addresses in the kernel's block. */
function allocateOutputs(kernel: Kernel<PhotonsExports>): {
  readonly slot: Region;
  readonly detector: Region;
  readonly aliceSetting: Region;
  readonly bobSetting: Region;
  readonly xxEvent: Region;
  readonly xxAlice: Region;
  readonly xxBob: Region;
  readonly xxCorrection: Region;
  readonly aliceBits: Region;
  readonly bobBits: Region;
} {
  return {
    slot: kernel.allocate(LARGEST_CHUNK * 8),
    detector: kernel.allocate(LARGEST_CHUNK),
    aliceSetting: kernel.allocate(LARGEST_CHUNK),
    bobSetting: kernel.allocate(LARGEST_CHUNK),
    xxEvent: kernel.allocate(LARGEST_CHUNK * 4),
    xxAlice: kernel.allocate(LARGEST_CHUNK * 2),
    xxBob: kernel.allocate(LARGEST_CHUNK * 2),
    xxCorrection: kernel.allocate(LARGEST_CHUNK * 2),
    aliceBits: kernel.allocate(LARGEST_CHUNK / 8 + 64),
    bobBits: kernel.allocate(LARGEST_CHUNK / 8 + 64),
  };
}

function halfWords(kernel: Kernel<PhotonsExports>, region: Region, length: number): Uint16Array {
  const bytes = kernel.bytes(region, length * 2).slice();
  return new Uint16Array(bytes.buffer, 0, length);
}

/** How {@link countPhotons} runs. */
export interface CountPhotonsOptions {
  /** Cancels the run; answered within 100 ms. */
  readonly signal?: AbortSignal;
  /** Told how far the run is, some tens of times a second. */
  readonly onProgress?: (progress: CountingProgress) => void;
  /** Given every chunk of events, in order. Without it events are not copied. */
  readonly onEvents?: (chunk: EventChunk) => void;
  /** Whether the raw Z-Z bits are collected. Default `"bits"`. */
  readonly collect?: "bits" | "tallies";
  /** Where the kernel's binary comes from. Default: embedded. */
  readonly source?: KernelSource;
}

/**
 * Counts all photons of a run.
 *
 * @param run - what to count
 * @param options - cancellation, progress, what to keep
 * @returns tallies, and the raw bits of both sides unless only tallies were asked for (then they are empty)
 * @throws {@link TwincombError} `invalid-input` before anything runs, `aborted` when the signal fires
 */
export async function countPhotons(run: CountingRun, options: CountPhotonsOptions = {}): Promise<PhotonCounts> {
  const { signal, onProgress, onEvents } = options;
  throwIfAborted(signal);
  const keepBits = options.collect !== "tallies";
  using counter = await PhotonCounter.create(run, {
    ...(options.source === undefined ? {} : { source: options.source }),
    events: onEvents !== undefined,
    rawBits: keepBits,
  });
  let rested = performance.now();
  while (true) {
    throwIfAborted(signal);
    if (onEvents === undefined) {
      if (counter.skip() === null) break;
    } else {
      const chunk = counter.next();
      if (chunk === null) break;
      if (chunk.length > 0) onEvents(chunk);
    }
    // The clock decides when other tasks get the thread and nothing else.
    if (performance.now() - rested > YIELD_AFTER) {
      onProgress?.(counter.progress());
      await new Promise((resolve) => setTimeout(resolve));
      rested = performance.now();
    }
  }
  onProgress?.(counter.progress());
  const tallies = counter.tallies();
  const none = { length: 0, bytes: new Uint8Array(0) };
  const { alice, bob } = keepBits ? counter.rawBits() : { alice: none, bob: none };
  return { tallies, aliceBits: alice, bobBits: bob };
}
