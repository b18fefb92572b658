/** The form: one slider a number, and a seed. */
import { withUnit } from "./format.ts";
import { DEFAULTS, FIELDS, type Field, type Settings } from "./settings.ts";

/** The form's elements and what stands in them. */
export class Controls {
  readonly #inputs = new Map<Field["name"], HTMLInputElement>();
  readonly #outputs = new Map<Field["name"], HTMLOutputElement>();
  readonly #seed: HTMLInputElement;
  #settings: Settings;

  /**
   * @param parent - receives the fields
   * @param settings - what to begin with
   * @param changed - told every new choice
   */
  constructor(parent: HTMLElement, settings: Settings, changed: (settings: Settings) => void) {
    this.#settings = settings;
    const take = (part: Partial<Settings>) => {
      this.#settings = { ...this.#settings, ...part };
      changed(this.#settings);
    };
    for (const field of FIELDS) {
      const id = `field-${field.name}`;
      const row = Object.assign(document.createElement("div"), { className: "field" });
      const label = Object.assign(document.createElement("label"), { htmlFor: id, textContent: field.label });
      const output = Object.assign(document.createElement("output"), { htmlFor: id });
      const hint = Object.assign(document.createElement("p"), { id: `${id}-hint`, textContent: field.hint });
      const input = Object.assign(document.createElement("input"), {
        id,
        type: "range",
        min: String(field.logarithmic ? Math.log10(field.minimum) : field.minimum),
        max: String(field.logarithmic ? Math.log10(field.maximum) : field.maximum),
        step: String(field.step),
      });
      input.setAttribute("aria-describedby", hint.id);
      input.addEventListener("input", () => {
        const value = this.#valueOf(field, input);
        this.#show(field, value);
        take({ [field.name]: value });
      });
      row.append(label, output, input, hint);
      parent.append(row);
      this.#inputs.set(field.name, input);
      this.#outputs.set(field.name, output);
    }
    const row = Object.assign(document.createElement("div"), { className: "field" });
    const label = Object.assign(document.createElement("label"), { htmlFor: "field-seed", textContent: "Seed" });
    this.#seed = Object.assign(document.createElement("input"), { id: "field-seed", type: "text", maxLength: 100 });
    this.#seed.autocomplete = "off";
    this.#seed.addEventListener("change", () => take({ seed: this.#seed.value }));
    row.append(label, this.#seed);
    parent.append(row);
    this.set(settings);
  }

  /** What stands in the form. */
  get settings(): Settings {
    return this.#settings;
  }

  /** Puts a choice into the form. */
  set(settings: Settings): void {
    this.#settings = settings;
    for (const field of FIELDS) {
      const value = settings[field.name];
      this.#inputs.get(field.name)!.value = String(field.logarithmic ? Math.log10(value) : value);
      this.#show(field, value);
    }
    this.#seed.value = settings.seed;
  }

  /** What a slider means; the preset's own value is met exactly where the slider stands nearest to it. */
  #valueOf(field: Field, input: HTMLInputElement): number {
    const position = Number(input.value);
    const preset = DEFAULTS[field.name];
    const home = field.logarithmic ? Math.log10(preset) : preset;
    if (Math.abs(position - home) < field.step / 2) return preset;
    return field.logarithmic ? Number((10 ** position).toPrecision(3)) : position;
  }

  #show(field: Field, value: number): void {
    const text = withUnit(value, field.unit);
    this.#outputs.get(field.name)!.textContent = text;
    this.#inputs.get(field.name)!.setAttribute("aria-valuetext", text);
  }
}
