/**
 * The clicks of a simulated pair as an experiment would record them: the files that `readNotebooks` takes.
 *
 * @module
 */
import { type EventChunk, SETTING_NAMES } from "../../kernels/photons.ts";
import type { RowLayout } from "./click-rows.ts";
import { SERVER_LAYOUT, USER_LAYOUT } from "./recorded-clicks.ts";

/** One piece of text for each party's file. */
export interface RecordedText {
  /** For Alice's file. */
  readonly alice: string;
  /** For Bob's. */
  readonly bob: string;
  /** For the server's. */
  readonly server: string;
}

/** The first line of each file. */
export function recordHeaders(): RecordedText {
  const line = ({ columns }: RowLayout) => `${columns.join(",")}\n`;
  return { alice: line(USER_LAYOUT), bob: line(USER_LAYOUT), server: line(SERVER_LAYOUT) };
}

/**
 * The rows of some events. Phases stand where both users chose X, which is all that is ever announced of them.
 *
 * @param chunk - events in the order of slots
 */
export function recordRows(chunk: EventChunk): RecordedText {
  const lines = { alice: [] as string[], bob: [] as string[], server: [] as string[] };
  const { xx } = chunk;
  let next = 0;
  for (let i = 0; i < chunk.length; i++) {
    const isXx = xx.event[next] === i;
    const slot = chunk.slot[i];
    lines.alice.push(`${slot},${SETTING_NAMES[chunk.aliceSetting[i]!]},${isXx ? xx.alicePhase[next] : ""}\n`);
    lines.bob.push(`${slot},${SETTING_NAMES[chunk.bobSetting[i]!]},${isXx ? xx.bobPhase[next] : ""}\n`);
    const detector = SERVER_LAYOUT.words[chunk.detector[i]!];
    lines.server.push(`${slot},${detector},${isXx ? xx.phaseCorrection[next] : ""}\n`);
    if (isXx) next++;
  }
  return { alice: lines.alice.join(""), bob: lines.bob.join(""), server: lines.server.join("") };
}
