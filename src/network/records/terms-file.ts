/**
 * Files of terms: what two users have agreed to before their first pulse, and where they stand, for keys from recorded
 * clicks.
 *
 * @module
 */
import * as z from "zod";
import { samplingProbability } from "../../distillation/error-sample.ts";
import type { Terms } from "../../distillation/terms.ts";
import { invalid } from "../../errors.ts";
import { PHASE_UNITS, sliceHalfWidth } from "../../kernels/photons-run.ts";
import { estimateSource, validateSettings } from "../../protocol/index.ts";
import { parseBy } from "../scenario/scenario-messages.ts";
import { userSchema } from "./counts-file.ts";

/** Format of terms files; raised when an older file would be read differently. */
export const TERMS_VERSION = 1;

/** A misspelt interval must not become an exact intensity. */
const user = z.strictObject(userSchema.shape);

const link = z
  .strictObject({
    name: z.string().min(1).max(200).describe("both users' names, for example A1-B1"),
    index: z.int().min(0).max(0xffff_ffff).default(0).describe("number of the pair; tells its random streams apart"),
    wavelengthNm: z.number().min(100).max(10_000).describe("vacuum wavelength of the quantum pulses, nm"),
    distanceKm: z.number().min(0).max(20_000).describe("up-link fibre between the two users, km"),
    fibreLossDb: z.number().min(0).max(10_000).describe("loss of that fibre alone, dB; the PLOB bound follows from it"),
    quantumSlotRateHz: z.number().min(1e-3).max(1e12).describe("quantum slots per second of wall time, Hz"),
  })
  .describe("the pair; nothing here decides the length of a key");

const termsSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(TERMS_VERSION).describe("format of the file"),
    link,
    pulses: z
      .int()
      .min(1)
      .max(Number.MAX_SAFE_INTEGER)
      .describe("quantum slots of the pair, whether anything clicked or not; reference slots excluded"),
    settings: z
      .strictObject({
        alice: user,
        bob: user,
        sliceWidthRad: z.number().min(0).max(Math.PI).describe("full width of each of the two phase slices, rad"),
        sampleFraction: z
          .number()
          .min(0)
          .max(0.5)
          .default(0)
          .describe("share of raw bits disclosed to learn the error rate; needed without pairing"),
      })
      .describe("what both users had agreed to send"),
    pairing: z.enum(["none", "active", "random"]).describe("odd-parity pairing of raw bits"),
    failureProbability: z.number().min(1e-300).max(0.1).describe("failure probability of each bound and of each step"),
  })
  .describe("The public agreement of one pair of users");

/** The pair that a terms file is about. */
export interface TermsLink {
  /** Both users' names. */
  readonly name: string;
  /** Number of the pair; tells its random streams apart. */
  readonly index: number;
  /** Vacuum wavelength of the quantum pulses, nm. */
  readonly wavelengthNm: number;
  /** Up-link fibre between the two users, km. */
  readonly distanceKm: number;
  /** Loss of that fibre alone, dB. */
  readonly fibreLossDb: number;
  /** Quantum slots per second of wall time, Hz. */
  readonly quantumSlotRateHz: number;
}

/** What a terms file says. */
export interface TermsFile {
  /** Who, where, on which colour. */
  readonly link: TermsLink;
  /** What the distillation goes by. */
  readonly terms: Terms;
}

/** The JSON Schema (draft 2020-12) of terms files. */
export function termsJsonSchema(): object {
  return z.toJSONSchema(termsSchema, { io: "input" });
}

/**
 * Checks a terms file.
 *
 * @param input - an object, usually read from JSON
 * @returns the terms as the distillation wants them: slices of whole phase units, a sample of whole 65536ths
 * @throws {@link TwincombError} `invalid-input` that names what is at fault
 */
export function parseTerms(input: unknown): TermsFile {
  parseBy(termsSchema, input, "terms");
  const file = termsSchema.parse(input);
  const { pairing, failureProbability, pulses } = file;
  const halfWidth = sliceHalfWidth(file.settings.sliceWidthRad);
  if (halfWidth === 0) {
    throw invalid("settings.sliceWidthRad", file.settings.sliceWidthRad, "at least two 65536ths of a turn");
  }
  const settings = validateSettings({
    ...(input as { settings: Terms["settings"] }).settings,
    sliceWidthRad: (4 * Math.PI * halfWidth) / PHASE_UNITS,
    sampleFraction: samplingProbability(file.settings.sampleFraction),
  });
  if (pairing === "none" && settings.sampleFraction === 0) {
    throw invalid("settings.sampleFraction", file.settings.sampleFraction, "a sample, which keys without pairing need");
  }
  // Intensities that cannot meet the security condition are refused before a day's clicks are read.
  estimateSource(settings);
  return { link: file.link, terms: { pulses, settings, pairing, failureProbability } };
}

/**
 * The file that says what has been agreed.
 *
 * @param file - pair and terms
 * @returns an object for JSON that {@link parseTerms} takes for the same
 */
export function termsToFile({ link, terms }: TermsFile): object {
  return { version: TERMS_VERSION, link, ...terms };
}
