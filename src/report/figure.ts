/**
 * Figures of the report: charts drawn once for a page's column and once for a telephone, each with its own words for
 * readers who do not see it.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { html, type Insertion, Markup } from "./markup.ts";
import { colour, NARROW, WIDE } from "./theme.ts";

/** One chart. */
export interface Panel {
  /** Name, unique on the page. */
  readonly name: string;
  /** What it is, in a few words. */
  readonly title: string;
  /** What a reader would see in it, with its main figures. */
  readonly description: string;
  /** The chart for a width in CSS pixels; `narrow` on a telephone. */
  readonly options: (width: number, narrow: boolean) => Plot.PlotOptions;
  /** Definitions that its marks refer to, for example patterns; the argument makes their names unique. */
  readonly definitions?: (suffix: string) => string;
}

/** A sign in a legend and what it stands for. */
export interface LegendEntry {
  /** What it stands for. */
  readonly label: string;
  /** The sign: SVG content of a box of 28 by 14. */
  readonly sign: string;
}

/** One or more charts under a caption. */
export interface Figure {
  /** The charts. */
  readonly panels: readonly Panel[];
  /** Signs that are not named in the chart itself. */
  readonly legend?: readonly LegendEntry[];
  /** One or two sentences. */
  readonly caption: Insertion;
}

/** Axes, text and background in the page's colours. */
function chart(panel: Panel, width: number, kind: "wide" | "narrow"): string {
  const { document } = parseHTML("<html><body></body></html>");
  const svg = Plot.plot({
    document: document as unknown as Document,
    width,
    className: "plot",
    ...panel.options(width, kind === "narrow"),
    style: {
      background: "none",
      color: colour("ink"),
      fontFamily: "inherit",
      fontSize: kind === "narrow" ? "11px" : "12px",
    },
  });
  const name = `${panel.name}-${kind}`;
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("class", kind);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-labelledby", `${name}-title ${name}-description`);
  // The library's own sheet: its class rules are not needed by a chart that stands alone, its halo colour is.
  svg.querySelector("style")?.remove();
  // A picture is read out by its title and description, its marks are not: labels on them are an error.
  for (const mark of svg.querySelectorAll("[aria-label]")) mark.removeAttribute("aria-label");
  const words = html`<title id="${name}-title">${panel.title}</title><desc id="${name}-description">${panel.description}</desc>`;
  const definitions = panel.definitions === undefined ? "" : `<defs>${panel.definitions(kind)}</defs>`;
  return ownClips(shortened(svg.outerHTML), name).replace(/^<svg[^>]*>/, (tag) => `${tag}${words.text}${definitions}`);
}

/** The library numbers clips through its whole life; here a chart's clips are named after the chart. */
function ownClips(svg: string, name: string): string {
  const names = new Map<string, string>();
  return svg.replace(/plot-clip-\d+/g, (clip) => {
    if (!names.has(clip)) names.set(clip, `${name}-clip-${names.size + 1}`);
    return names.get(clip)!;
  });
}

/** Coordinates are written to a tenth of a pixel: half the file, and nothing that an eye could see. */
function shortened(svg: string): string {
  const shorter = (text: string) =>
    text.replace(/-?\d+\.\d{2,}/g, (number) => String(Number(Number(number).toFixed(1))));
  return svg.replace(/ (?:d|transform|x|y|x1|x2|y1|y2|cx|cy|r|width|height|points)="[^"]*"/g, shorter);
}

/**
 * A figure as HTML.
 *
 * @param figure - charts, legend and caption
 */
export function figureHtml({ panels, legend, caption }: Figure): Markup {
  const charts = panels.flatMap((panel) => [
    new Markup(chart(panel, WIDE, "wide")),
    new Markup(chart(panel, NARROW, "narrow")),
  ]);
  const signs = legend?.map(
    ({ label, sign }) =>
      html`<li><svg width="28" height="14" viewBox="0 0 28 14" aria-hidden="true">${new Markup(sign)}</svg>${label}</li>`,
  );
  return html`<figure>
${signs === undefined ? null : html`<ul class="legend">${signs}</ul>`}
${charts}
<figcaption>${caption}</figcaption>
</figure>`;
}
