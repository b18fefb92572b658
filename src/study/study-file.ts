/**
 * Study files: what is varied, what is computed at each point, how often.
 *
 * @module
 */
import * as z from "zod";
import { scenarioSchema } from "../network/index.ts";
import { parseBy } from "../network/scenario/scenario-messages.ts";

/** Format of study files and of run folders; raised when an older one would be read differently. */
export const STUDY_VERSION = 1;

/** Most points times replicates that one study may have. */
export const LARGEST_STUDY = 1e7;

/** What can be computed at each point. */
export const COMPUTATIONS = ["key-rate", "session", "phase-budget", "comb-state", "reconciliation"] as const;

/** One of {@link COMPUTATIONS}. */
export type ComputationKind = (typeof COMPUTATIONS)[number];

const path = z
  .string()
  .min(1)
  .max(200)
  .describe("path of a value, keys joined by dots; * stands for every entry of a list");
const scalar = z
  .union(
    [z.number(), z.string().max(1000), z.boolean()],
    "a number, a value with its unit as text, a text, or a boolean",
  )
  .describe('a number, a value with its unit such as "0.16 dB/km", a text, or a boolean');
const quantity = z
  .union([z.number(), z.string().max(100)], "a number, or a value with its unit as text")
  .describe('a number, or a value with its unit such as "80 km"');
const count = (what: string) => z.int().min(1).max(LARGEST_STUDY).describe(what);

const range = (what: string) =>
  z
    .strictObject({
      from: quantity.describe("first value"),
      to: quantity.describe("last value, included"),
      points: count("number of values"),
    })
    .describe(what);

const variable = {
  path: path.optional(),
  values: z.array(scalar).min(1).max(1_000_000).describe("these values").optional(),
  linear: range("equal steps").optional(),
  log: range("equal ratios").optional(),
};

const box = z
  .array(
    z.strictObject({
      path,
      from: quantity.describe("lowest value"),
      to: quantity.describe("highest value"),
      scale: z
        .enum(["linear", "log"])
        .default("linear")
        .describe("whether values or their logarithms are spread evenly"),
    }),
  )
  .min(1)
  .max(40);

const design = (what: string) =>
  z.strictObject({ points: count("number of points"), over: box.describe("the box that they fill") }).describe(what);

const axis = z
  .strictObject({
    ...variable,
    paired: z
      .array(z.strictObject(variable))
      .min(2)
      .max(40)
      .describe("several paths that change together, with as many values each")
      .optional(),
    random: design("points drawn independently and evenly from a box").optional(),
    sobol: design("points of a scrambled Sobol sequence, which fill a box evenly").optional(),
  })
  .describe("one axis: a path with values, linear or log; or paired, random or sobol");

const SCENARIO = 'base scenario: name of a preset, {"file": ...}, or a whole scenario; weiming unless given';

/** The schema that study files are held against. */
export const studySchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(STUDY_VERSION).describe("format of the file"),
    name: z.string().min(1).max(200),
    seed: z.string().max(1000).optional().describe("seed of every random number; the scenario's unless given"),
    // A whole scenario is held against its own schema when the study is planned, where its faults are named one by one.
    scenario: z
      .union([z.string().min(1).max(200), z.record(z.string(), z.unknown())], "a text or a scenario")
      .optional()
      .describe(SCENARIO),
    set: z.record(path, scalar).optional().describe("values that differ from the base at every point"),
    compute: z
      .strictObject({
        kind: z.enum(COMPUTATIONS).describe("what is computed at each point"),
        pair: z
          .string()
          .min(1)
          .max(201)
          .optional()
          .describe('name of a pair such as A1-B1, or "all"; the first unless given'),
        settings: z
          .enum(["fixed", "optimised"])
          .optional()
          .describe("key-rate: the scenario's settings, or the best ones at each point"),
      })
      .describe("what is computed"),
    axes: z.array(axis).min(1).max(20).describe("every combination of these is a point; the last axis changes fastest"),
    replicates: count("runs of each point with other random numbers").optional(),
    randomNumbers: z
      .enum(["independent", "common"])
      .optional()
      .describe(
        "whether points draw their own random numbers or share them; models (key-rate, phase-budget) share, simulations do not",
      ),
    stop: z
      .strictObject({
        figure: z.string().min(1).describe("column of the result that is watched"),
        relativeError: z.number().min(1e-9).max(1).describe("standard error of its mean over the mean, to be reached"),
        minimumReplicates: z.int().min(2).max(LARGEST_STUDY).default(4).describe("replicates before the first look"),
        maximumReplicates: z.int().min(2).max(LARGEST_STUDY).describe("most replicates of a point"),
      })
      .optional()
      .describe("adds replicates to a point until a figure is known well enough"),
  })
  .describe("A parameter study");

/** A study as its file states it. */
export type Study = z.infer<typeof studySchema>;

/** One axis of a study. */
export type StudyAxis = Study["axes"][number];

/** The JSON Schema (draft 2020-12) of study files. */
export function studyJsonSchema(): object {
  const scenario = z
    .union([
      z.string().min(1).max(200),
      z.strictObject({ file: z.string().min(1).describe("scenario file, beside the study file") }),
      scenarioSchema,
    ])
    .optional()
    .describe(SCENARIO);
  return z.toJSONSchema(studySchema.extend({ scenario }), { io: "input" });
}

/**
 * Checks the form of a study; `planStudy` checks paths, units and values.
 *
 * @param input - an object, usually read from JSON
 * @returns the study
 * @throws {@link TwincombError} `invalid-input` that names every value at fault, what was expected and the next step
 */
export function parseStudy(input: unknown): Study {
  return parseBy(studySchema, input, "study");
}
