/**
 * The frame of a report: one HTML document that needs nothing from elsewhere and runs no scripts.
 *
 * @module
 */
import { html, type Insertion, Markup } from "./markup.ts";
import { STYLE_SHEET } from "./theme.ts";

/** What stands in a document. */
export interface DocumentContent {
  /** Its title. */
  readonly title: string;
  /** Version of the package that made it. */
  readonly version: string;
  /** Everything below. */
  readonly body: Insertion;
}

/**
 * A document as HTML text.
 *
 * @param content - title and body
 */
export function documentHtml({ title, version, body }: DocumentContent): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="twincomb ${version}">
<title>${title}</title>
<style>
${new Markup(STYLE_SHEET)}
</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.text;
}
