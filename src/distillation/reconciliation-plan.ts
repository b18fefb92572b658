/**
 * Plans reconciliation: how a key is cut into frames, and which code each frame gets.
 *
 * The rate is adapted by shortening. A code of $M$ rows, lifted by $z$, discloses $m = Mz$ bits a frame whatever the frame's
 * length $n \le Nz$; the plan picks the longest $n$ that the disclosure is expected to carry,
 *
 * $$ m \ge 1.025 f_\infty\, n\, h(q) + \kappa \sqrt{n\, q (1 - q)}\, \log_2 \frac{1 - q}{q}, $$
 *
 * the first term for the infinite code (density evolution), the second for the spread of the number of errors in a frame
 * (the normal approximation of Tomamichel, Martinez-Mateo, Pacher and Elkouss, Quantum Inf. Process. 16, 280 (2017),
 * doi:10.1007/s11128-017-1709-5, has $\kappa = Q^{-1}(\mathrm{FER})$).
 *
 * @module
 */
import { inRange, invalid, wholeInRange } from "../errors.ts";
import { codeById, type FamilyCode, family } from "./codes/catalogue.ts";

/** Frames of one length with one code; consecutive in the key. */
export interface ReconciliationPart {
  /** Name of the code; `disclosed` when the frames are simply told. */
  readonly code: string;
  /** Lifting size, a power of two; 0 for disclosed frames. */
  readonly lifting: number;
  /** Number of frames, at least 1. */
  readonly frames: number;
  /** Bits of each frame, at least 1; the code's further bits are known to be 0. */
  readonly frameBits: number;
}

/** How a key will be reconciled; public, the same on both sides. */
export interface ReconciliationPlan {
  /** Length of the key in bits. */
  readonly bits: number;
  /** Error rate that the plan was made for, which is also the decoder's prior. */
  readonly qber: number;
  /** Number of frames. */
  readonly frames: number;
  /** Frames in the order of the key; empty for an empty key. */
  readonly parts: readonly ReconciliationPart[];
}

/** What a caller may decide about a plan. */
export interface PlanOptions {
  /** Longest frame in bits, 1024 to 2^21; default 2^20. Shorter frames need less memory and more disclosure. */
  readonly largestFrameBits?: number;
  /** Margin $\kappa$ of the frame error rate; default 2.5, for about one failure in a hundred frames. */
  readonly spread?: number;
}

/** Name of the code of frames that are told whole. */
export const DISCLOSED = "disclosed";

/** Lifting sizes, largest first. */
const LIFTINGS = [16_384, 8192, 4096, 2048, 1024, 512, 256, 128, 64, 32];
/** Below this error rate no code is better than the last; it also keeps the prior finite. */
const SMALLEST_QBER = 1e-5;
/** A frame that uses fewer of a code's columns leaves the degrees too uneven. */
const LEAST_USE = 0.5;
const DEFAULT_FRAME_BITS = 2 ** 20;
const DEFAULT_SPREAD = 2.5;
/** Cycles of the finite code and a bearable number of iterations cost this factor on top of density evolution. */
const FINITE_CODE = 1.025;
/** Disclosed bits that one frame more must save to be worth its trouble. */
const FRAME_COST = 256;

/**
 * Plans the reconciliation of a key.
 *
 * @param bits - length of the key, 0 to 2^32
 * @param qber - estimated error rate, 0 to 1; it may be wrong: frames that fail get help, and all of it is counted
 * @param options - frame length and margin
 * @throws {@link TwincombError} `invalid-input`
 */
export function planReconciliation(bits: number, qber: number, options: PlanOptions = {}): ReconciliationPlan {
  wholeInRange("bits", bits, 0, 2 ** 32);
  inRange("qber", qber, 0, 1);
  const largest = wholeInRange("largestFrameBits", options.largestFrameBits ?? DEFAULT_FRAME_BITS, 1024, 2 ** 21);
  const spread = inRange("spread", options.spread ?? DEFAULT_SPREAD, 0, 20);
  const channel = { qber: Math.min(0.5, Math.max(qber, SMALLEST_QBER)), spread, largest };
  const { parts } = cheapest(bits, channel, 0);
  return { bits, qber, frames: parts.reduce((sum, part) => sum + part.frames, 0), parts };
}

/**
 * Bits that the first message of a plan discloses.
 *
 * @param plan - the plan
 */
export function plannedDisclosure(plan: ReconciliationPlan): number {
  return plan.parts.reduce((sum, part) => sum + part.frames * frameDisclosure(part), 0);
}

/** Bits that the first message discloses about each frame of a part. */
export function frameDisclosure(part: ReconciliationPart): number {
  return part.code === DISCLOSED ? part.frameBits : codeById(part.code).rows * part.lifting;
}

/**
 * Refuses a plan that does not hold together, for example one received from elsewhere.
 *
 * @param plan - the plan
 * @throws {@link TwincombError} `invalid-input`
 */
