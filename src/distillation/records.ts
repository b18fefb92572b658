/**
 * What each party has written down when the last pulse has been sent. The three records are separate objects; nothing
 * but messages ever passes from one to another.
 *
 * @module
 */

import { byteLength } from "../bits.ts";
import type { CodePlanes } from "../kernels/click-columns.ts";

/** A user's private notebook: one entry for every announced event. */
export interface UserRecords {
  /** Number of announced events. */
  readonly events: number;
  /**
   * Code of the setting used in the slot of every event, an index into `SETTING_NAMES`, as strings of bits: bit j of event
   * e's code is bit e of `settings[j]`.
   */
  readonly settings: CodePlanes;
  /**
   * `phases[k]` = phase sent in the slot of the k-th event of which both users find that they chose X, in units of
   * 2 pi / 65536. Phases of other events are never needed and not kept.
   */
  readonly phases: Uint16Array;
}

/** The server's notebook. */
export interface ServerRecords {
  /** Number of announced events: slots in which exactly one detector clicked. */
  readonly events: number;
  /** Bit e is 1 when event e was a click of the right detector. */
  readonly right: Uint8Array;
  /** `corrections[k]` = phase correction in force at the k-th event of X-X slots, in units of 2 pi / 65536. */
  readonly corrections: Uint16Array;
}

/**
 * Phases as they are sent: little-endian, whatever the machine.
 *
 * @param phases - units of 2 pi / 65536
 */
export function phasesToBytes(phases: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(2 * phases.length);
  phases.forEach((phase, k) => {
    bytes[2 * k] = phase;
    bytes[2 * k + 1] = phase >>> 8;
  });
  return bytes;
}

/**
 * The inverse of {@link phasesToBytes}.
 *
 * @param bytes - two bytes a phase
 */
export function phasesFromBytes(bytes: Uint8Array): Uint16Array {
  return Uint16Array.from({ length: bytes.length >>> 1 }, (_, k) => bytes[2 * k]! | (bytes[2 * k + 1]! << 8));
}

/**
 * Setting codes as {@link UserRecords} keep them.
 *
 * @param codes - one code a byte
 */
export function packCodes(codes: Uint8Array): CodePlanes {
  const planes = [0, 1, 2].map(() => new Uint8Array(byteLength(codes.length))) as [Uint8Array, Uint8Array, Uint8Array];
  for (let e = 0; e < codes.length; e++) {
    for (let j = 0; j < 3; j++) planes[j]![e >>> 3]! |= ((codes[e]! >> j) & 1) << (e & 7);
  }
  return planes;
}
