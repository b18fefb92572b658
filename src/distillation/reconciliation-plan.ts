/**
 * Plans reconciliation: how a key is cut into frames, and which code each frame gets.
 *
 * The rate is adapted by shortening and puncturing. A code of $M$ rows and $N$ columns, lifted by $z$, of which $p$ bits are
 * punctured, discloses $m = Mz - p$ bits of a frame of any length $n \le Nz$; the plan picks code, $z$ and $p$ with the least
 * $m$ that is expected to carry the frame,
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
import { binaryEntropy } from "../protocol/special.ts";
import { allCodes, codeById, family, fastFamily, type ReconciliationCode } from "./codes/catalogue.ts";
import { bestPuncturing, mostPunctured } from "./codes/puncturing.ts";

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
  /** Punctured bits, a multiple of 8: so much less than its checks a frame discloses at first. */
  readonly punctured: number;
}

/**
 * - `one-way`: the first message nearly always suffices.
 * - `blind`: it nearly never does. Bob asks for punctured bits in a fixed order until his frame decodes, so that each frame
 *   discloses what its own errors need (Martinez-Mateo, Elkouss and Martin, Quantum Inf. Comput. 12, 791 (2012)).
 * - `symmetric-blind`: the same, but he asks for the bits that his decoder is least sure of, punctured ones or the key's own
 *   (after Kiktenko et al., Phys. Rev. Applied 8, 044017 (2017), doi:10.1103/PhysRevApplied.8.044017).
 */
export type Interaction = "one-way" | "blind" | "symmetric-blind";

/** How a key will be reconciled; public, the same on both sides. */
export interface ReconciliationPlan {
  /** Length of the key in bits. */
  readonly bits: number;
  /** Error rate that the plan was made for, which is also the decoder's prior. */
  readonly qber: number;
  /** How frames are helped that do not decode. */
  readonly interaction: Interaction;
  /** Number of frames. */
  readonly frames: number;
  /** Frames in the order of the key; empty for an empty key. */
  readonly parts: readonly ReconciliationPart[];
}

/** What a caller may decide about a plan. */
export interface PlanOptions {
  /**
   * What matters more; default `efficiency`. With `speed` frames are of 2^15 bits and decoded by the minimum rule, several
   * times as fast, at f of 1.2 to 1.5 for error rates of 1.2 to 17 %.
   */
  readonly prefer?: "efficiency" | "speed";
  /**
   * Longest frame in bits, 1024 to 2^21; default 2^20, or 2^15 for speed. Shorter frames need less memory and more
   * disclosure.
   */
  readonly largestFrameBits?: number;
  /**
   * Factor on everything beyond the Shannon limit, 0 to 10; default 1, for less than one failure in a hundred frames, or
   * 1.3 for speed. Less discloses less at first and fails more often; more makes decoding faster.
   */
  readonly margin?: number;
  /** How many messages a frame may take; default `one-way`. */
  readonly interaction?: Interaction;
  /** Codes to choose from; shipped ones unless told. Both sides must have them. */
  readonly codes?: readonly ReconciliationCode[];
}

/** All kinds of {@link Interaction}. */
export const INTERACTIONS: readonly Interaction[] = ["one-way", "blind", "symmetric-blind"];

/** Name of the code of frames that are told whole. */
export const DISCLOSED = "disclosed";

/** Below this error rate no code is better than the last; it also keeps the prior finite. */
const SMALLEST_QBER = 1e-5;
/** A frame that uses fewer of a code's columns leaves the degrees too uneven. */
const LEAST_USE = 0.4;
const FRAME_BITS = { efficiency: 2 ** 20, speed: 2 ** 15 } as const;
/** A third more beyond the limit than needed: at 8 % 16 iterations instead of 27. */
const MARGIN = { efficiency: 1, speed: 1.3 } as const;
/**
 * A code of which the fraction u is unused needs 1 + 0.2 u + 0.2 u^2 times the disclosure: three codes needed 0.3 to 1.1 % more
 * at u = 0.05, and half unused costs some 15 %.
 */
const UNUSED_COST = [0.2, 0.2] as const;
/**
 * Puncturing the fraction p of the checks beyond the best needs 1 + 0.35 p times the disclosure, lacking it 1 + 0.5 p: seven
 * codes needed 0.3 to 1.1 % more at p = 0.03, and 0.5 to 1.9 % at 0.06.
 */
const PUNCTURING_COST = 0.35;
const LACKING_COST = 0.5;
/** Efficiency at which hardly any frame decodes yet. */
const BLIND_EFFICIENCY = 1.05;
/** So many lifting sizes are tried of each code, from the smallest that suffices. */
const LIFTINGS = 4;
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
  const margin = inRange("margin", options.margin ?? MARGIN[prefer], 0, 10);
  const codes = options.codes ?? (prefer === "speed" ? fastFamily : family);
  const interaction = options.interaction ?? "one-way";
  const channel = { qber: Math.min(0.5, Math.max(qber, SMALLEST_QBER)), margin, codes, interaction };
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
    const { code, lifting, punctured } = bestCode(length, channel);
    parts.push({ code, lifting, frames: count, frameBits: length, punctured });
  };
  const last = bits - Math.max(0, frames - 1) * frameBits;
  if (last === frameBits) add(frames, frameBits);
  else {
    add(frames - 1, frameBits);
    add(1, last);
  }
  return { bits, qber, interaction, frames, parts };
}

