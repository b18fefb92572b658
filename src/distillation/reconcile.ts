/**
 * Both halves of reconciliation in one process, for somebody who holds both keys: error correction, verification, and
 * the bill of what was disclosed.
 *
 * @module
 */
import { hammingDistance } from "../bits.ts";
import { invalid } from "../errors.ts";
import { binaryEntropy } from "../protocol/special.ts";
import { PURPOSE } from "../random.ts";
import { cutSample, samplingProbability } from "./error-sample.ts";
import type { Bits } from "./pairing.ts";
import { type PrivateRandomness, secureRandomness } from "./randomness.ts";
import { type PlanOptions, planReconciliation, SyndromeDecoder, SyndromeSource } from "./reconciliation.ts";
import { VERIFICATION_KEY_BYTES, VERIFICATION_TAG_BITS, verificationTag } from "./verification.ts";

/** How two keys are reconciled. */
export interface ReconcileOptions extends PlanOptions {
  /** Expected error rate; without it a disclosed sample of the keys tells, and is removed from them. */
  readonly qber?: number;
  /** Share of the bits in that sample; 1/64 unless told. */
  readonly sampleFraction?: number;
  /** Source of the sample's choice and of the verification hash; the operating system unless told. */
  readonly randomness?: PrivateRandomness;
  /** Cancels the work. */
  readonly signal?: AbortSignal;
  /** Told the share of frames that is done. */
  readonly onProgress?: (fraction: number) => void;
}

/** What came of it. */
export interface Reconciled {
  /** Length of the reconciled key, the sample left out. */
  readonly bits: number;
  /** Bob's key after correction, equal to `alice` when verified; empty otherwise. */
  readonly corrected: Uint8Array;
  /** Alice's key, the sample left out. */
  readonly alice: Uint8Array;
  /** Error rate that was planned for. */
  readonly plannedQber: number;
  /** Share of bits that were corrected. */
  readonly qber: number;
  /** Syndromes, revealed bits and the tag; the sample is not in it, since it is no longer in the key. */
  readonly leakedBits: number;
  /** Bits given up as a sample. */
  readonly sampledBits: number;
  /** `(leakedBits - tag) / (bits h(qber))`; null without errors. */
  readonly efficiency: number | null;
  /** Share of frames that the first message did not correct. */
  readonly frameErrorRate: number;
  /** Whether a universal hash found both keys equal. */
  readonly verified: boolean;
}

const DEFAULT_SAMPLE = 1 / 64;
/** Fewer sampled bits than this tell next to nothing. */
const LEAST_SAMPLE = 256;

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
  const { mine, his, qber, sampledBits } = estimated(alice, bob, options, randomness);
  const plan = planReconciliation(mine.bits, qber, options);
  using source = await SyndromeSource.create(plan, mine.key);
  using decoder = await SyndromeDecoder.create(plan, his.key);
  const control = {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  };
  let message = source.first();
  let disclosed = message.disclosedBits;
  let request = await decoder.receive(message, control);
  const failedFrames = request?.frames.length ?? 0;
  while (request !== null) {
    message = source.more(request);
    disclosed += message.disclosedBits;
    request = await decoder.receive(message, control);
  }
  const corrected = decoder.corrected();
  const hashKey = randomness.bytes(PURPOSE.verification, VERIFICATION_KEY_BYTES);
  const verified = hammingDistance(verificationTag(hashKey, mine.key), verificationTag(hashKey, corrected)) === 0;
  const errors = hammingDistance(corrected, his.key);
  const rate = mine.bits > 0 ? errors / mine.bits : 0;
  if (!verified) corrected.fill(0);
  return {
    bits: mine.bits,
    corrected: verified ? corrected : new Uint8Array(),
    alice: mine.key,
    plannedQber: qber,
    qber: rate,
    leakedBits: disclosed + VERIFICATION_TAG_BITS,
    sampledBits,
    efficiency: rate > 0 && rate < 1 ? disclosed / (mine.bits * binaryEntropy(rate)) : null,
    frameErrorRate: plan.frames > 0 ? failedFrames / plan.frames : 0,
    verified,
  };
}

/** The keys to reconcile and the error rate to plan for: given, or learnt from bits that both give up. */
function estimated(
  alice: Bits,
  bob: Bits,
  options: ReconcileOptions,
  randomness: PrivateRandomness,
): { mine: Bits; his: Bits; qber: number; sampledBits: number } {
  if (options.qber !== undefined || alice.bits === 0) {
    return { mine: alice, his: bob, qber: options.qber ?? 0, sampledBits: 0 };
  }
  const share = Math.max(options.sampleFraction ?? DEFAULT_SAMPLE, Math.min(0.5, LEAST_SAMPLE / alice.bits));
  const choice = new DataView(randomness.bytes(PURPOSE.errorSample, 8).buffer);
  const key = [choice.getUint32(0, true), choice.getUint32(4, true)] as const;
  const [mine, his] = [alice, bob].map((side) => cutSample(side, key, samplingProbability(share))) as [
    ReturnType<typeof cutSample>,
    ReturnType<typeof cutSample>,
  ];
  const sampledBits = mine.sample.bits;
  const errors = hammingDistance(mine.sample.key, his.sample.key);
  // No error in the sample does not mean none in the key.
  const qber = Math.min(0.5, Math.max(errors, 1) / Math.max(sampledBits, 1));
  return { mine: mine.kept, his: his.kept, qber, sampledBits };
}
