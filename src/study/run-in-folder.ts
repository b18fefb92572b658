/**
 * Runs a study in its folder: what is there is not computed again, what is computed is on the disk before the next.
 *
 * @module
 */
import { createResultFile, type ResultWriter, readKnown } from "./result-files.ts";
import type { RunFolder } from "./run-folder.ts";
import { runBlocks, type StudyRunOptions } from "./run-study.ts";
import { WHOLE } from "./shard.ts";

/** What a run has done. */
export interface FolderRun {
  /** Results that it computed. */
  readonly computed: number;
  /** Points among them whose values do not fit together. */
  readonly refused: number;
}

/** How a study is run in its folder. */
export interface FolderRunOptions extends Omit<StudyRunOptions, "known"> {
  /** Told what had to be left out of earlier results. */
  readonly onNotes?: ((notes: readonly string[]) => void) | undefined;
}

/**
 * Computes what is missing of a shard.
 *
 * Killing the process at any moment loses at most the points that were being computed; running again completes them.
 *
 * @param folder - from `openFolder`
 * @param options - workers, shard, cancellation, progress
 * @throws {@link TwincombError} `invalid-input` when results of another study are there, `aborted` when the signal fires;
 * what the operating system says when results cannot be written
 */
export async function runInFolder(folder: RunFolder, options: FolderRunOptions = {}): Promise<FolderRun> {
  const { known, notes } = readKnown(folder);
  options.onNotes?.(notes);
  let writer: ResultWriter | undefined;
  let computed = 0;
  let refused = 0;
  try {
    for await (const { lines, refusals } of runBlocks(folder.plan, { ...options, known })) {
      writer ??= createResultFile(folder, options.shard ?? WHOLE);
      writer.append(lines);
      computed += lines.length;
      refused += refusals;
    }
  } finally {
    writer?.close();
  }
  return { computed, refused };
}
