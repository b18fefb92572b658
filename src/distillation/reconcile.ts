/**
 * Both halves of reconciliation in one process, for somebody who holds both keys: error correction, verification, and
 * the bill of what was disclosed.
 *
 * @module
 */
import { type Bits, hammingDistance } from "../bits.ts";
import { invalid } from "../errors.ts";
import { binaryEntropy } from "../protocol/special.ts";
import { PURPOSE } from "../random.ts";
import { type PrivateRandomness, secureRandomness } from "./randomness.ts";
import {
  ErrorRateProbe,
  type PlanOptions,
  ProbeSource,
  planReconciliation,
  SyndromeDecoder,
  SyndromeSource,
} from "./reconciliation.ts";
import { VERIFICATION_KEY_BYTES, VERIFICATION_TAG_BITS, verificationTag } from "./verification.ts";

/** How two keys are reconciled. */
export interface ReconcileOptions extends PlanOptions {
  /** Expected error rate; without it disclosed parities tell, which are counted in the leak. */
  readonly qber?: number;
  /** Source of the verification hash; the operating system unless told. */
  readonly randomness?: PrivateRandomness;
  /** Cancels the work. */
  readonly signal?: AbortSignal;
  /** Told the share of frames that is done. */
  readonly onProgress?: (fraction: number) => void;
}

/** What came of it. */
export interface Reconciled {
  /** Length of the reconciled key. */
  readonly bits: number;
  /** Bob's key after correction, equal to `alice` when verified; empty otherwise. */
  readonly corrected: Uint8Array;
  /** Error rate that was planned for. */
  readonly plannedQber: number;
  /** Share of bits that were corrected. */
  readonly qber: number;
  /** Parities that told the error rate, syndromes, revealed bits and the tag. */
  readonly leakedBits: number;
  /** `(leakedBits - tag) / (bits h(qber))`; null without errors. */
  readonly efficiency: number | null;
  /** Share of frames that the first message did not correct. */
  readonly frameErrorRate: number;
  /** Messages from Alice, of syndromes and of what Bob asked for. */
  readonly messages: number;
  /** Whether a universal hash found both keys equal. */
  readonly verified: boolean;
}

/**
 * Corrects Bob's key to Alice's.
 *
 * @param alice - Alice's key
 * @param bob - Bob's key, of the same length
 * @param options - error rate or sample, frames, randomness
 * @returns the corrected key and what it cost
 * @throws {@link TwincombError} `invalid-input` when the keys do not fit each other
 */
export async function reconcile(alice: Bits, bob: Bits, options: ReconcileOptions = {}): Promise<Reconciled> {
  if (alice.bits !== bob.bits) throw invalid("bob.bits", bob.bits, `as many bits as Alice's key (${alice.bits})`);
  const randomness = options.randomness ?? secureRandomness();
  const expected = options.qber === undefined ? probed(alice, bob) : { qber: options.qber, disclosedBits: 0 };
  const plan = planReconciliation(alice.bits, expected.qber, options);
  using source = await SyndromeSource.create(plan, alice.key);
  using decoder = await SyndromeDecoder.create(plan, bob.key);
  const control = {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  };
  let message = source.first();
  let disclosed = expected.disclosedBits + message.disclosedBits;
  let request = await decoder.receive(message, control);
  const failedFrames = request?.frames.length ?? 0;
  while (request !== null) {
    message = source.more(request);
    disclosed += message.disclosedBits;
    request = await decoder.receive(message, control);
  }
  const corrected = decoder.corrected();
  const hashKey = await randomness.bytes(PURPOSE.verification, VERIFICATION_KEY_BYTES);
  const verified = hammingDistance(verificationTag(hashKey, alice.key), verificationTag(hashKey, corrected)) === 0;
  const errors = hammingDistance(corrected, bob.key);
  const rate = alice.bits > 0 ? errors / alice.bits : 0;
  if (!verified) corrected.fill(0);
  return {
    bits: alice.bits,
    corrected: verified ? corrected : new Uint8Array(),
    plannedQber: expected.qber,
    qber: rate,
    leakedBits: disclosed + VERIFICATION_TAG_BITS,
    efficiency: rate > 0 && rate < 1 ? disclosed / (alice.bits * binaryEntropy(rate)) : null,
    frameErrorRate: plan.frames > 0 ? failedFrames / plan.frames : 0,
    messages: 1 + decoder.statistics.requests,
    verified,
  };
}

/** The error rate, from parities that Alice discloses and Bob compares. */
function probed(alice: Bits, bob: Bits): { qber: number; disclosedBits: number } {
  const source = new ProbeSource(alice.bits, alice.key);
  const probe = new ErrorRateProbe(bob.bits, bob.key);
  for (let request = probe.next(); request !== null; request = probe.next()) probe.receive(source.answer(request));
  return { qber: probe.qber, disclosedBits: probe.disclosedBits };
}
