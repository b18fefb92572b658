/**
 * Odd-parity pairing of real raw bits: Bob's half, Alice's half, and the two messages between them.
 *
 * In *active* pairing Bob joins every bit of his rarer value with a random bit of the other value; in *random* pairing he
 * groups all bits at random and names the groups that are odd. Either way every named pair is odd at his side. The kept bit
 * of a pair is that of its earlier slot.
 *
 * The draw comes from his private randomness, after all clicks are announced. Active pairing puts the positions of the more
 * frequent value into a uniformly random order and hands them out one by one to those of the rarer value: every injection
 * of the rarer into the more frequent is equally likely, whatever the bits were and wherever they stand. A set of pairs is
 * then drawn with the same probability whichever member of each pair is the 0, because every way to put a 0 and a 1 into
 * each pair leaves as many zeros and ones, and one injection belongs to it.
 *
 * The message is that set and nothing else: pairs **in order of their earlier slots, earlier slot first**, an order in
 * which Bob's values have no part. So it is independent of the bits that the pairs keep. Alice answers which pairs are odd
 * at her side too; the others are dropped.
 *
 * @module
 */
import { type Bits, byteLength, weight } from "../bits.ts";
import { TwincombError } from "../errors.ts";
import type { PackedBits } from "../kernels/packed-bits.ts";
import { type DrawnPairs, PositionPairing } from "../kernels/position-pairing.ts";
import type { PairingCounts } from "../protocol/counts.ts";
import type { PairingKind } from "../protocol/pairing.ts";
import { PURPOSE } from "../random.ts";
import type { PrivateRandomness } from "./randomness.ts";

/** Bob to Alice: the pairs that are odd at his side. */
export interface PairsMessage {
  /** Raw bits that were there to be paired. */
  readonly bits: number;
  /** How many of them are 0 at Bob's side. */
  readonly zeros: number;
  /** Bit i is 1 when raw bit i is the earlier of a pair. */
  readonly earlier: Uint8Array;
  /** For each pair, in order of its earlier bit: the position of its later bit, four little-endian bytes. */
  readonly later: Uint8Array;
}

/** Alice to Bob: which of his pairs are odd at her side too. */
export interface OddPairsMessage {
  /** Number of such pairs. */
  readonly kept: number;
  /** Bit k is 1 when pair k is odd. */
  readonly odd: Uint8Array;
}

/**
 * Bob draws the pairs.
 *
 * @param raw - his raw key
 * @param kind - active or random pairing
 * @param randomness - his private randomness
 * @param announce - sends the message, whose byte strings are valid until it returns
 * @returns what `announce` returned
 */
export async function drawPairs<Result>(
  raw: Bits,
  kind: PairingKind,
  randomness: PrivateRandomness,
  announce: (message: PairsMessage) => Result,
): Promise<Result> {
  const random = (length: number) => randomness.bytes(PURPOSE.pairing, length);
  const use = ({ zeros, earlier, later }: DrawnPairs) => announce({ bits: raw.bits, zeros, earlier, later });
  // The most memory that a session needs; nobody else shall keep it.
  using core = await PositionPairing.load();
  return await (kind === "active" ? core.joinActive(raw, random, use) : core.joinRandom(raw, random, use));
}

/**
 * Alice reads the announced pairs and tells which are odd at her side.
 *
 * @param raw - her raw key
 * @param message - what Bob announced
 * @returns what she announces
 * @throws {@link TwincombError} `protocol` when the message does not name disjoint pairs of her bits
 */
export async function answerPairs(raw: Bits, message: PairsMessage): Promise<OddPairsMessage> {
  const { bits, zeros, earlier, later } = message;
  const wrong = (why: string): TwincombError => new TwincombError("protocol", `the announced pairs ${why}`);
  if (bits !== raw.bits) throw wrong(`are of ${bits} bits, not of ${raw.bits}`);
  if (!(Number.isSafeInteger(zeros) && zeros >= 0 && zeros <= bits)) throw wrong("count more zeros than bits");
  using core = await PositionPairing.load();
  const odd = core.parities(raw, { pairs: pairsIn(message), earlier, later });
  if (odd === null) throw wrong("are not disjoint, each with its earlier bit first");
  return { kept: weight(odd), odd };
}

/**
 * Either user keeps the earlier bit of every pair that is odd on both sides.
 *
 * @param strings - the core
 * @param raw - the user's raw key
 * @param message - Bob's pairs
 * @param answer - Alice's answer
 * @returns the paired key, in the order of earlier slots
 * @throws {@link TwincombError} `protocol` when the answer does not fit the pairs
 */
export function keepEarlier(strings: PackedBits, raw: Bits, message: PairsMessage, answer: OddPairsMessage): Bits {
  const pairs = pairsIn(message);
  const unused = (answer.odd.at(-1) ?? 0) >> (pairs % 8 || 8);
  if (answer.odd.length !== byteLength(pairs) || unused !== 0) {
    throw new TwincombError("protocol", "the answer to the announced pairs has the wrong length");
  }
  const [firsts] = strings.select([raw.key] as const, message.earlier);
  const [kept] = strings.select([firsts.key] as const, answer.odd);
  if (kept.bits !== answer.kept) {
    throw new TwincombError("protocol", "the answer to the announced pairs counts its odd pairs wrongly");
  }
  return kept;
}

/**
 * The public numbers of a pairing, as the key length needs them.
 *
 * @param message - Bob's announcement
 * @param answer - Alice's answer
 * @returns zeros, ones, pairs, kept
 */
export function pairingCounts(message: PairsMessage, answer: OddPairsMessage): PairingCounts {
  return {
    zeros: message.zeros,
    ones: message.bits - message.zeros,
    pairs: pairsIn(message),
    kept: answer.kept,
  };
}

function pairsIn({ later }: PairsMessage): number {
  return later.length / 4;
}
