import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BitWriter, bitAt } from "../../src/bits.ts";
import {
  answerPairs,
  type Bits,
  drawPairs,
  keepEarlier,
  type PairsMessage,
  pairingCounts,
  readPairs,
} from "../../src/distillation/pairing.ts";
import { type PrivateRandomness, simulatedRandomness } from "../../src/distillation/randomness.ts";
import { expectedPairing, type PairingKind } from "../../src/protocol/pairing.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";

const pack = (bits: readonly number[]): Bits => {
  const writer = new BitWriter(bits.length);
  for (const bit of bits) writer.push(bit);
  return { bits: bits.length, key: writer.packed() };
};
const unpack = (key: Bits): number[] => Array.from({ length: key.bits }, (_, i) => bitAt(key.key, i));
const seeded = (seed: string): PrivateRandomness => simulatedRandomness(philoxKey(seed), 0);

describe.each<PairingKind>(["active", "random"])("%s pairing of real bits", (kind) => {
  it("names disjoint pairs that are odd at Bob's side, and both keep the earlier bit of those odd at Alice's", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1), fc.nat(1)), { maxLength: 70 }), fc.string(), (bits, seed) => {
        const alice = pack(bits.map(([a]) => a));
        const bob = pack(bits.map(([, b]) => b));
        const message = drawPairs(bob, kind, seeded(seed));
        const pairs = readPairs(message);
        const members = [...pairs.earlier, ...pairs.later];
        expect(new Set(members).size).toBe(members.length);
        for (let k = 0; k < pairs.earlier.length; k++) {
          expect(pairs.earlier[k]!).toBeLessThan(pairs.later[k]!);
          if (k > 0) expect(pairs.earlier[k]!).toBeGreaterThan(pairs.earlier[k - 1]!);
          expect(bits[pairs.earlier[k]!]![1]).not.toBe(bits[pairs.later[k]!]![1]);
        }
        const ones = bits.reduce((sum, [, b]) => sum + b, 0);
        if (kind === "active") expect(pairs.earlier.length).toBe(Math.min(ones, bits.length - ones));
        const answer = answerPairs(alice, pairs);
        const wanted = [...pairs.earlier].filter((e, k) => bits[e]![0] !== bits[pairs.later[k]!]![0]);
        expect(unpack(keepEarlier(alice, pairs, answer))).toEqual(wanted.map((e) => bits[e]![0]));
        expect(unpack(keepEarlier(bob, pairs, answer))).toEqual(wanted.map((e) => bits[e]![1]));
        expect(pairingCounts(message, answer)).toEqual({
          zeros: bits.length - ones,
          ones,
          pairs: pairs.earlier.length,
          kept: wanted.length,
        });
      }),
      { seed: 31, numRuns: 300 },
    );
  });

  it("keeps as many bits with as many errors as the formula says", () => {
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
    const pairs = readPairs(drawPairs(b, kind, seeded("pairs")));
    const answer = answerPairs(a, pairs);
    const [keptA, keptB] = [unpack(keepEarlier(a, pairs, answer)), unpack(keepEarlier(b, pairs, answer))];
    const wrong = keptA.reduce((sum, bit, k) => sum + (bit ^ keptB[k]!), 0);
    const expected = expectedPairing(counts, kind);
    // Five standard deviations of binomials that are wider than the hypergeometric ones at work: false alarm below 1e-6.
    expect(Math.abs(pairs.earlier.length - expected.pairs)).toBeLessThanOrEqual(
      kind === "active" ? 0 : 5 * Math.sqrt(expected.pairs),
    );
    expect(Math.abs(answer.kept - expected.kept)).toBeLessThan(5 * Math.sqrt(expected.kept));
    const errors = expected.kept * expected.errorRate;
    expect(Math.abs(wrong - errors)).toBeLessThan(5 * Math.sqrt(errors));
    // Positive control: the formula for another composition is far outside.
    const other = expectedPairing({ ...counts, neither: counts.neither * 1.3 }, kind);
    expect(Math.abs(wrong - other.kept * other.errorRate)).toBeGreaterThan(5 * Math.sqrt(errors));
  });

  it("announces nothing about the kept bits: every assignment is equally likely behind every announcement", () => {
    expect(worstDeviation((raw, randomness) => drawPairs(raw, kind, randomness))).toBeLessThan(4.75);
  });
});

