/**
 * What one block of time has come to, in numbers that add up.
 *
 * @module
 */
import { hammingDistance } from "../bits.ts";
import type { Distillation } from "../distillation/distill.ts";
import type { Terms } from "../distillation/terms.ts";
import type { KeyAccount, ObservedCounts, SliceCounts } from "../protocol/index.ts";

/** What is known of the bits that one photon made. */
export interface UntaggedBounds {
  /** Their number, lower bound. */
  readonly untagged: number;
  /** Their phase-error rate, upper bound. */
  readonly phaseError: number;
}

/** One block, key or not. */
export interface BlockOutcome {
  /** Quantum slots. */
  readonly pulses: number;
  /** Why there is no key; null with a key. */
  readonly reason: string | null;
  /** x1-x1 clicks in the phase slices; null when it did not come to counts. */
  readonly slices: SliceCounts | null;
  /** Z-Z events, sampled ones included. */
  readonly rawBits: number;
  /** Raw bits given up. */
  readonly sampledBits: number;
  /** Pairs that Bob announced. */
  readonly announcedPairs: number;
  /** Raw bits that pairing took away: without partner, in pairs that were not odd on both sides, the later of each pair. */
  readonly discardedByParity: number;
  /** Estimated error rate of the raw bits. */
  readonly rawErrorRate: number | null;
  /** Bits that went into error correction. */
  readonly pairedBits: number;
  /** Syndrome and revealed bits. */
  readonly disclosedBits: number;
  /** Bits of the verification tag. */
  readonly tagBits: number;
  /** Errors corrected; null without a verified key. */
  readonly corrected: number | null;
  /** Share of frames that the first message did not correct. */
  readonly frameErrorRate: number | null;
  /** Secret bits. */
  readonly secretBits: number;
  /** Whether both keys are the same; false without. */
  readonly keysIdentical: boolean;
  /** Bounds of the raw bits. */
  readonly bounds: UntaggedBounds | null;
  /** Bounds of the paired bits. */
  readonly pairedBounds: UntaggedBounds | null;
  /** Both bills. */
  readonly account: KeyAccount | null;
}

/**
 * The numbers of one distillation, as far as it came. What both know is taken from Bob, or from Alice where he gave up
 * before he knew it.
 *
 * @param terms - the agreement
 * @param distillation - both outcomes
 */
export function blockOutcome(terms: Terms, { alice, bob }: Distillation): BlockOutcome {
  const { reconciliation } = bob;
  const counts = bob.counts ?? alice.counts;
  const length = bob.length ?? alice.length;
  const hasKey = alice.status === "key" && bob.status === "key";
  const rawBits = counts === null ? 0 : rawEvents(counts);
  const sampledBits = counts?.sample?.events ?? 0;
  const pairedBits = reconciliation?.bits ?? 0;
  const untagged = (bounds: UntaggedBounds | null | undefined): UntaggedBounds | null =>
    bounds == null ? null : { untagged: bounds.untagged, phaseError: bounds.phaseError };
  return {
    pulses: terms.pulses,
    reason: bob.status === "no-key" ? bob.reason : alice.status === "no-key" ? alice.reason : null,
    slices: counts?.slices ?? null,
    rawBits,
    sampledBits,
    announcedPairs: counts?.pairing?.pairs ?? 0,
    discardedByParity: counts?.pairing === undefined ? 0 : rawBits - sampledBits - counts.pairing.kept,
    rawErrorRate: length?.bounds.rawErrorRate ?? null,
    pairedBits,
    disclosedBits: reconciliation?.disclosedBits ?? 0,
    tagBits: reconciliation?.tagBits ?? 0,
    corrected: hasKey ? (reconciliation?.corrected ?? null) : null,
    frameErrorRate: reconciliation?.frameErrorRate ?? null,
    secretBits: hasKey ? alice.keyBits : 0,
    keysIdentical: hasKey && alice.key.length === bob.key.length && hammingDistance(alice.key, bob.key) === 0,
    bounds: untagged(length?.bounds),
    pairedBounds: untagged(length?.bounds.paired),
    account: length?.account ?? null,
  };
}

/** Z-Z events, sampled ones included. */
function rawEvents(counts: ObservedCounts): number {
  const row = counts.counts.find(({ alice }) => alice === "z")!;
  return row.left + row.right;
}
