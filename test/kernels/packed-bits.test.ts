import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BitWriter, bitAt } from "../../src/bits.ts";
import { PackedBits } from "../../src/kernels/packed-bits.ts";
import { PositionPairing } from "../../src/kernels/position-pairing.ts";
import { RandomBytes } from "../../src/kernels/random-bytes.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";

const strings = await PackedBits.load();
const core = await PositionPairing.load();

function pack(bits: readonly number[]): Uint8Array {
  const writer = new BitWriter(bits.length);
  for (const bit of bits) writer.push(bit);
  return writer.packed();
}

function unpack(packed: Uint8Array, bits: number): number[] {
  return Array.from({ length: bits }, (_, i) => bitAt(packed, i));
}

/** Pseudo-random bits, ones with a given probability. */
function bitsOf(seed: number, length: number, share: number): number[] {
  const stream = new PhiloxStream([seed, 1], PURPOSE.deviceNoise, 0);
  return Array.from({ length }, () => (stream.uniform() < share ? 1 : 0));
}

/** Lengths around words, pairs of words, and the pieces that selecting works in (65 536 bytes). */
const LENGTHS = [0, 1, 63, 64, 65, 127, 128, 129, 1000, 524_288, 524_289];

describe("packed strings", () => {
  it.each(LENGTHS)("of %i bits are counted and selected from as bit by bit", (length) => {
    for (const share of length > 1000 ? [0.15] : [0, 0.03, 0.5, 0.9, 1]) {
      const mask = bitsOf(length, length, share);
      const sources = [0, 1, 2].map((i) => bitsOf(length + 10 + i, length, 0.3 * i + 0.1));
      expect(strings.weight(pack(mask))).toBe(mask.reduce((sum, bit) => sum + bit, 0));
      const selected = strings.select(sources.map(pack), pack(mask));
      selected.forEach(({ bits, key }, i) => {
        const wanted = sources[i]!.filter((_, at) => mask[at] === 1);
        expect(bits).toBe(wanted.length);
        expect(key).toEqual(pack(wanted));
      });
    }
  });

  it("may begin anywhere in memory", () => {
    const shifted = (bits: readonly number[], by: number) => {
      const roomy = new Uint8Array(200);
      roomy.set(pack(bits), by);
      return roomy.subarray(by, by + Math.ceil(bits.length / 8));
    };
    const [source, mask] = [bitsOf(1, 777, 0.5), bitsOf(2, 777, 0.5)];
    for (const by of [0, 1, 2, 3, 5]) {
      const [{ key }] = strings.select([shifted(source, by)] as const, shifted(mask, 7 - by));
      expect(key).toEqual(pack(source.filter((_, i) => mask[i] === 1)));
    }
  });

  it("are tallied by both codes and the detector", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ a: fc.nat(4), b: fc.nat(4), right: fc.nat(1) }), { maxLength: 300 }),
        (events) => {
          const plane = (of: (event: (typeof events)[number]) => number, j: number) =>
            pack(events.map((event) => (of(event) >> j) & 1));
          const columns = [
            ...[0, 1, 2].map((j) => plane(({ a }) => a, j)),
            ...[0, 1, 2].map((j) => plane(({ b }) => b, j)),
            pack(events.map(({ a }) => (a < 2 ? 1 : 0))),
            pack(events.map(({ b }) => (b < 2 ? 1 : 0))),
            plane(({ right }) => right, 0),
          ];
          // Whatever stands behind the last event counts for nothing.
          const padded = columns.map((column, i) => {
            const dirty = column.slice();
            if (i < 6 && events.length % 8 !== 0) dirty[dirty.length - 1]! |= 0xff << (events.length % 8);
            return dirty;
          });
          const cells = strings.tally(events.length, columns)!;
          for (let a = 0; a < 5; a++)
            for (let b = 0; b < 5; b++)
              for (let right = 0; right < 2; right++) {
                const wanted = events.filter((event) => event.a === a && event.b === b && event.right === right);
                expect(cells[10 * a + 2 * b + right]).toBe(wanted.length);
              }
          const codes = padded.map((column, i) => (i === 2 || i === 5 ? columns[i]! : column));
          expect(strings.tally(events.length, codes)).toEqual(cells);
          if (events.length === 0) return;
          // One window that does not fit, one code that is none.
          const lying = columns.map((column) => column.slice());
          lying[6]![0]! ^= 1;
          expect(strings.tally(events.length, lying)).toBeNull();
          const foreign = columns.map((column) => column.slice());
          for (const j of [0, 2]) foreign[j]![0]! |= 1;
          foreign[6]![0]! &= ~1;
          expect(strings.tally(events.length, foreign)).toBeNull();
        },
      ),
      { seed: 5 },
    );
  });

  it("give the parities of pairs over many pieces", async () => {
    const length = 800_001;
    const [mine, theirs] = [bitsOf(3, length, 0.4), bitsOf(4, length, 0.36)];
    const random = await RandomBytes.open(philoxKey("pieces"), PURPOSE.deviceNoise, 0);
    const source = async (bytes: number) => random.fill(new Uint8Array(bytes));
    const drawn = await core.joinActive({ bits: length, key: pack(theirs) }, source, (pairs) => ({
      ...pairs,
      earlier: pairs.earlier.slice(),
      later: pairs.later.slice(),
    }));
    const later = new Uint32Array(drawn.later.buffer);
    const earlier = unpack(drawn.earlier, length).flatMap((bit, i) => (bit === 1 ? [i] : []));
    expect(earlier.length).toBe(later.length);
    expect(earlier.every((first, k) => first < later[k]! && theirs[first] !== theirs[later[k]!])).toBe(true);
    expect(new Set([...earlier, ...later]).size).toBe(2 * later.length);
    const odd = core.parities({ bits: length, key: pack(mine) }, drawn)!;
    expect(odd).toEqual(pack(earlier.map((first, k) => mine[first]! ^ mine[later[k]!]!)));
  });
});

describe("random bytes", () => {
  it("are those of the stream, however they are asked for", async () => {
    const key = philoxKey("bytes");
    const fast = await RandomBytes.open(key, PURPOSE.pairing, 3);
    const slow = new PhiloxStream(key, PURPOSE.pairing, 3);
    for (const length of [0, 1, 4, 5, 4095, 4096, 65_536, 65_537, 200_000, 3]) {
      expect(fast.fill(new Uint8Array(length))).toEqual(slow.fill(new Uint8Array(length)));
    }
  });
});
