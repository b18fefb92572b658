/**
 * What a link model predicts for the announced counts.
 *
 * @module
 */
import { inRange } from "../errors.ts";
import { type DecoyClasses, emptyClasses, type ObservedCounts, pairProbability, settingPairs } from "./counts.ts";
import type { ZComposition } from "./estimate.ts";
import { clickProbabilities, gain, sliceGain } from "./gains.ts";
import { type LinkModel, validateLink } from "./link.ts";
import { type ProtocolSettings, validateSettings } from "./settings.ts";

/** One pair of settings with its probability and its click probabilities. */
export interface SettingPairGain {
  /** Alice's setting. */
  readonly alice: string;
  /** Bob's setting. */
  readonly bob: string;
  /** Probability that a slot has this pair of settings. */
  readonly probability: number;
  /** Probability of a click of the left detector alone, given the pair. */
  readonly left: number;
  /** Probability of a click of the right detector alone, given the pair. */
  readonly right: number;
  /** Probability of a double click, given the pair. */
  readonly both: number;
}

/** Expected counts (real numbers) together with the gains behind them. */
export interface ExpectedCounts extends ObservedCounts {
  /** Gains of all 25 pairs of settings. */
  readonly gains: readonly SettingPairGain[];
}

/**
 * Expected counts of all pairs of settings and of the phase slices.
 *
 * @param settings - choices of both users
 * @param link - channel, detectors, phase
 * @param pulses - quantum slots N, >= 1
 * @returns counts, as real numbers, in the form of observed ones, and the gains
 * @throws {@link TwincombError} `invalid-input` when an argument is out of range
 */
export function expectedCounts(settings: ProtocolSettings, link: LinkModel, pulses: number): ExpectedCounts {
  validateSettings(settings);
  validateLink(link);
  inRange("pulses", pulses, 1, 1e30);
  const gains = settingPairs(settings).map(({ alice, bob, intensities }): SettingPairGain => {
    const probability = pairProbability(settings, { alice, bob });
    return { alice, bob, probability, ...clickProbabilities(link, intensities[0], intensities[1]) };
  });
  const { alice, bob, sliceWidthRad } = settings;
  const slice = sliceGain(link, alice.intensities.x1, bob.intensities.x1, sliceWidthRad);
  const slots = (pulses * pairProbability(settings, { alice: "x1", bob: "x1" }) * sliceWidthRad) / Math.PI;
  const zz = pulses * alice.probabilities.zWindow * bob.probabilities.zWindow;
  const fraction = settings.sampleFraction ?? 0;
  const inZ = gains.filter((row) => row.alice.startsWith("z") && row.bob.startsWith("z"));
  const share = (rows: readonly SettingPairGain[]): number =>
    rows.reduce((sum, row) => sum + row.probability * (row.left + row.right), 0) /
    (alice.probabilities.zWindow * bob.probabilities.zWindow);
  const counts: ObservedCounts = {
    pulses,
    settings,
    counts: gains.map((row) => ({
      alice: row.alice as "x0",
      bob: row.bob as "x0",
      left: pulses * row.probability * row.left,
      right: pulses * row.probability * row.right,
      both: pulses * row.probability * row.both,
    })),
    slices: { accepted: slots * slice.accepted, wrong: slots * slice.wrong },
  };
  const sampled =
    fraction === 0
      ? {}
      : {
          sample: {
            events: fraction * zz * share(inZ),
            errors: fraction * zz * share(inZ.filter((row) => (row.alice === "z-send") === (row.bob === "z-send"))),
          },
        };
  return { ...counts, ...sampled, gains };
}

/** Gains of Z-Z slots by what the users did, per Z-Z slot of that kind. */
export interface ZGains {
  /** Alice sent, Bob did not. */
  readonly onlyAlice: number;
  /** Bob sent, Alice did not. */
  readonly onlyBob: number;
  /** Both sent. */
  readonly both: number;
  /** Neither sent. */
  readonly neither: number;
}

/**
 * Gains of the four kinds of Z-Z slots.
 *
 * @param settings - choices of both users
 * @param link - channel and detectors
 * @returns probability of an effective event, given what the users did
 */
export function zGains(settings: ProtocolSettings, link: LinkModel): ZGains {
  const a = settings.alice.intensities;
  const b = settings.bob.intensities;
  return {
    onlyAlice: gain(link, a.zSend, b.zNot),
    onlyBob: gain(link, a.zNot, b.zSend),
    both: gain(link, a.zSend, b.zSend),
    neither: gain(link, a.zNot, b.zNot),
  };
}

