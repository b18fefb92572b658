/**
 * What a run of the network gives back: plain objects that survive JSON, one for each pair and one for all.
 *
 * @module
 */
import type { KeyAccount } from "../protocol/index.ts";
import { roundSignificant } from "../units.ts";
import type { UntaggedBounds } from "./block-outcome.ts";
import type { PairStage } from "./events.ts";
import type { ReplacedChip } from "./plan/star.ts";

/** Stored with every result; raised whenever the same seed gives other numbers on purpose. */
export const STREAM_VERSION = 2;

/** What became of one pair. */
export interface PairResult {
  /** Both clients' names, `A1-B1`. */
  readonly name: string;
  /** `key`, or `no-key` with a reason. */
  readonly status: "key" | "no-key";
  /** Why there is no key. */
  readonly reason?: string;
  /** Round in which it ran, from 1. */
  readonly round: number;
  /** Vacuum wavelength of the pair's colour, nm; null for a pair that got none, or whose colour nobody told. */
  readonly wavelengthNm: number | null;
  /** Up-link fibre between the two users, km. */
  readonly distanceKm: number;
  /** Quantum slots. */
  readonly pulses: number;
  /** Wrong clicks among the accepted x1-x1 clicks of both phase slices, darks included. */
  readonly qberX: number | null;
  /** Accepted x1-x1 clicks of both phase slices. */
  readonly acceptedX: number;
  /** Wrong ones among them. */
  readonly wrongX: number;
  /** Error rate of the raw Z bits as estimated from announced data. */
  readonly qberZRaw: number | null;
  /** Errors corrected over bits, known after verification. */
  readonly qberZPaired: number | null;
  /** Z-Z events. */
  readonly rawBits: number;
  /** Raw bits given up as a sample. */
  readonly sampledBits: number;
  /** Pairs of raw bits that Bob announced. */
  readonly announcedPairs: number;
  /** Raw bits that pairing took away: without partner, in pairs that were not odd on both sides, the later of each pair. */
  readonly discardedByParity: number;
  /** Bits that went into error correction. */
  readonly pairedBits: number;
  /** Syndromes, revealed bits and tags. */
  readonly leakedBits: number;
  /** `(leakedBits - tags) / (pairedBits h(qberZPaired))`. */
  readonly reconciliationEfficiency: number | null;
  /** Length of the secret key, net of everything. */
  readonly secretBits: number;
  /** Secret bits over quantum slots. */
  readonly keyRatePerPulse: number;
  /** Secret bits per second of wall time, bit/s. */
  readonly keyRateBps: number;
  /** Repeaterless bound of the two up-link fibres, bits per pulse; null without loss. */
  readonly plobPerPulse: number | null;
  /** Key rate over that bound; 0 without loss. */
  readonly ratioToPlob: number;
  /** Whether both sides hold the same key. */
  readonly keysIdentical: boolean;
  /** SHA-256 of Alice's key, hexadecimal. */
  readonly aliceKeySha256: string | null;
  /** SHA-256 of Bob's key. */
  readonly bobKeySha256: string | null;
  /** True when a seed decides everything: such a key is no secret. */
  readonly simulated: boolean;
  /** X error that the phase budget predicts; null without a budget. */
  readonly expectedErrorX: number | null;
  /** Blocks of time, each distilled by itself. */
  readonly blocks: number;
  /** Blocks that gave a key. */
  readonly blocksWithKey: number;
  /** Untagged raw bits, and their phase-error rate. */
  readonly bounds: UntaggedBounds | null;
  /** The same of the paired bits. */
  readonly pairedBounds: UntaggedBounds | null;
  /** Every bit and every failure probability, blocks added up. */
  readonly account: KeyAccount | null;
  /** Wall time spent in each stage, s. */
  readonly stageSeconds: StageSeconds;
}

/** Wall time spent in each stage, s. */
export type StageSeconds = Readonly<Record<`${PairStage}Seconds`, number>>;

/** What became of the whole network. */
export interface NetworkResult {
  /** Version of this package. */
  readonly version: string;
  /** See {@link STREAM_VERSION}. */
  readonly streamVersion: number;
  /** Name of the scenario. */
  readonly scenario: string;
  /** Seed of every random number. */
  readonly seed: string;
  /** Quantum slots of the run; pairs of different rounds share them. */
  readonly pulses: number;
  /** Wall time of the run, s. */
  readonly elapsedSeconds: number;
  /** One entry a pair, in the scenario's order. */
  readonly pairs: readonly PairResult[];
  /** Chips that missed the specification or did not lock. */
  readonly replaced: readonly ReplacedChip[];
  /** Totals. */
  readonly total: {
    /** Pairs with a verified key. */
    readonly pairs: number;
    /** Secret bits of all pairs. */
    readonly secretBits: number;
    /** Sum of distances over the pairs whose verified keys agree, km. */
    readonly networkingCapabilityKm: number;
  };
}

/**
 * Rounds every number of a result to twelve significant digits, where engines whose mathematics differ in the last
 * bit agree again.
 *
 * @param value - any JSON value
 */
export function rounded<Value>(value: Value): Value {
  if (typeof value === "number") return roundSignificant(value) as Value;
  if (Array.isArray(value)) return value.map(rounded) as Value;
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, rounded(entry)])) as Value;
  }
  return value;
}
