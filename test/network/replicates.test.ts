import { describe, expect, it } from "vitest";
import { replicate, replicateSeeds, spreadOf } from "../../src/network/replicates.ts";
import type { NetworkResult, PairResult } from "../../src/network/result.ts";
import { weiming } from "../../src/network/scenario/presets/weiming.ts";

const scenario = weiming({ seed: "s", pulses: 1e9 });

/** A result as a run would give it, with figures made up for the test. */
function result(seed: string, pair: object): NetworkResult {
  const { secretBits, keysIdentical } = pair as PairResult;
  return {
    version: "1.2.3",
    streamVersion: 4,
    scenario: "made up",
    seed,
    pulses: 1e9,
    elapsedSeconds: 2,
    pairs: [{ name: "A-B", ...pair } as PairResult],
    replaced: [],
    total: { pairs: keysIdentical ? 1 : 0, secretBits, networkingCapabilityKm: keysIdentical ? 370 : 0 },
  };
}

describe("replicates", () => {
  it("give the same scenario seeds that follow from its own, and nothing else of it another value", async () => {
    const seen: unknown[] = [];
    await replicate(scenario, 3, async (given, index) => {
      seen.push({ ...given, seed: scenario.seed });
      expect(given.seed).toBe(`s/${index + 1}`);
      return result(given.seed, { secretBits: 1, keysIdentical: true });
    });
    expect(seen).toEqual([scenario, scenario, scenario]);
  });

  it("give mean, standard deviation and range of every number, and say where one is missing", async () => {
    const pairs = [
      { secretBits: 10, keysIdentical: true, qberX: 0.03, account: { bits: [{ name: "tag", bits: -64 }] } },
      { secretBits: 0, keysIdentical: false, qberX: null, account: null },
      { secretBits: 20, keysIdentical: true, qberX: 0.05, account: { bits: [{ name: "tag", bits: -64 }] } },
    ];
    const {
      pairs: figures,
      total,
      ...rest
    } = await replicate(scenario, 3, async ({ seed }, index) => result(seed, pairs[index]!));
    expect(rest).toMatchObject({ seed: "s", seeds: ["s/1", "s/2", "s/3"], elapsedSeconds: 6, streamVersion: 4 });
    expect(figures).toEqual([
      {
        name: "A-B",
        keys: 2,
        figures: {
          secretBits: { runs: 3, mean: 10, standardDeviation: 10, minimum: 0, maximum: 20 },
          qberX: { runs: 2, mean: 0.04, standardDeviation: 0.0141421356237, minimum: 0.03, maximum: 0.05 },
          "account.bits.tag.bits": { runs: 2, mean: -64, standardDeviation: 0, minimum: -64, maximum: -64 },
        },
      },
    ]);
    expect(total.figures["networkingCapabilityKm"]).toMatchObject({ minimum: 0, maximum: 370 });
    expect(Object.keys(total.figures)).toEqual(["pairs", "secretBits", "networkingCapabilityKm"]);
  });

  it("have no standard deviation when there is one run alone", () => {
    expect(spreadOf([7])).toEqual({ runs: 1, mean: 7, standardDeviation: null, minimum: 7, maximum: 7 });
  });

  it.each([0, -1, 1.5, Number.NaN])("refuse %s runs", (count) => {
    expect(() => replicateSeeds("s", count)).toThrow(/replicates: expected a whole number/);
  });

  it("pass on what a run throws", async () => {
    const stopped = replicate(scenario, 2, () => Promise.reject(new Error("stopped")));
    await expect(stopped).rejects.toThrow("stopped");
  });
});
