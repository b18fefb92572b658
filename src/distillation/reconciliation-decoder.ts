/**
 * Bob's side of reconciliation: from his own bits and Alice's syndromes to her key.
 *
 * @module
 */
import { bitAt, byteLength, hammingDistance } from "../bits.ts";
import { TwincombError, throwIfAborted, wholeInRange } from "../errors.ts";
import { LdpcKernel } from "../kernels/ldpc.ts";
import { priorSteps } from "../kernels/ldpc-rule.ts";
import { binaryEntropy } from "../protocol/special.ts";
import { allCodes } from "./codes/catalogue.ts";
import { allTries, decodeFrame, type Try } from "./frame-decoding.ts";
import {
  checkKey,
  DisclosureAccount,
  encodePositions,
  type Frame,
  type FrameCoding,
  type FrameRequest,
  filledSyndrome,
  frameBytes,
  frameLayout,
  type SyndromeMessage,
  type SyndromeRequest,
  toldBytes,
} from "./reconciliation-message.ts";
import { checkPlan, type ReconciliationPlan } from "./reconciliation-plan.ts";
import type { SideOptions } from "./reconciliation-source.ts";

/** What a caller may decide about decoding. */
export interface DecoderOptions extends SideOptions {
  /**
   * Iterations of one try, 1 to 1000; default 150. Without interaction a frame is tried twice, and a try that leaves few
   * checks violated is made again.
   */
  readonly maxIterations?: number;
}

/** What a caller may pass to one long call. */
export interface DecodeControl {
  /** Cancels the work between two slices. */
  readonly signal?: AbortSignal;
  /** Told the fraction of frames done, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** How decoding went. */
export interface DecodingStatistics {
  /** Frames of the plan. */
  readonly frames: number;
  /** Frames that the first message did not suffice for. */
  readonly failedFrames: number;
  /** Frames told whole because nothing else helped. */
  readonly disclosedFrames: number;
  /** Requests sent. */
  readonly requests: number;
  /** Decoder iterations over all frames and attempts. */
  readonly iterations: number;
  /** Bits about the key disclosed by all messages received. */
  readonly disclosedBits: number;
}

interface Attempt {
  /** Syndrome of the errors, of which punctured bits are part. */
  readonly syndrome: Uint8Array;
  /** Values that punctured bits have by Bob's key. */
  readonly punctured: Uint8Array;
  /** Positions that were told, and whether Bob's bit differs there. */
  readonly known: Map<number, number>;
  /** Positions that were asked for last; undefined for the whole frame. */
  asked: Uint32Array | undefined;
  requests: number;
  /** Bits by which what is known of the frame falls short of the Shannon limit of its errors. */
  missing: number;
}

const DEFAULT_ITERATIONS = 150;
/** Edges visited before other work gets a turn: some tens of milliseconds. */
const EDGES_PER_SLICE = 1e8;
/** Standard deviations by which odd and even checks must differ in number before they tell the error rate. */
const TELLING = 10;
/** The first request asks for this fraction of what was told, each further one for a quarter as much again. */
const FIRST_REQUEST = 0.02;
const REQUEST_GROWTH = 1.25;
/** Where several requests are expected, each asks for as little as is worth a message, and no frame is tried for long. */
const BLIND_REQUEST = 0.01;
const BLIND_GROWTH = 1.1;
const BLIND_ITERATIONS = 50;
/** From this error rate on, bits of the key that the decoder doubts are worth as much as punctured ones. */
const TELLING_KEY = 0.04;
/** Iterations on a frame that cannot decode: enough to see which bits are doubtful. */
const GLANCE = 8;

/** The side that is corrected. It knows the plan, its own key, and what Alice tells; nothing else. */
export class SyndromeDecoder implements Disposable {
  readonly #kernel: LdpcKernel;
  readonly #plan: ReconciliationPlan;
  readonly #own: Uint8Array;
  readonly #corrected: Uint8Array;
  readonly #frames: readonly Frame[];
  readonly #maxIterations: number;
  readonly #account: DisclosureAccount;
  readonly #open: Map<number, Attempt> = new Map();
  #round = 0;
  #failed = 0;
  #disclosed = 0;
  #iterations = 0;

