/** The preset's own ten pairs against Zheng et al., Nature 651, 68 (2026), by formulas: no photon is counted here. */
import { describe, expect, it } from "vitest";
import { forecastPair } from "../../src/network/forecast.ts";
import { weiming } from "../../src/network/presets/weiming.ts";
import { planStar } from "../../src/network/star.ts";

const seeds = ["2026", "1", "2", "3"];

describe("the ten pairs of the weiming preset", () => {
  it.each(seeds)("earn 1.5 to 3.6 times PLOB with paired bits, with wafer %s (published: 1.515 to 3.514)", (seed) => {
    const scenario = weiming({ seed, pairing: "active" });
    const ratios = planStar(scenario).map((pair) => forecastPair(scenario, pair).ratioToPlob);
    expect(Math.min(...ratios)).toBeGreaterThan(1.5);
    expect(Math.max(...ratios)).toBeLessThan(3.6);
  });

  it.each(seeds)("have X errors of 2.7 to 4.4 %, with wafer %s (published: 2.9 to 4.2 %)", (seed) => {
    const scenario = weiming({ seed, pairing: "active" });
    for (const pair of planStar(scenario)) {
      const { qberX } = forecastPair(scenario, pair);
      expect(qberX).toBeGreaterThan(0.027);
      expect(qberX).toBeLessThan(0.044);
    }
  });

  it("would earn about once PLOB without pairing", () => {
    const scenario = weiming();
    for (const pair of planStar(scenario)) {
      const { ratioToPlob } = forecastPair(scenario, pair);
      expect(ratioToPlob).toBeGreaterThan(0.8);
      expect(ratioToPlob).toBeLessThan(1.5);
    }
  });

  it("control: phases that nobody tracks leave no key", () => {
    const scenario = weiming({ pairing: "active" });
    const blind = { ...scenario, tracking: { ...scenario.tracking, fastCountRateHz: 1e4, slowCountRateHz: 1e2 } };
    expect(forecastPair(blind, planStar(blind)[0]!).ratioToPlob).toBe(0);
  });
});
