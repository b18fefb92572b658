/**
 * What the charts of a study are drawn from: some curves, one map, or dots, picked by the positions of points, so that a
 * study of any size makes charts of bounded size.
 *
 * @module
 */
import { invalid } from "../errors.ts";
import { readTable } from "./merged-file.ts";
import type { StudyPlan } from "./plan.ts";
import type { RunFolder } from "./run-folder.ts";
import type { ComputationKind } from "./study-file.ts";

/** Figures that are drawn unless told. */
const USUAL_FIGURES: Readonly<Record<ComputationKind, readonly string[]>> = {
  "key-rate": ["keyRatePerPulse", "ratioToPlob"],
  session: ["keyRatePerPulse", "qberX"],
  "phase-budget": ["expectedErrorX"],
  "comb-state": ["conversion", "lineCount"],
  reconciliation: ["efficiency", "frameErrorRate"],
};

/** Replicates of one point, of one pair. */
export interface Spread {
  /** Value of the axis. */
  readonly x: number;
  /** Mean over replicates. */
  readonly mean: number;
  /** Least of them. */
  readonly least: number;
  /** Greatest of them. */
  readonly most: number;
}

/** One curve. */
export interface Curve {
  /** Values of the other axes, or the pair. */
  readonly label: string;
  /** Its points, in the order of the axis. */
  readonly points: readonly Spread[];
}

/** One cell of a map. */
export interface MapCell {
  /** Position along the first axis, and along the second. */
  readonly column: number;
  readonly row: number;
  /** Mean over replicates. */
  readonly value: number;
}

/** Values of two axes with a figure for each pair of them. */
export interface FigureMap {
  /** Path of the first axis. */
  readonly x: string;
  /** Path of the second. */
  readonly y: string;
  /** Values along the first, in order, and whether by equal ratios. */
  readonly xs: readonly number[];
  readonly xLogarithmic: boolean;
  /** Values along the second. */
  readonly ys: readonly number[];
  readonly yLogarithmic: boolean;
  /** The cells that have a value. */
  readonly cells: readonly MapCell[];
  /** What the other axes are held at. */
  readonly held: string;
}

/** Dots of a random or Sobol design over one of its paths. */
export interface DotCloud {
  /** The path. */
  readonly x: string;
  /** The dots. */
  readonly dots: readonly { readonly x: number; readonly value: number }[];
}

/** Everything that is drawn of one figure. */
export interface FigureData {
  /** Name of the figure's column. */
  readonly figure: string;
  /** Its unit. */
  readonly unit?: string;
  /** Path along which curves run, where an axis is a line. */
  readonly x?: string;
  /** Whether that axis goes by equal ratios. */
  readonly xLogarithmic: boolean;
  /** Curves; some of many. */
  readonly curves: readonly Curve[];
  /** Whether points have several replicates. */
  readonly replicated: boolean;
  /** A map, where two axes are lines of numbers. */
  readonly map?: FigureMap;
  /** Dots, where an axis is a design. */
  readonly clouds: readonly DotCloud[];
}

/** Most curves of a chart: as many as there are colours that everybody can tell apart. */
const CURVES = 6;
/** Most points of a curve, and of each side of a map. */
const POINTS = 400;
const CELLS = 120;
/** Fewer values than these make curves, not a map. */
const LEAST_SIDE = 4;
/** Most dots, and most paths of a design that are drawn. */
const DOTS = 3000;
const CLOUDS = 6;

/**
 * Gathers what is drawn.
 *
 * @param folder - the study, merged
 * @param wanted - names of figures; the usual ones of what was computed unless given
 * @param along - path of the axis along which curves run; the longest unless given
 * @throws {@link TwincombError} `invalid-input` when there is no such figure or axis, or nothing has been merged
 */
