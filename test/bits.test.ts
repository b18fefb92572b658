import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BitWriter, bitAt, byteLength, hammingDistance, weight } from "../src/bits.ts";

const bitList = fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 300 });

function pack(bits: readonly number[]): Uint8Array {
  const writer = new BitWriter(8);
  for (const bit of bits) writer.push(bit);
  return writer.packed();
}

describe("bit-packed keys", () => {
  it("give back what was written, with zeros in the unused bits", () => {
    fc.assert(
      fc.property(bitList, (bits) => {
        const packed = pack(bits);
        expect(packed.length).toBe(byteLength(bits.length));
        expect(bits.map((_, i) => bitAt(packed, i))).toEqual(bits);
        for (let i = bits.length; i < 8 * packed.length; i++) expect(bitAt(packed, i)).toBe(0);
      }),
    );
  });

  it("count ones and differences like a list does", () => {
    fc.assert(
      fc.property(bitList, bitList, (a, b) => {
        const length = Math.min(a.length, b.length);
        const [first, second] = [a.slice(0, length), b.slice(0, length)];
        expect(weight(pack(first))).toBe(first.filter((bit) => bit === 1).length);
        expect(hammingDistance(pack(first), pack(second))).toBe(first.filter((bit, i) => bit !== second[i]).length);
      }),
    );
  });
});
