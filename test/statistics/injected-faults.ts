import { beforeAll, describe, expect, it } from "vitest";
import { playAlice } from "../../src/distillation/alice.ts";
import { simulatedAuthenticator } from "../../src/distillation/authentication.ts";
import { playBob } from "../../src/distillation/bob.ts";
import { PublicChannel } from "../../src/distillation/channel.ts";
import type { Message } from "../../src/distillation/message.ts";
import { simulatedRandomness } from "../../src/distillation/randomness.ts";
import { playServer } from "../../src/distillation/server.ts";
import type { Terms, UserOutcome } from "../../src/distillation/terms.ts";
import { SETTING, SETTING_NAMES } from "../../src/kernels/photons-run.ts";
import { keepNotebooks, type Notebooks } from "../../src/network/notebooks.ts";
import { philoxKey } from "../../src/random.ts";
import { type Event, eventsOf, notebooksOf, sameKey } from "./notebook-surgery.ts";
import { type Chance, count, distilled, type SmallLink, smallLink } from "./sessions.ts";

/** How a session with a fault may end at best, as a share of the key that an honest one gives. */
const CLEARLY_WORSE = 0.9;

/** Length of the key, 0 without one; two keys that differ are the one thing that must never be. */
function keyBits({ alice, bob }: { readonly alice: UserOutcome; readonly bob: UserOutcome }): number {
  expect(bob.status).toBe(alice.status);
  if (alice.status !== "key" || bob.status !== "key") return 0;
  expect(sameKey(alice, bob)).toBe(true);
  return alice.keyBits;
}

/** A session in which Alice's messages are changed after she has thought them and before she signs them. */
async function withLyingAlice(
  terms: Terms,
  { alice, bob, server }: Notebooks,
  { seed, index }: Chance,
  lie: (message: Message) => Message,
): Promise<{ alice: UserOutcome; bob: UserOutcome }> {
  const key = philoxKey(seed);
  const authenticator = () => simulatedAuthenticator(key, index);
  const channel = new PublicChannel({ alice: authenticator(), bob: authenticator() });
  const honest = channel.endpoint("alice");
  const lying = {
    get messages() {
      return honest.messages;
    },
    get longestMessage() {
      return honest.longestMessage;
    },
    send: (message: Message) => honest.send(lie(message)),
    receive: honest.receive.bind(honest),
  };
  const randomness = () => simulatedRandomness(key, index);
  const [aliceOutcome, bobOutcome] = await Promise.all([
    playAlice(alice, terms, lying, randomness()),
    playBob(bob, terms, channel.endpoint("bob"), randomness()),
    playServer(server, channel.endpoint("server")),
  ]);
  return { alice: aliceOutcome, bob: bobOutcome };
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
    });

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

    it("a wrong bit in every syndrome: no key, or a clearly shorter one", async () => {
      for (const [i, chance] of chances.entries()) {
        const outcome = await withLyingAlice(link.terms, notebooks[i]!, chance, (message) => {
          if (message.type !== "syndromes") return message;
          const { syndromes, revealed } = message.body;
          const spoilt = (bytes: Uint8Array) => bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 4 : byte));
          return { ...message, body: { ...message.body, syndromes: spoilt(syndromes), revealed: spoilt(revealed) } };
        });
        expect(keyBits(outcome)).toBeLessThan(CLEARLY_WORSE * honest[i]!);
      }
    });

    it("another key's hash: no key", async () => {
      for (const [i, chance] of chances.entries()) {
        const outcome = await withLyingAlice(link.terms, notebooks[i]!, chance, (message) =>
          message.type === "verification" ? { ...message, tag: message.tag.map((byte) => byte ^ 1) } : message,
        );
        expect(keyBits(outcome)).toBe(0);
      }
    });
  });
}
