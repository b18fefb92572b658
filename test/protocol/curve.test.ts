import { describe, expect, it } from "vitest";
import {
  breakEven,
  fibreTransmittance,
  linkAt,
  optimise,
  PROTOCOL_NAMES,
  plob,
  plobRelative,
  rateCurve,
  singleRepeater,
  takeokaGuhaWilde,
} from "../../src/protocol/index.ts";

const fibre = { lossDbPerKm: 0.2, detectorEfficiency: 0.3, darkCountProbability: 1e-8, misalignment: 0.03 };

describe("capacities", () => {
  it("have their known values and limits", () => {
    expect(plob(0.5)).toBe(1);
    expect(plob(0)).toBe(0);
    expect(plob(1)).toBe(Infinity);
    expect(plob(1e-15) / (1e-15 / Math.LN2)).toBeCloseTo(1, 12);
    expect(takeokaGuhaWilde(1 / 3)).toBeCloseTo(1, 15);
    expect(singleRepeater(0.25)).toBe(1);
    expect(plobRelative(0.5, 0.5)).toBeCloseTo(plob(0.25), 15);
    expect(fibreTransmittance(100, 0.2)).toBeCloseTo(0.01, 15);
    for (const eta of [1e-6, 0.1, 0.9]) {
      expect(plob(eta)).toBeLessThan(takeokaGuhaWilde(eta));
      expect(plob(eta)).toBeLessThan(singleRepeater(eta));
    }
    expect(() => plob(1.1)).toThrow(/transmittance/);
  });
});

describe("rate against distance", () => {
  it("has one row per distance and protocol, in the order asked for", () => {
    const rows = rateCurve(PROTOCOL_NAMES, [300, 0, 100], fibre);
    expect(rows.map((row) => row.distanceKm)).toEqual([300, 0, 100].flatMap((km) => PROTOCOL_NAMES.map(() => km)));
    expect(rows.map((row) => row.protocol)).toEqual([300, 0, 100].flatMap(() => PROTOCOL_NAMES));
    const zero = rows.filter((row) => row.distanceKm === 0);
    for (const row of zero) {
      expect(row.plobPerPulse).toBeNull();
      expect(row.ratioToPlob).toBe(0);
    }
    for (const row of rows.filter((one) => one.distanceKm > 0)) {
      expect(row.ratioToPlob).toBeCloseTo(row.keyRatePerPulse / plob(fibreTransmittance(row.distanceKm, 0.2)), 12);
    }
  });

  it("is never below the point optimised alone, and does not depend on the order of distances", () => {
    const options = { pulses: 1e12 };
    const forward = rateCurve(["sns", "sns-aopp"], [100, 250, 400], fibre, options);
    const backward = rateCurve(["sns", "sns-aopp"], [400, 250, 100], fibre, options);
    expect(forward.map((row) => row.keyRatePerPulse).sort()).toEqual(backward.map((row) => row.keyRatePerPulse).sort());
    for (const row of forward) {
      const alone = optimise(linkAt(fibre, row.distanceKm), 1e12, {
        failureProbability: 1e-10,
        pairing: row.protocol === "sns" ? "none" : "active",
      });
      expect(row.keyRatePerPulse).toBeGreaterThanOrEqual(alone.keyRatePerPulse * (1 - 1e-6));
    }
  });

  it("refuses finite data for protocols without finite-key formula, and says what to do", () => {
    expect(() => rateCurve(["sns", "cal"], [100], fibre, { pulses: 1e12 })).toThrow(/--asymptotic/);
    expect(() => rateCurve(["sns"], [-1], fibre)).toThrow(/distances/);
    expect(() => rateCurve(["x" as "sns"], [1], fibre)).toThrow(/protocol/);
  });
});

describe("break-even values", () => {
  it("are found on linear and logarithmic scales, from either side", async () => {
    const linear = await breakEven((x) => x < 3.21, [-5, 10]);
    expect(linear.value).toBeLessThan(3.21);
    expect(linear.value).toBeCloseTo(3.21, 1);
    expect(linear.bracket[0]).toBeLessThan(3.21);
    expect(linear.bracket[1]).toBeGreaterThanOrEqual(3.21);
    const logarithmic = await breakEven((x) => x > 2e-7, [1e-12, 1], 1e-6);
    expect(logarithmic.value / 2e-7).toBeCloseTo(1, 5);
    expect(logarithmic.value).toBeGreaterThan(2e-7);
  });

  it("tell how much misalignment a paired key over PLOB bears", async () => {
    const ratio = (misalignment: number): number =>
      rateCurve(["sns-aopp"], [400], { ...fibre, misalignment }, { pulses: 1e12 })[0]!.ratioToPlob;
    const found = await breakEven((value) => ratio(value) >= 1, [0.01, 0.2], 1e-2);
    expect(ratio(found.value)).toBeGreaterThanOrEqual(1);
    expect(ratio(found.bracket[1])).toBeLessThan(1);
  });

  it("refuse ranges in which nothing changes", async () => {
    await expect(breakEven(() => true, [0, 1])).rejects.toThrow(/missed somewhere/);
    await expect(breakEven(() => false, [0, 1])).rejects.toThrow(/met somewhere/);
    await expect(breakEven(() => false, [1, 1])).rejects.toThrow(/range/);
  });
});
