import { describe, expect, it } from "vitest";
import { planNetwork } from "../../src/network/plan/plan.ts";
import { weiming } from "../../src/network/scenario/presets/weiming.ts";
import { parseScenario, type Scenario } from "../../src/network/scenario/scenario.ts";
import { simulate } from "../../src/network/simulate.ts";

/** A comb of equally strong lines around the pump, so that nothing has to be integrated. */
function measured(lines: readonly number[], dbm: number): Scenario["comb"] {
  return {
    pumpWavelengthNm: 1550,
    spacingGhz: 30,
    measured: { linewidthHz: 40, lines: lines.map((line) => ({ line, dbm })) },
  };
}

const LINES = Array.from({ length: 13 }, (_, i) => i - 6);

/** The preset with a measured comb and changes. */
function changed(change: (scenario: Scenario) => void = () => {}): Scenario {
  const scenario = { ...weiming(), comb: measured(LINES, -5) };
  change(scenario);
  return parseScenario(scenario);
}

/** Every pair chooses its colour by itself. */
function colourless(scenario: Scenario): void {
  for (const pair of scenario.pairs) delete pair.line;
}

describe("a comb started by simulation", () => {
  it("gives every client of the preset a line, whose power and noise enter its budget", async () => {
    const scenario = weiming();
    const { comb, links, unlinked } = await planNetwork(scenario);
    expect(comb.kind).toBe("dark-pulse");
    expect(unlinked).toEqual([]);
    for (const { pair, budget } of links) {
      const colour = comb.lines.find(({ line }) => line === pair.line.line)!;
      expect(pair.lineWatts).toBe(colour.watts);
      expect(pair.alice.lock.cornerHz).toBeGreaterThan(3e8);
      // Twenty clients on one line noise: the error of the lock is dnu / 2 f_c each.
      const lock = budget.phaseBudget.find(({ contribution }) => contribution === "lock")!;
      const expected = [pair.alice, pair.bob].map((end) => end.chip.freeLinewidthHz / (2 * end.lock.cornerHz));
      expect(lock.rad2).toBeCloseTo(expected[0]! + expected[1]!, 12);
    }
    // The second plan of one comb does not integrate again.
    expect((await planNetwork(scenario)).comb).toBe(comb);
  });

  it("weakens the seed of the pair with 60 km of down-link by just their loss", async () => {
    const { links } = await planNetwork(weiming());
    const [fifth] = links.filter(({ pair }) => pair.name === "A5-B5");
    const short = structuredClone(weiming());
    for (const client of short.clients) client.downLinkKm = 0.05;
    const { links: allShort } = await planNetwork(parseScenario(short));
    const near = allShort.find(({ pair }) => pair.name === "A5-B5")!;
    const ratio = near.pair.alice.lock.injectedWatts / fifth!.pair.alice.lock.injectedWatts;
    expect(10 * Math.log10(ratio)).toBeCloseTo(0.165 * (60 - 0.05), 6);
    const lockError = ({ budget }: typeof near) => budget.phaseBudget.find((one) => one.contribution === "lock")!.rad2;
    expect(lockError(fifth!) / lockError(near)).toBeGreaterThan(2.5);
  });

  it("leaves nobody a key when it is detuned beyond the lock of its pump laser, and says so", async () => {
    const scenario = weiming();
    scenario.comb.microcomb!.start.detuningHalfLinewidths = 60;
    scenario.comb.microcomb!.start.attempts = 1;
    const { comb, links, unlinked } = await planNetwork(parseScenario(scenario));
    expect(comb.kind).toBe("homogeneous");
    expect(comb.lines).toEqual([]);
    expect(links).toEqual([]);
    expect(unlinked).toHaveLength(10);
    for (const { reason } of unlinked) expect(reason).toMatch(/^no comb: nothing but the pump circulates/);
    const { pairs, total } = await simulate(parseScenario(scenario), { threads: 0 });
    expect(total).toMatchObject({ pairs: 0, secretBits: 0, networkingCapabilityKm: 0 });
    expect(pairs.map(({ name }) => name)).toEqual(scenario.pairs.map(({ alice, bob }) => `${alice}-${bob}`));
    for (const { status, reason, secretBits } of pairs) {
      expect([status, secretBits]).toEqual(["no-key", 0]);
      expect(reason).toMatch(/^no comb/);
    }
  });

  it("is none when its pump is off", async () => {
    const scenario = weiming();
    scenario.comb.microcomb!.pumpLaser.powerMilliwatts = 0;
    scenario.comb.microcomb!.start = { ...scenario.comb.microcomb!.start, attempts: 1, rampLifetimes: 1 };
    const { comb, links } = await planNetwork(parseScenario(scenario));
    expect([comb.kind, comb.conversion, links.length]).toEqual(["homogeneous", 0, 0]);
  });

  it("loses its outer pairs first when the pump is weak", async () => {
    const scenario = weiming();
    scenario.comb.microcomb!.pumpLaser.powerMilliwatts = 40;
    scenario.comb.microcomb!.start.attempts = 1;
    const { links, unlinked } = await planNetwork(parseScenario(scenario));
    expect(links.length).toBeGreaterThan(0);
    expect(unlinked.length).toBeGreaterThan(0);
    const reach = (lines: readonly number[]) => Math.max(...lines.map(Math.abs));
    expect(reach(unlinked.map(({ line }) => line!))).toBe(5);
    for (const { reason, line } of unlinked) expect(reason).toMatch(new RegExp(`line ${line} reaches .* too weakly`));
  });

  it("stops when it is told to", async () => {
    const scenario = weiming({ seed: "stopped" });
    const shares: number[] = [];
    await expect(
      planNetwork(scenario, { signal: AbortSignal.timeout(100), onProgress: (share) => shares.push(share) }),
    ).rejects.toMatchObject({ code: "aborted" });
    expect(shares.length).toBeGreaterThan(0);
    expect(shares.at(-1)).toBeLessThan(1);
  });
});

