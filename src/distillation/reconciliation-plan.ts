/**
 * Plans reconciliation: how a key is cut into frames, and which code each frame gets.
 *
 * The rate is adapted by shortening. A code of $M$ rows, lifted by $z$, discloses $m = Mz$ bits a frame whatever the frame's
 * length $n \le Nz$; the plan picks code and $z$ with the least $m$ that is expected to carry the frame,
 *
 * $$ m \ge f_\infty\, n\, h(q) + \kappa \sqrt{n\, q (1 - q)}\, \log_2 \frac{1 - q}{q}, $$
 *
 * the first term for a long frame, the second for the spread of the number of errors in a frame
 * (the normal approximation of Tomamichel, Martinez-Mateo, Pacher and Elkouss, Quantum Inf. Process. 16, 280 (2017),
 * doi:10.1007/s11128-017-1709-5, has $f_\infty = 1$ and $\kappa = Q^{-1}(\mathrm{FER})$). Both numbers are measured for each code.
 *
 * @module
 */
import { inRange, invalid, wholeInRange } from "../errors.ts";
import { allCodes, codeById, family, fastFamily, type ReconciliationCode } from "./codes/catalogue.ts";

/** Frames of one length with one code; consecutive in the key. */
export interface ReconciliationPart {
  /** Name of the code; `disclosed` when the frames are simply told. */
  readonly code: string;
  /** Lifting size, a multiple of the code's smallest, or of 16 from 2048 on; 0 for disclosed frames. */
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
  /**
   * What matters more; default `efficiency`. With `speed` frames are of 2^15 bits and decoded by the minimum rule, several
   * times as fast, at f of about 1.25 for error rates of 1.2 to 14 %.
   */
  readonly prefer?: "efficiency" | "speed";
  /**
   * Longest frame in bits, 1024 to 2^21; default 2^20, or 2^15 for speed. Shorter frames need less memory and more
   * disclosure.
   */
  readonly largestFrameBits?: number;
  /**
   * Factor on everything beyond the Shannon limit, 0 to 10; default 1, for about one failure in a hundred frames. Less
   * discloses less at first and fails more often; more makes decoding faster.
   */
  readonly margin?: number;
  /** Codes to choose from; shipped ones unless told. Both sides must have them. */
  readonly codes?: readonly ReconciliationCode[];
}

/** Name of the code of frames that are told whole. */
export const DISCLOSED = "disclosed";

/** Below this error rate no code is better than the last; it also keeps the prior finite. */
const SMALLEST_QBER = 1e-5;
/** A frame that uses fewer of a code's columns leaves the degrees too uneven. */
const LEAST_USE = 0.4;
const FRAME_BITS = { efficiency: 2 ** 20, speed: 2 ** 15 } as const;
/** A code of which the fraction u is unused needs 1 + 0.035 u + 0.4 u^2 times the disclosure, measured on several codes. */
const UNUSED_COST = [0.035, 0.4] as const;
const LARGEST_LIFTING = 32_768;
/** Lifting sizes are multiples of this, which is what the decoder visits at once ... */
const STEP = 16;
/** ... and of the code's smallest below this size; beyond it, shifts that fall together by chance are few. */
const FREE_LIFTING = 2048;

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
  const prefer = options.prefer ?? "efficiency";
  const largest = wholeInRange("largestFrameBits", options.largestFrameBits ?? FRAME_BITS[prefer], 1024, 2 ** 21);
  const margin = inRange("margin", options.margin ?? 1, 0, 10);
  const codes = options.codes ?? (prefer === "speed" ? fastFamily : family);
  const channel = { qber: Math.min(0.5, Math.max(qber, SMALLEST_QBER)), margin, codes };
  const parts: ReconciliationPart[] = [];
  // Frames begin at whole bytes; only the last of the key may be of any length.
  let frames = Math.ceil(bits / largest);
  let frameBits = 8 * Math.ceil(bits / Math.max(1, frames) / 8);
  if (frames > 1 && frameBits * (frames - 1) >= bits) {
    frameBits = 8 * Math.floor(largest / 8);
    frames = Math.ceil(bits / frameBits);
  }
  const add = (count: number, length: number) => {
    if (count === 0 || length === 0) return;
    const { code, lifting } = bestCode(length, channel);
    parts.push({ code, lifting, frames: count, frameBits: length });
  };
  const last = bits - Math.max(0, frames - 1) * frameBits;
  if (last === frameBits) add(frames, frameBits);
  else {
    add(frames - 1, frameBits);
    add(1, last);
  }
  return { bits, qber, frames, parts };
}

