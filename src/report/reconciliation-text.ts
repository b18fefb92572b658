/**
 * What reconciliation costs, as a table for a terminal.
 *
 * @module
 */
import type { TableRow } from "../distillation/index.ts";
import { percent, table } from "./table.ts";

/**
 * Efficiency, frame errors and speed over error rates.
 *
 * @param measured - from `reconciliationTable`
 */
export function reconciliationTableText(measured: readonly TableRow[]): string {
  const rows = table(["QBER", "frame bits", "f planned", "f", "frame errors", "messages", "Mbit/s", "codes"]);
  for (const row of measured) {
    rows.push([
      percent(row.qber),
      row.frameBits,
      row.plannedEfficiency.toFixed(3),
      row.efficiency.toFixed(3),
      `${(100 * row.frameErrorRate).toFixed(1)} %`,
      row.messages.toFixed(2),
      row.megabitsPerSecond.toFixed(1),
      row.code,
    ]);
  }
  return rows.toString();
}