export function chartData(folder: RunFolder, wanted?: readonly string[], along?: string): FigureData[] {
  const { plan } = folder;
  const table = readTable(folder);
  const numeric = table.columns.filter(({ role, type }) => role === "figure" && type === "number");
  for (const name of wanted ?? []) {
    if (numeric.some((column) => column.name === name)) continue;
    throw invalid("--figure", name, `one of ${numeric.map((column) => column.name).join(", ")}`);
  }
  const names =
    wanted ?? USUAL_FIGURES[plan.study.compute.kind].filter((name) => numeric.some((one) => one.name === name));
  const selection = selectPoints(plan, along);
  const columns = names.map((name) => table.columns.findIndex((column) => column.name === name));
  const pairColumn = table.columns.findIndex(({ name }) => name === "pair");
  // For each wanted point and pair: sum, count, least, most of each figure.
  const cells = new Map<number, Map<string, Float64Array>>();
  const pairs = new Set<string>();
  table.forEachRow((row) => {
    const point = row[0] as number;
    if (!selection.wanted.has(point)) return;
    const pair = pairColumn < 0 ? "" : String(row[pairColumn] ?? "");
    if (pair !== "") pairs.add(pair);
    const byPair = cells.get(point) ?? new Map<string, Float64Array>();
    const state = byPair.get(pair) ?? emptyState(names.length);
    columns.forEach((column, k) => {
      const value = row[column];
      if (typeof value === "number") addTo(state, k, value);
    });
    cells.set(point, byPair.set(pair, state));
  });
  const [firstPair = ""] = pairs;
  return names.map((figure, k) => {
    const unit = numeric.find((column) => column.name === figure)!.unit;
    const at = (point: number, pair: string): Omit<Spread, "x"> | undefined => {
      const state = cells.get(point)?.get(pair);
      const count = state?.[4 * k + 1] ?? 0;
      if (state === undefined || count === 0) return undefined;
      return { mean: state[4 * k]! / count, least: state[4 * k + 2]!, most: state[4 * k + 3]! };
    };
    const { line, map, design } = selection;
    const curves = (line?.curves ?? []).flatMap(({ label, points }) => {
      // Where nothing else tells curves apart, each pair has its own.
      const shown = line!.curves.length === 1 ? [...pairs].slice(0, CURVES) : [firstPair];
      return (shown.length === 0 ? [""] : shown).map((pair) => ({
        label: line!.curves.length === 1 ? pair : label,
        points: points.flatMap(({ x, point }) => {
          const found = at(point, pair);
          return found === undefined ? [] : [{ x, ...found }];
        }),
      }));
    });
    return {
      figure,
      ...(unit === undefined ? {} : { unit }),
      ...(line === undefined ? {} : { x: line.path }),
      xLogarithmic: line?.logarithmic ?? false,
      curves,
      replicated: plan.replicates > 1,
      ...(map === undefined
        ? {}
        : {
            map: {
              ...map.sides,
              cells: map.cells.flatMap(({ column, row, point }) => {
                const found = at(point, firstPair);
                return found === undefined ? [] : [{ column, row, value: found.mean }];
              }),
            },
          }),
      clouds: (design?.paths ?? []).slice(0, CLOUDS).map((x) => ({
        x,
        dots: design!.points.flatMap((point) => {
          const found = at(point, firstPair);
          const value = plan.pointAt(point).values[x];
          return found === undefined || typeof value !== "number" ? [] : [{ x: value, value: found.mean }];
        }),
      })),
    };
  });
}

function emptyState(figures: number): Float64Array {
  const state = new Float64Array(4 * figures);
  for (let k = 0; k < figures; k++) {
    state[4 * k + 2] = Infinity;
    state[4 * k + 3] = -Infinity;
  }
  return state;
}

function addTo(state: Float64Array, k: number, value: number): void {
  state[4 * k]! += value;
  state[4 * k + 1]! += 1;
  state[4 * k + 2] = Math.min(state[4 * k + 2]!, value);
  state[4 * k + 3] = Math.max(state[4 * k + 3]!, value);
}

/** Which points are drawn, and as what. */
interface Selection {
  readonly wanted: ReadonlySet<number>;
  readonly line?: {
    readonly path: string;
    readonly logarithmic: boolean;
    readonly curves: readonly { label: string; points: readonly { x: number; point: number }[] }[];
  };
  readonly map?: {
    readonly sides: Omit<FigureMap, "cells">;
    readonly cells: readonly { column: number; row: number; point: number }[];
  };
  readonly design?: { readonly paths: readonly string[]; readonly points: readonly number[] };
}

