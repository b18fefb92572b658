/**
 * The published schema of results, and the check of result files.
 *
 * Results of later versions may hold more; whatever is here keeps its name and meaning.
 *
 * @module
 */
import * as z from "zod";
import type { NetworkResult } from "./result.ts";
import { parseBy } from "./scenario/scenario-messages.ts";

const share = z.number().min(0).max(1);
const amount = z.number().min(0);
const digest = z.string().regex(/^[0-9a-f]{64}$/);

const bounds = z.looseObject({
  untagged: amount.describe("lower bound of the number of untagged bits"),
  phaseError: share.describe("upper bound of their phase-error rate"),
});

const account = z.looseObject({
  bits: z
    .array(z.looseObject({ name: z.string(), bits: z.number() }))
    .describe("bill of bits; sums to the key length before it is rounded down"),
  epsilons: z
    .array(z.looseObject({ name: z.string(), multiplicity: amount, each: amount }))
    .describe("bill of failure probabilities"),
  epsilonTotal: amount.describe("their sum"),
});

const pair = z.looseObject({
  name: z.string().describe("both clients' names, A1-B1"),
  status: z.enum(["key", "no-key"]),
  reason: z.string().optional().describe("why there is no key"),
  round: z.int().min(1).describe("round in which the pair ran"),
  wavelengthNm: amount.nullable().describe("vacuum wavelength of the pair's colour, nm"),
  distanceKm: amount.describe("up-link fibre between the two users, km"),
  pulses: amount.describe("quantum slots"),
  qberX: share.nullable().describe("wrong among the accepted x1-x1 clicks of both phase slices, darks included"),
  acceptedX: amount.describe("accepted x1-x1 clicks of both phase slices"),
  wrongX: amount.describe("wrong ones among them"),
  qberZRaw: share.nullable().describe("error rate of the raw Z bits, estimated from announced data"),
  qberZPaired: share.nullable().describe("errors corrected over bits, known after verification"),
  rawBits: amount.describe("Z-Z events"),
  sampledBits: amount.describe("raw bits given up as a sample"),
  discardedByParity: amount.describe("raw bits that pairing took away"),
  pairedBits: amount.describe("bits that went into error correction"),
  leakedBits: amount.describe("syndromes, revealed bits and tags"),
  reconciliationEfficiency: amount.nullable().describe("(leakedBits - tags) / (pairedBits h(qberZPaired))"),
  secretBits: amount.describe("length of the secret key, net of everything"),
  keyRatePerPulse: amount.describe("secret bits over quantum slots"),
  keyRateBps: amount.describe("secret bits per second of wall time of the experiment, bit/s"),
  plobPerPulse: amount.nullable().describe("repeaterless bound of the two up-link fibres, bits per pulse"),
  ratioToPlob: amount.describe("key rate over that bound; 0 without loss"),
  keysIdentical: z.boolean().describe("whether both sides hold the same key"),
  aliceKeySha256: digest.nullable().describe("SHA-256 of Alice's key"),
  bobKeySha256: digest.nullable().describe("SHA-256 of Bob's key"),
  simulated: z.boolean().describe("true when a seed decides everything: such a key is no secret"),
  expectedErrorX: share.nullable().describe("X error that the phase budget predicts"),
  blocks: amount.describe("blocks of time, each distilled by itself"),
  bounds: bounds.nullable().describe("untagged raw bits and their phase-error rate"),
  pairedBounds: bounds.nullable().describe("the same of the paired bits"),
  account: account.nullable().describe("every bit and every failure probability"),
});

const resultSchema = z
  .looseObject({
    version: z.string().describe("version of twincomb"),
    streamVersion: z.int().min(1).describe("raised whenever the same seed gives other numbers on purpose"),
    scenario: z.string().describe("name of the scenario"),
    seed: z.string().describe("seed of every random number"),
    pulses: amount.describe("quantum slots of the run; pairs of different rounds share them"),
    elapsedSeconds: amount.describe("wall time of the run, s"),
    pairs: z.array(pair).min(1).describe("one entry a pair, in the scenario's order"),
    total: z.looseObject({
      pairs: amount.describe("pairs with a verified key"),
      secretBits: amount.describe("secret bits of all pairs"),
      networkingCapabilityKm: amount.describe("distances of the pairs with identical keys added up, km"),
    }),
  })
  .describe("What a run of a network gives");

/** The JSON Schema (draft 2020-12) of results. */
export function resultJsonSchema(): object {
  return z.toJSONSchema(resultSchema);
}

/**
 * Checks a result.
 *
 * @param input - an object, usually read from JSON
 * @returns the result
 * @throws {@link TwincombError} `invalid-input` that names every value at fault
 */
export function parseResult(input: unknown): NetworkResult {
  parseBy(resultSchema, input, "result");
  return input as NetworkResult;
}
