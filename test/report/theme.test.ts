import { describe, expect, it } from "vitest";
import { DATA_COLOURS, SCHEMES, type Scheme } from "../../src/report/theme.ts";

type Rgb = readonly [red: number, green: number, blue: number];

/** Linear light of an sRGB colour, IEC 61966-2-1. */
function linear(hex: string): Rgb {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** Contrast ratio of WCAG 2.2. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [red, green, blue] = linear(hex);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Machado, Oliveira and Fernandes, IEEE Trans. Vis. Comput. Graph. 15, 1291 (2009), severity 1, in linear light. */
const VISION: Readonly<Record<string, readonly [Rgb, Rgb, Rgb]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIE 1976 L*a*b* of linear sRGB, D65. */
function lab([red, green, blue]: Rgb): Rgb {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116);
  const x = f((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047);
  const y = f(0.2126729 * red + 0.7151522 * green + 0.072175 * blue);
  const z = f((0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(a: string, b: string, vision: string): number {
  const seen = (hex: string) => {
    const colour = linear(hex);
    const mixed = VISION[vision]!.map((row) =>
      Math.min(1, Math.max(0, row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2])),
    );
    return lab(mixed as unknown as Rgb);
  };
  const [from, to] = [seen(a), seen(b)];
  return Math.hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2]);
}

/** Least distance of two colours of data; 2.3 is just noticeable side by side. */
const LEAST_DISTANCE = 12;

function leastDistance(scheme: object, names: readonly string[], vision: string): number {
  const colours = scheme as Readonly<Record<string, string>>;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, a] of names.entries()) {
    for (const b of names.slice(0, i)) least = Math.min(least, distance(colours[a]!, colours[b]!, vision));
  }
  return least;
}

describe.each(Object.entries(SCHEMES) as [string, Scheme][])("the %s scheme", (_, scheme) => {
  it("sets all text at 4.5 to 1 or better, on paper and on shaded heads", () => {
    for (const text of ["ink", "muted"] as const) {
      for (const ground of ["paper", "shade"] as const) {
        expect(contrast(scheme[text], scheme[ground]), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it("draws all data at 3 to 1 or better", () => {
    for (const name of DATA_COLOURS) expect(contrast(scheme[name], scheme.paper), name).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.keys(VISION))("tells all data apart with %s", (vision) => {
    expect(leastDistance(scheme, DATA_COLOURS, vision)).toBeGreaterThanOrEqual(LEAST_DISTANCE);
  });
});

it("the measure would find red and green of equal lightness", () => {
  const scheme = { red: "#c04040", green: "#508030" };
  expect(leastDistance(scheme, ["red", "green"], "normal")).toBeGreaterThan(LEAST_DISTANCE);
  expect(leastDistance(scheme, ["red", "green"], "deuteranopia")).toBeLessThan(LEAST_DISTANCE);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});
