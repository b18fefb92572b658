import { describe, expect, it } from "vitest";
import { PhiloxStream, PURPOSE, philoxBlock, philoxKey } from "../src/random.ts";

/** Known answers of the Random123 distribution (file kat_vectors, philox4x32 with 10 rounds). */
const KNOWN_ANSWERS = [
  {
    counter: [0, 0, 0, 0],
    key: [0, 0],
    words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
] as const;

describe("Philox4x32-10", () => {
  it.each(KNOWN_ANSWERS)("gives the Random123 known answer for key $key", ({ counter, key, words }) => {
    const out = new Uint32Array(4);
    philoxBlock(key, counter, out);
    expect([...out]).toEqual(words);
  });

  it("streams of different purpose, link or key share no block", () => {
    const key = philoxKey("7");
    const first = (stream: PhiloxStream) => `${stream.word()} ${stream.word()}`;
    const streams = [
      new PhiloxStream(key, PURPOSE.photons, 0),
      new PhiloxStream(key, PURPOSE.photons, 1),
      new PhiloxStream(key, PURPOSE.pairing, 0),
      new PhiloxStream(philoxKey("8"), PURPOSE.photons, 0),
    ];
    expect(new Set(streams.map(first)).size).toBe(streams.length);
  });

  it("draws below a bound without bias: chi-square over 3 * 2^30, which plain modulo fails", () => {
    // Modulo 2^32 by 3 * 2^30 would give the lowest 2^30 values twice the weight of the rest.
    const bound = 3 * 2 ** 30;
    const stream = new PhiloxStream(philoxKey("bias"), PURPOSE.pairing, 0);
    const cells = [0, 0, 0];
    const draws = 30_000;
    for (let i = 0; i < draws; i++) cells[Math.floor(stream.below(bound) / 2 ** 30)]!++;
    const chiSquare = cells.reduce((sum, cell) => sum + (cell - draws / 3) ** 2 / (draws / 3), 0);
    expect(chiSquare).toBeLessThan(18.4); // 2 degrees of freedom, false alarm 1e-4
  });
});
