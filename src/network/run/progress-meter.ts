/**
 * How far a network is: many pairs' stages as one share, one rate, and the time that is left.
 *
 * @module
 */
import type { PairStage, StageEvent } from "../events.ts";
import type { NetworkProgress } from "./simulation-events.ts";

/** Share of a run that planning takes: the comb is started once, whatever the pulses. */
const PLANNING = 0.03;
/** Before so much is done nobody can tell how long the rest will take. */
const TELLING = PLANNING + 0.01;

/** Where each stage begins and ends in a pair's life, as measured at 1e12 pulses; only progress bars know it. */
const STAGES: Readonly<Record<PairStage, readonly [begin: number, end: number]>> = {
  counting: [0, 0.36],
  sifting: [0.36, 0.48],
  pairing: [0.48, 0.88],
  reconciling: [0.88, 0.95],
  verifying: [0.95, 0.955],
  amplifying: [0.955, 1],
};

/** Gathers what pairs report. */
export class ProgressMeter {
  readonly #tell: (progress: NetworkProgress) => void;
  readonly #began = performance.now();
  #countingBegan = 0;
  #pairs: { readonly name: string; readonly pulses: number; share: number; counted: number }[] = [];

  /** @param tell - given the state whenever it changes */
  constructor(tell: (progress: NetworkProgress) => void) {
    this.#tell = tell;
  }

  /** Wall time since the start, **s**. */
  get elapsedSeconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  /** The network is being planned. @param fraction - share of the planning that is done */
  planning(fraction: number): void {
    this.#report("", "planning", fraction, PLANNING * fraction);
  }

  /** The network is planned. @param pairs - who will count how many pulses */
  planned(pairs: readonly { readonly name: string; readonly pulses: number }[]): void {
    this.#countingBegan = performance.now();
    this.#pairs = pairs.map((pair) => ({ ...pair, share: 0, counted: 0 }));
    this.planning(1);
  }

  /**
   * A pair proceeds.
   *
   * @param index - which
   * @param event - what it does
   */
  stage(index: number, { stage, fraction, block, blocks }: StageEvent): void {
    const pair = this.#pairs[index]!;
    const [begin, end] = STAGES[stage];
    pair.share = Math.max(pair.share, (block + begin + (end - begin) * fraction) / blocks);
    pair.counted = ((block + (stage === "counting" ? fraction : 1)) / blocks) * pair.pulses;
    this.#report(pair.name, stage, fraction);
  }

  /** A pair is done. @param index - which */
  done(index: number): void {
    const pair = this.#pairs[index]!;
    pair.share = 1;
    pair.counted = pair.pulses;
    this.#report(pair.name, "done", 1);
  }

  #report(pair: string, stage: NetworkProgress["stage"], stageFraction: number, known?: number): void {
    const pairs = Math.max(1, this.#pairs.length);
    const share = this.#pairs.reduce((sum, entry) => sum + entry.share, 0) / pairs;
    const fraction = known ?? PLANNING + (1 - PLANNING) * share;
    const pulses = this.#pairs.reduce((sum, { counted }) => sum + counted, 0);
    const countingSeconds = (performance.now() - this.#countingBegan) / 1000;
    const { elapsedSeconds } = this;
    this.#tell({
      fraction,
      pair,
      stage,
      stageFraction,
      pulses,
      pulsesPerSecond: pulses > 0 && countingSeconds > 0 ? pulses / countingSeconds : 0,
      elapsedSeconds,
      secondsLeft: fraction < TELLING || known !== undefined ? null : (elapsedSeconds * (1 - fraction)) / fraction,
    });
  }
}
