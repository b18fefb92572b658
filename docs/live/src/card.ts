/** A figure on the page: heading, drawing, and the sentence that says what it shows. */
import * as Plot from "@observablehq/plot";

/** What a figure shows at the moment. */
export interface Drawing {
  /** The chart, or something like one. */
  readonly body: Element;
  /** What can be seen in it, for those who read instead. */
  readonly caption: string;
}

/** Draws for a width in pixels; null as long as there is nothing to draw. */
export type Draw = (width: number) => Drawing | null;

/** One figure. */
export class Card {
  readonly #section: HTMLElement;
  readonly #stage: HTMLElement;
  readonly #caption: HTMLElement;
  readonly #draw: Draw;
  #width = 0;

  /**
   * @param id - of the section that it fills
   * @param title - its heading
   * @param explanation - one sentence below it
   * @param draw - what it shows
   * @param resized - told that it should be drawn again
   */
  constructor(id: string, title: string, explanation: string, draw: Draw, resized: (card: Card) => void) {
    this.#section = document.getElementById(id)!;
    this.#draw = draw;
    const heading = Object.assign(document.createElement("h2"), { textContent: title, id: `${id}-title` });
    const about = Object.assign(document.createElement("p"), { textContent: explanation, className: "about" });
    const figure = document.createElement("figure");
    this.#stage = Object.assign(document.createElement("div"), { className: "stage" });
    this.#caption = document.createElement("figcaption");
    figure.append(this.#stage, this.#caption);
    this.#section.setAttribute("aria-labelledby", heading.id);
    this.#section.append(heading, about, figure);
    new ResizeObserver(([entry]) => {
      const { width } = entry!.contentRect;
      if (width === 0 || Math.abs(width - this.#width) <= 1) return;
      this.#width = width;
      resized(this);
    }).observe(this.#stage);
  }

  /** Draws what there is now. */
  draw(): void {
    // The width comes from the observer: asking for it here would lay out the page anew for each figure.
    const drawing = this.#draw(Math.max(240, this.#width));
    this.#section.classList.toggle("empty", drawing === null);
    if (drawing === null || this.#width === 0) return;
    this.#stage.replaceChildren(drawing.body);
    if (this.#caption.textContent !== drawing.caption) this.#caption.textContent = drawing.caption;
  }
}

/** A chart in the page's colours; the caption says for screen readers what it shows. */
export function chart(width: number, height: number, label: string, options: Plot.PlotOptions): Element {
  const svg = Plot.plot({
    width,
    height,
    marginTop: 22,
    marginRight: 16,
    marginBottom: 38,
    marginLeft: 56,
    style: { background: "transparent", color: "var(--muted)", fontFamily: "inherit", fontSize: "12px" },
    ...options,
  });
  // The whole is one picture with one description; labels of its groups would be read in between.
  for (const group of svg.querySelectorAll("[aria-label]")) group.removeAttribute("aria-label");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  return svg;
}
