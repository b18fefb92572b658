import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { parseStudy, runStudy, type StudyRecord } from "../../src/study/index.ts";
import { hasChromium, launch, serveFolder } from "../browser/chromium.ts";
import { testFolder } from "./fixtures.ts";

const dist = resolve(import.meta.dirname, "../../dist");

const STUDIES = [
  {
    version: 1,
    name: "tables",
    seed: "1",
    compute: { kind: "reconciliation" },
    set: { frames: 1, frameBits: 4096 },
    axes: [{ path: "qber", linear: { from: 0.01, to: 0.1, points: 20 } }],
  },
  {
    version: 1,
    name: "rates",
    scenario: "weiming",
    compute: { kind: "key-rate", settings: "optimised" },
    axes: [{ path: "fibre.lossDbPerKm", values: ["0.16 dB/km", 0.18, 0.2] }],
  },
];

describe("a study in a browser", () => {
  it.skipIf(!hasChromium())("gives with web workers the records that Node gives", async () => {
    const expected: StudyRecord[][] = [];
    for (const study of STUDIES) {
      const records: StudyRecord[] = [];
      for await (const record of runStudy(parseStudy(study), { threads: 0 })) records.push(record);
      expected.push(records.sort((a, b) => a.point - b.point));
    }
    const folder = testFolder();
    mkdirSync(join(folder, "assets"));
    const page = `
      import { runStudy } from ${JSON.stringify(join(dist, "study/index.js"))};
      const all = [];
      for (const study of ${JSON.stringify(STUDIES)}) {
        const records = [];
        for await (const record of runStudy(study, { threads: 2 })) records.push(record);
        all.push(records.sort((a, b) => a.point - b.point));
      }
      document.documentElement.dataset.result = JSON.stringify(all);`;
    await build({
      stdin: { contents: page, resolveDir: dist },
      bundle: true,
      format: "esm",
      platform: "browser",
      outfile: join(folder, "assets/page.js"),
    });
    const { copyFileSync } = await import("node:fs");
    copyFileSync(join(dist, "study/study-worker.js"), join(folder, "assets/study-worker.js"));
    writeFileSync(
      join(folder, "index.html"),
      '<!doctype html><title>study</title><script type="module" src="assets/page.js"></script>',
    );
    await using site = await serveFolder(folder, {
      "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src data:",
    });
    await using browser = await launch();
    const tab = await browser.context.newPage();
    const complaints: string[] = [];
    tab.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
    tab.on("pageerror", (error) => complaints.push(error.message));
    await tab.goto(`${site.url}index.html`);
    const result = await tab
      .locator("html[data-result]")
      .getAttribute("data-result", { timeout: 120_000 })
      .catch(() => null);
    expect(complaints).toEqual([]);
    expect(JSON.parse(result ?? "null")).toEqual(JSON.parse(JSON.stringify(expected)));
  });
});
