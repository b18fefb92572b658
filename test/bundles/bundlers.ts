/** Each bundler with the configuration that a newcomer would write. */
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build as esbuild } from "esbuild";
import { rollup } from "rollup";
import { build as vite } from "vite";
import webpack from "webpack";

/** Where a bundle will run. */
export type Target = "browser" | "node";

/** Makes a bundle of the application and says which file begins it. */
export type Bundler = (app: string, out: string, target: Target) => Promise<string>;

/** Bundlers that emit no files beside the bundle are given the worker by hand, as the documentation says. */
function copyWorker(app: string, out: string): void {
  cpSync(join(app, "node_modules/twincomb/dist/network/run/twincomb-worker.js"), join(out, "twincomb-worker.js"));
}

function page(out: string, script: string): void {
  writeFileSync(
    join(out, "index.html"),
    `<!doctype html><title>bundled</title><link rel="icon" href="data:," /><script type="module" src="./${script}"></script>`,
  );
}

/** All of them, by name. */
export const bundlers: Readonly<Record<string, Bundler>> = {
  vite: async (app, out, target) => {
    const inNode = target === "node";
    await vite({
      root: join(app, "src"),
      configFile: false,
      logLevel: "error",
      base: "./",
      ...(inNode ? { ssr: { noExternal: true } } : {}),
      build: {
        outDir: out,
        emptyOutDir: true,
        target: "esnext",
        ...(inNode ? { ssr: "main.js", rolldownOptions: { output: { entryFileNames: "main.js" } } } : {}),
      },
    });
    // For servers vite emits no files beside the code.
    if (inNode) copyWorker(app, out);
    return inNode ? "main.js" : "index.html";
  },
  webpack: async (app, out, target) => {
    const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) => {
      webpack(
        {
          mode: "production",
          context: app,
          entry: "./src/main.js",
          target: target === "node" ? "node20" : "web",
          experiments: { outputModule: true },
          output: { path: out, filename: "main.js", module: true, chunkFormat: "module", publicPath: "auto" },
          performance: false,
        },
        (error, result) => (error === null ? resolve(result) : reject(error)),
      );
    });
    if (stats?.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
    page(out, "main.js");
    return target === "node" ? "main.js" : "index.html";
  },
  esbuild: async (app, out, target) => {
    await esbuild({
      entryPoints: [join(app, "src/main.js")],
      outdir: out,
      bundle: true,
      minify: true,
      splitting: true,
      format: "esm",
      platform: target,
      logLevel: "silent",
    });
    copyWorker(app, out);
    page(out, "main.js");
    return target === "node" ? "main.js" : "index.html";
  },
  rollup: async (app, out, target) => {
    const bundle = await rollup({
      input: join(app, "src/main.js"),
      plugins: [nodeResolve({ browser: target === "browser", exportConditions: [target] })],
      onLog: (level, log) => {
        if (level === "warn" && log.code === "UNRESOLVED_IMPORT") throw new Error(log.message);
      },
    });
    await bundle.write({ dir: out, format: "es" });
    copyWorker(app, out);
    page(out, "main.js");
    return target === "node" ? "main.js" : "index.html";
  },
};
