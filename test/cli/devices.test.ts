import { expect, it } from "vitest";
import { twincomb } from "./twincomb.ts";

const json = (...words: string[]) => {
  const run = twincomb(...words, "--json");
  if (run.code !== 0) throw new Error(`${words.join(" ")}: exit ${run.code}, ${run.stderr}`);
  return JSON.parse(run.stdout);
};

it("comb, lock and phase print one network's numbers, whatever is changed in it", () => {
  const change = ["--seed", "7", "--set", "comb.microcomb.pumpLaser.powerMilliwatts=70"];
  const comb = json("comb", ...change);
  const lock = json("lock", ...change);
  const phase = json("phase", "--pair", "A9-B9", ...change);
  expect(comb.kind).toBe("dark-pulse");
  expect(comb.pumpWatts).toBeCloseTo(0.07, 12);

  const client = lock.clients.find((one: { client: string }) => one.client === "A9");
  const line = comb.lines.find((one: { line: number }) => one.line === client.line);
  // 19 dB of distribution, 50 m of down-link, and the chip's own coupling within five standard deviations.
  expect(Math.abs(10 * Math.log10(line.watts / client.injectedWatts) - 19)).toBeLessThan(5);
  const both = lock.clients.filter((one: { line: number }) => one.line === client.line);
  const variance = both.reduce((sum: number, one: { trackingVariance: number }) => sum + one.trackingVariance, 0);
  const term = phase.contributions.find((one: { contribution: string }) => one.contribution === "lock");
  expect(term.rad2 / variance).toBeCloseTo(1, 9);
  expect(lock.selfInjection.intrinsicLinewidthHz).toBeLessThan(line.linewidthHz);
});

it("a pair without comb is refused with the reason", () => {
  const run = twincomb(
    ...["phase", "--pair", "A2-B2", "--quiet"],
    ...["--set", "comb.microcomb.start.detuningHalfLinewidths=60", "--set", "comb.microcomb.start.attempts=1"],
  );
  expect(run).toMatchObject({ code: 2, stdout: "" });
  expect(run.stderr).toMatch(/A2-B2 cannot run: no comb: nothing but the pump circulates/);
});

it("presets can be named wherever a scenario is asked for", () => {
  expect(json("validate", "metropolitan")).toEqual({ valid: true, name: "metropolitan", clients: 8, pairs: 28 });
  expect(json("comb", "zhou-2023")).toMatchObject({ source: "measured", kind: null });
  for (const name of ["weiming", "weiming-plain", "metropolitan", "zhou-2023"]) {
    expect(json("init", name).name).toBe(name);
  }
});
