/**
 * Axes of a study as functions of an index: no list of points is ever held.
 *
 * @module
 */
import { invalid } from "../errors.ts";
import { type PhiloxKey, PURPOSE, philoxBlock, philoxKey } from "../random.ts";
import { roundSignificant } from "../units.ts";
import { numberFor } from "./quantity.ts";
import { SOBOL_DIMENSIONS, scrambledSobol } from "./sobol.ts";
import type { StudyAxis } from "./study-file.ts";

/** A value that an axis can take. */
export type Scalar = number | string | boolean;

/** One axis, ready to be asked. */
export interface ResolvedAxis {
  /** Whether its values stand in order along a line, or fill a box. */
  readonly form: "line" | "design";
  /** Whether its values follow each other by equal ratios. */
  readonly logarithmic: boolean;
  /** Paths that it sets, in order. */
  readonly paths: readonly string[];
  /** How many values it has. */
  readonly size: number;
  /** The values at one index, one for each path. */
  at(index: number): readonly Scalar[];
}

/** What has to be known of a path to put values there. */
export interface PathRule {
  /** Whether only whole numbers may stand there, to which ranges are rounded. */
  readonly whole: boolean;
  /** Whether a number stands there. */
  readonly numeric: boolean;
  /** Refuses a value that may not stand there. */
  check(where: string, value: Scalar): void;
}

/** Looks a path up; throws when it does not exist. */
export type PathLookup = (where: string, path: string) => PathRule;

/** Kinds of axis, by the key that marks them. */
const KINDS = ["values", "linear", "log", "paired", "random", "sobol"] as const;

/**
 * Makes an axis of its description.
 *
 * @param axis - from a study file
 * @param where - its place in the file, for messages
 * @param lookup - finds paths
 * @param seed - decides random designs and the scrambling of Sobol points
 * @throws {@link TwincombError} `invalid-input` when it is not one axis, or a value may not stand where it is put
 */
export function resolveAxis(axis: StudyAxis, where: string, lookup: PathLookup, seed: string): ResolvedAxis {
  const given = KINDS.filter((kind) => axis[kind] !== undefined);
  const [kind] = given;
  if (kind === undefined || given.length > 1) {
    throw invalid(where, given.join(" and ") || "none", `exactly one of ${KINDS.join(", ")}`);
  }
  if (kind === "values" || kind === "linear" || kind === "log") return single(axis, where, lookup);
  if (axis.path !== undefined) throw invalid(`${where}.path`, axis.path, `no path beside "${kind}", which has its own`);
  if (kind === "paired") return paired(axis.paired!, where, lookup);
  return design(kind, axis[kind]!, where, lookup, seed);
}

function single(axis: Omit<StudyAxis, "paired" | "random" | "sobol">, where: string, lookup: PathLookup): ResolvedAxis {
  const given = (["values", "linear", "log"] as const).filter((kind) => axis[kind] !== undefined);
  if (given.length !== 1) throw invalid(where, given.join(" and ") || "none", "exactly one of values, linear, log");
  const { path } = axis;
  if (path === undefined) throw invalid(`${where}.path`, path, "the path of the value that is varied");
  const rule = lookup(`${where}.path`, path);
  if (axis.values !== undefined) {
    const values = axis.values.map((value, i) => valueFor(`${where}.values.${i}`, path, rule, value));
    return { form: "line", logarithmic: false, paths: [path], size: values.length, at: (i) => [values[i]!] };
  }
  const kind = axis.linear === undefined ? "log" : "linear";
  const { from, to, points } = axis[kind]!;
  const spread = spreadOver(`${where}.${kind}`, path, rule, from, to, kind);
  const form = { form: "line", logarithmic: kind === "log" } as const;
  return { ...form, paths: [path], size: points, at: (i) => [spread(points === 1 ? 0 : i / (points - 1))] };
}

/** A listed value in the path's own unit. */
export function valueFor(where: string, path: string, rule: PathRule, value: Scalar): Scalar {
  const plain = rule.numeric && typeof value === "string" ? numberFor(where, path, value) : value;
  rule.check(where, plain);
  return plain;
}

/** A map from [0, 1] to the values of a range. */
function spreadOver(
  where: string,
  path: string,
  rule: PathRule,
  from: number | string,
  to: number | string,
  scale: "linear" | "log",
): (share: number) => number {
  if (!rule.numeric) throw invalid(where, path, "the path of a number");
  const [first, last] = [numberFor(`${where}.from`, path, from), numberFor(`${where}.to`, path, to)];
  if (scale === "log" && !(first > 0)) throw invalid(`${where}.from`, from, "a number > 0 on a logarithmic scale");
  if (scale === "log" && !(last > 0)) throw invalid(`${where}.to`, to, "a number > 0 on a logarithmic scale");
  const value = (share: number): number => {
    const exact =
      share === 0
        ? first
        : share === 1
          ? last
          : roundSignificant(scale === "log" ? first * (last / first) ** share : first + (last - first) * share);
    return rule.whole ? Math.round(exact) : exact;
  };
  rule.check(`${where}.from`, value(0));
  rule.check(`${where}.to`, value(1));
  return value;
}

function paired(parts: NonNullable<StudyAxis["paired"]>, where: string, lookup: PathLookup): ResolvedAxis {
  const axes = parts.map((part, i) => single(part, `${where}.paired.${i}`, lookup));
  const [{ size }] = axes as [ResolvedAxis];
  axes.forEach((axis, i) => {
    if (axis.size !== size) {
      throw invalid(
        `${where}.paired.${i}`,
        `${axis.size} values`,
        `${size} values, as many as the first of the paired`,
      );
    }
  });
  return {
    form: "line",
    logarithmic: axes[0]!.logarithmic,
    paths: axes.flatMap(({ paths }) => paths),
    size,
    at: (i) => axes.flatMap((axis) => axis.at(i)),
  };
}

function design(
  kind: "random" | "sobol",
  { points, over }: NonNullable<StudyAxis["random"]>,
  where: string,
  lookup: PathLookup,
  seed: string,
): ResolvedAxis {
  if (kind === "sobol" && over.length > SOBOL_DIMENSIONS) {
    throw invalid(`${where}.sobol.over`, `${over.length} paths`, `at most ${SOBOL_DIMENSIONS} paths`);
  }
  const key = philoxKey(`${seed}/${where}`);
  const spreads = over.map(({ path, from, to, scale }, i) => {
    const place = `${where}.${kind}.over.${i}`;
    return spreadOver(place, path, lookup(`${place}.path`, path), from, to, scale);
  });
  const scrambles = over.map((_, dimension) => draw(key, 0xffff_ffff, dimension)[0]!);
  const share = (index: number, dimension: number): number => {
    if (kind === "sobol") return scrambledSobol(index, dimension, scrambles[dimension]!);
    const [high, low] = draw(key, index, dimension) as unknown as [number, number];
    return ((high >>> 5) * 67_108_864 + (low >>> 6)) / 9_007_199_254_740_992;
  };
  return {
    form: "design",
    logarithmic: false,
    paths: over.map(({ path }) => path),
    size: points,
    at: (index) => spreads.map((spread, dimension) => spread(share(index, dimension))),
  };
}

/** Random words of one coordinate of one point, whatever was drawn before. */
function draw(key: PhiloxKey, index: number, dimension: number): Uint32Array {
  const words = new Uint32Array(4);
  philoxBlock(key, [index, 0, dimension, PURPOSE.study], words);
  return words;
}
