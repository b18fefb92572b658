/** Numbers as people read them. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const PREFIXES: readonly [number, string][] = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
];

/** A count, with thousands apart. */
export function count(value: number): string {
  return whole.format(value);
}

/** A number of a few digits. */
export function short(value: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3)) return scientific(value);
  return String(Number(value.toPrecision(3)));
}

/** A power of ten and what stands before it. */
export function scientific(value: number): string {
  const [mantissa, exponent] = value.toExponential(2).split("e") as [string, string];
  const power = [...String(Number(exponent))].map((digit) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(digit)]).join("");
  const factor = Number(mantissa);
  return factor === 1 ? `10${power}` : `${factor} × 10${power}`;
}

/** A value with its unit, in thousands where there are many. */
export function withUnit(value: number, unit: string): string {
  if (unit === "Hz") {
    for (const [size, prefix] of PREFIXES) if (value >= size) return `${short(value / size)} ${prefix}Hz`;
  }
  return unit === "" ? short(value) : `${short(value)} ${unit}`;
}

/** A share as a percentage. */
export function percent(value: number, digits: number = 2): string {
  return `${(100 * value).toFixed(digits)} %`;
}
