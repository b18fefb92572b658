/**
 * Numbers and lists given on the command line.
 *
 * @module
 */
import { inRange, invalid } from "../errors.ts";

/** Longest list that a range may stand for. */
const LARGEST_LIST = 1_000_000;

/**
 * A number within a range.
 *
 * @param name - the option, for the message
 * @param text - what was given
 * @param minimum - smallest allowed value
 * @param maximum - largest allowed value
 * @throws {@link TwincombError} `invalid-input`
 */
export function numberOption(name: string, text: string, minimum: number, maximum: number): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw invalid(name, text, `a number in [${minimum}, ${maximum}]`);
  return inRange(name, value, minimum, maximum);
}

/**
 * Distances: `from:to:step`, both ends included, or a comma list.
 *
 * @param name - the option, for the message
 * @param text - what was given
 * @throws {@link TwincombError} `invalid-input`
 */
export function parseDistances(name: string, text: string): number[] {
  const expected = "km as from:to:step with a positive step, or a comma list";
  const number = (part: string) => {
    const value = part.trim() === "" ? Number.NaN : Number(part);
    if (!(value >= 0 && value <= 100_000)) throw invalid(name, text, expected);
    return value;
  };
  if (!text.includes(":")) return text.split(",").map(number);
  const [from, to, step, ...rest] = text.split(":").map(number);
  if (from === undefined || to === undefined || step === undefined || rest.length > 0 || !(step > 0) || to < from) {
    throw invalid(name, text, expected);
  }
  // A step that does not divide the range exactly in binary must not lose the last point.
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (count > LARGEST_LIST) throw invalid(name, text, `at most ${LARGEST_LIST} distances`);
  return Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(12)));
}
