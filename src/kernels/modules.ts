/**
 * The compiled kernels: each is loaded when it is first wanted, compiled once, and shared by all its instances.
 *
 * Binaries come from the package itself, as base64 in a module of its own that is imported on demand, unless
 * {@link provideKernels} names another place.
 *
 * @module
 */
import { compileWasm, type WasmSource } from "./compile.ts";
import { decodeBase64, Kernel } from "./kernel.ts";

/** Where one kernel comes from: embedded in the package unless told otherwise. */
export type KernelSource = "embedded" | WasmSource;

/** Kernels that are loaded on demand. */
export const KERNEL_NAMES = ["bits", "comb", "ldpc", "photons", "toeplitz"] as const;

/** Name of a kernel. */
export type KernelName = (typeof KERNEL_NAMES)[number];

/** Places of kernels, by name; those that are not named stay embedded. */
export type KernelSources = Readonly<Partial<Record<KernelName, KernelSource>>>;

/** Compiled kernels, by name. */
export type KernelModules = Readonly<Partial<Record<KernelName, WebAssembly.Module>>>;

const embedded: Readonly<Record<KernelName, () => Promise<Uint8Array<ArrayBuffer>>>> = {
  bits: async () => inflated((await import("./wasm/bits.ts")).base64),
  comb: async () => inflated((await import("./wasm/comb.ts")).base64),
  ldpc: async () => inflated((await import("./wasm/ldpc.ts")).base64),
  photons: async () => inflated((await import("./wasm/photons.ts")).base64),
  // Two builds that give the same bits. Relaxed SIMD saves an instruction on every table look-up where the engine has
  // it; the kernel uses no look-up with an index that the two kinds of instruction treat differently.
  toeplitz: async () => {
    const { base64, sizes } = await import("./wasm/toeplitz.ts");
    const both = await inflated(base64);
    const relaxed = both.subarray(0, sizes[0]);
    return WebAssembly.validate(relaxed) ? relaxed : both.subarray(sizes[0]);
  },
};

/** Binaries deflate to half their size, which base64 by itself does not. */
async function inflated(base64: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Response(decodeBase64(base64)).body!.pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** What is compiled, or being compiled. */
const compiled = new Map<KernelName, Promise<WebAssembly.Module>>();

/**
 * Says where kernels shall come from in this thread from now on, in place of the embedded binaries. Instances that
 * exist keep what they have.
 *
 * @param sources - for each kernel a URL, a `Response`, bytes, a compiled module, or `"embedded"`
 *
 * @example
 * ```ts
 * provideKernels({ photons: new URL("/wasm/photons.wasm", location.href) });
 * ```
 */
export function provideKernels(sources: KernelSources): void {
  for (const name of KERNEL_NAMES) {
    const source = sources[name];
    if (source === "embedded") compiled.delete(name);
    else if (source !== undefined) remember(name, compileWasm(source));
  }
}

/**
 * A compiled kernel.
 *
 * @param name - which
 * @param source - where it comes from; `embedded` is what the package, or {@link provideKernels}, provides
 * @returns the module; it can be sent to workers
 * @throws {@link TwincombError} `unsupported` where the engine cannot run it, `invalid-input` for a source that holds none
 */
export async function kernelModule(name: KernelName, source: KernelSource = "embedded"): Promise<WebAssembly.Module> {
  if (source !== "embedded") return await compileWasm(source);
  return await (compiled.get(name) ?? remember(name, embedded[name]().then(compileWasm)));
}

/**
 * A new instance of a kernel, in a memory of its own.
 *
 * @param name - which
 * @param source - see {@link kernelModule}
 * @returns the instance
 * @throws {@link TwincombError} as {@link kernelModule}, and `out-of-memory`
 */
export async function loadKernel<Exports>(name: KernelName, source?: KernelSource): Promise<Kernel<Exports>> {
  return await Kernel.load<Exports>(await kernelModule(name, source));
}

function remember(name: KernelName, module: Promise<WebAssembly.Module>): Promise<WebAssembly.Module> {
  compiled.set(name, module);
  // A fetch that failed is tried again by the next who asks.
  module.catch(() => {
    if (compiled.get(name) === module) compiled.delete(name);
  });
  return module;
}
