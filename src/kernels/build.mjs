/**
 * Builds the WebAssembly core: every target of asconfig.json is compiled from `assembly/<kernel>/index.ts`
 * and written as `dist/kernels/wasm/<target>.wasm` for hosts that fetch it. For everyone else there is one module a
 * kernel, `src/kernels/wasm/<kernel>.ts`: base64 of its binary, deflated unless it must be at hand without waiting. Two
 * builds of a kernel stand behind each other in one, where the second costs next to nothing. A kernel whose sources did
 * not change is left alone.
 *
 *     node src/kernels/build.mjs [kernel ...]
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const config = JSON.parse(readFileSync(join(root, "asconfig.json"), "utf8"));
const compilerVersion = JSON.parse(
  readFileSync(join(root, "node_modules/assemblyscript/package.json"), "utf8"),
).version;
/** Compiled and used in one breath. */
const SYNCHRONOUS = ["ghash"];
const binaries = join(root, "dist/kernels/wasm");
const modules = join(root, "src/kernels/wasm");

/** One hash over everything that can change a kernel's binaries: sources, options, compiler. */
function sourceHash(kernel) {
  const hash = createHash("sha256").update(JSON.stringify([config, kernel, compilerVersion]));
  const files = readdirSync(join(root, "assembly"), { recursive: true })
    .filter((file) => file.endsWith(".ts"))
    .sort();
  for (const file of files) hash.update(file).update(readFileSync(join(root, "assembly", file)));
  return hash.digest("hex");
}

/** Targets by kernel; the longer name, which engines prefer, comes first. */
const kernels = new Map();
for (const target of Object.keys(config.targets)) {
  const kernel = target.split("-")[0];
  kernels.set(kernel, [target, ...(kernels.get(kernel) ?? [])]);
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : [...kernels.keys()];
mkdirSync(binaries, { recursive: true });
mkdirSync(modules, { recursive: true });

let compiler;
async function compile(kernel, target) {
  compiler ??= await import("assemblyscript/asc");
  const binary = join(binaries, `${target}.wasm`);
  const { error, stderr } = await compiler.main(
    [`assembly/${kernel}/index.ts`, "--target", target, "--outFile", relative(root, binary), "--baseDir", root],
    {},
  );
  process.stderr.write(stderr.toString());
  if (error) process.exit(1);
  return readFileSync(binary);
}

for (const kernel of wanted) {
  const targets = kernels.get(kernel);
  if (targets === undefined) throw new Error(`no kernel "${kernel}" in asconfig.json`);
  const module = join(modules, `${kernel}.ts`);
  const stamp = `// Generated from assembly/${kernel} by src/kernels/build.mjs; ${sourceHash(kernel)}`;
  const fresh = existsSync(module) && readFileSync(module, "utf8").startsWith(stamp);
  if (fresh && targets.every((target) => existsSync(join(binaries, `${target}.wasm`)))) continue;

  const builds = [];
  for (const target of targets) builds.push(await compile(kernel, target));
  const bytes = Buffer.concat(builds);
  const content = SYNCHRONOUS.includes(kernel) ? bytes : deflateRawSync(bytes, { level: 9 });
  writeFileSync(
    module,
    `${stamp}\nexport const sizes: readonly number[] = ${JSON.stringify(builds.map(({ length }) => length))};\n` +
      `export const base64: string =\n  "${content.toString("base64")}";\n`,
  );
}
