/**
 * What a network is doing, on one line: every pair that is at work with its stage, the rate, how many pairs are done.
 *
 * @module
 */
import type { NetworkProgress } from "../network/index.ts";

/** Rates are those of the last seconds, not of the whole run. */
const RATE_SECONDS = 2;

/** Follows a run. */
export class NetworkProgressLine {
  readonly #running = new Map<string, string>();
  readonly #done: string[] = [];
  readonly #pairs: number;
  readonly #counted: { readonly seconds: number; readonly pulses: number }[] = [];

  /** @param pairs - number of pairs */
  constructor(pairs: number) {
    this.#pairs = pairs;
  }

  /** Names of the pairs that have finished, in that order. */
  get done(): readonly string[] {
    return this.#done;
  }

  /**
   * The line for a new state.
   *
   * @param progress - the state
   */
  line({ pair, stage, stageFraction, pulses, elapsedSeconds }: NetworkProgress): string {
    if (stage === "planning") return "starting the comb, planning the links";
    if (stage === "done") {
      if (this.#running.delete(pair) || !this.#done.includes(pair)) this.#done.push(pair);
    } else {
      // Stages that report their beginning alone have no share to tell.
      const share = stageFraction > 0 ? ` ${Math.floor(100 * stageFraction)} %` : "";
      this.#running.set(pair, `${pair} ${stage}${share}`);
    }
    const parts = [`${this.#done.length} of ${this.#pairs} pairs done`, ...this.#running.values()];
    const rate = this.#pulsesPerSecond(elapsedSeconds, pulses);
    if (rate > 0) parts.push(`${rateText(rate)}`);
    return parts.join(", ");
  }

  #pulsesPerSecond(seconds: number, pulses: number): number {
    this.#counted.push({ seconds, pulses });
    while (this.#counted.length > 2 && seconds - this.#counted[1]!.seconds > RATE_SECONDS) this.#counted.shift();
    const first = this.#counted[0]!;
    return seconds > first.seconds ? (pulses - first.pulses) / (seconds - first.seconds) : 0;
  }
}

function rateText(perSecond: number): string {
  return perSecond >= 1e9 ? `${(perSecond / 1e9).toFixed(1)} Gpulse/s` : `${(perSecond / 1e6).toFixed(1)} Mpulse/s`;
}
