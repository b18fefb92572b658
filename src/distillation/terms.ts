/**
 * What both users have agreed to before the first pulse, and what they end up with.
 *
 * @module
 */
import type { ObservedCounts } from "../protocol/counts.ts";
import type { KeyLength } from "../protocol/key-length.ts";
import type { PairingKind } from "../protocol/pairing.ts";
import type { ProtocolSettings } from "../protocol/settings.ts";
import type { SyndromeMessage } from "./reconciliation.ts";

/** The public agreement. */
export interface Terms {
  /** Quantum slots of the pair. */
  readonly pulses: number;
  /** Intensities, probabilities, calibration intervals, slice width and the share of raw bits given up as a sample. */
  readonly settings: ProtocolSettings;
  /** Whether raw bits are paired before error correction, and how. */
  readonly pairing: PairingKind | "none";
  /** Failure probability of each bound and of each step. */
  readonly failureProbability: number;
}

/** What a user is doing, in this order; without pairing that stage is left out. */
export const DISTILLATION_STAGES = ["sifting", "pairing", "reconciling", "verifying", "amplifying"] as const;

/** One of {@link DISTILLATION_STAGES}. */
export type DistillationStage = (typeof DISTILLATION_STAGES)[number];

/** Whoever watches a distillation, and in tests of what must fail, interferes with it. */
export interface Watcher {
  /** Called when the first user enters a stage. */
  readonly onStage?: ((stage: DistillationStage) => void) | undefined;
  /** For tests: called with a user's raw key before anything is done with it. */
  readonly afterSifting?: ((user: "alice" | "bob", raw: Uint8Array) => void) | undefined;
  /** For tests: called with every message of syndromes before Alice sends it. */
  readonly beforeSyndromes?: ((message: SyndromeMessage) => void) | undefined;
  /** For tests: called with Bob's corrected key before it is verified. */
  readonly afterDecoding?: ((corrected: Uint8Array) => void) | undefined;
}

/** What a user knows of the error correction when it is over. */
export interface ReconciliationAccount {
  /** Bits that went into error correction: raw bits less the sample, or what pairing kept. */
  readonly bits: number;
  /** Error rate that error correction was planned for. */
  readonly plannedErrorRate: number;
  /** Bits that error correction changed: Bob's knowledge alone, since announcing it would cost key. */
  readonly corrected: number | null;
  /** Syndrome and revealed bits, parities that told the error rate included. */
  readonly disclosedBits: number;
  /** Bits of the verification tag. */
  readonly tagBits: number;
  /** Share of frames that the first message did not correct. */
  readonly frameErrorRate: number;
}

/** What a user has found out by the end, key or not; null where it did not come to that. */
export interface Findings {
  /** The counts that were announced, sample included. */
  readonly counts: ObservedCounts | null;
  /** Bounds and both bills. */
  readonly length: KeyLength | null;
  /** Error correction. */
  readonly reconciliation: ReconciliationAccount | null;
}

/** A secret key. */
export interface SecretKey {
  /** The key, bit-packed. */
  readonly key: Uint8Array;
  /** Its length in bits. */
  readonly keyBits: number;
}

/** How the distillation ended for one user. */
export type UserOutcome = Findings &
  (({ readonly status: "key" } & SecretKey) | { readonly status: "no-key"; readonly reason: string });
