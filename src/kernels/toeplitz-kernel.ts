/**
 * The `toeplitz` kernel: which of its two builds to run, and what it exports.
 *
 * Both builds give the same bits. The one with relaxed SIMD saves an instruction on every table look-up where the
 * engine has it; a look-up with an index that both kinds of instruction treat alike is all it uses.
 *
 * @module
 */
import { decodeBase64, Kernel, type KernelSource } from "./kernel.ts";

/** Exports of the kernel; every argument but sizes and flags is an address. */
export interface ToeplitzExports {
  /** Bytes of a plan. */
  planBytes(): number;
  /** Writes the plan of transforms of 2^size bits. */
  prepare(plan: number, size: number): void;
  /** Transforms 2^size bits in place; `spare` is as large. */
  transform(plan: number, data: number, spare: number, backward: boolean, dual: boolean): void;
  /** Adds to each point of `sum` the product of `x` and `y` there. */
  multiplyAdd(plan: number, sum: number, x: number, y: number): void;
  /** Copies bits from any place to the beginning of zeroed room. */
  copyBits(target: number, room: number, source: number, start: number, count: number): void;
  /** Writes bytes and bits in opposite order. */
  mirrorBits(target: number, source: number, length: number): void;
  /** Adds bits to bits. */
  addBits(target: number, source: number, length: number): void;
}

/** Smallest and largest transform of the kernel: 2^16 to 2^27 bits. */
export const TRANSFORM_SIZE = { minimum: 16, maximum: 27 } as const;

/** The embedded binary, compiled once for all instances. */
let compiled: Promise<WebAssembly.Module> | undefined;

async function compileEmbedded(): Promise<WebAssembly.Module> {
  const relaxed = decodeBase64((await import("./wasm/toeplitz-relaxed.ts")).base64);
  if (WebAssembly.validate(relaxed)) return WebAssembly.compile(relaxed);
  return WebAssembly.compile(decodeBase64((await import("./wasm/toeplitz.ts")).base64));
}

/**
 * Makes an instance of the kernel in a memory of its own.
 *
 * @param source - where the binary comes from; `embedded` takes the faster of two builds that the engine can run
 * @returns the instance
 */
export async function loadToeplitz(source: KernelSource): Promise<Kernel<ToeplitzExports>> {
  if (source !== "embedded") return Kernel.load<ToeplitzExports>(source);
  compiled ??= compileEmbedded();
  return Kernel.load<ToeplitzExports>(await compiled);
}
