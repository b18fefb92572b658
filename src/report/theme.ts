/**
 * Colours of the report in light and dark, as CSS variables, and the sheet that lays out its page.
 *
 * The seven colours of data begin at Okabe and Ito's hues and were moved apart until every two of them differ, for every
 * common form of colour blindness, by at least 12 units of CIELAB, at a contrast of 3 to 1 with the paper. Text is never set
 * in them.
 *
 * @module
 */

/** Names of the colours of data, in order of use. */
export const DATA_COLOURS = ["blue", "vermilion", "green", "purple", "amber", "sky", "grey"] as const;

/** Name of a colour of data. */
export type DataColour = (typeof DATA_COLOURS)[number];

/** All colours of one scheme. */
export interface Scheme extends Readonly<Record<DataColour, string>> {
  /** Background of the page and of figures. */
  readonly paper: string;
  /** Text and axes. */
  readonly ink: string;
  /** Notes, captions and ticks. */
  readonly muted: string;
  /** Grid lines and borders. */
  readonly rule: string;
  /** Published bands behind data, and heads of tables. */
  readonly shade: string;
}

/** The two schemes. */
export const SCHEMES: { readonly light: Scheme; readonly dark: Scheme } = {
  light: {
    paper: "#ffffff",
    ink: "#1b1d22",
    muted: "#555b66",
    rule: "#d5d8de",
    shade: "#eceef2",
    blue: "#135dbb",
    vermilion: "#b53d00",
    green: "#003418",
    purple: "#7a226c",
    amber: "#c48620",
    sky: "#0096f3",
    grey: "#828282",
  },
  dark: {
    paper: "#14171c",
    ink: "#eceef2",
    muted: "#a9b0bd",
    rule: "#3a404b",
    shade: "#232831",
    blue: "#6baeff",
    vermilion: "#d0640b",
    green: "#9dedd4",
    purple: "#905970",
    amber: "#fbcc3c",
    sky: "#217cca",
    grey: "#aca499",
  },
};

/**
 * A colour as charts name it.
 *
 * @param name - which
 */
export function colour(name: keyof Scheme): string {
  return `var(--${name})`;
}

function variables(scheme: Scheme): string {
  return Object.entries(scheme)
    .map(([name, value]) => `--${name}: ${value};`)
    .join(" ");
}

/** Width of a page's column and of its figures, CSS pixels. */
export const WIDE = 920;
/** Width of the same figures drawn for a telephone. */
export const NARROW = 360;

/** The style sheet. */
export const STYLE_SHEET: string = `
:root { color-scheme: light dark; ${variables(SCHEMES.light)} }
@media screen and (prefers-color-scheme: dark) { :root { ${variables(SCHEMES.dark)} } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: calc(${WIDE}px + 2.5rem);
  background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 0.5rem; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 3rem 0 0.5rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
p { max-width: 44rem; margin: 0.5rem 0; }
a { color: inherit; }
.lead { font-size: 1.1rem; }
.note, figcaption, caption, .legend { color: var(--muted); font-size: 0.9rem; }
.warning { border-left: 4px solid var(--vermilion); padding-left: 0.75rem; }
.headline { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1rem; margin: 1.5rem 0; padding: 0; }
.headline div { border-top: 4px solid var(--blue); padding-top: 0.5rem; }
.headline dt { color: var(--muted); font-size: 0.9rem; }
.headline dd { margin: 0; font-size: 1.45rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
figure { margin: 1.25rem 0 2rem; }
figcaption { margin-top: 0.5rem; max-width: 52rem; }
figure svg { display: block; max-width: 100%; height: auto; overflow: visible; --plot-background: var(--paper); }
figure svg text { white-space: pre; }
figure svg.narrow { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; margin: 0.25rem 0 0.75rem; padding: 0; }
.legend li { display: flex; align-items: center; gap: 0.4rem; }
.legend svg { display: inline-block; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.88rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 0.25rem 0 0.5rem; caption-side: top; }
th, td { padding: 0.3rem 0.6rem; text-align: right; border-bottom: 1px solid var(--rule); vertical-align: top; }
thead th { background: var(--shade); }
th:first-child, td:first-child, td.text, th.text { text-align: left; }
tbody th { font-weight: 600; white-space: nowrap; }
td.text:last-child { min-width: 10rem; }
code { font-size: 0.95em; font-weight: 500; white-space: normal; }
@media screen and (max-width: 640px) {
  body { padding: 1rem 0.9rem 3rem; }
  h1 { font-size: 1.5rem; }
  figure svg.wide { display: none; }
  figure svg.narrow { display: block; }
}
@media print {
  body { padding: 0; font-size: 10pt; }
  figure, tr, .headline { break-inside: avoid; }
  h2, caption { break-after: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  table { font-size: 6.5pt; }
  th, td { padding: 0.12rem 0.25rem; }
  td.text:last-child { min-width: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`.trim();
