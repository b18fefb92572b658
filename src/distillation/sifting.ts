/**
 * Sifting: from announced events to raw key bits and public counts.
 *
 * Windows are announced for every event. Settings are announced wherever no key bit is at stake, that is for every
 * event that is not Z-Z; phases for X-X events alone. In Z-Z events nothing is ever announced: whether a user sent is
 * the key bit. Alice's bit is 1 when she sent, Bob's is 1 when he did not.
 *
 * @module
 */
import { type Bits, bitAt, bitwiseAnd, bitwiseNot, bitwiseOr, byteLength, weight } from "../bits.ts";
import { TwincombError } from "../errors.ts";
import type { PackedBits } from "../kernels/packed-bits.ts";
import { phaseSlice, SETTING, SETTING_NAMES, sliceHalfWidth } from "../kernels/photons-run.ts";
import type { ObservedCounts } from "../protocol/counts.ts";
import type { ProtocolSettings } from "../protocol/settings.ts";
import type { CorrectionsMessage, DetectionsMessage, SettingsMessage } from "./message.ts";
import { phasesFromBytes, phasesToBytes, type UserRecords } from "./records.ts";

/** True for the two settings of the Z window. */
function isZ(setting: number): boolean {
  return setting <= SETTING.zNot;
}

/**
 * A user's window announcement.
 *
 * @param records - the user's notebook
 * @returns bit e is 1 when event e lies in the user's Z window
 */
export function zWindows({ events, settings }: Pick<UserRecords, "events" | "settings">): Uint8Array {
  // The codes of the Z window are 0 and 1, without any of the higher bits.
  return bitwiseNot(bitwiseOr(settings[1], settings[2]), events);
}

/** Events by what both windows say, one bit an event. */
export interface JointWindows {
  /** Both chose Z: a key bit is at stake and nothing is announced. */
  readonly secret: Uint8Array;
  /** Every other event. */
  readonly open: Uint8Array;
}

/**
 * Joins the announcements of both users.
 *
 * @param zAlice - Alice's window announcement
 * @param zBob - Bob's
 * @param events - number of events
 * @throws {@link TwincombError} `protocol` when they are not of so many events
 */
export function jointWindows(zAlice: Uint8Array, zBob: Uint8Array, events: number): JointWindows {
  if (zAlice.length !== byteLength(events) || zBob.length !== zAlice.length) {
    throw new TwincombError("protocol", "the announced windows are not those of the events");
  }
  const secret = bitwiseAnd(zAlice, zBob);
  return { secret, open: bitwiseNot(secret, events) };
}

/**
 * A user's raw key: one bit for each event that both users' announcements call Z.
 *
 * @param strings - the core
 * @param records - the user's notebook
 * @param windows - both announcements
 * @param bitIsOne - the setting whose bit is 1: sending for Alice, not sending for Bob
 */
export function rawKey(
  strings: PackedBits,
  records: UserRecords,
  windows: JointWindows,
  bitIsOne: typeof SETTING.zSend | typeof SETTING.zNot,
): Bits {
  const [{ bits, key }] = strings.select([records.settings[0]] as const, windows.secret);
  return { bits, key: bitIsOne === SETTING.zNot ? key : bitwiseNot(key, bits) };
}

/**
 * A user's announcement of settings and phases where no key bit is at stake.
 *
 * @param strings - the core
 * @param records - the user's notebook
 * @param windows - both announcements
 */
export function announcedSettings(
  strings: PackedBits,
  { settings, phases }: UserRecords,
  windows: JointWindows,
): SettingsMessage {
  const [plane0, plane1, plane2] = strings.select(settings, windows.open);
  return { type: "settings", codes: [plane0.key, plane1.key, plane2.key], phases: phasesToBytes(phases) };
}