function selectPoints(plan: StudyPlan, along: string | undefined): Selection {
  const { axes } = plan;
  const lines = axes
    .map((axis, i) => ({ axis, i }))
    .filter(({ axis }) => axis.form === "line" && axis.size > 1 && typeof axis.at(0)[0] === "number")
    .sort((a, b) => b.axis.size - a.axis.size || b.i - a.i);
  const chosen = along === undefined ? lines[0] : lines.find(({ axis }) => axis.paths.includes(along));
  if (along !== undefined && chosen === undefined) {
    throw invalid(
      "--x",
      along,
      `one of ${lines.map(({ axis }) => axis.paths[0]).join(", ") || "no axis: none is a line"}`,
    );
  }
  const wanted = new Set<number>();
  const want = (point: number): number => {
    wanted.add(point);
    return point;
  };
  const second = lines.find((other) => other !== chosen && other.axis.size >= LEAST_SIDE);
  return {
    wanted,
    ...(chosen === undefined ? {} : { line: selectCurves(plan, chosen.i, along, want) }),
    ...(chosen === undefined || second === undefined ? {} : { map: selectMap(plan, chosen.i, second.i, want) }),
    ...selectDesign(plan, want),
  };
}

function selectCurves(
  plan: StudyPlan,
  i: number,
  along: string | undefined,
  want: (point: number) => number,
): NonNullable<Selection["line"]> {
  const axis = plan.axes[i]!;
  const place = along === undefined ? 0 : axis.paths.indexOf(along);
  const others = plan.points / axis.size;
  const curves = evenly(others, CURVES).map((other) => {
    const rest = otherPositions(plan, i, other);
    const points = evenly(axis.size, POINTS).map((position) => ({
      x: axis.at(position)[place] as number,
      point: want(pointOf(plan, rest, i, position)),
    }));
    return { label: labelOf(plan, rest, [i]), points: points.sort((a, b) => a.x - b.x) };
  });
  return { path: axis.paths[place]!, logarithmic: axis.logarithmic, curves };
}

function selectMap(
  plan: StudyPlan,
  i: number,
  j: number,
  want: (point: number) => number,
): NonNullable<Selection["map"]> {
  const [first, second] = [plan.axes[i]!, plan.axes[j]!];
  const held = plan.axes.map(() => 0);
  const sorted = (axis: typeof first) =>
    evenly(axis.size, CELLS)
      .map((position) => ({ position, value: axis.at(position)[0] as number }))
      .sort((a, b) => a.value - b.value);
  const [columns, rows] = [sorted(first), sorted(second)];
  const cells = columns.flatMap((column, x) =>
    rows.map((row, y) => {
      const positions = held.with(i, column.position);
      return { column: x, row: y, point: want(pointOf(plan, positions, j, row.position)) };
    }),
  );
  return {
    sides: {
      x: first.paths[0]!,
      y: second.paths[0]!,
      xs: columns.map(({ value }) => value),
      ys: rows.map(({ value }) => value),
      xLogarithmic: first.logarithmic,
      yLogarithmic: second.logarithmic,
      held: labelOf(plan, held, [i, j]),
    },
    cells,
  };
}

function selectDesign(plan: StudyPlan, want: (point: number) => number): Pick<Selection, "design"> {
  const i = plan.axes.findIndex(({ form }) => form === "design");
  if (i < 0) return {};
  const axis = plan.axes[i]!;
  const first = plan.axes.map(() => 0);
  return {
    design: { paths: axis.paths, points: evenly(axis.size, DOTS).map((k) => want(pointOf(plan, first, i, k))) },
  };
}

/** At most so many of the numbers below a count, the first and the last among them. */
function evenly(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}

/** Positions along all axes but one, from their number among all such positions. */
function otherPositions({ axes }: StudyPlan, except: number, other: number): number[] {
  const positions = axes.map(() => 0);
  let rest = other;
  for (let i = axes.length - 1; i >= 0; i--) {
    if (i === except) continue;
    positions[i] = rest % axes[i]!.size;
    rest = Math.floor(rest / axes[i]!.size);
  }
  return positions;
}

/** The point at positions along all axes, with one of them replaced. */
function pointOf({ axes }: StudyPlan, positions: readonly number[], i: number, position: number): number {
  return axes.reduce((point, { size }, k) => point * size + (k === i ? position : positions[k]!), 0);
}

/** Values of all axes but some, by the last words of their paths. */
function labelOf({ axes }: StudyPlan, positions: readonly number[], except: readonly number[]): string {
  return axes
    .flatMap((axis, i) => {
      if (except.includes(i) || axis.size === 1) return [];
      if (axis.form === "design") return [`point ${positions[i]}`];
      const values = axis.at(positions[i]!);
      return axis.paths.map((path, k) => `${path.split(".").at(-1)} ${values[k]}`);
    })
    .join(", ");
}
