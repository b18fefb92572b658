/**
 * Notebooks from somebody's own records: what an experiment has written down, one CSV file a party, in place of the
 * simulated clicks of `keepNotebooks`.
 *
 * Every file has one row for each announced event, in the order of slots. The server's `slot,detector,correction` is
 * public; a user's `slot,setting,phase` is read beside the server's slots and nothing else, as she or he would look up
 * what was sent in the announced slots. docs/recorded-clicks.md describes the files for those who write them.
 *
 * @module
 */
import { bitAt } from "../../bits.ts";
import { packCodes, type ServerRecords } from "../../distillation/records.ts";
import { zWindows } from "../../distillation/sifting.ts";
import { invalid, type TwincombError, throwIfAborted } from "../../errors.ts";
import { SETTING, SETTING_NAMES } from "../../kernels/photons-run.ts";
import type { Notebooks } from "../notebooks.ts";
import { clickRows, lineOf, NO_PHASE, type RecordFile, type RowBatch, type RowLayout } from "./click-rows.ts";

/** Columns of a user's file. */
export const USER_LAYOUT: RowLayout = { columns: ["slot", "setting", "phase"], words: SETTING_NAMES };
/** Columns of the server's file. */
export const SERVER_LAYOUT: RowLayout = { columns: ["slot", "detector", "correction"], words: ["L", "R"] };

/** The records of one pair. */
export interface RecordedClicks {
  /** What Alice did in the announced slots. */
  readonly alice: RecordFile;
  /** What Bob did. */
  readonly bob: RecordFile;
  /** What the server announced. */
  readonly server: RecordFile;
}

/**
 * Reads the records of all three.
 *
 * @param recorded - the files; the server's is read three times, the users' once
 * @param pulses - quantum slots of the pair
 * @param signal - stops the reading
 * @returns each party's notebook
 * @throws {@link TwincombError} `invalid-input` with file, line and column where a file is malformed, cut off, of
 * another length or order than the server's, or lacks a phase that has to be announced; `aborted` when the signal fires
 */
export async function readNotebooks(
  recorded: RecordedClicks,
  pulses: number,
  signal?: AbortSignal,
): Promise<Notebooks> {
  const alice = await readUser(recorded.alice, recorded.server, pulses, signal);
  const bob = await readUser(recorded.bob, recorded.server, pulses, signal);
  const notebook = ({ settings }: OwnRecords) => ({ events: settings.length, settings: packCodes(settings) });
  const [ofAlice, ofBob] = [notebook(alice), notebook(bob)];
  const [zAlice, zBob] = [zWindows(ofAlice), zWindows(ofBob)];
  const phases = phasesOpposite(zBob, alice, recorded.alice);
  return {
    alice: { ...ofAlice, phases },
    bob: { ...ofBob, phases: phasesOpposite(zAlice, bob, recorded.bob) },
    server: await readServer(recorded.server, pulses, { zAlice, zBob, xx: phases.length }, signal),
  };
}

/** What a user knows before the other's windows are announced. */
interface OwnRecords {
  /** `settings[e]` = code of the setting of event e. */
  readonly settings: Uint8Array;
  /** Phase of every event of the user's own X windows, or {@link NO_PHASE}. */
  readonly phases: Int32Array;
}

async function readUser(
  file: RecordFile,
  server: RecordFile,
  pulses: number,
  signal: AbortSignal | undefined,
): Promise<OwnRecords> {
  const settings: Uint8Array[] = [];
  const phases: Int32Array[] = [];
  const announced = clickRows(server, SERVER_LAYOUT, pulses);
  let events = 0;
  try {
    for await (const batch of clickRows(file, USER_LAYOUT, pulses)) {
      throwIfAborted(signal);
      const { value } = await announced.next();
      compareSlots(file, batch, server, value as RowBatch | undefined, events);
      settings.push(batch.code.slice(0, batch.rows));
      phases.push(batch.phase.slice(0, batch.rows).filter((_, i) => batch.code[i]! >= SETTING.x0));
      events += batch.rows;
    }
    if (!(await announced.next()).done) throw otherLength(file, events, "more", server);
  } finally {
    await announced.return(undefined);
  }
  const own = new Int32Array(phases.reduce((sum, part) => sum + part.length, 0));
  const all = new Uint8Array(events);
  let [atOwn, atAll] = [0, 0];
  for (const [i, part] of settings.entries()) {
    own.set(phases[i]!, atOwn);
    all.set(part, atAll);
    atOwn += phases[i]!.length;
    atAll += part.length;
  }
  return { settings: all, phases: own };
}

/** Refuses a user's rows that are not those of the server's slots. */
function compareSlots(
  file: RecordFile,
  { rows, slot }: RowBatch,
  server: RecordFile,
  announced: RowBatch | undefined,
  first: number,
): void {
  const common = Math.min(rows, announced?.rows ?? 0);
  for (let i = 0; i < common; i++) {
    const expected = announced!.slot[i]!;
    if (slot[i] === expected) continue;
    throw invalid(`${lineOf(file.name, first + i)}, slot`, slot[i], `${expected}, as in this line of ${server.name}`);
  }
  if (common < rows) throw otherLength(file, first + common, "fewer", server);
  if (common < (announced?.rows ?? 0)) throw otherLength(file, first + common, "more", server);
}

function otherLength({ name }: RecordFile, common: number, rows: "more" | "fewer", server: RecordFile): TwincombError {
  const found = rows === "more" ? `only ${common}` : `more than ${common}`;
  return invalid(name, `${found} rows`, `as many rows as ${server.name}, which has ${rows}`);
}

/** The phases that a user announces: those of X windows that meet an X window. */
function phasesOpposite(otherZ: Uint8Array, { settings, phases }: OwnRecords, { name }: RecordFile): Uint16Array {
  const announced = new Uint16Array(phases.length);
  let count = 0;
  let own = 0;
  for (let e = 0; e < settings.length; e++) {
    if (settings[e]! < SETTING.x0) continue;
    const phase = phases[own++]!;
    if (bitAt(otherZ, e) === 1) continue;
    if (phase === NO_PHASE) throw missing(name, e, "phase");
    announced[count++] = phase;
  }
  return announced.slice(0, count);
}

async function readServer(
  file: RecordFile,
  pulses: number,
  { zAlice, zBob, xx }: { readonly zAlice: Uint8Array; readonly zBob: Uint8Array; readonly xx: number },
  signal: AbortSignal | undefined,
): Promise<ServerRecords> {
  const right = new Uint8Array(zAlice.length);
  const corrections = new Uint16Array(xx);
  let corrected = 0;
  let e = 0;
  for await (const { rows, code, phase } of clickRows(file, SERVER_LAYOUT, pulses)) {
    throwIfAborted(signal);
    for (let i = 0; i < rows; i++, e++) {
      right[e >>> 3]! |= code[i]! << (e & 7);
      if ((bitAt(zAlice, e) | bitAt(zBob, e)) === 1) continue;
      if (phase[i] === NO_PHASE) throw missing(file.name, e, "correction");
      corrections[corrected++] = phase[i]!;
    }
  }
  return { events: e, right, corrections };
}

function missing(name: string, row: number, column: string): TwincombError {
  return invalid(`${lineOf(name, row)}, ${column}`, "", "a phase, since both users chose X here");
}
