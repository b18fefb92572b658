/**
 * Key rate against distance, and each pair's rate over the repeaterless bound.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { fibreArm } from "../../devices/index.ts";
import {
  forecastPair,
  linkModel,
  type PairResult,
  type PlannedLink,
  portFlip,
  type Scenario,
} from "../../network/index.ts";
import { fibreTransmittance, type ProtocolName, plob, rateCurve, singleRepeater } from "../../protocol/index.ts";
import type { ReportFacts } from "../facts.ts";
import type { Figure } from "../figure.ts";
import { powerOfTen, pulsesText, scientificText } from "../number-text.ts";
import { isComparable, PUBLISHED } from "../published.ts";
import { colour } from "../theme.ts";
import { layOutRows } from "./pair-rows.ts";

/** Points of the forecast curve and of the optimised one. */
const FORECAST_POINTS = 60;
const OPTIMISED_POINTS = 16;
/** Nothing is drawn below: such a link gives a bit a year. */
const LEAST_RATE = 1e-14;

interface Point {
  readonly km: number;
  readonly rate: number;
}

const PROTOCOLS: Readonly<Record<Scenario["protocol"]["pairing"], ProtocolName>> = {
  none: "sns",
  active: "sns-aopp",
  random: "sns-oper",
};

const drawable = ({ rate }: Point): boolean => Number.isFinite(rate) && rate >= LEAST_RATE;

/** The forecast for a pair whose fibres are longer or shorter by one factor. */
function forecastAt(scenario: Scenario, { pair, budget }: PlannedLink, km: number): number {
  const arm = (lengthKm: number) =>
    fibreArm({ lengthKm, lossDbPerKm: scenario.fibre.lossDbPerKm, insertionLossDb: scenario.fibre.receiverLossDb });
  const share = pair.distanceKm === 0 ? 0.5 : pair.alice.client.upLinkKm / pair.distanceKm;
  const moved = { ...budget, aliceArm: arm(km * share), bobArm: arm(km * (1 - share)) };
  return forecastPair(scenario, { pair, budget: moved }).keyRatePerPulse;
}

/** Rates with settings that are best at each distance, on two equal arms. */
function optimisedCurve(scenario: Scenario, { budget }: PlannedLink, distances: readonly number[]): Point[] {
  const { fibre, protocol, security, pulses } = scenario;
  const { phaseVarianceRad2 } = linkModel(budget);
  const rows = rateCurve(
    [PROTOCOLS[protocol.pairing]],
    distances,
    {
      lossDbPerKm: fibre.lossDbPerKm,
      detectorEfficiency:
        budget.detectorEfficiency * (budget.aliceArm.transmittance / budget.aliceArm.fibreTransmittance),
      darkCountProbability: budget.noiseProbability,
      misalignment: portFlip(budget.phaseBudget),
      phaseVarianceRad2,
    },
    { pulses, failureProbability: security.failureProbability, extinctionDb: protocol.extinctionDb },
  );
  return rows.map(({ distanceKm, keyRatePerPulse }) => ({ km: distanceKm, rate: keyRatePerPulse }));
}

/**
 * Key rate against distance: bounds, what this network's settings would give elsewhere, and the pairs.
 *
 * @param facts - scenario, plan and result
 */
