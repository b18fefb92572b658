/**
 * Where a command's scenario comes from: a file, standard input, or the preset, with single values replaced.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { invalid, TwincombError } from "../errors.ts";
import { PRESETS, parseScenario, type Scenario } from "../network/index.ts";

/** Options that every command with a scenario takes. */
export interface ScenarioOptions {
  /** `--set path=value`, in order. */
  readonly set?: readonly string[];
  /** `--seed`. */
  readonly seed?: string;
  /** `--pulses`. */
  readonly pulses?: string;
}

/**
 * Reads, completes and checks a scenario.
 *
 * @param file - name of a preset, path of a JSON file, or `-` for standard input; the `weiming` preset unless given
 * @param options - values given on the command line
 * @throws {@link TwincombError} `invalid-input` when the file cannot be read, is no JSON or no valid scenario
 */
export function readScenario(file: string | undefined, options: ScenarioOptions = {}): Scenario {
  const input = readPreset(file ?? "weiming") ?? readJson(file!);
  for (const assignment of options.set ?? []) assign(input, assignment);
  if (options.seed !== undefined) assign(input, `seed=${JSON.stringify(options.seed)}`);
  if (options.pulses !== undefined) assign(input, `pulses=${options.pulses}`);
  return parseScenario(input);
}

function readPreset(name: string): Scenario | undefined {
  return Object.hasOwn(PRESETS, name) ? PRESETS[name]!() : undefined;
}

/**
 * Reads a JSON file.
 *
 * @param file - path, `-` for standard input
 * @throws {@link TwincombError} `invalid-input` when it cannot be read or is no JSON
 */
export function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TwincombError("invalid-input", `${file}: cannot be read (${reason})`, { parameter: file, cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TwincombError("invalid-input", `${file}: not JSON (${reason})`, { parameter: file, cause });
  }
}

/** Replaces one value; whether it may stand there is for the schema to say. */
function assign(target: unknown, assignment: string): void {
  const equals = assignment.indexOf("=");
  if (equals <= 0) throw invalid("--set", assignment, "path=value, for example fibre.lossDbPerKm=0.2");
  const keys = assignment.slice(0, equals).split(".");
  const last = keys.pop()!;
  let node = target as Record<string, unknown>;
  for (const key of keys) {
    const next = Object.hasOwn(node, key) ? node[key] : undefined;
    if (typeof next !== "object" || next === null) {
      throw invalid("--set", assignment, `a path of the scenario (there is no "${key}" in it; see "twincomb schema")`);
    }
    node = next as Record<string, unknown>;
  }
  node[last] = parseValue(assignment.slice(equals + 1));
}

/** JSON where it is JSON, text otherwise: `0.2`, `true`, `[1,2]`, `abc`. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
