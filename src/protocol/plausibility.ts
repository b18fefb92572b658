/**
 * Whether announced counts can come from light of the declared intensities at all.
 *
 * For a fixed setting of the other user, $f(\mu)=e^{\mu}S(\mu)=\sum_nY_n\mu^n/n!$ with yields $Y_n\ge0$ that do not depend on
 * the setting: no attack can make them, because a phase-randomised pulse does not carry its setting with it. So f grows with
 * $\mu$ and is convex. Counts that violate this beyond statistics mean that a source or a detector behaves as nobody has
 * declared, a detector that is blinded in slots of one setting for example, and decoy bounds made of them are worth nothing:
 * losing the clicks of the strongest decoy alone makes the bounds *better*. Where `x0` and `z-not` are one state of the
 * modulator, their gains are equal. Derived.
 *
 * @module
 */
import { concentration, expectationLower, expectationUpper } from "./concentration.ts";
import { type ObservedCounts, validateCounts } from "./counts.ts";
import {
  intensityInterval,
  SETTING_NAMES,
  type SettingName,
  settingProbability,
  type UserSettings,
} from "./settings.ts";

/** Settings whose slots are announced whatever the other user chose. */
const X_SETTINGS: readonly SettingName[] = ["x0", "x1", "x2"];

const FIELD = { "z-send": "zSend", "z-not": "zNot", x0: "x0", x1: "x1", x2: "x2" } as const;

/** One setting of a user opposite a fixed setting of the other. */
interface Point {
  readonly name: SettingName;
  /** Lowest and highest intensity, photons per pulse. */
  readonly mu: readonly [number, number];
  /** Bounds of f. */
  readonly f: readonly [number, number];
}

/**
 * Looks for counts that no light of the declared intensities gives.
 *
 * @param counts - announced counts; rows that are missing are not looked at
 * @param failureProbability - $\xi$ of each concentration bound; counts of honest light are refused with a probability of
 * this order times the number of comparisons, below a hundred
 * @returns what contradicts what, in one sentence; `undefined` when nothing does
 * @throws {@link TwincombError} `invalid-input` when the counts contradict their own totals
 */
export function contradiction(counts: ObservedCounts, failureProbability: number): string | undefined {
  validateCounts(counts);
  for (const side of ["alice", "bob"] as const) {
    for (const opposite of X_SETTINGS) {
      const points = pointsOf(counts, side, opposite, failureProbability);
      const found = contradictionAmong(points) ?? unequalResidues(points, counts.settings[side]);
      if (found === undefined) continue;
      const [who, other] = side === "alice" ? ["Alice", "Bob"] : ["Bob", "Alice"];
      return `the clicks at ${found} of ${who} opposite ${opposite} of ${other} do not fit light of the declared intensities`;
    }
  }
  return undefined;
}

/** The settings of one user opposite one setting of the other, dimmest first. */
function pointsOf(
  { counts, settings, pulses }: ObservedCounts,
  side: "alice" | "bob",
  opposite: SettingName,
  failureProbability: number,
): Point[] {
  const bounds = concentration(failureProbability);
  const [user, other]: UserSettings[] =
    side === "alice" ? [settings.alice, settings.bob] : [settings.bob, settings.alice];
  return SETTING_NAMES.flatMap((name) => {
    const rows = counts.filter((row) =>
      side === "alice" ? row.alice === name && row.bob === opposite : row.bob === name && row.alice === opposite,
    );
    const slots = pulses * settingProbability(user!, name) * settingProbability(other!, opposite);
    if (rows.length === 0 || !(slots > 0)) return [];
    const clicks = rows.reduce((sum, row) => sum + row.left + row.right, 0);
    const mu = intensityInterval(user!, FIELD[name]);
    const f = [
      (Math.exp(mu[0]) * expectationLower(clicks, bounds)) / slots,
      (Math.exp(mu[1]) * expectationUpper(clicks, bounds)) / slots,
    ] as const;
    return [{ name, mu, f }];
  }).sort((a, b) => a.mu[1] - b.mu[1]);
}

function contradictionAmong(points: readonly Point[]): string | undefined {
  for (const [j, middle] of points.entries()) {
    for (const bright of points.slice(j + 1)) {
      if (bright.mu[0] < middle.mu[1]) continue;
      if (middle.f[0] > bright.f[1]) return `${middle.name} and ${bright.name}`;
      for (const dim of points.slice(0, j)) {
        if (middle.mu[0] < dim.mu[1]) continue;
        // Where between dim and bright the middle lies; both ends over all intensities inside their intervals.
        const most = (middle.mu[1] - dim.mu[0]) / (bright.mu[0] - dim.mu[0]);
        const least = (middle.mu[0] - dim.mu[1]) / (bright.mu[1] - dim.mu[1]);
        const chord = (1 - least) * dim.f[1] + Math.min(1, most) * bright.f[1];
        if (middle.f[0] > chord) return `${dim.name}, ${middle.name} and ${bright.name}`;
      }
    }
  }
  return undefined;
}

/** Two settings of one state must click alike. */
function unequalResidues(points: readonly Point[], { oneResidue }: UserSettings): string | undefined {
  const [x0, zNot] = (["x0", "z-not"] as const).map((name) => points.find((point) => point.name === name));
  if (x0 === undefined || zNot === undefined) return undefined;
  const exact = x0.mu[0] === x0.mu[1] && zNot.mu[0] === zNot.mu[1] && x0.mu[0] === zNot.mu[0];
  if (oneResidue !== true && !exact) return undefined;
  return x0.f[0] > zNot.f[1] || zNot.f[0] > x0.f[1] ? "x0 and z-not" : undefined;
}
