/**
 * Cuts a long run into consecutive blocks of time.
 *
 * Every block is a distillation of its own: its counts, its pairs, its error correction, its bounds with all finite-size
 * terms and failure probabilities, and a hash of its own. The keys are put behind each other; by the composition of
 * failure probabilities the whole key fails with at most the sum of what its blocks do. Pairing and bounds within one block
 * are those of a shorter run, so nothing has to be proven anew, and memory is that of one block.
 *
 * The cut is agreed before the first pulse, from the number of clicks that the link's formulas expect: a cut that looked
 * at the clicks would spoil their statistics.
 *
 * @module
 */
import { expectedCounts, type ProtocolSettings } from "../protocol/index.ts";
import { linkModel } from "./plan/link-budget.ts";
import type { PlannedLink } from "./plan/plan.ts";

/** Consecutive quantum slots. */
export interface TimeBlock {
  /** Number of the block, from 0. */
  readonly number: number;
  /** How many blocks there are. */
  readonly of: number;
  /** Slot behind the last one of the block. */
  readonly end: number;
  /** Slots of the block. */
  readonly pulses: number;
}

/**
 * Expected clicks of the largest block. A session holds some ten bytes for each; the 370 km preset has 8e7 at 1e12 pulses.
 */
export const LARGEST_BLOCK_CLICKS = 1.25e8;

/**
 * The blocks of one pair's run.
 *
 * @param link - the pair
 * @param largest - expected clicks of the largest block
 */
export function timeBlocks({ pair, budget }: PlannedLink, largest: number = LARGEST_BLOCK_CLICKS): TimeBlock[] {
  const sending: ProtocolSettings = {
    ...pair.settings,
    alice: { ...pair.settings.alice, intensities: budget.aliceIntensities },
    bob: { ...pair.settings.bob, intensities: budget.bobIntensities },
  };
  const { counts } = expectedCounts(sending, linkModel(budget), pair.pulses);
  const clicks = counts.reduce((sum, { left, right }) => sum + left + right, 0);
  const of = Math.max(1, Math.ceil(clicks / largest));
  const endOf = (number: number) => Math.floor((pair.pulses / of) * (number + 1));
  return Array.from({ length: of }, (_, number) => {
    const begin = number === 0 ? 0 : endOf(number - 1);
    const end = number === of - 1 ? pair.pulses : endOf(number);
    return { number, of, end, pulses: end - begin };
  });
}
