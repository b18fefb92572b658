/**
 * Loads one WebAssembly kernel and owns its linear memory. Nothing outside this folder sees a pointer.
 *
 * @module
 */
import "../disposal.ts";
import { instantiate } from "@assemblyscript/loader";
import { TwincombError } from "../errors.ts";
import { compileWasm, type WasmSource } from "./compile.ts";

/** A reusable stretch of a kernel's linear memory. */
export interface Region {
  /** Byte address of the first byte. */
  readonly pointer: number;
  /** Length in bytes. */
  readonly byteLength: number;
}

/** Largest linear memory of a 32-bit module, in bytes. */
const ADDRESS_SPACE = 2 ** 32;
const PAGE = 65_536;

/**
 * One instance of one kernel: its exports, and an arena of linear memory handed out from the bottom.
 *
 * Views are made afresh on each request, because growing the memory detaches every older view.
 */
export class Kernel<Exports> implements Disposable {
  /** The module's exported functions, called with pointers of this instance's memory only. */
  readonly exports: Exports;
  readonly #memory: WebAssembly.Memory;
  readonly #bottom: number;
  #top: number;
  #highest: number;

  private constructor(exports: Exports, memory: WebAssembly.Memory, bottom: number) {
    this.exports = exports;
    this.#memory = memory;
    this.#bottom = bottom;
    this.#top = bottom;
    this.#highest = bottom;
  }

  /**
   * Instantiates a kernel in a memory of its own.
   *
   * @param source - a compiled module, or whatever it can be compiled from
   * @returns the instance
   * @throws {@link TwincombError} `unsupported`, `invalid-input` or `out-of-memory`
   */
  static async load<Exports>(source: WasmSource): Promise<Kernel<Exports>> {
    const module = await compileWasm(source);
    const memory = newMemory();
    const { instance } = await instantiate(module, { env: { memory } });
    // The loader's own wrappers copy argument counts on every call; the plain exports do not.
    const exports = instance.exports as unknown as Exports & { heapBase: WebAssembly.Global };
    return new Kernel<Exports>(exports, memory, align(exports.heapBase.value));
  }

  /**
   * Takes a stretch of memory, zero-filled the first time it is used.
   *
   * @param byteLength - how many bytes
   * @returns the stretch, aligned to 64 bytes
   * @throws {@link TwincombError} `out-of-memory` when the address space or the machine has no more
   */
  allocate(byteLength: number): Region {
    const pointer = this.#top;
    const end = align(pointer + byteLength);
    const missing = end - this.#memory.buffer.byteLength;
    if (missing > 0) {
      try {
        if (end > ADDRESS_SPACE) throw new RangeError("beyond the 4 GiB of a 32-bit module");
        this.#memory.grow(Math.ceil(missing / PAGE));
      } catch (cause) {
        throw new TwincombError("out-of-memory", `a kernel needs ${end} bytes of memory and cannot have them`, {
          value: end,
          expected: `at most ${ADDRESS_SPACE} bytes, and as much as the machine has free`,
          cause,
        });
      }
    }
    this.#top = end;
    this.#highest = Math.max(this.#highest, end);
    return { pointer, byteLength };
  }

  /** Remembers how much is allocated, for {@link Kernel.release}. */
  mark(): number {
    return this.#top;
  }

  /**
   * Gives back everything allocated after a {@link Kernel.mark} and wipes it.
   *
   * @param mark - what `mark` returned
   */
  release(mark: number): void {
    new Uint8Array(this.#memory.buffer, mark, this.#top - mark).fill(0);
    this.#top = mark;
  }

  /** A fresh view of bytes; dead after the next allocation. */
  bytes(region: Region, length: number = region.byteLength): Uint8Array {
    return new Uint8Array(this.#memory.buffer, region.pointer, length);
  }

  /** A fresh view of 32-bit words; dead after the next allocation. */
  words(region: Region, length: number = region.byteLength >>> 2): Uint32Array {
    return new Uint32Array(this.#memory.buffer, region.pointer, length);
  }

  /** A fresh view of doubles; dead after the next allocation. */
  doubles(region: Region, length: number = region.byteLength >>> 3): Float64Array {
    return new Float64Array(this.#memory.buffer, region.pointer, length);
  }

  /** Wipes everything this instance ever held. */
  [Symbol.dispose](): void {
    new Uint8Array(this.#memory.buffer, this.#bottom, this.#highest - this.#bottom).fill(0);
    this.#top = this.#bottom;
  }
}

/** Browsers set the whole address space aside for a memory, and refuse when too many are alive. */
function newMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: ADDRESS_SPACE / PAGE });
  } catch (cause) {
    throw new TwincombError(
      "out-of-memory",
      "no address space is left for another kernel: dispose of those not needed",
      {
        cause,
      },
    );
  }
}

/** Cache lines are 64 bytes, and no SIMD load wants more. */
function align(address: number): number {
  return Math.ceil(address / 64) * 64;
}

/**
 * Decodes an embedded binary.
 *
 * @param base64 - the binary, base64
 * @returns its bytes
 */
export function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