describe("colours", () => {
  it("are the strongest lines beside the pump, the strongest to the longest down-link, none twice in a round", async () => {
    const scenario = changed((one) => {
      colourless(one);
      one.comb.measured!.lines = LINES.map((line) => ({ line, dbm: -Math.abs(line) }));
    });
    const { links } = await planNetwork(scenario);
    const used = links.map(({ pair }) => pair.line.line);
    expect(new Set(used).size).toBe(10);
    expect(used).not.toContain(0);
    expect([...used].sort((a, b) => a - b)).toEqual([-5, -4, -3, -2, -1, 1, 2, 3, 4, 5]);
    const farthest = links.find(({ pair }) => pair.alice.client.downLinkKm === 60)!;
    expect(farthest.pair.line.line).toBe(-1);
  });

  it("keep their distance; whoever finds none left is told", async () => {
    const { links, unlinked } = await planNetwork(
      changed((one) => {
        colourless(one);
        one.distribution.colourSpacingLines = 2;
      }),
    );
    const used = links.map(({ pair }) => pair.line.line).sort((a, b) => a - b);
    const nearest = Math.min(...used.slice(1).map((line, i) => line - used[i]!));
    expect(nearest).toBeGreaterThanOrEqual(2);
    expect(unlinked.length).toBeGreaterThanOrEqual(4);
    for (const { reason, line } of unlinked) expect([reason, line]).toEqual(["no comb line is left", null]);
  });

  it("leak into each other: neighbours more than others, and only those that are on", async () => {
    const noise = async (change: (one: Scenario) => void) => {
      const { links } = await planNetwork(changed(change));
      return links[0]!;
    };
    const alone = await noise((one) => {
      one.pairs = one.pairs.slice(0, 1);
    });
    expect(alone.pair.othersOn).toEqual({ adjacent: 0, farther: 0 });
    const all = await noise(() => {});
    expect(all.pair.othersOn).toEqual({ adjacent: 1, farther: 8 });
    const { otherChannelCountRateHz: rate, adjacentIsolationDb, fartherIsolationDb } = weiming().strayLight;
    const leaked = rate * (10 ** (-adjacentIsolationDb / 10) + 8 * 10 ** (-fartherIsolationDb / 10));
    const more = (all.budget.noiseProbability - alone.budget.noiseProbability) / 700e-12;
    expect(more / leaked).toBeCloseTo(1, 6);
    const rounds = await noise((one) => {
      one.pairs.forEach((pair, i) => {
        pair.round = 1 + (i % 2);
      });
    });
    expect(rounds.pair.othersOn).toEqual({ adjacent: 0, farther: 4 });
  });

  it("that the comb does not have, or that are too weak for any chip, are no reason to waste chips", async () => {
    const { links, unlinked, replaced } = await planNetwork(
      changed((one) => {
        one.pairs[0]!.line = 9;
        one.comb.measured!.lines.find(({ line }) => line === -4)!.dbm = -40;
      }),
    );
    expect(links).toHaveLength(8);
    expect(unlinked.map(({ name }) => name)).toEqual(["A1-B1", "A2-B2"]);
    expect(unlinked[0]!.reason).toBe("the comb has no line 9 to lock to");
    expect(unlinked[1]!.reason).toMatch(
      /line -4 reaches A2 too weakly: a lock range of [\d.]+ MHz where 100 MHz are needed/,
    );
    expect(replaced).toEqual([]);
  });
});

