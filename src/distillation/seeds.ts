/**
 * Seeds of the amplification hash, of two kinds that the type system keeps apart: drawn from the operating system for
 * keys that are meant to be secret, or from a simulation's seed for keys that only show how long they would be.
 *
 * @module
 */
import { byteLength } from "../bits.ts";
import { invalid, wholeInRange } from "../errors.ts";
import { type PhiloxKey, PhiloxStream, type Purpose } from "../random.ts";

/** Most bytes that `crypto.getRandomValues` gives at once. */
const QUOTA = 65_536;

/** Bits of a seed with unused ones cleared. */
class SeedBits {
  /** Number of bits. */
  readonly bits: number;
  /** The bits, packed, unused ones 0. */
  readonly bytes: Uint8Array<ArrayBuffer>;

  protected constructor(bits: number, bytes: Uint8Array<ArrayBuffer>) {
    wholeInRange("bits", bits, 1);
    if (bytes.length !== byteLength(bits)) {
      throw invalid("bytes", `${bytes.length} bytes`, `${bits} bits in ${byteLength(bits)} bytes`);
    }
    if (bits % 8 !== 0) bytes[bytes.length - 1]! &= (1 << (bits % 8)) - 1;
    this.bits = bits;
    this.bytes = bytes;
  }
}

/** A seed fit for a real key. */
export class SecureSeed extends SeedBits {
  /** A key made with this seed may be secret. */
  readonly simulated = false;
  /** Makes the class nominal: no other object passes for one. */
  readonly #secure = true;

  /**
   * Draws a seed from the operating system.
   *
   * @param bits - how many bits
   * @returns the seed
   * @throws {@link TwincombError} `invalid-input` when the number is not whole and positive
   */
  static draw(bits: number): SecureSeed {
    wholeInRange("bits", bits, 1);
    const bytes = new Uint8Array(byteLength(bits));
    for (let i = 0; i < bytes.length; i += QUOTA) crypto.getRandomValues(bytes.subarray(i, i + QUOTA));
    return new SecureSeed(bits, bytes);
  }

  /**
   * Takes over a seed from outside, for example from a quantum random number generator or from the other user. The
   * caller vouches for it.
   *
   * @param bytes - the bits, packed; copied
   * @param bits - how many bits
   * @returns the seed
   * @throws {@link TwincombError} `invalid-input` when the lengths do not fit
   */
  static vouchedFor(bytes: Uint8Array, bits: number): SecureSeed {
    return new SecureSeed(bits, Uint8Array.from(bytes));
  }

  /** Whether an object is a seed of this class. */
  static is(seed: object): seed is SecureSeed {
    return #secure in seed;
  }
}

/** A seed that follows from a simulation's own; keys made with it are no secrets. */
export class SimulationSeed extends SeedBits {
  /** A key made with this seed is known to everyone who knows the simulation's seed. */
  readonly simulated = true;
  /** Makes the class nominal. */
  readonly #simulation = true;

  /**
   * Draws a seed from a Philox stream.
   *
   * @param key - Philox key of the simulation's seed
   * @param purpose - what it is for
   * @param link - number of the pair
   * @param bits - how many bits
   * @returns the seed
   * @throws {@link TwincombError} `invalid-input` when the number is not whole and positive
   */
  static draw(key: PhiloxKey, purpose: Purpose, link: number, bits: number): SimulationSeed {
    wholeInRange("bits", bits, 1);
    const bytes = new PhiloxStream(key, purpose, link).fill(new Uint8Array(byteLength(bits)));
    return new SimulationSeed(bits, bytes);
  }

  /** Whether an object is a seed of this class. */
  static is(seed: object): seed is SimulationSeed {
    return #simulation in seed;
  }
}

/** A seed of either kind. */
export type AmplificationSeed = SecureSeed | SimulationSeed;
