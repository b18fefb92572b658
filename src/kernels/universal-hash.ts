/**
 * A polynomial hash over GF(2^128): GHASH of NIST SP 800-38D (doi:10.6028/NIST.SP.800-38D, section 6.4), with the
 * message in the place of the additional data and nothing in that of the ciphertext.
 *
 * The message is padded with zeros to blocks of 128 bits, $b_1\dots b_\ell$, and a block $b_{\ell+1}$ with its length
 * is put behind it, so that no two messages have the same blocks: $h_H=\sum_{i=1}^{\ell+1}b_iH^{\ell+2-i}$. For two
 * different messages of at most $\ell$ blocks and any 128-bit difference, at most $\ell+1$ of the $2^{128}$ keys H give
 * the hashes that difference. Cut to t bits, the probability is at most $(\ell+1)2^{-t}$.
 *
 * No address and no branch in the core depends on the key or on the contents of the message.
 *
 * @module
 */
import { invalid, wholeInRange } from "../errors.ts";
import { decodeBase64 } from "./kernel.ts";
import { base64 } from "./wasm/ghash.ts";

/** Length of a key, **bytes**. */
export const POLYNOMIAL_KEY_BYTES = 16;

const BLOCK = 16;
/** Blocks that the core takes in at once. */
const GROUP = 16 * BLOCK;
/** Bytes copied to the core at a time. */
const BUFFER = 256 * GROUP;

interface GhashExports {
  readonly heapBase: WebAssembly.Global;
  stateBytes(): number;
  begin(state: number, key: number): void;
  absorb(state: number, data: number, groups: number): void;
  finish(state: number, data: number, blocks: number, out: number): void;
}

/** The core is small enough to be compiled at once, and compiled once for all. */
let compiled: WebAssembly.Module | undefined;

/** A hash of one message that may arrive in pieces. */
export class PolynomialHash implements Disposable {
  readonly #exports: GhashExports;
  readonly #memory: Uint8Array;
  readonly #state: number;
  readonly #buffer: number;
  #filled = 0;
  #length = 0;

  /**
   * @param key - the key H, 16 bytes, drawn uniformly
   * @throws {@link TwincombError} `invalid-input` when the key has another length
   */
  constructor(key: Uint8Array) {
    if (key.length !== POLYNOMIAL_KEY_BYTES) throw invalid("key", `${key.length} bytes`, "16 bytes");
    compiled ??= new WebAssembly.Module(decodeBase64(base64));
    const memory = new WebAssembly.Memory({ initial: 3, maximum: 65_536 });
    const instance = new WebAssembly.Instance(compiled, { env: { memory, abort: () => undefined } });
    this.#exports = instance.exports as unknown as GhashExports;
    this.#memory = new Uint8Array(memory.buffer);
    this.#state = Math.ceil(this.#exports.heapBase.value / 64) * 64;
    this.#buffer = Math.ceil((this.#state + this.#exports.stateBytes()) / 64) * 64;
    this.#memory.set(key, this.#buffer);
    this.#exports.begin(this.#state, this.#buffer);
  }

  /**
   * Takes in the next bytes of the message.
   *
   * @param bytes - the bytes; whole messages may be cut anywhere
   * @returns this hash
   */
  update(bytes: Uint8Array): this {
    for (let start = 0; start < bytes.length; ) {
      const piece = bytes.subarray(start, start + BUFFER - this.#filled);
      this.#memory.set(piece, this.#buffer + this.#filled);
      this.#filled += piece.length;
      start += piece.length;
      if (this.#filled === BUFFER) {
        this.#exports.absorb(this.#state, this.#buffer, BUFFER / GROUP);
        this.#filled = 0;
      }
    }
    this.#length += bytes.length;
    return this;
  }

  /**
   * Ends the message.
   *
   * @param bits - bits of the hash to keep, a multiple of 8 up to 128; the first ones of the block
   * @returns the hash
   * @throws {@link TwincombError} `invalid-input` for another number of bits
   */
  digest(bits: number = 128): Uint8Array<ArrayBuffer> {
    checkTagBits(bits);
    const groups = Math.floor(this.#filled / GROUP);
    this.#exports.absorb(this.#state, this.#buffer, groups);
    const start = this.#buffer + groups * GROUP;
    const blocks = Math.ceil((this.#filled - groups * GROUP) / BLOCK);
    const end = start + blocks * BLOCK;
    this.#memory.fill(0, this.#buffer + this.#filled, end + 2 * BLOCK);
    // The length of the message in bits, most significant byte first, and of a ciphertext that there is not.
    const view = new DataView(this.#memory.buffer);
    view.setBigUint64(end, 8n * BigInt(this.#length));
    this.#exports.finish(this.#state, start, blocks + 1, end + BLOCK);
    return this.#memory.slice(end + BLOCK, end + BLOCK + bits / 8);
  }

  /** Wipes the key and the message. */
  [Symbol.dispose](): void {
    this.#memory.fill(0);
  }
}

function checkTagBits(bits: number): void {
  wholeInRange("bits", bits, 8, 128);
  if (bits % 8 !== 0) throw invalid("bits", bits, "a multiple of 8");
}

/**
 * Hashes a message.
 *
 * @param key - the key H, 16 bytes, drawn uniformly
 * @param message - any bytes
 * @param bits - bits of the hash to keep, a multiple of 8 up to 128
 * @returns the hash
 * @throws {@link TwincombError} `invalid-input` when the key is not 16 bytes or the number of bits not allowed
 */
export function polynomialTag(key: Uint8Array, message: Uint8Array, bits: number = 128): Uint8Array<ArrayBuffer> {
  using hash = new PolynomialHash(key);
  return hash.update(message).digest(bits);
}

/**
 * Largest probability, over keys, that two different messages have the same hash, or hashes with any given difference:
 * $(\lceil n/128\rceil+1)\,2^{-t}$.
 *
 * @param messageBits - length n of the longer message, **bits**
 * @param tagBits - length t of the hash, **bits**
 * @returns the bound, at most 1
 */
export function collisionBound(messageBits: number, tagBits: number): number {
  return Math.min(1, (Math.ceil(messageBits / 128) + 1) * 2 ** -tagBits);
}
