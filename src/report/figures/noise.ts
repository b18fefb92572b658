/**
 * Frequency noise of the lasers before and after they are locked.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { estimateSpectrum, type Spectrum, synthesiseNoise } from "../../devices/index.ts";
import { noiseSpectra, type PlannedLink, type Scenario } from "../../network/index.ts";
import { type PhiloxKey, philoxKey } from "../../random.ts";
import type { Figure } from "../figure.ts";
import { powerOfTen, scientificText } from "../number-text.ts";
import { PUBLISHED } from "../published.ts";
import { colour, type DataColour } from "../theme.ts";

/** Shown Fourier frequencies, Hz. */
const FROM_HZ = 1e3;
const TO_HZ = 3e9;
const POINTS = 120;
/** Bands in which noise is synthesised: sampling steps, s. */
const SAMPLING_SECONDS = [1e-4, 1e-6, 1e-8, 1e-10] as const;
const SAMPLES = 2 ** 13;
const SEGMENT = 2 ** 8;
/** Streams of device noise that belong to this figure; those of the simulation are small numbers. */
const FIRST_STREAM = 0x7265_0000;

interface Curve {
  readonly name: string;
  readonly spectrum: Spectrum;
  readonly stroke: DataColour;
  readonly dash: string;
  readonly symbol: "circle" | "square";
  readonly synthesised: boolean;
}

interface NoisePoint {
  readonly f: number;
  readonly s: number;
}

const shown = ({ f, s }: NoisePoint): boolean => f >= FROM_HZ && f <= TO_HZ && Number.isFinite(s) && s > 0;

/** What a series drawn with the spectrum measures as, a few points a decade. */
function synthesised(spectrum: Spectrum, key: PhiloxKey, firstStream: number): NoisePoint[] {
  return SAMPLING_SECONDS.flatMap((stepSeconds, band) => {
    const series = synthesiseNoise(spectrum, key, { samples: SAMPLES, stepSeconds, stream: firstStream + band });
    const { frequenciesHz, values } = estimateSpectrum(series, stepSeconds, SEGMENT);
    // The lowest bins see the window's leakage; two decades of each band are kept, in thirds of a decade.
    const bins = new Map<number, { count: number; logF: number; s: number }>();
    for (const [i, f] of frequenciesHz.entries()) {
      if (i < 1 || f * stepSeconds > 0.4) continue;
      const bin = Math.floor(3 * Math.log10(f));
      const entry = bins.get(bin) ?? { count: 0, logF: 0, s: 0 };
      bins.set(bin, { count: entry.count + 1, logF: entry.logF + Math.log10(f), s: entry.s + values[i]! });
    }
    return [...bins.values()].map(({ count, logF, s }) => ({ f: 10 ** (logF / count), s: s / count }));
  }).filter(shown);
}

/**
 * Spectra of frequency noise, free and locked.
 *
 * @param scenario - the scenario
 * @param link - the pair whose line and first user are shown
 */
