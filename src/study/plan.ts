/**
 * The points of a study, each made from its index alone: nothing grows with their number.
 *
 * A point's hash covers everything that its result depends on: versions and kernels, what is computed, the seed, and the
 * whole resolved input. Two studies that describe the same point differently give it the same hash.
 *
 * @module
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import * as z from "zod";
import { invalid, TwincombError } from "../errors.ts";
import { describeIssue } from "../network/scenario/scenario-messages.ts";
import { type PathLookup, type ResolvedAxis, resolveAxis, type Scalar, valueFor } from "./axes.ts";
import { digest } from "./canonical.ts";
import { COMPUTATION, type Computation } from "./computation.ts";
import { type Fingerprint, fingerprint } from "./fingerprint.ts";
import { LARGEST_STUDY, STUDY_VERSION, type Study } from "./study-file.ts";
import { findPath, type Subject, type SubjectPath, withValue } from "./subject-path.ts";

/** Bytes of a hash that are kept: 128 bits tell any number of points apart. */
const HASH_BYTES = 16;

/** One point of a study. */
export interface StudyPoint {
  /** Position among all points. */
  readonly point: number;
  /** Values of the axes, in the unit of each path's name. */
  readonly values: Readonly<Record<string, Scalar>>;
  /** Hash of everything that the point's results depend on, 32 hexadecimal digits. */
  readonly hash: string;
  /** The whole input: the base with the point's values in it. */
  readonly subject: Subject;
}

/** A study whose paths, units and values have been checked. */
export interface StudyPlan {
  /** The study, its base scenario included. */
  readonly study: Study;
  /** Versions and kernels. */
  readonly fingerprint: Fingerprint;
  /** Hash of the two. */
  readonly planHash: string;
  /** Number of points. */
  readonly points: number;
  /** Replicates of each point; the most there can be where a rule stops them. */
  readonly replicates: number;
  /** The axes; the last one changes fastest. */
  readonly axes: readonly ResolvedAxis[];
  /** Paths of all axes. */
  readonly paths: readonly string[];
  /** What is computed. */
  readonly computation: Computation;
  /** Makes a point. */
  pointAt(index: number): StudyPoint;
  /** Seed of one replicate of a point. */
  seedOf(point: StudyPoint, replicate: number): string;
  /** Why a point cannot be computed, or undefined. */
  refusal(point: StudyPoint): string | undefined;
}

/**
 * Checks a study's paths, units and values.
 *
 * @param study - from `parseStudy`, with its scenario file read
 * @throws {@link TwincombError} `invalid-input` that names the place in the study file
 */
export function planStudy(study: Study): StudyPlan {
  const computation = COMPUTATION[study.compute.kind];
  checkCompute(study);
  const plain = computation.base(study);
  const seed = study.seed ?? (typeof plain["seed"] === "string" ? plain["seed"] : "2026");
  const start: Subject = "seed" in plain ? { ...plain, seed } : plain;
  const lookup = lookupIn(start, computation);
  const base = Object.entries(study.set ?? {}).reduce((subject, [path, value]) => {
    const rule = lookup(`set.${path}`, path);
    return withValue(subject, findPath(`set.${path}`, start, path), valueFor(`set.${path}`, path, rule, value));
  }, start);
  const axes = study.axes.map((axis, i) => resolveAxis(axis, `axes.${i}`, lookup, seed));
  const points = countPoints(study, axes);
  const paths = axes.flatMap((axis) => axis.paths);
  const places = paths.map((path) => findPath("axes", base, path));
  noPathTwice(places);
  const state = fingerprint();
  const settled: Study = {
    ...study,
    seed,
    ...(study.scenario === undefined && !("clients" in plain) ? {} : { scenario: plain as Study["scenario"] }),
  };
  const hashPoint = pointHasher(base, places, {
    format: STUDY_VERSION,
    ...state,
    compute: study.compute,
    seed,
    random: sharesRandomNumbers(study, computation) ? "common" : "independent",
  });
  const plan: StudyPlan = {
    study: settled,
    fingerprint: state,
    planHash: bytesToHex(digest({ study: settled, ...state }).subarray(0, HASH_BYTES)),
    points,
    replicates: study.stop?.maximumReplicates ?? study.replicates ?? 1,
    axes,
    paths,
    computation,
    pointAt: (index) => {
      const list = valuesAt(axes, index);
      const subject = places.reduce((copy, place, i) => withValue(copy, place, list[i]), base);
      const values = Object.fromEntries(paths.map((path, i) => [path, list[i]!]));
      return { point: index, values, hash: hashPoint(subject), subject };
    },
    seedOf: ({ hash }, replicate) => {
      const own = sharesRandomNumbers(study, computation) ? seed : `${seed}/${hash}`;
      return study.stop === undefined && (study.replicates ?? 1) === 1 ? own : `${own}/${replicate + 1}`;
    },
    refusal: ({ subject }) => {
      try {
        computation.check(subject);
        return undefined;
      } catch (error) {
        if (error instanceof TwincombError && error.code === "invalid-input") return error.message.split("\n")[0];
        throw error;
      }
    },
  };
  return plan;
}

