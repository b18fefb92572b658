import { describe, expect, it } from "vitest";
import {
  type Concentration,
  concentration,
  countLower,
  countUpper,
  expectationLower,
  expectationUpper,
} from "../../src/protocol/concentration.ts";
import type { DecoyClasses } from "../../src/protocol/counts.ts";
import { estimateClasses, estimateSource } from "../../src/protocol/estimate.ts";
import {
  estimatePaired,
  expectedPairing,
  type ProtocolSettings,
  symmetricLink,
  symmetricSettings,
} from "../../src/protocol/index.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";
import { PhotonPicture, type PhotonSession } from "./photon-picture.ts";

/** Sessions per extinction: six extinctions make 6e4 in all. */
const SESSIONS = 10_000;
/** Charged per bound; each fails with half of it. Large, so that failures can be seen at all. */
const XI = 0.005;

const link = symmetricLink({
  transmittance: 4e-4,
  detectorEfficiency: 0.5,
  noiseProbability: 2e-6,
  misalignment: 0.03,
});

/** Violations a binomial count may reach: its mean and five standard deviations (false alarm 3e-7). */
const allowed = (probability: number, n: number): number =>
  n * probability + 5 * Math.sqrt(n * probability * (1 - probability));

/** Settings with room for statistics of every class; at 15 dB no key is left, but bounds are. */
const settingsAt = (extinctionDb: number, send: number): ProtocolSettings =>
  symmetricSettings(
    { x1: 0.06, x2: 0.35, zSend: 0.45, zWindow: 0.5, send, p0: 0.15, p1: 0.75, sliceWidthRad: 0.5 },
    extinctionDb,
  );

/** The textbook estimate, which takes the weakest setting for vacuum. */
function textbook(
  settings: ProtocolSettings,
  classes: DecoyClasses,
  bounds: Concentration,
): { untagged: number; phaseError: number } {
  const { x1, x2, zSend } = settings.alice.intensities;
  const { send } = settings.alice.probabilities;
  const rate = (name: "oo" | "o1" | "1o" | "o2" | "2o", bound: typeof expectationUpper): number =>
    bound(classes[name].events, bounds) / (classes.pulses * classes[name].probability);
  const one = (a: "o1" | "1o", b: "o2" | "2o"): number =>
    (x2 ** 2 * Math.exp(x1) * rate(a, expectationLower) -
      x1 ** 2 * Math.exp(x2) * rate(b, expectationUpper) -
      (x2 ** 2 - x1 ** 2) * rate("oo", expectationUpper)) /
    (x1 * x2 * (x2 - x1));
  const s1 = Math.max(0, (one("o1", "o2") + one("1o", "2o")) / 2);
  const n1 = countLower(
    classes.pulses * classes.key.probability * 2 * send * (1 - send) * zSend * Math.exp(-zSend) * s1,
    bounds,
  );
  const wrong = expectationUpper(classes.slice.events, bounds) / (classes.pulses * classes.slice.probability);
  const e1 = (wrong - 0.5 * Math.exp(-2 * x1) * rate("oo", expectationLower)) / (2 * x1 * Math.exp(-2 * x1) * s1);
  return { untagged: n1, phaseError: n1 > 0 ? countUpper(n1 * Math.max(0, e1), bounds) / n1 : 0.5 };
}

/** Untagged pairs and their phase errors after active pairing of bits whose flags are known. */
function pairFlags(
  session: Omit<PhotonSession, "classes">,
  stream: PhiloxStream,
): { pairs: number; kept: number; untagged: number; errors: number } {
  // 2 = untagged with phase error, 1 = untagged without, 0 = tagged but right, -1 = wrong bit.
  const flagged = (right: number, wrong: number, user: 0 | 1): Int8Array => {
    const flags = new Int8Array(right + wrong);
    flags.fill(1, 0, session.untagged[user]).fill(2, 0, session.phaseErrors[user]);
    return flags.fill(-1, right);
  };
  const zeros = flagged(session.bits.onlyBob, session.bits.both, 1);
  const ones = flagged(session.bits.onlyAlice, session.bits.neither, 0);
  const [rare, many] = zeros.length < ones.length ? [zeros, ones] : [ones, zeros];
  let kept = 0;
  let untagged = 0;
  let errors = 0;
  for (let i = 0; i < rare.length; i++) {
    const j = i + stream.below(many.length - i);
    const a = rare[i]!;
    const b = many[j]!;
    many[j] = many[i]!;
    if (a < 0 === b < 0) kept++;
    if (a > 0 && b > 0) {
      untagged++;
      if (a !== b) errors++;
    }
  }
  return { pairs: rare.length, kept, untagged, errors };
}

