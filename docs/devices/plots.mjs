/**
 * Draws the pictures of these pages from the built models: `npm run build && node docs/devices/plots.mjs`.
 *
 * Everything is computed here; nothing is fitted or read from files.
 */
import { writeFileSync } from "node:fs";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import * as devices from "../../dist/devices/index.js";
import { linkBudget } from "../../dist/network/link-budget.js";
import { planNetwork } from "../../dist/network/plan.js";
import { weiming } from "../../dist/network/presets/weiming.js";
import { planStar } from "../../dist/network/star.js";
import { philoxKey } from "../../dist/random.js";

const values = devices.valuesOf(devices.WEIMING_DEVICES);
// Okabe and Ito's colours stay apart for colour-blind readers.
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8c6d00"];

/** Writes one picture; coordinates are shortened, since a page needs no more than a tenth of a pixel. */
function save(name, description, options) {
  const svg = draw(options);
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", description);
  const shorten = (attribute) =>
    attribute.replace(/-?\d+\.\d{2,}/g, (number) => String(Number(Number(number).toFixed(1))));
  // The library writes a second, non-standard height for browsers of long ago; linters rightly object.
  const text = svg.outerHTML.replace(/\n\s*height: intrinsic;/, "").replace(/="[^"]*"/g, shorten);
  writeFileSync(new URL(`./${name}.svg`, import.meta.url), `${text}\n`);
}

function draw(options) {
  const { document } = parseHTML("<html><body></body></html>");
  return Plot.plot({
    document,
    width: 640,
    height: 360,
    marginLeft: 60,
    marginBottom: 40,
    style: { background: "white", color: "#222", fontFamily: "sans-serif", fontSize: "12px" },
    color: { range: COLOURS },
    ...options,
  });
}

/** Lines with their names at the right ends, moved apart where they would overlap. */
function lines(series, { x, y, ...rest }, extra = []) {
  const points = series.flatMap(({ name, points: list }) => list.map(([px, py]) => ({ px, py, name })));
  const options = {
    marginRight: 130,
    x: { grid: true, ...decades(x) },
    y: { grid: true, ...decades(y) },
    ...rest,
    color: { range: COLOURS, domain: series.map(({ name }) => name) },
    marks: [Plot.line(points, { x: "px", y: "py", stroke: "name", strokeWidth: 2 }), ...extra],
  };
  const scale = draw(options).scale("y");
  const ends = series
    .map(({ name, points: list }) => ({ name, px: list.at(-1)[0], pixel: scale.apply(list.at(-1)[1]) }))
    .sort((a, b) => a.pixel - b.pixel);
  for (const [i, end] of ends.entries()) {
    if (i > 0) end.pixel = Math.max(end.pixel, ends[i - 1].pixel + 14);
    end.py = scale.invert(end.pixel);
  }
  const names = Plot.text(ends, {
    x: "px",
    y: "py",
    text: "name",
    fill: "name",
    dx: 6,
    textAnchor: "start",
    clip: false,
  });
  return { ...options, marks: [...options.marks, names] };
}

/** Labels whole decades only on a logarithmic axis. */
function decades(axis) {
  if (axis.type !== "log") return axis;
  const isDecade = (value) => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
  return { ...axis, tickFormat: (value) => (isDecade(value) ? value.toExponential().replace("e+", "e") : "") };
}

function logSpace(from, to, count = 120) {
  return Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));
}

function linSpace(from, to, count = 120) {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}

async function microcomb() {
  const state = await devices.startMicrocomb(devices.combRecipe(values), philoxKey("2026"));
  const shown = state.lines.filter(({ line, dbm }) => Math.abs(line) <= 16 && dbm > -40);
  save("microcomb", "Power of the comb lines of a dark pulse against wavelength", {
    x: { label: "wavelength (nm)", tickFormat: "d" },
    y: { label: "power (dBm)", grid: true, domain: [-40, 22] },
    marks: [
      Plot.ruleX(shown, { x: "wavelengthNm", y1: -40, y2: "dbm", stroke: COLOURS[0], strokeWidth: 3 }),
      Plot.text([state.lines.find(({ line }) => line === 0)], {
        x: "wavelengthNm",
        y: "dbm",
        text: () => "pump",
        dy: -8,
      }),
    ],
  });
}

