/**
 * The benchmark page's tasks in Chromium and in Node on the same machine, in turns, best of all turns; prints both and
 * their ratio. Wants a build, and an idle machine.
 *
 *     node docs/live/compare.mjs [turns]
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { build as buildPage, preview } from "vite";

const turns = Number(process.argv[2] ?? 3);
const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "twincomb-compare-"));

/** The tasks as Node can load them. */
async function tasksForNode() {
  const outfile = join(folder, "tasks.mjs");
  const built = (file) => pathToFileURL(join(root, "dist", file)).href;
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "src/tasks.ts")],
    bundle: true,
    format: "esm",
    external: ["twincomb"],
    write: false,
  });
  writeFileSync(outfile, outputFiles[0].text.replaceAll('"twincomb"', `"${built("index.js")}"`));
  const { measure } = await import(pathToFileURL(outfile).href);
  const { createEngine } = await import(built("network/engine.js"));
  return async () => {
    const engine = createEngine({ workers: 1 });
    const speeds = await measure(engine);
    await engine[Symbol.asyncDispose]();
    return speeds;
  };
}

await buildPage({ root: import.meta.dirname, logLevel: "error", build: { outDir: join(folder, "page") } });
const server = await preview({
  root: import.meta.dirname,
  logLevel: "error",
  build: { outDir: join(folder, "page") },
  preview: { port: 0, host: "127.0.0.1" },
});
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const inNode = await tasksForNode();

async function inChromium() {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.httpServer.address().port}/benchmark.html`);
  await page.locator("html[data-speeds]").waitFor({ timeout: 600_000 });
  const speeds = JSON.parse(await page.getAttribute("html", "data-speeds"));
  await page.close();
  return speeds;
}

const best = new Map();
for (let turn = 0; turn < turns; turn++) {
  for (const [where, measure] of Object.entries({ chromium: inChromium, node: inNode })) {
    for (const { name, rate, unit } of await measure()) {
      const row = best.get(name) ?? { unit, chromium: 0, node: 0 };
      row[where] = Math.max(row[where], rate);
      best.set(name, row);
    }
  }
}
for (const [name, { unit, chromium: there, node: here }] of best) {
  console.log(
    `${name}: Chromium ${there.toPrecision(3)}, Node ${here.toPrecision(3)} ${unit}, ratio ${(there / here).toFixed(2)}`,
  );
}
await browser.close();
await server.close();
rmSync(folder, { recursive: true, force: true });
