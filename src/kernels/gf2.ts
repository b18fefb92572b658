/**
 * Polynomials over GF(2): exact products of any length.
 *
 * Coefficient i of a polynomial is bit i of a packed string, `(byte[i >> 3] >> (i & 7)) & 1`. Products are made by an
 * additive FFT over GF(2^32) of the Frobenius kind: a polynomial with coefficients in GF(2) has conjugate values at
 * conjugate points, so that 2^L coefficients need values at no more than 2^L / 32 points.
 *
 * Nothing branches on a coefficient or computes an address from one.
 *
 * @module
 */
import { TwincombError } from "../errors.ts";
import type { Kernel } from "./kernel.ts";
import type { KernelSource } from "./modules.ts";
import { loadBits, loadToeplitz, SLACK, type ToeplitzExports } from "./toeplitz-kernel.ts";

/** Largest transform used, 2^25 bits; longer polynomials are cut, because larger transforms leave the caches. */
const LARGEST_SIZE = 25;
const SMALLEST_SIZE = 16;

/** Multiplies polynomials over GF(2). */
export class PolynomialMultiplier implements Disposable {
  readonly #kernel: Kernel<ToeplitzExports>;

  private constructor(kernel: Kernel<ToeplitzExports>) {
    this.#kernel = kernel;
  }

  /**
   * Loads the kernel.
   *
   * @param source - where the kernel's binary comes from, default embedded
   * @returns a multiplier for products of any length
   */
  static async create(source: KernelSource = "embedded"): Promise<PolynomialMultiplier> {
    return new PolynomialMultiplier(await loadToeplitz(source));
  }

  /**
   * The product $c(x)=a(x)\,b(x)$, $c_k=\sum_ia_ib_{k-i}$ over GF(2).
   *
   * @param a - coefficients of one factor, packed; may be empty, which is 0
   * @param b - coefficients of the other
   * @returns the coefficients of the product in as many bytes as both factors have together
   * @throws {@link TwincombError} `out-of-memory` when the product is beyond it
   */
  multiply(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(a.length + b.length);
    if (a.length === 0 || b.length === 0) return out;
    let size = SMALLEST_SIZE;
    while (size < LARGEST_SIZE && 2 ** (size - 3) < out.length) size++;
    const mark = this.#kernel.mark();
    try {
      this.#multiplyPieces(a, b, out, size);
    } catch (cause) {
      if (!(cause instanceof TwincombError)) throw cause;
      throw new TwincombError("out-of-memory", `no memory for a product of ${8 * out.length} coefficients`, { cause });
    } finally {
      this.#kernel.release(mark);
    }
    return out;
  }

  /** Cuts both factors into pieces whose products fit a transform, and adds up products of pieces. */
  #multiplyPieces(a: Uint8Array, b: Uint8Array, out: Uint8Array, size: number): void {
    const kernel = this.#kernel;
    const { exports } = kernel;
    const bytes = 2 ** (size - 3);
    const whole = out.length <= bytes;
    const cut = whole ? bytes : bytes / 2;
    const room = (length: number) => kernel.allocate(length + SLACK);
    const plan = room(exports.planBytes()).pointer;
    exports.prepare(plan, size);
    const raw = room(bytes + 2 * SLACK);
    const spare = room(bytes).pointer;
    const sum = room(bytes);
    const pair = kernel.allocate(8);
    const transformed = (factor: Uint8Array) =>
      Array.from({ length: Math.ceil(factor.length / cut) }, (_, k) => {
        const { pointer } = room(bytes);
        const bits = 8 * Math.min(cut, factor.length - k * cut);
        loadBits(kernel, raw, pointer, bytes, factor, 8 * k * cut, bits);
        exports.transform(plan, pointer, spare, false, false, 2 * bits <= 2 ** size);
        return pointer;
      });
    const ofA = transformed(a);
    const ofB = transformed(b);
    for (let k = 0; k < ofA.length + ofB.length - 1; k++) {
      kernel.bytes(sum).fill(0);
      for (let i = Math.max(0, k - ofB.length + 1); i <= Math.min(k, ofA.length - 1); i++) {
        kernel.words(pair).set([sum.pointer, ofB[k - i]!]);
        exports.multiplyAdd(plan, ofA[i]!, pair.pointer, 1, 0, bytes);
      }
      exports.transform(plan, sum.pointer, spare, true, false, false);
      const piece = kernel.bytes(sum, Math.min(bytes, out.length - k * cut));
      const target = out.subarray(k * cut);
      for (let i = 0; i < piece.length; i++) target[i]! ^= piece[i]!;
    }
  }

  /** Wipes all traces of what was multiplied. */
  [Symbol.dispose](): void {
    this.#kernel[Symbol.dispose]();
  }
}

/**
 * Multiplies two polynomials over GF(2), once; see {@link PolynomialMultiplier} for many.
 *
 * @param a - coefficients of one factor, packed
 * @param b - coefficients of the other
 * @returns the coefficients of the product in as many bytes as both factors have together
 * @throws {@link TwincombError} `out-of-memory` when the product is beyond it
 */
export async function multiplyPolynomials(a: Uint8Array, b: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  using multiplier = await PolynomialMultiplier.create();
  return multiplier.multiply(a, b);
}
