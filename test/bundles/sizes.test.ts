import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const KILOBYTE = 1000;

/** What a browser application would be made of, minified. */
interface Bundle {
  /** What the entry loads at once, gzip, bytes. */
  readonly firstGzip: number;
  /** All chunks together, gzip, bytes. */
  readonly gzip: number;
  /** Files that the entry loads at once anything of. */
  readonly firstInputs: readonly string[];
  /** Files that anything is left of. */
  readonly inputs: readonly string[];
}

async function bundle(code: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    outdir: "bundle",
    write: false,
    metafile: true,
  });
  const sizes = new Map(
    outputFiles.map(({ path, contents }) => [relative(root, path), gzipSync(contents, { level: 9 }).length]),
  );
  const all = Object.keys(metafile.outputs);
  const first = loadedAtOnce(metafile, all.find((path) => metafile.outputs[path]!.entryPoint === "<stdin>")!);
  const gzip = (paths: readonly string[]) => paths.reduce((sum, path) => sum + sizes.get(path)!, 0);
  const inputs = (paths: readonly string[]) =>
    paths.flatMap((path) =>
      Object.entries(metafile.outputs[path]!.inputs)
        .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
        .map(([file]) => file),
    );
  return { firstGzip: gzip(first), gzip: gzip(all), firstInputs: inputs(first), inputs: inputs(all) };
}

/** A chunk and those that it imports in plain statements, at any remove. */
function loadedAtOnce({ outputs }: Metafile, path: string, found: string[] = []): string[] {
  if (found.includes(path)) return found;
  found.push(path);
  for (const { path: other, kind } of outputs[path]!.imports) {
    if (kind === "import-statement") loadedAtOnce({ inputs: {}, outputs }, other, found);
  }
  return found;
}

describe.skipIf(!existsSync(join(root, "dist/index.js")))("a browser bundle", () => {
  it("of a key rate is small and holds no WebAssembly", async () => {
    const { firstGzip, firstInputs } = await bundle('export { rateCurve, plob } from "twincomb/protocol";');
    expect(firstGzip).toBeLessThanOrEqual(15 * KILOBYTE);
    expect(firstInputs.filter((file) => !/dist\/(protocol\/|errors|units|constants)|<stdin>/.test(file))).toEqual([]);
  });

  it("of a key rate from the package's root loads no more than formulas either", async () => {
    const { firstGzip, firstInputs } = await bundle('export { rateCurve, plob } from "twincomb";');
    expect(firstInputs.filter((file) => !/dist\/(protocol\/|errors|units|constants)|<stdin>/.test(file))).toEqual([]);
    // esbuild adds formulas that only other exports need.
    expect(firstGzip).toBeLessThanOrEqual(16 * KILOBYTE);
  });

  it("of the whole engine, every export of it, is at most 250 kB", async () => {
    const { gzip, inputs } = await bundle('export * from "twincomb";');
    expect(gzip).toBeLessThanOrEqual(250 * KILOBYTE);
    // What only the command line needs stays out.
    expect(inputs.filter((file) => /dist\/(report|cli)|plot|linkedom|commander|node:/.test(file))).toEqual([]);
  });

  it("of an engine begins with less than 15 kB: the rest is its worker, and kernels on demand", async () => {
    const { firstGzip } = await bundle('export { createEngine } from "twincomb/engine";');
    expect(firstGzip).toBeLessThanOrEqual(15 * KILOBYTE);
  });
});
