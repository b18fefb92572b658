/**
 * Key rate against distance, as a picture and as characters.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import plotText from "simple-ascii-chart";
import type { RateRow } from "../protocol/index.ts";

/** Rates below this are drawn nowhere: a logarithm has no zero. */
const SMALLEST_RATE = 1e-15;

/** One curve of a chart. */
interface Curve {
  readonly name: string;
  readonly points: readonly { readonly distanceKm: number; readonly rate: number }[];
}

function curves(rows: readonly RateRow[]): Curve[] {
  const names = [...new Set(rows.map((row) => row.protocol))];
  const bound = rows.filter((row) => row.protocol === names[0]);
  return [
    {
      name: "PLOB",
      points: bound.flatMap(({ distanceKm, plobPerPulse }) =>
        plobPerPulse === null ? [] : [{ distanceKm, rate: plobPerPulse }],
      ),
    },
    ...names.map((name) => ({
      name,
      points: rows
        .filter((row) => row.protocol === name && row.keyRatePerPulse >= SMALLEST_RATE)
        .map(({ distanceKm, keyRatePerPulse }) => ({ distanceKm, rate: keyRatePerPulse })),
    })),
  ];
}

/**
 * An SVG chart: logarithm of the rate against distance, the repeaterless bound, every protocol.
 *
 * @param rows - from `rateCurve`
 * @returns the SVG document
 */
export function rateChartSvg(rows: readonly RateRow[]): string {
  const { document } = parseHTML("<html><body></body></html>");
  const shown = curves(rows);
  const data = shown.flatMap(({ name, points }) => points.map((point) => ({ ...point, name })));
  const last = [...new Map(data.map((point) => [point.name, point])).values()];
  const channels = { x: "distanceKm", y: "rate", stroke: "name", strokeWidth: 2, z: "name" };
  const svg = Plot.plot({
    document: document as unknown as Document,
    width: 760,
    height: 480,
    marginLeft: 70,
    marginRight: 110,
    style: { background: "white", color: "#222", fontFamily: "sans-serif", fontSize: "12px" },
    x: { label: "fibre between the users (km)", grid: true },
    y: { type: "log", label: "secret bits per pulse", grid: true, tickFormat: "~e" },
    // Okabe and Ito's colours stay apart for colour-blind readers.
    color: {
      domain: shown.map(({ name }) => name),
      range: ["#000000", "#E69F00", "#56B4E9", "#009E73", "#D55E00", "#0072B2", "#CC79A7", "#8c6d00", "#666666"],
    },
    marks: [
      Plot.line(
        data.filter(({ name }) => name === "PLOB"),
        { ...channels, strokeDasharray: "6 4" },
      ),
      Plot.line(
        data.filter(({ name }) => name !== "PLOB"),
        channels,
      ),
      Plot.text(spread(last), {
        x: "distanceKm",
        y: "label",
        text: "name",
        fill: "name",
        dx: 6,
        textAnchor: "start",
      }),
    ],
  });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "Secret key rate per pulse against fibre length, with the repeaterless bound");
  return svg.outerHTML;
}

/** Least ratio of two labels' heights at which they do not overlap. */
const LABEL_SPACING = 2.5;

/** Moves the labels of curves that end together apart. */
function spread<Point extends { distanceKm: number; rate: number }>(
  ends: readonly Point[],
): (Point & { label: number })[] {
  const sorted = [...ends].sort((a, b) => b.rate - a.rate);
  const placed: (Point & { label: number })[] = [];
  for (const end of sorted) {
    const above = placed.filter((other) => Math.abs(other.distanceKm - end.distanceKm) < 40).at(-1);
    placed.push({ ...end, label: above === undefined ? end.rate : Math.min(end.rate, above.label / LABEL_SPACING) });
  }
  return placed;
}

/**
 * The same chart in characters, for a terminal.
 *
 * @param rows - from `rateCurve`
 * @returns lines of text: powers of ten upwards, distance to the right
 */
export function rateChartText(rows: readonly RateRow[]): string {
  const drawn = curves(rows).filter(({ points }) => points.length > 1);
  if (drawn.length === 0) return "fewer than two rates above zero: nothing to draw";
  return plotText(
    drawn.map(({ points }) => points.map(({ distanceKm, rate }) => [distanceKm, Math.log10(rate)] as [number, number])),
    {
      title: "secret bits per pulse against km of fibre",
      width: 72,
      height: 20,
      formatter: (value, { axis }) => (axis === "y" ? `1e${Math.round(value)}` : Math.round(value)),
      customXAxisTicks: ticks(drawn.flatMap(({ points }) => points.map(({ distanceKm }) => distanceKm))),
      symbols: { empty: " " },
      legend: { position: "bottom", series: drawn.map(({ name }) => name) },
    },
  );
}

/** Five round steps from the smallest distance to the largest. */
function ticks(distances: readonly number[]): number[] {
  const [from, to] = [Math.min(...distances), Math.max(...distances)];
  return Array.from({ length: 6 }, (_, i) => Math.round(from + (i * (to - from)) / 5));
}
