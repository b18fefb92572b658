import { expect, it } from "vitest";
import { countPair } from "../../src/network/count-pair.ts";
import { forecastPair } from "../../src/network/plan/forecast.ts";
import { planNetwork } from "../../src/network/plan/plan.ts";
import { metropolitan } from "../../src/network/scenario/presets/metropolitan.ts";
import { parseScenario, type Scenario } from "../../src/network/scenario/scenario.ts";

/** The first pair of the metropolitan preset alone. */
function pair(deadTimeNs: number, pulses: number): Scenario {
  const preset = metropolitan({ pulses });
  return parseScenario({
    ...preset,
    detector: { ...preset.detector, deadTimeNs },
    pairs: [{ ...preset.pairs[0], round: 1 }],
  });
}

it("loses to dead detectors what the counting loses to them", async () => {
  const clicks = async (deadTimeNs: number) => {
    const scenario = pair(deadTimeNs, 2e7);
    const { counts } = await countPair(scenario, (await planNetwork(scenario)).links[0]!);
    return counts.reduce((sum, { left, right }) => sum + left + right, 0);
  };
  const forecast = async (deadTimeNs: number) => {
    // Without finite-size terms the key is in proportion to the clicks.
    const scenario = pair(deadTimeNs, 1e15);
    return forecastPair(scenario, (await planNetwork(scenario)).links[0]!).keyRatePerPulse;
  };
  const [alive, dead] = [await clicks(0), await clicks(60)];
  const [best, worse] = [await forecast(0), await forecast(60)];
  expect(worse / best).toBeLessThan(0.9);
  // Half a million clicks each: the ratio scatters by two in a thousand; five of these, and one per cent for the formula.
  expect(Math.abs(dead / alive - worse / best)).toBeLessThan(0.02);
});