export function rateFigure({ scenario, result, example }: ReportFacts): Figure {
  const { lossDbPerKm } = scenario.fibre;
  const farthest = result.pairs.reduce((most, { distanceKm }) => Math.max(most, distanceKm), 0);
  const end = Math.max(100, 50 * Math.ceil((1.35 * farthest) / 50));
  const grid = (points: number) => Array.from({ length: points }, (_, i) => (i * end) / (points - 1));
  const fine = grid(FORECAST_POINTS);
  const curve = (rate: (km: number) => number) => fine.map((km) => ({ km, rate: rate(km) })).filter(drawable);
  const first = example?.link;
  const bound = curve((km) => plob(fibreTransmittance(km, lossDbPerKm)));
  const repeater = curve((km) => singleRepeater(fibreTransmittance(km, lossDbPerKm)));
  const forecast = first === undefined ? [] : curve((km) => forecastAt(scenario, first, km));
  const best = first === undefined ? [] : optimisedCurve(scenario, first, grid(OPTIMISED_POINTS)).filter(drawable);
  const keyed = result.pairs.filter(({ secretBits }) => secretBits > 0);
  const keyless = result.pairs.filter(({ secretBits }) => secretBits === 0);

  // The bound's far end and the pairs decide how far down the chart reaches; a forecast that falls to nothing does not.
  const lowest = [...keyed.map(({ keyRatePerPulse }) => keyRatePerPulse), ...bound.slice(-1).map(({ rate }) => rate)];
  const floor = 10 ** Math.floor(Math.log10(Math.max(LEAST_RATE, 0.9 * Math.min(1e-3, ...lowest))));
  const ceiling = 1;
  const decades = Math.round(Math.log10(ceiling / floor));
  const step = Math.max(1, Math.ceil(decades / 10));
  const ticks = Array.from(
    { length: Math.floor(decades / step) + 1 },
    (_, i) => 10 ** (Math.round(Math.log10(floor)) + i * step),
  );
  const names = [
    { name: "single-repeater bound", points: repeater, stroke: colour("muted"), dash: "1 4" },
    { name: "PLOB bound", points: bound, stroke: colour("ink"), dash: "7 4" },
    { name: "settings best at each distance", points: best, stroke: colour("sky"), dash: "10 3 2 3" },
    { name: "this network's settings", points: forecast, stroke: colour("blue"), dash: "" },
  ].filter(({ points }) => points.length > 1);
  const summary =
    keyed.length === 0
      ? "no pair has a key"
      : `${keyed.length} of ${result.pairs.length} pairs with a key at ${range(
          keyed.map(({ distanceKm }) => distanceKm),
          (km) => km.toFixed(0),
        )} km, ` +
        `${range(
          keyed.map(({ keyRatePerPulse }) => keyRatePerPulse),
          (rate) => scientificText(rate),
        )} bits per pulse`;
  return {
    panels: [
      {
        name: "rate",
        title: "Secret key rate against fibre length",
        description: `Logarithmic chart of secret bits per pulse from 0 to ${end} km of fibre. ${capital(summary)}. The repeaterless (PLOB) bound falls as a straight line; the twin-field curves fall at half its slope.`,
        options: (width, narrow) => ({
          width,
          height: narrow ? 340 : 460,
          marginLeft: narrow ? 42 : 56,
          marginRight: 20,
          marginBottom: 42,
          marginTop: 26,
          x: { domain: [0, end], label: "fibre between the two users (km)" },
          y: {
            type: "log",
            domain: [floor, ceiling],
            label: "secret bits per pulse",
            ticks,
            tickFormat: (rate: number) => powerOfTen(Math.round(Math.log10(rate))),
          },
          marks: [
            Plot.gridX({ stroke: colour("rule"), strokeOpacity: 1 }),
            Plot.gridY({ stroke: colour("rule"), strokeOpacity: 1, ticks }),
            ...names.map(({ points, stroke, dash }) =>
              Plot.line(points, { x: "km", y: "rate", stroke, strokeWidth: 2.2, strokeDasharray: dash, clip: true }),
            ),
            Plot.dot(keyed, {
              x: "distanceKm",
              y: "keyRatePerPulse",
              r: narrow ? 4.5 : 5.5,
              fill: colour("vermilion"),
              stroke: colour("paper"),
              strokeWidth: 1.2,
              title: ({ name, keyRatePerPulse, ratioToPlob }: PairResult) =>
                `${name}: ${scientificText(keyRatePerPulse)} bit/pulse, ${ratioToPlob.toFixed(3)} × PLOB`,
            }),
            Plot.dot(keyless, {
              x: "distanceKm",
              y: () => floor,
              symbol: "times",
              r: 6,
              stroke: colour("vermilion"),
              strokeWidth: 2,
              title: ({ name }: PairResult) => `${name}: no key`,
              clip: false,
            }),
            Plot.text(keyless.slice(0, 1), {
              x: "distanceKm",
              y: () => floor,
              text: () => `${keyless.length} without a key`,
              dy: -12,
              fill: colour("ink"),
              stroke: colour("paper"),
            }),
          ],
        }),
      },
    ],
    legend: [
      ...names.toReversed().map(({ name, stroke, dash }) => ({
        label: name,
        sign: `<line x1="0" y1="7" x2="28" y2="7" stroke="${stroke}" stroke-width="2.2" stroke-dasharray="${dash}"/>`,
      })),
      {
        label: "pairs of this run",
        sign: `<circle cx="14" cy="7" r="5" fill="${colour("vermilion")}"/>`,
      },
    ],
    caption:
      `Every dot is a pair whose two keys were made from counted photons. Curves are forecasts by formula for ${pulsesText(scenario.pulses)} ` +
      `pulses over fibre of ${Number(lossDbPerKm.toPrecision(4))} dB/km${first === undefined ? "" : `, with the devices of pair ${first.pair.name}`}. The PLOB bound is that of the fibre alone, detectors taken as perfect.`,
  };
}

