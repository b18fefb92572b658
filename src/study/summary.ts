/**
 * What came of a study, in numbers: least, mean and most of every figure, and where the most is.
 *
 * @module
 */
import type { Scalar } from "./axes.ts";
import { type Column, readTable } from "./merged-file.ts";
import type { RunFolder } from "./run-folder.ts";

/** One figure over all points. */
export interface FigureSummary {
  /** Name of the column. */
  readonly figure: string;
  /** Its unit, where the name states one. */
  readonly unit?: string;
  /** Rows that have a number there. */
  readonly rows: number;
  /** Least number. */
  readonly least: number;
  /** Mean over rows. */
  readonly mean: number;
  /** Greatest number. */
  readonly most: number;
  /** Values of the axes where the greatest number is first found. */
  readonly mostAt: Readonly<Record<string, Scalar>>;
}

/** A study in numbers. */
export interface StudySummary {
  /** Name of the study. */
  readonly name: string;
  /** Points of the study. */
  readonly points: number;
  /** Points with at least one result. */
  readonly computedPoints: number;
  /** Points whose values do not fit together. */
  readonly refusedPoints: number;
  /** Rows of the table. */
  readonly rows: number;
  /** Every numeric figure. */
  readonly figures: readonly FigureSummary[];
}

/**
 * Sums a merged study up.
 *
 * @param folder - the study
 * @throws {@link TwincombError} `invalid-input` when nothing has been merged
 */
export function summarise(folder: RunFolder): StudySummary {
  const { plan } = folder;
  const table = readTable(folder);
  const indices = table.columns
    .map((column, i) => ({ column, i }))
    .filter(({ column: { role, type } }) => role === "figure" && type === "number");
  const states = indices.map(() => ({ rows: 0, least: Infinity, sum: 0, most: -Infinity, point: -1 }));
  const refusedColumn = table.columns.findIndex(({ name }) => name === "refused");
  let computedPoints = 0;
  let refusedPoints = 0;
  let before = -1;
  // Records come in the order of points, so a new point is one that differs from the last.
  table.forEachRow((row) => {
    const point = row[0] as number;
    if (point !== before) {
      computedPoints++;
      if (refusedColumn >= 0 && row[refusedColumn] !== null) refusedPoints++;
    }
    before = point;
    indices.forEach(({ i }, k) => {
      const value = row[i];
      if (typeof value !== "number") return;
      const state = states[k]!;
      state.rows++;
      state.sum += value;
      state.least = Math.min(state.least, value);
      if (value > state.most) {
        state.most = value;
        state.point = point;
      }
    });
  });
  const figures = states.flatMap(({ rows, least, sum, most, point }, k) => {
    if (rows === 0) return [];
    const { name, unit }: Column = indices[k]!.column;
    const mostAt = plan.pointAt(point).values;
    return [{ figure: name, ...(unit === undefined ? {} : { unit }), rows, least, mean: sum / rows, most, mostAt }];
  });
  return { name: plan.study.name, points: plan.points, computedPoints, refusedPoints, rows: table.rowCount, figures };
}
