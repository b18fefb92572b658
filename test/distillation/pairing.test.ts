import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bits, BitWriter, bitAt } from "../../src/bits.ts";
import {
  answerPairs,
  drawPairs,
  keepEarlier,
  type PairsMessage,
  pairingCounts,
} from "../../src/distillation/pairing.ts";
import { type PrivateRandomness, simulatedRandomness } from "../../src/distillation/randomness.ts";
import { PackedBits } from "../../src/kernels/packed-bits.ts";
import { type DrawnPairs, PositionPairing } from "../../src/kernels/position-pairing.ts";
import { RandomBytes } from "../../src/kernels/random-bytes.ts";
import { expectedPairing, type PairingKind } from "../../src/protocol/pairing.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";

const pack = (bits: readonly number[]): Bits => {
  const writer = new BitWriter(bits.length);
  for (const bit of bits) writer.push(bit);
  return { bits: bits.length, key: writer.packed() };
};
const unpack = (key: Bits): number[] => Array.from({ length: key.bits }, (_, i) => bitAt(key.key, i));
const seeded = (seed: string): PrivateRandomness => simulatedRandomness(philoxKey(seed), 0);

const strings = await PackedBits.load();
const core = await PositionPairing.load();

/** A message that outlives the core's memory. */
const copied = (message: PairsMessage): PairsMessage => ({
  ...message,
  earlier: message.earlier.slice(),
  later: message.later.slice(),
});

/** Positions of announced pairs, in the order of the message. */
function positions({ bits, earlier, later }: PairsMessage): { earlier: number[]; later: number[] } {
  const view = new DataView(later.buffer, later.byteOffset, later.length);
  return {
    earlier: Array.from({ length: bits }, (_, i) => i).filter((i) => bitAt(earlier, i) === 1),
    later: Array.from({ length: later.length / 4 }, (_, k) => view.getUint32(4 * k, true)),
  };
}

/** The message that names some pairs. */
function messageOf(raw: Bits, pairs: readonly (readonly [number, number])[]): PairsMessage {
  const inOrder = [...pairs].sort((x, y) => x[0] - y[0]);
  const earlier = inOrder.map(([first]) => first);
  return {
    bits: raw.bits,
    zeros: unpack(raw).filter((bit) => bit === 0).length,
    earlier: pack(Array.from({ length: raw.bits }, (_, i) => (earlier.includes(i) ? 1 : 0))).key,
    later: new Uint8Array(Uint32Array.from(inOrder, ([, second]) => second).buffer),
  };
}

/** Draws as `drawPairs` does, but in one instance of the core for all draws. */
function drawnIn(kind: PairingKind): (raw: Bits, randomness: PrivateRandomness) => Promise<PairsMessage> {
  return (raw, randomness) => {
    const random = (length: number) => randomness.bytes(PURPOSE.pairing, length);
    const use = (drawn: DrawnPairs) => copied({ bits: raw.bits, ...drawn });
    return kind === "active" ? core.joinActive(raw, random, use) : core.joinRandom(raw, random, use);
  };
}