export function noiseFigure(scenario: Scenario, link: PlannedLink): Figure {
  const noise = noiseSpectra(scenario, link);
  const key = philoxKey(scenario.seed);
  const curves: Curve[] = [
    ...(noise.pumpFree === null
      ? []
      : ([
          {
            name: "pump laser, free",
            spectrum: noise.pumpFree,
            stroke: "amber",
            dash: "8 4",
            symbol: "circle",
            synthesised: false,
          },
        ] as const)),
    {
      name: "client laser, free",
      spectrum: noise.clientFree,
      stroke: "purple",
      dash: "2 4",
      symbol: "square",
      synthesised: false,
    },
    { name: "comb line", spectrum: noise.line, stroke: "blue", dash: "", symbol: "circle", synthesised: true },
    {
      name: "client locked to the line",
      spectrum: noise.clientLocked,
      stroke: "vermilion",
      dash: "",
      symbol: "square",
      synthesised: true,
    },
  ];
  const lines = curves.map((curve) => ({
    ...curve,
    points: Array.from({ length: POINTS }, (_, i) => FROM_HZ * (TO_HZ / FROM_HZ) ** (i / (POINTS - 1)))
      .map((f) => ({ f, s: curve.spectrum(f) }))
      .filter(shown),
    dots: curve.synthesised
      ? synthesised(curve.spectrum, key, FIRST_STREAM + (curve.symbol === "square" ? 16 : 0))
      : [],
  }));
  const values = lines.flatMap(({ points }) => points.map(({ s }) => s));
  const low = 10 ** Math.floor(Math.log10(values.reduce((a, b) => Math.min(a, b), 1e6) / 2));
  const high = 10 ** Math.ceil(Math.log10(values.reduce((a, b) => Math.max(a, b), 10) * 1.5));
  const reading = (spectrum: Spectrum) => scientificText(spectrum(2e6), 1);
  const levels = [{ name: `white noise of ${PUBLISHED.linewidthHz.comb} Hz`, s: PUBLISHED.linewidthHz.comb / Math.PI }];
  return {
    panels: [
      {
        name: "noise",
        title: "Frequency noise of pump, comb line and client before and after locking",
        description: `Doubly logarithmic chart from 1 kHz to 3 GHz. At 2 MHz, in Hz²/Hz: ${curves.map(({ name, spectrum }) => `${name} ${reading(spectrum)}`).join(", ")}. The locked client follows the comb line up to the corner of its lock and its own noise above.`,
        options: (width, narrow) => ({
          width,
          height: narrow ? 340 : 430,
          marginLeft: 50,
          marginRight: 16,
          marginBottom: 42,
          marginTop: 26,
          x: {
            type: "log",
            domain: [FROM_HZ, TO_HZ],
            label: "Fourier frequency (Hz)",
            ticks: decades(FROM_HZ, TO_HZ),
            tickFormat: decadeText,
          },
          y: {
            type: "log",
            domain: [low, high],
            label: "frequency noise (Hz²/Hz)",
            ticks: decades(low, high),
            tickFormat: decadeText,
          },
          marks: [
            Plot.gridX({ stroke: colour("rule"), strokeOpacity: 1, ticks: decades(FROM_HZ, TO_HZ) }),
            Plot.gridY({ stroke: colour("rule"), strokeOpacity: 1, ticks: decades(low, high) }),
            Plot.ruleY(
              levels.filter(({ s }) => s > low),
              { y: "s", stroke: colour("muted"), strokeDasharray: "1 3" },
            ),
            Plot.text(
              levels.filter(({ s }) => s > low),
              {
                y: "s",
                x: () => TO_HZ,
                text: ({ name }: { name: string }) => (narrow ? "40 Hz" : `published linewidth: ${name}`),
                textAnchor: "end",
                dx: -4,
                dy: 9,
                fill: colour("muted"),
                stroke: colour("paper"),
              },
            ),
            ...lines.map(({ points, stroke, dash, name }) =>
              Plot.line(points, {
                x: "f",
                y: "s",
                stroke: colour(stroke),
                strokeWidth: name.startsWith("client locked") ? 1.8 : 2.6,
                strokeDasharray: dash,
              }),
            ),
            ...lines.map(({ dots, stroke, symbol }) =>
              Plot.dot(dots, {
                x: "f",
                y: "s",
                symbol,
                r: narrow ? 2.5 : 3.5,
                fill: colour(stroke),
                stroke: colour("paper"),
                strokeWidth: 0.7,
                clip: true,
              }),
            ),
          ],
        }),
      },
    ],
    legend: lines.map(({ name, stroke, dash, symbol, dots }) => ({
      label: name,
      sign:
        `<line x1="0" y1="7" x2="28" y2="7" stroke="${colour(stroke)}" stroke-width="2.4" stroke-dasharray="${dash}"/>` +
        (dots.length === 0
          ? ""
          : symbol === "circle"
            ? `<circle cx="14" cy="7" r="4" fill="${colour(stroke)}"/>`
            : `<rect x="10.5" y="3.5" width="7" height="7" fill="${colour(stroke)}"/>`),
    })),
    caption: `Lines are the models behind the phase budget, for ${link.pair.name}'s line and first user; dots are measured, by Welch's method, on noise synthesised from them with the run's seed.`,
  };
}

/** Whole decades of a range. */
function decades(low: number, high: number): number[] {
  const from = Math.ceil(Math.log10(low) - 1e-9);
  const to = Math.floor(Math.log10(high) + 1e-9);
  const step = Math.max(1, Math.ceil((to - from) / 9));
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => 10 ** (from + i * step));
}

const decadeText = (value: number): string => powerOfTen(Math.round(Math.log10(value)));
