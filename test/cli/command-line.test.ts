import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder, twincomb } from "./twincomb.ts";

const folder = temporaryFolder();

function withoutTimes(json: string): unknown {
  return JSON.parse(json, (key, value: unknown) => (/Seconds$|PerSecond/.test(key) ? undefined : value));
}

/** Seconds of work become a fraction: short fibres give enough clicks from few pulses. */
const shortFibres = Array.from({ length: 20 }, (_, i) => ["--set", `clients.${i}.upLinkKm=100`]).flat();

describe("twincomb network", () => {
  it("prints the same JSON for any number of workers, and JSON alone", () => {
    const run = (threads: string) =>
      twincomb("network", "--json", "--pulses", "2e9", "--seed", "7", "--threads", threads, ...shortFibres);
    const [one, two, four] = [run("1"), run("2"), run("4")];
    expect([one.code, two.code, four.code]).toEqual([0, 0, 0]);
    expect(one.stderr).toBe("");
    expect(withoutTimes(two.stdout)).toEqual(withoutTimes(one.stdout));
    expect(withoutTimes(four.stdout)).toEqual(withoutTimes(one.stdout));
    const result = JSON.parse(one.stdout) as { pairs: { keysIdentical: boolean }[]; total: unknown; seed: string };
    expect(result.seed).toBe("7");
    expect(result.pairs.map((pair) => pair.keysIdentical)).toEqual(Array(10).fill(true));
    expect(result.total).toMatchObject({ pairs: 10, networkingCapabilityKm: 2000 });
  });

  it("another seed gives other keys", () => {
    const digest = (seed: string) =>
      (
        JSON.parse(
          twincomb(
            "network",
            "--json",
            "--pulses",
            "2e9",
            "--seed",
            seed,
            "--set",
            'pairs=[{"alice":"A1","bob":"B1","line":1}]',
            ...shortFibres,
          ).stdout,
        ) as { pairs: { aliceKeySha256: string }[] }
      ).pairs[0]!.aliceKeySha256;
    expect(digest("one")).not.toBe(digest("two"));
  });

  it("reports pairs without a key, goes on with the others, and exits with 3", () => {
    const long = ["--set", "clients.0.upLinkKm=400"];
    const { code, stdout } = twincomb("network", "--json", "--pulses", "2e9", ...shortFibres, ...long);
    expect(code).toBe(3);
    const { pairs } = JSON.parse(stdout) as { pairs: { status: string; reason?: string; secretBits: number }[] };
    expect(pairs[0]).toMatchObject({ status: "no-key", secretBits: 0 });
    expect(pairs[0]!.reason).toMatch(/bounds|left|verification/);
    expect(pairs.slice(1).every((pair) => pair.status === "key" && pair.secretBits > 0)).toBe(true);
  });

  it("--dry-run prints the link budget and counts nothing", () => {
    const { code, stdout } = twincomb("network", "--dry-run", "--pulses", "1e15");
    expect(code).toBe(0);
    expect(stdout).toMatch(/A10-B10/);
  });
});

describe("bad input exits with 2, says where, and runs nothing", () => {
  const broken = join(folder, "broken.json");
  writeFileSync(broken, "{ not json");
  const wrong = join(folder, "wrong.json");
  writeFileSync(wrong, JSON.stringify({ version: 1, name: "x", fibre: { lossPerKm: 0.2 } }));

  it.each<[string, string[], RegExp]>([
    ["a file that is not there", ["network", join(folder, "none.json")], /none\.json: cannot be read/],
    ["a file that is not JSON", ["network", broken], /broken\.json: not JSON/],
    ["an unknown key in a file", ["validate", wrong], /fibre\.lossPerKm: unknown key; did you mean "lossDbPerKm"/],
    [
      "a value out of range",
      ["network", "--set", "detector.efficiency=1.2"],
      /detector\.efficiency: expected a number <= 1/,
    ],
    ["an unknown path", ["network", "--set", "fiber.lossDbPerKm=1"], /there is no "fiber"/],
    ["half a pulse", ["network", "--pulses", "0.5"], /pulses: expected a whole number/],
    ["pulses that are no number", ["network", "--pulses", "many"], /pulses: expected a/],
    ["no threads", ["network", "--threads", "0"], /--threads: expected a whole number/],
    ["an unknown option", ["network", "--puls", "1"], /unknown option '--puls'/],
    ["an unknown command", ["netwrok"], /unknown command 'netwrok'/],
    ["an unknown preset", ["init", "weimin"], /preset: expected one of weiming/],
  ])("%s", (_, words, message) => {
    const { code, stdout, stderr } = twincomb(...words);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(stdout).toBe("");
  });
});

describe("scenario commands", () => {
  it("init prints a scenario that validate accepts", () => {
    const file = join(folder, "mine.json");
    writeFileSync(file, twincomb("init", "weiming").stdout);
    expect(twincomb("validate", file)).toMatchObject({ code: 0, stdout: "weiming: valid, 20 clients, 10 pairs\n" });
  });

  it("schema prints a JSON Schema", () => {
    const schema = JSON.parse(twincomb("schema").stdout) as { $schema: string };
    expect(schema.$schema).toMatch(/json-schema\.org/);
  });

  it.each(["network", "validate", "schema", "init"])("%s --help shows an example", (command) => {
    const { code, stdout } = twincomb(command, "--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples?:\n {2}twincomb/);
  });
});
