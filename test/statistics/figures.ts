/** The figures of a session that are held against their prediction, from what the users know. */
import type { Distillation } from "../../src/distillation/distill.ts";
import type { ObservedCounts } from "../../src/protocol/counts.ts";
import type { KeyLength } from "../../src/protocol/key-length.ts";

/** One session's figures. */
export interface SessionFigures {
  readonly rawBits: number;
  /** Clicks outside Z-Z slots. */
  readonly announced: number;
  /** x1-x1 clicks in the phase slices. */
  readonly accepted: number;
  /** Wrong ones among them, relative. */
  readonly errorX: number;
  /** Share of wrong bits in the sample, or in what pairing kept. */
  readonly errorZ: number;
  readonly untagged: number;
  readonly phaseError: number;
  /** Key length if error correction disclosed nothing and nothing had to be verified. */
  readonly undisclosed: number;
  /** Secret bits before authentication and the other fixed terms: the above less what error correction disclosed. */
  readonly secretBits: number;
}

export const FIGURES = [
  "rawBits",
  "announced",
  "accepted",
  "errorX",
  "errorZ",
  "untagged",
  "phaseError",
  "undisclosed",
  "secretBits",
] as const satisfies readonly (keyof SessionFigures)[];

/** The figures that follow from counts and bounds. */
export function figuresOf(
  counts: ObservedCounts,
  errorZ: number,
  disclosedBits: number,
  { bounds, account }: KeyLength,
): SessionFigures {
  const row = counts.counts.find(({ alice }) => alice === "z")!;
  const all = counts.counts.reduce((sum, { left, right }) => sum + left + right, 0);
  const rawBits = row.left + row.right;
  const { untagged, phaseError } = bounds.paired ?? bounds;
  const undisclosed = account.bits.reduce((sum, { name, bits }) => (/untagged/.test(name) ? sum + bits : sum), 0);
  return {
    rawBits,
    announced: all - rawBits,
    accepted: counts.slices.accepted,
    errorX: counts.slices.wrong / counts.slices.accepted,
    errorZ,
    untagged,
    phaseError,
    undisclosed,
    secretBits: undisclosed - disclosedBits,
  };
}

/** The figures of a session that came as far as its end, with or without a key. */
export function figuresOfSession({ alice, bob }: Distillation): SessionFigures {
  if (alice.length === null || bob.counts === null || bob.reconciliation === null) throw new Error(JSON.stringify(bob));
  const { corrected, bits, disclosedBits } = bob.reconciliation;
  return figuresOf(bob.counts, corrected! / bits, disclosedBits, alice.length);
}
