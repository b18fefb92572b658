import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concentration } from "../../src/protocol/concentration.ts";
import type { DecoyClasses } from "../../src/protocol/counts.ts";
import { emptyClasses } from "../../src/protocol/counts.ts";
import {
  addSinglePhotonYield,
  noWeights,
  sourceIntervals,
  vacuumYieldWeights,
  weightedGains,
} from "../../src/protocol/decoy.ts";
import { estimateClasses, estimateSource } from "../../src/protocol/estimate.ts";
import { type ProtocolSettings, settingProbability, type UserSettings } from "../../src/protocol/settings.ts";
import { fockYield } from "./fock.ts";
import { uniform } from "./uniform.ts";

const exact = concentration(0);
/** Photon numbers kept; at intensities below 1 the rest is far below the test's tolerance. */
const CUT = 14;

const poisson = (mu: number, n: number): number => {
  let p = Math.exp(-mu);
  for (let k = 1; k <= n; k++) p *= mu / k;
  return p;
};

/** Gain of a pair of intensities for a table of yields. */
function gainOf(yields: (m: number, n: number) => number, alice: number, bob: number): number {
  let sum = 0;
  for (let m = 0; m < CUT; m++) for (let n = 0; n < CUT; n++) sum += poisson(alice, m) * poisson(bob, n) * yields(m, n);
  return sum;
}

/** Exact class gains for a table of yields and the *true* intensities, which the settings know only as intervals. */
function classesFor(
  settings: ProtocolSettings,
  truth: { alice: UserSettings; bob: UserSettings },
  yields: (m: number, n: number) => number,
): DecoyClasses {
  const classes = emptyClasses(settings, 1);
  const a = truth.alice.intensities;
  const b = truth.bob.intensities;
  const at = (alice: keyof typeof a, bob: keyof typeof b): number => gainOf(yields, a[alice], b[bob]);
  const p = (user: UserSettings, name: "x0" | "x1" | "x2" | "z-not"): number => settingProbability(user, name);
  const { alice, bob } = settings;
  classes.oo.events =
    p(alice, "x0") * p(bob, "x0") * at("x0", "x0") +
    p(alice, "x0") * p(bob, "z-not") * at("x0", "zNot") +
    p(alice, "z-not") * p(bob, "x0") * at("zNot", "x0");
  for (const [name, key] of [
    ["o1", "x1"],
    ["o2", "x2"],
  ] as const) {
    classes[name].events = p(bob, key) * (p(alice, "x0") * at("x0", key) + p(alice, "z-not") * at("zNot", key));
  }
  for (const [name, key] of [
    ["1o", "x1"],
    ["2o", "x2"],
  ] as const) {
    classes[name].events = p(alice, key) * (p(bob, "x0") * at(key, "x0") + p(bob, "z-not") * at(key, "zNot"));
  }
  classes["11"].events = classes["11"].probability * at("x1", "x1");
  classes["12"].events = classes["12"].probability * at("x1", "x2");
  classes["21"].events = classes["21"].probability * at("x2", "x1");
  // Three intensities: the strongest decoy is z-send, met only from an X window.
  if (bob.probabilities.x2 === 0) {
    classes.o2.events = classes.o2.probability * at("x0", "zSend");
    classes["12"].events = classes["12"].probability * at("x1", "zSend");
  }
  if (alice.probabilities.x2 === 0) {
    classes["2o"].events = classes["2o"].probability * at("zSend", "x0");
    classes["21"].events = classes["21"].probability * at("zSend", "x1");
  }
  classes.key.events = classes.key.probability;
  return classes;
}

function user(x1: number, x2: number, residue: number, none: number, three = false): UserSettings {
  return {
    intensities: { zSend: three ? x2 : 0.45, zNot: none, x0: residue, x1, x2 },
    probabilities: { zWindow: 0.85, send: 0.3, x0: 0.1, x1: three ? 0.9 : 0.8, x2: three ? 0 : 0.1 },
  };
}

