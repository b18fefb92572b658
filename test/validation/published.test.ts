/**
 * The table of docs/validation.md: published beside computed. Every row is held to its tolerance, and the page to the
 * rows; `npx vitest run test/validation/published -u` writes them anew.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  BERTAINA_SCENARIOS,
  combRecipe,
  combReport,
  lockReport,
  scenarioFrame,
  scenarioVariance,
  spoolDriftRate,
  startMicrocomb,
  valuesOf,
  WEIMING_DEVICES,
} from "../../src/devices/index.ts";
import { forecastPair } from "../../src/network/plan/forecast.ts";
import { planNetwork } from "../../src/network/plan/plan.ts";
import { weiming } from "../../src/network/scenario/presets/weiming.ts";
import { philoxKey } from "../../src/random.ts";

const PAGE = fileURLToPath(new URL("../../docs/validation.md", import.meta.url));

/** One comparison. */
interface Row {
  /** What, and in which unit. */
  readonly what: string;
  /** Published value, or the ends of a published range. */
  readonly published: number | readonly [number, number];
  /** The same from the models; two values are the ends of what they give. */
  readonly computed: number | readonly [number, number];
  /** Relative tolerance; of a range, by how much its ends may be passed. */
  readonly tolerance: number;
  /** Where it was published. */
  readonly source: string;
  /** What had to be assumed. */
  readonly assumed: string;
}

const ZHENG = "Zheng et al. 2026";
const BERTAINA = "spectra of Bertaina et al., arXiv:2310.08621, integrated independently";
const ZHOU_DRIFT = "Zhou et al., arXiv:2212.14190";

function scenario(name: string) {
  return BERTAINA_SCENARIOS.find((one) => one.name === name)!;
}

function fibreRows(): Row[] {
  const variance = (published: number, frame: number, label: string): Row => ({
    what: `phase variance of link scenario 1 in ${label}, rad²`,
    published,
    computed: scenarioVariance(scenario("1"), frame),
    tolerance: 0.01,
    source: BERTAINA,
    assumed: "-",
  });
  const frame = (published: number, name: string): Row => ({
    what: `longest quantum frame of link scenario ${name}, ms`,
    published,
    computed: 1e3 * scenarioFrame(scenario(name)),
    tolerance: 0.01,
    source: BERTAINA,
    assumed: "-",
  });
  const drift = (published: number, km: number): Row => ({
    what: `phase drift of ${km} km of spools, rad/s`,
    published,
    computed: spoolDriftRate(km),
    tolerance: 0.08,
    source: ZHOU_DRIFT,
    assumed: "one power law fitted to the four points",
  });
  return [
    variance(2.539e-4, 1e-5, "10 us"),
    variance(4.174e-4, 1e-4, "100 us"),
    variance(0.102, 1e-3, "1 ms"),
    frame(0.7215, "1"),
    frame(1.14, "6"),
    drift(2100, 201.86),
    drift(3400, 306.31),
    drift(5300, 413.73),
    drift(5900, 508.16),
  ];
}

async function laserRows(): Promise<Row[]> {
  const values = valuesOf(WEIMING_DEVICES);
  const comb = combReport(await startMicrocomb(combRecipe(values), philoxKey("2026")), values);
  return [
    {
      what: "comb lines within 30 dB, published as tens",
      published: [20, 99],
      computed: comb.lines.length,
      tolerance: 0,
      source: ZHENG,
      assumed: "dispersion, coupling, backscatter",
    },
    {
      what: "intrinsic linewidth of a locked client, Hz",
      published: 60,
      computed: lockReport(values).injection.intrinsicLinewidthHz,
      tolerance: 0.15,
      source: ZHENG,
      assumed: "injection ratio; the comb line's 40 Hz is an input",
    },
  ];
}

async function networkRows(): Promise<Row[]> {
  const network = weiming({ pairing: "active" });
  const { links } = await planNetwork(network);
  const forecasts = links.map((link) => forecastPair(network, link));
  const range = (values: readonly number[]): readonly [number, number] => [Math.min(...values), Math.max(...values)];
  return [
    {
      what: "X error of ten pairs, %",
      published: [2.9, 4.2],
      computed: range(forecasts.map(({ qberX }) => 100 * qberX)),
      tolerance: 0.05,
      source: ZHENG,
      assumed: "spreads of the wafer, receiver's contrast",
    },
    {
      what: "key rate of ten pairs over PLOB at 370 km",
      published: [1.515, 3.514],
      computed: range(forecasts.map(({ ratioToPlob }) => ratioToPlob)),
      tolerance: 0.02,
      source: ZHENG,
      assumed: "0.165 dB/km, receiver 0.35, N = 1e12, intensities, noise",
    },
  ];
}

const number = (value: number): string => String(Number(value.toPrecision(value >= 1000 ? 4 : 3)));
const shown = (value: number | readonly [number, number]): string =>
  typeof value === "number" ? number(value) : value.map(number).join(" to ");

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ what, published, computed, tolerance, source, assumed }) => {
    const allowed = tolerance === 0 ? "inside" : `${number(100 * tolerance)} %`;
    return `| ${what} | ${shown(published)} | ${shown(computed)} | ${allowed} | ${source} | ${assumed} |`;
  });
  return [
    "| quantity | published | computed | tolerance | source | assumed |",
    "|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

describe("published and computed", async () => {
  const rows = [...fibreRows(), ...(await laserRows()), ...(await networkRows())];

  it.each(rows)("$what", ({ published, computed, tolerance }) => {
    const values = typeof computed === "number" ? [computed] : computed;
    for (const value of values) {
      if (typeof published === "number") {
        expect(Math.abs(value / published - 1)).toBeLessThanOrEqual(tolerance);
      } else {
        expect(value).toBeGreaterThanOrEqual(published[0] * (1 - tolerance));
        expect(value).toBeLessThanOrEqual(published[1] * (1 + tolerance));
      }
    }
  });

  it("the page shows these rows", async () => {
    const page = readFileSync(PAGE, "utf8");
    const marked = /(<!-- computed: begin -->\n)[\s\S]*?(\n<!-- computed: end -->)/;
    expect(page).toMatch(marked);
    const fresh = page.replace(marked, (_, begin: string, end: string) => begin + table(rows) + end);
    await expect(fresh).toMatchFileSnapshot(PAGE);
  });
});
