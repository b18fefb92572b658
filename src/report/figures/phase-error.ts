/**
 * X error of every pair: counted, predicted, published.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import type { NetworkResult } from "../../network/index.ts";
import type { Figure } from "../figure.ts";
import { isComparable, PUBLISHED } from "../published.ts";
import { colour } from "../theme.ts";
import { layOutRows } from "./pair-rows.ts";
import { range } from "./rate.ts";

/**
 * X error of every pair with the published range.
 *
 * @param result - what became of the pairs
 */
export function phaseErrorFigure(result: NetworkResult): Figure {
  const rows = layOutRows(
    result.pairs.map(({ name, qberX, acceptedX, expectedErrorX }) => ({
      name,
      counted: qberX === null ? null : 100 * qberX,
      // Binomial; an error rate of nothing still has the width of one count.
      deviation:
        qberX === null ? 0 : (100 * Math.sqrt(Math.max(qberX * (1 - qberX), 1 / acceptedX))) / Math.sqrt(acceptedX),
      predicted: 100 * (expectedErrorX ?? 0),
    })),
  );
  const counted = rows.shown.filter((row) => row.counted !== null);
  const uncounted = rows.shown.filter((row) => row.counted === null);
  const predicted = rows.shown.filter((row) => row.predicted > 0);
  const [low, high] = PUBLISHED.qberX.map((error) => 100 * error) as [number, number];
  const most = rows.shown.reduce((top, row) => Math.max(top, row.counted ?? 0, row.predicted), 1);
  const bands = isComparable(result.pairs) ? [{ low, high }] : [];
  const end = 1.08 * Math.max(most, ...bands.map((band) => band.high));
  const inside = counted.filter((row) => row.counted! >= low && row.counted! <= high).length;
  const radius = Math.min(6, rows.rowHeight / 2 - 1);
  const percent = (value: number) => value.toFixed(2);
  const spans = (values: readonly number[]) => `${range(values, percent)} %`;
  const published = `${low.toFixed(1)} to ${high.toFixed(1)} %`;
  return {
    panels: [
      {
        name: "phase-error",
        title: "X error of every pair with the published range",
        description:
          (counted.length === 0
            ? "No pair has an accepted click in the phase slices."
            : `Counted errors are ${spans(counted.map((row) => row.counted!))}.`) +
          (predicted.length === 0 ? "" : ` Predictions are ${spans(predicted.map((row) => row.predicted))}.`) +
          (bands.length === 0
            ? ""
            : ` ${inside} of ${rows.shown.length} pairs lie in the published range of ${published}.`),
        options: (width, narrow) => ({
          width,
          ...rows.layout,
          x: { domain: [0, end], label: "errors among accepted clicks (%)" },
          marks: [
            Plot.rect(bands, { x1: "low", x2: "high", fill: colour("shade") }),
            Plot.gridX({ stroke: colour("rule"), strokeOpacity: 1, ticks: narrow ? 5 : 10 }),
            Plot.axisX({ ticks: narrow ? 5 : 10 }),
            rows.axis,
            Plot.text(bands, {
              x: () => (low + high) / 2,
              frameAnchor: "top",
              dy: -12,
              text: () => (narrow ? "published" : `published: ${published}`),
              fill: colour("muted"),
            }),
            Plot.tickX(predicted, { x: "predicted", y: "name", stroke: colour("sky"), strokeWidth: 3 }),
            Plot.ruleY(counted, {
              x1: (row: (typeof rows.shown)[number]) => Math.max(0, row.counted! - row.deviation),
              x2: (row: (typeof rows.shown)[number]) => Math.min(end, row.counted! + row.deviation),
              y: "name",
              stroke: colour("purple"),
              strokeWidth: 2,
            }),
            Plot.dot(counted, {
              x: "counted",
              y: "name",
              r: radius,
              symbol: "diamond",
              fill: colour("purple"),
              stroke: colour("paper"),
              title: (row: (typeof rows.shown)[number]) =>
                `${row.name}: ${percent(row.counted!)} ± ${percent(row.deviation)} % counted, ${percent(row.predicted)} % predicted`,
            }),
            Plot.text(uncounted, {
              x: () => 0,
              y: "name",
              text: () => "no accepted click",
              textAnchor: "start",
              dx: 6,
              fill: colour("ink"),
            }),
          ],
        }),
      },
    ],
    legend: [
      { label: "counted", sign: `<path d="M14 1l6 6-6 6-6-6z" fill="${colour("purple")}"/>` },
      {
        label: "predicted by the phase budget",
        sign: `<line x1="14" y1="0" x2="14" y2="14" stroke="${colour("sky")}" stroke-width="3"/>`,
      },
      ...bands.map(() => ({
        label: "published range",
        sign: `<rect width="28" height="14" fill="${colour("shade")}" stroke="${colour("rule")}"/>`,
      })),
    ],
    caption:
      "Wrong clicks among all accepted clicks of the weaker decoy in both phase slices, dark counts included; bars are one standard deviation of the count." +
      (bands.length === 0 ? "" : ` Published: ${PUBLISHED.source}.`) +
      rows.note,
  };
}
