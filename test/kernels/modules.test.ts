import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { compileWasm } from "../../src/kernels/compile.ts";
import { type KernelName, kernelModule, provideKernels } from "../../src/kernels/modules.ts";
import { loadToeplitz } from "../../src/kernels/toeplitz-kernel.ts";

const path = (name: string) => resolve(import.meta.dirname, `../../dist/kernels/wasm/${name}.wasm`);
const binary = (name: string) => new Uint8Array(readFileSync(path(name)));
const exportsOf = (module: WebAssembly.Module) => WebAssembly.Module.exports(module).map(({ name }) => name);

afterEach(() => {
  vi.restoreAllMocks();
  provideKernels({ comb: "embedded", ldpc: "embedded", photons: "embedded", toeplitz: "embedded" });
});

describe("a kernel's source", () => {
  it("may be bytes, a file, a response of any type, or a module", async () => {
    const expected = exportsOf(await compileWasm(binary("ldpc")));
    expect(expected).toContain("syndrome");
    const typed = { headers: { "content-type": "application/wasm" } };
    const module = await compileWasm(pathToFileURL(path("ldpc")));
    for (const source of [module, new Response(binary("ldpc")), new Response(binary("ldpc"), typed)]) {
      expect(exportsOf(await compileWasm(source))).toEqual(expected);
    }
    expect(await compileWasm(module)).toBe(module);
  });

  it("may be an address, and says what the server answered when it holds nothing", async () => {
    const server = createServer((request, response) => {
      if (request.url === "/ldpc.wasm") response.end(binary("ldpc"));
      else response.writeHead(404).end();
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect(exportsOf(await compileWasm(new URL("/ldpc.wasm", base)))).toContain("syndrome");
      await expect(compileWasm(new URL("/lost.wasm", base))).rejects.toMatchObject({ code: "invalid-input" });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["a page that says it is not there", new TextEncoder().encode("<!doctype html>")],
  ])("is refused when it holds %s", async (_, bytes) => {
    await expect(compileWasm(bytes)).rejects.toMatchObject({ code: "invalid-input", parameter: "source" });
  });

  it("is the embedded binary, byte for byte what the build wrote, compiled once", async () => {
    for (const name of ["bits", "comb", "ldpc", "photons"] satisfies KernelName[]) {
      const module = await kernelModule(name);
      expect(exportsOf(module)).toEqual(exportsOf(await compileWasm(binary(name))));
      expect(await kernelModule(name)).toBe(module);
    }
  });

  it("is what was provided, for whoever asks for none in particular", async () => {
    const module = await compileWasm(binary("ldpc"));
    provideKernels({ ldpc: module });
    expect(await kernelModule("ldpc")).toBe(module);
    provideKernels({ ldpc: "embedded" });
    expect(await kernelModule("ldpc")).not.toBe(module);
  });

  it("is asked for again after it could not be had", async () => {
    provideKernels({ ldpc: Uint8Array.of(0) });
    await expect(kernelModule("ldpc")).rejects.toMatchObject({ code: "invalid-input" });
    expect(exportsOf(await kernelModule("ldpc"))).toContain("syndrome");
  });
});

describe("an engine's abilities", () => {
  it("decide which build of the Toeplitz kernel runs", async () => {
    const valid = WebAssembly.validate.bind(WebAssembly);
    const relaxedSize = binary("toeplitz-relaxed").length;
    for (const able of [valid(binary("toeplitz-relaxed")), false]) {
      vi.spyOn(WebAssembly, "validate").mockImplementation(
        (bytes) => valid(bytes) && (able || (bytes as Uint8Array).length !== relaxedSize),
      );
      provideKernels({ toeplitz: "embedded" });
      const kernel = await loadToeplitz("embedded");
      expect(Boolean(kernel.exports.relaxed())).toBe(able);
      vi.restoreAllMocks();
    }
  });

  it("are named when SIMD is missing", async () => {
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    vi.spyOn(WebAssembly, "compile").mockRejectedValue(new WebAssembly.CompileError("invalid value type 's128'"));
    await expect(kernelModule("photons")).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("SIMD") as string,
    });
  });

  it("are named when a policy forbids to compile", async () => {
    const refusal = "WebAssembly.compile(): Refused to compile or instantiate WebAssembly module because 'unsafe-eval'";
    vi.spyOn(WebAssembly, "compile").mockRejectedValue(new WebAssembly.CompileError(refusal));
    await expect(kernelModule("comb")).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("wasm-unsafe-eval") as string,
    });
  });

  it("are named when there is no WebAssembly at all", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    await expect(compileWasm(binary("ldpc"))).rejects.toMatchObject({ code: "unsupported" });
    vi.unstubAllGlobals();
  });
});
