/**
 * Which stage a pair is in, and how long it has been in each.
 *
 * @module
 */
import type { PairStage, StageEvent } from "./events.ts";
import type { StageSeconds } from "./result.ts";
import type { TimeBlock } from "./time-blocks.ts";

/** Before anything was done. */
export const NO_TIME: StageSeconds = {
  countingSeconds: 0,
  siftingSeconds: 0,
  pairingSeconds: 0,
  reconcilingSeconds: 0,
  verifyingSeconds: 0,
  amplifyingSeconds: 0,
};

/** Says when stages begin and adds up their wall time. */
export class StageClock {
  readonly #say: (event: StageEvent) => void;
  readonly #seconds: { -readonly [Field in keyof StageSeconds]: StageSeconds[Field] } = { ...NO_TIME };
  #stage: PairStage | undefined;
  #began = 0;

  /** @param say - given every beginning and all progress */
  constructor(say: (event: StageEvent) => void) {
    this.#say = say;
  }

  /**
   * A stage begins; the one before ends.
   *
   * @param stage - which
   * @param block - in which block of time
   */
  enter(stage: PairStage, block: TimeBlock): void {
    this.#stop();
    this.#stage = stage;
    this.#began = performance.now();
    this.progress(0, block);
  }

  /**
   * The current stage goes on.
   *
   * @param fraction - share that is done
   * @param block - in which block of time
   */
  progress(fraction: number, { number, of }: TimeBlock): void {
    if (this.#stage !== undefined) {
      this.#say({ type: "stage", stage: this.#stage, fraction, block: number, blocks: of });
    }
  }

  /** Ends the current stage and gives all times. */
  stop(): StageSeconds {
    this.#stop();
    return { ...this.#seconds };
  }

  #stop(): void {
    if (this.#stage === undefined) return;
    this.#seconds[`${this.#stage}Seconds`] += (performance.now() - this.#began) / 1000;
    this.#stage = undefined;
  }
}
