/**
 * Builds the WebAssembly core: every target of asconfig.json is compiled from `assembly/<kernel>/index.ts`
 * and written twice, as `dist/kernels/wasm/<target>.wasm` for hosts that fetch it and as the module
 * `src/kernels/wasm/<target>.ts` for everyone else: base64 of the binary, deflated unless it must be at hand without
 * waiting. A target whose sources did not change is left alone.
 *
 *     node src/kernels/build.mjs [target ...]
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

/** One hash over everything that can change a binary: sources, options, compiler. */
function sourceHash(target) {
  const hash = createHash("sha256").update(JSON.stringify([config, target, compilerVersion]));
  const files = readdirSync(join(root, "assembly"), { recursive: true })
    .filter((file) => file.endsWith(".ts"))
    .sort();
  for (const file of files) hash.update(file).update(readFileSync(join(root, "assembly", file)));
  return hash.digest("hex");
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(config.targets);
mkdirSync(binaries, { recursive: true });
mkdirSync(modules, { recursive: true });

let compiler;
for (const target of wanted) {
  if (!(target in config.targets)) throw new Error(`no target "${target}" in asconfig.json`);
  const kernel = target.split("-")[0];
  const binary = join(binaries, `${target}.wasm`);
  const module = join(modules, `${target}.ts`);
  const stamp = `// Generated from assembly/${kernel} by src/kernels/build.mjs (deflated); sources ${sourceHash(target)}`;
  if (existsSync(binary) && existsSync(module) && readFileSync(module, "utf8").startsWith(stamp)) continue;

  compiler ??= await import("assemblyscript/asc");
  const { error, stderr } = await compiler.main(
    [`assembly/${kernel}/index.ts`, "--target", target, "--outFile", relative(root, binary), "--baseDir", root],
    {},
  );
  process.stderr.write(stderr.toString());
  if (error) process.exit(1);
  const bytes = readFileSync(binary);
  const content = SYNCHRONOUS.includes(target) ? bytes : deflateRawSync(bytes, { level: 9 });
  writeFileSync(module, `${stamp}\nexport const base64: string =\n  "${content.toString("base64")}";\n`);
}
