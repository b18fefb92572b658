/**
 * What both users' stories share: how they end, and the last steps that must be equal on both sides.
 *
 * @module
 */
import { byteLength } from "../bits.ts";
import { ToeplitzHash } from "../kernels/toeplitz.ts";
import { AUTHENTICATION_TAG_BITS } from "./authentication.ts";
import { type Endpoint, NoKey } from "./channel.ts";
import type { Findings, SecretKey, UserOutcome } from "./terms.ts";

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
 * Key bits spent on authentication: the one-time pad of every tag.
 *
 * @param messages - authenticated messages of the whole conversation
 */
export function authenticationBits(messages: number): number {
  return messages * AUTHENTICATION_TAG_BITS;
}

/**
 * Bytes of seed that amplification of a key needs.
 *
 * @param inputBits - length of the reconciled key
 * @param outputBits - length of the secret key
 */
export function amplificationSeedBytes(inputBits: number, outputBits: number): number {
  return byteLength(ToeplitzHash.seedBits(inputBits, outputBits, "modified"));
}

/**
 * Privacy amplification by a modified Toeplitz matrix over the whole block.
 *
 * @param reconciled - the verified key
 * @param outputBits - length of the secret key, less than that of the reconciled one
 * @param seed - public seed of the matrix
 * @returns the secret key
 */
export async function amplify(
  reconciled: { readonly bits: number; readonly key: Uint8Array },
  outputBits: number,
  seed: Uint8Array,
): Promise<Uint8Array> {
  using hash = await ToeplitzHash.create(seed, { inputBits: reconciled.bits, outputBits, form: "modified" });
  return hash.hash(reconciled.key);
}
