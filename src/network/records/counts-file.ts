/**
 * Files of observed counts: the schema of what `twincomb key` reads and `twincomb count --json` prints.
 *
 * Only the shape is described here; `validateCounts` of the protocol says whether the numbers make sense.
 *
 * @module
 */
import * as z from "zod";
import type { ObservedCounts } from "../../protocol/index.ts";
import { parseBy } from "../scenario/scenario-messages.ts";

const settingNames = ["z-send", "z-not", "x0", "x1", "x2", "z"] as const;

const photons = (what: string) => z.number().min(0).describe(`photons per pulse: ${what}`);
const chance = (what: string) => z.number().min(0).max(1).describe(what);
const interval = z.tuple([z.number().min(0), z.number().min(0)]).describe("calibrated interval, photons per pulse");

/** What one user does, as every file has it. */
export const userSchema = z.looseObject({
  intensities: z.strictObject({
    zSend: photons("sending in a Z window"),
    zNot: photons("not sending in a Z window"),
    x0: photons("vacuum in an X window"),
    x1: photons("weaker decoy"),
    x2: photons("stronger decoy"),
  }),
  probabilities: z.strictObject({
    zWindow: chance("probability of a Z window"),
    send: chance("probability of sending within a Z window"),
    x0: chance("probability of vacuum within an X window"),
    x1: chance("probability of the weaker decoy within an X window"),
    x2: chance("probability of the stronger decoy within an X window"),
  }),
  intervals: z
    .strictObject({ zSend: interval, zNot: interval, x0: interval, x1: interval, x2: interval })
    .partial()
    .optional()
    .describe("where the true intensities are known to lie; exact where missing"),
  oneResidue: z.boolean().optional().describe("whether x0 and zNot are one state of the modulator; false unless given"),
});

const clicks = z.number().min(0);

const countsSchema = z
  .looseObject({
    pulses: z.number().min(1).describe("quantum slots of the pair, reference slots excluded"),
    settings: z.looseObject({
      alice: userSchema,
      bob: userSchema,
      sliceWidthRad: z.number().min(0).max(Math.PI).describe("full width of each of the two phase slices, rad"),
    }),
    counts: z
      .array(
        z.strictObject({
          alice: z.enum(settingNames),
          bob: z.enum(settingNames),
          left: clicks.describe("slots in which only the left detector clicked"),
          right: clicks.describe("slots in which only the right detector clicked"),
          both: clicks.describe("slots in which both clicked"),
        }),
      )
      .describe("one row a pair of settings; Z-Z slots as one row z, z or as four rows"),
    slices: z.strictObject({
      accepted: clicks.describe("x1-x1 clicks inside the phase slices"),
      wrong: clicks.describe("those at the wrong port"),
    }),
    sample: z.strictObject({ events: clicks, errors: clicks }).optional().describe("disclosed Z-Z events"),
    pairing: z
      .strictObject({ zeros: clicks, ones: clicks, pairs: clicks, kept: clicks })
      .optional()
      .describe("result of pairing the raw bits"),
  })
  .describe("Counts of one pair of users");

/** The JSON Schema (draft 2020-12) of files of counts. */
export function countsJsonSchema(): object {
  return z.toJSONSchema(countsSchema);
}

/**
 * Checks the shape of a file of counts.
 *
 * @param input - an object, usually read from JSON
 * @returns the counts, whose numbers the key-length estimate will check
 * @throws {@link TwincombError} `invalid-input` that names every value at fault
 */
export function parseCounts(input: unknown): ObservedCounts {
  parseBy(countsSchema, input, "counts");
  return input as ObservedCounts;
}