export function checkPlan(plan: ReconciliationPlan): void {
  wholeInRange("plan.bits", plan.bits, 0, 2 ** 32);
  inRange("plan.qber", plan.qber, 0, 1);
  let bits = 0;
  let frames = 0;
  for (const part of plan.parts) {
    wholeInRange("plan.parts.frames", part.frames, 1);
    wholeInRange("plan.parts.frameBits", part.frameBits, 1);
    frames += part.frames;
    if (bits % 8 !== 0) throw invalid("plan.parts", `a frame that begins at bit ${bits}`, "frames of whole bytes");
    if (part.frames > 1 && part.frameBits % 8 !== 0) {
      throw invalid("plan.parts.frameBits", part.frameBits, "whole bytes in every frame but the last");
    }
    bits += part.frames * part.frameBits;
    if (part.code === DISCLOSED) continue;
    const code = codeById(part.code);
    if (!LIFTINGS.includes(part.lifting)) throw invalid("plan.parts.lifting", part.lifting, LIFTINGS.join(", "));
    if (part.frameBits > code.columns * part.lifting) {
      throw invalid("plan.parts.frameBits", part.frameBits, `at most ${code.columns * part.lifting}`);
    }
  }
  if (bits !== plan.bits) throw invalid("plan.parts", `${bits} bits in frames`, `frames of ${plan.bits} bits in all`);
  if (frames !== plan.frames) throw invalid("plan.frames", plan.frames, `the ${frames} frames of its parts`);
}

interface Channel {
  readonly qber: number;
  readonly spread: number;
  readonly largest: number;
}

interface Parts {
  readonly cost: number;
  readonly parts: ReconciliationPart[];
}

/** The cheapest cut of so many bits with lifting sizes from `LIFTINGS[level]` down. */
function cheapest(bits: number, channel: Channel, level: number): Parts {
  if (bits === 0) return { cost: 0, parts: [] };
  const lifting = LIFTINGS[level];
  if (lifting === undefined) {
    return { cost: bits + FRAME_COST, parts: [{ code: DISCLOSED, lifting: 0, frames: 1, frameBits: bits }] };
  }
  let best = cheapest(bits, channel, level + 1);
  const full = bestFrame(lifting, channel, Infinity);
  if (full !== undefined && bits >= full.bits) {
    const frames = Math.floor(bits / full.bits);
    const rest = cheapest(bits - frames * full.bits, channel, level + 1);
    const part = { code: full.code.id, lifting, frames, frameBits: full.bits };
    best = cheaper(best, {
      cost: frames * (full.code.rows * lifting + FRAME_COST) + rest.cost,
      parts: [part, ...rest.parts],
    });
  }
  const frames = Math.max(1, Math.ceil(bits / channel.largest));
  // Frames begin at whole bytes; only the last of the key may be of any length.
  const frameBits = frames === 1 ? bits : 8 * Math.ceil(bits / frames / 8);
  const single = bestFrame(lifting, channel, frameBits);
  if (single === undefined) return best;
  const rest = bits - (frames - 1) * frameBits;
  const parts = [{ code: single.code.id, lifting, frames, frameBits }];
  if (rest !== frameBits) {
    parts[0] = { ...parts[0]!, frames: frames - 1 };
    parts.push({ code: single.code.id, lifting, frames: 1, frameBits: rest });
  }
  return cheaper(best, { cost: frames * (single.code.rows * lifting + FRAME_COST), parts });
}

function cheaper(a: Parts, b: Parts): Parts {
  return b.cost < a.cost ? b : a;
}

/**
 * The code that serves a frame with the least disclosure a bit: a frame of `wanted` bits, or of the length that suits the
 * code best when `wanted` is infinite.
 */
function bestFrame(
  lifting: number,
  channel: Channel,
  wanted: number,
): { readonly code: FamilyCode; readonly bits: number } | undefined {
  let best: { readonly code: FamilyCode; readonly bits: number } | undefined;
  let least = 1;
  for (const code of family) {
    if (lifting < code.smallestLifting) continue;
    const capacity = code.columns * lifting;
    const carried = Math.min(capacity, channel.largest, longestFrame(code, code.rows * lifting, channel));
    let bits = 8 * Math.floor(carried / 8);
    if (wanted !== Infinity) {
      if (carried < wanted) continue;
      bits = wanted;
    } else if (bits < LEAST_USE * capacity) continue;
    const cost = (code.rows * lifting) / bits;
    if (bits > 0 && cost < least) {
      least = cost;
      best = { code, bits };
    }
  }
  return best;
}

/** The longest frame that so many disclosed bits carry: the equation at the head of this file, solved for n. */
function longestFrame(code: FamilyCode, disclosed: number, { qber, spread }: Channel): number {
  const logOdds = Math.log2((1 - qber) / qber);
  const entropy = -(qber * Math.log2(qber) + (1 - qber) * Math.log2(1 - qber));
  const a = FINITE_CODE * code.efficiency * entropy;
  const b = spread * Math.sqrt(qber * (1 - qber)) * logOdds;
  const root = (-b + Math.sqrt(b * b + 4 * a * disclosed)) / (2 * a);
  return Math.floor(root * root);
}
