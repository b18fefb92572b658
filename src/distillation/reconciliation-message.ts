/**
 * What the two sides of reconciliation tell each other: plain objects of numbers, strings and bytes.
 *
 * @module
 */
import { byteLength } from "../bits.ts";
import { TwincombError } from "../errors.ts";
import type { LdpcKernel, LiftedCode } from "../kernels/ldpc.ts";
import { codeById, type ReconciliationCode } from "./codes/catalogue.ts";
import { Puncturing, punctureWeights } from "./codes/puncturing.ts";
import { DISCLOSED, type ReconciliationPart, type ReconciliationPlan } from "./reconciliation-plan.ts";

/** Alice to Bob: syndromes at first, later the values of the bits that he asked for. */
export interface SyndromeMessage {
  /** 0 for the first message, then that of the request it answers. */
  readonly round: number;
  /** First message: what is told of the syndromes of all coded frames, one after the other, packed. Later: empty. */
  readonly syndromes: Uint8Array;
  /** Packed key bits: of frames that have no code at first, later of all requested positions in their order. */
  readonly revealed: Uint8Array;
  /** Bits about the key that this message discloses beyond all earlier ones. */
  readonly disclosedBits: number;
}

/** What Bob wants to know about one frame that he could not decode. */
export interface FrameRequest {
  /** Number of the frame within the plan. */
  readonly frame: number;
  /**
   * Positions within the frame's code, ascending, as 32-bit little-endian words: of key bits, and behind them of punctured
   * bits; empty asks for the whole frame.
   */
  readonly positions: Uint8Array;
}

/** Bob to Alice: the frames that need help. */
export interface SyndromeRequest {
  /** 1 for the first request. */
  readonly round: number;
  /** One entry for each frame that is not decoded, ascending. */
  readonly frames: readonly FrameRequest[];
}

/** One frame of a plan, laid out. */
export interface Frame {
  /** How it is coded; undefined when it is told whole. */
  readonly coding: FrameCoding | undefined;
  /** Its bits. */
  readonly bits: number;
  /** Its first byte within the key. */
  readonly firstByte: number;
}

/** The code of a frame. */
export interface FrameCoding {
  /** As many columns as the frame uses, and those of its punctured bits. */
  readonly code: LiftedCode;
  /** What is told of a syndrome. */
  readonly puncturing: Puncturing;
}

/**
 * Lays out all frames of a plan.
 *
 * @param plan - a checked plan
 * @param codes - the codes at hand
 */
export async function frameLayout(
  plan: ReconciliationPlan,
  codes: readonly ReconciliationCode[],
): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  let firstByte = 0;
  for (const part of plan.parts) {
    const coding = part.code === DISCLOSED ? undefined : await frameCoding(part, codeById(part.code, codes));
    for (let i = 0; i < part.frames; i++) {
      frames.push({ coding, bits: part.frameBits, firstByte });
      firstByte += byteLength(part.frameBits);
    }
  }
  return frames;
}

async function frameCoding(
  { lifting, frameBits, punctured }: ReconciliationPart,
  code: ReconciliationCode,
): Promise<FrameCoding> {
  const matrix = await code.matrix(Math.ceil(frameBits / lifting));
  const puncturing = new Puncturing(matrix, lifting, punctured, punctureWeights(code.rows, code.columns));
  return { code: { matrix: puncturing.matrix, lifting, rule: code.rule }, puncturing };
}

/**
 * The syndrome of a word, and the values that its punctured bits thereby have.
 *
 * @param kernel - computes it
 * @param coding - the word's code
 * @param word - packed bits
 */
export function filledSyndrome(
  kernel: LdpcKernel,
  { code, puncturing }: FrameCoding,
  word: Uint8Array,
): { readonly syndrome: Uint8Array; readonly punctured: Uint8Array } {
  kernel.use(code, false);
  const syndrome = kernel.syndrome(word);
  return { syndrome, punctured: puncturing.fill(syndrome) };
}

/** Bytes of the first message that tell of syndromes. */
export function toldBytes(frames: readonly Frame[]): number {
  return frames.reduce((sum, { coding }) => sum + (coding === undefined ? 0 : coding.puncturing.told / 8), 0);
}

/**
 * The bytes of one frame of a key.
 *
 * @param key - packed key
 * @param frame - the frame
 */
export function frameBytes(key: Uint8Array, frame: Frame): Uint8Array {
  return key.subarray(frame.firstByte, frame.firstByte + byteLength(frame.bits));
}

/**
 * Refuses a key that is not as long as the plan says, or has bits set behind its end.
 *
 * @param key - packed key
 * @param bits - its length in bits
 */
export function checkKey(key: Uint8Array, bits: number): void {
  if (key.length !== byteLength(bits)) {
    throw new TwincombError(
      "invalid-input",
      `key: expected ${byteLength(bits)} bytes for ${bits} bits, got ${key.length}`,
      {
        parameter: "key",
        value: key.length,
        expected: `${byteLength(bits)} bytes`,
      },
    );
  }
  if (bits % 8 !== 0 && key[key.length - 1]! >> (bits % 8) !== 0) {
    throw new TwincombError("invalid-input", "key: the unused bits of the last byte must be 0", { parameter: "key" });
  }
}

/** Counts what is disclosed about each frame; a frame never discloses more bits than it has. */
export class DisclosureAccount {
  readonly #frames: readonly Frame[];
  readonly #disclosed: Float64Array;

  /** @param frames - the plan's frames */
  constructor(frames: readonly Frame[]) {
    this.#frames = frames;
    this.#disclosed = new Float64Array(frames.length);
  }

  /**
   * Adds to what is disclosed about a frame.
   *
   * @param frame - its number
   * @param bits - what is told now; Infinity for all of it
   * @returns how many of these bits count
   */
  add(frame: number, bits: number): number {
    const before = this.#disclosed[frame]!;
    const after = Math.min(this.#frames[frame]!.bits, before + bits);
    this.#disclosed[frame] = after;
    return after - before;
  }

  /** Disclosed bits of all frames. */
  get total(): number {
    return this.#disclosed.reduce((a, b) => a + b, 0);
  }
}

/**
 * Positions as bytes that can be sent.
 *
 * @param positions - ascending positions
 */
export function encodePositions(positions: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 * positions.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < positions.length; i++) view.setUint32(4 * i, positions[i]!, true);
  return bytes;
}

/**
 * Reads positions and insists that they ascend and are of bits of the frame.
 *
 * @param bytes - what {@link encodePositions} made
 * @param frame - the frame
 * @throws {@link TwincombError} `protocol`
 */
export function decodePositions(bytes: Uint8Array, { bits, coding }: Frame): Uint32Array {
  if (bytes.length % 4 !== 0) throw new TwincombError("protocol", "a request holds a broken list of positions");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const positions = Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
  const punctured = coding?.puncturing ?? { from: bits, bits: 0 };
  positions.forEach((position, i) => {
    const exists = position < bits || (position >= punctured.from && position < punctured.from + punctured.bits);
    if (!exists || (i > 0 && position <= positions[i - 1]!)) {
      throw new TwincombError("protocol", "a request asks for positions out of order or of no bit of the frame");
    }
  });
  return positions;
}
