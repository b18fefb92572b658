/**
 * Syndromes and their decoding: the typed face of the `ldpc` kernel.
 *
 * @module
 */

import { bitAt, weight } from "../bits.ts";
import { inRange, invalid, TwincombError, wholeInRange } from "../errors.ts";
import type { Kernel, Region } from "./kernel.ts";
import type { BaseMatrix } from "./ldpc-matrix.ts";
import { type CheckRule, MAX_CHECK_DEGREE, softTables } from "./ldpc-rule.ts";
import { type KernelSource, loadKernel } from "./modules.ts";

interface LdpcExports {
  expand(packed: number, bytes: number, z: number, blocks: number, stride: number, one: number): void;
  packSigns(bytes: number, packed: number, z: number, blocks: number, stride: number): void;
  fillPads(bits: number, z: number, columns: number): void;
  syndrome(layers: number, layerCount: number, z: number, bits: number, packed: number): void;
  columnStride(z: number): number;
  iterate(
    layers: number,
    layerCount: number,
    columns: number,
    z: number,
    target: number,
    posteriors: number,
    messages: number,
    scratch: number,
    rule: number,
    iterations: number,
  ): number;
}

/** A code ready for use: base matrix, lifting size, and the rule of its decoder. */
export interface LiftedCode {
  /** The base matrix. */
  readonly matrix: BaseMatrix;
  /** Lifting size, a multiple of 16 up to 32768. */
  readonly lifting: number;
  /** Check rule of the decoder. */
  readonly rule: CheckRule;
}

/** Consecutive bits of a frame; they begin with a column. */
export interface BitRange {
  /** Position of the first. */
  readonly from: number;
  /** How many. */
  readonly bits: number;
}

/** What is known of a frame's bits beside the prior that all have; where two entries speak of a bit, the first counts. */
export interface BitKnowledge {
  /** Bits whose error is known: position, and 1 when it is an error. */
  readonly known?: ReadonlyMap<number, number>;
  /** Bits of which nothing is known. */
  readonly punctured?: BitRange;
  /** Positions of further bits to begin with as if nothing were known of them. */
  readonly doubted?: ArrayLike<number>;
}

const NO_BITS: BitRange = { from: 0, bits: 0 };

interface Buffers {
  readonly layers: Region;
  readonly rule: Region;
  readonly packed: Region;
  readonly syndrome: Region;
  readonly bits: Region;
  readonly target: Region;
  readonly messages: Region;
  readonly scratch: Region;
}

const ONE = 0x80;
const KNOWN = 127;
const RULE_BYTES = 208;
/** Rows of a circulant in one vector. */
const STEP = 16;
const LARGEST_LIFTING = 32_768;
/**
 * Largest message of a check. A bit of many checks saturates at 127; less one message of at most this, and after the
 * check's own logarithm, what comes back must not be smaller than what was taken away, or a decoded frame runs away to
 * the opposite of every bit. 48 did once in twelve frames, 40 never.
 */
const LARGEST_STABLE = 40;

/**
 * A bit is doubted when one in so many of its checks is violated. The wrong bits of a frame that does not decode are of
 * degree 2 and 3, and a sparse code whose violated checks had all their bits doubted could decode nothing.
 */
const CHECKS_PER_VIOLATION = 3;

/**
 * Computes and decodes syndromes, one frame at a time. Give it a code with {@link LdpcKernel.use}; then either
 * `syndrome`, or `start`, `iterate` as often as needed, and `errors`.
 */
export class LdpcKernel implements Disposable {
  readonly #kernel: Kernel<LdpcExports>;
  readonly #bottom: number;
  #code: LiftedCode | undefined;
  #buffers: Buffers | undefined;
  #decodes = false;

  private constructor(kernel: Kernel<LdpcExports>) {
    this.#kernel = kernel;
    this.#bottom = kernel.mark();
  }

