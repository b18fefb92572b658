import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { weiming } from "../../src/network/index.ts";
import { networkReport } from "../../src/report/network-report.ts";
import { SCHEMES } from "../../src/report/theme.ts";
import { hasChromium, launch } from "../browser/chromium.ts";
import { KEYLESS, networkResult } from "./results.ts";

// Where it cannot, `hasChromium` says so.
spawnSync("sh", [resolve(import.meta.dirname, "../setup/chromium.sh")], { stdio: "inherit" });

const folder = mkdtempSync(join(tmpdir(), "twincomb-report-"));
afterAll(() => rmSync(folder, { recursive: true }));

const VIEWS = [
  { name: "page, light", colorScheme: "light", width: 1100, kind: "wide" },
  { name: "page, dark", colorScheme: "dark", width: 1100, kind: "wide" },
  { name: "telephone, light", colorScheme: "light", width: 360, kind: "narrow" },
  { name: "telephone, dark", colorScheme: "dark", width: 360, kind: "narrow" },
] as const;

/** What one chart amounts to on the screen. */
interface Seen {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly right: number;
  readonly marks: number;
  readonly inked: number;
}

/** Every chart that is displayed, with the size of what is drawn in it. */
function charts(page: Page): Promise<Seen[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("figure svg[role=img]")].flatMap((svg) => {
      const box = svg.getBoundingClientRect();
      if (box.width === 0) return [];
      const marks = [...svg.querySelectorAll("path, rect, line, circle, text")].filter(
        (mark) => mark.closest("defs") === null,
      );
      const inked = marks.filter((mark) => {
        const { width, height } = mark.getBoundingClientRect();
        return width + height > 0;
      });
      return [
        {
          name: svg.querySelector("title")!.textContent!,
          width: box.width,
          height: box.height,
          right: box.right,
          marks: marks.length,
          inked: inked.length,
        },
      ];
    }),
  );
}

const scenario = weiming();
const RESULTS = {
  full: networkResult(scenario),
  "without some keys": networkResult(scenario, (i) => (i < 3 ? KEYLESS : {})),
};

describe.skipIf(!hasChromium())("the report in Chromium", () => {
  it.each(Object.entries(RESULTS))("shows every figure in every view, %s", async (name, result) => {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, await networkReport(scenario, result));
    await using browser = await launch();
    for (const view of VIEWS) {
      const page = await browser.context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("request", (request) => {
        if (!request.url().startsWith("file:")) complaints.push(`fetched ${request.url()}`);
      });
      await page.emulateMedia({ colorScheme: view.colorScheme });
      await page.setViewportSize({ width: view.width, height: 800 });
      await page.goto(`file://${file}`);
      const seen = await charts(page);
      expect(seen.map(({ name: title }) => title).length, view.name).toBe(10);
      for (const chart of seen) {
        expect(chart.inked, `${view.name}: ${chart.name}`).toBeGreaterThan(6);
        expect(chart.width, `${view.name}: ${chart.name}`).toBeGreaterThan(300);
        expect(chart.right, `${view.name}: ${chart.name}`).toBeLessThanOrEqual(view.width);
      }
      const body = await page.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(document.body);
        return { backgroundColor, color, overflows: document.documentElement.scrollWidth > innerWidth };
      });
      expect(body.overflows, view.name).toBe(false);
      const { paper, ink } = SCHEMES[view.colorScheme];
      expect(body, view.name).toMatchObject({ backgroundColor: rgb(paper), color: rgb(ink) });
      expect(complaints, view.name).toEqual([]);
      await page.close();
    }
  });

  it("prints in light colours, whatever the screen's are, with figures kept whole", async () => {
    const file = join(folder, "print.html");
    writeFileSync(file, await networkReport(scenario, RESULTS.full));
    await using browser = await launch();
    const page = await browser.context.newPage();
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    await page.goto(`file://${file}`);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(rgb(SCHEMES.light.paper));
    const pdf = await page.pdf({ format: "A4" });
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)!.length;
    expect(pages).toBeGreaterThan(5);
    expect(pages).toBeLessThan(30);
    expect(pdf.length).toBeGreaterThan(50_000);
  });

  it("has no fault that axe finds, in either scheme", async () => {
    const file = join(folder, "axe.html");
    // The page's own policy forbids scripts; the tool is one.
    writeFileSync(
      file,
      (await networkReport(scenario, RESULTS.full)).replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ""),
    );
    await using browser = await launch();
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await browser.context.newPage();
      await page.emulateMedia({ colorScheme });
      await page.goto(`file://${file}`);
      await page.evaluate(readFileSync(resolve(import.meta.dirname, "../../node_modules/axe-core/axe.min.js"), "utf8"));
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`);
      });
      expect(violations, colorScheme).toEqual([]);
      await page.close();
    }
  });
});

function rgb(hex: string): string {
  const channel = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return `rgb(${channel(1)}, ${channel(3)}, ${channel(5)})`;
}
