import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { metropolitan, parseScenario, type Scenario, scenarioProvenance, weiming } from "../../src/network/index.ts";
import type { NetworkResult } from "../../src/network/result.ts";
import { networkReport } from "../../src/report/network-report.ts";
import { KEYLESS, networkResult } from "./results.ts";

const ALL_FIGURES = [
  "rate",
  "ratio",
  "comb",
  "noise",
  "phase-before",
  "phase-after",
  "phase-error",
  "phase-budget",
  "account",
];

async function page(scenario: Scenario, result: NetworkResult) {
  const text = await networkReport(scenario, result);
  return { text, document: parseHTML(text).document };
}

/** What must hold of any report, whatever it shows. */
function expectSound(text: string, document: Document): void {
  expect(text).toMatch(/^<!doctype html>/);
  // A failing pattern would otherwise print the whole page.
  expect(text.match(/NaN|Infinity|undefined|\[object/)?.[0]).toBeUndefined();
  // Nothing is run and nothing is fetched; names of namespaces are no addresses to be fetched.
  expect(text.match(/<(?:script|link|img|iframe|object)|@import|url\((?!#)/)?.[0]).toBeUndefined();
  expect(text.replace(/http:\/\/www\.w3\.org\/\d+\/(svg|xlink)/g, "").match(/https?:.{20}/)?.[0]).toBeUndefined();
  for (const node of document.querySelectorAll("*")) {
    for (const attribute of node.getAttributeNames()) expect(attribute).not.toMatch(/^on|^(?:src|href)$/);
  }
  const names = [...document.querySelectorAll("[id]")].map((node) => node.getAttribute("id"));
  expect(new Set(names).size).toBe(names.length);
  for (const [, name] of text.matchAll(/url\(#([^)]+)\)/g)) expect(names).toContain(name);
  for (const node of document.querySelectorAll("[aria-labelledby]")) {
    for (const name of node.getAttribute("aria-labelledby")!.split(" ")) expect(names).toContain(name);
  }
  for (const figure of document.querySelectorAll("figure")) {
    expect(figure.querySelector("figcaption")!.textContent!.trim()).not.toBe("");
    const charts = [...figure.querySelectorAll("svg")].filter((svg) => svg.getAttribute("aria-hidden") !== "true");
    // Every chart is drawn for a page and for a telephone.
    expect(charts.length).toBeGreaterThanOrEqual(2);
    for (const svg of charts) {
      expect(svg.getAttribute("role")).toBe("img");
      expect(svg.querySelector("title")!.textContent!.length).toBeGreaterThan(10);
      expect(svg.querySelector("desc")!.textContent!.length).toBeGreaterThan(20);
      expect(svg.querySelectorAll("path, rect, line, circle").length).toBeGreaterThan(0);
    }
  }
  for (const table of document.querySelectorAll("table")) {
    expect(table.querySelector("caption")!.textContent!.trim()).not.toBe("");
    expect(table.querySelectorAll("thead th[scope=col]").length).toBeGreaterThan(1);
    for (const row of table.querySelectorAll("tbody tr")) expect(row.querySelector("th[scope=row]")).not.toBeNull();
  }
  const heads = [...document.querySelectorAll("h1, h2")].map(({ tagName }) => tagName.toLowerCase());
  expect(heads[0]).toBe("h1");
  expect(heads.filter((head) => head === "h1")).toHaveLength(1);
}

const figures = (document: Document): string[] =>
  [...document.querySelectorAll("svg.wide")].map((svg) =>
    svg.getAttribute("aria-labelledby")!.split(" ")[0]!.replace("-wide-title", ""),
  );

const preset = weiming();

describe("the report of the preset", async () => {
  const result = networkResult(preset);
  const { text, document } = await page(preset, result);

  it("is sound and shows every figure", () => {
    expectSound(text, document);
    expect(figures(document)).toEqual([...ALL_FIGURES, "account-detail"]);
    expect(text.length).toBeLessThan(600_000);
  });

  it("is the same text for the same run", async () => {
    expect(await networkReport(preset, result)).toBe(text);
  });

  it("prints the origin of every number of the scenario", () => {
    const table = [...document.querySelectorAll("table")].find((one) =>
      one.querySelector("caption")!.textContent!.startsWith("Every number"),
    )!;
    const rows = [...table.querySelectorAll("tbody tr")].map((row) =>
      [...row.querySelectorAll("th, td")].map((cell) => cell.textContent!),
    );
    const printed = new Map(rows.map((row) => [row[0]!, row]));
    for (const { path, provenance, source } of scenarioProvenance(preset)) {
      const row = /\.\d+\./.test(path)
        ? rows.find(
            ([name, , , kind, from]) =>
              name!.startsWith(path.replace(/\.\d+/g, ".*")) && kind === provenance && from === source,
          )
        : printed.get(path);
      expect(row, path).toBeDefined();
      expect(row!.slice(3), path).toEqual([provenance, source]);
    }
    expect(printed.get("fibre.lossDbPerKm")![2]).toMatch(/attenuation, dB\/km/);
  });

  it("says what repeats the run", () => {
    expect(document.body.textContent).toContain(result.seed);
    expect(document.body.textContent).toMatch(/stream version\s*2/);
  });

  it("warns that simulated keys are no secrets", () => {
    expect(document.querySelector(".warning")!.textContent).toMatch(/no secrets/);
  });
});

describe("reports of other shapes", () => {
  it("one pair alone", async () => {
    const scenario = parseScenario({ ...preset, pairs: preset.pairs.slice(0, 1) });
    const { text, document } = await page(scenario, networkResult(scenario));
    expectSound(text, document);
    expect(document.querySelector("h1")!.textContent).toMatch(/1 pair$/);
  });

  it("pairs without key are named as such, in charts and tables", async () => {
    const { text, document } = await page(
      preset,
      networkResult(preset, (i) => (i % 2 === 0 ? KEYLESS : {})),
    );
    expectSound(text, document);
    expect(text.match(/>no key</g)!.length).toBeGreaterThanOrEqual(5);
    expect(text).toMatch(/no key: the bounds leave/);
    expect(text).toMatch(/5 without a key/);
    expect(document.querySelector(".lead")!.textContent).toMatch(/^5 of 10/);
  });

  it("no key at all, and no raw bits", async () => {
    const { text, document } = await page(
      preset,
      networkResult(preset, () => KEYLESS),
    );
    expectSound(text, document);
    expect(figures(document)).toEqual(ALL_FIGURES.filter((name) => name !== "account"));
    expect(text).toMatch(/no accepted click/);
  });

  it("keys that differ are not passed over", async () => {
    const { text, document } = await page(
      preset,
      networkResult(preset, (i) => (i === 2 ? { keysIdentical: false } : {})),
    );
    expectSound(text, document);
    expect(text).toMatch(/DIFFERENT/);
    expect(document.querySelector(".lead")!.textContent).toMatch(/^9 of 10/);
  });

  it("errors of nothing and of one half", async () => {
    const extreme = (i: number) =>
      i === 0 ? { qberX: 0, wrongX: 0, acceptedX: 3 } : { qberX: 0.5, acceptedX: 2, wrongX: 1 };
    const { text, document } = await page(preset, networkResult(preset, extreme));
    expectSound(text, document);
  });

  it("a round robin of 28 pairs, far from the published distance", async () => {
    const scenario = metropolitan();
    const { text, document } = await page(
      scenario,
      networkResult(scenario, () => ({
        distanceKm: 50,
        ratioToPlob: 0.004,
        plobPerPulse: 0.15,
        keyRatePerPulse: 6e-4,
      })),
    );
    expectSound(text, document);
    expect(text).not.toMatch(/Published: Zheng/);
  });

  it("a fibre without loss, whose bound is infinite", async () => {
    const scenario = parseScenario({
      ...preset,
      fibre: { ...preset.fibre, lossDbPerKm: 0 },
    });
    const lossless = { plobPerPulse: null, ratioToPlob: 0, keyRatePerPulse: 1e-3 };
    const { text, document } = await page(
      scenario,
      networkResult(scenario, () => lossless),
    );
    expectSound(text, document);
  });

  it("no comb: pairs that could not be linked", async () => {
    const comb = structuredClone(preset.comb);
    comb.microcomb!.pumpLaser.powerMilliwatts = 1;
    comb.microcomb!.start.attempts = 1;
    const scenario = parseScenario({ ...preset, comb });
    const unlinked = { ...KEYLESS, wavelengthNm: null, expectedErrorX: null, reason: "the comb has no such line" };
    const { text, document } = await page(
      scenario,
      networkResult(scenario, () => unlinked),
    );
    expectSound(text, document);
    expect(text).toMatch(/No pair could be linked/);
    expect(figures(document)).toContain("comb");
  });

  it("names that are markup", async () => {
    const name = `<img src=x onerror="alert(1)">&'`;
    const clients = preset.clients.map((client) => (client.name === "A1" ? { ...client, name } : client));
    const pairs = preset.pairs.map((pair) => (pair.alice === "A1" ? { ...pair, alice: name } : pair));
    const scenario = parseScenario({ ...preset, name: "<b>mine</b>", seed: "</title><script>", clients, pairs });
    const { text, document } = await page(scenario, networkResult(scenario));
    expectSound(text, document);
    expect(document.querySelectorAll("img, b")).toHaveLength(0);
    expect(document.querySelector("h1")!.textContent).toMatch(/^<b>mine<\/b>/);
  });

  it("hundreds of pairs: charts show some and say so, the table holds all", async () => {
    const names = Array.from({ length: 30 }, (_, i) => `user ${i + 1}`);
    const pairs = names.flatMap((alice, i) =>
      names.slice(i + 1).map((bob) => ({ alice, bob, line: 1 + (i % 5), round: 1 })),
    );
    const many = { ...networkResult(preset), pairs: [] as NetworkResult["pairs"] };
    const result = {
      ...many,
      pairs: pairs.map(({ alice, bob }) => ({ ...networkResult(preset).pairs[0]!, name: `${alice}-${bob}` })),
    };
    const { text, document } = await page(preset, result);
    expectSound(text, document);
    expect(text).toMatch(/400 of 435 pairs are drawn/);
    expect(document.querySelectorAll("table")[0]!.querySelectorAll("tbody tr")).toHaveLength(435);
  });
});
