/**
 * Verification: do both sides hold the same key after error correction?
 *
 * One side draws a hash key, only now, and announces it with the hash of her key; the other compares. Different keys of
 * n bits pass with probability at most $(\lceil n/128\rceil+1)2^{-64}$, see {@link collisionBound}: below 1e-12 up to
 * 2e9 bits. The 64 bits of the tag become known to everyone and count as disclosed.
 *
 * @module
 */
import { collisionBound, POLYNOMIAL_KEY_BYTES, polynomialTag } from "../kernels/universal-hash.ts";

/** Length of a hash key of verification, **bytes**. It is public and costs no secret bits. */
export const VERIFICATION_KEY_BYTES: number = POLYNOMIAL_KEY_BYTES;

/** Length of a verification tag, **bits**; all of it is disclosed. */
export const VERIFICATION_TAG_BITS = 64;

/**
 * The tag of a key.
 *
 * @param hashKey - {@link VERIFICATION_KEY_BYTES} random bytes, drawn after error correction
 * @param key - the key, bit-packed
 * @returns {@link VERIFICATION_TAG_BITS} bits
 * @throws {@link TwincombError} `invalid-input` when the hash key has another length
 */
export function verificationTag(hashKey: Uint8Array, key: Uint8Array): Uint8Array<ArrayBuffer> {
  return polynomialTag(hashKey, key, VERIFICATION_TAG_BITS);
}

/**
 * Largest probability that different keys pass verification.
 *
 * @param keyBits - length of the keys, **bits**
 * @returns the probability
 */
export function verificationFailureProbability(keyBits: number): number {
  return collisionBound(keyBits, VERIFICATION_TAG_BITS);
}
