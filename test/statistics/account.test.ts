import { describe, expect, it } from "vitest";
import { type Distillation, disclosedInTranscript } from "../../src/distillation/distill.ts";
import type { Terms } from "../../src/distillation/terms.ts";
import type { UserSettings } from "../../src/protocol/settings.ts";
import { oracle } from "./oracle.ts";
import { type SmallLink, session, smallLink } from "./sessions.ts";

/** The link with perfect modulators, known exactly: what the equations of the papers are about. */
function perfect(link: SmallLink): SmallLink {
  const user = ({ intensities, probabilities }: UserSettings): UserSettings => ({
    intensities: { ...intensities, zNot: 0, x0: 0 },
    probabilities,
  });
  const { settings } = link.terms;
  const { zSend, x1, x2 } = settings.alice.intensities;
  const sent = [zSend, 0, 0, x1, x2] as const;
  return {
    ...link,
    run: {
      ...link.run,
      alice: { ...link.run.alice, meanPhotonNumbers: sent },
      bob: { ...link.run.bob, meanPhotonNumbers: sent },
    },
    terms: { ...link.terms, settings: { ...settings, alice: user(settings.alice), bob: user(settings.alice) } },
  };
}

/** The oracle's opinion on a finished session. */
function secondOpinion({ pulses, settings, failureProbability, pairing }: Terms, { alice }: Distillation) {
  const { counts, slices, sample, pairing: paired } = alice.counts!;
  const clicks = (...names: string[]) =>
    counts
      .filter((row) => names.includes(`${row.alice} ${row.bob}`) || names.includes(`${row.bob} ${row.alice}`))
      .reduce((sum, { left, right }) => sum + left + right, 0);
  const { intensities, probabilities } = settings.alice;
  return oracle({
    N: pulses,
    mu1: intensities.x1,
    mu2: intensities.x2,
    muZ: intensities.zSend,
    pZ: probabilities.zWindow,
    send: probabilities.send,
    p0: probabilities.x0,
    p1: probabilities.x1,
    p2: probabilities.x2,
    sliceRad: settings.sliceWidthRad,
    sampled: settings.sampleFraction ?? 0,
    n00: clicks("x0 x0", "x0 z-not"),
    n01: clicks("x0 x1", "z-not x1"),
    n02: clicks("x0 x2", "z-not x2"),
    wrong: slices.wrong,
    nt: clicks("z z") - (sample?.events ?? 0),
    xi: failureProbability,
    ...(pairing === "none" ? {} : { pairing: paired! }),
  });
}

const h = (x: number) => -x * Math.log2(x) - (1 - x) * Math.log2(1 - x);

/** The key that bounds and conversation are worth: New J. Phys. 23, 063038, with tags as they were really sent. */
function keyBits(terms: Terms, { transcript }: Distillation, untagged: number, phaseError: number): number {
  const xi = terms.failureProbability;
  const tags = transcript.reduce((sum, { tag }) => sum + 8 * (tag?.length ?? 0), 0);
  const amplification = 2 * Math.log2(1 / (Math.SQRT2 * xi * xi));
  return untagged * (1 - h(phaseError)) - disclosedInTranscript(transcript) - amplification - tags;
}

const charges = ({ alice }: Distillation) =>
  alice.length!.account.epsilons.filter(({ name }) => name !== "authentication");

describe("the account of a session against a second opinion from the papers' equations", () => {
  it("plain: the same bounds, the same key, as many failure probabilities", async () => {
    const link = perfect(await smallLink("none", 20, 1.5e8));
    const outcome = await session(link, { seed: "account", index: 0 });
    const { alice } = outcome;
    if (alice.status !== "key") throw new Error(alice.reason);
    const { bounds, account } = alice.length!;
    const opinion = secondOpinion(link.terms, outcome);
    expect(bounds.singlePhotonYield / opinion.s1).toBeCloseTo(1, 9);
    expect(bounds.phaseErrorExpected / opinion.e1Expected).toBeCloseTo(1, 9);
    expect(bounds.untagged / opinion.untagged).toBeCloseTo(1, 9);
    expect(bounds.phaseError / opinion.phaseError).toBeCloseTo(1, 9);
    const bits = keyBits(link.terms, outcome, opinion.untagged, opinion.phaseError);
    expect(bits).toBeGreaterThan(1000);
    expect(Math.abs(alice.keyBits - Math.floor(bits))).toBeLessThanOrEqual(1);
    // One each for correctness and amplification, two for smoothing; the phase errors rest on three bounds (wrong clicks,
    // vacuum, their own number), each charged four times; the untagged bits on four (dark-x1, two joint, their own number).
    const xi = link.terms.failureProbability;
    const total = charges(outcome).reduce((sum, { multiplicity, each }) => sum + multiplicity * each, 0);
    expect(total / xi).toBeCloseTo(1 + 1 + 2 + 4 * 3 + 4, 6);
    expect(account.epsilonTotal).toBeGreaterThan(total);
  });

  it("paired: the same phase errors, half a per cent more untagged bits at most, the key that follows from them", async () => {
    const link = perfect(await smallLink("active", 20, 3e8));
    const outcome = await session(link, { seed: "account", index: 0 });
    const { alice } = outcome;
    if (alice.status !== "key") throw new Error(alice.reason);
    const { bounds } = alice.length!;
    const opinion = secondOpinion(link.terms, outcome);
    expect(bounds.singlePhotonYield / opinion.s1).toBeCloseTo(1, 9);
    expect(bounds.phaseErrorExpected / opinion.e1Expected).toBeCloseTo(1, 9);
    const { untagged, phaseError } = bounds.paired!;
    expect(phaseError / opinion.phaseError).toBeCloseTo(1, 3);
    // Both users' untagged bits are bounded together as well as apart, which the papers do not do.
    expect(untagged / opinion.untagged).toBeGreaterThan(1);
    expect(untagged / opinion.untagged).toBeLessThan(1.005);
    const bits = keyBits(link.terms, outcome, untagged, phaseError);
    expect(bits).toBeGreaterThan(1000);
    expect(Math.abs(alice.keyBits - Math.floor(bits))).toBeLessThanOrEqual(1);
  });

  it("residual light: the bounds stay below what the link really does, and not far", async () => {
    const link = await smallLink("none", 20, 3e8);
    const { alice } = await session(link, { seed: "account", index: 0 });
    const { aliceArm, bobArm, detectorEfficiency, noiseProbability: dark } = link.planned.budget;
    const arm = detectorEfficiency * Math.sqrt(aliceArm.transmittance * bobArm.transmittance);
    const onePhoton = arm * (1 - dark) + (1 - arm) * 2 * dark * (1 - dark);
    const { singlePhotonYield } = alice.length!.bounds;
    expect(singlePhotonYield).toBeLessThan(onePhoton);
    expect(singlePhotonYield).toBeGreaterThan(0.75 * onePhoton);
  });
});
