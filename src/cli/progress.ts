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
   * @param secondsLeft - time that is left, where the work knows better than a rule of three; null when nobody can tell
   */
  update(fraction: number, stage: string, secondsLeft?: number | null): void;
  /** Removes the bar. */
  stop(): void;
}

const STEPS = 1000;
/** Characters of the bar itself, and of everything on the line but the stage. */
const BAR_WIDTH = 24;
const REST_WIDTH = BAR_WIDTH + 30;
/** Before so much is done the time that is left cannot be told. */
const TELLING = 0.02;

/** `1 h 5 min`, `2 min 10 s`, `7 s`. */
function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  if (whole >= 60) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${whole} s`;
}

/**
 * Starts a bar, or nothing at all where nobody could see it.
 *
 * @param quiet - never draw
 */
export function startProgress(quiet: boolean): Progress {
  if (quiet || !process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar(
    {
      format: "{bar} {percentage} %  {stage}{left}",
      barsize: BAR_WIDTH,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      // Whatever ends the process, the cursor comes back.
      gracefulExit: true,
    },
    Presets.shades_classic,
  );
  bar.start(STEPS, 0, { stage: "starting", left: "" });
  const began = performance.now();
  return {
    update(fraction, stage, secondsLeft) {
      if (!bar.isActive) return;
      const elapsed = (performance.now() - began) / 1000;
      const left =
        secondsLeft !== undefined ? secondsLeft : fraction < TELLING ? null : (elapsed * (1 - fraction)) / fraction;
      const room = Math.max(10, process.stderr.columns - REST_WIDTH);
      bar.update(Math.floor(fraction * STEPS), {
        stage: stage.length <= room ? stage : `${stage.slice(0, room - 1)}…`,
        left: left === null ? "" : `  ${durationText(left)} left`,
      });
    },
    stop: () => bar.stop(),
  };
}
