/**
 * One progress bar on stderr, drawn only on a terminal.
 *
 * @module
 */
import { Presets, SingleBar } from "cli-progress";

/** Something that shows how far the work is. */
export interface Progress {
  /**
   * @param fraction - share of the work that is done, 0 to 1
   * @param stage - what is being done
   */
  update(fraction: number, stage: string): void;
  /** Removes the bar. */
  stop(): void;
}

const STEPS = 1000;

/**
 * Starts a bar, or nothing at all where nobody could see it.
 *
 * @param quiet - never draw
 */
export function startProgress(quiet: boolean): Progress {
  if (quiet || !process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar(
    {
      format: "{bar} {percentage} %  {stage}  ({eta_formatted} left)",
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 50,
    },
    Presets.shades_classic,
  );
  bar.start(STEPS, 0, { stage: "starting" });
  return {
    update: (fraction, stage) => bar.update(Math.floor(fraction * STEPS), { stage }),
    stop: () => bar.stop(),
  };
}
