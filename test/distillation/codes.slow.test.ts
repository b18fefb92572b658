import { describe, expect, it } from "vitest";
import { binaryEntropy, threshold } from "../../src/distillation/codes/construct/degree-search.ts";
import { DensityEvolution, meanCheckDegree } from "../../src/distillation/codes/construct/density-evolution.ts";

describe("density evolution", () => {
  it("sees that the minimum rule reaches less far", () => {
    const goal = { leak: 0.5, allowed: [3], maxIterations: 200, trials: 0 };
    const at = (kind: "soft" | "minimum") =>
      threshold(
        new DensityEvolution({ kind, delta: 0.3, largest: 31, offset: kind === "soft" ? 0 : 1 }, 40_000, [5, 6]),
        new Map([[3, 1]]),
        goal,
      );
    expect(at("minimum")).toBeLessThan(at("soft"));
  });

  it("counts inputs of high checks as it lays out those of low ones", () => {
    // Around degree 48 the quadrature changes; the threshold must not.
    const evolution = new DensityEvolution({ kind: "soft", delta: 0.28, largest: 36, offset: 0 }, 480_000, [5, 6]);
    const efficiency = (leak: number) => {
      const goal = { leak, allowed: [3], maxIterations: 60, trials: 0 };
      return leak / binaryEntropy(threshold(evolution, new Map([[4, 1]]), goal));
    };
    expect(meanCheckDegree(new Map([[4, 1]]), 4 / 47.5)).toBeCloseTo(47.5);
    expect(Math.abs(efficiency(4 / 47.5) / efficiency(4 / 48.5) - 1)).toBeLessThan(0.02);
  });
});
