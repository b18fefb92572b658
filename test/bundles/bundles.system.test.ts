import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { hasChromium, launch, serveFolder } from "../browser/chromium.ts";
import { bundlers } from "./bundlers.ts";
import { packedApp } from "./packed.ts";

const app = packedApp();
afterAll(() => app[Symbol.dispose]());

/** What the application prints where nothing is bundled. */
const expected = JSON.parse(
  execFileSync(process.execPath, [join(app.folder, "src/main.js")], { cwd: app.folder, encoding: "utf8" }),
) as { same: boolean };

describe("the packed package", () => {
  it("runs as it is installed", () => {
    expect(expected.same).toBe(true);
  });

  it("has entry points and types that resolve wherever modules are resolved", () => {
    const attw = resolve(import.meta.dirname, "../../node_modules/.bin/attw");
    // It throws what the tool prints when it finds anything.
    expect(execFileSync(attw, [app.tarball, "--profile", "esm-only", "-q"], { encoding: "utf8" })).toBe("");
  });

  describe.each(Object.entries(bundlers))("bundled by %s", (name, bundle) => {
    it("runs in Node", async () => {
      const out = join(app.folder, "out", `${name}-node`);
      mkdirSync(out);
      const entry = await bundle(app.folder, out, "node");
      writeFileSync(join(out, "package.json"), '{ "type": "module" }');
      const printed = execFileSync(process.execPath, [join(out, entry)], { cwd: out, encoding: "utf8" });
      expect(JSON.parse(printed)).toEqual(expected);
    });

    it.skipIf(!hasChromium())("runs in Chromium, under a policy that allows no eval", async () => {
      const out = join(app.folder, "out", `${name}-browser`);
      mkdirSync(out);
      const entry = await bundle(app.folder, out, "browser");
      await using site = await serveFolder(out, {
        "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src data:",
      });
      await using browser = await launch();
      const page = await browser.context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(site.url + entry);
      const result = await page
        .locator("html[data-result]")
        .getAttribute("data-result", { timeout: 20_000 })
        .catch(() => null);
      expect(complaints).toEqual([]);
      expect(JSON.parse(result ?? "null")).toEqual(expected);
    });
  });
});
