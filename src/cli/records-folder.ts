/**
 * A folder of records as `twincomb distill` reads them: made beside its final place and moved there whole.
 *
 * @module
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { invalid } from "../errors.ts";
import { type RecordedText, recordHeaders, type TermsFile, termsToFile } from "../network/index.ts";

/** Files that are being written. */
export interface RecordsFolder {
  /** Writes rows behind those that are there. */
  add(rows: RecordedText): void;
  /** Adds what had been agreed and moves everything to its final place. */
  commit(terms: TermsFile): void;
  /** Removes everything; nothing after {@link RecordsFolder.commit}. */
  discard(): void;
}

const PARTIES = ["alice", "bob", "server"] as const;

/**
 * Begins a folder.
 *
 * @param path - its final place, where nothing or an empty folder may be
 * @throws {@link TwincombError} `invalid-input` when something is there
 */
export function openRecordsFolder(path: string): RecordsFolder {
  const place = resolve(path);
  if (existsSync(place) && !isEmptyFolder(place)) {
    throw invalid("--records", path, "a folder that is new or empty");
  }
  const temporary = join(dirname(place), `.${basename(place)}.${process.pid}.partial`);
  mkdirSync(temporary);
  const files = PARTIES.map((party) => openSync(join(temporary, `${party}.csv`), "wx", 0o600));
  let open = true;
  const close = () => {
    for (const file of files) closeSync(file);
    open = false;
    process.off("exit", discard);
  };
  const discard = () => {
    if (!open) return;
    close();
    rmSync(temporary, { recursive: true, force: true });
  };
  // A second Ctrl-C ends the process at once.
  process.on("exit", discard);
  const add = (rows: RecordedText) => {
    for (const [i, party] of PARTIES.entries()) writeFileSync(files[i]!, rows[party]);
  };
  add(recordHeaders());
  return {
    add,
    commit(terms) {
      writeFileSync(join(temporary, "terms.json"), `${JSON.stringify(termsToFile(terms), null, 2)}\n`);
      close();
      if (existsSync(place)) rmdirSync(place);
      renameSync(temporary, place);
    },
    discard,
  };
}

function isEmptyFolder(place: string): boolean {
  try {
    return readdirSync(place).length === 0;
  } catch {
    return false;
  }
}
