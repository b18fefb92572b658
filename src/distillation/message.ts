/**
 * The messages that make a key out of clicks: everything the parties ever tell each other, in the order it is told.
 *
 * Each message is a plain object, encoded with MessagePack. Whoever reads the encoded messages knows all that an
 * eavesdropper knows.
 *
 * @module
 */
import { decode, Encoder } from "@msgpack/msgpack";
import { TwincombError } from "../errors.ts";
import type { CodePlanes } from "../kernels/click-columns.ts";
import type { OddPairsMessage, PairsMessage } from "./pairing.ts";
import type { ReconciliationPlan, SyndromeMessage, SyndromeRequest } from "./reconciliation.ts";
import type { ProbeMessage, ProbeRequest } from "./reconciliation-probe.ts";

/** Who speaks. The server is not trusted; what it says is not authenticated. */
export type Party = "server" | "alice" | "bob";

/** Server: which detector clicked, for every slot in which exactly one did. */
export interface DetectionsMessage {
  readonly type: "detections";
  /** Number of announced events. Every later list follows their order. */
  readonly events: number;
  /** Bit e is 1 when event e was a click of the right detector. */
  readonly right: Uint8Array;
}

/** A user: which announced events fell into her or his Z windows. */
export interface WindowsMessage {
  readonly type: "windows";
  /** Bit e is 1 when event e lies in a Z window. */
  readonly z: Uint8Array;
}

/** Server: the phase correction it applied, for every event in which both users chose X. */
export interface CorrectionsMessage {
  readonly type: "corrections";
  /** Two little-endian bytes an X-X event, units of 2 pi / 65536. */
  readonly phases: Uint8Array;
}

/** A user: her or his settings wherever no key bit is at stake, that is outside Z-Z events. */
export interface SettingsMessage {
  readonly type: "settings";
  /** Code of the setting (see `SETTING_NAMES`) in each event that is not Z-Z: bit j of the k-th code is bit k of `codes[j]`. */
  readonly codes: CodePlanes;
  /** The user's phase for every X-X event: two little-endian bytes each, units of 2 pi / 65536. */
  readonly phases: Uint8Array;
}

/** Bob: raw bits given up to estimate the error rate. */
export interface SampleMessage {
  readonly type: "sample";
  /** Philox key that decides, after all clicks are announced, which raw bits are given up. */
  readonly choice: readonly [number, number];
  /** Bob's values of those bits, packed. */
  readonly bits: Uint8Array;
}

/** Bob: which raw bits he has paired; each pair is one 0 and one 1 of his, and only the order of slots is told. */
export interface PairingMessage {
  readonly type: "pairing";
  /** The pairs. */
  readonly body: PairsMessage;
}

/** Alice: which of Bob's pairs are odd on her side too. */
export interface OddPairsAnnouncement {
  readonly type: "odd-pairs";
  /** The pairs that are kept. */
  readonly body: OddPairsMessage;
}

/** Alice: which runs of bits she wants the parities of, to learn the error rate where no sample tells it. */
export interface ProbeRequestMessage {
  readonly type: "probe-request";
  /** The runs; null when she knows enough. */
  readonly body: ProbeRequest | null;
}

/** Bob: these parities. */
export interface ProbeAnswerMessage {
  readonly type: "probe-answer";
  /** The parities. */
  readonly body: ProbeMessage;
}

/** Alice: how many sampled bits differ, and how the rest will be reconciled. */
export interface PlanMessage {
  readonly type: "plan";
  /** Number of sampled bits. */
  readonly sampled: number;
  /** How many of them differ. */
  readonly errors: number;
  /** Code, frames and rate adaptation. */
  readonly plan: ReconciliationPlan;
}

/** Alice: syndromes, and later what Bob asked for. */
export interface SyndromesMessage {
  readonly type: "syndromes";
  /** The reconciliation layer's own message. */
  readonly body: SyndromeMessage;
}

/** Bob: which frames need more syndrome, or that none does. */
export interface SyndromeRequestMessage {
  readonly type: "syndrome-request";
  /** The reconciliation layer's own request; null when every frame is decoded. */
  readonly body: SyndromeRequest | null;
}

/** Alice: a hash of her key under a hash key drawn after everything it checks. */
export interface VerificationMessage {
  readonly type: "verification";
  /** The hash key. */
  readonly key: Uint8Array;
  /** Her key's hash. */
  readonly tag: Uint8Array;
}

/** Bob: whether his key has the same hash. */
export interface VerdictMessage {
  readonly type: "verdict";
  /** True when the hashes agree. */
  readonly agreed: boolean;
}

/** Alice: the hash that both sides now apply. */
export interface AmplificationMessage {
  readonly type: "amplification";
  /** Length of the secret key in bits. */
  readonly outputBits: number;
  /** Seed of the Toeplitz matrix, drawn after the last message of reconciliation. */
  readonly seed: Uint8Array;
}

/** Either user: there will be no key, and why. */
export interface NoKeyMessage {
  readonly type: "no-key";
  /** One sentence. */
  readonly reason: string;
}

/** Any message of the distillation. */
export type Message =
  | DetectionsMessage
  | WindowsMessage
  | CorrectionsMessage
  | SettingsMessage
  | SampleMessage
  | PairingMessage
  | OddPairsAnnouncement
  | ProbeRequestMessage
  | ProbeAnswerMessage
  | PlanMessage
  | SyndromesMessage
  | SyndromeRequestMessage
  | VerificationMessage
  | VerdictMessage
  | AmplificationMessage
  | NoKeyMessage;

/** The message with a given `type`. */
export type MessageOf<Type extends Message["type"]> = Extract<Message, { readonly type: Type }>;

/**
 * Encodes a message for the wire.
 *
 * @param message - the message
 * @returns its MessagePack bytes; equal messages give equal bytes
 */
export function encodeMessage(message: Message): Uint8Array {
  // With room for everything from the start the largest messages are copied once and no more.
  return new Encoder({ initialBufferSize: bytesIn(message) + HEADERS }).encodeSharedRef(message);
}

/** Room for names, numbers and lengths of a message, bytes; more is made where it does not do. */
const HEADERS = 1024;

/** Bytes of all byte strings within a value. */
function bytesIn(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + bytesIn(part), 0);
}

/**
 * Decodes a message from the wire.
 *
 * @param bytes - what {@link encodeMessage} made
 * @returns the message
 * @throws {@link TwincombError} `protocol` when the bytes are no message
 */
export function decodeMessage(bytes: Uint8Array): Message {
  try {
    const message = decode(bytes);
    if (typeof message === "object" && message !== null && "type" in message) return message as Message;
  } catch (cause) {
    throw new TwincombError("protocol", "a message of the transcript cannot be decoded", { cause });
  }
  throw new TwincombError("protocol", "a message of the transcript has no type");
}