/**
 * Bits that the first message of a plan discloses.
 *
 * @param plan - the plan
 * @param codes - the codes it was made with
 */
export function plannedDisclosure(plan: ReconciliationPlan, codes: readonly ReconciliationCode[] = allCodes): number {
  const ofFrame = ({ code, lifting, frameBits, punctured }: ReconciliationPart) =>
    code === DISCLOSED ? frameBits : Math.min(frameBits, codeById(code, codes).rows * lifting - punctured);
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
  if (!INTERACTIONS.includes(plan.interaction)) {
    throw invalid("plan.interaction", plan.interaction, `one of ${INTERACTIONS.join(", ")}`);
  }
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
    wholeInRange("plan.parts.punctured", part.punctured, 0, mostPunctured(code.rows, code.columns) * part.lifting);
    if (part.punctured % 8 !== 0) throw invalid("plan.parts.punctured", part.punctured, "a multiple of 8");
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
  readonly interaction: Interaction;
}

interface Choice {
  readonly code: string;
  readonly lifting: number;
  readonly punctured: number;
  readonly disclosed: number;
}

/** The code that serves a frame of so many bits with the least disclosure. */
function bestCode(bits: number, channel: Channel): Choice {
  let best: Choice = { code: DISCLOSED, lifting: 0, punctured: 0, disclosed: bits };
  for (const code of channel.codes) {
    let lifting = nextLifting(bits / code.columns, code);
    for (let fitting = 0; fitting < LIFTINGS && lifting <= LARGEST_LIFTING; ) {
      if (bits < LEAST_USE * code.columns * lifting) break;
      const punctured = largestPuncturing(code, lifting, (shape) => neededChecks(code, shape, bits, channel), bits);
      if (punctured !== undefined) {
        fitting++;
        const disclosed = code.rows * lifting - punctured;
        if (disclosed < best.disclosed) best = { code: code.id, lifting, punctured, disclosed };
      }
      lifting = nextLifting(lifting + 1, code);
    }
  }
  if (channel.interaction === "one-way" || best.code === DISCLOSED) return best;
  const code = codeById(best.code, channel.codes);
  const first = (shape: Shape) => blindStart(code, shape, bits, channel);
  return { ...best, punctured: largestPuncturing(code, best.lifting, first, bits) ?? best.punctured };
}

/** How much of a lifted code a frame makes use of. */
interface Shape {
  /** The fraction of its columns. */
  readonly use: number;
  /** The fraction of its checks that are punctured. */
  readonly punctured: number;
}

/** The next lifting size that a code may have. */
function nextLifting(least: number, code: ReconciliationCode): number {
  const step = least >= FREE_LIFTING ? STEP : code.smallestLifting;
  return step * Math.max(1, Math.ceil(least / step));
}

/** The most bits that may be punctured for the rest to be as many as needed; undefined when not even all checks are. */
function largestPuncturing(
  code: ReconciliationCode,
  lifting: number,
  needed: (shape: Shape) => number,
  bits: number,
): number | undefined {
  const checks = code.rows * lifting;
  const use = bits / (code.columns * lifting);
  const suffices = (punctured: number) => checks - punctured >= needed({ use, punctured: punctured / checks });
  if (!suffices(0)) return undefined;
  let low = 0;
  let high = (mostPunctured(code.rows, code.columns) * lifting) / 8 + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (suffices(8 * middle)) low = middle;
    else high = middle;
  }
  return 8 * low;
}

/** The right-hand side of the equation at the head of this file. */
function neededChecks(code: ReconciliationCode, shape: Shape, bits: number, { qber, margin }: Channel): number {
  const { information, deviation } = channelInformation(bits, qber);
  const excess = code.efficiency * shapeCost(code, shape) - 1;
  return information + margin * (excess * information + code.spread * deviation);
}

/** What a blind frame tells at first: too little for all but those with few errors. */
function blindStart(code: ReconciliationCode, shape: Shape, bits: number, { qber, margin }: Channel): number {
  const { information, deviation } = channelInformation(bits, qber);
  // Costs leave room for the code that has most of them; half of them is what all codes have.
  const excess = (BLIND_EFFICIENCY * (1 + shapeCost(code, shape))) / 2 - 1;
  return information + margin * excess * information - deviation;
}

/** Bits that the errors of a frame carry, and their spread. */
function channelInformation(bits: number, qber: number): { readonly information: number; readonly deviation: number } {
  return {
    information: bits * binaryEntropy(qber),
    deviation: Math.sqrt(bits * qber * (1 - qber)) * Math.log2((1 - qber) / qber),
  };
}

/** How much more a code must disclose that is not used whole. */
function shapeCost(code: ReconciliationCode, { use, punctured }: Shape): number {
  const unused = 1 - use;
  const beyond = punctured - bestPuncturing(code.rows, code.columns);
  const shortened = 1 + unused * (UNUSED_COST[0] + UNUSED_COST[1] * unused);
  return shortened * (1 + Math.max(PUNCTURING_COST * beyond, -LACKING_COST * beyond));
}
