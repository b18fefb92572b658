/**
 * Charts with one row a pair: how high they are, how rows are named, where the axis ends.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { colour } from "../theme.ts";

/** Most rows that a chart shows; tables hold every pair. */
export const MOST_ROWS = 400;

/** Room above the rows for a title, and below them for the axis, CSS pixels. */
const [ABOVE, BELOW] = [30, 40];
/** Least distance of two names, CSS pixels. */
const NAME_HEIGHT = 13;

/** Rows of one chart. */
export interface Rows<Row> {
  /** The rows that are shown. */
  readonly shown: readonly Row[];
  /** Size, margins and vertical scale of the chart. */
  readonly layout: Plot.PlotOptions & { readonly height: number };
  /** Height of one row, CSS pixels. */
  readonly rowHeight: number;
  /** The vertical axis: every pair's name, or every so many where rows are narrow. */
  readonly axis: Plot.Markish;
  /** A sentence where not every pair is shown; empty otherwise. */
  readonly note: string;
}

/**
 * Lays out rows.
 *
 * @param rows - one a pair; of more than {@link MOST_ROWS} an even choice is shown
 */
export function layOutRows<Row extends { readonly name: string }>(rows: readonly Row[]): Rows<Row> {
  const shown =
    rows.length <= MOST_ROWS
      ? rows
      : Array.from({ length: MOST_ROWS }, (_, i) => rows[Math.floor((i * rows.length) / MOST_ROWS)]!);
  const rowHeight = Math.max(6, Math.min(26, 700 / shown.length));
  const every = Math.ceil(NAME_HEIGHT / rowHeight);
  const names = shown.map(({ name }) => name);
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  return {
    shown,
    rowHeight,
    layout: {
      height: ABOVE + BELOW + rowHeight * shown.length,
      marginLeft: Math.min(150, 18 + 6.6 * longest),
      marginRight: 20,
      marginTop: ABOVE,
      marginBottom: BELOW,
      y: { type: "band", domain: names, padding: 0.1 },
    },
    axis: Plot.axisY(
      names.filter((_, i) => i % every === 0),
      { label: null, tickSize: 0, textOverflow: "ellipsis", lineWidth: 11, fill: colour("ink") },
    ),
    note: shown.length < rows.length ? ` ${MOST_ROWS} of ${rows.length} pairs are drawn; the tables hold all.` : "",
  };
}
