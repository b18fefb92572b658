/**
 * A random sample of raw key bits, given up to learn the error rate.
 *
 * Every raw bit is sampled independently with the same probability, decided by a Philox key that Bob draws after the
 * clicks are announced. Being a Bernoulli trial of its own, the choice only scales the probability that a slot makes a
 * key bit, and the concentration bounds of the protocol hold as they stand.
 *
 * @module
 */
import { type Bits, BitWriter, bitAt } from "../bits.ts";
import { type PhiloxKey, PhiloxStream, PURPOSE } from "../random.ts";

/** A raw key cut in two. */
export interface SampledKey {
  /** The bits given up. */
  readonly sample: Bits;
  /** The bits that stay secret, in their old order. */
  readonly kept: Bits;
}

/** Sampling probabilities are multiples of this, so that 16 random bits decide each trial exactly. */
const RESOLUTION = 65_536;

/**
 * The sampling probability that will really be used: the next multiple of 2^-16.
 *
 * @param wanted - the probability asked for, 0 to 1
 */
export function samplingProbability(wanted: number): number {
  return Math.round(wanted * RESOLUTION) / RESOLUTION;
}

/**
 * Cuts a raw key into the sample and the rest. Both users get the same cut.
 *
 * @param raw - the raw key
 * @param choice - Philox key of the choice, announced by Bob
 * @param probability - of a bit to be given up, a multiple of 2^-16
 */
export function cutSample(raw: Bits, choice: PhiloxKey, probability: number): SampledKey {
  const threshold = samplingProbability(probability) * RESOLUTION;
  if (threshold === 0) return { sample: { bits: 0, key: new Uint8Array() }, kept: raw };
  const stream = new PhiloxStream(choice, PURPOSE.errorSample, 0);
  const sample = new BitWriter(Math.ceil(raw.bits * probability * 1.1) + 1024);
  const kept = new BitWriter(raw.bits);
  let word = 0;
  for (let i = 0; i < raw.bits; i++) {
    word = (i & 1) === 0 ? stream.word() : word >>> 16;
    ((word & 0xffff) < threshold ? sample : kept).push(bitAt(raw.key, i));
  }
  return {
    sample: { bits: sample.length, key: sample.packed() },
    kept: { bits: kept.length, key: kept.packed() },
  };
}
