/**
 * The folder of a study: its plan, the list of its points, and what has been computed.
 *
 * ```
 * run/plan.json        the study with everything it refers to, versions, number of points
 * run/points.ndjson    every point with its values and its hash
 * run/results/*.ndjson what processes have computed, a file for each process, only ever appended to
 * run/merged.ndjson    all of it, once each, in order
 * ```
 *
 * @module
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { invalid, TwincombError } from "../errors.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { planStudy, type StudyPlan } from "./plan.ts";
import { parseStudy, STUDY_VERSION, type Study } from "./study-file.ts";

/** First words of every file that belongs to a study. */
export const FORMAT = "twincomb study";

/** Files of a study's folder. */
export const FILES = {
  plan: "plan.json",
  points: "points.ndjson",
  results: "results",
  merged: "merged.ndjson",
} as const;

/** What `plan.json` holds. */
interface PlanFile extends Fingerprint {
  readonly format: string;
  readonly formatVersion: number;
  readonly planHash: string;
  readonly points: number;
  readonly replicates: number;
  readonly study: unknown;
}

/** A study in its folder. */
export interface RunFolder {
  /** Path of the folder. */
  readonly path: string;
  /** The study. */
  readonly plan: StudyPlan;
}

/** What became of planning. */
export interface PlannedFolder extends RunFolder {
  /** Points whose values do not fit together; their records will say so. */
  readonly refusedPoints: number;
  /** Why the first of them is refused. */
  readonly firstRefusal?: { readonly point: number; readonly reason: string };
}

/**
 * Reads a study file and the scenario file that it names.
 *
 * @param file - path of a JSON file, `-` for standard input
 * @param readJson - reads a JSON file
 * @throws {@link TwincombError} `invalid-input` when a file cannot be read or is no study
 */
export function readStudy(file: string, readJson: (file: string) => unknown): Study {
  const input = readJson(file);
  const named = (input as { scenario?: { file?: unknown } } | null)?.scenario?.file;
  if (typeof named !== "string") return parseStudy(input);
  const scenario = readJson(resolve(file === "-" ? "." : dirname(file), named));
  return parseStudy({ ...(input as object), scenario });
}

/** Points that are listed in one go. */
const LINES_AT_ONCE = 1000;

/**
 * Makes a study's folder. Planning the same study again changes nothing and keeps what has been computed.
 *
 * @param study - from {@link readStudy}
 * @param path - folder, new or of the same study
 * @param onProgress - told the share of the points that have been looked at
 * @throws {@link TwincombError} `invalid-input` when the study is refused, no point can be computed, or the folder holds
 * something else
 */
export async function planFolder(
  study: Study,
  path: string,
  onProgress: (fraction: number) => void = () => {},
): Promise<PlannedFolder> {
  const plan = planStudy(study);
  const { planHash, points, replicates, fingerprint } = plan;
  const planFile = join(path, FILES.plan);
  if (existsSync(planFile) && readPlanFile(path).planHash !== planHash) {
    throw invalid("-o", path, "a new folder: this one holds another study, or one planned with another version");
  }
  mkdirSync(join(path, FILES.results), { recursive: true });
  const listed = listPoints(plan, join(path, FILES.points), onProgress);
  if (listed.refusedPoints === points) {
    throw invalid("axes", `point 0: ${listed.firstRefusal!.reason}`, "at least one point whose values fit together");
  }
  const content: PlanFile = {
    format: FORMAT,
    formatVersion: STUDY_VERSION,
    planHash,
    ...fingerprint,
    points,
    replicates,
    study: plan.study,
  };
  await writeFileAtomic(planFile, `${JSON.stringify(content, null, 2)}\n`);
  return { path, plan, ...listed };
}

/** Writes one line a point, holding none. */
function listPoints(
  plan: StudyPlan,
  file: string,
  onProgress: (fraction: number) => void,
): Pick<PlannedFolder, "refusedPoints" | "firstRefusal"> {
  const unfinished = `${file}.${process.pid}`;
  const out = openSync(unfinished, "w");
  let refusedPoints = 0;
  let firstRefusal: PlannedFolder["firstRefusal"];
  try {
    let text = "";
    for (let i = 0; i < plan.points; i++) {
      const planned = plan.pointAt(i);
      const { point, values, hash } = planned;
      const refused = plan.refusal(planned);
      if (refused !== undefined) {
        refusedPoints++;
        firstRefusal ??= { point, reason: refused };
      }
      text += `${JSON.stringify({ point, hash, values, refused })}\n`;
      if ((i + 1) % LINES_AT_ONCE === 0 || i + 1 === plan.points) {
        writeAll(out, text);
        text = "";
        onProgress((i + 1) / plan.points);
      }
    }
    fsyncSync(out);
    renameSync(unfinished, file);
  } finally {
    closeSync(out);
    // Still there only when something failed, a full disk perhaps.
    rmSync(unfinished, { force: true });
  }
  return { refusedPoints, ...(firstRefusal === undefined ? {} : { firstRefusal }) };
}

/**
 * Writes all of a text; the operating system may take it in parts.
 *
 * @param file - descriptor of an open file
 * @param text - what is written
 */
export function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

/**
 * Opens a study's folder.
 *
 * @param path - folder
 * @throws {@link TwincombError} `invalid-input` when there is no study in it, or it was planned with another version
 */
export function openFolder(path: string): RunFolder {
  const file = readPlanFile(path);
  let plan: StudyPlan | undefined;
  try {
    plan = planStudy(parseStudy(file.study));
  } catch (error) {
    // A study of another version may not even be readable, and that is then what has to be said.
    if (!(error instanceof TwincombError)) throw error;
  }
  if (plan?.planHash === file.planHash) return { path, plan };
  throw new TwincombError("invalid-input", `${path}: ${difference(file, plan)}`, { parameter: path });
}

function readPlanFile(path: string): PlanFile {
  const file = join(path, FILES.plan);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = `no study is planned here ("twincomb study plan study.json -o ${path}" makes one)`;
    throw new TwincombError("invalid-input", `${file}: ${advice}; ${reason}`, { parameter: path, cause });
  }
  const { format, formatVersion } = (content ?? {}) as Partial<PlanFile>;
  if (format !== FORMAT) throw invalid(file, format, `a file of the format "${FORMAT}"`);
  if (formatVersion !== STUDY_VERSION) {
    throw invalid(file, formatVersion, `format version ${STUDY_VERSION}, which this version of twincomb reads`);
  }
  return content as PlanFile;
}

/** Says why a plan on disk is not what this installation would make of its study. */
function difference(file: PlanFile, plan: StudyPlan | undefined): string {
  const here = plan?.fingerprint;
  const parts: string[] = [];
  if (here !== undefined) {
    if (file.version !== here.version) parts.push(`version ${file.version}, here ${here.version}`);
    if (file.streamVersion !== here.streamVersion) {
      parts.push(`stream version ${file.streamVersion}, here ${here.streamVersion}`);
    }
    const kernels = Object.keys(here.kernels).filter((name) => here.kernels[name] !== file.kernels?.[name]);
    if (kernels.length > 0) parts.push(`other kernels (${kernels.join(", ")})`);
  }
  if (parts.length === 0) return "plan.json was changed after planning; plan the study again into a new folder";
  return (
    `planned with another twincomb (${parts.join("; ")}), whose results must not be mixed with this one's; ` +
    "use that version, or plan the study again into a new folder"
  );
}
