/**
 * Charts with one row a pair: how high they are, how rows are named, where the axis ends.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { colour } from "../theme.ts";

/** Most rows that a chart shows; tables hold every pair. */
export const MOST_ROWS = 400;

/** Room for axis and title below and above the rows, CSS pixels. */
const FRAME = 70;
/** Least distance of two names, CSS pixels. */
const NAME_HEIGHT = 13;

/** Rows of one chart. */
export interface Rows<Row> {
  /** The rows that are shown. */
  readonly shown: readonly Row[];
  /** Height of the chart, CSS pixels. */
  readonly height: number;
  /** Height of one row, CSS pixels. */
  readonly rowHeight: number;
  /** The vertical axis: every pair's name, or every so many where rows are narrow. */
  readonly axis: Plot.Markish;
  /** Room that names take on the left, CSS pixels. */
  readonly marginLeft: number;
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
    height: FRAME + rowHeight * shown.length,
    marginLeft: Math.min(150, 18 + 6.6 * longest),
    axis: Plot.axisY(
      names.filter((_, i) => i % every === 0),
      { label: null, tickSize: 0, textOverflow: "ellipsis", lineWidth: 11, fill: colour("ink") },
    ),
    note: shown.length < rows.length ? ` ${MOST_ROWS} of ${rows.length} pairs are drawn; the tables hold all.` : "",
  };
}
