/**
 * The experiment: one pair of users from a scenario to its keys.
 *
 * Scenario, devices, link budget, photons counted, sifting, estimate, error correction, verification, privacy
 * amplification, account. Read {@link runPair} from top to bottom.
 *
 * @module
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { hammingDistance } from "../bits.ts";
import { simulatedAuthenticator } from "../distillation/authentication.ts";
import { type Distillation, distill, type Interference, type UserSide } from "../distillation/distill.ts";
import { simulatedRandomness } from "../distillation/randomness.ts";
import type { UserRecords } from "../distillation/records.ts";
import type { Terms } from "../distillation/terms.ts";
import { binaryEntropy, type ObservedCounts, sliceErrorRate } from "../protocol/index.ts";
import { philoxKey } from "../random.ts";
import { agreedTerms } from "./agreement.ts";
import { countingRun } from "./counting-run.ts";
import type { LinkBudget } from "./link-budget.ts";
import { keepNotebooks } from "./notebooks.ts";
import type { PlannedLink } from "./plan.ts";
import { type PairResult, rounded } from "./result.ts";
import type { Scenario } from "./scenario.ts";
import type { PlannedPair } from "./star.ts";

/** What a pair is doing. */
export type PairStage = "counting" | "distilling";

/** How the session of one pair reports, stops, and is interfered with in tests. */
export interface PairOptions {
  /** Called with the stage and the share of it that is done. */
  readonly onProgress?: ((stage: PairStage, fraction: number) => void) | undefined;
  /** Stops the session. */
  readonly signal?: AbortSignal | undefined;
  /** For tests of what must fail. */
  readonly interference?: Interference;
}

/**
 * Runs one pair: sends its pulses, counts its clicks, and distils a key on both sides.
 *
 * @param scenario - a checked scenario
 * @param link - one of its pairs, see `planNetwork`
 * @param options - progress and cancellation
 * @returns the pair's result; without a key it says why
 */
export async function runPair(
  scenario: Scenario,
  { pair, budget }: PlannedLink,
  options: PairOptions = {},
): Promise<PairResult> {
  const notebooks = await keepNotebooks(countingRun(scenario, pair, budget), {
    onProgress: (fraction) => options.onProgress?.("counting", fraction),
    signal: options.signal,
  });
  options.onProgress?.("distilling", 0);
  const terms = agreedTerms(scenario, pair);
  const distillation = await distill(
    terms,
    userSide(scenario, pair, notebooks.alice),
    userSide(scenario, pair, notebooks.bob),
    notebooks.server,
    options.interference,
  );
  return rounded(pairResult(pair, budget, terms, distillation));
}

/** A user's belongings in a simulation: everything private comes from the seed. */
export function userSide(scenario: Scenario, pair: PlannedPair, records: UserRecords): UserSide {
  const key = philoxKey(scenario.seed);
  return {
    records,
    randomness: simulatedRandomness(key, pair.index),
    authenticator: simulatedAuthenticator(key, pair.index),
  };
}

function pairResult(pair: PlannedPair, budget: LinkBudget, terms: Terms, { alice, bob }: Distillation): PairResult {
  const { counts, reconciliation, length } = bob;
  const leakedBits = reconciliation === null ? 0 : reconciliation.disclosedBits + reconciliation.tagBits;
  const pairedBits = reconciliation?.bits ?? 0;
  const verified = alice.status === "key" && bob.status === "key";
  const qberZPaired = verified && reconciliation !== null ? (reconciliation.corrected ?? 0) / pairedBits : null;
  const secretBits = verified ? alice.keyBits : 0;
  const keyRatePerPulse = secretBits / terms.pulses;
  const [aliceDigest, bobDigest] = [alice, bob].map((side) =>
    side.status === "key" ? bytesToHex(sha256(side.key)) : null,
  ) as [string | null, string | null];
  return {
    name: pair.name,
    status: verified ? "key" : "no-key",
    ...(bob.status === "no-key" ? { reason: bob.reason } : {}),
    wavelengthNm: pair.line.wavelengthNm,
    distanceKm: pair.distanceKm,
    pulses: terms.pulses,
    qberX: counts === null || counts.slices.accepted === 0 ? null : sliceErrorRate(counts),
    qberZRaw: length?.bounds.rawErrorRate ?? null,
    qberZPaired,
    rawBits: counts === null ? 0 : rawEvents(counts),
    pairedBits,
    leakedBits,
    reconciliationEfficiency:
      reconciliation === null || !qberZPaired
        ? null
        : reconciliation.disclosedBits / (pairedBits * binaryEntropy(qberZPaired)),
    secretBits,
    keyRatePerPulse,
    keyRateBps: keyRatePerPulse * budget.quantumSlotRateHz,
    plobPerPulse: budget.plobPerPulse,
    ratioToPlob: budget.plobPerPulse === null ? 0 : keyRatePerPulse / budget.plobPerPulse,
    keysIdentical: verified && alice.key.length === bob.key.length && hammingDistance(alice.key, bob.key) === 0,
    aliceKeySha256: aliceDigest,
    bobKeySha256: bobDigest,
    simulated: true,
    expectedErrorX: budget.expectedErrorX,
    bounds: length === null ? null : { untagged: length.bounds.untagged, phaseError: length.bounds.phaseError },
    account: length?.account ?? null,
  };
}

/** Z-Z events, sampled ones included. */
function rawEvents(counts: ObservedCounts): number {
  const row = counts.counts.find(({ alice }) => alice === "z")!;
  return row.left + row.right;
}
