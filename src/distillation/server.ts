/**
 * The untrusted server's side: it announces clicks and, once windows are known, its phase corrections.
 *
 * @module
 */
import { bitwiseOr, byteLength, weight } from "../bits.ts";
import { TwincombError } from "../errors.ts";
import type { Endpoint } from "./channel.ts";
import { phasesToBytes, type ServerRecords } from "./records.ts";

/**
 * Plays the server.
 *
 * @param records - its notebook
 * @param channel - its end of the public channel
 */
export async function playServer(records: ServerRecords, channel: Endpoint): Promise<void> {
  channel.send({ type: "detections", events: records.events, right: records.right });
  const { z: zAlice } = await channel.receive("windows", "alice");
  const { z: zBob } = await channel.receive("windows", "bob");
  const bytes = byteLength(records.events);
  if (zAlice.length !== bytes || zBob.length !== bytes) {
    throw new TwincombError("protocol", "the users' windows are not those of the announced events");
  }
  const xx = records.events - weight(bitwiseOr(zAlice, zBob));
  if (xx !== records.corrections.length) {
    throw new TwincombError("protocol", "the announced X-X events are not those with a recorded phase correction");
  }
  channel.send({ type: "corrections", phases: phasesToBytes(records.corrections) });
}
