/**
 * Sifting: from announced events to raw key bits and public counts.
 *
 * Windows are announced for every event. Settings are announced wherever no key bit is at stake, that is for every
 * event that is not Z-Z; phases for X-X events alone. In Z-Z events nothing is ever announced: whether a user sent is
 * the key bit. Alice's bit is 1 when she sent, Bob's is 1 when he did not.
 *
 * @module
 */
import { bitAt, byteLength } from "../bits.ts";
import { TwincombError } from "../errors.ts";
import { phaseSlice, SETTING, SETTING_NAMES, sliceHalfWidth } from "../kernels/photons-run.ts";
import type { ObservedCounts } from "../protocol/counts.ts";
import type { ProtocolSettings } from "../protocol/settings.ts";
import type { CorrectionsMessage, DetectionsMessage, SettingsMessage } from "./message.ts";
import type { Bits } from "./pairing.ts";
import { phasesFromBytes, phasesToBytes, type UserRecords } from "./records.ts";

/** True for the two settings of the Z window. */
function isZ(setting: number): boolean {
  return setting <= SETTING.zNot;
}

// The loops below visit every event, hundreds of millions in a long run: plain loops, no callbacks.

/**
 * A user's window announcement.
 *
 * @param records - the user's notebook
 * @returns bit e is 1 when event e lies in the user's Z window
 */
export function zWindows({ settings }: UserRecords): Uint8Array {
  const z = new Uint8Array(byteLength(settings.length));
  for (let e = 0; e < settings.length; e++) if (isZ(settings[e]!)) z[e >>> 3]! |= 1 << (e & 7);
  return z;
}

/**
 * A user's raw key: one bit for each event that both users' announcements call Z.
 *
 * @param records - the user's notebook
 * @param otherZ - the other user's announcement
 * @param bitIsOne - the setting whose bit is 1: sending for Alice, not sending for Bob
 */
export function rawKey({ settings }: UserRecords, otherZ: Uint8Array, bitIsOne: number): Bits {
  const key = new Uint8Array(byteLength(settings.length));
  let bits = 0;
  for (let e = 0; e < settings.length; e++) {
    const setting = settings[e]!;
    if (!isZ(setting) || bitAt(otherZ, e) === 0) continue;
    if (setting === bitIsOne) key[bits >>> 3]! |= 1 << (bits & 7);
    bits++;
  }
  return { bits, key: key.slice(0, byteLength(bits)) };
}

/**
 * A user's announcement of settings and phases where no key bit is at stake.
 *
 * @param records - the user's notebook
 * @param otherZ - the other user's window announcement
 */
export function announcedSettings({ settings, phases }: UserRecords, otherZ: Uint8Array): SettingsMessage {
  const codes = new Uint8Array(settings.length);
  let announced = 0;
  for (let e = 0; e < settings.length; e++) {
    const setting = settings[e]!;
    if (!(isZ(setting) && bitAt(otherZ, e) === 1)) codes[announced++] = setting;
  }
  return { type: "settings", codes: codes.slice(0, announced), phases: phasesToBytes(phases) };
}

/** Everything announced about the events, whoever said it. */
export interface Announcements {
  /** The server's clicks. */
  readonly detections: DetectionsMessage;
  /** Alice's Z windows, one bit an event. */
  readonly zAlice: Uint8Array;
  /** Bob's Z windows. */
  readonly zBob: Uint8Array;
  /** Alice's settings and phases. */
  readonly alice: SettingsMessage;
  /** Bob's settings and phases. */
  readonly bob: SettingsMessage;
  /** The server's phase corrections. */
  readonly corrections: CorrectionsMessage;
}

/**
 * Counts of every setting pair and of the phase slices, from announcements alone. Z-Z events are one row: nobody can
 * tell them apart. Both clicking at once is not announced and counts as nothing.
 *
 * @param said - the announcements
 * @param settings - what the users had agreed to do
 * @param pulses - quantum slots of the pair
 * @returns counts as the estimate wants them
 * @throws {@link TwincombError} `protocol` when the announcements do not fit each other
 */
export function announcedCounts(said: Announcements, settings: ProtocolSettings, pulses: number): ObservedCounts {
  const kinds = SETTING_NAMES.length;
  const clicks = [new Float64Array(kinds * kinds), new Float64Array(kinds * kinds)] as const;
  const zz = [0, 0];
  const slices = { accepted: 0, wrong: 0 };
  const halfWidth = sliceHalfWidth(settings.sliceWidthRad);
  const [alicePhases, bobPhases, corrections] = [said.alice, said.bob, said.corrections].map((message) =>
    phasesFromBytes(message.phases),
  ) as [Uint16Array, Uint16Array, Uint16Array];
  let announced = 0;
  let xx = 0;
  for (let e = 0; e < said.detections.events; e++) {
    const atRight = bitAt(said.detections.right, e) as 0 | 1;
    const isZA = bitAt(said.zAlice, e) === 1;
    const isZB = bitAt(said.zBob, e) === 1;
    if (isZA && isZB) {
      zz[atRight]!++;
      continue;
    }
    const a = said.alice.codes[announced];
    const b = said.bob.codes[announced++];
    if (a === undefined || b === undefined || isZ(a) !== isZA || isZ(b) !== isZB || a >= kinds || b >= kinds) {
      throw new TwincombError("protocol", "announced settings contradict the announced windows");
    }
    clicks[atRight][a * kinds + b]!++;
    if (isZA || isZB) continue;
    if (a === SETTING.x1 && b === SETTING.x1) {
      const slice = phaseSlice(alicePhases[xx]!, bobPhases[xx]!, corrections[xx]!, halfWidth);
      if (slice >= 0) slices.accepted++;
      // Around 0 the left detector is bright, around pi the right one.
      if (slice >= 0 && atRight !== slice) slices.wrong++;
    }
    xx++;
  }
  if (announced !== said.alice.codes.length || announced !== said.bob.codes.length) {
    throw new TwincombError("protocol", "the number of announced settings is not that of events outside Z-Z");
  }
  if (xx !== alicePhases.length || xx !== bobPhases.length || xx !== corrections.length) {
    throw new TwincombError("protocol", "the number of announced phases is not that of X-X events");
  }
  const rows = SETTING_NAMES.flatMap((alice, a) =>
    SETTING_NAMES.map((bob, b) => {
      const cell = a * kinds + b;
      return { alice, bob, left: clicks[0][cell]!, right: clicks[1][cell]!, both: 0 };
    }).filter((_, b) => !(isZ(a) && isZ(b))),
  );
  return {
    pulses,
    settings,
    counts: [{ alice: "z", bob: "z", left: zz[0]!, right: zz[1]!, both: 0 }, ...rows],
    slices,
  };
}
