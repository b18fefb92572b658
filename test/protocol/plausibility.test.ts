import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ObservedCounts } from "../../src/protocol/counts.ts";
import { expectedCounts } from "../../src/protocol/expected-counts.ts";
import { symmetricLink } from "../../src/protocol/link.ts";
import { contradiction } from "../../src/protocol/plausibility.ts";
import {
  extinctionResidue,
  type ProtocolSettings,
  SETTING_NAMES,
  type SettingName,
  settingProbability,
  type UserSettings,
  withIntensityAccuracy,
} from "../../src/protocol/settings.ts";
import { uniform } from "./uniform.ts";

const residue = extinctionResidue(0.46, 40);
const user: UserSettings = withIntensityAccuracy(
  {
    intensities: { zSend: 0.46, zNot: residue, x0: residue, x1: 0.05, x2: 0.263 },
    probabilities: { zWindow: 0.9, send: 0.28, x0: 0.1, x1: 0.7, x2: 0.2 },
  },
  0.01,
);
const settings: ProtocolSettings = { alice: user, bob: user, sliceWidthRad: 0.35 };
const oneResidue: ProtocolSettings = {
  ...settings,
  alice: { ...user, oneResidue: true },
  bob: { ...user, oneResidue: true },
};
const XI = 1e-10;

const KEYS = { "z-send": "zSend", "z-not": "zNot", x0: "x0", x1: "x1", x2: "x2" } as const;
/** Photon numbers kept; the rest is 1e-9 of what is left out at the brightest setting. */
const CUT = 9;

const poisson = (mu: number, n: number): number => {
  let p = Math.exp(-mu);
  for (let k = 1; k <= n; k++) p *= mu / k;
  return p;
};

/** Counts of all announced rows for given yields and true intensities. */
function countsOf(
  pulses: number,
  yields: (m: number, n: number) => number,
  truth: { alice: number[]; bob: number[] },
): ObservedCounts {
  const counts = SETTING_NAMES.flatMap((alice, a) =>
    SETTING_NAMES.map((bob, b) => {
      let gain = 0;
      for (let m = 0; m < CUT; m++) {
        for (let n = 0; n < CUT; n++) gain += poisson(truth.alice[a]!, m) * poisson(truth.bob[b]!, n) * yields(m, n);
      }
      const slots = pulses * settingProbability(user, alice) * settingProbability(user, bob);
      return { alice, bob, left: slots * gain, right: 0, both: 0 };
    }),
  );
  return { pulses, settings, counts, slices: { accepted: 0, wrong: 0 } };
}

/** True intensities, each at a place between the ends of its interval. */
const truthAt = (places: readonly number[]) =>
  SETTING_NAMES.map((name, i) => {
    const [low, high] = user.intervals![KEYS[name]]!;
    return low + places[i]! * (high - low);
  });

const places = fc.array(uniform(0, 1), { minLength: 5, maxLength: 5 });

describe("counts that light of the declared intensities can give", () => {
  it("are never refused, whatever the yields and wherever the intensities lie in their intervals", () => {
    const table = fc.array(fc.oneof(fc.constantFrom(0, 1), uniform(0, 1)), {
      minLength: CUT * CUT,
      maxLength: CUT * CUT,
    });
    fc.assert(
      fc.property(table, places, places, (yields, alice, bob) => {
        const truth = { alice: truthAt(alice), bob: truthAt(bob) };
        // So many pulses that the statistical margin hides nothing.
        const counts = countsOf(1e15, (m, n) => yields[m * CUT + n]!, truth);
        expect(contradiction(counts, XI)).toBeUndefined();
        const oneState = (places: readonly number[]) => truthAt(places.with(2, places[1]!));
        const same = countsOf(1e15, (m, n) => yields[m * CUT + n]!, { alice: oneState(alice), bob: oneState(bob) });
        expect(contradiction({ ...same, settings: oneResidue }, XI)).toBeUndefined();
      }),
    );
  });

  it("are not refused over honest links of any loss and any number of pulses, down to a handful of clicks", () => {
    fc.assert(
      fc.property(uniform(0, 8), uniform(6, 14), uniform(-10, -5), (loss, pulses, noise) => {
        const link = symmetricLink({
          transmittance: 10 ** -loss,
          detectorEfficiency: 0.6,
          noiseProbability: 10 ** noise,
          misalignment: 0.02,
        });
        expect(contradiction(expectedCounts(settings, link, Math.round(10 ** pulses)), XI)).toBeUndefined();
      }),
    );
  });
});

describe("counts of detectors that see the setting", () => {
  const link = symmetricLink({
    transmittance: 1e-3,
    detectorEfficiency: 0.6,
    noiseProbability: 1e-8,
    misalignment: 0.02,
  });
  const honest = expectedCounts(settings, link, 1e10);
  /** The same with a share of the clicks of some rows left. */
  const dimmed = (share: number, rows: (alice: SettingName, bob: SettingName) => boolean): ObservedCounts => ({
    ...honest,
    counts: honest.counts.map((row) => {
      const left = rows(row.alice as SettingName, row.bob as SettingName) ? share : 1;
      return { ...row, left: left * row.left, right: left * row.right };
    }),
    slices: { accepted: 0, wrong: 0 },
  });

  it.each(["x1", "x2", "z-send"] as const)("are refused when Alice's %s is not seen, or Bob's, or both", (name) => {
    for (const share of [0, 0.5]) {
      expect(
        contradiction(
          dimmed(share, (a) => a === name),
          XI,
        ),
        `Alice, ${share}`,
      ).toMatch(new RegExp(`${name}.* of Alice opp`));
      expect(
        contradiction(
          dimmed(share, (_, b) => b === name),
          XI,
        ),
        `Bob, ${share}`,
      ).toMatch(new RegExp(`${name}.* of Bob opp`));
      expect(
        contradiction(
          dimmed(share, (a, b) => a === name || b === name),
          XI,
        ),
        `both, ${share}`,
      ).toMatch(name);
    }
  });

  it.each(["x0", "z-not"] as const)("are refused when %s is not seen, though it is the state of another", (name) => {
    for (const share of [0, 0.9]) {
      const counts = dimmed(share, (a) => a === name);
      expect(contradiction({ ...counts, settings: oneResidue }, XI), `${share}`).toMatch(
        new RegExp(`${name}.* of Alice`),
      );
    }
  });

  it("are refused when one pair of settings alone is not seen", () => {
    expect(
      contradiction(
        dimmed(0, (a, b) => a === "x2" && b === "x0"),
        XI,
      ),
    ).toMatch(/x2/);
    expect(
      contradiction(
        dimmed(0, (a, b) => a === "x1" && b === "x1"),
        XI,
      ),
    ).toMatch(/x1/);
  });

  it("are not refused for what loss explains as well", () => {
    expect(
      contradiction(
        dimmed(0.5, () => true),
        XI,
      ),
    ).toBeUndefined();
    // A tenth fewer clicks of the strongest decoy is what yields of two photons may do.
    expect(
      contradiction(
        dimmed(0.9, (a) => a === "x2"),
        XI,
      ),
    ).toBeUndefined();
  });
});
