/**
 * Device values of a command: those of the preset, with single numbers replaced.
 *
 * @module
 */
import { type DeviceValues, valuesOf, WEIMING_DEVICES } from "../devices/index.ts";
import { invalid } from "../errors.ts";

/**
 * The preset's device values with replacements.
 *
 * @param assignments - `path=number`, in order
 * @throws {@link TwincombError} `invalid-input` when a path is not there or a value is no finite number
 */
export function deviceValues(assignments: readonly string[] = []): DeviceValues {
  const values = structuredClone(valuesOf(WEIMING_DEVICES)) as DeviceValues;
  for (const assignment of assignments) {
    const equals = assignment.indexOf("=");
    const path = assignment.slice(0, Math.max(0, equals)).split(".");
    const last = path.pop()!;
    let node = values as unknown as Record<string, unknown>;
    for (const key of path) {
      const next = Object.hasOwn(node, key) ? node[key] : undefined;
      if (typeof next !== "object" || next === null) throw unknownPath(assignment, node);
      node = next as Record<string, unknown>;
    }
    if (typeof node[last] !== "number" || !Object.hasOwn(node, last)) throw unknownPath(assignment, node);
    const text = assignment.slice(equals + 1);
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) throw invalid(assignment.slice(0, equals), text, "a finite number");
    node[last] = value;
  }
  return values;
}

function unknownPath(assignment: string, node: Record<string, unknown>): Error {
  return invalid(
    "--set",
    assignment,
    `path=number with a path of the device values; here: ${Object.keys(node).join(", ")}`,
  );
}
