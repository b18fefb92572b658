import { describe, expect, it } from "vitest";
import { resolveAxis } from "../../src/study/axes.ts";
import { parseStudy, planStudy } from "../../src/study/index.ts";
import { owenScramble, SOBOL_DIMENSIONS, scrambledSobol, sobolWord } from "../../src/study/sobol.ts";
import { REACH } from "./fixtures.ts";

/** Points of scipy.stats.qmc.Sobol(40, scramble=False, bits=32) in dimensions 0, 1, 2, 9, 24 and 39, times 2^32. */
const SCIPY: readonly (readonly [index: number, words: readonly number[]])[] = [
  [1, [2147483648, 2147483648, 2147483648, 2147483648, 2147483648, 2147483648]],
  [2, [3221225472, 1073741824, 1073741824, 3221225472, 1073741824, 1073741824]],
  [3, [1073741824, 3221225472, 3221225472, 1073741824, 3221225472, 3221225472]],
  [7, [536870912, 2684354560, 1610612736, 3758096384, 536870912, 536870912]],
  [100, [1778384896, 1107296256, 3321888768, 2986344448, 100663296, 570425344]],
  [513, [2160066560, 3225419776, 1950351360, 1782579200, 851443712, 239075328]],
  [1023, [4194304, 3233808384, 2629828608, 3653238784, 1027604480, 2998927360]],
];

/** Whether 2^bits numbers fall into 2^bits equal cells, one each. */
function oneInEach(words: readonly number[], bits: number): boolean {
  return new Set(words.map((word) => word >>> (32 - bits))).size === 2 ** bits && words.length === 2 ** bits;
}

describe("Sobol points", () => {
  it("are those of scipy", () => {
    for (const [index, words] of SCIPY) {
      expect([0, 1, 2, 9, 24, 39].map((dimension) => sobolWord(index, dimension))).toEqual(words);
    }
  });

  it.each([false, true])("put one point into each of 256 cells of every axis, scrambled: %s", (scrambled) => {
    for (let dimension = 0; dimension < SOBOL_DIMENSIONS; dimension++) {
      const words = Array.from({ length: 256 }, (_, i) => {
        const word = sobolWord(i, dimension);
        return scrambled ? owenScramble(word, 0x9e3779b9 * (dimension + 1)) : word;
      });
      expect(oneInEach(words, 8), `dimension ${dimension}`).toBe(true);
    }
    // The check sees a sequence that is not even: multiples of a number near the golden section.
    expect(
      oneInEach(
        Array.from({ length: 256 }, (_, i) => Math.imul(i, 0x9e3779b9) >>> 0),
        8,
      ),
    ).toBe(false);
  });

  it("keep their even spread in two dimensions when scrambled: one point in each 16 x 16 cell of 256", () => {
    const cells = Array.from({ length: 256 }, (_, i) => {
      const [x, y] = [0, 1].map((dimension) => Math.floor(scrambledSobol(i, dimension, 77 + 1000 * dimension) * 16));
      return `${x} ${y}`;
    });
    expect(new Set(cells).size).toBe(256);
  });

  it("are scrambled bit by bit: a bit sees only those above it", () => {
    for (let bit = 0; bit < 32; bit++) {
      const word = 0xdeadbeef;
      const other = (word ^ (2 ** bit)) >>> 0;
      const changed = (owenScramble(word, 12345) ^ owenScramble(other, 12345)) >>> 0;
      expect(Math.clz32(changed)).toBe(31 - bit);
    }
  });

  it("integrate a smooth function of six variables far better than random points do", () => {
    const anything = { numeric: true, whole: false, check: () => {} };
    const error = (kind: "random" | "sobol", seed: string): number => {
      const over = Array.from({ length: 6 }, (_, i) => ({ path: `x${i}`, from: 0, to: 1, scale: "linear" as const }));
      const axis = resolveAxis({ [kind]: { points: 1024, over } }, "axes.0", () => anything, seed);
      let sum = 0;
      for (let i = 0; i < 1024; i++) {
        sum += (axis.at(i) as readonly number[]).reduce((product, x) => product * (1 + 0.5 * (x - 0.5)), 1);
      }
      return Math.abs(sum / 1024 - 1);
    };
    const rms = (kind: "random" | "sobol") =>
      Math.sqrt(["a", "b", "c", "d", "e"].reduce((sum, seed) => sum + error(kind, seed) ** 2, 0) / 5);
    // Random points: standard deviation sqrt((1 + 1/48)^6 - 1) / 32 = 0.0114; within a factor 3 of it but for 1e-4 of seeds.
    expect(rms("random")).toBeGreaterThan(0.0038);
    expect(rms("random")).toBeLessThan(0.034);
    expect(rms("sobol")).toBeLessThan(0.0005);
  });
});

describe("random designs", () => {
  const plan = (seed: string) =>
    planStudy(
      parseStudy({
        ...REACH,
        seed,
        axes: [
          {
            random: {
              points: 4000,
              over: [
                { path: "detector.efficiency", from: 0.2, to: 0.8 },
                { path: "detector.darkCountRateHz", from: "1 Hz", to: "10 kHz", scale: "log" },
              ],
            },
          },
        ],
      }),
    );

  it("fill their box evenly, each axis on its own scale", () => {
    const study = plan("1");
    const shares = Array.from({ length: 4000 }, (_, i) => {
      const values = study.pointAt(i).values as Record<string, number>;
      return [
        (values["detector.efficiency"]! - 0.2) / 0.6,
        Math.log10(values["detector.darkCountRateHz"]!) / 4,
      ] as const;
    });
    for (const axis of [0, 1] as const) {
      const mean = shares.reduce((sum, share) => sum + share[axis], 0) / 4000;
      // Five standard deviations of the mean of 4000 uniform numbers: a false alarm in 2e6 runs.
      expect(Math.abs(mean - 0.5)).toBeLessThan(5 / Math.sqrt(12 * 4000));
    }
    const product = shares.reduce((sum, [x, y]) => sum + (x - 0.5) * (y - 0.5), 0) / 4000;
    expect(Math.abs(product)).toBeLessThan(5 / 12 / Math.sqrt(4000));
  });

  it("are decided by the seed", () => {
    expect(plan("1").pointAt(17).values).toEqual(plan("1").pointAt(17).values);
    expect(plan("1").pointAt(17).values).not.toEqual(plan("2").pointAt(17).values);
  });
});
