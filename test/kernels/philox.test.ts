/** Philox4x32-10 of the core: known answers, and agreement with the integer-only version in TypeScript. */
import { beforeAll, describe, expect, test } from "vitest";
import { Kernel, type Region } from "../../src/kernels/kernel.ts";
import { philoxBlock } from "../../src/random.ts";
import { source } from "./photons-runs.ts";

type Words = [number, number, number, number];
interface PhiloxExports {
  philox(k0: number, k1: number, c0: number, c1: number, c2: number, c3: number, out: number): void;
  philoxBatch(k0: number, k1: number, c0: number, c1: number, c2: number, c3: number, out: number): void;
}

let kernel: Kernel<PhiloxExports>;
let out: Region;
beforeAll(async () => {
  kernel = await Kernel.load<PhiloxExports>(source);
  out = kernel.allocate(4096);
});

function block(key: [number, number], counter: Words): number[] {
  kernel.exports.philox(...key, ...counter, out.pointer);
  return [...kernel.words(out, 4)];
}

describe("Philox4x32-10", () => {
  // Known answers of Random123 (Salmon et al.), file kat_vectors.
  const answers: [Words, [number, number], Words][] = [
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ];
  test.each(answers)("known answer of counter %j", (counter, key, expected) => {
    expect(block(key, counter)).toEqual(expected);
  });

  test("four planes of 256 blocks hold the blocks of the TypeScript version", () => {
    const expected = new Uint32Array(4);
    for (const [first, high] of [
      [0, 0],
      [0xffffff00, 0],
      [0x12345600, 0x9abcdef0],
    ] as const) {
      kernel.exports.philoxBatch(0x243f6a88, 0x85a308d3, first, high, 0xcafe, 0x51, out.pointer);
      const planes = kernel.words(out).slice();
      for (let i = 0; i < 256; i++) {
        philoxBlock([0x243f6a88, 0x85a308d3], [(first + i) >>> 0, high, 0xcafe, 0x51], expected);
        expect([0, 1, 2, 3].map((word) => planes[word * 256 + i])).toEqual([...expected]);
      }
    }
  });
});
