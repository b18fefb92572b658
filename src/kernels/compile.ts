/**
 * Compiles WebAssembly from wherever it comes, and says in plain words when an engine cannot.
 *
 * @module
 */
import { TwincombError } from "../errors.ts";

/** What a kernel can be compiled from, and a module that already is. */
export type WasmSource = URL | Response | BufferSource | WebAssembly.Module;

/** `(func (result v128) (i8x16.popcnt (i8x16.splat (i32.const 0))))`: valid wherever the kernels are. */
const SIMD_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

/**
 * Compiles a kernel.
 *
 * @param source - a URL to fetch (`file:` too, in Node), a response, bytes, or a compiled module, which is given back
 * @returns the module; it can be sent to any number of workers
 * @throws {@link TwincombError} `unsupported` where WebAssembly with SIMD is missing or forbidden, `invalid-input` when
 *   the source holds no WebAssembly or cannot be fetched
 */
export async function compileWasm(source: WasmSource): Promise<WebAssembly.Module> {
  if (typeof WebAssembly !== "object") {
    throw new TwincombError("unsupported", "this JavaScript engine has no WebAssembly");
  }
  if (source instanceof WebAssembly.Module) return source;
  const binary = source instanceof URL ? await read(source) : source;
  try {
    if (!(binary instanceof Response)) return await WebAssembly.compile(binary);
    // Servers that do not know the type of .wasm files are common; streaming would refuse their answers.
    const streams = binary.headers.get("content-type") === "application/wasm";
    return await (streams ? WebAssembly.compileStreaming(binary) : WebAssembly.compile(await binary.arrayBuffer()));
  } catch (cause) {
    throw refusal(cause);
  }
}

async function read(url: URL): Promise<Response | BufferSource> {
  if (url.protocol === "file:" && typeof process === "object") {
    // Node's fetch knows no files. Asked for by name, so that bundlers for browsers find nothing to resolve.
    return await process.getBuiltinModule("node:fs/promises").readFile(url);
  }
  const response = await fetch(url);
  if (response.ok) return response;
  throw new TwincombError("invalid-input", `${url.href}: the server answered ${response.status}`, {
    parameter: "source",
    value: url.href,
    expected: "the address of a kernel's .wasm file",
  });
}

function refusal(cause: unknown): TwincombError {
  if (!WebAssembly.validate(SIMD_PROBE)) {
    return new TwincombError(
      "unsupported",
      "this JavaScript engine has no WebAssembly SIMD, which every kernel needs",
      {
        cause,
      },
    );
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (/unsafe-eval|disallowed by embedder|Content Security Policy/.test(reason)) {
    return new TwincombError(
      "unsupported",
      "the page's content security policy forbids WebAssembly: add 'wasm-unsafe-eval' to script-src",
      { cause },
    );
  }
  return new TwincombError("invalid-input", `the source of a kernel cannot be compiled: ${reason}`, {
    parameter: "source",
    expected: "a WebAssembly binary of this version of the package",
    cause,
  });
}