describe.each<PairingKind>(["active", "random"])("%s pairing of real bits", (kind) => {
  it("names disjoint pairs that are odd at Bob's side, and both keep the earlier bit of those odd at Alice's", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(1), fc.nat(1)), { maxLength: 200 }),
        fc.string(),
        async (bits, seed) => {
          const alice = pack(bits.map(([a]) => a));
          const bob = pack(bits.map(([, b]) => b));
          const message = await drawPairs(bob, kind, seeded(seed), copied);
          const pairs = positions(message);
          const members = [...pairs.earlier, ...pairs.later];
          expect(new Set(members).size).toBe(members.length);
          for (let k = 0; k < pairs.earlier.length; k++) {
            expect(pairs.earlier[k]!).toBeLessThan(pairs.later[k]!);
            expect(bits[pairs.earlier[k]!]![1]).not.toBe(bits[pairs.later[k]!]![1]);
          }
          const ones = bits.reduce((sum, [, b]) => sum + b, 0);
          if (kind === "active") expect(pairs.earlier.length).toBe(Math.min(ones, bits.length - ones));
          const answer = await answerPairs(alice, message);
          const wanted = [...pairs.earlier].filter((e, k) => bits[e]![0] !== bits[pairs.later[k]!]![0]);
          expect(unpack(keepEarlier(strings, alice, message, answer))).toEqual(wanted.map((e) => bits[e]![0]));
          expect(unpack(keepEarlier(strings, bob, message, answer))).toEqual(wanted.map((e) => bits[e]![1]));
          expect(pairingCounts(message, answer)).toEqual({
            zeros: bits.length - ones,
            ones,
            pairs: pairs.earlier.length,
            kept: wanted.length,
          });
        },
      ),
      { seed: 31, numRuns: 300 },
    );
  });

  it("keeps as many bits with as many errors as the formula says", async () => {
    // Bits of a paired session: one sender (equal bits), both (Alice 1, Bob 0), none (Alice 0, Bob 1).
    const stream = new PhiloxStream(philoxKey("composition"), PURPOSE.deviceNoise, 0);
    const n = 400_000;
    const alice: number[] = [];
    const bob: number[] = [];
    const counts = { onlyAlice: 0, onlyBob: 0, both: 0, neither: 0 };
    for (let i = 0; i < n; i++) {
      const u = stream.uniform();
      const sort = u < 0.36 ? "onlyAlice" : u < 0.72 ? "onlyBob" : u < 0.94 ? "both" : "neither";
      counts[sort]++;
      alice.push(sort === "onlyAlice" || sort === "both" ? 1 : 0);
      bob.push(sort === "onlyAlice" || sort === "neither" ? 1 : 0);
    }
    const [a, b] = [pack(alice), pack(bob)];
    const message = await drawPairs(b, kind, seeded("pairs"), copied);
    const pairs = message.later.length / 4;
    const answer = await answerPairs(a, message);
    const [keptA, keptB] = [a, b].map((raw) => unpack(keepEarlier(strings, raw, message, answer))) as [
      number[],
      number[],
    ];
    const wrong = keptA.reduce((sum, bit, k) => sum + (bit ^ keptB[k]!), 0);
    const expected = expectedPairing(counts, kind);
    // Five standard deviations of binomials that are wider than the hypergeometric ones at work: false alarm below 1e-6.
    expect(Math.abs(pairs - expected.pairs)).toBeLessThanOrEqual(kind === "active" ? 0 : 5 * Math.sqrt(expected.pairs));
    expect(Math.abs(answer.kept - expected.kept)).toBeLessThan(5 * Math.sqrt(expected.kept));
    const errors = expected.kept * expected.errorRate;
    expect(Math.abs(wrong - errors)).toBeLessThan(5 * Math.sqrt(errors));
    // Positive control: the formula for another composition is far outside.
    const other = expectedPairing({ ...counts, neither: counts.neither * 1.3 }, kind);
    expect(Math.abs(wrong - other.kept * other.errorRate)).toBeGreaterThan(5 * Math.sqrt(errors));
  });

  it("announces nothing about the kept bits: every assignment is equally likely behind every announcement", async () => {
    expect(await worstDeviation(drawnIn(kind))).toBeLessThan(4.75);
  });
});

it("the independence test fails a draw that looks at the order of the bits", async () => {
  // Pairs each zero with the nearest free one after it, else before it: all pairs odd, yet the order tells.
  const nearest = async (raw: Bits): Promise<PairsMessage> => {
    const bits = unpack(raw);
    const zeros = bits.flatMap((bit, i) => (bit === 0 ? [i] : []));
    const ones = bits.flatMap((bit, i) => (bit === 1 ? [i] : []));
    const pairs = zeros.slice(0, ones.length).map((zero) => {
      const at = Math.max(
        0,
        ones.findIndex((one) => one > zero),
      );
      return [zero, ones.splice(at, 1)[0]!].sort((x, y) => x - y) as [number, number];
    });
    return messageOf(raw, pairs);
  };
  expect(await worstDeviation(nearest)).toBeGreaterThan(10);
});

/**
 * Draws for every string of six bits equally often and sorts by announcement: within one, each assignment of 0 and 1 to the
 * pairs is one string, and all must be equally frequent.
 *
 * @returns largest deviation from the mean in standard deviations; about 300 cells, so 4.75 is passed with probability 6e-4
 */
async function worstDeviation(
  drawer: (raw: Bits, randomness: PrivateRandomness) => Promise<PairsMessage>,
): Promise<number> {
  const n = 6;
  const repeats = 1000;
  const tally = new Map<string, Map<string, number>>();
  const randomness = seeded("independence");
  for (let string = 0; string < 1 << n; string++) {
    const raw = pack(Array.from({ length: n }, (_, i) => (string >> i) & 1));
    for (let r = 0; r < repeats; r++) {
      const { earlier, later } = positions(await drawer(raw, randomness));
      // Unpaired bits are part of the condition: random pairing names odd pairs only and leaves bits of both values.
      const rest = Array.from({ length: n }, (_, i) =>
        earlier.includes(i) || later.includes(i) ? "" : `${i}:${bitAt(raw.key, i)}`,
      );
      const announced = `${earlier}|${later}|${rest}`;
      const kept = [...earlier].map((e) => bitAt(raw.key, e)).join("");
      const cell = tally.get(announced) ?? new Map<string, number>();
      cell.set(kept, (cell.get(kept) ?? 0) + 1);
      tally.set(announced, cell);
    }
  }
  let worst = 0;
  for (const [announced, cell] of tally) {
    const pairs = announced
      .split("|")[0]!
      .split(",")
      .filter((x) => x !== "").length;
    const total = [...cell.values()].reduce((sum, count) => sum + count, 0);
    const mean = total / 2 ** pairs;
    if (pairs === 0 || mean < 50) continue;
    for (let k = 0; k < 2 ** pairs; k++) {
      const count = cell.get(k.toString(2).padStart(pairs, "0")) ?? 0;
      worst = Math.max(worst, Math.abs(count - mean) / Math.sqrt(mean));
    }
  }
  return worst;
}

