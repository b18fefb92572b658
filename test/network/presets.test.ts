import { describe, expect, it } from "vitest";
import { forecastPair } from "../../src/network/plan/forecast.ts";
import { planNetwork } from "../../src/network/plan/plan.ts";
import { PRESETS } from "../../src/network/scenario/presets/index.ts";
import { metropolitan } from "../../src/network/scenario/presets/metropolitan.ts";
import { weiming } from "../../src/network/scenario/presets/weiming.ts";
import { scenarioProvenance } from "../../src/network/scenario/provenance.ts";
import { parseScenario } from "../../src/network/scenario/scenario.ts";

/** Paths of all numbers of a scenario, the file's format left out. */
function numberPaths(node: unknown, path: string[] = []): string[] {
  if (typeof node === "number") return [path.join(".")];
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, child]) => numberPaths(child, [...path, key]));
}

describe.each(Object.entries(PRESETS))("the preset %s", (name, preset) => {
  const scenario = preset();

  it("bears its own name, survives JSON, and takes pulses and seed", () => {
    expect(scenario.name).toBe(name);
    expect(parseScenario(JSON.parse(JSON.stringify(scenario)))).toEqual(scenario);
    expect(preset({ pulses: 12_345_678, seed: "s" })).toEqual({ ...scenario, pulses: 12_345_678, seed: "s" });
  });

  it("says of every number where it comes from", () => {
    const rows = scenarioProvenance(scenario);
    const { version, ...numbers } = scenario;
    expect(rows.map(({ path }) => path)).toEqual(numberPaths(numbers));
    for (const { path, provenance, source } of rows) {
      expect(["published", "derived", "assumed"], path).toContain(provenance);
      expect(source.length, path).toBeGreaterThan(3);
    }
  });

  it("runs: every pair is linked and has a forecast key", async () => {
    const { links, unlinked } = await planNetwork(scenario);
    expect(unlinked).toEqual([]);
    expect(links).toHaveLength(scenario.pairs.length);
    for (const link of links) expect(forecastPair(scenario, link).keyRatePerPulse, link.pair.name).toBeGreaterThan(0);
  });
});

describe("origins of numbers", () => {
  it("are those of a preset only where its values still stand", () => {
    const changed = weiming();
    changed.fibre.lossDbPerKm = 0.2;
    const row = (path: string) => scenarioProvenance(changed).find((one) => one.path === path)!;
    expect(row("fibre.lossDbPerKm")).toMatchObject({ provenance: "given", value: 0.2, unit: "dB/km" });
    expect(row("clients.0.upLinkKm")).toMatchObject({ provenance: "published", value: 185 });
    expect(scenarioProvenance({ ...changed, name: "mine" }).every(({ provenance }) => provenance === "given")).toBe(
      true,
    );
  });
});

describe("the metropolitan preset", () => {
  it("lets everyone meet everyone in seven rounds over 50 km on average", () => {
    const { clients, pairs } = metropolitan();
    const upLink = new Map(clients.map((client) => [client.name, client.upLinkKm]));
    expect(new Set(pairs.map(({ alice, bob }) => [alice, bob].sort().join())).size).toBe((8 * 7) / 2);
    expect(Math.max(...pairs.map(({ round }) => round!))).toBe(7);
    const km = pairs.map(({ alice, bob }) => upLink.get(alice)! + upLink.get(bob)!);
    expect(km.reduce((sum, one) => sum + one, 0) / km.length).toBe(50);
  });
});
