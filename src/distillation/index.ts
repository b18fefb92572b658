/**
 * From clicks to a secret key: three parties, one public channel.
 *
 * @module
 */
export type { Bits } from "../bits.ts";
export { playAlice } from "./alice.ts";
export * from "./amplification.ts";
export * from "./authentication.ts";
export { playBob } from "./bob.ts";
export {
  type Authenticator,
  type Endpoint,
  NoKey,
  PublicChannel,
  replayedEndpoint,
  type TranscriptEntry,
} from "./channel.ts";
export { FamilyCode, type ShippedCode } from "./codes/catalogue.ts";
export type { DegreeCounts } from "./codes/expansion.ts";
export {
  type Distillation,
  disclosedInTranscript,
  distill,
  replayBob,
  type UserSide,
} from "./distill.ts";
export { cutSample, type SampledKey, samplingProbability } from "./error-sample.ts";
export * from "./message.ts";
export * from "./pairing.ts";
export { type PrivateRandomness, secureRandomness, simulatedRandomness } from "./randomness.ts";
export { type Reconciled, type ReconcileOptions, reconcile } from "./reconcile.ts";
export * from "./reconciliation.ts";
export {
  reconciliationTable,
  simulatedKeys,
  TABLE_FRAMES,
  TABLE_QBERS,
  type TableOptions,
  type TableRow,
} from "./reconciliation-table.ts";
export { packCodes, phasesFromBytes, phasesToBytes, type ServerRecords, type UserRecords } from "./records.ts";
export * from "./seeds.ts";
export { playServer } from "./server.ts";
export {
  type Announcements,
  announcedCounts,
  announcedSettings,
  type JointWindows,
  rawKey,
  zWindows,
} from "./sifting.ts";
export {
  DISTILLATION_STAGES,
  type DistillationStage,
  type Findings,
  type ReconciliationAccount,
  type SecretKey,
  type Terms,
  type UserOutcome,
  type Watcher,
} from "./terms.ts";
export { decodeTranscript, encodeTranscript } from "./transcript.ts";
export * from "./verification.ts";
