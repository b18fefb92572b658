import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Tests against real engines of the system: a browser, GNU parallel, Slurm. One at a time, since they share ports and daemons. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/**/*.system.test.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});

export default config;
