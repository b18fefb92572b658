/**
 * Wegman-Carter authentication of the public channel.
 *
 * Both users share a hash key and a supply of one-time pads. The tag of the k-th message of their conversation is its
 * polynomial hash, cut to 64 bits, plus the k-th pad. The pads hide every hash, so the hash key may stay in use; an
 * adversary who has seen a message with its tag and puts any other message of at most n bits in its place succeeds with
 * probability at most $(\lceil n/128\rceil+1)2^{-64}$, see {@link collisionBound} (Krawczyk, CRYPTO '94,
 * doi:10.1007/3-540-48658-5_15, theorem 5). Each message costs 64 bits of shared secret.
 *
 * @module
 */
import { invalid, TwincombError } from "../errors.ts";
import { collisionBound, POLYNOMIAL_KEY_BYTES, polynomialTag } from "../kernels/universal-hash.ts";
import { type PhiloxKey, PhiloxStream, PURPOSE } from "../random.ts";
import type { Authenticator } from "./channel.ts";

/** Length of a tag, and of the pad it uses up, **bits**. */
export const AUTHENTICATION_TAG_BITS = 64;

/** Length of the hash key that both users share, **bytes**. */
export const AUTHENTICATION_KEY_BYTES: number = POLYNOMIAL_KEY_BYTES;

const TAG_BYTES = AUTHENTICATION_TAG_BITS / 8;

/**
 * The tag of one message.
 *
 * @param hashKey - shared secret hash key of {@link AUTHENTICATION_KEY_BYTES} bytes
 * @param pad - shared secret pad of 8 bytes, never used before or again
 * @param message - the message
 * @returns 8 bytes
 * @throws {@link TwincombError} `invalid-input` when a secret has another length
 */
export function authenticationTag(hashKey: Uint8Array, pad: Uint8Array, message: Uint8Array): Uint8Array<ArrayBuffer> {
  if (pad.length !== TAG_BYTES) throw invalid("pad", `${pad.length} bytes`, `${TAG_BYTES} bytes`);
  const tag = polynomialTag(hashKey, message, AUTHENTICATION_TAG_BITS);
  for (let i = 0; i < TAG_BYTES; i++) tag[i]! ^= pad[i]!;
  return tag;
}

/**
 * Largest probability that one forged message is taken for authentic.
 *
 * @param messageBits - length of the longest message, **bits**
 * @returns the probability
 */
export function forgeryProbability(messageBits: number): number {
  return collisionBound(messageBits, AUTHENTICATION_TAG_BITS);
}

/**
 * A user's side of an authenticated channel. Signing and verifying take one pad each, in the order of the conversation,
 * which is the same on both sides; a message that is left out, repeated or turned back meets another pad and fails.
 */
export class WegmanCarterAuthenticator implements Authenticator {
  /** True when a seed decides the secrets: nothing is authenticated by them but the simulation itself. */
  readonly simulated: boolean;
  readonly #hashKey: Uint8Array;
  readonly #nextPad: () => Uint8Array;

  /**
   * @param hashKey - shared secret hash key of {@link AUTHENTICATION_KEY_BYTES} bytes
   * @param nextPad - gives the next pad of 8 bytes
   * @param simulated - whether a seed decides the secrets
   */
  constructor(hashKey: Uint8Array, nextPad: () => Uint8Array, simulated: boolean) {
    this.#hashKey = hashKey;
    this.#nextPad = nextPad;
    this.simulated = simulated;
  }

  /** The tag of the next message. */
  sign(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    return authenticationTag(this.#hashKey, this.#nextPad(), bytes);
  }

  /** Whether this is the tag of the next message. Takes as long for every wrong tag of the right length. */
  verify(bytes: Uint8Array, tag: Uint8Array): boolean {
    const expected = authenticationTag(this.#hashKey, this.#nextPad(), bytes);
    if (tag.length !== TAG_BYTES) return false;
    let difference = 0;
    for (let i = 0; i < TAG_BYTES; i++) difference |= expected[i]! ^ tag[i]!;
    return difference === 0;
  }
}

/**
 * Authentication by a pre-shared secret: the hash key, then 8 bytes for each message of the conversation.
 *
 * @param secret - bytes that only both users know, used for nothing else
 * @returns one user's authenticator; it throws `protocol` when the pads are used up
 * @throws {@link TwincombError} `invalid-input` when the secret does not hold a hash key
 */
export function sharedAuthenticator(secret: Uint8Array): WegmanCarterAuthenticator {
  if (secret.length < AUTHENTICATION_KEY_BYTES) {
    throw invalid("secret", `${secret.length} bytes`, "a hash key of 16 bytes and 8 bytes for each message");
  }
  let used = AUTHENTICATION_KEY_BYTES;
  const nextPad = () => {
    if (used + TAG_BYTES > secret.length) {
      throw new TwincombError("protocol", "the shared secret holds no further pad for authentication", {
        parameter: "secret",
        value: `${secret.length} bytes`,
        expected: `at least ${used + TAG_BYTES} bytes`,
      });
    }
    used += TAG_BYTES;
    return secret.subarray(used - TAG_BYTES, used);
  };
  return new WegmanCarterAuthenticator(secret.slice(0, AUTHENTICATION_KEY_BYTES), nextPad, false);
}

/**
 * Authentication within a simulation, its secrets drawn from the seed.
 *
 * @param key - Philox key of the seed
 * @param link - number of the pair
 * @returns one user's authenticator; both users' start in the same state
 */
export function simulatedAuthenticator(key: PhiloxKey, link: number): WegmanCarterAuthenticator {
  const stream = new PhiloxStream(key, PURPOSE.authentication, link);
  const hashKey = stream.fill(new Uint8Array(AUTHENTICATION_KEY_BYTES));
  return new WegmanCarterAuthenticator(hashKey, () => stream.fill(new Uint8Array(TAG_BYTES)), true);
}
