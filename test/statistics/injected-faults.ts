import { beforeAll, describe, expect, it } from "vitest";
import type { UserOutcome, Watcher } from "../../src/distillation/terms.ts";
import { SETTING, SETTING_NAMES } from "../../src/kernels/photons-run.ts";
import { keepNotebooks, type Notebooks } from "../../src/network/notebooks.ts";
import { philoxKey } from "../../src/random.ts";
import { type Event, eventsOf, notebooksOf, sameKey } from "./notebook-surgery.ts";
import { type Chance, count, distilled, type SmallLink, smallLink } from "./sessions.ts";

/** How a session with a fault may end at best, as a share of the key that an honest one gives. */
const CLEARLY_WORSE = 0.9;

/** Time that counting all sessions may take, ms. */
const HOOK_PATIENCE = 600_000;

/** Length of the key, 0 without one; two keys that differ are the one thing that must never be. */
function keyBits({ alice, bob }: { readonly alice: UserOutcome; readonly bob: UserOutcome }): number {
  expect(bob.status).toBe(alice.status);
  if (alice.status !== "key" || bob.status !== "key") return 0;
  expect(sameKey(alice, bob)).toBe(true);
  return alice.keyBits;
}

const inZZ = ({ alice, bob }: Event) => alice < SETTING.x0 && bob < SETTING.x0;
const flipped = (event: Event): Event => (inZZ(event) ? { ...event, bob: event.bob ^ 1 } : event);

/**
 * Sessions with one fault each.
 *
 * @param pairing - whether raw bits are paired
 * @param pulses - of each session
 * @param sessions - how many of each kind
 */
export function injectedFaults(pairing: "none" | "active", pulses: number, sessions: number): void {
  describe(`${sessions} x ${pulses.toExponential()} pulses with a fault, pairing: ${pairing}`, () => {
    const chances: Chance[] = Array.from({ length: sessions }, (_, i) => ({ seed: `fault ${i}`, index: i }));
    let link: SmallLink;
    const notebooks: Notebooks[] = [];
    const events: Event[][] = [];
    const honest: number[] = [];

    beforeAll(async () => {
      link = await smallLink(pairing, 20, pulses);
      for (const chance of chances) {
        const counted = await count(link, chance);
        notebooks.push(counted);
        events.push(eventsOf(counted));
        honest.push(keyBits(await distilled(link.terms, counted, chance)));
      }
    }, HOOK_PATIENCE);

    /** Distils every session with its events changed, and gives the lengths of the keys. */
    async function keysOf(change: (events: readonly Event[], session: number) => readonly Event[]): Promise<number[]> {
      const keys: number[] = [];
      for (const [i, chance] of chances.entries()) {
        keys.push(keyBits(await distilled(link.terms, notebooksOf(change(events[i]!, i)), chance)));
      }
      return keys;
    }
    const noKeys = () => chances.map(() => 0);

    it("none: every session has a key, notebooks taken apart and put together again the same", async () => {
      expect(Math.min(...honest)).toBeGreaterThan(0);
      expect(await keysOf((list) => list)).toEqual(honest);
    });

    it.each(SETTING_NAMES.map((name, code) => [name, code] as const))(
      "a detector blinded to %s of Alice, of Bob, or of both: no key",
      async (_, code) => {
        expect(await keysOf((list) => list.filter(({ alice }) => alice !== code))).toEqual(noKeys());
        if (sessions === 1) return;
        expect(await keysOf((list) => list.filter(({ bob }) => bob !== code))).toEqual(noKeys());
        expect(await keysOf((list) => list.filter(({ alice, bob }) => alice !== code && bob !== code))).toEqual(
          noKeys(),
        );
      },
    );

    it("the left detector dead: no key, or a clearly shorter one", async () => {
      const keys = await keysOf((list) => list.filter(({ right }) => right === 1));
      keys.forEach((bits, i) => {
        expect(bits).toBeLessThan(CLEARLY_WORSE * honest[i]!);
      });
    });

    it("phase tracking off: no key", async () => {
      const { tracking: _, ...untracked } = link.run;
      for (const chance of chances) {
        const drifting = await keepNotebooks({ ...untracked, key: philoxKey(chance.seed), link: chance.index });
        expect(keyBits(await distilled(link.terms, drifting, chance))).toBe(0);
      }
    });

    it("one side's bits flipped after sifting, all of them or one in twenty: no key, or a clearly shorter one", async () => {
      expect(await keysOf((list) => list.map(flipped))).toEqual(noKeys());
      const some = await keysOf((list) => list.map((event, e) => (e % 20 === 0 ? flipped(event) : event)));
      some.forEach((bits, i) => {
        expect(bits).toBeLessThan(CLEARLY_WORSE * honest[i]!);
      });
    });

    it("one side's phases late by one event: no key", async () => {
      const late = await keysOf((list) => {
        let last = 0;
        return list.map((event) => {
          if (event.phases === undefined) return event;
          const [alice, bob, correction] = event.phases;
          const phases = [alice, last, correction] as const;
          last = bob;
          return { ...event, phases };
        });
      });
      expect(late).toEqual(noKeys());
    });

    /** Distils every session with somebody interfering. */
    async function keysWith(watcher: Watcher): Promise<number[]> {
      const keys: number[] = [];
      for (const [i, chance] of chances.entries()) {
        keys.push(keyBits(await distilled(link.terms, notebooks[i]!, chance, watcher)));
      }
      return keys;
    }

    it("a wrong bit in every message of syndromes: no key, or a clearly shorter one", async () => {
      const spoil = (bytes: Uint8Array) => {
        if (bytes.length > 0) bytes[bytes.length >> 1]! ^= 4;
      };
      const keys = await keysWith({
        beforeSyndromes: ({ syndromes, revealed }) => {
          spoil(syndromes);
          spoil(revealed);
        },
      });
      keys.forEach((bits, i) => {
        expect(bits).toBeLessThan(CLEARLY_WORSE * honest[i]!);
      });
    });

    it("a wrong bit that error correction leaves: no key", async () => {
      const keys = await keysWith({
        afterDecoding: (corrected) => {
          corrected[corrected.length >> 1]! ^= 1;
        },
      });
      expect(keys).toEqual(noKeys());
    });
  });
}