/**
 * Rate of each pair over the repeaterless bound, with the published range.
 *
 * @param facts - scenario, plan and result
 */
export function ratioFigure({ scenario, result, pairs }: ReportFacts): Figure {
  const rows = layOutRows(
    pairs.map(({ result: pair, link }) => ({
      ...pair,
      forecast: link === undefined ? 0 : forecastPair(scenario, link).ratioToPlob,
    })),
  );
  const [low, high] = PUBLISHED.ratioToPlob;
  const bands = isComparable(result.pairs) ? [{ low, high }] : [];
  const most = [
    ...rows.shown.flatMap(({ ratioToPlob, forecast }) => [ratioToPlob, forecast]),
    ...bands.map((band) => band.high),
  ].reduce((top, ratio) => Math.max(top, ratio), 1e-6);
  // Where no pair comes near the bound, the bound would leave the chart empty.
  const bound = 1.05 * most > 0.2 ? [1] : [];
  const end = 1.05 * Math.max(most, ...bound);
  const keyed = result.pairs.filter(({ secretBits }) => secretBits > 0);
  const keyless = rows.shown.filter(({ secretBits }) => secretBits === 0);
  const ratios = keyed.map(({ ratioToPlob }) => ratioToPlob);
  const dots =
    keyed.length === 0
      ? "No pair has a key."
      : `Dots from ${range(ratios, (ratio) => ratio.toFixed(2))} times the bound.`;
  const radius = Math.min(6, rows.rowHeight / 2 - 1);
  return {
    panels: [
      {
        name: "ratio",
        title: "Key rate of every pair over the repeaterless bound",
        description: dots + (bands.length === 0 ? "" : ` The published range is ${low} to ${high}.`),
        options: (width, narrow) => ({
          width,
          ...rows.layout,
          x: { domain: [0, end], label: "key rate over the PLOB bound" },
          marks: [
            Plot.rect(bands, { x1: "low", x2: "high", fill: colour("shade") }),
            Plot.gridX({ stroke: colour("rule"), strokeOpacity: 1, ticks: narrow ? 5 : 10 }),
            Plot.axisX({ ticks: narrow ? 5 : 10 }),
            rows.axis,
            Plot.ruleX(bound, { stroke: colour("ink"), strokeWidth: 2, strokeDasharray: "7 4" }),
            Plot.text(bound, {
              x: (value: number) => value,
              frameAnchor: "top",
              dy: -12,
              text: () => "PLOB",
              fill: colour("ink"),
            }),
            Plot.text(bands, {
              x: () => (low + high) / 2,
              frameAnchor: "top",
              dy: -12,
              text: () => (narrow ? "published" : `published: ${low} to ${high}`),
              fill: colour("muted"),
            }),
            Plot.tickX(rows.shown, { x: "forecast", y: "name", stroke: colour("sky"), strokeWidth: 3 }),
            Plot.dot(
              rows.shown.filter(({ secretBits }) => secretBits > 0),
              {
                x: "ratioToPlob",
                y: "name",
                r: radius,
                fill: colour("vermilion"),
                stroke: colour("paper"),
                title: ({ name, ratioToPlob }: PairResult) => `${name}: ${ratioToPlob.toFixed(3)} × PLOB`,
              },
            ),
            Plot.text(keyless, {
              x: () => 0,
              y: "name",
              text: () => "no key",
              textAnchor: "start",
              dx: 6,
              fill: colour("ink"),
            }),
          ],
        }),
      },
    ],
    legend: [
      { label: "this run", sign: `<circle cx="14" cy="7" r="5" fill="${colour("vermilion")}"/>` },
      {
        label: "forecast by formula",
        sign: `<line x1="14" y1="0" x2="14" y2="14" stroke="${colour("sky")}" stroke-width="3"/>`,
      },
      ...bands.map(() => ({
        label: "published range",
        sign: `<rect width="28" height="14" fill="${colour("shade")}" stroke="${colour("rule")}"/>`,
      })),
    ],
    caption:
      (bound.length === 0
        ? "At 1 a pair would earn as much as any link without a repeater could over the same fibre."
        : "Right of the dashed line a pair earns more than any link without a repeater could over the same fibre.") +
      (bands.length === 0 ? "" : ` The shaded range is that of ${PUBLISHED.source}.`) +
      rows.note,
  };
}

/** "from to" of a list, or its one value. */
export function range(values: readonly number[], text: (value: number) => string): string {
  const [low, high] = [text(Math.min(...values)), text(Math.max(...values))];
  return low === high ? low : `${low} to ${high}`;
}

/** A sentence of a clause. */
export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
