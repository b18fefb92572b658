/**
 * Odd-parity pairing of real raw bits: Bob's half, Alice's half, and the two messages between them.
 *
 * In *active* pairing Bob joins every bit of his rarer value with a random bit of the other value; in *random* pairing he
 * groups all bits at random and names the groups that are odd. Either way every named pair is odd at his side. He names a
 * pair by its two slots, **earlier first, and pairs in order of their earlier slot**: an order that could tell which of the two
 * is his 0 never exists in the message. The draw comes from his private randomness, after all clicks are announced, and gives
 * the same probability to a set of pairs whichever member of each pair is the 0; so the message is independent of the bit that
 * a pair keeps, which is the earlier one's. Alice answers which pairs are odd at her side too; the others are dropped.
 *
 * @module
 */
import { BitWriter, bitAt, byteLength } from "../bits.ts";
import { TwincombError } from "../errors.ts";
import type { PairingCounts } from "../protocol/counts.ts";
import type { PairingKind } from "../protocol/pairing.ts";
import { PURPOSE } from "../random.ts";
import type { PrivateRandomness } from "./randomness.ts";

/** A key of known length. */
export interface Bits {
  /** Number of bits. */
  readonly bits: number;
  /** The bits, packed. */
  readonly key: Uint8Array;
}

/** Bob to Alice: the pairs that are odd at his side. */
export interface PairsMessage {
  /** Raw bits that were there to be paired. */
  readonly bits: number;
  /** How many of them are 0 at Bob's side. */
  readonly zeros: number;
  /** Bit i is 1 when raw bit i is the earlier of a pair. */
  readonly earlier: Uint8Array;
  /** Bit i is 1 when raw bit i is the later of a pair. */
  readonly later: Uint8Array;
  /** For each pair, in order of its earlier bit: the rank of its later bit among all later bits, four little-endian bytes. */
  readonly partners: Uint8Array;
}

/** Alice to Bob: which of his pairs are odd at her side too. */
export interface OddPairsMessage {
  /** Number of such pairs. */
  readonly kept: number;
  /** Bit k is 1 when pair k is odd. */
  readonly odd: Uint8Array;
}

/** Pairs of positions, `earlier[k] < later[k]`, ascending in `earlier`. */
export interface Pairs {
  /** Position of the earlier bit of each pair. */
  readonly earlier: Uint32Array;
  /** Position of the later bit of each pair. */
  readonly later: Uint32Array;
}

/** Marks a position without partner. */
const ALONE = 0xffff_ffff;
/** Most random bytes drawn at once. */
const DRAW_BYTES = 32_768;

/** Whole numbers below a bound from private random bytes, without bias. */
class Dice {
  readonly #randomness: PrivateRandomness;
  readonly #bytes: number;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #next = 0;

  /**
   * @param randomness - where the bytes come from
   * @param expected - numbers that will be drawn, but for the few that are drawn again
   */
  constructor(randomness: PrivateRandomness, expected: number) {
    this.#randomness = randomness;
    this.#bytes = Math.min(DRAW_BYTES, 4 * Math.max(1, expected));
  }

  /** A number in [0, bound). */
  below(bound: number): number {
    // Words above the largest multiple of the bound are drawn again.
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      if (this.#next === this.#view.byteLength) {
        this.#view = new DataView(this.#randomness.bytes(PURPOSE.pairing, this.#bytes).buffer);
        this.#next = 0;
      }
      const word = this.#view.getUint32(this.#next, true);
      this.#next += 4;
      if (word < limit) return word % bound;
    }
  }

  /** Brings `count` randomly chosen entries, in random order, to the front. */
  shuffle(entries: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const j = i + this.below(entries.length - i);
      const entry = entries[i]!;
      entries[i] = entries[j]!;
      entries[j] = entry;
    }
  }
}

/** Positions of the bits of one value. */
function positionsOf(raw: Bits, value: number, count: number): Uint32Array {
  const positions = new Uint32Array(count);
  let next = 0;
  for (let i = 0; i < raw.bits; i++) if (bitAt(raw.key, i) === value) positions[next++] = i;
  return positions;
}

/** `partner[i]` = position paired with i, or {@link ALONE}. */
function draw(raw: Bits, zeros: number, kind: PairingKind, dice: Dice): Uint32Array {
  const partner = new Uint32Array(raw.bits).fill(ALONE);
  const join = (a: number, b: number): void => {
    partner[a] = b;
    partner[b] = a;
  };
  if (kind === "random") {
    const order = Uint32Array.from({ length: raw.bits }, (_, i) => i);
    const even = raw.bits - (raw.bits % 2);
    dice.shuffle(order, even);
    for (let i = 0; i < even; i += 2) {
      const [a, b] = [order[i]!, order[i + 1]!];
      if (bitAt(raw.key, a) !== bitAt(raw.key, b)) join(a, b);
    }
    return partner;
  }
  const [rare, many] =
    2 * zeros <= raw.bits
      ? [positionsOf(raw, 0, zeros), positionsOf(raw, 1, raw.bits - zeros)]
      : [positionsOf(raw, 1, raw.bits - zeros), positionsOf(raw, 0, zeros)];
  dice.shuffle(many, rare.length);
  for (let k = 0; k < rare.length; k++) join(rare[k]!, many[k]!);
  return partner;
}

