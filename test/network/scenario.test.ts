import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TwincombError } from "../../src/errors.ts";
import { weiming } from "../../src/network/scenario/presets/weiming.ts";
import { parseScenario } from "../../src/network/scenario/scenario.ts";
import { scenarioJsonSchema } from "../../src/network/scenario/scenario-schema.ts";

/** The preset with single values replaced, by path; an undefined value removes. */
function changed(...changes: [path: string, value: unknown][]): unknown {
  const scenario: unknown = structuredClone(weiming());
  for (const [path, value] of changes) {
    const keys = path.split(".");
    const last = keys.pop()!;
    const node = keys.reduce((at, key) => (at as Record<string, unknown>)[key], scenario);
    (node as Record<string, unknown>)[last] = value;
  }
  return scenario;
}

function refusal(scenario: unknown): TwincombError {
  try {
    parseScenario(scenario);
  } catch (error) {
    if (error instanceof TwincombError) return error;
    throw error;
  }
  throw new Error("the scenario was accepted");
}

describe("scenario files", () => {
  it("survive JSON", () => {
    expect(parseScenario(JSON.parse(JSON.stringify(weiming())))).toEqual(weiming());
  });

  it.each<[string, string, unknown, RegExp]>([
    ["an unknown key", "fibre.lossDbPerKilometre", 0.2, /unknown key; did you mean "lossDbPerKm"/],
    ["a key in another unit", "clients.3.upLinkM", 185_000, /did you mean "upLinkKm"/],
    [
      "a number with its unit as text",
      "fibre.lossDbPerKm",
      "0.2 dB",
      /expected a number, found "0.2 dB" \(attenuation, dB/,
    ],
    ["NaN", "detector.efficiency", Number.NaN, /expected a number, found NaN/],
    ["infinity", "fibre.lossDbPerKm", Number.POSITIVE_INFINITY, /found Infinity/],
    ["a negative loss", "fibre.lossDbPerKm", -0.1, /expected a number >= 0, found -0.1/],
    ["a probability above 1", "detector.efficiency", 1.5, /expected a number <= 1, found 1.5/],
    ["a choice that is never made", "protocol.sendProbability", 0, /expected a number >= 0.000001, found 0/],
    ["half a pulse", "pulses", 0.5, /whole number/],
    ["a missing section", "detector", undefined, /found nothing/],
    ["a pair of one client with itself", "pairs.0.bob", "A1", /another client/],
    ["a client that does not exist", "pairs.2.alice", "Z9", /name of a client/],
    ["two clients of one name", "clients.1.name", "A1", /no other client/],
    ["a gate longer than a slot", "detector.gateWidthPs", 5000, /at most a slot/],
    ["more clients than chips", "wafer.chips", 10, /as many chips as clients/],
    ["a decoy below what closed modulators leave", "protocol.x1", 1e-5, /closed modulators leave/],
    ["more spare modulators than there are", "wafer.spareModulators", 6, /at most all 5 of a chip/],
    ["a colour of negative frequency", "pairs.0.line", -9000, /positive frequency/],
  ])("refuse %s", (_, path, value, message) => {
    const error = refusal(changed([path, value]));
    expect(error.code).toBe("invalid-input");
    expect(error.parameter).toBe(path);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(path);
  });

  it("refuse a pump too strong to be integrated, and a laser too tightly locked", () => {
    const pump = refusal(changed(["comb.microcomb.pumpLaser.powerMilliwatts", 1e5]));
    expect(pump.message).toMatch(/pumpMilliwatts: expected a number in \[0, 4575/);
    expect(refusal(changed(["comb.microcomb.pumpLaser.laserQ", 1])).message).toMatch(/stabilisation of the pump laser/);
  });

  it.each<[string, unknown, string, RegExp]>([
    ["neither a list nor a schedule", 3, "pairs", /expected a list of pairs, or a schedule, found 3/],
    ["an unknown schedule", { schedule: "robin" }, "pairs.schedule", /expected "round-robin", found "robin"/],
    ["a schedule misspelt", { scedule: "round-robin" }, "pairs.scedule", /did you mean "schedule"/],
    ["a pair's unknown key", [{ alice: "A1", bob: "B1", lin: 3 }], "pairs.0.lin", /did you mean "line"/],
    ["half a line", [{ alice: "A1", bob: "B1", line: 0.5 }], "pairs.0.line", /whole number, found 0.5 \(comb line/],
  ])("say what is wrong with %s, though there are two ways to give pairs", (_, pairs, path, message) => {
    const error = refusal(changed(["pairs", pairs]));
    expect(error.message).toContain(`${path}: `);
    expect(error.message).toMatch(message);
  });

  it("refuse everything at once, one line a fault, and say where to look next", () => {
    const error = refusal(changed(["detector.efficiency", 2], ["fibre.lossDbPerKm", "x"]));
    const lines = error.message.split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain("twincomb schema scenario");
  });

  it("never accept a number that is not one, wherever it stands", () => {
    const paths: string[] = [];
    const walk = (node: unknown, path: string[]) => {
      if (typeof node === "number") paths.push(path.join("."));
      else if (typeof node === "object" && node !== null) {
        for (const [key, child] of Object.entries(node)) walk(child, [...path, key]);
      }
    };
    walk(weiming(), []);
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.constantFrom<unknown>(Number.NaN, "1", null, [], Infinity),
        (path, value) => {
          expect(refusal(changed([path, value])).parameter).toBe(path);
        },
      ),
    );
  });

  it("have a JSON Schema that names every section and refuses other keys", () => {
    const schema = scenarioJsonSchema() as { properties: Record<string, unknown>; additionalProperties: boolean };
    expect(Object.keys(weiming()).filter((key) => !(key in schema.properties))).toEqual([]);
    expect(schema.additionalProperties).toBe(false);
  });
});

describe("the weiming preset", () => {
  it("is the published network: twenty users, ten colours around 1549.78 nm, 3,700 km in all", () => {
    const { clients, pairs, comb } = weiming();
    expect(clients).toHaveLength(20);
    expect(new Set(pairs.map((pair) => pair.line)).size).toBe(10);
    expect(comb).toMatchObject({ pumpWavelengthNm: 1549.78, spacingGhz: 30.03 });
    const km = new Map(clients.map((client) => [client.name, client.upLinkKm]));
    expect(pairs.reduce((sum, pair) => sum + km.get(pair.alice)! + km.get(pair.bob)!, 0)).toBe(3700);
  });
});
