/**
 * The page of a study: charts of its figures, a table of all of them, and what repeats it.
 *
 * @module
 */
import { figureHtml } from "../report/figure.ts";
import { tableHtml } from "../report/html-table.ts";
import { html, type Insertion } from "../report/markup.ts";
import { scientificText, wholeText } from "../report/number-text.ts";
import { documentHtml } from "../report/page.ts";
import { chartData } from "./chart-data.ts";
import { studyFigures } from "./figures.ts";
import type { RunFolder } from "./run-folder.ts";
import { type FigureSummary, summarise } from "./summary.ts";

/** What is drawn. */
export interface StudyReportOptions {
  /** Figures to draw; the usual ones of what was computed unless given. */
  readonly figures?: readonly string[] | undefined;
  /** Path of the axis along which curves run; the longest unless given. */
  readonly x?: string | undefined;
}

/**
 * A merged study as one HTML file without scripts. The same results give the same text.
 *
 * @param folder - the study
 * @param options - figures and axis
 * @throws {@link TwincombError} `invalid-input` when nothing has been merged, or there is no such figure or axis
 */
export function studyReport(folder: RunFolder, options: StudyReportOptions = {}): string {
  const { plan } = folder;
  const { study, fingerprint, planHash } = plan;
  const summary = summarise(folder);
  const data = chartData(folder, options.figures, options.x);
  const drawn = data.map((one) => ({ name: one.figure, figures: studyFigures(one) }));
  const missing = summary.points - summary.computedPoints;
  const body: Insertion = [
    html`<h1>${study.name}</h1>
<p class="lead">${wholeText(summary.points)} points of ${plan.paths.join(", ")}; computed: ${study.compute.kind}${study.compute.settings === "optimised" ? " with the best settings at each point" : ""}.</p>
${missing === 0 ? null : html`<p class="warning">${wholeText(missing)} points have no result yet.</p>`}
${summary.refusedPoints === 0 ? null : html`<p class="note">At ${wholeText(summary.refusedPoints)} points values do not fit together; they have no figures.</p>`}`,
    drawn.map(
      ({ name, figures }, i) => html`<section aria-labelledby="figure-${i}">
<h2 id="figure-${i}">${name}</h2>
${figures.length === 0 ? html`<p>There is nothing to draw: no axis of numbers, or no value.</p>` : figures.map(figureHtml)}
</section>
`,
    ),
    html`<section aria-labelledby="all">
<h2 id="all">All figures</h2>
${summaryTable(summary.figures)}
</section>
<section aria-labelledby="repeat">
<h2 id="repeat">What repeats this study</h2>
${tableHtml<readonly [string, string]>(
  "Versions and seed",
  [
    { head: "what", cell: ([name]) => name },
    { head: "value", cell: ([, value]) => html`<code>${value}</code>`, text: true },
  ],
  [
    ["seed", study.seed ?? ""],
    ["version of twincomb", fingerprint.version],
    ["stream version", String(fingerprint.streamVersion)],
    ["hash of the plan", planHash],
    ...Object.entries(fingerprint.kernels).map(([name, hash]) => [`kernel ${name}`, hash] as const),
  ],
)}
</section>`,
  ];
  return documentHtml({ title: study.name, version: fingerprint.version, body });
}

function summaryTable(figures: readonly FigureSummary[]): Insertion {
  const text = (value: number) =>
    Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : scientificText(value, 3);
  return tableHtml<FigureSummary>(
    "Every figure over all points",
    [
      { head: "figure", cell: ({ figure }) => html`<code>${figure}</code>` },
      { head: "unit", cell: ({ unit }) => unit ?? "", text: true },
      { head: "least", cell: ({ least }) => text(least) },
      { head: "mean", cell: ({ mean }) => text(mean) },
      { head: "most", cell: ({ most }) => text(most) },
      { head: "most at", cell: ({ mostAt }) => placeText(mostAt), text: true },
    ],
    figures,
  );
}

/**
 * Values of axes in one line.
 *
 * @param values - of a point
 */
export function placeText(values: FigureSummary["mostAt"]): string {
  return Object.entries(values)
    .map(([path, value]) => `${path} = ${typeof value === "number" ? Number(value.toPrecision(5)) : value}`)
    .join(", ");
}
