/**
 * What sessions should give, without looking at any: expected counts from the formulas of the protocol, and counts drawn
 * around them as Poisson statistics have it. Neither the photon counter nor the distillation is asked.
 */
import { plannedDisclosure, planReconciliation } from "../../src/distillation/reconciliation-plan.ts";
import { linkModel } from "../../src/network/plan/link-budget.ts";
import type { ObservedCounts, SettingPairCount } from "../../src/protocol/counts.ts";
import { expectedCounts } from "../../src/protocol/expected-counts.ts";
import { keyLength } from "../../src/protocol/key-length.ts";
import type { ProtocolSettings, UserSettings } from "../../src/protocol/settings.ts";
import { Dice } from "./dice.ts";
import { figuresOf, type SessionFigures } from "./figures.ts";
import type { SmallLink } from "./sessions.ts";

/** Expected numbers of everything that is drawn. */
interface Means {
  readonly rows: readonly SettingPairCount[];
  readonly right: number;
  readonly wrong: number;
}

function meansOf({ planned, terms }: SmallLink): Means {
  const { budget } = planned;
  const actual = (user: UserSettings, intensities: UserSettings["intensities"]): UserSettings => ({
    intensities,
    probabilities: user.probabilities,
  });
  const settings: ProtocolSettings = {
    alice: actual(terms.settings.alice, budget.aliceIntensities),
    bob: actual(terms.settings.bob, budget.bobIntensities),
    sliceWidthRad: terms.settings.sliceWidthRad,
  };
  const { counts, slices } = expectedCounts(settings, linkModel(budget), terms.pulses);
  return { rows: counts, right: slices.accepted - slices.wrong, wrong: slices.wrong };
}

const isZ = (name: string) => name.startsWith("z");

/** One imagined session. */
function imagined({ rows, right, wrong }: Means, { terms }: SmallLink, dice: Dice): SessionFigures {
  const { settings, pulses, failureProbability } = terms;
  const sampleFraction = settings.sampleFraction ?? 0;
  const slices = { wrong: dice.poisson(wrong), right: dice.poisson(right) };
  const sample = { events: 0, errors: 0 };
  const zz = { left: 0, right: 0 };
  let errors = 0;
  const kinds = { onlyAlice: 0, onlyBob: 0, both: 0, neither: 0 };
  const counts: SettingPairCount[] = [];
  for (const row of rows) {
    const inSlices = row.alice === "x1" && row.bob === "x1" ? right + wrong : 0;
    const clicks = dice.poisson(row.left + row.right - inSlices) + (inSlices > 0 ? slices.wrong + slices.right : 0);
    const left = dice.binomial(clicks, row.left / (row.left + row.right));
    if (!(isZ(row.alice) && isZ(row.bob))) {
      counts.push({ ...row, left, right: clicks - left, both: 0 });
      continue;
    }
    const isError = row.alice === row.bob;
    const sampled = dice.binomial(clicks, sampleFraction);
    sample.events += sampled;
    sample.errors += isError ? sampled : 0;
    errors += isError ? clicks - sampled : 0;
    kinds[KINDS[`${row.alice} ${row.bob}` as keyof typeof KINDS]] += clicks - sampled;
    zz.left += left;
    zz.right += clicks - left;
  }
  const observed: ObservedCounts = {
    pulses,
    settings,
    counts: [{ alice: "z", bob: "z", ...zz, both: 0 }, ...counts],
    slices: { accepted: slices.right + slices.wrong, wrong: slices.wrong },
    ...(sampleFraction > 0 ? { sample } : {}),
  };
  const bits = zz.left + zz.right - sample.events;
  if (terms.pairing === "none") {
    const length = keyLength(observed, { failureProbability, leak: { disclosedBits: 0 } });
    const errorRate = errors / bits;
    // A frame with more errors than the sample foretold gets further syndrome, as if it had been planned for them.
    const plan = planReconciliation(bits, Math.max(errorRate, sample.errors / sample.events));
    return figuresOf(observed, errorRate, plannedDisclosure(plan), length);
  }
  const pairing = paired(kinds, dice);
  const length = keyLength(
    { ...observed, pairing },
    { pairing: "active", failureProbability, leak: { disclosedBits: 0 } },
  );
  return figuresOf(observed, pairing.errors / pairing.kept, 0, length);
}

const KINDS = {
  "z-send z-not": "onlyAlice",
  "z-not z-send": "onlyBob",
  "z-send z-send": "both",
  "z-not z-not": "neither",
} as const;

/** Bob pairs his rarer bits at random with others; Alice keeps the pairs that are odd for her too. */
function paired({ onlyAlice, onlyBob, both, neither }: Record<(typeof KINDS)[keyof typeof KINDS], number>, dice: Dice) {
  const [zeros, ones] = [onlyBob + both, onlyAlice + neither];
  const pairs = Math.min(zeros, ones);
  // Wrong bits among the zeros and among the ones that have a partner, then wrong ones that meet wrong ones.
  const wrongZeros = zeros <= ones ? both : dice.hypergeometric(zeros, both, pairs);
  const wrongOnes = ones <= zeros ? neither : dice.hypergeometric(ones, neither, pairs);
  const errors = dice.hypergeometric(pairs, wrongOnes, wrongZeros);
  const right = pairs - wrongZeros - wrongOnes + errors;
  return { zeros, ones, pairs, kept: right + errors, errors };
}

/**
 * Figures of imagined sessions.
 *
 * @param link - the link
 * @param sessions - how many
 * @param seed - of the imagination
 */
export function imagine(link: SmallLink, sessions: number, seed: string): SessionFigures[] {
  const means = meansOf(link);
  const dice = new Dice(seed);
  return Array.from({ length: sessions }, () => imagined(means, link, dice));
}
