/**
 * Collects the packed raw bits of both sides while a run goes on. Memory is the bits themselves, in pieces that are never
 * moved until they are joined.
 *
 * @module
 */
import type { RawBits } from "./photons-run.ts";

const PIECE_BYTES = 1 << 20;

/** Bytes of one side, appended in order. */
class ByteCollector {
  readonly #pieces: Uint8Array[] = [];
  #used = PIECE_BYTES;
  length = 0;

  append(bytes: Uint8Array): void {
    for (let taken = 0; taken < bytes.length; ) {
      if (this.#used === PIECE_BYTES) {
        this.#pieces.push(new Uint8Array(PIECE_BYTES));
        this.#used = 0;
      }
      const part = bytes.subarray(taken, taken + PIECE_BYTES - this.#used);
      this.#pieces.at(-1)!.set(part, this.#used);
      this.#used += part.length;
      taken += part.length;
    }
    this.length += bytes.length;
  }

  join(bits: number, rest: number): RawBits {
    const out = new Uint8Array(Math.ceil(bits / 8));
    let offset = 0;
    for (const piece of this.#pieces) {
      out.set(piece.subarray(0, this.length - offset), offset);
      offset = Math.min(offset + PIECE_BYTES, this.length);
    }
    for (let shift = 0; offset < out.length; shift += 8) out[offset++] = rest >>> shift;
    return { length: bits, bytes: out };
  }

  wipe(): void {
    for (const piece of this.#pieces) piece.fill(0);
  }
}

/** The packed bits of Alice and Bob, apart. */
export class RawBitCollector {
  readonly #alice = new ByteCollector();
  readonly #bob = new ByteCollector();

  /** Appends whole bytes of both sides. */
  append(alice: Uint8Array, bob: Uint8Array): void {
    this.#alice.append(alice);
    this.#bob.append(bob);
  }

  /**
   * Joins what has been collected.
   *
   * @param bits - number of bits of each side
   * @param aliceRest - Alice's bits that have not been appended yet, a word
   * @param bobRest - the same of Bob
   */
  finish(bits: number, aliceRest: number, bobRest: number): { alice: RawBits; bob: RawBits } {
    return { alice: this.#alice.join(bits, aliceRest), bob: this.#bob.join(bits, bobRest) };
  }

  /** Overwrites all bits. */
  wipe(): void {
    this.#alice.wipe();
    this.#bob.wipe();
  }
}
