/** The `zhou-2023` preset against Zhou et al., Nat. Commun. 14, 928 (2023), by formulas: no photon is counted here. */
import { expect, it } from "vitest";
import { forecastPair } from "../../src/network/plan/forecast.ts";
import { planNetwork } from "../../src/network/plan/plan.ts";
import { zhou2023 } from "../../src/network/scenario/presets/zhou-2023.ts";
import { scenarioProvenance } from "../../src/network/scenario/provenance.ts";

const scenario = zhou2023();

it("forecasts 146.7 bit/s within a tenth at the published X error of 5.17 %", async () => {
  const [link] = (await planNetwork(scenario)).links;
  const { keyRateBps, qberX } = forecastPair(scenario, link!);
  console.log(`zhou-2023: ${keyRateBps.toFixed(1)} bit/s at an X error of ${(100 * qberX).toFixed(2)} %`);
  expect(keyRateBps / 146.7).toBeGreaterThan(0.9);
  expect(keyRateBps / 146.7).toBeLessThan(1.1);
  expect(Math.abs(qberX - 0.0517)).toBeLessThan(0.001);
});

it("has the published length, losses and settings", async () => {
  const [link] = (await planNetwork(scenario)).links;
  expect(link!.pair.distanceKm).toBeCloseTo(403.73, 9);
  expect(link!.budget.aliceArm.lossDb).toBeCloseTo(38.47, 9);
  expect(link!.budget.bobArm.lossDb).toBeCloseTo(38.42, 9);
  const { intensities, probabilities } = link!.pair.settings.alice;
  expect(intensities).toMatchObject({ zSend: 0.493, x1: 0.105 });
  expect(intensities.zNot).toBeCloseTo(0.0002, 9);
  expect(probabilities.x2).toBe(0);
  for (const row of scenarioProvenance(scenario)) {
    if (row.provenance === "published") expect(row.source, row.path).toContain("10.1038/s41467-023-36573-2");
  }
});

it("control: a tenth of the detector efficiency misses the rate by far", async () => {
  const blind = { ...scenario, detector: { ...scenario.detector, efficiency: 0.0625 } };
  const [link] = (await planNetwork(blind)).links;
  expect(forecastPair(blind, link!).keyRateBps / 146.7).toBeLessThan(0.2);
});
