/**
 * Privacy amplification: a reconciled key, part of which others may know, becomes a shorter one that they do not.
 *
 * By the leftover hash lemma a two-universal hash of m bits of a key with smooth min-entropy H is within
 * $\epsilon+\tfrac12 2^{-(H-m)/2}$ of a uniform secret (Renner, arXiv:quant-ph/0512258, corollary 5.6.1). The seed may
 * be public, but must be drawn when the key is settled.
 *
 * @module
 */
import { invalid } from "../errors.ts";
import { type ToeplitzForm, ToeplitzHash, toeplitzHash } from "../kernels/toeplitz.ts";
import { type AmplificationSeed, SecureSeed, SimulationSeed } from "./seeds.ts";

/** A key out of privacy amplification. */
export interface AmplifiedKey<Simulated extends boolean = boolean> {
  /** Length of the key, **bits**. */
  readonly bits: number;
  /** The key, bit-packed, unused bits 0. */
  readonly key: Uint8Array;
  /** True when a simulation's seed made it: the key is no secret. */
  readonly simulated: Simulated;
}

/** What to hash, and to what length. */
export interface AmplificationOptions {
  /** Length of the reconciled key, **bits**. */
  readonly inputBits: number;
  /** Length of the secret key, **bits**. */
  readonly outputBits: number;
  /** Which matrix, `plain` unless told; `modified` needs the shorter seed and less time. */
  readonly form?: ToeplitzForm;
}

/**
 * Hashes a reconciled key to a secret one.
 *
 * @param key - the reconciled key, bit-packed
 * @param seed - the seed; its kind decides whether the result counts as simulated
 * @param options - lengths and form
 * @returns the secret key
 * @throws {@link TwincombError} `invalid-input` when a length does not fit or the seed is of neither kind
 */
export async function amplifyKey<Seed extends AmplificationSeed>(
  key: Uint8Array,
  seed: Seed,
  options: AmplificationOptions,
): Promise<AmplifiedKey<Seed["simulated"]>> {
  if (!SecureSeed.is(seed) && !SimulationSeed.is(seed)) {
    throw invalid("seed", seed, "a SecureSeed or a SimulationSeed");
  }
  const form = options.form ?? "plain";
  const bits = ToeplitzHash.seedBits(options.inputBits, options.outputBits, form);
  if (seed.bits !== bits) throw invalid("seed", `${seed.bits} bits`, `${bits} bits`);
  const hash = await toeplitzHash(seed.bytes, key, { ...options, form });
  return { bits: options.outputBits, key: hash, simulated: seed.simulated };
}