describe("active pairing draws every injection of the rarer value into the other equally often", () => {
  // Two zeros, four ones: twelve injections.
  const raw = pack([1, 0, 1, 1, 0, 1]);
  const draws = 24_000;
  /** Chi square of the injections over their 11 degrees of freedom; above 40 with probability 4e-5. */
  const chiSquare = async (dealing: (bytes: Uint8Array) => Uint8Array): Promise<number> => {
    const stream = await RandomBytes.open(philoxKey("injections"), PURPOSE.deviceNoise, 0);
    const tally = new Map<string, number>();
    for (let draw = 0; draw < draws; draw++) {
      let first = true;
      const source = async (length: number) => {
        const bytes = stream.fill(new Uint8Array(length));
        // The first bytes deal positions to piles, the others shuffle the piles.
        const given = first ? dealing(bytes) : bytes;
        first = false;
        return given;
      };
      const drawn = await core.joinActive(raw, source, (pairs) => copied({ bits: 6, ...pairs }));
      const { earlier, later } = positions(drawn);
      const name = `${earlier}|${later}`;
      tally.set(name, (tally.get(name) ?? 0) + 1);
    }
    const mean = draws / 12;
    const seen = [...tally.values()].reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
    return seen + (12 - tally.size) * mean;
  };

  it.each([1, 2, 3, 256])("with %i piles", async (piles) => {
    // Piles need not be equally likely, only the same for every position.
    expect(await chiSquare((bytes) => bytes.map((byte) => byte % piles))).toBeLessThan(40);
  });

  it("but not when piles are dealt by position, which the test notices", async () => {
    expect(await chiSquare((bytes) => bytes.map((_, i) => i >> 1))).toBeGreaterThan(400);
  });
});

describe("announcements that are no pairs are refused", () => {
  const raw = pack([0, 1, 1, 0, 1, 0, 0, 1, 1]);
  const good = messageOf(raw, [
    [0, 1],
    [2, 5],
    [3, 8],
    [4, 6],
  ]);
  const named = (...positions: number[]) => new Uint8Array(Uint32Array.from(positions).buffer);
  const cases: [string, Partial<PairsMessage>, RegExp][] = [
    ["a later member twice", { later: named(1, 5, 8, 8) }, /disjoint/],
    ["an earlier member as a later one", { later: named(1, 3, 8, 6) }, /disjoint/],
    ["a member beyond the end", { later: named(1, 5, 9, 6) }, /disjoint/],
    ["an earlier member beyond the end", { earlier: Uint8Array.of(good.earlier[0]! ^ 1, 0b1000_0000) }, /disjoint/],
    ["a missing member", { earlier: new Uint8Array(2) }, /disjoint/],
    ["a later member first", { later: named(1, 5, 2, 6) }, /disjoint/],
    ["a short string", { earlier: new Uint8Array(1) }, /disjoint/],
    ["half a position", { later: good.later.slice(0, 14) }, /disjoint/],
    ["more zeros than bits", { zeros: 10 }, /more zeros than bits/],
    ["another number of bits", { bits: 10 }, /of 10 bits, not of 9/],
  ];
  it.each(cases)("%s", async (_name, change, why) => {
    expect((await answerPairs(raw, good)).kept).toBeGreaterThan(0);
    await expect(answerPairs(raw, { ...good, ...change })).rejects.toThrow(why);
  });

  it("and so are answers that do not fit", async () => {
    const answer = await answerPairs(raw, good);
    const keep = (change: Partial<typeof answer>) => () => keepEarlier(strings, raw, good, { ...answer, ...change });
    expect(keep({})).not.toThrow();
    expect(keep({ kept: answer.kept + 1 })).toThrow(/counts its odd pairs/);
    expect(keep({ odd: new Uint8Array(9) })).toThrow(/length/);
    expect(keep({ odd: Uint8Array.of(answer.odd[0]! | 0x10) })).toThrow(/length/);
  });
});
