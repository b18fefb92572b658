/**
 * Measures reconciliation on simulated keys: efficiency, frame error rate and speed together, over error rates.
 *
 * @module
 */
import { byteLength, hammingDistance } from "../bits.ts";
import { throwIfAborted, wholeInRange } from "../errors.ts";
import { type PhiloxKey, PhiloxStream, PURPOSE, philoxKey } from "../random.ts";
import { type DecoderOptions, SyndromeDecoder } from "./reconciliation-decoder.ts";
import { type PlanOptions, plannedDisclosure, planReconciliation } from "./reconciliation-plan.ts";
import { SyndromeSource } from "./reconciliation-source.ts";

/** What is measured. */
export interface TableOptions {
  /** Error rates, each above 0 and below 0.5. */
  readonly qbers?: readonly number[];
  /** Bits of a frame, 1024 to 2^21; default 2^20. */
  readonly frameBits?: number;
  /** Frames for each error rate, at least 1; default 20. */
  readonly frames?: number;
  /** Seed of the simulated keys; default `table`. */
  readonly seed?: string;
  /** Margins and interaction of the plan. */
  readonly plan?: PlanOptions;
  /** Iterations of the decoder. */
  readonly decoder?: DecoderOptions;
  /** Told each row when it is measured. */
  readonly onRow?: (row: TableRow) => void;
  /** Cancels the work between two frames. */
  readonly signal?: AbortSignal;
}

/** One error rate. */
export interface TableRow {
  /** Error rate of the simulated channel, which is also the plan's. */
  readonly qber: number;
  /** Bits of a frame. */
  readonly frameBits: number;
  /** Frames measured. */
  readonly frames: number;
  /** Codes in use, with their lifting sizes and punctured bits. */
  readonly code: string;
  /** Disclosed bits of the first message over $n h(q)$. */
  readonly plannedEfficiency: number;
  /** All disclosed bits, those of failed frames included, over $n h(q)$. */
  readonly efficiency: number;
  /** Fraction of frames that the first message did not suffice for. */
  readonly frameErrorRate: number;
  /** Mean messages from Alice about a frame: 1 where the first sufficed. */
  readonly messages: number;
  /** Frames that satisfied their syndrome and were wrong. */
  readonly undetected: number;
  /** Mean iterations of the decoder, over all frames and attempts. */
  readonly iterations: number;
  /** Key bits over the decoder's time, copies included, $10^6$ per second. */
  readonly megabitsPerSecond: number;
}

/** Frame lengths of the table in the documentation. */
export const TABLE_FRAMES: readonly number[] = [2 ** 20, 2 ** 16, 2 ** 14];

/** Error rates of the table in the documentation. */
export const TABLE_QBERS: readonly number[] = [
  0.0001, 0.0002, 0.0003, 0.0004, 0.0005, 0.0007, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.005, 0.007, 0.01, 0.0125, 0.015,
  0.0175, 0.02, 0.0225, 0.025, 0.03, 0.035, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11, 0.13, 0.15,
];

/**
 * A uniform key and its copy behind a binary symmetric channel; equal arguments give equal keys on any machine.
 *
 * @param bits - length
 * @param qber - probability of an error, decided exactly for multiples of 2^-32
 * @param key - Philox key
 * @param index - which of many such pairs
 */
export function simulatedKeys(
  bits: number,
  qber: number,
  key: PhiloxKey,
  index: number,
): { readonly alice: Uint8Array; readonly bob: Uint8Array; readonly errors: number } {
  const alice = new PhiloxStream(key, PURPOSE.reconciliation, 2 * index).fill(new Uint8Array(byteLength(bits)));
  if (bits % 8 !== 0) alice[alice.length - 1]! &= (1 << (bits % 8)) - 1;
  const bob = alice.slice();
  const stream = new PhiloxStream(key, PURPOSE.reconciliation, 2 * index + 1);
  const threshold = Math.round(qber * 2 ** 32);
  const words = new DataView(bob.buffer);
  let errors = 0;
  for (let from = 0; from < bits; from += 32) {
    const inside = bits - from >= 32 ? 0xffffffff : 2 ** (bits - from) - 1;
    const flips = (bernoulliWord(stream, threshold) & inside) >>> 0;
    for (let byte = 0; byte < 4 && flips >>> (8 * byte) !== 0; byte++) {
      const at = (from >>> 3) + byte;
      words.setUint8(at, words.getUint8(at) ^ ((flips >>> (8 * byte)) & 255));
    }
    errors += popcount(flips);
  }
  return { alice, bob, errors };
}

/**
 * 32 bits, each 1 with probability threshold / 2^32: every lane compares a random number with the threshold, highest bit
 * first, and a word is done when all its lanes are decided, after seven random words or so.
 */
function bernoulliWord(stream: PhiloxStream, threshold: number): number {
  let below = 0;
  let open = 0xffffffff;
  for (let bit = 31; bit >= 0 && open !== 0; bit--) {
    const word = stream.word();
    if ((threshold >>> bit) & 1) {
      below |= open & ~word;
      open &= word;
    } else open &= ~word;
  }
  return below >>> 0;
}

function popcount(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/**
 * Measures one row after another.
 *
 * @param options - what to measure
 * @throws {@link TwincombError} `invalid-input`, `aborted`
 */
export async function reconciliationTable(options: TableOptions = {}): Promise<TableRow[]> {
  const frameBits = wholeInRange("frameBits", options.frameBits ?? 2 ** 20, 1024, 2 ** 21);
  const frames = wholeInRange("frames", options.frames ?? 20, 1);
  const key = philoxKey(options.seed ?? "table");
  const rows: TableRow[] = [];
  for (const qber of options.qbers ?? TABLE_QBERS) {
    const row = await measure(qber, frameBits, frames, key, options);
    rows.push(row);
    options.onRow?.(row);
  }
  return rows;
}

async function measure(
  qber: number,
  frameBits: number,
  frames: number,
  key: PhiloxKey,
  options: TableOptions,
): Promise<TableRow> {
  const plan = planReconciliation(frameBits, qber, { largestFrameBits: frameBits, ...options.plan });
  const information = -frameBits * (qber * Math.log2(qber) + (1 - qber) * Math.log2(1 - qber));
  let disclosed = 0;
  let failed = 0;
  let messages = 0;
  let undetected = 0;
  let iterations = 0;
  let milliseconds = 0;
  for (let frame = 0; frame < frames; frame++) {
    throwIfAborted(options.signal);
    const { alice, bob } = simulatedKeys(frameBits, qber, key, frame);
    using source = await SyndromeSource.create(plan, alice);
    using decoder = await SyndromeDecoder.create(plan, bob, options.decoder);
    let message = source.first();
    for (;;) {
      const began = performance.now();
      const request = await decoder.receive(message);
      milliseconds += performance.now() - began;
      if (request === null) break;
      message = source.more(request);
    }
    const { statistics } = decoder;
    disclosed += statistics.disclosedBits;
    failed += statistics.failedFrames;
    messages += 1 + statistics.requests;
    iterations += statistics.iterations;
    if (hammingDistance(decoder.corrected(), alice) > 0) undetected++;
  }
  return {
    qber,
    frameBits,
    frames,
    code: plan.parts.map((part) => `${part.code} x ${part.lifting} - ${part.punctured}`).join(", "),
    plannedEfficiency: plannedDisclosure(plan) / information,
    efficiency: disclosed / frames / information,
    frameErrorRate: failed / frames,
    messages: messages / frames,
    undetected,
    iterations: iterations / frames,
    megabitsPerSecond: (frames * frameBits) / milliseconds / 1000,
  };
}
