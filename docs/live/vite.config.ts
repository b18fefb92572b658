import { resolve } from "node:path";
import { defineConfig, type UserConfig } from "vite";

const built = resolve(import.meta.dirname, "../../dist");

const config: UserConfig = defineConfig({
  base: "./",
  resolve: {
    alias: [
      { find: /^twincomb$/, replacement: resolve(built, "index.js") },
      { find: /^twincomb\/engine$/, replacement: resolve(built, "network/engine.js") },
    ],
  },
  server: { fs: { allow: [resolve(import.meta.dirname, "../..")] } },
  build: {
    target: "es2022",
    outDir: "dist",
    rolldownOptions: {
      input: [resolve(import.meta.dirname, "index.html"), resolve(import.meta.dirname, "benchmark.html")],
    },
  },
});

export default config;