/**
 * Expected composition of Z-Z events.
 *
 * @param settings - choices of both users
 * @param link - channel and detectors
 * @param slots - Z-Z slots
 * @returns events by what the users did
 */
export function expectedComposition(settings: ProtocolSettings, link: LinkModel, slots: number): ZComposition {
  const z = zGains(settings, link);
  const eA = settings.alice.probabilities.send;
  const eB = settings.bob.probabilities.send;
  return {
    onlyAlice: slots * eA * (1 - eB) * z.onlyAlice,
    onlyBob: slots * (1 - eA) * eB * z.onlyBob,
    both: slots * eA * eB * z.both,
    neither: slots * (1 - eA) * (1 - eB) * z.neither,
  };
}

/**
 * The pooled classes that {@link expectedCounts} would lead to, without the table of 25 rows: the optimiser's inner step.
 *
 * @param settings - choices of both users, trusted to be valid
 * @param link - channel and detectors, trusted to be valid
 * @param pulses - quantum slots
 * @returns expected effective events and probabilities per class
 */
export function expectedClasses(settings: ProtocolSettings, link: LinkModel, pulses: number): DecoyClasses {
  const classes = emptyClasses(settings, pulses);
  const a = settings.alice.intensities;
  const b = settings.bob.intensities;
  const pa = settings.alice.probabilities;
  const pb = settings.bob.probabilities;
  const xA = 1 - pa.zWindow;
  const xB = 1 - pb.zWindow;
  const [noneA, noneB] = [pa.zWindow * (1 - pa.send), pb.zWindow * (1 - pb.send)];
  const mirrored = settings.alice === settings.bob && link.transmittanceAlice === link.transmittanceBob;
  // Residues that are equal make one gain serve x0 and z-not.
  const sameA = a.x0 === a.zNot;
  const sameB = b.x0 === b.zNot;
  const threeA = pa.x2 === 0;
  const threeB = pb.x2 === 0;
  const g00 = gain(link, a.x0, b.x0);
  const g0n = sameB ? g00 : gain(link, a.x0, b.zNot);
  const gn0 = sameA ? g00 : gain(link, a.zNot, b.x0);
  const [p0A, p0B] = [xA * pa.x0, xB * pb.x0];
  classes.oo.events = pulses * (p0A * p0B * g00 + p0A * noneB * g0n + noneA * p0B * gn0);
  const fromBob = (mu: number, probability: number): number => {
    const quiet = gain(link, a.x0, mu);
    return pulses * probability * (p0A * quiet + noneA * (sameA ? quiet : gain(link, a.zNot, mu)));
  };
  const fromAlice = (mu: number, probability: number): number => {
    const quiet = gain(link, mu, b.x0);
    return pulses * probability * (p0B * quiet + noneB * (sameB ? quiet : gain(link, mu, b.zNot)));
  };
  classes.o1.events = fromBob(b.x1, xB * pb.x1);
  classes["1o"].events = mirrored ? classes.o1.events : fromAlice(a.x1, xA * pa.x1);
  const z = zGains(settings, link);
  const os = sameA ? z.onlyBob : gain(link, a.x0, b.zSend);
  const so = sameB ? (mirrored ? os : z.onlyAlice) : gain(link, a.zSend, b.x0);
  classes.os.events = pulses * classes.os.probability * os;
  classes.so.events = pulses * classes.so.probability * so;
  classes.o2.events = threeB ? classes.os.events : fromBob(b.x2, xB * pb.x2);
  classes["2o"].events = threeA ? classes.so.events : mirrored ? classes.o2.events : fromAlice(a.x2, xA * pa.x2);
  classes["11"].events = pulses * classes["11"].probability * gain(link, a.x1, b.x1);
  if (!sameA || !sameB || settings.alice.intervals !== undefined || settings.bob.intervals !== undefined) {
    classes["12"].events = pulses * classes["12"].probability * gain(link, a.x1, threeB ? b.zSend : b.x2);
    classes["21"].events = pulses * classes["21"].probability * gain(link, threeA ? a.zSend : a.x2, b.x1);
  }
  classes.slice.events = pulses * classes.slice.probability * sliceGain(link, a.x1, b.x1, settings.sliceWidthRad).wrong;
  const { send: sendA } = pa;
  const { send: sendB } = pb;
  const perSlot =
    sendA * (1 - sendB) * z.onlyAlice +
    (1 - sendA) * sendB * z.onlyBob +
    sendA * sendB * z.both +
    (1 - sendA) * (1 - sendB) * z.neither;
  classes.key.events = pulses * classes.key.probability * perSlot;
  return classes;
}
