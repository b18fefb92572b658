/**
 * The experiment: one pair of users from a scenario to its keys.
 *
 * Scenario, devices, link budget, photons counted, sifting, estimate, pairing, error correction, verification, privacy
 * amplification, account. Read {@link runPair} from top to bottom.
 *
 * @module
 */
import { joinBits } from "../bits.ts";
import { simulatedAuthenticator } from "../distillation/authentication.ts";
import type { TranscriptEntry } from "../distillation/channel.ts";
import { type Distillation, distill, type UserSide } from "../distillation/distill.ts";
import { simulatedRandomness } from "../distillation/randomness.ts";
import type { SecretKey, Terms, Watcher } from "../distillation/terms.ts";
import { PhotonCounter } from "../kernels/photons.ts";
import type { CountingRun } from "../kernels/photons-run.ts";
import { philoxKey } from "../random.ts";
import { agreedTerms } from "./agreement.ts";
import { type BlockOutcome, blockOutcome } from "./block-outcome.ts";
import { countingRun } from "./counting-run.ts";
import type { AccountEvent, CountsEvent, SessionEvent } from "./events.ts";
import { keepNextNotebooks, type Notebooks } from "./notebooks.ts";
import { type KeyPair, pairResult } from "./pair-result.ts";
import type { PlannedLink } from "./plan/plan.ts";
import type { PlannedPair } from "./plan/star.ts";
import type { PairResult } from "./result.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { StageClock } from "./stage-clock.ts";
import { timeBlocks } from "./time-blocks.ts";
import { tracePhase } from "./trace-phase.ts";

/** One block of a pair's session, as it is handed out. */
export interface DistilledBlock {
  /** Number of the block, from 0. */
  readonly number: number;
  /** How many blocks the run has. */
  readonly of: number;
  /** What had been agreed for it. */
  readonly terms: Terms;
  /** All that was said in public. */
  readonly transcript: readonly TranscriptEntry[];
}

/** Ways to interfere, for tests of what must fail. */
export interface Interference extends Omit<Watcher, "onStage"> {
  /** Changes what happens to the photons. */
  readonly beforeCounting?: (run: CountingRun) => CountingRun;
  /** Changes what the parties have written down. */
  readonly afterCounting?: (notebooks: Notebooks) => Notebooks;
}

/** How the session of one pair reports, stops, hands out, and is interfered with in tests. */
export interface PairOptions {
  /** Told what the pair does and finds. */
  readonly onEvent?: ((event: SessionEvent) => void) | undefined;
  /** Given every block's transcript as soon as it is done, key or not, and awaited. */
  readonly onBlock?: ((block: DistilledBlock) => void | Promise<void>) | undefined;
  /** Given both keys at the end, if there are any, and awaited; they are wiped afterwards. */
  readonly onKeys?: ((keys: KeyPair) => void | Promise<void>) | undefined;
  /** Expected clicks of the largest block of time, see `timeBlocks`: less takes less memory and gives a shorter key. */
  readonly largestBlockClicks?: number | undefined;
  /** Stops the session. */
  readonly signal?: AbortSignal | undefined;
  /** For tests of what must fail. */
  readonly interference?: Interference | undefined;
}

/**
 * Runs one pair: sends its pulses, counts its clicks, and distils a key on both sides, block by block where the run is
 * long.
 *
 * @param scenario - a checked scenario
 * @param link - one of its pairs, see `planNetwork`
 * @param options - events, cancellation, keys and transcripts
 * @returns the pair's result; without a key it says why
 */
