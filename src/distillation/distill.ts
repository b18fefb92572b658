/**
 * From three notebooks to two keys: the whole conversation in one process, and its replay in another.
 *
 * @module
 */
import { playAlice } from "./alice.ts";
import { playBob } from "./bob.ts";
import { type Authenticator, PublicChannel, replayedEndpoint, type TranscriptEntry } from "./channel.ts";
import { decodeMessage } from "./message.ts";
import type { PrivateRandomness } from "./randomness.ts";
import type { ServerRecords, UserRecords } from "./records.ts";
import { playServer } from "./server.ts";
import { DISTILLATION_STAGES, type Terms, type UserOutcome, type Watcher } from "./terms.ts";

/** One user's private belongings. */
export interface UserSide {
  /** The notebook. */
  readonly records: UserRecords;
  /** Private randomness. */
  readonly randomness: PrivateRandomness;
  /** The state of the authentication shared with the other user. */
  readonly authenticator: Authenticator;
}

/** How a distillation ended. */
export interface Distillation {
  /** Alice's key, or why there is none. */
  readonly alice: UserOutcome;
  /** Bob's. */
  readonly bob: UserOutcome;
  /** All that was said in public. */
  readonly transcript: readonly TranscriptEntry[];
  /** True when a seed decides anything private: such keys are no secrets. */
  readonly simulated: boolean;
}

/**
 * Plays all three parties against each other.
 *
 * @param terms - the public agreement
 * @param alice - Alice's belongings
 * @param bob - Bob's belongings
 * @param server - the server's notebook
 * @param watcher - told how far they are
 * @returns both outcomes and the transcript
 * @throws {@link TwincombError} `protocol` when the records of the three do not fit each other
 */
export async function distill(
  terms: Terms,
  alice: UserSide,
  bob: UserSide,
  server: ServerRecords,
  watcher: Watcher = {},
): Promise<Distillation> {
  const channel = new PublicChannel({ alice: alice.authenticator, bob: bob.authenticator });
  // A party that fails must not leave the others waiting for its next message.
  const closing = async <Result>(story: Promise<Result>): Promise<Result> => {
    try {
      return await story;
    } catch (error) {
      channel.close();
      throw error;
    }
  };
  let reached = -1;
  const watched: Watcher = {
    ...watcher,
    onStage: (stage) => {
      const index = DISTILLATION_STAGES.indexOf(stage);
      if (index <= reached) return;
      reached = index;
      watcher.onStage?.(stage);
    },
  };
  const [aliceOutcome, bobOutcome] = await Promise.all([
    closing(playAlice(alice.records, terms, channel.endpoint("alice"), alice.randomness, watched)),
    closing(playBob(bob.records, terms, channel.endpoint("bob"), bob.randomness, watched)),
    closing(playServer(server, channel.endpoint("server"))),
  ]);
  const simulated = [alice, bob].some((side) => side.randomness.simulated || side.authenticator.simulated);
  return { alice: aliceOutcome, bob: bobOutcome, transcript: channel.transcript, simulated };
}

/**
 * Bob alone, with his belongings and the transcript: he must say again what he said, and end with the same key.
 *
 * @param terms - the public agreement
 * @param bob - Bob's belongings, authentication in its initial state
 * @param transcript - the conversation
 * @returns his outcome
 * @throws {@link TwincombError} `protocol` when he would have said anything else
 */
export async function replayBob(
  terms: Terms,
  bob: UserSide,
  transcript: readonly TranscriptEntry[],
): Promise<UserOutcome> {
  const channel = replayedEndpoint("bob", transcript, bob.authenticator);
  return playBob(bob.records, terms, channel, bob.randomness);
}

/**
 * Key bits that a transcript gives away: parities that told the error rate, syndromes, revealed bits and the verification
 * tag.
 *
 * @param transcript - the conversation
 */
export function disclosedInTranscript(transcript: readonly TranscriptEntry[]): number {
  let bits = 0;
  for (const { bytes } of transcript) {
    const message = decodeMessage(bytes);
    if (message.type === "syndromes" || message.type === "probe-answer") bits += message.body.disclosedBits;
    if (message.type === "verification") bits += 8 * message.tag.length;
  }
  return bits;
}
