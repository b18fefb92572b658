import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The built command. */
export const MAIN: string = resolve(import.meta.dirname, "../../dist/cli/main.js");

/** What a run of the command left. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `twincomb study` to its end. */
export function study(words: readonly string[], options: { env?: object; node?: readonly string[] } = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...(options.node ?? []), MAIN, "study", ...words], {
    encoding: "utf8",
    input: "",
    env: { ...process.env, ...options.env },
  });
  return { code: status, stdout, stderr };
}

/** Starts `twincomb study` and says how it ends. */
export function startStudy(words: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [MAIN, "study", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]!.on("data", (data) => {
      text[name] += data;
    });
  }
  const ended = new Promise<Ended>((done) => {
    child.on("close", (code) => done({ code, ...text }));
  });
  return { child, ended };
}

/** Writes a study file and plans it; returns the folder. */
export function plan(folder: string, content: object, name: string = "run"): string {
  const file = join(folder, "study.json");
  writeFileSync(file, JSON.stringify(content));
  const { code, stderr } = study(["plan", file, "-o", join(folder, name), "--quiet"]);
  if (code !== 0) throw new Error(stderr);
  return join(folder, name);
}

/** Complete lines in a study's result files. */
export function resultLines(run: string): number {
  const folder = join(run, "results");
  return readdirSync(folder).reduce(
    (sum, name) => sum + readFileSync(join(folder, name), "utf8").split("\n").length - 2,
    0,
  );
}

/** The merged file. */
export function mergedText(run: string): string {
  return readFileSync(join(run, "merged.ndjson"), "utf8");
}
