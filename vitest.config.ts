import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.slow.test.ts", "test/**/*.system.test.ts"],
    testTimeout: 60_000,
    // Two cores: more forks than cores only make statistical tests fight each other for cache.
    maxWorkers: 2,
  },
});

export default config;
