import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeTranscript, disclosedInTranscript } from "../../src/distillation/index.ts";
import { type NetworkResult, weiming } from "../../src/network/index.ts";
import { temporaryFolder, twincomb } from "./twincomb.ts";

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const main = resolve(import.meta.dirname, "../../dist/cli/main.js");

/** Two pairs on a measured comb, one over a fraction of the preset's distance, one too far for so few pulses. */
const scenario = weiming({ pulses: 5e8, seed: "files", pairing: "none" });
const near = {
  ...scenario,
  comb: {
    pumpWavelengthNm: 1549.78,
    spacingGhz: 30.03,
    measured: { linewidthHz: 40, lines: [1, -1].map((line) => ({ line, dbm: 0 })) },
  },
  clients: ["A1", "B1", "A2", "B2"].map((name, i) => ({ name, upLinkKm: i < 2 ? 50 : 180, downLinkKm: 0.05 })),
  pairs: [
    { alice: "A1", bob: "B1", line: 1 },
    { alice: "A2", bob: "B2", line: -1 },
  ],
};
writeFileSync(file("near.json"), JSON.stringify(near));

describe("twincomb network --out and --report, twincomb report", () => {
  it("keep a run that can be drawn later, its keys and all that was said", () => {
    const run = twincomb("network", file("near.json"), "--json", "--out", file("run"), "--report", file("run.html"));
    expect(run.code, run.stderr).toBe(3);
    const result = JSON.parse(run.stdout) as NetworkResult;
    expect(JSON.parse(readFileSync(file("run/result.json"), "utf8"))).toEqual(result);
    expect(readdirSync(file("run/keys")).sort()).toEqual(["01-A1-B1.alice.key", "01-A1-B1.bob.key"]);
    const [pair] = result.pairs;
    for (const [side, digest] of [
      ["alice", pair!.aliceKeySha256],
      ["bob", pair!.bobKeySha256],
    ]) {
      const key = readFileSync(file(`run/keys/01-A1-B1.${side}.key`));
      expect(key).toHaveLength(Math.ceil(pair!.secretBits / 8));
      expect(createHash("sha256").update(key).digest("hex")).toBe(digest);
    }
    const transcript = decodeTranscript(readFileSync(file("run/transcripts/01-A1-B1.msgpack")));
    expect(disclosedInTranscript(transcript)).toBe(pair!.leakedBits);
    // A pair without a key has said something too.
    expect(readdirSync(file("run/transcripts"))).toContain("02-A2-B2.msgpack");

    const later = twincomb("report", file("run"));
    expect(later).toMatchObject({ code: 0, stdout: "" });
    expect(readFileSync(file("run/report.html"), "utf8")).toBe(readFileSync(file("run.html"), "utf8"));
    const elsewhere = twincomb("report", file("run"), "--report", file("elsewhere.html"), "--json");
    expect(JSON.parse(elsewhere.stdout)).toEqual({ report: file("elsewhere.html") });
    expect(existsSync(file("elsewhere.html"))).toBe(true);
    // The folder is still an output of ours.
    expect(twincomb("network", file("near.json"), "--pulses", "1e6", "--quiet", "--out", file("run")).code).toBe(3);
    expect(existsSync(file("run/report.html"))).toBe(false);
  });

  it.each([
    ["a folder that is not there", ["--out", "/nowhere/run"], 1, /ENOENT/],
    ["a report in a folder that is not there", ["--report", "/nowhere/run.html"], 1, /ENOENT/],
    ["a report where a folder is", ["--report", folder], 2, /--report: expected a file/],
    ["a folder of somebody else", ["--out", import.meta.dirname], 2, /--out: expected a folder that is new/],
    ["one seed", ["--replicates", "1"], 2, /--replicates/],
    ["files of many seeds", ["--replicates", "2", "--out", "x"], 2, /no --out beside --replicates/],
  ])("refuse %s before anything is run", (_, words, code, message) => {
    const run = twincomb("network", file("near.json"), ...words);
    expect(run).toMatchObject({ code, stdout: "" });
    expect(run.stderr).toMatch(message);
  });

  it.each([
    ["no folder", "nothing-here", /cannot be read/],
    ["a result that is none", "broken", /result: .*pairs|pairs/],
  ])("report refuses %s", (_, name, message) => {
    if (name === "broken") {
      twincomb("network", file("near.json"), "--pulses", "1e6", "--quiet", "--out", file(name));
      const result = JSON.parse(readFileSync(file("broken/result.json"), "utf8"));
      writeFileSync(
        file("broken/result.json"),
        JSON.stringify({ ...result, pairs: [{ ...result.pairs[0], qberX: "3 %" }] }),
      );
    }
    const run = twincomb("report", file(name));
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).toMatch(message);
  });

  it("replicates print the spread of every figure", () => {
    const run = twincomb("network", file("near.json"), "--pulses", "1e8", "--replicates", "3", "--json");
    const spread = JSON.parse(run.stdout);
    expect(spread.seeds).toEqual(["files/1", "files/2", "files/3"]);
    expect(spread.pairs[0].figures.rawBits).toMatchObject({ runs: 3 });
    expect(twincomb("network", file("near.json"), "--pulses", "1e7", "--replicates", "2").stdout).toMatch(
      /± .* over 2 seeds/s,
    );
  });
});

describe("twincomb network --dry-run", () => {
  it("names pairs that cannot run and chips that were put aside", () => {
    const set = (value: string) => ["--set", `comb.microcomb.${value}`];
    const dark = twincomb("network", "--dry-run", ...set("pumpLaser.powerMilliwatts=1"), ...set("start.attempts=1"));
    expect(dark.stdout).toMatch(/A1-B1, A2-B2, .*A10-B10: no comb/);
    const poor = twincomb("network", "--dry-run", "--set", "wafer.modulatorYield=0.8", "--json");
    const plan = JSON.parse(poor.stdout);
    expect(plan.replaced.length).toBeGreaterThan(0);
    expect(plan.comb.lines.length).toBeGreaterThan(10);
  });
});

describe("Ctrl-C", () => {
  it("stops the run, says what was finished, and leaves nothing half-written", async () => {
    const words = ["network", file("near.json"), "--pulses", "1e14", "--threads", "1", "--out", file("stopped")];
    const child = spawn(process.execPath, [main, ...words], { stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data) => {
      stdout += data;
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    const half = () => readdirSync(folder).some((name) => name.startsWith(".stopped"));
    while (!half()) await new Promise((wait) => setTimeout(wait, 20));
    await new Promise((wait) => setTimeout(wait, 1000));
    const code = await new Promise((ended) => {
      child.on("close", ended);
      child.kill("SIGINT");
    });
    expect(code).toBe(130);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/0 of 2 pairs were finished; no file was written/);
    expect(half()).toBe(false);
    expect(existsSync(file("stopped"))).toBe(false);
  });
});
