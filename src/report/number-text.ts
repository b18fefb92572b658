/**
 * Numbers as people write them.
 *
 * @module
 */

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A power of ten: `10⁻⁶`.
 *
 * @param exponent - whole
 */
export function powerOfTen(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/**
 * Scientific notation: `1.38 × 10⁻⁶`.
 *
 * @param value - any number
 * @param digits - digits behind the point
 */
export function scientificText(value: number, digits: number = 2): string {
  if (value === 0) return "0";
  const [mantissa, exponent] = value.toExponential(digits).split("e") as [string, string];
  return Number(exponent) === 0 ? mantissa : `${mantissa}\u00a0×\u00a0${powerOfTen(Number(exponent))}`;
}

/**
 * A number of pulses: `10¹²`, `3 × 10¹¹`.
 *
 * @param value - any number
 */
export function pulsesText(value: number): string {
  return value < 1e6 ? wholeText(value) : valueText(value);
}

/**
 * A whole number in groups of three.
 *
 * @param value - rounded first
 */
export function wholeText(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}

/**
 * A share in per cent, or a dash.
 *
 * @param value - share, 1 is everything
 * @param digits - digits behind the point
 */
export function percentText(value: number | null, digits: number = 2): string {
  return value === null ? "–" : `${(100 * value).toFixed(digits)}\u00a0%`;
}

/**
 * Bits with a prefix: `13.8\u00a0Mbit`.
 *
 * @param bits - a number of bits
 */
export function bitsText(bits: number): string {
  const size = Math.abs(bits);
  if (size >= 1e9) return `${(bits / 1e9).toPrecision(3)}\u00a0Gbit`;
  if (size >= 1e6) return `${(bits / 1e6).toPrecision(3)}\u00a0Mbit`;
  if (size >= 1e4) return `${(bits / 1e3).toPrecision(3)}\u00a0kbit`;
  return `${wholeText(bits)}\u00a0bit`;
}

/**
 * A parameter's value: as short as it can be said exactly, in powers of ten when very large or small.
 *
 * @param value - any number
 */
export function valueText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
    const power = powerOfTen(Number(exponent));
    return mantissa === "1" ? power : `${mantissa}\u00a0×\u00a0${power}`;
  }
  return String(value);
}
