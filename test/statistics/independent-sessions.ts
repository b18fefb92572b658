import { describe, expect, it } from "vitest";
import { FIGURES, figuresOfSession, type SessionFigures } from "./figures.ts";
import { imagine } from "./prediction.ts";
import { type Deviation, deviation } from "./scatter.ts";
import { type Chance, session, smallLink } from "./sessions.ts";

/**
 * Deviations beyond this are refused. All are close to standard normal: among the 27 of one run, one beyond it comes by
 * chance once in 1,400 seeds (2.7e-5 each); the seeds are fixed.
 */
const BOUND = 4.2;
const IMAGINED = 4000;

const worst = (all: ReadonlyMap<string, Deviation>, kind: keyof Deviation) =>
  Math.max(...[...all.values()].map((of) => Math.abs(of[kind])));

/**
 * Runs sessions and holds their figures against those of imagined ones.
 *
 * @param pairing - whether raw bits are paired
 * @param sessions - how many, at least 12; half of them differ in their seed, half in the number of the pair alone
 * @param pulses - of each
 */
export function independentSessions(pairing: "none" | "active", sessions: number, pulses: number): void {
  describe(`${sessions} small independent sessions, pairing: ${pairing}`, async () => {
    const link = await smallLink(pairing, 20, pulses);
    // With pairing, disclosure depends on how little is known of the few errors; its scatter is not foretold.
    const names = FIGURES.filter((name) => pairing === "none" || name !== "secretBits");
    const deviations = (some: readonly SessionFigures[], others: readonly SessionFigures[]) =>
      new Map(
        names.map((name) => [
          name,
          deviation(
            some.map((figures) => figures[name]),
            others.map((figures) => figures[name]),
          ),
        ]),
      );
    const chances: Chance[] = Array.from({ length: sessions }, (_, i) =>
      i % 2 === 0 ? { seed: `session ${i}`, index: 0 } : { seed: "sessions", index: i },
    );
    const predicted = imagine(link, IMAGINED, "imagined sessions");
    const observed: SessionFigures[] = [];

    it("end with two equal keys each, or with none, and never with the same key twice", async () => {
      const seen = new Set<string>();
      let keys = 0;
      for (const chance of chances) {
        const outcome = await session(link, chance);
        observed.push(figuresOfSession(outcome));
        const { alice, bob } = outcome;
        expect(bob.status).toBe(alice.status);
        if (alice.status !== "key" || bob.status !== "key") continue;
        expect(bob.key).toEqual(alice.key);
        seen.add(Buffer.from(alice.key).toString("hex"));
        keys++;
      }
      expect(seen.size).toBe(keys);
      expect(keys).toBeGreaterThan(0.9 * sessions);
    });

    it("have counts, error rates, bounds and key lengths of the predicted mean and spread, without memory", () => {
      for (const [name, { mean, spread, memory }] of deviations(observed, predicted)) {
        expect(Math.abs(mean), `mean of ${name}`).toBeLessThan(BOUND);
        expect(Math.abs(spread), `spread of ${name}`).toBeLessThan(BOUND);
        expect(Math.abs(memory), `memory of ${name}`).toBeLessThan(BOUND);
      }
    });

    it("would be found out if two pairs shared their random streams", () => {
      const all = observed.map(() => observed[0]!);
      expect(worst(deviations(all, predicted), "spread")).toBeGreaterThan(BOUND);
      // Every second session repeats the one before: a correlation of 1/2, which a hundred sessions show.
      const shared = observed.map((_, i) => observed[i - (i % 2)]!);
      if (sessions >= 100) expect(worst(deviations(shared, predicted), "memory")).toBeGreaterThan(BOUND);
    });

    it("would be found out if their counts were too high, or scattered too little or too much", () => {
      // What 4.2 standard errors of a mean and of a spread of so many sessions are, with room for chance.
      const shift = 10 / Math.sqrt(sessions);
      const raw = predicted.map(({ rawBits }) => rawBits);
      const mean = raw.reduce((sum, value) => sum + value, 0) / raw.length;
      const sigma = Math.sqrt(mean);
      const changed = (change: (value: number) => number) =>
        deviation(
          observed.map(({ rawBits }) => change(rawBits)),
          raw,
        );
      expect(changed((value) => value + shift * sigma).mean).toBeGreaterThan(BOUND);
      expect(changed((value) => value - shift * sigma).mean).toBeLessThan(-BOUND);
      const factor = Math.exp(shift / Math.SQRT2);
      expect(changed((value) => mean + factor * (value - mean)).spread).toBeGreaterThan(BOUND);
      expect(changed((value) => mean + (value - mean) / factor).spread).toBeLessThan(-BOUND);
    });
  });
}
