import { describe, expect, it } from "vitest";
import { forecastPair } from "../../src/network/plan/forecast.ts";
import { optimised } from "../../src/network/plan/optimised.ts";
import { planNetwork } from "../../src/network/plan/plan.ts";
import { weiming } from "../../src/network/scenario/presets/weiming.ts";
import { parseScenario, type Scenario } from "../../src/network/scenario/scenario.ts";

/** Two pairs on a measured comb whose laser is quiet enough for ways of unequal length; the second has unequal arms. */
function scenario(pulses: number): Scenario {
  const preset = weiming({ pulses });
  return parseScenario({
    ...preset,
    comb: {
      pumpWavelengthNm: 1550,
      spacingGhz: 30,
      measured: { linewidthHz: 1, lines: [1, 2].map((line) => ({ line, dbm: 0 })) },
    },
    clients: [100, 100, 80, 120].map((upLinkKm, i) => ({ name: `C${i}`, upLinkKm, downLinkKm: 0 })),
    pairs: [
      { alice: "C0", bob: "C1", line: 1 },
      { alice: "C2", bob: "C3", line: 2 },
    ],
  });
}

async function rates(one: Scenario): Promise<number[]> {
  return (await planNetwork(one)).links.map((link) => forecastPair(one, link).keyRatePerPulse);
}

describe("fitted settings", () => {
  it("beat the preset's for every link and number of pulses, most where arms differ", async () => {
    for (const pulses of [1e10, 1e12]) {
      const one = scenario(pulses);
      const fitted = await optimised(one);
      expect(parseScenario(JSON.parse(JSON.stringify(fitted)))).toEqual(fitted);
      const [before, after] = [await rates(one), await rates(fitted)];
      expect(after[0]!).toBeGreaterThan(before[0]!);
      expect(after[1]!).toBeGreaterThan(1.2 * before[1]!);
      expect(fitted.pairs[0]!.settings!.bob).toBeUndefined();
      // Nearer to the server, dimmer.
      expect(fitted.pairs[1]!.settings!.bob!.zSend).toBeGreaterThan(fitted.pairs[1]!.settings!.zSend);
    }
  });

  it("of unequal arms obey the condition of sending-or-not-sending between both users", async () => {
    const fitted = await optimised(scenario(1e12), { pair: 1 });
    expect(fitted.pairs[0]!.settings).toBeUndefined();
    const { alice, bob } = (await planNetwork(fitted)).links[1]!.pair.settings;
    // Hu et al., Phys. Rev. A 100, 062337 (2019): one photon of one user alone is as likely his as his share of x1 light.
    const lone = (sender: typeof alice, other: typeof alice) =>
      sender.probabilities.send *
      (1 - other.probabilities.send) *
      sender.intensities.zSend *
      Math.exp(-sender.intensities.zSend - other.intensities.zNot);
    const ratio = lone(alice, bob) / lone(bob, alice);
    expect(alice.intensities.x1 / bob.intensities.x1 / ratio).toBeCloseTo(1, 9);
    expect(ratio).toBeLessThan(0.8);
  });

  it("can be interrupted between pairs", async () => {
    const controller = new AbortController();
    const run = optimised(scenario(1e12), {
      signal: controller.signal,
      onProgress: (f) => f > 0.3 && controller.abort(),
    });
    await expect(run).rejects.toMatchObject({ code: "aborted" });
  });
});