export async function runPair(
  scenario: Scenario,
  link: PlannedLink,
  { onEvent = () => {}, onBlock, onKeys, largestBlockClicks, signal, interference = {} }: PairOptions = {},
): Promise<PairResult> {
  const { pair, budget } = link;
  const honest = countingRun(scenario, pair, budget);
  const run = interference.beforeCounting?.(honest) ?? honest;
  onEvent(await phaseEvent(run));

  // Each side's private belongings, used by nobody else.
  const [alice, bob] = [belongings(scenario, pair), belongings(scenario, pair)];
  const clock = new StageClock(onEvent);
  const blocks: BlockOutcome[] = [];
  const keys: [alice: SecretKey, bob: SecretKey][] = [];
  let simulated = false;
  using counter = await PhotonCounter.create(run, { rawBits: false });
  for (const block of timeBlocks(link, largestBlockClicks)) {
    clock.enter("counting", block);
    const counted = await keepNextNotebooks(counter, block.end, {
      onTallies: (tallies) => onEvent(countsEvent(tallies)),
      onProgress: (fraction) => clock.progress(fraction, block),
      signal,
    });
    const notebooks = interference.afterCounting?.(counted) ?? counted;
    const terms = agreedTerms(scenario, { ...pair, pulses: block.pulses });
    const distillation = await distill(
      terms,
      { ...alice, records: notebooks.alice },
      { ...bob, records: notebooks.bob },
      notebooks.server,
      { ...interference, onStage: (stage) => clock.enter(stage, block) },
    );
    blocks.push(blockOutcome(terms, distillation));
    keys.push(...keysOf(distillation));
    simulated ||= distillation.simulated;
    onEvent(accountEvent(blocks));
    await onBlock?.({ number: block.number, of: block.of, terms, transcript: distillation.transcript });
  }

  const joined = joinKeys(keys);
  const facts = { ...pair, ...budget, wavelengthNm: pair.line.wavelengthNm };
  const result = { ...pairResult(facts, blocks, joined, simulated), stageSeconds: clock.stop() };
  if (result.status === "key") await onKeys?.(joined);
  for (const key of [joined.aliceKey, joined.bobKey]) key.fill(0);
  return result;
}

/** What a user brings along in a simulation: everything private comes from the seed. */
export function belongings(scenario: Scenario, pair: Pick<PlannedPair, "index">): Omit<UserSide, "records"> {
  const key = philoxKey(scenario.seed);
  return { randomness: simulatedRandomness(key, pair.index), authenticator: simulatedAuthenticator(key, pair.index) };
}

function keysOf({ alice, bob }: Distillation): [alice: SecretKey, bob: SecretKey][] {
  return alice.status === "key" && bob.status === "key" ? [[alice, bob]] : [];
}

/** Keys of all blocks behind each other; the parts are wiped. */
function joinKeys(keys: readonly [alice: SecretKey, bob: SecretKey][]): KeyPair {
  const joined = ([0, 1] as const).map((side) =>
    joinBits(keys.map((both) => ({ bits: both[side].keyBits, key: both[side].key }))),
  );
  for (const { key } of keys.flat()) key.fill(0);
  return { keyBits: joined[0]!.bits, aliceKey: joined[0]!.key, bobKey: joined[1]!.key };
}

/** Windows of the tracking loop that are worth drawing. */
const PHASE_WINDOWS = 400;

async function phaseEvent(run: CountingRun): Promise<SessionEvent> {
  const { timeSeconds, phaseRad, residualRad } = await tracePhase(run, { windows: PHASE_WINDOWS });
  return { type: "phase", timesSeconds: [...timeSeconds], phaseRad: [...phaseRad], residualRad: [...residualRad] };
}

function countsEvent({ pulses, counts, x1x1 }: ReturnType<PhotonCounter["tallies"]>): CountsEvent {
  let clicks = 0;
  let rawBits = 0;
  // Cells are settings of Alice, of Bob, outcome; Z settings are the first two of five, single clicks the first two of three.
  for (const [cell, count] of counts.entries()) {
    if (cell % 3 === 2) continue;
    clicks += count;
    if (cell < 30 && cell % 15 < 6) rawBits += count;
  }
  const slices = { accepted: x1x1.accepted[0] + x1x1.accepted[1], wrong: x1x1.wrong[0] + x1x1.wrong[1] };
  return { type: "counts", pulses, clicks, rawBits, slices };
}

function accountEvent(blocks: readonly BlockOutcome[]): AccountEvent {
  const sum = (number: (block: BlockOutcome) => number) => blocks.reduce((total, block) => total + number(block), 0);
  return {
    type: "account",
    rawBits: sum((block) => block.rawBits),
    sampledBits: sum((block) => block.sampledBits),
    pairedBits: sum((block) => block.pairedBits),
    leakedBits: sum((block) => block.disclosedBits + block.tagBits),
    secretBits: sum((block) => block.secretBits),
  };
}
