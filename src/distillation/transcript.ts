/**
 * The transcript as a file: one MessagePack object for each message, one behind the other, `{from, tag?, bytes}`.
 *
 * Transcripts of several blocks are simply written behind each other; the server's announcement of clicks opens a block.
 *
 * @module
 */
import { decodeMulti, encode } from "@msgpack/msgpack";
import { TwincombError } from "../errors.ts";
import type { TranscriptEntry } from "./channel.ts";

/** First byte of MessagePack's byte strings with a length of four bytes. */
const BIN_32 = 0xc6;

/**
 * Encodes a transcript, in pieces to be written one behind the other. Messages are not copied.
 *
 * @param transcript - the conversation
 */
export function* encodeTranscript(transcript: readonly TranscriptEntry[]): Generator<Uint8Array, void, undefined> {
  for (const { from, tag, bytes } of transcript) {
    // The empty byte string at the end, two bytes, makes room for the header of the real one.
    const head = encode({ from, ...(tag === undefined ? {} : { tag }), bytes: new Uint8Array() });
    const whole = new Uint8Array(head.length + 3);
    whole.set(head);
    const view = new DataView(whole.buffer);
    view.setUint8(head.length - 2, BIN_32);
    view.setUint32(head.length - 1, bytes.length);
    yield whole;
    yield bytes;
  }
}

/**
 * Decodes a transcript.
 *
 * @param file - everything that {@link encodeTranscript} gave
 * @returns the conversation; its messages are views of the file
 * @throws {@link TwincombError} `protocol` when this is no transcript
 */
export function decodeTranscript(file: Uint8Array): TranscriptEntry[] {
  const entries: TranscriptEntry[] = [];
  try {
    for (const entry of decodeMulti(file)) {
      if (!isEntry(entry)) throw new TypeError("an entry lacks its sender or its bytes");
      entries.push(entry);
    }
  } catch (cause) {
    throw new TwincombError("protocol", "the transcript cannot be decoded", { cause });
  }
  return entries;
}

function isEntry(value: unknown): value is TranscriptEntry {
  if (typeof value !== "object" || value === null) return false;
  const { from, bytes, tag } = value as Partial<TranscriptEntry>;
  const isParty = from === "server" || from === "alice" || from === "bob";
  return isParty && bytes instanceof Uint8Array && (tag === undefined || tag instanceof Uint8Array);
}