/** Everything announced about the events, whoever said it. */
export interface Announcements {
  /** The server's clicks. */
  readonly detections: DetectionsMessage;
  /** Alice's Z windows, one bit an event. */
  readonly zAlice: Uint8Array;
  /** Bob's Z windows. */
  readonly zBob: Uint8Array;
  /** Both. */
  readonly windows: JointWindows;
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
 * @param strings - the core
 * @param said - the announcements
 * @param settings - what the users had agreed to do
 * @param pulses - quantum slots of the pair
 * @returns counts as the estimate wants them
 * @throws {@link TwincombError} `protocol` when the announcements do not fit each other
 */
export function announcedCounts(
  strings: PackedBits,
  said: Announcements,
  settings: ProtocolSettings,
  pulses: number,
): ObservedCounts {
  const { events, right } = said.detections;
  if (right.length !== byteLength(events)) {
    throw new TwincombError("protocol", "the number of announced clicks is not that of events");
  }
  const { open } = said.windows;
  const [openRight, zAlice, zBob] = strings.select([right, said.zAlice, said.zBob] as const, open);
  const codes = [...said.alice.codes, ...said.bob.codes];
  if (codes.some(({ length }) => length !== openRight.key.length)) {
    throw new TwincombError("protocol", "the number of announced settings is not that of events outside Z-Z");
  }
  const cells = strings.tally(openRight.bits, [...codes, zAlice.key, zBob.key, openRight.key]);
  if (cells === null) throw new TwincombError("protocol", "announced settings contradict the announced windows");

  const zzRight = weight(right) - weight(openRight.key);
  const zz = { alice: "z", bob: "z", left: events - openRight.bits - zzRight, right: zzRight, both: 0 } as const;
  const rows = SETTING_NAMES.flatMap((alice, a) =>
    SETTING_NAMES.map((bob, b) => {
      const cell = 2 * (a * SETTING_NAMES.length + b);
      return { alice, bob, left: cells[cell]!, right: cells[cell + 1]!, both: 0 };
    }).filter((_, b) => !(isZ(a) && isZ(b))),
  );

  const xx = bitwiseNot(bitwiseOr(zAlice.key, zBob.key), openRight.bits);
  const ofXx = strings.select([...codes, openRight.key], xx);
  const phases = [said.alice, said.bob, said.corrections].map((message) => phasesFromBytes(message.phases)) as Phases;
  if (phases.some(({ length }) => length !== ofXx[0]!.bits)) {
    throw new TwincombError("protocol", "the number of announced phases is not that of X-X events");
  }
  const slices = countSlices(
    ofXx.map(({ key }) => key),
    phases,
    sliceHalfWidth(settings.sliceWidthRad),
  );
  return { pulses, settings, counts: [zz, ...rows], slices };
}

/** Phases of X-X events: Alice's, Bob's, the server's correction. */
type Phases = [alice: Uint16Array, bob: Uint16Array, correction: Uint16Array];

/** Accepted and wrong clicks of x1-x1 events; columns are the planes of both codes, then the right detector's clicks. */
function countSlices(columns: readonly Uint8Array[], phases: Phases, halfWidth: number): ObservedCounts["slices"] {
  const [a0, a1, a2, b0, b1, b2, right] = columns as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const [alice, bob, correction] = phases;
  let accepted = 0;
  let wrong = 0;
  for (let k = 0; k < alice.length; k++) {
    const codeA = bitAt(a0, k) | (bitAt(a1, k) << 1) | (bitAt(a2, k) << 2);
    const codeB = bitAt(b0, k) | (bitAt(b1, k) << 1) | (bitAt(b2, k) << 2);
    if (codeA !== SETTING.x1 || codeB !== SETTING.x1) continue;
    const slice = phaseSlice(alice[k]!, bob[k]!, correction[k]!, halfWidth);
    if (slice < 0) continue;
    accepted++;
    // Around 0 the left detector is bright, around pi the right one.
    if (bitAt(right, k) !== slice) wrong++;
  }
  return { accepted, wrong };
}
