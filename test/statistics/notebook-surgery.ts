/** Ways to spoil notebooks: what a faulty detector, server or user would have written down. */
import { type Bits, bitAt, byteLength } from "../../src/bits.ts";
import type { UserRecords } from "../../src/distillation/records.ts";
import { SETTING } from "../../src/kernels/photons-run.ts";
import type { Notebooks } from "../../src/network/notebooks.ts";

/** One event, everything about it. */
export interface Event {
  readonly alice: number;
  readonly bob: number;
  readonly right: number;
  /** Alice's phase, Bob's, and the correction, where both chose X. */
  readonly phases?: readonly [number, number, number];
}

const isX = (setting: number) => setting >= SETTING.x0;

/** Lays three notebooks side by side, which nobody but a test can do. */
export function eventsOf({ alice, bob, server }: Notebooks): Event[] {
  const code = ({ settings }: UserRecords, e: number) =>
    settings.reduce((sum, plane, j) => sum | (bitAt(plane, e) << j), 0);
  let xx = 0;
  return Array.from({ length: server.events }, (_, e) => {
    const event = { alice: code(alice, e), bob: code(bob, e), right: bitAt(server.right, e) };
    if (!isX(event.alice) || !isX(event.bob)) return event;
    const phases = [alice.phases[xx]!, bob.phases[xx]!, server.corrections[xx]!] as const;
    xx++;
    return { ...event, phases };
  });
}

/** Packs bits given by a rule. */
function packed(length: number, bit: (i: number) => number): Uint8Array {
  const bytes = new Uint8Array(byteLength(length));
  for (let i = 0; i < length; i++) bytes[i >>> 3]! |= bit(i) << (i & 7);
  return bytes;
}

/** The inverse of {@link eventsOf}. */
export function notebooksOf(events: readonly Event[]): Notebooks {
  const xx = events.flatMap(({ phases }) => (phases === undefined ? [] : [phases]));
  const user = (side: "alice" | "bob", column: 0 | 1): UserRecords => {
    const plane = (j: number) => packed(events.length, (e) => (events[e]![side] >> j) & 1);
    return {
      events: events.length,
      settings: [plane(0), plane(1), plane(2)],
      phases: Uint16Array.from(xx, (phases) => phases[column]),
    };
  };
  return {
    alice: user("alice", 0),
    bob: user("bob", 1),
    server: {
      events: events.length,
      right: packed(events.length, (e) => events[e]!.right),
      corrections: Uint16Array.from(xx, (phases) => phases[2]),
    },
  };
}

/** Whether two keys are the same. */
export function sameKey(a: Pick<Bits, "key">, b: Pick<Bits, "key">): boolean {
  return Buffer.from(a.key).equals(Buffer.from(b.key));
}
