/**
 * Charts of a study: curves with bands for replicates, a map over two axes, dots of a design.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import type { Figure, LegendEntry, Panel } from "../report/figure.ts";
import { powerOfTen, scientificText } from "../report/number-text.ts";
import { colour, DATA_COLOURS } from "../report/theme.ts";
import type { Curve, DotCloud, FigureData, FigureMap, Spread } from "./chart-data.ts";
import { unitOfColumn } from "./merged-file.ts";

/** Signs that tell curves apart without colour. */
const DASHES = ["", "8 4", "2 4", "10 3 2 3", "14 4", "5 2 1 2"] as const;

/** A figure that spans more than this is drawn by its logarithm, if it is nowhere below zero. */
const LOGARITHMIC_SPAN = 50;

/** A column's name with its unit. */
function titled(name: string, unit: string | undefined = unitOfColumn(name)): string {
  return unit === undefined ? name : `${name} (${unit})`;
}

function number(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? scientificText(value) : String(Number(value.toPrecision(4)));
}

/** Whether numbers are better seen by their logarithms; zeros, as of links without key, do not count. */
function logarithmic(values: readonly number[]): boolean {
  const positive = values.filter((value) => value > 0);
  if (positive.length < 2 || values.some((value) => value < 0)) return false;
  return greatest(positive) > LOGARITHMIC_SPAN * least(positive);
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}

/** Ticks at powers of ten, or the library's own. */
function scale(name: string, log: boolean): Plot.ScaleOptions {
  return log
    ? { type: "log", label: name, ticks: 6, tickFormat: (value: number) => decade(value) }
    : { label: name, nice: true, ticks: 6, tickFormat: (value: number) => number(value) };
}

function decade(value: number): string {
  const exponent = Math.log10(value);
  return Math.abs(exponent - Math.round(exponent)) < 1e-9 ? powerOfTen(Math.round(exponent)) : "";
}

const MARGINS = { marginLeft: 66, marginRight: 24, marginBottom: 44, marginTop: 26 };

/**
 * The charts of one figure.
 *
 * @param data - from `chartData`
 * @returns curves, map and dots, as far as the study has them
 */
export function studyFigures(data: FigureData): Figure[] {
  const { x, curves, map, clouds } = data;
  return [
    ...(x === undefined || curves.every(({ points }) => points.length === 0) ? [] : [curveFigure(data, x)]),
    ...(map === undefined || map.cells.length === 0 ? [] : [mapFigure(data, map)]),
    ...(clouds.every(({ dots }) => dots.length === 0) ? [] : [cloudFigure(data)]),
  ];
}

function curveFigure({ figure, unit, x, xLogarithmic, curves, replicated }: FigureData, path: string): Figure {
  const values = curves.flatMap(({ points }) => points.flatMap(({ least: a, most: b }) => [a, b]));
  const log = logarithmic(values);
  const drawn = ({ mean, least: low }: Spread) => !log || (mean > 0 && low > 0);
  const stroke = (i: number) => colour(DATA_COLOURS[i % DATA_COLOURS.length]!);
  const points = ({ points: all }: Curve) => all.filter(drawn);
  const panel: Panel = {
    name: `curves-${word(figure)}`,
    title: `${figure} along ${path}`,
    description: `${curves.length === 1 ? "One curve" : `${curves.length} curves`} of ${titled(figure, unit)}, from ${number(least(values))} to ${number(greatest(values))}.`,
    options: (width, narrow) => ({
      width,
      height: narrow ? 320 : 440,
      ...MARGINS,
      x: { ...scale(titled(path), xLogarithmic), ...(xLogarithmic ? {} : { nice: false }) },
      y: scale(titled(figure, unit), log),
      marks: [
        Plot.gridX({ stroke: colour("rule"), strokeOpacity: 1 }),
        Plot.gridY({ stroke: colour("rule"), strokeOpacity: 1 }),
        ...(replicated
          ? curves.map((curve, i) =>
              Plot.areaY(points(curve), { x: "x", y1: "least", y2: "most", fill: stroke(i), fillOpacity: 0.2 }),
            )
          : []),
        ...curves.map((curve, i) =>
          Plot.line(points(curve), {
            x: "x",
            y: "mean",
            stroke: stroke(i),
            strokeWidth: 2,
            strokeDasharray: DASHES[i % DASHES.length]!,
          }),
        ),
        // A curve of few points is a set of points first.
        ...curves.flatMap((curve, i) =>
          points(curve).length > 60 ? [] : [Plot.dot(points(curve), { x: "x", y: "mean", r: 3, fill: stroke(i) })],
        ),
      ],
    }),
  };
  const legend = curves.flatMap(({ label }, i): LegendEntry[] =>
    label === ""
      ? []
      : [
          {
            label,
            sign: `<line x1="0" y1="7" x2="28" y2="7" stroke="${stroke(i)}" stroke-width="2.2" stroke-dasharray="${DASHES[i % DASHES.length]}"/>`,
          },
        ],
  );
  const hidden = curves.reduce((sum, { points: all }) => sum + all.filter((point) => !drawn(point)).length, 0);
  return {
    panels: [panel],
    ...(legend.length === 0 ? {} : { legend }),
    caption: [
      `${figure} along ${x}.`,
      replicated ? " Curves are means over replicates, bands go from the least to the greatest of them." : "",
      hidden === 0 ? "" : ` ${hidden} points are zero and have no place on a logarithmic scale.`,
    ].join(""),
  };
}