it("the independence test fails a draw that looks at the order of the bits", () => {
  // Pairs each zero with the nearest free one after it, else before it: all pairs odd, yet the order tells.
  const nearest = (raw: Bits): PairsMessage => {
    const bits = unpack(raw);
    const zeros = bits.flatMap((bit, i) => (bit === 0 ? [i] : []));
    const ones = bits.flatMap((bit, i) => (bit === 1 ? [i] : []));
    const pairs = zeros
      .slice(0, ones.length)
      .map((zero) => {
        const at = Math.max(
          0,
          ones.findIndex((one) => one > zero),
        );
        return [zero, ones.splice(at, 1)[0]!].sort((x, y) => x - y) as [number, number];
      })
      .sort((x, y) => x[0] - y[0]);
    const laters = pairs.map(([, later]) => later).sort((x, y) => x - y);
    const partners = new Uint8Array(4 * pairs.length);
    pairs.forEach(([, later], k) => {
      partners[4 * k] = laters.indexOf(later);
    });
    const mark = (members: number[]): Uint8Array => pack(bits.map((_, i) => (members.includes(i) ? 1 : 0))).key;
    return { bits: raw.bits, zeros: zeros.length, earlier: mark(pairs.map(([e]) => e)), later: mark(laters), partners };
  };
  expect(worstDeviation(nearest)).toBeGreaterThan(10);
});

/**
 * Draws for every string of six bits equally often and sorts by announcement: within one, each assignment of 0 and 1 to the
 * pairs is one string, and all must be equally frequent.
 *
 * @returns largest deviation from the mean in standard deviations; about 300 cells, so 4.75 is passed with probability 6e-4
 */
function worstDeviation(drawer: (raw: Bits, randomness: PrivateRandomness) => PairsMessage): number {
  const n = 6;
  const repeats = 1000;
  const tally = new Map<string, Map<string, number>>();
  const randomness = seeded("independence");
  for (let string = 0; string < 1 << n; string++) {
    const raw = pack(Array.from({ length: n }, (_, i) => (string >> i) & 1));
    for (let r = 0; r < repeats; r++) {
      const message = drawer(raw, randomness);
      const { earlier, later } = readPairs(message);
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

describe("announcements that are no pairs are refused", () => {
  const good = drawPairs(pack([0, 1, 1, 0, 1, 0, 0, 1, 1]), "active", seeded("x"));
  const cases: [string, Partial<PairsMessage>][] = [
    ["a member twice", { later: good.later.map((byte, i) => byte | good.earlier[i]!) }],
    ["a bit beyond the end", { later: Uint8Array.of(good.later[0]!, 0b1000_0000) }],
    ["a missing member", { earlier: new Uint8Array(2) }],
    ["a shared partner", { partners: new Uint8Array(good.partners.length) }],
    ["a partner out of range", { partners: new Uint8Array(good.partners.length).fill(255) }],
    ["a short bitmap", { earlier: new Uint8Array(1) }],
    ["more zeros than bits", { zeros: 10 }],
    ["a later bit first", { earlier: good.later, later: good.earlier }],
  ];
  it.each(cases)("%s", (_name, change) => {
    expect(() => readPairs({ ...good, ...change })).toThrow(/announced pairs/);
  });

  it("and so are answers that do not fit", () => {
    const pairs = readPairs(good);
    const raw = pack([0, 1, 1, 0, 1, 0, 0, 1, 1]);
    const answer = answerPairs(raw, pairs);
    expect(() => keepEarlier(raw, pairs, { ...answer, kept: answer.kept + 1 })).toThrow(/counts its odd pairs/);
    expect(() => keepEarlier(raw, pairs, { ...answer, odd: new Uint8Array(9) })).toThrow(/length/);
  });
});