describe("bounds are bounds: sessions in the photon-number picture", () => {
  const bounds = concentration(XI);

  it.each([15, 20, 25, 30, 35, 40])("plain keys at %d dB extinction", (extinctionDb) => {
    const pulses = 1e8;
    const settings = settingsAt(extinctionDb, 0.05);
    const source = estimateSource(settings);
    const picture = new PhotonPicture(settings, link, pulses);
    const stream = new PhiloxStream(philoxKey(`bounds ${extinctionDb}`), PURPOSE.deviceNoise, 0);
    const exact = concentration(0);
    let few = 0;
    let many = 0;
    let informative = 0;
    let control = 0;
    let book = 0;
    let calls = { untagged: 0, phaseError: 0 };
    for (let i = 0; i < SESSIONS; i++) {
      const { classes, untagged, phaseErrors } = picture.play(stream);
      const n1 = untagged[0] + untagged[1];
      const errors = (phaseErrors[0] + phaseErrors[1]) / Math.max(1, n1);
      const got = estimateClasses(source, classes, bounds);
      calls = got.calls;
      if (got.untagged > 0 && got.phaseError < 0.5) informative++;
      if (n1 < got.untagged) few++;
      if (errors > got.phaseError) many++;
      const bare = estimateClasses(source, classes, exact);
      if (n1 < bare.untagged || errors > bare.phaseError) control++;
      const naive = textbook(settings, classes, bounds);
      if (n1 < naive.untagged || errors > naive.phaseError) book++;
    }
    const rates = { few, many, informative, control, book };
    if (process.env["SHOW"]) console.log(extinctionDb, calls, rates);
    expect(few, JSON.stringify(rates)).toBeLessThanOrEqual(allowed((calls.untagged * XI) / 2, SESSIONS));
    expect(many, JSON.stringify(rates)).toBeLessThanOrEqual(
      allowed(((calls.untagged + calls.phaseError) * XI) / 2, SESSIONS),
    );
    // Bounds of 0 and 1/2 would pass without saying anything.
    if (extinctionDb >= 20) expect(informative, JSON.stringify(rates)).toBeGreaterThan(0.5 * SESSIONS);
    // Positive controls: without statistics, and with residual light taken for vacuum.
    const limit = allowed(((calls.untagged + calls.phaseError) * XI) / 2, SESSIONS);
    if (extinctionDb >= 25) expect(control, JSON.stringify(rates)).toBeGreaterThan(limit);
    if (extinctionDb <= 20) expect(book, JSON.stringify(rates)).toBeGreaterThan(limit);
  });

  it.each([20, 25, 30, 40])("actively paired keys at %d dB extinction", (extinctionDb) => {
    const pulses = 5e7;
    const settings = settingsAt(extinctionDb, 0.27);
    const source = estimateSource(settings);
    const picture = new PhotonPicture(settings, link, pulses);
    const stream = new PhiloxStream(philoxKey(`paired ${extinctionDb}`), PURPOSE.pairing, 0);
    let few = 0;
    let many = 0;
    let informative = 0;
    let control = 0;
    let calls = { untagged: 0, phaseError: 0 };
    const sessions = SESSIONS / 4;
    for (let i = 0; i < sessions; i++) {
      const session = picture.play(stream);
      const real = pairFlags(session, stream);
      const { bits, classes } = session;
      const pairing = { zeros: bits.onlyBob + bits.both, ones: bits.onlyAlice + bits.neither, pairs: real.pairs };
      const before = estimateClasses(source, classes, bounds);
      const got = estimatePaired(source, classes, before, pairing, "active", bounds);
      calls = got.calls;
      const errors = real.errors / Math.max(1, real.untagged);
      if (got.untagged > 0 && got.phaseError < 0.5) informative++;
      if (real.untagged < got.untagged) few++;
      if (errors > got.phaseError) many++;
      const exact = concentration(0);
      const bare = estimatePaired(source, classes, estimateClasses(source, classes, exact), pairing, "active", exact);
      if (real.untagged < bare.untagged || errors > bare.phaseError) control++;
    }
    const rates = { few, many, informative, control };
    if (process.env["SHOW"]) console.log(extinctionDb, calls, rates);
    const limit = allowed(((calls.untagged + calls.phaseError) * XI) / 2, sessions);
    expect(few, JSON.stringify(rates)).toBeLessThanOrEqual(allowed((calls.untagged * XI) / 2, sessions));
    expect(many, JSON.stringify(rates)).toBeLessThanOrEqual(limit);
    expect(informative, JSON.stringify(rates)).toBeGreaterThan(0.5 * sessions);
    expect(control, JSON.stringify(rates)).toBeGreaterThan(limit);
  });

  it("pairs as many untagged bits as the formula expects", () => {
    const stream = new PhiloxStream(philoxKey("untagged pairs"), PURPOSE.pairing, 1);
    const bits = { onlyAlice: 50_000, onlyBob: 52_000, both: 30_000, neither: 4_000 };
    const untagged = [20_000, 21_000] as const;
    const real = pairFlags({ bits, untagged, phaseErrors: [1000, 1050] }, stream);
    const expected = expectedPairing(bits, "active");
    const pairs = (expected.pairs * untagged[0] * untagged[1]) / (expected.zeros * expected.ones);
    expect(Math.abs(real.untagged - pairs)).toBeLessThan(5 * Math.sqrt(pairs));
    expect(Math.abs(real.kept - expected.kept)).toBeLessThan(5 * Math.sqrt(expected.kept));
    const errors = pairs * 2 * 0.05 * 0.95;
    expect(Math.abs(real.errors - errors)).toBeLessThan(5 * Math.sqrt(errors));
  });
});