describe("single-photon and vacuum yields from gains with residual light", () => {
  const probability = uniform(0, 1);
  // An adversary's yields: any table in [0, 1], most of it tiny, as an eavesdropper or a lossy line would make it.
  const yieldsOf = fc
    .tuple(fc.array(probability, { minLength: 25, maxLength: 25 }), fc.integer({ min: 0, max: 8 }), probability)
    .map(
      ([cells, decades, rest]) =>
        (m: number, n: number): number =>
          m < 5 && n < 5 ? cells[5 * m + n]! * 10 ** (-decades / Math.max(1, m + n)) : rest,
    );
  const source = fc.record({
    x1: uniform(0.02, 0.15),
    ratio: uniform(1.5, 6),
    extinctionDb: uniform(15, 40),
    noneOver: uniform(0.3, 3),
    accuracy: fc.constantFrom(0, 0.01, 0.05),
    wrongBy: fc.array(fc.oneof(uniform(-1, 1), fc.constantFrom(-1, 1)), { minLength: 4, maxLength: 4 }),
    same: fc.boolean(),
    fromZero: fc.boolean(),
  });

  /** Declared settings with intervals, and a truth somewhere inside them. */
  function make(
    s: {
      x1: number;
      ratio: number;
      extinctionDb: number;
      noneOver: number;
      accuracy: number;
      wrongBy: number[];
      same: boolean;
      fromZero: boolean;
    },
    three: boolean,
  ): [UserSettings, UserSettings] {
    const x2 = Math.min(1, s.x1 * s.ratio);
    const residue = Math.min(s.x1 * 0.9, 0.45 * 10 ** (-s.extinctionDb / 10));
    const none = s.same ? residue : Math.min(s.x1 * 0.9, residue * s.noneOver);
    const declared = user(s.x1, x2, residue, none, three);
    const around = (v: number): [number, number] => [v * (1 - s.accuracy), Math.min(1, v * (1 + s.accuracy))];
    const darkTo = (v: number): [number, number] => [s.fromZero ? 0 : around(v)[0], around(v)[1]];
    const shift = (v: number, i: number): number => Math.min(1, v * (1 + s.accuracy * s.wrongBy[i]!));
    const intervals = {
      x0: darkTo(residue),
      zNot: darkTo(none),
      x1: around(s.x1),
      x2: around(x2),
      ...(three ? { zSend: around(x2) } : {}),
    };
    const darken = (v: number, i: number): number => (s.fromZero ? v * Math.abs(s.wrongBy[i]!) : shift(v, i));
    const dark = darken(residue, 2);
    const truth = user(shift(s.x1, 0), shift(x2, 1), dark, s.same ? dark : darken(none, 3), three);
    return [
      s.accuracy === 0 ? declared : { ...declared, intervals, oneResidue: s.same },
      s.accuracy === 0 ? declared : truth,
    ];
  }

  it.each([
    ["four intensities", false],
    ["three intensities", true],
  ])("are never overestimated, whatever the yields: %s", (_name, three) => {
    let informative = 0;
    fc.assert(
      fc.property(source, yieldsOf, (s, yields) => {
        const [declared, truth] = make(s, three);
        const settings: ProtocolSettings = { alice: declared, bob: declared, sliceWidthRad: 0.4 };
        const classes = classesFor(settings, { alice: truth, bob: truth }, yields);
        const got = estimateClasses(estimateSource(settings), classes, exact);
        const x1 = truth.intensities.x1;
        expect(got.weightedYield).toBeLessThanOrEqual(x1 * (yields(1, 0) + yields(0, 1)) * (1 + 1e-9) + 1e-13);
        expect(got.vacuumYield).toBeLessThanOrEqual(yields(0, 0) * (1 + 1e-9) + 1e-13);
        if (got.weightedYield > 0) informative++;
      }),
      { seed: 21, numRuns: 2000 },
    );
    // A bound that is always 0 would pass too.
    expect(informative).toBeGreaterThan(150);
  });

  it.each([
    ["four intensities", false],
    ["three intensities", true],
  ])("are certified corner by corner: each photon-number state alone stays below its share, %s", (_name, three) => {
    // A bound that is linear in the yields holds for all of them if it holds for every single one.
    let bounded = 0;
    fc.assert(
      fc.property(source, source, (one, other) => {
        const [a, truthA] = make(one, three);
        const [b, truthB] = make({ ...other, accuracy: one.accuracy }, three);
        const settings: ProtocolSettings = { alice: a, bob: b, sliceWidthRad: 0.4 };
        const { alice, bob } = sourceIntervals(settings);
        const yields = noWeights();
        const works = addSinglePhotonYield(yields, alice, bob, true);
        const vacuum = vacuumYieldWeights(alice, bob);
        if (works) bounded++;
        for (let m = 0; m < 10; m++) {
          for (let n = 0; n < 10; n++) {
            const alone = classesFor(settings, { alice: truthA, bob: truthB }, (i, j) => (i === m && j === n ? 1 : 0));
            const share = m === 0 && n === 1 ? truthB.intensities.x1 : 0;
            if (works) expect(weightedGains(yields, alone)).toBeLessThanOrEqual(share * (1 + 1e-9) + 1e-13);
            if (vacuum) expect(weightedGains(vacuum, alone)).toBeLessThanOrEqual(m + n === 0 ? 1 + 1e-9 : 1e-13);
          }
        }
      }),
      { seed: 23, numRuns: 40 },
    );
    expect(bounded).toBeGreaterThan(20);
  });

  it("are never overestimated for unequal users either", () => {
    fc.assert(
      fc.property(source, source, yieldsOf, (one, other, yields) => {
        const [a, truthA] = make(one, false);
        const [b, truthB] = make({ ...other, accuracy: one.accuracy }, false);
        // Choose Bob's sending probability so that the security condition holds for the declared intensities.
        const target = (a.intensities.x1 / b.intensities.x1) * Math.exp(b.intensities.zNot - a.intensities.zNot);
        const oddsB = 0.3 / 0.7 / target;
        const bob = { ...b, probabilities: { ...b.probabilities, send: oddsB / (1 + oddsB) } };
        const settings: ProtocolSettings = { alice: a, bob, sliceWidthRad: 0.4 };
        const classes = classesFor(settings, { alice: truthA, bob: truthB }, yields);
        const got = estimateClasses(estimateSource(settings), classes, exact);
        const truth = truthA.intensities.x1 * yields(1, 0) + truthB.intensities.x1 * yields(0, 1);
        expect(got.weightedYield).toBeLessThanOrEqual(truth * (1 + 1e-9) + 1e-13);
        expect(got.vacuumYield).toBeLessThanOrEqual(yields(0, 0) * (1 + 1e-9) + 1e-13);
      }),
      { seed: 22, numRuns: 1000 },
    );
  });

  it.each([15, 20, 25, 30, 40, 300])("lose little of a lossy line's yield at %d dB extinction", (extinctionDb) => {
    const eta = 2e-4;
    const yields = (m: number, n: number): number => 2 * fockYield(m, n, eta, 1e-8);
    const residue = 0.45 * 10 ** (-extinctionDb / 10);
    const one = user(0.06, 0.33, residue, residue);
    const settings: ProtocolSettings = { alice: one, bob: one, sliceWidthRad: 0.4 };
    const got = estimateClasses(
      estimateSource(settings),
      classesFor(settings, { alice: one, bob: one }, yields),
      exact,
    );
    expect(got.singlePhotonYield / yields(0, 1)).toBeGreaterThan(0.95);
    expect(got.singlePhotonYield / yields(0, 1)).toBeLessThanOrEqual(1);
    // Below 30 dB the residue's own clicks hide the darks, and 0 is the bound.
    expect(got.vacuumYield).toBeGreaterThanOrEqual(
      extinctionDb >= 40 ? 0.9 * yields(0, 0) : extinctionDb >= 30 ? 0.25 * yields(0, 0) : 0,
    );
    expect(got.vacuumYield).toBeLessThanOrEqual(yields(0, 0));
  });

  it("agrees with the textbook formula when the residue is nothing, and the textbook fails when it is not", () => {
    const eta = 2e-4;
    const yields = (m: number, n: number): number => 2 * fockYield(m, n, eta, 1e-8);
    const textbook = (classes: DecoyClasses, mu1: number, mu2: number): number => {
      const s = (name: "oo" | "o1" | "o2"): number => classes[name].events / classes[name].probability;
      const top =
        mu2 ** 2 * Math.exp(mu1) * s("o1") - mu1 ** 2 * Math.exp(mu2) * s("o2") - (mu2 ** 2 - mu1 ** 2) * s("oo");
      return top / (mu1 * mu2 * (mu2 - mu1));
    };
    const ideal = user(0.06, 0.33, 0, 0);
    const settings: ProtocolSettings = { alice: ideal, bob: ideal, sliceWidthRad: 0.4 };
    const classes = classesFor(settings, { alice: ideal, bob: ideal }, yields);
    const got = estimateClasses(estimateSource(settings), classes, exact);
    expect(got.singlePhotonYield / textbook(classes, 0.06, 0.33)).toBeCloseTo(1, 9);
    expect(got.vacuumYield / yields(0, 0)).toBeCloseTo(1, 9);
    // Weights that take a residue for vacuum give photons of that residue a share they must not have.
    const lies = noWeights();
    const claimed = sourceIntervals(settings);
    addSinglePhotonYield(lies, claimed.alice, claimed.bob, true);
    const real = user(0.06, 0.33, 4.5e-4, 4.5e-4);
    const both = { alice: real, bob: real };
    const oneOne = classesFor({ ...both, sliceWidthRad: 0.4 }, both, (m, n) => (m === 1 && n === 1 ? 1 : 0));
    expect(weightedGains(lies, oneOne)).toBeGreaterThan(1e-5);
    // With 20 dB the gain of "nothing" is far above the vacuum yield that the textbook subtracts from the error gain.
    const dim = user(0.06, 0.33, 4.5e-3, 4.5e-3);
    const bright = classesFor({ alice: dim, bob: dim, sliceWidthRad: 0.4 }, { alice: dim, bob: dim }, yields);
    expect(bright.oo.events / bright.oo.probability).toBeGreaterThan(50 * yields(0, 0));
  });
});
