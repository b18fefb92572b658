/**
 * The folder of a run's files: made beside its final place and moved there whole, so that nobody ever finds half of it.
 *
 * `result.json` and `scenario.json` say what was run and what came out; `keys/` holds both sides' keys, readable by their
 * owner alone; `transcripts/` holds all that was said in public, as `encodeTranscript` writes it.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { encodeTranscript, type TranscriptEntry } from "../distillation/index.ts";
import { invalid } from "../errors.ts";
import type { KeyPair } from "../network/index.ts";

/** Files at the top of a folder. */
const FILES = ["result.json", "scenario.json", "terms.json", "report.html"] as const;
/** Its folders, and how the names of their files end. */
const FOLDERS = { keys: ".key", transcripts: ".msgpack" } as const;

/** A file at the top of the folder. */
export type OutFile = (typeof FILES)[number];

/** A folder that is being filled. */
export interface OutFolder {
  /**
   * Writes what was said in one block of a pair, behind its earlier blocks.
   *
   * @param position - the pair's position from 0, which makes file names unique
   * @param name - the pair's name
   * @param transcript - the conversation
   */
  addBlock(position: number, name: string, transcript: readonly TranscriptEntry[]): void;
  /** Writes both keys of a pair. */
  addKeys(position: number, name: string, keys: KeyPair): void;
  /** Writes a value as JSON. */
  addJson(name: OutFile, value: unknown): void;
  /** Moves everything to its final place, over an earlier output. */
  commit(): void;
  /** Removes everything that was written; does nothing after {@link OutFolder.commit}. */
  discard(): void;
}

/**
 * Begins a folder.
 *
 * @param path - its final place: nothing, an empty folder, or an earlier output of this program
 * @throws {@link TwincombError} `invalid-input` when something else is there
 * @throws the operating system's error when the place cannot be written
 */
export function openOutFolder(path: string): OutFolder {
  const place = resolve(path);
  refuseStrangers(path, place);
  const suffix = randomBytes(4).toString("hex");
  const temporary = join(dirname(place), `.${basename(place)}.${suffix}.partial`);
  mkdirSync(temporary);
  for (const folder of Object.keys(FOLDERS)) mkdirSync(join(temporary, folder));
  let open = true;
  const remove = () => {
    if (open) rmSync(temporary, { recursive: true, force: true });
    open = false;
    process.off("exit", remove);
  };
  // A second Ctrl-C ends the process at once.
  process.on("exit", remove);
  const write = (parts: readonly string[], data: Uint8Array | string, mode: number) =>
    writeFileSync(join(temporary, ...parts), data, { mode, flag: "wx" });
  return {
    addBlock(position, name, transcript) {
      const file = openSync(join(temporary, "transcripts", `${fileStem(position, name)}.msgpack`), "a");
      try {
        for (const piece of encodeTranscript(transcript)) writeWhole(file, piece);
      } finally {
        closeSync(file);
      }
    },
    addKeys(position, name, { aliceKey, bobKey }) {
      const stem = fileStem(position, name);
      write(["keys", `${stem}.alice.key`], aliceKey, 0o600);
      write(["keys", `${stem}.bob.key`], bobKey, 0o600);
    },
    addJson(name, value) {
      write([name], `${JSON.stringify(value, null, 2)}\n`, 0o666);
    },
    commit() {
      const old = join(dirname(place), `.${suffix}.old`);
      const replaces = existsSync(place);
      if (replaces) renameSync(place, old);
      try {
        renameSync(temporary, place);
      } catch (error) {
        if (replaces) renameSync(old, place);
        throw error;
      }
      open = false;
      process.off("exit", remove);
      if (replaces) rmSync(old, { recursive: true, force: true });
    },
    discard: remove,
  };
}

/** One call may write less than it was given. */
function writeWhole(file: number, data: Uint8Array): void {
  for (let at = 0; at < data.length; ) at += writeSync(file, data, at);
}

/** `03-A3-B3`: in order, unique, and allowed as a name everywhere. */
function fileStem(position: number, name: string): string {
  const plain = name.replace(/[^A-Za-z0-9-]+/g, "_").slice(0, 60);
  return `${String(position + 1).padStart(2, "0")}-${plain}`;
}

/** Nothing is written over but what this program has written. */
function refuseStrangers(path: string, place: string): void {
  if (!existsSync(place)) return;
  if (!statSync(place).isDirectory()) throw invalid("--out", path, "a folder (there is a file of that name)");
  const entries = readdirSync(place);
  if (entries.length === 0) return;
  const expected = "a folder that is new, empty, or an earlier output of twincomb";
  if (!entries.includes("result.json")) throw invalid("--out", path, `${expected} (it has no result.json)`);
  const strange = entries.flatMap((entry) => {
    if ((FILES as readonly string[]).includes(entry)) return [];
    const ending = Object.hasOwn(FOLDERS, entry) ? FOLDERS[entry as keyof typeof FOLDERS] : undefined;
    if (ending === undefined || !statSync(join(place, entry)).isDirectory()) return [entry];
    return readdirSync(join(place, entry))
      .filter((file) => !file.endsWith(ending))
      .map((file) => join(entry, file));
  });
  if (strange.length > 0) throw invalid("--out", path, `${expected} (${strange[0]} is not ours to remove)`);
}
