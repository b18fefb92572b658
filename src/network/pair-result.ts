/**
 * The result of a pair: its blocks added up, its keys digested.
 *
 * @module
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { hammingDistance } from "../bits.ts";
import { binaryEntropy, type EpsilonTerm, type KeyAccount, plob } from "../protocol/index.ts";
import type { BlockOutcome, UntaggedBounds } from "./block-outcome.ts";
import type { UnlinkedPair } from "./plan/star.ts";
import { type PairResult, rounded } from "./result.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { NO_TIME } from "./stage-clock.ts";

/** What a result tells of the link itself. */
export interface LinkFacts
  extends Pick<PairResult, "name" | "round" | "wavelengthNm" | "distanceKm" | "plobPerPulse" | "expectedErrorX"> {
  /** Quantum slots per second of wall time. */
  readonly quantumSlotRateHz: number;
}

/** Both users' keys. */
export interface KeyPair {
  /** Length of either, bits. */
  readonly keyBits: number;
  /** Alice's. */
  readonly aliceKey: Uint8Array;
  /** Bob's. */
  readonly bobKey: Uint8Array;
}

/** What a result holds beside the time it took. */
export type TimelessResult = Omit<PairResult, "stageSeconds">;

/**
 * The result of a pair.
 *
 * @param link - the link
 * @param blocks - its blocks, in order
 * @param keys - the keys of those that gave one, behind each other
 * @param simulated - whether a seed decided anything private
 */
export function pairResult(
  link: LinkFacts,
  blocks: readonly BlockOutcome[],
  keys: KeyPair,
  simulated: boolean,
): TimelessResult {
  const { quantumSlotRateHz, plobPerPulse } = link;
  const sum = (number: (block: BlockOutcome) => number) => blocks.reduce((total, block) => total + number(block), 0);
  const keyed = blocks.filter(({ reason }) => reason === null);
  const pulses = sum((block) => block.pulses);
  const acceptedX = sum(({ slices }) => slices?.accepted ?? 0);
  const wrongX = sum(({ slices }) => slices?.wrong ?? 0);
  const rawBits = sum((block) => block.rawBits);
  const pairedBits = sum((block) => block.pairedBits);
  const disclosedBits = sum((block) => block.disclosedBits);
  const corrected = keyed.reduce((total, block) => total + (block.corrected ?? 0), 0);
  const keyedBits = keyed.reduce((total, block) => total + block.pairedBits, 0);
  const qberZPaired = keyedBits > 0 ? corrected / keyedBits : null;
  const knownRates = blocks.filter(({ rawErrorRate }) => rawErrorRate !== null);
  const keyRatePerPulse = pulses > 0 ? keys.keyBits / pulses : 0;
  const hasKey = keyed.length > 0;
  const reason = blocks.find((block) => block.reason !== null)?.reason;
  return rounded({
    name: link.name,
    status: hasKey ? "key" : "no-key",
    ...(reason == null ? {} : { reason }),
    round: link.round,
    wavelengthNm: link.wavelengthNm,
    distanceKm: link.distanceKm,
    pulses,
    qberX: acceptedX > 0 ? wrongX / acceptedX : null,
    acceptedX,
    wrongX,
    qberZRaw: weighted(knownRates.map(({ rawErrorRate, rawBits: weight }) => [rawErrorRate!, weight])),
    qberZPaired,
    rawBits,
    sampledBits: sum((block) => block.sampledBits),
    announcedPairs: sum((block) => block.announcedPairs),
    discardedByParity: sum((block) => block.discardedByParity),
    pairedBits,
    leakedBits: disclosedBits + sum((block) => block.tagBits),
    reconciliationEfficiency: qberZPaired ? disclosedBits / (pairedBits * binaryEntropy(qberZPaired)) : null,
    secretBits: keys.keyBits,
    keyRatePerPulse,
    keyRateBps: keyRatePerPulse * quantumSlotRateHz,
    plobPerPulse,
    ratioToPlob: plobPerPulse === null ? 0 : keyRatePerPulse / plobPerPulse,
    keysIdentical: hasKey && keyed.every((block) => block.keysIdentical) && sameKeys(keys),
    aliceKeySha256: hasKey ? bytesToHex(sha256(keys.aliceKey)) : null,
    bobKeySha256: hasKey ? bytesToHex(sha256(keys.bobKey)) : null,
    simulated,
    expectedErrorX: link.expectedErrorX,
    blocks: blocks.length,
    blocksWithKey: keyed.length,
    bounds: joinedBounds(blocks.map(({ bounds }) => bounds)),
    pairedBounds: joinedBounds(blocks.map(({ pairedBounds }) => pairedBounds)),
    account: joinedAccount(blocks),
  } satisfies TimelessResult);
}

