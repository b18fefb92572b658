/**
 * Counts the photons of one pair and lets each party write down what it can know.
 *
 * This is where nature's knowledge is divided: the counter knows everything, and each notebook gets its own columns.
 *
 * @module
 */
import { byteLength } from "../bits.ts";
import type { ServerRecords, UserRecords } from "../distillation/records.ts";
import { type CountingRun, countPhotons, type EventChunk } from "../kernels/photons.ts";

/** The notebooks of all three when the last pulse has been sent. */
export interface Notebooks {
  /** Alice's. */
  readonly alice: UserRecords;
  /** Bob's. */
  readonly bob: UserRecords;
  /** The server's. */
  readonly server: ServerRecords;
}

/** How the counting reports and stops. */
export interface CountingOptions {
  /** Called with the share of slots counted. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
  /** Stops the counting. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends all pulses of a pair and divides what is seen.
 *
 * @param run - the pair in numbers
 * @param options - progress and cancellation
 */
export async function keepNotebooks(run: CountingRun, options: CountingOptions = {}): Promise<Notebooks> {
  const chunks: EventChunk[] = [];
  await countPhotons(run, {
    collect: "tallies",
    onEvents: (chunk) => chunks.push(chunk),
    onProgress: ({ pulsesDone, pulses }) => options.onProgress?.(pulsesDone / pulses),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return {
    alice: {
      settings: joined(chunks.map((chunk) => chunk.aliceSetting)),
      phases: joined(chunks.map((chunk) => chunk.xx.alicePhase)),
    },
    bob: {
      settings: joined(chunks.map((chunk) => chunk.bobSetting)),
      phases: joined(chunks.map((chunk) => chunk.xx.bobPhase)),
    },
    server: {
      events: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
      right: packed(chunks.map((chunk) => chunk.detector)),
      corrections: joined(chunks.map((chunk) => chunk.xx.phaseCorrection)),
    },
  };
}

function joined<Numbers extends Uint8Array | Uint16Array>(parts: readonly Numbers[]): Numbers {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const kind = (parts[0]?.constructor ?? Uint8Array) as new (length: number) => Numbers;
  const whole = new kind(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function packed(parts: readonly Uint8Array[]): Uint8Array {
  const bits = new Uint8Array(byteLength(parts.reduce((sum, part) => sum + part.length, 0)));
  let at = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++, at++) bits[at >>> 3]! |= part[i]! << (at & 7);
  }
  return bits;
}
