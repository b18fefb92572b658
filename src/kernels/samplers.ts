/**
 * The core's exact samplers by themselves: the same functions that counting uses, for statistical tests and for users who
 * want engine-independent random numbers in bulk.
 *
 * @module
 */
import { inRange, wholeInRange } from "../errors.ts";
import type { Kernel, Region } from "./kernel.ts";
import { type KernelSource, loadKernel } from "./modules.ts";

interface SamplerExports {
  openFillStream(stream: number, k0: number, k1: number, link: number, purpose: number): void;
  fillExponential(stream: number, out: number, count: number): void;
  fillGeometric(stream: number, p: number, out: number, count: number): void;
  fillNormal(stream: number, out: number, count: number): void;
  fillPoisson(stream: number, mean: number, out: number, count: number): void;
  fillBinomial(stream: number, trials: number, p: number, out: number, count: number): void;
}

/** Samples of one call of the kernel. */
const PIECE = 65_536;
const STREAM_BYTES = 112;
const WORD = 2 ** 32 - 1;
/** Beyond this a double no longer holds every whole number. */
const MOST = Number.MAX_SAFE_INTEGER;

/** One stream of samples; what is drawn depends on key, link, purpose and what was drawn before from this stream. */
export class Samplers implements Disposable {
  readonly #kernel: Kernel<SamplerExports>;
  readonly #stream: Region;
  readonly #out: Region;

  private constructor(kernel: Kernel<SamplerExports>) {
    this.#kernel = kernel;
    this.#stream = kernel.allocate(STREAM_BYTES);
    this.#out = kernel.allocate(PIECE * 8);
  }

  /**
   * Opens a stream.
   *
   * @param key - Philox key, two 32-bit words
   * @param options - 32-bit link and purpose words of the counter (0 unless told), and where the kernel comes from
   * @throws {@link TwincombError} `invalid-input`
   */
  static async create(
    key: readonly [number, number],
    options: { readonly link?: number; readonly purpose?: number; readonly source?: KernelSource } = {},
  ): Promise<Samplers> {
    const k0 = wholeInRange("key[0]", key[0], 0, WORD);
    const k1 = wholeInRange("key[1]", key[1], 0, WORD);
    const link = wholeInRange("link", options.link ?? 0, 0, WORD);
    const purpose = wholeInRange("purpose", options.purpose ?? 0, 0, WORD);
    const samplers = new Samplers(await loadKernel<SamplerExports>("photons", options.source));
    samplers.#kernel.exports.openFillStream(samplers.#stream.pointer, k0, k1, link, purpose);
    return samplers;
  }

  #fill(out: Float64Array, draw: (out: number, count: number) => void): Float64Array {
    for (let done = 0; done < out.length; done += PIECE) {
      const count = Math.min(PIECE, out.length - done);
      // Exponentials come in pairs.
      draw(this.#out.pointer, count + (count & 1));
      out.set(this.#kernel.doubles(this.#out, count), done);
    }
    return out;
  }

  /** Fills with exponentials of mean 1. */
  exponential(out: Float64Array): Float64Array {
    return this.#fill(out, (at, count) => this.#kernel.exports.fillExponential(this.#stream.pointer, at, count));
  }

  /**
   * Fills with geometric numbers: failures before the first success, $P(k) = p (1-p)^k$.
   *
   * @param p - probability of success, in (0, 1]
   * @param out - filled and returned
   * @throws {@link TwincombError} `invalid-input`
   */
  geometric(p: number, out: Float64Array): Float64Array {
    inRange("p", p, Number.MIN_VALUE, 1);
    return this.#fill(out, (at, count) => this.#kernel.exports.fillGeometric(this.#stream.pointer, p, at, count));
  }

  /** Fills with standard normal numbers. */
  normal(out: Float64Array): Float64Array {
    return this.#fill(out, (at, count) => this.#kernel.exports.fillNormal(this.#stream.pointer, at, count));
  }

  /**
   * Fills with Poisson numbers.
   *
   * @param mean - 0 to 2^53 - 1
   * @param out - filled and returned
   * @throws {@link TwincombError} `invalid-input`
   */
  poisson(mean: number, out: Float64Array): Float64Array {
    inRange("mean", mean, 0, MOST);
    return this.#fill(out, (at, count) => this.#kernel.exports.fillPoisson(this.#stream.pointer, mean, at, count));
  }

  /**
   * Fills with binomial numbers.
   *
   * @param trials - whole, 0 to 2^53 - 1
   * @param p - probability of success, 0 to 1
   * @param out - filled and returned
   * @throws {@link TwincombError} `invalid-input`
   */
  binomial(trials: number, p: number, out: Float64Array): Float64Array {
    wholeInRange("trials", trials, 0, MOST);
    inRange("p", p, 0, 1);
    const { exports } = this.#kernel;
    return this.#fill(out, (at, count) => exports.fillBinomial(this.#stream.pointer, trials, p, at, count));
  }

  /** Wipes and forgets the stream. */
  [Symbol.dispose](): void {
    this.#kernel[Symbol.dispose]();
  }
}