/**
 * Bits that the first message of a plan discloses.
 *
 * @param plan - the plan
 * @param codes - the codes it was made with
 */
export function plannedDisclosure(plan: ReconciliationPlan, codes: readonly ReconciliationCode[] = allCodes): number {
  const ofFrame = ({ code, lifting, frameBits }: ReconciliationPart) =>
    code === DISCLOSED ? frameBits : Math.min(frameBits, codeById(code, codes).rows * lifting);
  return plan.parts.reduce((sum, part) => sum + part.frames * ofFrame(part), 0);
}

/**
 * Refuses a plan that does not hold together, for example one received from elsewhere.
 *
 * @param plan - the plan
 * @param codes - the codes at hand
 * @throws {@link TwincombError} `invalid-input`
 */
export function checkPlan(plan: ReconciliationPlan, codes: readonly ReconciliationCode[] = allCodes): void {
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
    const code = codeById(part.code, codes);
    wholeInRange("plan.parts.lifting", part.lifting, code.smallestLifting, LARGEST_LIFTING);
    if (part.lifting % (part.lifting >= FREE_LIFTING ? STEP : code.smallestLifting) !== 0) {
      throw invalid("plan.parts.lifting", part.lifting, `a multiple of ${code.smallestLifting}`);
    }
    if (part.frameBits > code.columns * part.lifting) {
      throw invalid("plan.parts.frameBits", part.frameBits, `at most ${code.columns * part.lifting}`);
    }
  }
  if (bits !== plan.bits) throw invalid("plan.parts", `${bits} bits in frames`, `frames of ${plan.bits} bits in all`);
  if (frames !== plan.frames) throw invalid("plan.frames", plan.frames, `the ${frames} frames of its parts`);
}

interface Channel {
  readonly qber: number;
  readonly margin: number;
  readonly codes: readonly ReconciliationCode[];
}

interface Choice {
  readonly code: string;
  readonly lifting: number;
  readonly disclosed: number;
}

/** The code that serves a frame of so many bits with the least disclosure. */
function bestCode(bits: number, channel: Channel): Choice {
  let best: Choice = { code: DISCLOSED, lifting: 0, disclosed: bits };
  for (const code of channel.codes) {
    // More checks mean a larger lifting, of which the frame uses less, which costs more checks.
    let lifting = nextLifting(bits / code.columns, code);
    for (let wanted = lifting; ; lifting = wanted) {
      const needed = neededChecks(code, bits / (code.columns * lifting), bits, channel);
      wanted = Math.max(lifting, nextLifting(needed / code.rows, code));
      if (wanted === lifting) break;
    }
    if (lifting > LARGEST_LIFTING || bits < LEAST_USE * code.columns * lifting) continue;
    const disclosed = code.rows * lifting;
    if (disclosed < best.disclosed) best = { code: code.id, lifting, disclosed };
  }
  return best;
}

/** The next lifting size that a code may have. */
function nextLifting(least: number, code: ReconciliationCode): number {
  const step = least >= FREE_LIFTING ? STEP : code.smallestLifting;
  return step * Math.max(1, Math.ceil(least / step));
}

/** The right-hand side of the equation at the head of this file, for a frame that uses part of a code's columns. */
function neededChecks(code: ReconciliationCode, use: number, bits: number, { qber, margin }: Channel): number {
  const logOdds = Math.log2((1 - qber) / qber);
  const information = -bits * (qber * Math.log2(qber) + (1 - qber) * Math.log2(1 - qber));
  const unused = 1 - use;
  const excess = code.efficiency * (1 + unused * (UNUSED_COST[0] + UNUSED_COST[1] * unused)) - 1;
  const spread = code.spread * Math.sqrt(bits * qber * (1 - qber)) * logOdds;
  return information + margin * (excess * information + spread);
}