function frequencyNoise() {
  const scales = devices.ringScales(values.ring);
  const { cornerHz } = devices.lockReport(values).injection;
  const free = devices.frequencySpectrum(devices.whiteNoise(values.pumpLaser.freeLinewidthHz));
  const line = devices.combLineNoise(values, 5, 1e-4);
  const client = devices.lockedNoise(
    line,
    devices.frequencySpectrum(devices.whiteNoise(values.wafer.spreads.freeLinewidthHz.mean)),
    cornerHz,
  );
  const frequencies = logSpace(1e3, 1e9);
  const curve = (spectrum) => frequencies.map((f) => [f, spectrum(f)]);
  const separation = (f) => (8 * Math.LN2 * f) / Math.PI ** 2;
  save(
    "frequency-noise",
    `Frequency noise before and after locking, ring of quality ${scales.loadedQ}`,
    lines(
      [
        { name: "free laser", points: curve(free) },
        { name: "comb line +5", points: curve(line) },
        { name: "locked client", points: curve(client) },
        { name: "beta line", points: curve(separation).filter(([, y]) => y < 1e6) },
      ],
      {
        x: { type: "log", label: "Fourier frequency (Hz)" },
        y: { type: "log", label: "frequency noise (Hz^2/Hz)" },
      },
    ),
  );
}

function selfInjection() {
  const { backscatter, lockPhase } = values.combOperation;
  const curve = (strength) =>
    linSpace(-6, 6, 400).map((zeta) => [devices.tuningCurve({ strength, backscatter, phase: lockPhase }, zeta), zeta]);
  save(
    "self-injection-lock",
    "Lasing detuning against free-running detuning of a self-injection-locked laser",
    lines(
      [
        { name: "K0 = 0", points: curve(0) },
        { name: "K0 = 4", points: curve(4) },
        { name: "K0 = 20", points: curve(20) },
      ],
      {
        x: { label: "free-running detuning (half linewidths)", domain: [-8, 8] },
        y: { label: "lasing detuning (half linewidths)", domain: [-6, 6] },
        clip: true,
      },
    ),
  );
}

function injection() {
  const ratios = logSpace(1e-6, 1e-2);
  const edge = (pick) => ratios.map((ratio) => [ratio, pick({ ...values.clientLaser, injectionRatio: ratio })]);
  save(
    "injection-lock",
    "Edges of the locking range of a client laser against injected power",
    lines(
      [
        { name: "upper edge", points: edge((laser) => devices.injectionLock(laser).rangeHz[1] / 1e9) },
        { name: "lower edge", points: edge((laser) => devices.injectionLock(laser).rangeHz[0] / 1e9) },
      ],
      {
        x: { type: "log", label: "injected power over the laser's own" },
        y: { label: "comb line above the free laser (GHz)" },
      },
    ),
  );
}

function fibre() {
  const lengths = linSpace(20, 600);
  save(
    "fibre-link",
    "Drift rate against fibre length for field fibre and spools",
    lines(
      [
        { name: "field fibre", points: lengths.map((km) => [km, devices.fibreDriftRate(km) / 1e3]) },
        { name: "spools", points: lengths.map((km) => [km, devices.spoolDriftRate(km) / 1e3]) },
      ],
      { x: { label: "both arms together (km)" }, y: { label: "RMS drift (rad/ms)" } },
      [
        Plot.dot(devices.SPOOL_DRIFT_RATES, {
          x: "totalLengthKm",
          y: ({ radPerSecond }) => radPerSecond / 1e3,
          stroke: COLOURS[1],
        }),
        Plot.dot([[370, values.link.driftRate / 1e3]], { x: "0", y: "1", fill: "#000", symbol: "diamond", r: 5 }),
        Plot.text([[370, values.link.driftRate / 1e3]], { x: "0", y: "1", text: () => "Zheng et al.", dy: 14 }),
      ],
    ),
  );
}

function tracking() {
  const { fastCountRateHz, referenceVisibility } = values.tracking;
  const windows = logSpace(1e-5, 1e-3);
  const shot = (seconds) => devices.shotNoiseVariance(fastCountRateHz * seconds, referenceVisibility);
  const drift = (seconds) => devices.windowDriftVariance(values.link.driftRate, seconds);
  save(
    "phase-tracking",
    "Phase variance of tracking against window: shot noise, drift, sum",
    lines(
      [
        { name: "shot noise", points: windows.map((t) => [t * 1e6, shot(t)]) },
        { name: "drift", points: windows.map((t) => [t * 1e6, drift(t)]) },
        { name: "sum", points: windows.map((t) => [t * 1e6, shot(t) + drift(t)]) },
      ],
      {
        x: { type: "log", label: "window (us)" },
        y: { type: "log", label: "phase variance (rad^2)", domain: [1e-4, 1] },
        clip: true,
      },
    ),
  );
}

