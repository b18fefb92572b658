/**
 * A session from recorded clicks: the distillation of `runPair` with another source.
 *
 * @module
 */
import {
  AUTHENTICATION_KEY_BYTES,
  AUTHENTICATION_TAG_BITS,
  simulatedAuthenticator,
  WegmanCarterAuthenticator,
} from "../../distillation/authentication.ts";
import type { TranscriptEntry } from "../../distillation/channel.ts";
import { distill, type UserSide } from "../../distillation/distill.ts";
import { secureRandomness, simulatedRandomness } from "../../distillation/randomness.ts";
import { plob } from "../../protocol/index.ts";
import { philoxKey } from "../../random.ts";
import { lossToTransmittance } from "../../units.ts";
import { blockOutcome } from "../block-outcome.ts";
import type { StageEvent } from "../events.ts";
import { type KeyPair, pairResult } from "../pair-result.ts";
import type { PairResult } from "../result.ts";
import { StageClock } from "../stage-clock.ts";
import { type RecordedClicks, readNotebooks } from "./recorded-clicks.ts";
import type { TermsFile } from "./terms-file.ts";

/** How recorded clicks are distilled. */
export interface RecordedOptions {
  /**
   * Seed of everything private, for repetition: the result then says `simulated`, and the key is no secret. Without it the
   * operating system gives the random bits.
   */
  readonly seed?: string | undefined;
  /** Told what is being done; `counting` is the reading of the records. */
  readonly onEvent?: ((event: StageEvent) => void) | undefined;
  /** Stops the reading. */
  readonly signal?: AbortSignal | undefined;
}

/** What came of recorded clicks. */
export interface RecordedSession {
  /** As one pair of a network. */
  readonly result: PairResult;
  /** Both keys; null without. */
  readonly keys: KeyPair | null;
  /** All that would have been said in public. */
  readonly transcript: readonly TranscriptEntry[];
}

/** The whole run is one block. */
const BLOCK = { number: 0, of: 1, end: 0, pulses: 0 };

/**
 * Distils a key on both sides from recorded clicks.
 *
 * @param recorded - the three files
 * @param file - the public agreement, see `parseTerms`
 * @param options - seed, progress, cancellation
 * @returns result, keys and transcript; without a key the result says why
 * @throws {@link TwincombError} `invalid-input` where a file is not as it must be; `aborted` when the signal fires
 */
export async function distillRecords(
  recorded: RecordedClicks,
  { link, terms }: TermsFile,
  { seed, onEvent = () => {}, signal }: RecordedOptions = {},
): Promise<RecordedSession> {
  const clock = new StageClock(onEvent);
  clock.enter("counting", BLOCK);
  const notebooks = await readNotebooks(recorded, terms.pulses, signal);
  const [alice, bob] = seed === undefined ? secureBelongings() : simulatedBelongings(seed, link.index);
  const distillation = await distill(
    terms,
    { ...alice, records: notebooks.alice },
    { ...bob, records: notebooks.bob },
    notebooks.server,
    { onStage: (stage) => clock.enter(stage, BLOCK) },
  );
  const keys =
    distillation.alice.status === "key" && distillation.bob.status === "key"
      ? { keyBits: distillation.alice.keyBits, aliceKey: distillation.alice.key, bobKey: distillation.bob.key }
      : null;
  const bound = plob(lossToTransmittance(link.fibreLossDb));
  const facts = { ...link, round: 1, plobPerPulse: Number.isFinite(bound) ? bound : null, expectedErrorX: null };
  const nothing = { keyBits: 0, aliceKey: new Uint8Array(), bobKey: new Uint8Array() };
  const result = pairResult(facts, [blockOutcome(terms, distillation)], keys ?? nothing, distillation.simulated);
  return { result: { ...result, stageSeconds: clock.stop() }, keys, transcript: distillation.transcript };
}

type Belongings = Omit<UserSide, "records">;

function simulatedBelongings(seed: string, index: number): [alice: Belongings, bob: Belongings] {
  const key = philoxKey(seed);
  const side = () => ({
    randomness: simulatedRandomness(key, index),
    authenticator: simulatedAuthenticator(key, index),
  });
  return [side(), side()];
}

/** Private randomness of the operating system; what the users share to authenticate each other comes from there too. */
function secureBelongings(): [alice: Belongings, bob: Belongings] {
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
  const hashKey = random(AUTHENTICATION_KEY_BYTES);
  const pads: Uint8Array[] = [];
  const side = () => {
    let used = 0;
    const nextPad = () => {
      if (used === pads.length) pads.push(random(AUTHENTICATION_TAG_BITS / 8));
      return pads[used++]!;
    };
    return {
      randomness: secureRandomness(),
      authenticator: new WegmanCarterAuthenticator(hashKey, nextPad, false),
    };
  };
  return [side(), side()];
}