/**
 * The result of a pair that could not run.
 *
 * @param scenario - whose fibres they are
 * @param pair - which pair, and why
 */
export function unlinkedResult({ fibre }: Scenario, pair: UnlinkedPair): PairResult {
  const nothing = { keyBits: 0, aliceKey: new Uint8Array(), bobKey: new Uint8Array() };
  const bound = plob(10 ** ((-fibre.lossDbPerKm * pair.distanceKm) / 10));
  const plobPerPulse = Number.isFinite(bound) ? bound : null;
  const facts = { ...pair, plobPerPulse, quantumSlotRateHz: 0, expectedErrorX: null };
  return {
    ...pairResult(facts, [], nothing, true),
    pulses: pair.pulses,
    reason: pair.reason,
    stageSeconds: NO_TIME,
  };
}

function sameKeys({ aliceKey, bobKey }: KeyPair): boolean {
  return aliceKey.length === bobKey.length && hammingDistance(aliceKey, bobKey) === 0;
}

/** Mean of values with weights; null without any. */
function weighted(values: readonly (readonly [value: number, weight: number])[]): number | null {
  const total = values.reduce((sum, [, weight]) => sum + weight, 0);
  return total > 0 ? values.reduce((sum, [value, weight]) => sum + value * weight, 0) / total : null;
}

function joinedBounds(all: readonly (UntaggedBounds | null)[]): UntaggedBounds | null {
  const known = all.filter((bounds) => bounds !== null);
  const untagged = known.reduce((sum, bounds) => sum + bounds.untagged, 0);
  if (known.length === 0) return null;
  const phaseError = weighted(known.map((bounds) => [bounds.phaseError, bounds.untagged])) ?? known[0]!.phaseError;
  return { untagged, phaseError };
}

/** The bills of all blocks with a key added up; without any, that of the first block that has a bill. */
function joinedAccount(blocks: readonly BlockOutcome[]): KeyAccount | null {
  const keyed = blocks.filter(({ reason }) => reason === null);
  const accounts = (keyed.length > 0 ? keyed : blocks).flatMap(({ account }) => account ?? []);
  if (keyed.length < 2) return accounts[0] ?? null;
  const bits = new Map<string, number>();
  const epsilons = new Map<string, EpsilonTerm>();
  for (const account of accounts) {
    for (const line of account.bits) bits.set(line.name, (bits.get(line.name) ?? 0) + line.bits);
    for (const term of account.epsilons) {
      const line = `${term.name} ${term.each}`;
      const before = epsilons.get(line)?.multiplicity ?? 0;
      epsilons.set(line, { ...term, multiplicity: before + term.multiplicity });
    }
  }
  // Every block's key was rounded down by itself.
  const rounding = [...bits.values()].reduce((sum, line) => sum + line, 0);
  const secret = keyed.reduce((sum, block) => sum + block.secretBits, 0);
  return {
    bits: [
      ...[...bits].map(([name, value]) => ({ name, bits: value })),
      { name: "rounding down in every block", bits: secret - rounding },
    ],
    epsilons: [...epsilons.values()],
    epsilonTotal: accounts.reduce((sum, account) => sum + account.epsilonTotal, 0),
  };
}
