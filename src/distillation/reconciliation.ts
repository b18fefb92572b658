/**
 * One-way error correction of a sifted key by the syndrome of a quasi-cyclic low-density parity-check code.
 *
 * Alice and Bob agree on a {@link ReconciliationPlan}. Alice's {@link SyndromeSource} holds her key and says its
 * syndromes; Bob's {@link SyndromeDecoder} holds his key and finds hers. What one says to the other is a plain object
 * that states how many bits it discloses. A frame that fails gets further parities, then key bits, until it decodes or is
 * told whole. Where nobody knows the error rate, an {@link ErrorRateProbe} finds it first.
 *
 * @module
 */
export type { ReconciliationCode } from "./codes/catalogue.ts";
export { family, fastFamily } from "./codes/catalogue.ts";
export { codeFromAlist, codeFromBaseMatrix, type ImportOptions } from "./codes/import.ts";
export {
  type DecodeControl,
  type DecoderOptions,
  type DecodingStatistics,
  SyndromeDecoder,
} from "./reconciliation-decoder.ts";
export type { FrameRequest, SyndromeMessage, SyndromeRequest } from "./reconciliation-message.ts";
export {
  checkPlan,
  INTERACTIONS,
  type Interaction,
  type PlanOptions,
  plannedDisclosure,
  planReconciliation,
  type ReconciliationPart,
  type ReconciliationPlan,
} from "./reconciliation-plan.ts";
export { ErrorRateProbe, type ProbeMessage, type ProbeRequest, ProbeSource } from "./reconciliation-probe.ts";
export { type SideOptions, SyndromeSource } from "./reconciliation-source.ts";
