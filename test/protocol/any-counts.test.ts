import fc from "fast-check";
import { expect, it } from "vitest";
import {
  keyLength,
  type ObservedCounts,
  type ProtocolSettings,
  SETTING_NAMES,
  type UserSettings,
} from "../../src/protocol/index.ts";
import { decades, uniform } from "./uniform.ts";

/** Intensities in the order of SETTING_NAMES. */
const KEYS = ["zSend", "zNot", "x0", "x1", "x2"] as const;

const unit = uniform(0, 1);

const users: fc.Arbitrary<UserSettings> = fc
  .record({
    a: unit,
    b: unit,
    c: unit,
    zSend: unit,
    zWindow: unit,
    send: unit,
    p0: unit,
    p1: unit,
    dark: unit,
    wide: unit,
  })
  .map(({ a, b, c, zSend, zWindow, send, p0, p1, dark, wide }) => {
    const x1 = 1e-3 + 0.4 * a;
    const x2 = Math.min(1, x1 + 1e-3 + 0.5 * b);
    const [x0, zNot] = [0.9 * x1 * c * c * c, 0.9 * x1 * dark ** 3];
    // x2 is chosen at times; without it z-send would have to be the brightest.
    const [quiet, some] = [0.98 * p0, 0.98 * p1];
    const spread = wide < 0.5 ? 0 : 0.05 * wide;
    const around = (v: number): [number, number] => [v * (1 - spread), v * (1 + spread)];
    const intensities = { zSend: 0.05 + 2 * zSend, zNot, x0, x1, x2 };
    const intervals = {
      zSend: around(intensities.zSend),
      zNot: around(zNot),
      x0: around(x0),
      x1: around(x1),
      x2: around(x2),
    };
    return {
      intensities,
      probabilities: { zWindow, send, x0: quiet, x1: (1 - quiet) * some, x2: 1 - quiet - (1 - quiet) * some },
      ...(spread > 0 ? { intervals } : {}),
    };
  });

/** Any counts that contradict neither each other nor the settings, however unlikely. */
const sessions: fc.Arbitrary<ObservedCounts> = fc
  .record({
    user: users,
    sliceWidthRad: uniform(1e-3, Math.PI),
    pulses: decades(0, 18),
    rates: fc.array(fc.oneof(unit, fc.constant(0), decades(-15, 0)), {
      minLength: 75,
      maxLength: 75,
    }),
    shares: fc.tuple(unit, unit, unit, unit, unit, unit),
    plausible: fc.boolean(),
  })
  .map(({ user, sliceWidthRad, pulses, rates, shares, plausible }) => {
    const settings: ProtocolSettings = { alice: user, bob: user, sliceWidthRad };
    const chosen = (name: string): number => {
      const p = user.probabilities;
      if (name === "z-send") return p.zWindow * p.send;
      if (name === "z-not") return p.zWindow * (1 - p.send);
      return (1 - p.zWindow) * p[name as "x0"];
    };
    const counts = SETTING_NAMES.flatMap((alice, i) =>
      SETTING_NAMES.map((bob, j) => {
        const slots = pulses * chosen(alice) * chosen(bob);
        // Counts too small to be counts are none.
        const at = (k: number): number => {
          const any = rates[3 * (5 * i + j) + k]!;
          // A lossy line within a tenth, or anything.
          const light = user.intensities[KEYS[i]!] + user.intensities[KEYS[j]!];
          const rate = plausible ? (1e-2 * light + 1e-8) * (0.998 + 0.004 * any) : any;
          const events = (slots * rate) / 3;
          return events < 1e-9 ? 0 : events;
        };
        return { alice, bob, left: at(0), right: at(1), both: at(2) };
      }),
    );
    const one = counts.find((row) => row.alice === "x1" && row.bob === "x1")!;
    const accepted = (one.left + one.right) * (plausible ? sliceWidthRad / Math.PI : shares[0]);
    const raw = counts
      .slice(0, 2)
      .concat(counts.slice(5, 7))
      .reduce((sum, row) => sum + row.left + row.right, 0);
    const zeros = raw * shares[2];
    const pairs = Math.min(zeros, raw - zeros) * shares[3];
    return {
      pulses,
      settings,
      counts,
      slices: { accepted, wrong: accepted * shares[1] * (plausible ? 0.1 : 1) },
      pairing: { zeros, ones: raw - zeros, pairs, kept: pairs * shares[4] },
    };
  });

it.each(["none", "active", "random"] as const)(
  "any counts make a key of 0 to all raw bits, a number: %s",
  (pairing) => {
    let positive = 0;
    fc.assert(
      fc.property(sessions, fc.constantFrom("numeric" as const, "closed" as const), (counts, concentration) => {
        const key = keyLength(counts, { pairing, concentration, leak: { disclosedBits: 0 }, failureProbability: 1e-6 });
        expect(Number.isInteger(key.keyLength)).toBe(true);
        expect(key.keyLength).toBeGreaterThanOrEqual(0);
        expect(key.keyLength).toBeLessThanOrEqual(key.bounds.rawBits);
        if (key.keyLength > 0) positive++;
        const numbers = JSON.stringify(key, (_name, value) =>
          typeof value === "number" && !Number.isFinite(value) ? "broken" : value,
        );
        expect(numbers).not.toContain("broken");
        const { singlePhotonYield, vacuumYield, phaseError } = key.bounds;
        for (const p of [singlePhotonYield, vacuumYield, phaseError]) expect(p).toBeGreaterThanOrEqual(0);
        expect(phaseError).toBeLessThanOrEqual(0.5);
      }),
      { seed: 71, numRuns: 800 },
    );
    if (pairing === "none") expect(positive).toBeGreaterThan(10);
  },
);
