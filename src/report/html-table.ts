/**
 * Tables as HTML: captioned, with heads for columns and rows, scrolling by themselves where a screen is narrow.
 *
 * @module
 */
import { html, type Insertion, type Markup } from "./markup.ts";

/** One column. */
export interface Column<Row> {
  /** Its head. */
  readonly head: Insertion;
  /** What stands in it for a row. */
  readonly cell: (row: Row) => Insertion;
  /** Words rather than numbers: set to the left. */
  readonly text?: boolean;
}

/**
 * A table; the first column names its rows.
 *
 * @param caption - what it holds, in one sentence
 * @param columns - from left to right
 * @param rows - from top to bottom
 */
export function tableHtml<Row>(caption: Insertion, columns: readonly Column<Row>[], rows: readonly Row[]): Markup {
  const kind = (column: Column<Row>) => (column.text ? html` class="text"` : null);
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${kind(column)}>${column.head}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (row) =>
    html`<tr>${columns.map((column, i) => (i === 0 ? html`<th scope="row">${column.cell(row)}</th>` : html`<td${kind(column)}>${column.cell(row)}</td>`))}</tr>\n`,
)}</tbody>
</table></div>`;
}