/**
 * Bob draws the pairs.
 *
 * @param raw - his raw key
 * @param kind - active or random pairing
 * @param randomness - his private randomness
 * @returns what he announces
 */
export function drawPairs(raw: Bits, kind: PairingKind, randomness: PrivateRandomness): PairsMessage {
  let zeros = 0;
  for (let i = 0; i < raw.bits; i++) zeros += 1 - bitAt(raw.key, i);
  const partner = draw(
    raw,
    zeros,
    kind,
    new Dice(randomness, kind === "random" ? raw.bits : Math.min(zeros, raw.bits - zeros)),
  );
  const earlier = new Uint8Array(byteLength(raw.bits));
  const later = new Uint8Array(byteLength(raw.bits));
  // Ranks of later bits overwrite their partners once these have been read.
  let pairs = 0;
  let ranks = 0;
  for (let i = 0; i < raw.bits; i++) {
    const other = partner[i]!;
    if (other === ALONE) continue;
    if (other > i) {
      earlier[i >>> 3]! |= 1 << (i & 7);
      pairs++;
    } else {
      later[i >>> 3]! |= 1 << (i & 7);
      partner[i] = ranks++;
    }
  }
  const partners = new Uint8Array(4 * pairs);
  const view = new DataView(partners.buffer);
  let k = 0;
  for (let i = 0; i < raw.bits; i++) {
    if (bitAt(earlier, i) === 0) continue;
    view.setUint32(4 * k++, partner[partner[i]!]!, true);
  }
  return { bits: raw.bits, zeros, earlier, later, partners };
}

/**
 * Reads announced pairs and refuses what is no set of disjoint pairs.
 *
 * @param message - what Bob announced
 * @returns positions, earlier and later
 * @throws {@link TwincombError} `protocol` when the message is not of that form
 */
export function readPairs(message: PairsMessage): Pairs {
  const wrong = (why: string): TwincombError => new TwincombError("protocol", `the announced pairs ${why}`);
  const { bits, zeros, earlier: first, later: second, partners } = message;
  const bytes = byteLength(bits);
  if (first.length !== bytes || second.length !== bytes || partners.length % 4 !== 0)
    throw wrong("have the wrong length");
  if (!(Number.isSafeInteger(zeros) && zeros >= 0 && zeros <= bits)) throw wrong("count more zeros than bits");
  const pairs = partners.length / 4;
  const earlier = new Uint32Array(pairs);
  const laterByRank = new Uint32Array(pairs);
  let firsts = 0;
  let seconds = 0;
  for (let i = 0; i < 8 * bytes; i++) {
    const one = bitAt(first, i);
    const other = bitAt(second, i);
    if (one + other > (i < bits ? 1 : 0)) throw wrong("use a bit twice or a bit that is not there");
    if (one === 1) earlier[firsts++] = i;
    if (other === 1) laterByRank[seconds++] = i;
  }
  if (firsts !== pairs || seconds !== pairs) throw wrong("do not have two members each");
  const view = new DataView(partners.buffer, partners.byteOffset, partners.byteLength);
  const later = new Uint32Array(pairs);
  const used = new Uint8Array(byteLength(pairs));
  for (let k = 0; k < pairs; k++) {
    const rank = view.getUint32(4 * k, true);
    if (rank >= pairs || bitAt(used, rank) === 1) throw wrong("share a member");
    used[rank >>> 3]! |= 1 << (rank & 7);
    later[k] = laterByRank[rank]!;
    if (later[k]! <= earlier[k]!) throw wrong("are not in the order of slots");
  }
  return { earlier, later };
}

/**
 * Alice tells which pairs are odd at her side.
 *
 * @param raw - her raw key
 * @param pairs - Bob's pairs, from {@link readPairs}
 * @returns what she announces
 */
export function answerPairs(raw: Bits, pairs: Pairs): OddPairsMessage {
  const { earlier, later } = pairs;
  const odd = new Uint8Array(byteLength(earlier.length));
  let kept = 0;
  for (let k = 0; k < earlier.length; k++) {
    const parity = bitAt(raw.key, earlier[k]!) ^ bitAt(raw.key, later[k]!);
    odd[k >>> 3]! |= parity << (k & 7);
    kept += parity;
  }
  return { kept, odd };
}

/**
 * Either user keeps the earlier bit of every pair that is odd on both sides.
 *
 * @param raw - the user's raw key
 * @param pairs - Bob's pairs
 * @param answer - Alice's answer
 * @returns the paired key, in the order of earlier slots
 * @throws {@link TwincombError} `protocol` when the answer does not fit the pairs
 */
export function keepEarlier(raw: Bits, pairs: Pairs, answer: OddPairsMessage): Bits {
  const { earlier } = pairs;
  if (answer.odd.length !== byteLength(earlier.length)) {
    throw new TwincombError("protocol", "the answer to the announced pairs has the wrong length");
  }
  const kept = new BitWriter(answer.kept);
  for (let k = 0; k < earlier.length; k++) if (bitAt(answer.odd, k) === 1) kept.push(bitAt(raw.key, earlier[k]!));
  if (kept.length !== answer.kept) {
    throw new TwincombError("protocol", "the answer to the announced pairs counts its odd pairs wrongly");
  }
  return { bits: kept.length, key: kept.packed() };
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
    pairs: message.partners.length / 4,
    kept: answer.kept,
  };
}
