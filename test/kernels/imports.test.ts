import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const binaries = join(root, "dist/kernels/wasm");
const targets = Object.keys(
  (JSON.parse(readFileSync(join(root, "asconfig.json"), "utf8")) as { targets: object }).targets,
);

const ALLOWED = ["env.abort", "env.memory"];

/** Import section of a binary, read without an engine: relaxed-SIMD builds do not compile everywhere. */
function importsOf(bytes: Uint8Array): string[] {
  let at = 8;
  const leb = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  };
  const name = () => {
    const length = leb();
    at += length;
    return new TextDecoder().decode(bytes.subarray(at - length, at));
  };
  const limits = () => {
    const flags = leb();
    leb();
    if (flags & 1) leb();
  };
  while (at < bytes.length) {
    const section = bytes[at++]!;
    const end = leb() + at;
    if (section !== 2) {
      at = end;
      continue;
    }
    return Array.from({ length: leb() }, () => {
      const path = `${name()}.${name()}`;
      const kind = bytes[at++]!;
      if (kind === 0) leb();
      else if (kind === 1) {
        at++;
        limits();
      } else if (kind === 2) limits();
      else at += 2;
      return path;
    });
  }
  return [];
}

describe("the WebAssembly core", () => {
  it("is built for every target", () => {
    expect(
      readdirSync(binaries)
        .filter((file) => file.endsWith(".wasm"))
        .sort(),
    ).toEqual(targets.map((target) => `${target}.wasm`).sort());
  });

  it.each(targets)("%s imports nothing but its memory and abort", (target) => {
    const imports = importsOf(readFileSync(join(binaries, `${target}.wasm`)));
    expect(imports).toContain("env.memory");
    expect(imports.filter((path) => !ALLOWED.includes(path))).toEqual([]);
  });

  it("the reader of import sections agrees with the engine, and would see another import", () => {
    // (module (import "env" "memory" (memory 1)) (import "env" "seed" (func (result f64))))
    const bytes = Uint8Array.of(
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 5, 1, 0x60, 0, 1, 0x7c],
      ...[2, 26, 2, 3, 101, 110, 118, 6, 109, 101, 109, 111, 114, 121, 2, 0, 1],
      ...[3, 101, 110, 118, 4, 115, 101, 101, 100, 0, 0],
    );
    const engine = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map(
      ({ module, name }) => `${module}.${name}`,
    );
    expect(importsOf(bytes)).toEqual(engine);
    expect(engine).toEqual(["env.memory", "env.seed"]);
  });
});