/** Swatches of a map's legend. */
const SWATCHES = 6;

function mapFigure({ figure, unit, replicated }: FigureData, map: FigureMap): Figure {
  const values = map.cells.map(({ value }) => value);
  const log = logarithmic(values);
  const shown = log ? map.cells.filter(({ value }) => value > 0) : map.cells;
  const domain = [least(shown.map(({ value }) => value)), greatest(shown.map(({ value }) => value))] as const;
  const paint = Plot.scale({ color: { type: log ? "log" : "linear", scheme: "viridis", domain: [...domain] } });
  const [columns, rows] = [borders(map.xs, map.xLogarithmic), borders(map.ys, map.yLogarithmic)];
  const colourOf = (value: number): string => paint.apply(value) as string;
  const panel: Panel = {
    name: `map-${word(figure)}`,
    title: `${figure} over ${map.x} and ${map.y}`,
    description: `A map of ${titled(figure, unit)} over ${map.xs.length} by ${map.ys.length} values, from ${number(domain[0])} to ${number(domain[1])}.`,
    options: (width, narrow) => ({
      width,
      height: narrow ? 340 : 500,
      ...MARGINS,
      x: { ...scale(titled(map.x), map.xLogarithmic), nice: false },
      y: { ...scale(titled(map.y), map.yLogarithmic), nice: false },
      marks: [
        Plot.rect(shown, {
          x1: ({ column }) => columns[column]!,
          x2: ({ column }) => columns[column + 1]!,
          y1: ({ row }) => rows[row]!,
          y2: ({ row }) => rows[row + 1]!,
          fill: ({ value }) => colourOf(value),
          // Smoothed edges of neighbours would let the paper through.
          shapeRendering: "crispEdges",
        }),
        Plot.frame({ stroke: colour("rule") }),
      ],
    }),
  };
  const legend = Array.from({ length: SWATCHES }, (_, i) => {
    const share = i / (SWATCHES - 1);
    const value = log ? domain[0] * (domain[1] / domain[0]) ** share : domain[0] + (domain[1] - domain[0]) * share;
    return { label: number(value), sign: `<rect x="4" y="0" width="20" height="14" fill="${colourOf(value)}"/>` };
  });
  const held = map.held === "" ? "" : ` All else is held at ${map.held}.`;
  const empty = map.cells.length - shown.length;
  return {
    panels: [panel],
    legend,
    caption: `${titled(figure, unit)} over ${map.x} and ${map.y}.${held}${replicated ? " Means over replicates." : ""}${empty === 0 ? "" : " Where nothing is painted the figure is zero."}`,
  };
}

/** Borders of cells around values: half-way between neighbours, on the axis's own scale. */
function borders(values: readonly number[], log: boolean): number[] {
  const positions = log ? values.map(Math.log) : values;
  const last = positions.length - 1;
  const between = Array.from({ length: last }, (_, i) => (positions[i]! + positions[i + 1]!) / 2);
  const all = [2 * positions[0]! - between[0]!, ...between, 2 * positions[last]! - between[last - 1]!];
  return log ? all.map(Math.exp) : all;
}

function cloudFigure({ figure, unit, clouds }: FigureData): Figure {
  const panels = clouds.map(({ x, dots }: DotCloud, i): Panel => {
    const values = dots.map(({ value }) => value);
    const log = logarithmic(values);
    const xLog = logarithmic(dots.map((dot) => dot.x));
    return {
      name: `dots-${word(figure)}-${i}`,
      title: `${figure} over ${x}`,
      description: `${dots.length} dots of ${titled(figure, unit)}, from ${number(least(values))} to ${number(greatest(values))}.`,
      options: (width, narrow) => ({
        width,
        height: narrow ? 260 : 300,
        ...MARGINS,
        x: { ...scale(titled(x), xLog), nice: false },
        y: scale(titled(figure, unit), log),
        marks: [
          Plot.gridY({ stroke: colour("rule"), strokeOpacity: 1 }),
          Plot.dot(log ? dots.filter(({ value }) => value > 0) : dots, {
            x: "x",
            y: "value",
            r: dots.length > 500 ? 1.5 : 2.5,
            fill: colour("blue"),
            fillOpacity: 0.6,
          }),
        ],
      }),
    };
  });
  return { panels, caption: `${titled(figure, unit)} at the points of a design, over each of what it varies.` };
}

/** A name that can stand in an identifier of a page. */
function word(name: string): string {
  return name.replace(/\W+/g, "-");
}
