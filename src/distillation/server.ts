/**
 * The untrusted server's side: it announces clicks and, once windows are known, its phase corrections.
 *
 * @module
 */
import { bitAt } from "../bits.ts";
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
  let xx = 0;
  for (let e = 0; e < records.events; e++) xx += 1 - (bitAt(zAlice, e) | bitAt(zBob, e));
  if (xx !== records.corrections.length) {
    throw new TwincombError("protocol", "the announced X-X events are not those with a recorded phase correction");
  }
  channel.send({ type: "corrections", phases: phasesToBytes(records.corrections) });
}
