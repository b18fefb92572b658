/**
 * Spectrum of the comb with the colours that carry keys.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { wattsToDbm } from "../../units.ts";
import type { ReportFacts } from "../facts.ts";
import type { Figure } from "../figure.ts";
import { colour } from "../theme.ts";
import { capital, range } from "./rate.ts";

/** Shown below the weakest used line, and least height of the chart, dB. */
const BELOW_DB = 16;
const RANGE_DB = 40;
/** Lines shown on each side beyond the outermost used one. */
const MARGIN_LINES = 9;
/** Most colours that are named in the chart. */
const MOST_NAMES = 24;

interface Stick {
  readonly line: number;
  readonly nm: number;
  readonly dbm: number;
  readonly pairs: readonly string[];
}

/**
 * The comb's lines against wavelength.
 *
 * @param facts - comb and pairs
 */
export function combFigure({ comb, pairs, scenario }: ReportFacts): Figure {
  const links = pairs.flatMap(({ link }) => (link === undefined ? [] : [link]));
  const pairsOf = new Map<number, string[]>();
  for (const { pair } of links) pairsOf.set(pair.line.line, [...(pairsOf.get(pair.line.line) ?? []), pair.name]);
  const used = [...pairsOf.keys()];
  const pump = {
    line: 0,
    wavelengthNm: scenario.comb.pumpWavelengthNm,
    dbm: comb.pumpLineWatts > 0 ? wattsToDbm(comb.pumpLineWatts) : -Infinity,
  };
  const lines = [...comb.lines, pump];
  const powers = new Map(lines.map((line) => [line.line, line]));
  const reach = MARGIN_LINES + used.reduce((most, line) => Math.max(most, Math.abs(line)), 0);
  const near = lines.filter(({ line }) => Math.abs(line) <= reach);
  const top = near.reduce((most, { dbm }) => Math.max(most, dbm), -100);
  const weakestUsed = used.reduce((least, line) => Math.min(least, powers.get(line)?.dbm ?? Infinity), top);
  const floor = 5 * Math.floor(Math.max(weakestUsed - BELOW_DB, top - 2 * RANGE_DB) / 5);
  const ceiling = Math.max(top, floor + RANGE_DB) + 4;
  const sticks: Stick[] = near
    .filter(({ dbm }) => dbm > floor)
    .map(({ line, wavelengthNm, dbm }) => ({ line, nm: wavelengthNm, dbm, pairs: pairsOf.get(line) ?? [] }));
  const usedSticks = sticks.filter(({ pairs }) => pairs.length > 0);
  const dark = links
    .filter(({ pair }) => !usedSticks.some(({ line }) => line === pair.line.line))
    .map(({ pair }) => ({ name: pair.name, nm: pair.line.wavelengthNm }));
  const named = usedSticks.length <= MOST_NAMES ? usedSticks : [];
  const label = ({ pairs }: Stick) => (pairs.length === 1 ? pairs[0]! : `${pairs.length} pairs`);
  const kind = kindText(comb);
  const wavelengths = links.map(({ pair }) => pair.line.wavelengthNm);
  const ends = [...sticks.map(({ nm }) => nm), ...wavelengths];
  const domain: [number, number] = [Math.min(...ends) - 0.3, Math.max(...ends) + 0.3];
  return {
    panels: [
      {
        name: "comb",
        title: "Comb spectrum with the colours that carry keys",
        description:
          `Power of ${sticks.length} comb lines against wavelength; ${kind}. ` +
          (usedSticks.length === 0
            ? "No line that a pair uses has power."
            : `${usedSticks.length} lines from ${range(
                usedSticks.map(({ nm }) => nm),
                (nm) => nm.toFixed(2),
              )} nm carry pairs, at ${range(
                usedSticks.map(({ dbm }) => dbm),
                (dbm) => dbm.toFixed(1),
              )} dBm.`),
        options: (width, narrow) => ({
          width,
          height: narrow ? 320 : 380,
          marginLeft: 46,
          marginRight: 14,
          marginBottom: 42,
          marginTop: 26,
          x: {
            domain,
            label: "wavelength (nm)",
            ticks: narrow ? 4 : 10,
            tickFormat: (nm: number) => String(Number(nm.toFixed(2))),
          },
          y: { domain: [floor, ceiling], label: "power in the bus (dBm)" },
          marks: [
            Plot.gridY({ stroke: colour("rule"), strokeOpacity: 1 }),
            Plot.ruleX(
              sticks.filter(({ line, pairs }) => line !== 0 && pairs.length === 0),
              {
                x: "nm",
                y1: floor,
                y2: "dbm",
                stroke: colour("grey"),
                strokeWidth: narrow ? 2 : 3,
              },
            ),
            Plot.ruleX(
              sticks.filter(({ line }) => line === 0),
              { x: "nm", y1: floor, y2: "dbm", stroke: colour("ink"), strokeWidth: narrow ? 3 : 4 },
            ),
            Plot.text(
              sticks.filter(({ line }) => line === 0),
              { x: "nm", y: "dbm", text: () => "pump", dy: -9, fill: colour("ink") },
            ),
            Plot.ruleX(usedSticks, {
              x: "nm",
              y1: floor,
              y2: "dbm",
              stroke: colour("blue"),
              strokeWidth: narrow ? 3 : 5,
            }),
            Plot.dot(usedSticks, {
              x: "nm",
              y: "dbm",
              r: narrow ? 3 : 5,
              symbol: "diamond",
              fill: colour("blue"),
              title: (stick: Stick) =>
                `${stick.pairs.join(", ")}: line ${stick.line}, ${stick.nm.toFixed(3)} nm, ${stick.dbm.toFixed(1)} dBm`,
            }),
            Plot.text(named, {
              x: "nm",
              y: "dbm",
              text: label,
              rotate: -90,
              textAnchor: "start",
              dy: -9,
              fill: colour("ink"),
              stroke: colour("paper"),
            }),
            Plot.dot(dark, {
              x: "nm",
              y: () => floor,
              dy: -8,
              symbol: "times",
              stroke: colour("vermilion"),
              strokeWidth: 2.5,
              r: 6,
              title: ({ name }: { name: string }) => `${name}: no power on its line`,
            }),
          ],
        }),
      },
    ],
    legend: [
      {
        label: "line of a pair",
        sign: `<line x1="14" y1="3" x2="14" y2="14" stroke="${colour("blue")}" stroke-width="5"/><path d="M14 0l4.5 5-4.5 5-4.5-5z" fill="${colour("blue")}"/>`,
      },
      {
        label: "other line",
        sign: `<line x1="14" y1="0" x2="14" y2="14" stroke="${colour("grey")}" stroke-width="3"/>`,
      },
      ...(dark.length === 0
        ? []
        : [
            {
              label: "pair without light",
              sign: `<path d="M10 3l8 8m0-8l-8 8" stroke="${colour("vermilion")}" stroke-width="2.5"/>`,
            },
          ]),
    ],
    caption: `${capital(kind)}. Powers are those where the comb leaves its chip; only lines within 40 dB of the strongest are shown.`,
  };
}

const KINDS = {
  "dark-pulse": "a dark pulse",
  "bright-pulse": "a bright pulse",
  pattern: "a pattern of several pulses",
  homogeneous: "a homogeneous field, which is no comb",
};

function kindText({ source, kind }: ReportFacts["comb"]): string {
  if (source === "measured" || kind === null) return "the comb was measured, not simulated";
  return `the comb's field equation, integrated from vacuum noise, ends in ${KINDS[kind]}`;
}
