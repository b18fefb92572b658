/**
 * Paths into what a study varies: `fibre.lossDbPerKm`, `clients.0.upLinkKm`, `clients.*.upLinkKm` for all clients at once.
 *
 * @module
 */
import { distance } from "fastest-levenshtein";
import { TwincombError } from "../errors.ts";

/** An object with keys, as read from JSON. */
export type Subject = Readonly<Record<string, unknown>>;

/** A path with its places: one, or several where it has a `*`. */
export interface SubjectPath {
  /** As written. */
  readonly path: string;
  /** Keys of every place that it stands for. */
  readonly places: readonly (readonly string[])[];
}

/**
 * Finds the places of a path.
 *
 * @param where - place in the study file, for messages
 * @param subject - what is varied
 * @param path - keys joined by dots, `*` for every entry of a list
 * @throws {@link TwincombError} `invalid-input` when there is no such place, or no single value at it
 */
export function findPath(where: string, subject: Subject, path: string): SubjectPath {
  let ends: { node: unknown; keys: string[] }[] = [{ node: subject, keys: [] }];
  for (const key of path.split(".")) {
    ends = ends.flatMap(({ node, keys }) => {
      if (key === "*" && Array.isArray(node) && node.length > 0) {
        return node.map((entry, i) => ({ node: entry, keys: [...keys, String(i)] }));
      }
      if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) throw unknown(where, subject, path);
      return [{ node: (node as Subject)[key], keys: [...keys, key] }];
    });
  }
  for (const { node, keys } of ends) {
    if (typeof node === "object" && node !== null) {
      const inside = Object.keys(node).map((key) => `${keys.join(".")}.${key}`);
      throw refused(where, path, `the path of one value, not of a group; inside it: ${inside.slice(0, 12).join(", ")}`);
    }
  }
  return { path, places: ends.map(({ keys }) => keys) };
}

/**
 * A copy with another value at every place of a path; what the path does not touch is shared with the original.
 *
 * @param subject - stays as it is
 * @param path - from {@link findPath} for a subject of the same form
 * @param value - what is put there
 */
export function withValue<Value extends Subject>(subject: Value, path: SubjectPath, value: unknown): Value {
  return path.places.reduce<Value>((copy, keys) => replaced(copy, keys, 0, value) as Value, subject);
}

function replaced(node: unknown, keys: readonly string[], depth: number, value: unknown): unknown {
  if (depth === keys.length) return value;
  const key = keys[depth]!;
  const inner = replaced((node as Subject)[key], keys, depth + 1, value);
  if (!Array.isArray(node)) return { ...(node as Subject), [key]: inner };
  const copy = node.slice();
  copy[Number(key)] = inner;
  return copy;
}

/** Paths of all single values; entries of lists are written as `*`. */
function leaves(node: unknown, keys: readonly string[] = []): string[] {
  if (Array.isArray(node)) return node.length === 0 ? [] : leaves(node[0], [...keys, "*"]);
  if (typeof node === "object" && node !== null) {
    return Object.entries(node).flatMap(([key, entry]) => leaves(entry, [...keys, key]));
  }
  return [keys.join(".")];
}

function unknown(where: string, subject: Subject, path: string): TwincombError {
  const asked = path.toLowerCase();
  const last = asked.split(".").at(-1)!;
  // Somebody who forgot the group still typed the last key.
  const cost = (leaf: string) =>
    Math.min(distance(asked, leaf.toLowerCase()), 1 + distance(last, leaf.toLowerCase().split(".").at(-1)!));
  const [best] = leaves(subject)
    .map((leaf) => ({ leaf, cost: cost(leaf) }))
    .sort((a, b) => a.cost - b.cost);
  const near = best !== undefined && best.cost <= Math.max(2, last.length / 2);
  return refused(
    where,
    path,
    near
      ? `a path that exists; did you mean "${best.leaf}"?`
      : `a path that exists; groups: ${Object.keys(subject).join(", ")}`,
  );
}

function refused(where: string, path: string, expected: string): TwincombError {
  return new TwincombError("invalid-input", `${where}: there is no value at "${path}": expected ${expected}`, {
    parameter: where,
    value: path,
    expected,
  });
}
