/**
 * A user's private randomness: from the operating system for real keys, from Philox for simulated ones.
 *
 * @module
 */
import { RandomBytes } from "../kernels/random-bytes.ts";
import type { PhiloxKey, Purpose } from "../random.ts";

/** A source of private random bytes. */
export interface PrivateRandomness {
  /** True when a seed decides everything; keys made with it are no secrets. */
  readonly simulated: boolean;
  /**
   * Fresh random bytes.
   *
   * @param purpose - what they are for
   * @param length - how many
   */
  bytes(purpose: Purpose, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Randomness of a simulation, reproducible from its seed.
 *
 * @param key - Philox key of the seed
 * @param link - number of the pair
 */
export function simulatedRandomness(key: PhiloxKey, link: number): PrivateRandomness {
  const streams = new Map<Purpose, Promise<RandomBytes>>();
  return {
    simulated: true,
    async bytes(purpose, length) {
      const stream = streams.get(purpose) ?? RandomBytes.open(key, purpose, link);
      streams.set(purpose, stream);
      return (await stream).fill(new Uint8Array(length));
    },
  };
}

/** Most bytes that `crypto.getRandomValues` gives at once. */
const QUOTA = 65_536;

/** Randomness of the operating system, for keys meant to be used. */
export function secureRandomness(): PrivateRandomness {
  return {
    simulated: false,
    async bytes(_purpose, length) {
      const out = new Uint8Array(length);
      for (let i = 0; i < length; i += QUOTA) crypto.getRandomValues(out.subarray(i, i + QUOTA));
      return out;
    },
  };
}