  /**
   * Instantiates the kernel.
   *
   * @param source - where the binary comes from; embedded unless told
   */
  static async load(source: KernelSource = "embedded"): Promise<LdpcKernel> {
    return new LdpcKernel(await loadKernel<LdpcExports>("ldpc", source));
  }

  /**
   * Makes a code the current one and sets up its memory; nothing happens when it already is.
   *
   * @param code - the code
   * @param decodes - whether memory for decoding is wanted too: about one byte an edge
   * @throws {@link TwincombError} `invalid-input` for a lifting size or matrix the kernel cannot take, `out-of-memory`
   */
  use(code: LiftedCode, decodes: boolean): void {
    const old = this.#code;
    if (old !== undefined && old.matrix === code.matrix && old.lifting === code.lifting && old.rule === code.rule) {
      if (this.#decodes || !decodes) return;
    }
    const { matrix, lifting } = code;
    wholeInRange("code.lifting", lifting, STEP, LARGEST_LIFTING);
    if (lifting % STEP !== 0) throw invalid("code.lifting", lifting, `a multiple of ${STEP}`);
    this.#code = undefined;
    this.#buffers = undefined;
    this.#kernel.release(this.#bottom);

    const kernel = this.#kernel;
    const stride = kernel.exports.columnStride(lifting);
    const edges = matrix.entryRows.length;
    const degrees = new Uint32Array(matrix.rows);
    for (const row of matrix.entryRows) degrees[row]!++;
    const maxDegree = degrees.reduce((a, b) => Math.max(a, b), 1);
    const checks = matrix.rows * lifting;
    const buffers: Buffers = {
      layers: kernel.allocate(8 * (matrix.rows + edges)),
      rule: kernel.allocate(RULE_BYTES),
      packed: kernel.allocate((matrix.columns * lifting) / 8),
      syndrome: kernel.allocate(checks / 8),
      bits: kernel.allocate(matrix.columns * stride),
      target: kernel.allocate(decodes ? checks : 0),
      messages: kernel.allocate(decodes ? edges * lifting : 0),
      scratch: kernel.allocate(decodes ? 40 * maxDegree + 64 : 0),
    };
    this.#writeLayers(matrix, lifting, stride, degrees, kernel.words(buffers.layers));
    if (decodes) this.#writeRule(code.rule, maxDegree, buffers.rule);
    this.#code = code;
    this.#buffers = buffers;
    this.#decodes = decodes;
  }

  /**
   * The syndrome of a frame: bit $az + r$ is the parity of row $r$ of layer $a$.
   *
   * @param frame - packed bits, at most columns x lifting of them; those missing are 0
   * @returns packed syndrome of rows x lifting bits
   */
  syndrome(frame: Uint8Array): Uint8Array {
    const { code, buffers, stride } = this.#current();
    const { matrix, lifting } = code;
    const { exports } = this.#kernel;
    this.#writePacked(frame, buffers.packed);
    exports.expand(buffers.packed.pointer, buffers.bits.pointer, lifting, matrix.columns, stride, ONE);
    exports.fillPads(buffers.bits.pointer, lifting, matrix.columns);
    exports.syndrome(buffers.layers.pointer, matrix.rows, lifting, buffers.bits.pointer, buffers.syndrome.pointer);
    return this.#kernel.bytes(buffers.syndrome).slice();
  }

  /**
   * Begins to decode a frame.
   *
   * @param syndrome - packed syndrome of the error vector
   * @param prior - magnitude of every bit's prior, steps of the rule, 1 to 126; see `priorSteps`
   * @param bits - bits of the frame; those behind them are known to be 0
   * @param knowledge - what is known of single bits
   */
  start(syndrome: Uint8Array, prior: number, bits: number, knowledge: BitKnowledge = {}): void {
    const { known = new Map(), punctured = NO_BITS, doubted = [] } = knowledge;
    const { code, buffers, stride } = this.#current();
    const { matrix, lifting } = code;
    if (!this.#decodes) throw new TwincombError("internal", "the kernel has no memory to decode with");
    wholeInRange("prior", prior, 1, KNOWN - 1);
    wholeInRange("bits", bits, 1, matrix.columns * lifting);
    this.#writePacked(syndrome, buffers.syndrome);
    const { exports } = this.#kernel;
    exports.expand(buffers.syndrome.pointer, buffers.target.pointer, lifting, matrix.rows, lifting, ONE);
    this.#kernel.bytes(buffers.messages).fill(0);
    const posteriors = this.#kernel.bytes(buffers.bits).fill(prior);
    const place = (position: number) => Math.floor(position / lifting) * stride + (position % lifting);
    for (let i = 0; i < doubted.length; i++) posteriors[place(doubted[i]!)] = 0;
    const lastColumn = Math.floor(bits / lifting);
    if (lastColumn < matrix.columns) {
      posteriors.fill(KNOWN, place(bits), (lastColumn + 1) * stride);
      posteriors.fill(KNOWN, (lastColumn + 1) * stride);
    }
    const end = punctured.from + punctured.bits;
    for (let from = punctured.from; from < end; from = (Math.floor(from / lifting) + 1) * lifting) {
      posteriors.fill(0, place(from), place(from) + Math.min(lifting, end - from));
    }
    for (const [position, error] of known) posteriors[place(position)] = error === 1 ? 256 - KNOWN : KNOWN;
  }

  /**
   * Continues to decode.
   *
   * @param iterations - at most so many
   * @returns iterations made, negative as long as a check is violated
   */
  iterate(iterations: number): number {
    const { code, buffers } = this.#current();
    return this.#kernel.exports.iterate(
      buffers.layers.pointer,
      code.matrix.rows,
      code.matrix.columns,
      code.lifting,
      buffers.target.pointer,
      buffers.bits.pointer,
      buffers.messages.pointer,
      buffers.scratch.pointer,
      buffers.rule.pointer,
      iterations,
    );
  }

  /** The decoded error vector, packed, columns x lifting bits. */
  errors(): Uint8Array {
    const { code, buffers, stride } = this.#current();
    const { matrix, lifting } = code;
    this.#kernel.exports.packSigns(buffers.bits.pointer, buffers.packed.pointer, lifting, matrix.columns, stride);
    return this.#kernel.bytes(buffers.packed).slice();
  }

  /**
   * Bits that the checks still violated put in doubt: those with a third or more of their checks among them. To be asked
   * after `iterate`; decoding can go on as if it had not been.
   *
   * @param mostChecks - when more are violated, none
   * @returns their positions in no order; some may lie behind the frame
   */
  doubtful(mostChecks: number): readonly number[] {
    const { code, buffers } = this.#current();
    const { matrix, lifting } = code;
    const { exports } = this.#kernel;
    const syndrome = this.#kernel.bytes(buffers.syndrome);
    const told = syndrome.slice();
    exports.fillPads(buffers.bits.pointer, lifting, matrix.columns);
    exports.syndrome(buffers.layers.pointer, matrix.rows, lifting, buffers.bits.pointer, buffers.syndrome.pointer);
    const violated = told.map((byte, i) => byte ^ syndrome[i]!);
    syndrome.set(told);
    if (weight(violated) > mostChecks) return [];
    const violatedRows: number[][] = Array.from({ length: matrix.rows }, () => []);
    for (let check = 0; check < 8 * violated.length; check++) {
      if (bitAt(violated, check) === 1) violatedRows[Math.floor(check / lifting)]!.push(check % lifting);
    }
    const doubtful: number[] = [];
    for (let column = 0; column < matrix.columns; column++) {
      const violations = new Map<number, number>();
      for (let entry = matrix.starts[column]!; entry < matrix.starts[column + 1]!; entry++) {
        for (const row of violatedRows[matrix.entryRows[entry]!]!) {
          const position = column * lifting + ((row + matrix.entryShifts[entry]!) % lifting);
          violations.set(position, (violations.get(position) ?? 0) + 1);
        }
      }
      const degree = matrix.starts[column + 1]! - matrix.starts[column]!;
      for (const [position, count] of violations) if (CHECKS_PER_VIOLATION * count >= degree) doubtful.push(position);
    }
    return doubtful;
  }

  /**
   * Positions of the bits the decoder is least sure of, ascending.
   *
   * @param count - how many
   * @param ranges - only bits of these, each of which begins with a column
   */
  leastReliable(count: number, ranges: readonly BitRange[]): Uint32Array {
    const { code, buffers, stride } = this.#current();
    const { lifting } = code;
    const posteriors = new Int8Array(this.#kernel.bytes(buffers.bits).slice().buffer);
    const forEach = (visit: (position: number, magnitude: number) => void) => {
      for (const { from, bits } of ranges) {
        for (let position = from; position < from + bits; position++) {
          visit(position, Math.abs(posteriors[Math.floor(position / lifting) * stride + (position % lifting)]!));
        }
      }
    };
    const histogram = new Uint32Array(129);
    forEach((_, magnitude) => histogram[magnitude]!++);
    let limit = 0;
    let below = 0;
    while (limit < 128 && below + histogram[limit]! < count) below += histogram[limit++]!;
    let atLimit = count - below;
    const chosen: number[] = [];
    forEach((position, magnitude) => {
      if (magnitude < limit || (magnitude === limit && atLimit-- > 0)) chosen.push(position);
    });
    return Uint32Array.from(chosen);
  }

  /** Wipes everything this instance ever held. */
  [Symbol.dispose](): void {
    this.#kernel[Symbol.dispose]();
    this.#code = undefined;
    this.#buffers = undefined;
  }

  #current(): { code: LiftedCode; buffers: Buffers; stride: number } {
    const code = this.#code;
    const buffers = this.#buffers;
    if (code === undefined || buffers === undefined) throw new TwincombError("internal", "the kernel has no code yet");
    return { code, buffers, stride: this.#kernel.exports.columnStride(code.lifting) };
  }

  #writePacked(bytes: Uint8Array, region: Region): void {
    if (bytes.length > region.byteLength) {
      throw invalid("frame", `${bytes.length} bytes`, `at most ${region.byteLength} bytes`);
    }
    const view = this.#kernel.bytes(region);
    view.set(bytes);
    view.fill(0, bytes.length);
  }

  #writeLayers(matrix: BaseMatrix, lifting: number, stride: number, degrees: Uint32Array, words: Uint32Array): void {
    const ends = new Uint32Array(matrix.rows);
    let word = 0;
    for (let row = 0; row < matrix.rows; row++) {
      words[word] = degrees[row]!;
      ends[row] = word + 2;
      word += 2 + 2 * degrees[row]!;
    }
    for (let column = 0; column < matrix.columns; column++) {
      for (let entry = matrix.starts[column]!; entry < matrix.starts[column + 1]!; entry++) {
        const row = matrix.entryRows[entry]!;
        words[ends[row]!] = column * stride;
        words[ends[row]! + 1] = matrix.entryShifts[entry]! % lifting;
        ends[row]! += 2;
      }
    }
  }

  #writeRule(rule: CheckRule, maxDegree: number, region: Region): void {
    inRange("rule.delta", rule.delta, 0.1, 1);
    wholeInRange("rule.largest", rule.largest, 8, LARGEST_STABLE);
    const bytes = this.#kernel.bytes(region);
    bytes.fill(0);
    bytes[48] = rule.largest;
    if (rule.kind === "minimum") {
      bytes[49] = wholeInRange("rule.offset", rule.offset, 1, 7);
      return;
    }
    if (maxDegree > MAX_CHECK_DEGREE) {
      throw invalid("code.matrix", `a check of degree ${maxDegree}`, `at most ${MAX_CHECK_DEGREE}`);
    }
    const tables = softTables(rule.delta);
    bytes.set(tables.exponentials, 0);
    bytes.set(tables.softening, 16);
    bytes.set(tables.outgoing, 32);
    bytes[50] = tables.scale;
    bytes.set(tables.logarithms, 64);
  }
}
