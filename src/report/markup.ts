/**
 * HTML from templates in which every value is escaped unless it is markup itself.
 *
 * @module
 */

/** Text that is HTML already. */
export class Markup {
  /** The HTML. */
  readonly text: string;

  /** @param text - trusted HTML */
  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes; lists are joined, nothing is left out for `null`. */
export type Insertion = string | number | Markup | null | readonly Insertion[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function insert(value: Insertion): string {
  if (value === null) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(insert).join("");
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/**
 * Tag of templates: `` html`<p>${name}</p>` ``.
 *
 * @param parts - the template's own text, trusted
 * @param values - what stands between; escaped unless it is {@link Markup}
 */
export function html(parts: TemplateStringsArray, ...values: readonly Insertion[]): Markup {
  return new Markup(parts.reduce((text, part, i) => text + insert(values[i - 1] ?? null) + part));
}
