import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { parseScenario, simulate } from "twincomb";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasChromium, launch, type Site, serveFolder, type TestBrowser } from "./chromium.ts";

const live = resolve(import.meta.dirname, "../../docs/live");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core reports. */
interface AxeFault {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Everything but the times. */
function timeless(value: unknown): string {
  return JSON.stringify(value, (key, entry) => (/Seconds$/.test(key) ? undefined : (entry as unknown)), 1);
}

describe.skipIf(!hasChromium())("the live page", () => {
  let site: Site;
  let browser: TestBrowser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "twincomb-live-"));
    await build({ root: live, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
    site = await serveFolder(folder);
    browser = await launch();
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the page, watching for complaints and for tasks that block it. */
  async function open(query = ""): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.addInitScript(() => {
      const tasks: number[] = [];
      Object.assign(globalThis, { longTasks: tasks });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) tasks.push(duration);
      }).observe({ type: "longtask", buffered: true });
    });
    await page.goto(site.url + query);
    await page.locator("html[data-preview=ready]").waitFor({ timeout: 120_000 });
    return { page, complaints };
  }

  const longTasks = (page: Page) =>
    page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks.splice(0));

  async function saved(page: Page, button: string): Promise<string> {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
    return readFileSync(await download.path(), "utf8");
  }

  // On a machine that is busy with other work a task can be long for want of a core: three tries.
  it("runs weiming at 1e11 pulses a pair to ten identical keys, the same as in Node, and stays awake", {
    retry: 2,
  }, async () => {
    const { page, complaints } = await open();
    await longTasks(page);
    await page.click("#run");
    await page.locator("html[data-run=done]").waitFor({ timeout: 500_000 });
    expect(await page.locator(".keys li[data-state=identical]").count()).toBe(10);
    expect((await longTasks(page)).filter((duration) => duration > 100)).toEqual([]);
    expect(complaints).toEqual([]);

    const scenario = parseScenario(JSON.parse(await saved(page, "#save-scenario")));
    const here = await simulate(scenario);
    expect(timeless(JSON.parse(await saved(page, "#save-data")))).toBe(timeless(here));
    await page.close();
  });

  it("has no serious fault of accessibility, in light, in dark and on a telephone", async () => {
    const { page } = await open("?users=2&pulses=1000000000");
    await page.click("#run");
    await page.locator("html[data-run=done]").waitFor({ timeout: 120_000 });
    await page.evaluate(axe);
    for (const [colorScheme, width] of [
      ["light", 1280],
      ["dark", 1280],
      ["light", 390],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 844 });
      await page.waitForTimeout(500);
      const faults = await page.evaluate(async () => {
        const { axe: checker } = globalThis as unknown as { axe: { run(): Promise<{ violations: AxeFault[] }> } };
        const { violations } = await checker.run();
        return violations
          .filter(({ impact }) => impact === "serious" || impact === "critical")
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      });
      expect(faults).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    await page.close();
  });

  it("keeps its state in the address, obeys the keyboard, and starts again", async () => {
    const { page, complaints } = await open("?distance=300&users=4&seed=shared");
    expect(await page.locator("#field-seed").inputValue()).toBe("shared");
    await page.locator("#field-distance").focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => location.search.includes("distance=310"));
    await page.locator("html[data-preview=ready]").waitFor({ timeout: 60_000 });
    await page.locator("#reset").focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.search === "");
    expect(await page.locator("#field-distance").inputValue()).toBe("370");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("stops when asked, and can be closed in the middle", async () => {
    const { page, complaints } = await open("?pulses=1000000000000");
    await page.click("#run");
    await page.waitForTimeout(1500);
    await page.click("#run");
    await page.locator("html[data-run=stopped]").waitFor({ timeout: 5000 });
    expect(await page.locator("#status").textContent()).toBe("Stopped.");
    await page.click("#run");
    await page.waitForTimeout(500);
    await page.close();
    expect(complaints).toEqual([]);
    // The browser is well, and so is the next page.
    const next = await open("?users=2&pulses=1000000000");
    await next.page.click("#run");
    await next.page.locator("html[data-run=done]").waitFor({ timeout: 120_000 });
    await next.page.close();
  });

  it("ignores an address that makes no sense", async () => {
    const { page, complaints } = await open("?distance=-5&users=7&loss=abc&pulses=1e99&nonsense=1");
    expect(await page.locator("#field-distance").inputValue()).toBe("370");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("says so where there is no WebAssembly SIMD", async () => {
    await using old = await launch({ args: ["--js-flags=--no-enable-sse4-1 --no-enable-ssse3"] });
    const page = await old.context.newPage();
    await page.goto(site.url);
    await page.locator("#status", { hasText: "SIMD" }).waitFor({ timeout: 60_000 });
    await page.close();
  });

  it("has a page that measures the kernels in a worker", async () => {
    const page = await browser.context.newPage();
    await page.goto(`${site.url}benchmark.html`);
    await page.locator("html[data-speeds]").waitFor({ timeout: 300_000 });
    const speeds = JSON.parse((await page.getAttribute("html", "data-speeds"))!) as { name: string; rate: number }[];
    expect(speeds).toHaveLength(3);
    for (const { rate } of speeds) expect(rate).toBeGreaterThan(0);
    expect(await page.locator("#rows tr").count()).toBe(3);
    await page.close();
  });
});
