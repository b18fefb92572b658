/**
 * The public channel between the parties, and its transcript.
 *
 * Every message goes to everyone else, encoded. Parties hold nothing of each other but what arrives here.
 *
 * @module
 */
import { TwincombError } from "../errors.ts";
import { decodeMessage, encodeMessage, type Message, type MessageOf, type Party } from "./message.ts";

/** One message as it went over the channel. */
export interface TranscriptEntry {
  /** Who sent it. */
  readonly from: Party;
  /** The encoded message. */
  readonly bytes: Uint8Array;
  /** Wegman-Carter tag of a user's message; absent for the untrusted server's. */
  readonly tag?: Uint8Array;
}

/** Makes and checks the tags of one direction of an authenticated channel; calls must follow the order of messages. */
export interface Authenticator {
  /** True when a seed decides the secrets. */
  readonly simulated: boolean;
  /** The tag of the next message. */
  sign(bytes: Uint8Array): Uint8Array;
  /** Whether this is the tag of the next message. */
  verify(bytes: Uint8Array, tag: Uint8Array): boolean;
}

/** Thrown inside a user's story when there will be no key. */
export class NoKey extends Error {
  override readonly name = "NoKey";
  /** Whether the other side said so; otherwise it has to be told. */
  readonly heard: boolean;

  /**
   * @param reason - one sentence
   * @param heard - whether the other side said so
   */
  constructor(reason: string, heard: boolean = false) {
    super(reason);
    this.heard = heard;
  }
}

/** One party's end of the channel. */
export interface Endpoint {
  /** Authenticated messages of the conversation so far, sent and received. */
  readonly messages: number;
  /** Length of the longest of them, **bytes**. */
  readonly longestMessage: number;
  /**
   * Tells everyone else.
   *
   * @returns the message as it was sent, its byte strings parts of the transcript
   */
  send<Sent extends Message>(message: Sent): Sent;
  /**
   * Waits for the next message and insists on its kind and sender.
   *
   * @throws {@link NoKey} when the sender gave up instead
   * @throws {@link TwincombError} `protocol` when another message arrives
   */
  receive<Type extends Message["type"]>(type: Type, from: Party): Promise<MessageOf<Type>>;
}

/** The channel in one process: three endpoints and the transcript of all that was said. */
export class PublicChannel {
  readonly #inboxes: ReadonlyMap<Party, Inbox>;
  /** Everything said so far, in order. */
  readonly transcript: TranscriptEntry[] = [];

  /** @param authenticators - the users' shared authentication, one object for each user's own state */
  constructor(authenticators: { readonly alice: Authenticator; readonly bob: Authenticator }) {
    this.#inboxes = new Map<Party, Inbox>([
      ["server", new Inbox(undefined)],
      ["alice", new Inbox(authenticators.alice)],
      ["bob", new Inbox(authenticators.bob)],
    ]);
  }

  /** The end of the channel that a party holds. */
  endpoint(party: Party): Endpoint {
    return endpointAt(this.#inboxes.get(party)!, (_, bytes, tag) => {
      const entry: TranscriptEntry = tag === undefined ? { from: party, bytes } : { from: party, bytes, tag };
      this.transcript.push(entry);
      for (const [other, inbox] of this.#inboxes) if (other !== party) inbox.deliver(entry);
    });
  }

  /** Ends every wait: nobody will speak again. */
  close(): void {
    for (const inbox of this.#inboxes.values()) inbox.close();
  }
}

/**
 * One party's end of a conversation that already took place: what it hears comes from the transcript, and what it
 * says must be what it said then.
 *
 * @param party - whose end
 * @param transcript - the conversation
 * @param authenticator - the party's authentication state as it was at the start
 */
export function replayedEndpoint(
  party: Party,
  transcript: readonly TranscriptEntry[],
  authenticator: Authenticator,
): Endpoint {
  const inbox = new Inbox(authenticator);
  const said = transcript.filter((entry) => entry.from === party);
  for (const entry of transcript) if (entry.from !== party) inbox.deliver(entry);
  inbox.close();
  let next = 0;
  return endpointAt(inbox, (message, bytes, tag) => {
    const entry = said[next++];
    if (entry === undefined || !sameBytes(entry.bytes, bytes) || !sameBytes(entry.tag ?? NO_TAG, tag ?? NO_TAG)) {
      throw new TwincombError("protocol", `${party}'s message ${next} (${message.type}) is not that of the transcript`);
    }
  });
}

/** A party's end: what it hears comes from its inbox, what it says goes through `post`, signed. */
function endpointAt(
  inbox: Inbox,
  post: (message: Message, bytes: Uint8Array, tag: Uint8Array | undefined) => void,
): Endpoint {
  return {
    get messages() {
      return inbox.authenticated;
    },
    get longestMessage() {
      return inbox.longest;
    },
    send: (message) => {
      const bytes = encodeMessage(message);
      post(message, bytes, inbox.sign(bytes));
      return decodeMessage(bytes) as typeof message;
    },
    receive: (type, from) => inbox.receive(type, from),
  };
}

const NO_TAG = new Uint8Array();

/** Messages that wait for one party. */
class Inbox {
  /** Messages signed and verified so far. */
  authenticated = 0;
  /** Length of the longest of these, bytes. */
  longest = 0;
  readonly #authenticator: Authenticator | undefined;
  readonly #waiting: TranscriptEntry[] = [];
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(authenticator: Authenticator | undefined) {
    this.#authenticator = authenticator;
  }

  /** The tag of a message that the party is about to send. */
  sign(bytes: Uint8Array): Uint8Array | undefined {
    if (this.#authenticator === undefined) return undefined;
    this.#note(bytes);
    return this.#authenticator.sign(bytes);
  }

  deliver(entry: TranscriptEntry): void {
    this.#waiting.push(entry);
    this.#wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async receive<Type extends Message["type"]>(type: Type, from: Party): Promise<MessageOf<Type>> {
    const entry = await this.#next();
    if (entry.from !== "server" && this.#authenticator !== undefined) {
      this.#note(entry.bytes);
      if (entry.tag === undefined || !this.#authenticator.verify(entry.bytes, entry.tag)) {
        throw new TwincombError("protocol", `a message from ${entry.from} is not authentic`);
      }
    }
    const message = decodeMessage(entry.bytes);
    if (message.type === "no-key") throw new NoKey(message.reason, true);
    if (entry.from !== from || message.type !== type) {
      const got = `${message.type} from ${entry.from}`;
      throw new TwincombError("protocol", `expected ${type} from ${from}, got ${got}`);
    }
    return message as MessageOf<Type>;
  }

  #note(bytes: Uint8Array): void {
    this.authenticated++;
    this.longest = Math.max(this.longest, bytes.length);
  }

  async #next(): Promise<TranscriptEntry> {
    for (;;) {
      const entry = this.#waiting.shift();
      if (entry !== undefined) return entry;
      if (this.#closed) throw new TwincombError("protocol", "the channel is closed and a message is missing");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
