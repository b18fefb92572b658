/**
 * Makes three files of the build self-contained, so that they run wherever they are copied: the workers' library, which
 * bundlers for browsers could not resolve as published, and the workers of the engine and of studies, which a bundler
 * emits beside the application as they are. The engine's worker is sent its compiled kernels, and holds none.
 *
 *     node src/engine/bundle.mjs
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Asks Node for its modules by name at run time, and a browser for nothing. */
const nodeModules = {
  name: "node-modules-at-run-time",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(worker_threads|child_process|os)$/ }, ({ path }) => ({ path, namespace: "node-module" }));
    onLoad({ filter: /.*/, namespace: "node-module" }, ({ path }) => ({
      contents: `module.exports = globalThis.process?.getBuiltinModule?.(${JSON.stringify(path)});`,
    }));
    // The library's own worker script, as a string, for pools without a script of their own.
    onLoad({ filter: /generated\/embeddedWorker\.js$/ }, () => ({ contents: 'module.exports = "";' }));
  },
};

/** Binaries that arrive compiled; only the one that is used without waiting stays. */
const sentKernels = {
  name: "kernels-that-are-sent",
  setup({ onLoad }) {
    onLoad({ filter: /kernels\/wasm\/.*\.js$/ }, ({ path }) =>
      path.endsWith("ghash.js") ? undefined : { contents: 'export const base64 = ""; export const sizes = [];' },
    );
  },
};

/** Libraries inside, whose licences ask to be named; both files are read by people who never see package.json. */
const NOTICE = "/*! holds parts of workerpool (Apache-2.0), zod, @noble/hashes (MIT), @msgpack/msgpack (ISC) */";

const common = { bundle: true, format: "esm", platform: "neutral", mainFields: ["module", "main"], target: "es2022" };

await build({
  ...common,
  entryPoints: [join(root, "dist/engine/workerpool.js")],
  outfile: join(root, "dist/engine/workerpool.js"),
  allowOverwrite: true,
  banner: { js: NOTICE },
  plugins: [nodeModules],
});
await build({
  ...common,
  entryPoints: [join(root, "dist/network/run/twincomb-worker.js")],
  outfile: join(root, "dist/network/run/twincomb-worker.js"),
  allowOverwrite: true,
  banner: { js: NOTICE },
  minify: true,
  // A module without exports is still a module.
  footer: { js: "export {};" },
  plugins: [nodeModules, sentKernels],
});
await build({
  ...common,
  entryPoints: [join(root, "dist/study/study-worker.js")],
  outfile: join(root, "dist/study/study-worker.js"),
  allowOverwrite: true,
  banner: { js: NOTICE },
  minify: true,
  footer: { js: "export {};" },
  // Its kernels are inside: points are hashed with those that compute them.
  plugins: [nodeModules],
});
