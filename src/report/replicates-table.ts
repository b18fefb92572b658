/**
 * A scenario under many seeds, as a table for a terminal.
 *
 * @module
 */
import type { FigureSpread, Replicates } from "../network/index.ts";
import { table } from "./table.ts";

/** Mean and standard deviation in a unit. */
function spread(figure: FigureSpread | undefined, digits: number, scale: number = 1): string {
  if (figure === undefined || figure.runs === 0) return "-";
  const { mean, standardDeviation } = figure;
  const text = (value: number) => (scale * value).toFixed(digits);
  return standardDeviation === null ? text(mean) : `${text(mean)} ± ${text(standardDeviation)}`;
}

/**
 * Mean and standard deviation of every pair's main figures over the seeds.
 *
 * @param replicates - from `replicate`
 */
export function replicatesTable(replicates: Replicates): string {
  const { pairs, seeds, total } = replicates;
  const rows = table(["pair", "keys", "X error %", "Z error %", "kbit secret", "bit/s", "x PLOB"]);
  for (const { name, keys, figures } of pairs) {
    rows.push([
      name,
      `${keys} of ${seeds.length}`,
      spread(figures.qberX, 2, 100),
      spread(figures.qberZPaired, 3, 100),
      spread(figures.secretBits, 1, 1e-3),
      spread(figures.keyRateBps, 1),
      spread(figures.ratioToPlob, 3),
    ]);
  }
  return [
    rows.toString(),
    "",
    `mean ± standard deviation over ${seeds.length} seeds, "${seeds[0]}" to "${seeds.at(-1)}"`,
    `pairs with identical keys: ${spread(total.figures.pairs, 1)}; secret bits in all: ${spread(total.figures.secretBits, 2, 1e-6)} Mbit`,
    `${replicates.pulses.toExponential()} pulses a pair, ${replicates.elapsedSeconds.toFixed(1)} s in all`,
  ].join("\n");
}
