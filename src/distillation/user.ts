/**
 * What both users' stories share: how they end, and the last steps that must be equal on both sides.
 *
 * @module
 */
import { type Bits, byteLength } from "../bits.ts";
import { inRange } from "../errors.ts";
import { ToeplitzHash } from "../kernels/toeplitz.ts";
import type { ObservedCounts } from "../protocol/counts.ts";
import { type KeyLength, keyLength } from "../protocol/key-length.ts";
import { contradiction } from "../protocol/plausibility.ts";
import { PURPOSE } from "../random.ts";
import { AUTHENTICATION_TAG_BITS, forgeryProbability } from "./authentication.ts";
import { type Endpoint, NoKey } from "./channel.ts";
import type { PrivateRandomness } from "./randomness.ts";
import type { Findings, SecretKey, Terms, UserOutcome } from "./terms.ts";
import { VERIFICATION_TAG_BITS, verificationFailureProbability } from "./verification.ts";

/**
 * Runs a user's story to its end, with or without a key.
 *
 * A user who gives up tells the other side; one who hears of it ends in the same way. Errors of any other kind pass.
 *
 * @param channel - the user's end of the channel
 * @param story - the steps; they note what they find out as they go
 */
export async function concluding(
  channel: Endpoint,
  story: (findings: { -readonly [Finding in keyof Findings]: Findings[Finding] }) => Promise<SecretKey>,
): Promise<UserOutcome> {
  const findings: Findings = { counts: null, length: null, reconciliation: null };
  try {
    const key = await story(findings);
    return { status: "key", ...key, ...findings };
  } catch (error) {
    if (!(error instanceof NoKey)) throw error;
    if (!error.heard) channel.send({ type: "no-key", reason: error.message });
    return { status: "no-key", reason: error.message, ...findings };
  }
}

/**
 * Gives up where the counts are none that the declared light can give: bounds made of them would be worth nothing.
 *
 * @param counts - announced counts
 * @param terms - the public agreement
 * @throws {@link NoKey} naming the contradiction
 */
export function checkCounts(counts: ObservedCounts, terms: Terms): void {
  const found = contradiction(counts, terms.failureProbability);
  if (found !== undefined) throw new NoKey(found);
}

/**
 * The bounds that the counts give before anything is disclosed.
 *
 * @param counts - announced counts, with the sample or with the numbers of pairs
 * @param terms - the public agreement
 */
export function boundsOf(counts: ObservedCounts, { failureProbability, pairing }: Terms): KeyLength {
  return keyLength(counts, { failureProbability, pairing, leak: { disclosedBits: 0 } });
}

/** What is known of the conversation when the length of the key is fixed. */
export interface Conversation {
  /** Bits that were reconciled. */
  readonly bits: number;
  /** What error correction disclosed. */
  readonly disclosedBits: number;
  /** Authenticated messages, the announcement of the hash included. */
  readonly messages: number;
  /** Length of the longest message so far, bytes. */
  readonly longestMessage: number;
}

/** The announcement of the hash is a seed as long as the key and less than this, bytes. */
const ANNOUNCEMENT_OVERHEAD = 1024;

/**
 * The length of the key when everything that was disclosed is paid for and every failure probability is counted.
 *
 * @param counts - announced counts
 * @param terms - the public agreement
 * @param conversation - what was said
 * @throws {@link TwincombError} `invalid-input` when the verification tag is too short for the agreed probability
 */
export function finalLength(counts: ObservedCounts, terms: Terms, conversation: Conversation): KeyLength {
  const { failureProbability, pairing } = terms;
  const { bits, disclosedBits, messages } = conversation;
  const longest = Math.max(conversation.longestMessage, byteLength(bits) + ANNOUNCEMENT_OVERHEAD);
  inRange("failureProbability", failureProbability, verificationFailureProbability(bits), 1);
  return keyLength(counts, {
    failureProbability,
    pairing,
    leak: { disclosedBits },
    verificationTagBits: VERIFICATION_TAG_BITS,
    authenticationBits: messages * AUTHENTICATION_TAG_BITS,
    forgeryProbability: Math.min(1, messages * forgeryProbability(8 * longest)),
  });
}

/**
 * Privacy amplification by a modified Toeplitz matrix over the whole block.
 *
 * @param reconciled - the verified key
 * @param outputBits - length of the secret key, less than that of the reconciled one
 * @param seed - public seed of the matrix
 * @returns the secret key
 */
export async function amplify(reconciled: Bits, outputBits: number, seed: Uint8Array): Promise<Uint8Array> {
  using hash = await ToeplitzHash.create(seed, { inputBits: reconciled.bits, outputBits, form: "modified" });
  return hash.hash(reconciled.key);
}

/**
 * Draws the seed of the amplification hash.
 *
 * @param randomness - Alice's
 * @param inputBits - length of the reconciled key
 * @param outputBits - length of the secret key
 */
export async function drawSeed(
  randomness: PrivateRandomness,
  inputBits: number,
  outputBits: number,
): Promise<Uint8Array> {
  const bits = ToeplitzHash.seedBits(inputBits, outputBits, "modified");
  const seed = await randomness.bytes(PURPOSE.amplification, byteLength(bits));
  if (bits % 8 !== 0) seed[seed.length - 1]! &= (1 << (bits % 8)) - 1;
  return seed;
}
