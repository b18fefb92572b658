/** The preset's own ten pairs against Zheng et al., Nature 651, 68 (2026), by formulas: no photon is counted here. */
import { describe, expect, it } from "vitest";
import { forecastPair } from "../../src/network/plan/forecast.ts";
import { planNetwork } from "../../src/network/plan/plan.ts";
import { weiming } from "../../src/network/scenario/presets/weiming.ts";

const seeds = ["2026", "1", "2", "3"];

describe("the ten pairs of the weiming preset", () => {
  it.each(seeds)(
    "earn 1.5 to 3.6 times PLOB with paired bits, with wafer %s (published: 1.515 to 3.514)",
    async (seed) => {
      const scenario = weiming({ seed });
      const ratios = (await planNetwork(scenario)).links.map((link) => forecastPair(scenario, link).ratioToPlob);
      expect(Math.min(...ratios)).toBeGreaterThan(1.5);
      expect(Math.max(...ratios)).toBeLessThan(3.6);
    },
  );

  it.each(seeds)("have X errors of 2.9 to 4.2 %, as published, with wafer %s", async (seed) => {
    const scenario = weiming({ seed });
    for (const link of (await planNetwork(scenario)).links) {
      const { qberX } = forecastPair(scenario, link);
      expect(qberX).toBeGreaterThan(0.029);
      expect(qberX).toBeLessThan(0.042);
    }
  });

  it("would earn about once PLOB without pairing", async () => {
    const scenario = weiming({ pairing: "none" });
    for (const link of (await planNetwork(scenario)).links) {
      const { ratioToPlob } = forecastPair(scenario, link);
      expect(ratioToPlob).toBeGreaterThan(0.8);
      expect(ratioToPlob).toBeLessThan(1.5);
    }
  });

  it("control: phases that nobody tracks leave no key", async () => {
    const scenario = weiming();
    const blind = { ...scenario, tracking: { ...scenario.tracking, fastCountRateHz: 1e4, slowCountRateHz: 1e2 } };
    const { links } = await planNetwork(blind);
    expect(forecastPair(blind, links[0]!).ratioToPlob).toBe(0);
  });
});