function checkCompute({ compute, scenario, stop, replicates }: Study): void {
  const { kind, pair, settings } = compute;
  const ofScenario = kind !== "reconciliation";
  if (!ofScenario && scenario !== undefined) throw invalid("scenario", "a scenario", `none for ${kind}`);
  if ((!ofScenario || kind === "comb-state") && pair !== undefined)
    throw invalid("compute.pair", pair, `no pair for ${kind}`);
  if (kind !== "key-rate" && settings !== undefined) {
    throw invalid("compute.settings", settings, `none for ${kind}; key-rate alone has them`);
  }
  if (stop !== undefined && replicates !== undefined) {
    throw invalid("replicates", replicates, "none beside stop, which decides how many there are");
  }
  if (stop !== undefined && stop.maximumReplicates < stop.minimumReplicates) {
    throw invalid("stop.maximumReplicates", stop.maximumReplicates, `at least ${stop.minimumReplicates}, the minimum`);
  }
}

/** Models share random numbers, so that curves show the parameter and not the luck of each point. */
function sharesRandomNumbers(study: Study, computation: Computation): boolean {
  return study.randomNumbers === undefined ? computation.common : study.randomNumbers === "common";
}

function countPoints(study: Study, axes: readonly ResolvedAxis[]): number {
  const points = axes.reduce((product, { size }) => product * size, 1);
  const replicates = study.stop?.maximumReplicates ?? study.replicates ?? 1;
  if (points * replicates > LARGEST_STUDY) {
    const sizes = axes.map(({ size, paths }) => `${paths.join(" and ")}: ${size}`).join("; ");
    throw invalid(
      "axes",
      `${points} points x ${replicates} replicates (${sizes})`,
      `at most ${LARGEST_STUDY} results; a "sobol" design covers many axes with few points`,
    );
  }
  return points;
}

function noPathTwice(places: readonly SubjectPath[]): void {
  const seen = new Map<string, string>();
  for (const { path, places: ends } of places) {
    for (const keys of ends) {
      const place = keys.join(".");
      const other = seen.get(place);
      if (other !== undefined) throw invalid("axes", path, `a path that no other axis sets ("${other}" sets ${place})`);
      seen.set(place, path);
    }
  }
}

/** The values of all axes at a point; the last axis changes fastest. */
function valuesAt(axes: readonly ResolvedAxis[], index: number): Scalar[] {
  let rest = index;
  const lists: (readonly Scalar[])[] = [];
  for (let i = axes.length - 1; i >= 0; i--) {
    const axis = axes[i]!;
    lists[i] = axis.at(rest % axis.size);
    rest = Math.floor(rest / axis.size);
  }
  return lists.flat();
}

/** Hashes points; groups that no axis touches are hashed once. */
function pointHasher(base: Subject, places: readonly SubjectPath[], constants: object): (subject: Subject) => string {
  const touched = new Set(places.flatMap((place) => place.places.map(([group]) => group)));
  const groups = Object.keys(base).sort();
  const part = (subject: Subject, group: string) => concatBytes(utf8ToBytes(`${group}\n`), digest(subject[group]));
  const fixed = new Map(groups.filter((group) => !touched.has(group)).map((group) => [group, part(base, group)]));
  const head = digest(constants);
  return (subject) => {
    const parts = groups.map((group) => fixed.get(group) ?? part(subject, group));
    return bytesToHex(sha256(concatBytes(head, ...parts)).subarray(0, HASH_BYTES));
  };
}

/** Looks paths up in the subject, and in its schema where it has one. */
function lookupIn(subject: Subject, { schema }: Computation): PathLookup {
  return (where, path) => {
    if (path === "seed") throw invalid(where, path, 'another path: the study has its own "seed", and "replicates"');
    const found = findPath(where, subject, path);
    const [place] = found.places as [readonly string[]];
    const leaf = schemaAt(schema, place);
    return {
      numeric: leaf instanceof z.ZodNumber,
      whole: leaf instanceof z.ZodNumber && leaf.isInt,
      check: (at, value) => {
        const replaced = withValue(subject, found, value);
        const issue = schema
          .safeParse(replaced)
          .error?.issues.find(({ path: keys }) => place.every((key, i) => String(keys[i]) === key));
        if (issue === undefined) return;
        const [fault] = describeIssue(issue, replaced, schema);
        const { message, expected } = fault!;
        throw new TwincombError("invalid-input", `${at}: ${message}`, { parameter: at, value, expected });
      },
    };
  };
}

/** The schema of one value, through objects, lists and defaults. */
function schemaAt(schema: z.ZodType, keys: readonly string[]): z.ZodType | undefined {
  let node: z.ZodType | undefined = schema;
  for (const key of keys) {
    node = bare(node);
    if (node instanceof z.ZodObject) node = node.shape[key] as z.ZodType | undefined;
    else if (node instanceof z.ZodArray) node = node.element as z.ZodType;
    else return undefined;
  }
  return bare(node);
}

function bare(schema: z.ZodType | undefined): z.ZodType | undefined {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? bare(schema.unwrap() as z.ZodType)
    : schema;
}