describe("chips", () => {
  it("that miss the specification are replaced by the next of the wafer, and reported", async () => {
    const scenario = changed((one) => {
      // Half a standard deviation below the design value: a third of all chips miss it.
      one.protocol.extinctionDb = 44.4;
    });
    const { links, replaced } = await planNetwork(scenario);
    expect(replaced.length).toBeGreaterThan(0);
    for (const { reason, client } of replaced) {
      expect(reason).toMatch(/^extinction of 4[0-4][.\d]* dB where 44.4 dB are specified$/);
      expect(scenario.clients.some(({ name }) => name === client)).toBe(true);
    }
    for (const { pair } of links) {
      for (const { chip } of [pair.alice, pair.bob]) expect(chip.extinctionDb).toBeGreaterThanOrEqual(44.4);
    }
    const given = links.flatMap(({ pair }) => [pair.alice.chip.chip, pair.bob.chip.chip]);
    expect(new Set([...given, ...replaced.map(({ chip }) => chip)]).size).toBe(given.length + replaced.length);
  });

  it("run out: the last clients have none, and their pairs no key", async () => {
    const { links, unlinked, replaced } = await planNetwork(
      changed((one) => {
        one.protocol.extinctionDb = 45.2;
      }),
    );
    expect(links.length).toBeLessThan(10);
    expect(links.length + unlinked.length).toBe(10);
    expect(unlinked.every(({ reason }) => /^no chip is left for B\d+$/.test(reason))).toBe(true);
    expect(replaced.length).toBeGreaterThan(4);
  });

  it("whose laser cannot be tuned to its line do not lock, and are replaced", async () => {
    const wild = changed((one) => {
      one.wafer.chips = 200;
      one.wafer.modulatorYield = 1;
      one.wafer.spreads.tuningErrorHz.white = 1e9;
    });
    const { links, replaced } = await planNetwork(wild);
    expect(replaced.length).toBeGreaterThan(5);
    for (const { reason } of replaced) expect(reason).toMatch(/MHz off where it was tuned to, outside its lock range/);
    for (const { pair } of links) {
      for (const { lock } of [pair.alice, pair.bob]) {
        expect(lock.detuningHz).toBeGreaterThan(lock.lock.rangeHz[0]);
        expect(lock.detuningHz).toBeLessThan(lock.lock.rangeHz[1]);
      }
    }
  });
});

describe("rounds", () => {
  it("share the pulses, and let one client meet many", async () => {
    const scenario = changed((one) => {
      one.clients = one.clients.slice(0, 5);
      one.pairs = { schedule: "round-robin" } as never;
      one.pulses = 1e9;
    });
    expect(scenario.pairs).toHaveLength(10);
    const { links } = await planNetwork(scenario);
    expect(links).toHaveLength(10);
    expect(new Set(links.map(({ pair }) => pair.pulses))).toEqual(new Set([2e8]));
    expect(links.map(({ pair }) => pair.round)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    const chips = new Map<string, number>();
    for (const { pair } of links) {
      for (const { client, chip } of [pair.alice, pair.bob]) {
        expect(chips.get(client.name) ?? chip.chip, client.name).toBe(chip.chip);
        chips.set(client.name, chip.chip);
      }
    }
  });

  it("that ask a client or a colour twice are refused", () => {
    expect(() => changed((one) => one.pairs.push({ alice: "A1", bob: "B2", line: 6 }))).toThrow(
      /pairs.10.alice: expected a client that has no other pair in round 1/,
    );
    expect(() => changed((one) => one.pairs.push({ alice: "A1", bob: "B2", line: 6, round: 2 }))).not.toThrow();
    expect(() => changed((one) => Object.assign(one.pairs[3]!, { line: -5 }))).toThrow(
      /pairs.3.line: expected a line that no other pair uses in round 1/,
    );
    expect(() => changed((one) => Object.assign(one.comb, { microcomb: weiming().comb.microcomb }))).toThrow(
      /comb: expected either a microcomb or measured lines/,
    );
  });
});
