/**
 * The `toeplitz` kernel: what it exports, and how bits get into it.
 *
 * @module
 */
import type { Kernel, Region } from "./kernel.ts";
import { type KernelSource, loadKernel } from "./modules.ts";

/** Exports of the kernel; every argument but sizes and flags is an address. */
export interface ToeplitzExports {
  /** Whether this is the build with relaxed SIMD. */
  relaxed(): boolean | number;
  /** Bytes of a plan. */
  planBytes(): number;
  /** Writes the plan of transforms of 2^size bits. */
  prepare(plan: number, size: number): void;
  /** Transforms 2^size bits in place; `spare` is as large; `short` if the upper half is zero, or not wanted. */
  transform(plan: number, data: number, spare: number, backward: boolean, dual: boolean, short: boolean): void;
  /**
   * Adds to points of sums the products of `x` and factors there; `pairs` lists addresses of sums and factors, `from`
   * and `to` are the bytes of the points in question.
   */
  multiplyAdd(plan: number, x: number, pairs: number, count: number, from: number, to: number): void;
  /** Writes tables for {@link ToeplitzExports.directProduct}. */
  directTables(tables: number, seed: number, count: number): void;
  /** Multiplies without a transform, in constant time. */
  directProduct(out: number, vectors: number, x: number, length: number, tables: number): void;
  /** Writes strings for {@link ToeplitzExports.directProductVariableTime}. */
  directStrings(strings: number, seed: number, length: number): void;
  /** Multiplies without a transform, from addresses that depend on the key. */
  directProductVariableTime(
    out: number,
    vectors: number,
    x: number,
    length: number,
    strings: number,
    stringLength: number,
  ): void;
  /** Copies bits from any place to the beginning of zeroed room. */
  copyBits(target: number, room: number, source: number, start: number, count: number): void;
  /** Writes bytes and bits in opposite order. */
  mirrorBits(target: number, source: number, length: number): void;
  /** Adds bits to bits. */
  addBits(target: number, source: number, length: number): void;
}

/** Smallest and largest transform of the kernel: 2^16 to 2^27 bits. */
export const TRANSFORM_SIZE = { minimum: 16, maximum: 27 } as const;

/** Bytes behind the last one of a region that the kernel may read. */
export const SLACK = 64;

/**
 * Makes an instance of the kernel in a memory of its own.
 *
 * @param source - where the binary comes from; `embedded` takes the faster of two builds that the engine can run
 * @returns the instance
 */
export async function loadToeplitz(source: KernelSource): Promise<Kernel<ToeplitzExports>> {
  return await loadKernel<ToeplitzExports>("toeplitz", source);
}

/**
 * Bytes of so many bits in whole vectors.
 *
 * @param bits - number of bits
 */
export function vectorBytes(bits: number): number {
  return Math.ceil(bits / 128) * 16;
}

/**
 * Brings bits of a packed string to the beginning of a region, zeros behind them.
 *
 * @param kernel - the kernel
 * @param raw - work place for the bytes that hold the bits, with {@link SLACK}
 * @param target - receives the bits
 * @param room - bytes of the target to fill, a multiple of 16
 * @param packed - the string; places before its first bit count as 0
 * @param start - place of the first bit
 * @param count - number of bits
 */
export function loadBits(
  kernel: Kernel<ToeplitzExports>,
  raw: Region,
  target: number,
  room: number,
  packed: Uint8Array,
  start: number,
  count: number,
): void {
  const firstByte = Math.floor(start / 8);
  const bytes = kernel.bytes(raw);
  const before = Math.max(0, -firstByte);
  const piece = packed.subarray(firstByte + before, Math.ceil((start + count) / 8));
  bytes.fill(0, 0, before);
  bytes.set(piece, before);
  bytes.fill(0, before + piece.length, before + piece.length + SLACK);
  kernel.exports.copyBits(target, room, raw.pointer, start - 8 * firstByte, count);
}