  private constructor(
    kernel: LdpcKernel,
    plan: ReconciliationPlan,
    frames: readonly Frame[],
    key: Uint8Array,
    maxIterations: number,
  ) {
    this.#kernel = kernel;
    this.#plan = plan;
    this.#own = key.slice();
    this.#corrected = key.slice();
    this.#frames = frames;
    this.#maxIterations = maxIterations;
    this.#account = new DisclosureAccount(this.#frames);
  }

  /**
   * Prepares Bob's side.
   *
   * @param plan - the plan both sides use
   * @param key - his packed key of `plan.bits` bits; copied
   * @param options - binary and iterations
   * @throws {@link TwincombError} `invalid-input` when plan or key do not fit
   */
  static async create(
    plan: ReconciliationPlan,
    key: Uint8Array,
    options: DecoderOptions = {},
  ): Promise<SyndromeDecoder> {
    const { source, codes = allCodes, maxIterations = DEFAULT_ITERATIONS } = options;
    checkPlan(plan, codes);
    checkKey(key, plan.bits);
    wholeInRange("maxIterations", maxIterations, 1, 1000);
    const frames = await frameLayout(plan, codes);
    return new SyndromeDecoder(await LdpcKernel.load(source), plan, frames, key, maxIterations);
  }

  /**
   * Takes a message and decodes what can be decoded.
   *
   * @param message - Alice's message
   * @param control - cancellation and progress
   * @returns what to ask Alice, or null when every frame satisfies its syndrome
   * @throws {@link TwincombError} `protocol` when the message is not the expected one, `aborted`
   */
  async receive(message: SyndromeMessage, control: DecodeControl = {}): Promise<SyndromeRequest | null> {
    if (message.round !== this.#round) {
      throw new TwincombError("protocol", `message ${message.round} arrived, message ${this.#round} is due`);
    }
    const told = this.#round === 0 ? this.#takeSyndromes(message) : this.#takeRevealed(message);
    if (told !== message.disclosedBits) {
      throw new TwincombError("protocol", `a message says it discloses ${message.disclosedBits} bits, it is ${told}`);
    }
    this.#round++;
    const asks: FrameRequest[] = [];
    const attempts = [...this.#open];
    for (const [done, [index, attempt]] of attempts.entries()) {
      const frame = this.#frames[index]!;
      if (await this.#decode(frame, attempt, control.signal)) {
        attempt.punctured.fill(0);
        this.#open.delete(index);
      } else asks.push(this.#ask(index, frame, attempt));
      control.onProgress?.((this.#frames.length - attempts.length + done + 1) / this.#frames.length);
    }
    if (this.#round === 1) this.#failed = asks.length;
    return asks.length === 0 ? null : { round: this.#round, frames: asks };
  }

  /**
   * Bob's corrected key, packed.
   *
   * @throws {@link TwincombError} `protocol` while frames are still open
   */
  corrected(): Uint8Array {
    if (this.#round === 0 || this.#open.size > 0) {
      throw new TwincombError("protocol", "the key is not corrected yet: frames are still to be decoded");
    }
    return this.#corrected.slice();
  }

  /** How many bits of Bob's key were changed. */
  get errorsCorrected(): number {
    return hammingDistance(this.#own, this.#corrected);
  }

  /** How decoding went so far. */
  get statistics(): DecodingStatistics {
    return {
      frames: this.#frames.length,
      failedFrames: this.#failed,
      disclosedFrames: this.#disclosed,
      requests: this.#open.size === 0 ? Math.max(0, this.#round - 1) : this.#round,
      iterations: this.#iterations,
      disclosedBits: this.#account.total,
    };
  }

  /** Wipes both keys and everything computed from them. */
  [Symbol.dispose](): void {
    this.#own.fill(0);
    this.#corrected.fill(0);
    for (const { punctured } of this.#open.values()) punctured.fill(0);
    this.#open.clear();
    this.#kernel[Symbol.dispose]();
  }

  /** Returns the bits disclosed. */
  #takeSyndromes(message: SyndromeMessage): number {
    const revealedBits = this.#frames.reduce((sum, { coding, bits }) => sum + (coding === undefined ? bits : 0), 0);
    if (message.syndromes.length !== toldBytes(this.#frames) || message.revealed.length !== byteLength(revealedBits)) {
      throw new TwincombError("protocol", "the syndromes do not have the length that the plan says");
    }
    let offset = 0;
    let revealed = 0;
    let disclosed = 0;
    this.#frames.forEach((frame, index) => {
      if (frame.coding === undefined) {
        this.#takeWhole(frame, message.revealed, revealed);
        revealed += frame.bits;
        disclosed += this.#account.add(index, Infinity);
        return;
      }
      const { puncturing } = frame.coding;
      const told = message.syndromes.subarray(offset, offset + puncturing.told / 8);
      offset += told.length;
      disclosed += this.#account.add(index, puncturing.told);
      const own = filledSyndrome(this.#kernel, frame.coding, frameBytes(this.#own, frame));
      const syndrome = puncturing.hear(told);
      for (let i = 0; i < syndrome.length; i++) syndrome[i]! ^= own.syndrome[i]!;
      this.#open.set(index, {
        syndrome,
        punctured: own.punctured,
        known: new Map(),
        asked: undefined,
        requests: 0,
        missing: 0,
      });
    });
    return disclosed;
  }

  /** Returns the bits disclosed. */
  #takeRevealed(message: SyndromeMessage): number {
    let expected = 0;
    for (const [index, { asked }] of this.#open) expected += asked?.length ?? this.#frames[index]!.bits;
    if (message.syndromes.length !== 0 || message.revealed.length !== byteLength(expected)) {
      throw new TwincombError("protocol", "an answer does not have the length that was asked for");
    }
    let next = 0;
    let disclosed = 0;
    for (const [index, attempt] of this.#open) {
      const frame = this.#frames[index]!;
      if (attempt.asked === undefined) {
        this.#takeWhole(frame, message.revealed, next);
        next += frame.bits;
        disclosed += this.#account.add(index, Infinity);
        this.#open.delete(index);
        this.#disclosed++;
        continue;
      }
      const own = frameBytes(this.#own, frame);
      const { from } = frame.coding!.puncturing;
      for (const position of attempt.asked) {
        const ownBit = position < from ? bitAt(own, position) : bitAt(attempt.punctured, position - from);
        attempt.known.set(position, bitAt(message.revealed, next++) ^ ownBit);
      }
      disclosed += this.#account.add(index, attempt.asked.length);
    }
    return disclosed;
  }

  #takeWhole(frame: Frame, revealed: Uint8Array, from: number): void {
    const bytes = frameBytes(this.#corrected, frame).fill(0);
    for (let i = 0; i < frame.bits; i++) bytes[i >> 3]! |= bitAt(revealed, from + i) << (i & 7);
  }

  /** Tries to decode one frame; true when it satisfies its syndrome. */
  async #decode(frame: Frame, attempt: Attempt, signal: AbortSignal | undefined): Promise<boolean> {
    const { code, puncturing } = frame.coding!;
    const { matrix, lifting } = code;
    this.#kernel.use(code, true);
    const errorRate = this.#errorRate(frame.coding!, attempt.syndrome);
    attempt.missing = frame.bits * binaryEntropy(errorRate) - puncturing.told - attempt.known.size;
    const prior = priorSteps(errorRate, code.rule.delta);
    const slice = Math.max(1, Math.floor(EDGES_PER_SLICE / (matrix.entryRows.length * lifting)));
    const { syndrome, known } = attempt;
    const goal = { syndrome, bits: frame.bits, prior, punctured: puncturing, known };
    const decoding = decodeFrame(this.#kernel, goal, this.#tries(attempt), slice);
    throwIfAborted(signal);
    let step = decoding.next();
    while (step.done !== true) {
      await turn();
      throwIfAborted(signal);
      step = decoding.next();
    }
    this.#iterations += step.value.iterations;
    if (!step.value.decoded) return false;
    const errors = this.#kernel.errors();
    for (const [position, error] of attempt.known) if (bitAt(errors, position) !== error) return false;
    for (let i = frame.bits; i < puncturing.from; i++) if (bitAt(errors, i) === 1) return false;
    for (let i = puncturing.from + puncturing.bits; i < matrix.columns * lifting; i++) {
      if (bitAt(errors, i) === 1) return false;
    }
    const own = frameBytes(this.#own, frame);
    const corrected = frameBytes(this.#corrected, frame);
    for (let i = 0; i < corrected.length; i++) corrected[i] = own[i]! ^ errors[i]!;
    return true;
  }

  /** How often and how long a frame is tried. */
  #tries({ missing }: Attempt): readonly Try[] {
    if (missing > 0) return [{ weaker: 0, iterations: Math.min(GLANCE, this.#maxIterations) }];
    if (this.#plan.interaction !== "one-way") {
      return [{ weaker: 0, iterations: Math.min(BLIND_ITERATIONS, this.#maxIterations) }];
    }
    return allTries(this.#maxIterations);
  }

  /**
   * The error rate that the decoder should believe in: that of the frame itself, as far as its syndrome tells. The parity of
   * d bits is odd with probability (1 - (1 - 2q)^d) / 2.
   */
  #errorRate({ code, puncturing }: FrameCoding, syndrome: Uint8Array): number {
    const planned = Math.min(0.49, Math.max(this.#plan.qber, 1e-5));
    const sums = puncturing.parities(syndrome);
    const surplus = sums.reduce((sum, { checks, odd }) => sum + checks - 2 * odd, 0);
    const checks = sums.reduce((sum, one) => sum + one.checks, 0);
    if (checks === 0 || surplus < TELLING * Math.sqrt(checks)) return planned;
    const keyEdges = code.matrix.starts[puncturing.from / code.lifting]!;
    const degree = keyEdges / code.matrix.rows;
    let low = 1e-5;
    let high = 0.49;
    for (let i = 0; i < 30; i++) {
      const middle = Math.sqrt(low * high);
      const expected = sums.reduce((sum, one) => sum + one.checks * (1 - 2 * middle) ** (degree * one.layers), 0);
      if (expected > surplus) low = middle;
      else high = middle;
    }
    return low;
  }

  /** What to ask about a frame that was just tried in vain. */
  #ask(index: number, frame: Frame, attempt: Attempt): FrameRequest {
    const { puncturing } = frame.coding!;
    const disclosed = puncturing.told + attempt.known.size;
    const blind = this.#plan.interaction !== "one-way";
    const [first, growth] = blind ? [BLIND_REQUEST, BLIND_GROWTH] : [FIRST_REQUEST, REQUEST_GROWTH];
    const count = Math.ceil(first * growth ** attempt.requests * puncturing.told + Math.max(0, attempt.missing));
    attempt.requests++;
    if (disclosed + count >= frame.bits) {
      attempt.asked = undefined;
      return { frame: index, positions: new Uint8Array() };
    }
    attempt.asked = this.#wanted(frame, attempt, count);
    return { frame: index, positions: encodePositions(attempt.asked) };
  }

  /**
   * The next bits to ask for: in a blind plan punctured ones from the last on, else those the decoder is least sure of. The
   * key's own come last unless errors are so frequent that any of them tells much.
   */
  #wanted({ bits, coding }: Frame, { known }: Attempt, count: number): Uint32Array {
    const { puncturing } = coding!;
    const isOpen = (position: number) => !known.has(position);
    const punctured = Uint32Array.from({ length: puncturing.bits }, (_, i) => puncturing.from + i).filter(isOpen);
    if (this.#plan.interaction === "blind" && punctured.length > 0) return punctured.slice(-count);
    const key = { from: 0, bits };
    const telling = this.#plan.qber >= TELLING_KEY ? [key, puncturing] : punctured.length > 0 ? [puncturing] : [key];
    const least = this.#kernel.leastReliable(count + known.size, telling);
    return least.filter(isOpen).slice(0, count);
  }
}

/** Lets other work have a turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
