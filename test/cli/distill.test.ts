import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { PairResult } from "../../src/network/result.ts";
import { weiming } from "../../src/network/scenario/presets/weiming.ts";
import { temporaryFolder, twincomb } from "./twincomb.ts";

const folder = temporaryFolder();
const file = (...names: string[]) => join(folder, ...names);
const words = (run = file("run")) => [
  ...["--alice", join(run, "alice.csv")],
  ...["--bob", join(run, "bob.csv")],
  ...["--server", join(run, "server.csv")],
];

/** A plain pair over fibres so short that few pulses give a key; the second of two, so that its number matters. */
const scenario = {
  ...weiming({ pairing: "none", pulses: 2e8, seed: "recorded" }),
  clients: ["A1", "B1", "A2", "B2"].map((name) => ({ name, upLinkKm: 20, downLinkKm: 0.05 })),
  pairs: [
    { alice: "A1", bob: "B1", line: 1 },
    { alice: "A2", bob: "B2", line: 2 },
  ],
};

let recorded: ReturnType<typeof twincomb>;
beforeAll(() => {
  writeFileSync(file("scenario.json"), JSON.stringify(scenario));
  recorded = twincomb("count", file("scenario.json"), "--pair", "A2-B2", "--records", file("run"), "--json");
}, 60_000);

describe("twincomb distill", () => {
  it("makes the session's own key from the session's own clicks", () => {
    expect(recorded.code, recorded.stderr).toBe(0);
    const { pairs } = JSON.parse(twincomb("network", file("scenario.json"), "--json").stdout) as {
      pairs: PairResult[];
    };
    const run = twincomb("distill", ...words(), "--seed", "recorded", "--json");
    expect(run.code, run.stderr).toBe(0);
    const { stageSeconds: _, expectedErrorX, ...result } = JSON.parse(run.stdout) as PairResult;
    const { stageSeconds: __, expectedErrorX: ___, ...session } = pairs[1]!;
    expect(expectedErrorX).toBeNull();
    expect(result).toEqual(session);
    expect(result.secretBits).toBeGreaterThan(1000);
    expect(result.simulated).toBe(true);
  });

  it("draws its own randomness without a seed: another key each time, no simulation, kept in files", () => {
    const [one, two] = ["one", "two"].map((name) => {
      const run = twincomb("distill", ...words(), "--out", file(name));
      expect(run.code, run.stderr).toBe(0);
      expect(run.stdout).toMatch(/both keys are identical\n/);
      return JSON.parse(readFileSync(file(name, "result.json"), "utf8")) as PairResult;
    });
    expect(one).toMatchObject({ name: "A2-B2", simulated: false, keysIdentical: true });
    expect(one!.aliceKeySha256).not.toBe(two!.aliceKeySha256);
    const keys = readdirSync(file("one", "keys")).map((name) => file("one", "keys", name));
    expect(keys).toHaveLength(2);
    for (const key of keys) {
      expect(statSync(key).mode & 0o777).toBe(0o600);
      expect(readFileSync(key)).toHaveLength(Math.ceil(one!.secretBits / 8));
    }
    expect(readFileSync(keys[0]!)).toEqual(readFileSync(keys[1]!));
    expect(readdirSync(file("one", "transcripts"))).toHaveLength(1);
    expect(JSON.parse(readFileSync(file("one", "terms.json"), "utf8"))).toMatchObject({ pulses: 2e8 });
  });

  it("exits with 3 and says why when the clicks leave no key", () => {
    mkdirSync(file("poor"));
    cpSync(file("run"), file("poor"), { recursive: true });
    const terms = JSON.parse(readFileSync(file("run", "terms.json"), "utf8"));
    writeFileSync(file("poor", "terms.json"), JSON.stringify({ ...terms, failureProbability: 1e-200 }));
    const poor = twincomb("distill", ...words(file("poor")));
    expect(poor.code).toBe(3);
    expect(poor.stdout).toMatch(/no key: /);
  });

  it("refuses with 2 what is not as it must be, says where, and writes nothing", () => {
    mkdirSync(file("bad"));
    cpSync(file("run"), file("bad"), { recursive: true });
    const refused = (message: RegExp, ...given: string[]) => {
      const run = twincomb("distill", ...given, "--out", file("none"));
      expect(run.stderr).toMatch(message);
      expect(run).toMatchObject({ code: 2, stdout: "" });
      expect(existsSync(file("none"))).toBe(false);
      expect(readdirSync(folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
    };
    const bad = file("bad");
    truncateSync(join(bad, "bob.csv"), statSync(join(bad, "bob.csv")).size - 3);
    refused(/bad\/bob\.csv, line \d+: .*cut off/, ...words(bad));
    cpSync(file("run", "bob.csv"), join(bad, "bob.csv"));
    const server = readFileSync(file("run", "server.csv"), "utf8");
    writeFileSync(join(bad, "server.csv"), server.slice(0, server.lastIndexOf("\n", server.length - 2) + 1));
    refused(/alice\.csv: expected as many rows as .*server\.csv/, ...words(bad));
    writeFileSync(join(bad, "terms.json"), "{}");
    refused(/terms\.json|version: expected 1/, ...words(bad));
    refused(/none\.csv: cannot be read/, "--alice", "none.csv", ...words().slice(2));
  });

  it("records are never written over anything", () => {
    const again = twincomb("count", file("scenario.json"), "--records", file("run"));
    expect(again).toMatchObject({ code: 2, stdout: "" });
    expect(again.stderr).toMatch(/--records: expected a folder that is new or empty/);
  });

  it("explains itself, and its terms have a schema", () => {
    expect(twincomb("distill", "--help").stdout).toMatch(/Examples:\n {2}twincomb count .*--records/);
    const schema = JSON.parse(twincomb("schema", "terms").stdout) as { properties: object };
    expect(Object.keys(schema.properties)).toContain("failureProbability");
  });
});
