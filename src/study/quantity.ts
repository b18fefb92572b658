/**
 * Values with units: `"80 km"` for a path whose name ends in `Km`, `"0.16 dB/km"` for one that ends in `DbPerKm`.
 *
 * The unit of a value is in the name of its path, nearest to its end: `wafer.spreads.extinctionDb.mean` is in dB. Units of
 * the same kind are converted (`"1.2 GHz"` for a path in Hz); any other unit is refused.
 *
 * @module
 */
import { invalid } from "../errors.ts";
import { roundSignificant } from "../units.ts";

/** Kind of quantity, and size in its SI unit. */
type Unit = readonly [kind: string, size: number];

const UNITS: Readonly<Record<string, Unit>> = {
  m: ["length", 1],
  km: ["length", 1e3],
  cm: ["length", 1e-2],
  mm: ["length", 1e-3],
  um: ["length", 1e-6],
  nm: ["length", 1e-9],
  "um^2": ["area", 1e-12],
  "ps^2/km": ["dispersion", 1],
  "m^2/W": ["Kerr index", 1],
  s: ["time", 1],
  ms: ["time", 1e-3],
  us: ["time", 1e-6],
  ns: ["time", 1e-9],
  ps: ["time", 1e-12],
  Hz: ["frequency", 1],
  kHz: ["frequency", 1e3],
  MHz: ["frequency", 1e6],
  GHz: ["frequency", 1e9],
  THz: ["frequency", 1e12],
  dB: ["level", 1],
  dBm: ["power level", 1],
  "dB/km": ["attenuation", 1],
  "dB/m": ["attenuation", 1e3],
  rad: ["angle", 1],
  mrad: ["angle", 1e-3],
  deg: ["angle", Math.PI / 180],
  "rad/s": ["phase drift", 1],
  "rad/ms": ["phase drift", 1e3],
  W: ["power", 1],
  mW: ["power", 1e-3],
  uW: ["power", 1e-6],
  K: ["temperature", 1],
};

/** Ends of names and the unit that they state; longer ones first, so that `DbPerKm` is not read as `Km`. */
const SUFFIXES: readonly (readonly [suffix: string, unit: string])[] = [
  ["RadPerSecond", "rad/s"],
  ["Ps2PerKm", "ps^2/km"],
  ["M2PerW", "m^2/W"],
  ["DbPerKm", "dB/km"],
  ["Milliwatts", "mW"],
  ["Seconds", "s"],
  ["Metres", "m"],
  ["Kelvin", "K"],
  ["Watts", "W"],
  ["Ghz", "GHz"],
  ["Um2", "um^2"],
  ["Dbm", "dBm"],
  ["dbm", "dBm"],
  ["Rad", "rad"],
  ["Km", "km"],
  ["Mm", "mm"],
  ["Um", "um"],
  ["Nm", "nm"],
  ["Hz", "Hz"],
  ["Db", "dB"],
  ["Us", "us"],
  ["Ns", "ns"],
  ["Ps", "ps"],
];

/**
 * The unit that a path's name states.
 *
 * @param path - keys joined by dots
 * @returns the unit, or undefined where no part of the name states one
 */
export function unitOfPath(path: string): string | undefined {
  for (const key of path.split(".").reverse()) {
    const found = SUFFIXES.find(([suffix]) => key.endsWith(suffix));
    if (found !== undefined) return found[1];
  }
  return undefined;
}

/** A number, white space, and what must be its unit. */
const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([a-zA-Z][a-zA-Z0-9/^]*)$/;

/**
 * Reads a number that may carry a unit.
 *
 * @param where - place in the study file, for messages
 * @param path - path that the value is for; its name states the unit that the result is in
 * @param value - a number, or text with a unit
 * @throws {@link TwincombError} `invalid-input` when the unit is unknown or of another kind than the path's
 */
export function numberFor(where: string, path: string, value: number | string): number {
  if (typeof value === "number") return value;
  const unit = unitOfPath(path);
  const expected = unit === undefined ? "a plain number (its name states no unit)" : `a number, or a value in ${unit}`;
  const match = QUANTITY.exec(value.trim());
  if (match === null) throw invalid(where, value, `${expected} for ${path}`);
  const [, digits, written] = match;
  const from = Object.hasOwn(UNITS, written!) ? UNITS[written!] : undefined;
  const to = unit === undefined ? undefined : UNITS[unit];
  if (from === undefined || to === undefined || from[0] !== to[0]) {
    const convertible =
      to === undefined ? [] : Object.keys(UNITS).filter((name) => UNITS[name]![0] === to[0] && name !== unit);
    const others = convertible.length === 0 ? "" : ` (or ${convertible.join(", ")})`;
    throw invalid(where, value, `${expected}${others} for ${path}`);
  }
  return written === unit ? Number(digits) : roundSignificant((Number(digits) * from[1]) / to[1]);
}
