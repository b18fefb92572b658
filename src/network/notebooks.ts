/**
 * Counts the photons of one pair and lets each party write down what it can know.
 *
 * This is where nature's knowledge is divided: the counter knows everything, and each notebook gets its own columns.
 *
 * @module
 */
import type { ServerRecords, UserRecords } from "../distillation/records.ts";
import { throwIfAborted } from "../errors.ts";
import { ClickCollector } from "../kernels/click-columns.ts";
import { type CountingRun, type CountTallies, PhotonCounter } from "../kernels/photons.ts";

/** The notebooks of all three when the last pulse has been sent. */
export interface Notebooks {
  /** Alice's. */
  readonly alice: UserRecords;
  /** Bob's. */
  readonly bob: UserRecords;
  /** The server's. */
  readonly server: ServerRecords;
}

/** How the counting reports and stops. */
export interface CountingOptions {
  /** Called with the share of these slots that is counted. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
  /** Called with all counts so far, some times a second. */
  readonly onTallies?: ((tallies: CountTallies) => void) | undefined;
  /** Stops the counting. */
  readonly signal?: AbortSignal | undefined;
}

/** Time after which counting lets other tasks have the thread and says how far it is, ms. */
const BREATH = 50;

/**
 * Sends all pulses of a pair and divides what is seen.
 *
 * @param run - the pair in numbers
 * @param options - progress and cancellation
 */
export async function keepNotebooks(run: CountingRun, options: CountingOptions = {}): Promise<Notebooks> {
  using counter = await PhotonCounter.create(run, { rawBits: false });
  return await keepNextNotebooks(counter, run.pulses, options);
}

/**
 * Sends pulses up to a slot and divides what is seen since the last call.
 *
 * @param counter - the run, from where the last call left it
 * @param end - slot before which this notebook ends
 * @param options - progress and cancellation
 */
export async function keepNextNotebooks(
  counter: PhotonCounter,
  end: number,
  options: CountingOptions = {},
): Promise<Notebooks> {
  const { pulsesDone } = counter.progress();
  const expected = counter.candidateProbability * (end - pulsesDone);
  const collector = new ClickCollector(Math.ceil(expected + 6 * Math.sqrt(expected) + 1024));
  let rested = performance.now();
  let more = true;
  const say = () => {
    options.onTallies?.(counter.tallies());
    options.onProgress?.(Math.min(1, (counter.progress().pulsesDone - pulsesDone) / (end - pulsesDone)));
  };
  while (more) {
    throwIfAborted(options.signal);
    more = counter.collect(collector, end);
    // The clock decides when other tasks get the thread and nothing else.
    if (performance.now() - rested > BREATH) {
      say();
      await new Promise((resolve) => setTimeout(resolve));
      rested = performance.now();
    }
  }
  say();
  const { events, right, alice, bob, alicePhases, bobPhases, corrections } = collector.finish();
  return {
    alice: { events, settings: alice, phases: alicePhases },
    bob: { events, settings: bob, phases: bobPhases },
    server: { events, right, corrections },
  };
}
