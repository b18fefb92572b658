/**
 * Says in plain words what is wrong with a file: where, what was expected, what was found, what to do next.
 *
 * @module
 */
import { distance } from "fastest-levenshtein";
import * as z from "zod";
import { TwincombError } from "../../errors.ts";

/** One fault of a scenario. */
export interface ScenarioIssue {
  /** Path of the value, `fibre.lossDbPerKm`. */
  readonly path: string;
  /** The value found there. */
  readonly value: unknown;
  /** What would have been accepted. */
  readonly expected: string;
  /** All of it in one sentence. */
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/**
 * Holds an object against a schema.
 *
 * @param schema - the schema
 * @param input - the object
 * @param kind - kind of file, as `twincomb schema` names it
 * @returns the object as the schema gives it back, defaults filled in
 * @throws {@link TwincombError} `invalid-input` that names every value at fault, what was expected and the next step
 */
export function parseBy<Schema extends z.ZodType>(schema: Schema, input: unknown, kind: string): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.flatMap((issue) => describeIssue(issue, input, schema));
  const { path, value, expected } = issues[0]!;
  throw new TwincombError("invalid-input", refusal(issues, kind), { parameter: path, value, expected });
}

/**
 * Turns one finding of the validator into sentences.
 *
 * @param issue - the finding
 * @param input - what was validated
 * @param schema - what it was held against
 * @returns one fault, or one for each unknown key
 */
export function describeIssue(issue: Issue, input: unknown, schema: z.ZodType): ScenarioIssue[] {
  const path = issue.path.join(".");
  if (issue.code === "invalid_union") {
    // The alternative whose outer form fits is the one that was meant.
    const meant = issue.errors.find((inner) =>
      inner.every(({ path: where, code }) => where.length > 0 || code === "unrecognized_keys"),
    );
    if (meant !== undefined) {
      return meant.flatMap((inner) => describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, input, schema));
    }
  }
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const known = knownKeys(schema, issue.path);
      const near = closest(key, known);
      const expected = near === undefined ? `one of ${known.join(", ")}` : `"${near}"`;
      const where = path === "" ? key : `${path}.${key}`;
      const advice = near === undefined ? `known keys: ${known.join(", ")}` : `did you mean "${near}"?`;
      return { path: where, value: key, expected, message: `${where}: unknown key; ${advice}` };
    });
  }
  const value = valueAt(input, issue.path);
  const expected = expectation(issue);
  const found = value === undefined ? "nothing" : JSON.stringify(value) === undefined ? String(value) : shown(value);
  const meaning = describeKey(schema, issue.path);
  const message = `${path || "scenario"}: expected ${expected}, found ${found}${meaning === undefined ? "" : ` (${meaning})`}`;
  return [{ path, value, expected, message }];
}

/**
 * All faults of a file, one a line, and where to look next.
 *
 * @param issues - the faults
 * @param kind - kind of file, as `twincomb schema` names it
 */
function refusal(issues: readonly ScenarioIssue[], kind: string): string {
  const lines = issues.map((issue) => issue.message);
  return [...lines, `("twincomb schema ${kind}" prints every key with its meaning, unit and range)`].join("\n");
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "int"
        ? "a whole number"
        : `${/^[aeio]/.test(issue.expected) ? "an" : "a"} ${issue.expected}`;
    case "too_small":
      return issue.origin === "number" || issue.origin === "int"
        ? `a number >= ${issue.minimum}`
        : `at least ${issue.minimum} ${issue.origin === "string" ? "character" : "entries"}`;
    case "too_big":
      return issue.origin === "number" || issue.origin === "int"
        ? `a number <= ${issue.maximum}`
        : `at most ${issue.maximum} ${issue.origin === "string" ? "characters" : "entries"}`;
    case "invalid_union":
      return "a list of pairs, or a schedule";
    case "invalid_value":
      return issue.values.map((value) => JSON.stringify(value)).join(" or ");
    default:
      return issue.message;
  }
}

/** A value short enough for one line. NaN and infinities are not JSON and are shown as JavaScript does. */
function shown(value: unknown): string {
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (node, key) =>
      typeof node === "object" && node !== null ? (node as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

/** The schema at a path, through objects and arrays. */
function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let node: z.ZodType | undefined = schema;
  for (const key of path) {
    if (node instanceof z.ZodOptional) node = node.unwrap() as z.ZodType;
    if (node instanceof z.ZodObject) node = node.shape[key as string] as z.ZodType | undefined;
    else if (node instanceof z.ZodArray) node = node.element as z.ZodType;
    else if (node instanceof z.ZodUnion) {
      const kind = typeof key === "number" ? z.ZodArray : z.ZodObject;
      const option = (node.options as z.ZodType[]).find((one) => one instanceof kind);
      node = option === undefined ? undefined : schemaAt(option, [key]);
    } else return undefined;
  }
  return node;
}

function describeKey(schema: z.ZodType, path: readonly PropertyKey[]): string | undefined {
  const node = schemaAt(schema, path);
  return node instanceof z.ZodOptional ? (node.unwrap() as z.ZodType).description : node?.description;
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const node = schemaAt(schema, path);
  const objects = node instanceof z.ZodUnion ? (node.options as z.ZodType[]) : [node];
  return objects.flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : []));
}

/** Keys that differ in more than half of their letters are not what was meant. */
const LARGEST_RELATIVE_DISTANCE = 1 / 2;

function closest(key: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: distance(key.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  if (best === undefined || best.distance > Math.max(2, key.length * LARGEST_RELATIVE_DISTANCE)) return undefined;
  return best.candidate;
}