async function phaseBudget() {
  const budgets = (await planNetwork(weiming())).links.map(({ budget }) => budget.phaseBudget);
  const rows = budgets[0].map(({ contribution }, i) => ({
    contribution,
    error: (100 * budgets.reduce((sum, budget) => sum + budget[i].xError, 0)) / budgets.length,
  }));
  save("phase-budget", "X error of each contribution, mean of the ten pairs", {
    marginLeft: 150,
    marginRight: 50,
    x: { label: "X error (%)", grid: true },
    y: { label: null, domain: rows.map(({ contribution }) => contribution) },
    marks: [
      Plot.barX(rows, { x: "error", y: "contribution", fill: COLOURS[0] }),
      Plot.text(rows, {
        x: "error",
        y: "contribution",
        text: ({ error }) => error.toFixed(2),
        dx: 4,
        textAnchor: "start",
      }),
    ],
  });
}

async function wafers() {
  // One comb for all wafers: its vacuum noise moves line powers by less than a hundredth of a decibel.
  const { comb } = await planNetwork(weiming());
  const errors = Array.from({ length: 200 }, (_, seed) => {
    const scenario = weiming({ seed: `wafer ${seed}` });
    return planStar(scenario, comb).pairs.map((pair) => 100 * linkBudget(scenario, pair).expectedErrorX);
  }).flat();
  save("wafer", "Distribution of the X error over pairs of 200 wafers, with the published band", {
    x: { label: "X error (%)" },
    y: { label: "pairs", grid: true },
    marks: [
      Plot.rectY(errors, Plot.binX({ y: "count" }, { x: (error) => error, thresholds: 40, fill: COLOURS[0] })),
      Plot.ruleX([2.9, 4.2], { stroke: COLOURS[1], strokeDasharray: "6 4" }),
      Plot.text([[3.55]], { x: "0", frameAnchor: "top", text: () => "published: 2.9 to 4.2 %", fill: COLOURS[1] }),
    ],
  });
}

function detector() {
  const widths = linSpace(50, 1000);
  const slotPs = 1000;
  const at = (gateWidthPs) => ({ ...values.detector, gateWidthPs });
  const { pulseWidthPs } = values.timing;
  save(
    "detector",
    "Clicks accepted and lost by a gate against its width",
    lines(
      [
        { name: "lost by the gate", points: widths.map((w) => [w, 1 - devices.gateAcceptance(at(w), pulseWidthPs)]) },
        {
          name: "from neighbours",
          points: widths.map((w) => [w, devices.neighbourLeakage(at(w), pulseWidthPs, slotPs)]),
        },
        { name: "noise, x 1e6", points: widths.map((w) => [w, 1e6 * devices.noiseProbability(at(w))]) },
      ],
      {
        x: { label: "gate width (ps)" },
        y: { type: "log", label: "probability", domain: [1e-10, 1] },
        clip: true,
      },
    ),
  );
}

function scenarios() {
  const frames = logSpace(1e-5, 1, 80);
  save(
    "phase-scenarios",
    "Phase variance against frame length for the scenarios of Bertaina et al.",
    lines(
      devices.BERTAINA_SCENARIOS.filter(({ name }) => name !== "3b").map((scenario) => ({
        name: `scenario ${scenario.name}`,
        points: frames
          .map((frame) => [frame, devices.scenarioVariance(scenario, frame)])
          .filter(([, variance]) => variance < 1),
      })),
      {
        x: { type: "log", label: "quantum frame (s)" },
        y: { type: "log", label: "phase variance (rad^2)", domain: [1e-4, 1] },
      },
      [Plot.ruleY([0.04], { strokeDasharray: "6 4" })],
    ),
  );
}

function interference() {
  const fields = {
    "polarisation angle, 0.1 rad": (x) =>
      devices.polarisationVisibility(
        { polarisationAzimuth: 0.1 * x, polarisationEllipticity: 0 },
        { polarisationAzimuth: 0, polarisationEllipticity: 0 },
      ),
    "time offset, 40 ps": (x) =>
      devices.pulseVisibility({ pulseWidthPs: 250, pulseOffsetPs: 40 * x }, { pulseWidthPs: 250, pulseOffsetPs: 0 }),
    "intensity ratio 1 + x": (x) => devices.balanceVisibility(1 + x, 1),
    "phase noise, 0.2 rad": (x) => devices.phaseNoiseVisibility((0.2 * x) ** 2),
  };
  save(
    "transmitter",
    "X error against imperfections of two interfering transmitters",
    lines(
      Object.entries(fields).map(([name, visibility]) => ({
        name,
        points: linSpace(0, 2).map((x) => [x, 100 * devices.visibilityError(visibility(x))]),
      })),
      { marginRight: 190, x: { label: "imperfection x, in the unit named" }, y: { label: "X error (%)" } },
    ),
  );
}

await microcomb();
frequencyNoise();
selfInjection();
injection();
fibre();
tracking();
await phaseBudget();
await wafers();
detector();
scenarios();
interference();
