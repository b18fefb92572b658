/** Results made up for reports: every shape that a run can leave, without running one. */
import type { NetworkResult, PairResult, Scenario } from "../../src/network/index.ts";

/** What a made-up pair may differ in. */
export type PairShape = Partial<PairResult> & { readonly name: string };

/** A pair with a key, unless told otherwise. */
export function pairResult(shape: PairShape): PairResult {
  const bits = [
    { name: "untagged bits", bits: 5_000_000 },
    { name: "phase errors of untagged bits", bits: -2_300_000 },
    { name: "error correction", bits: -110_000 },
    { name: "verification", bits: -64 },
    { name: "privacy amplification", bits: -131.9 },
    { name: "authentication", bits: -960 },
  ];
  const secretBits = Math.floor(bits.reduce((sum, line) => sum + line.bits, 0));
  return {
    status: "key",
    round: 1,
    wavelengthNm: 1550.98,
    distanceKm: 370,
    pulses: 1e12,
    qberX: 0.034,
    acceptedX: 20_000,
    wrongX: 680,
    qberZRaw: 0.27,
    qberZPaired: 0.0004,
    rawBits: 68_000_000,
    sampledBits: 0,
    announcedPairs: 20_000_000,
    discardedByParity: 54_100_000,
    pairedBits: 13_900_000,
    leakedBits: 110_064,
    reconciliationEfficiency: 1.3,
    secretBits,
    keyRatePerPulse: secretBits / 1e12,
    keyRateBps: 1290.3,
    plobPerPulse: 1.13e-6,
    ratioToPlob: secretBits / 1e12 / 1.13e-6,
    keysIdentical: true,
    aliceKeySha256: "0".repeat(64),
    bobKeySha256: "0".repeat(64),
    simulated: true,
    expectedErrorX: 0.0335,
    blocks: 1,
    blocksWithKey: 1,
    bounds: { untagged: 2e7, phaseError: 0.05 },
    pairedBounds: { untagged: 5e6, phaseError: 0.1 },
    account: { bits, epsilons: [{ name: "error correction", multiplicity: 1, each: 1e-10 }], epsilonTotal: 1e-10 },
    stageSeconds: {
      countingSeconds: 1,
      siftingSeconds: 1,
      pairingSeconds: 1,
      reconcilingSeconds: 1,
      verifyingSeconds: 1,
      amplifyingSeconds: 1,
    },
    ...shape,
  };
}

/** What a pair without any key holds: everything that may be null is. */
export const KEYLESS: Partial<PairResult> = {
  status: "no-key",
  reason: "the bounds leave no key even without error correction",
  qberX: null,
  acceptedX: 0,
  wrongX: 0,
  qberZRaw: null,
  qberZPaired: null,
  rawBits: 0,
  sampledBits: 0,
  announcedPairs: 0,
  discardedByParity: 0,
  pairedBits: 0,
  leakedBits: 0,
  reconciliationEfficiency: null,
  secretBits: 0,
  keyRatePerPulse: 0,
  keyRateBps: 0,
  ratioToPlob: 0,
  keysIdentical: false,
  aliceKeySha256: null,
  bobKeySha256: null,
  bounds: null,
  pairedBounds: null,
  account: null,
};

/** A network's result for a scenario, one shape a pair. */
export function networkResult(
  scenario: Scenario,
  shape: (index: number) => Partial<PairResult> = () => ({}),
): NetworkResult {
  const pairs = scenario.pairs.map(({ alice, bob }, i) => pairResult({ name: `${alice}-${bob}`, ...shape(i) }));
  const keyed = pairs.filter(({ keysIdentical }) => keysIdentical);
  return {
    version: "0.1.0",
    streamVersion: 2,
    scenario: scenario.name,
    seed: scenario.seed,
    pulses: scenario.pulses,
    elapsedSeconds: 12.3,
    pairs,
    replaced: [],
    total: {
      pairs: keyed.length,
      secretBits: keyed.reduce((sum, { secretBits }) => sum + secretBits, 0),
      networkingCapabilityKm: keyed.reduce((sum, { distanceKm }) => sum + distanceKm, 0),
    },
  };
}
