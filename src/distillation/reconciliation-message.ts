/**
 * What the two sides of reconciliation tell each other: plain objects of numbers, strings and bytes.
 *
 * @module
 */
import { byteLength } from "../bits.ts";
import { TwincombError } from "../errors.ts";
import type { LiftedCode } from "../kernels/ldpc.ts";
import { codeById, type ReconciliationCode } from "./codes/catalogue.ts";
import { DISCLOSED, type ReconciliationPlan } from "./reconciliation-plan.ts";

/** Alice to Bob: syndromes at first, later the values of the bits that he asked for. */
export interface SyndromeMessage {
  /** 0 for the first message, then that of the request it answers. */
  readonly round: number;
  /** First message: the packed syndromes of all coded frames, one after the other. Later: empty. */
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
  /** Positions within the frame, ascending, as 32-bit little-endian words; empty asks for the whole frame. */
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
  /** Its code, with as many columns as it uses; undefined when the frame is told whole. */
  readonly code: LiftedCode | undefined;
  /** Its bits. */
  readonly bits: number;
  /** Its first byte within the key. */
  readonly firstByte: number;
  /** Length of its packed syndrome in bytes. */
  readonly syndromeBytes: number;
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
  for (const { code: id, lifting, frames: count, frameBits } of plan.parts) {
    const code = id === DISCLOSED ? undefined : await liftedCode(codeById(id, codes), lifting, frameBits);
    const syndromeBytes = code === undefined ? 0 : (code.matrix.rows * lifting) / 8;
    for (let i = 0; i < count; i++) {
      frames.push({ code, bits: frameBits, firstByte, syndromeBytes });
      firstByte += byteLength(frameBits);
    }
  }
  return frames;
}

async function liftedCode(code: ReconciliationCode, lifting: number, frameBits: number): Promise<LiftedCode> {
  return { matrix: await code.matrix(Math.ceil(frameBits / lifting)), lifting, rule: code.rule };
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
 * Reads positions and insists that they ascend and lie within the frame.
 *
 * @param bytes - what {@link encodePositions} made
 * @param bits - length of the frame
 * @throws {@link TwincombError} `protocol`
 */
export function decodePositions(bytes: Uint8Array, bits: number): Uint32Array {
  if (bytes.length % 4 !== 0) throw new TwincombError("protocol", "a request holds a broken list of positions");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const positions = Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
  for (let i = 0; i < positions.length; i++) {
    if (positions[i]! >= bits || (i > 0 && positions[i]! <= positions[i - 1]!)) {
      throw new TwincombError("protocol", "a request asks for positions out of order or beyond the frame");
    }
  }
  return positions;
}
