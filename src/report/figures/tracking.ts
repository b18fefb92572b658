/**
 * The relative phase of a pair's arms before and after it is tracked.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { fibreNoiseFromDrift, fibrePhaseSpectrum, synthesiseNoise } from "../../devices/index.ts";
import { PhaseTracker } from "../../kernels/index.ts";
import { countingRun, type PlannedLink, type Scenario } from "../../network/index.ts";
import { philoxKey } from "../../random.ts";
import type { Figure } from "../figure.ts";
import { valueText } from "../number-text.ts";
import { colour } from "../theme.ts";

/** Windows of the tracking loop that are shown. */
const WINDOWS = 100;
/** Samples of the synthesised drift a window. */
const SAMPLES_A_WINDOW = 16;
/** Length of the synthesised drift, samples: a power of two, several times what is shown. */
const TRACE_SAMPLES = 2 ** 13;
/** Stream of device noise that belongs to this figure. */
const STREAM = 0x7265_0100;

interface PhasePoint {
  readonly ms: number;
  readonly rad: number;
}

/** A stretch of the phase and what the loop makes of it. */
export interface TrackedStretch {
  /** Phase of the arms, **rad**, several points a window. */
  readonly phase: readonly PhasePoint[];
  /** Estimates at the windows' middles, on the phase's own turn. */
  readonly estimates: readonly PhasePoint[];
  /** Phase minus the estimate in force, **rad**. */
  readonly residual: readonly PhasePoint[];
  /** Standard deviation of what is left, **rad**. */
  readonly deviation: number;
  /** Largest departure from the beginning, **rad**. */
  readonly excursion: number;
}

/** To (-pi, pi]. */
const wrapped = (rad: number): number => rad - 2 * Math.PI * Math.round(rad / (2 * Math.PI));

/**
 * Lets the kernel's tracking loop follow a fibre drift synthesised with the scenario's RMS rate.
 *
 * @param scenario - the scenario
 * @param link - the pair
 */
export async function trackedStretch(scenario: Scenario, { pair, budget }: PlannedLink): Promise<TrackedStretch> {
  const { fibre, seed } = scenario;
  const run = countingRun(scenario, pair, budget);
  const window = run.tracking!.samplingSeconds;
  const stepSeconds = window / SAMPLES_A_WINDOW;
  const length = Math.max(1, pair.distanceKm);
  const noise = fibreNoiseFromDrift(fibre.driftRadPerSecond, length);
  const path = synthesiseNoise((f) => fibrePhaseSpectrum(f, length, noise), philoxKey(seed), {
    samples: TRACE_SAMPLES,
    stepSeconds,
    stream: STREAM + pair.index,
  });
  const start = path[0]!;
  const phasesRad = path.map((rad) => rad - start);
  using tracker = await PhaseTracker.create({ ...run, drift: { trace: { stepSeconds, phasesRad } } });
  const phase: PhasePoint[] = [];
  const estimates: PhasePoint[] = [];
  const residual: PhasePoint[] = [];
  for (let w = 0; w < WINDOWS; w++) {
    const { timeSeconds, phaseRad, estimateRad } = tracker.follow(w);
    const rad = phaseRad - wrapped(phaseRad - estimateRad);
    estimates.push({ ms: 1e3 * timeSeconds, rad });
    for (let i = 0; i < SAMPLES_A_WINDOW; i++) {
      const sample = w * SAMPLES_A_WINDOW + i;
      const ms = 1e3 * sample * stepSeconds;
      phase.push({ ms, rad: phasesRad[sample]! });
      residual.push({ ms, rad: wrapped(phasesRad[sample]! - rad) });
    }
  }
  const square = residual.reduce((sum, { rad }) => sum + rad * rad, 0) / residual.length;
  const excursion = phase.reduce((most, { rad }) => Math.max(most, Math.abs(rad)), 0);
  return { phase, estimates, residual, deviation: Math.sqrt(square), excursion };
}

/**
 * Phase before and after tracking.
 *
 * @param scenario - the scenario
 * @param link - the pair
 * @param stretch - from {@link trackedStretch}
 */
export function trackingFigure(scenario: Scenario, link: PlannedLink, stretch: TrackedStretch): Figure {
  const { name } = link.pair;
  const { driftRadPerSecond } = scenario.fibre;
  const half = scenario.protocol.sliceWidthRad / 2;
  // The slow loop follows the difference of two colours; this stretch is of one.
  const expected = Math.sqrt(
    link.budget.phaseBudget
      .filter(({ contribution }) => contribution === "driftInWindow" || contribution === "referenceShotNoise")
      .reduce((sum, { rad2 }) => sum + rad2, 0),
  );
  const windowMs = 1e3 * scenario.tracking.fastWindowSeconds;
  const endMs = windowMs * WINDOWS;
  const turn = Math.max(0.6, 1.1 * stretch.residual.reduce((most, { rad }) => Math.max(most, Math.abs(rad)), 0));
  const frame = (narrow: boolean) => ({
    marginLeft: 46,
    marginRight: 16,
    marginBottom: 42,
    marginTop: 26,
    height: narrow ? 230 : 260,
  });
  const grid = [
    Plot.gridX({ stroke: colour("rule"), strokeOpacity: 1 }),
    Plot.gridY({ stroke: colour("rule"), strokeOpacity: 1 }),
  ];
  return {
    panels: [
      {
        name: "phase-before",
        title: "Relative phase of the two arms before tracking",
        description: `The phase of pair ${name} over ${endMs.toPrecision(3)} ms; it wanders up to ${stretch.excursion.toFixed(1)} rad from where it began, and the loop's estimates lie on it.`,
        options: (width, narrow) => ({
          width,
          ...frame(narrow),
          x: { domain: [0, endMs], label: "time (ms)", ticks: narrow ? 4 : 10 },
          y: { label: "before: phase (rad)", nice: true },
          marks: [
            ...grid,
            Plot.line(stretch.phase, { x: "ms", y: "rad", stroke: colour("blue"), strokeWidth: 2 }),
            Plot.dot(stretch.estimates, {
              x: "ms",
              y: "rad",
              r: narrow ? 1.8 : 2.6,
              fill: colour("amber"),
              stroke: colour("ink"),
              strokeWidth: 0.6,
            }),
          ],
        }),
      },
      {
        name: "phase-after",
        title: "Relative phase of the two arms after tracking",
        description: `What the correction leaves of that phase: standard deviation ${stretch.deviation.toFixed(3)} rad, where the phase budget expects ${expected.toFixed(3)} rad. The accepted phase slice reaches ${half.toFixed(3)} rad to either side.`,
        options: (width, narrow) => ({
          width,
          ...frame(narrow),
          x: { domain: [0, endMs], label: "time (ms)", ticks: narrow ? 4 : 10 },
          y: { label: "after: phase minus estimate (rad)", domain: [-turn, turn] },
          marks: [
            Plot.rect([{}], { x1: 0, x2: endMs, y1: -half, y2: half, fill: colour("shade") }),
            ...grid,
            Plot.ruleY([0], { stroke: colour("muted") }),
            Plot.line(stretch.residual, { x: "ms", y: "rad", stroke: colour("vermilion"), strokeWidth: 1.2 }),
          ],
        }),
      },
    ],
    legend: [
      {
        label: "phase of the arms",
        sign: `<line x1="0" y1="7" x2="28" y2="7" stroke="${colour("blue")}" stroke-width="2.4"/>`,
      },
      {
        label: "estimate of one window",
        sign: `<circle cx="14" cy="7" r="4" fill="${colour("amber")}" stroke="${colour("ink")}"/>`,
      },
      {
        label: "left after correction",
        sign: `<line x1="0" y1="7" x2="28" y2="7" stroke="${colour("vermilion")}" stroke-width="1.6"/>`,
      },
      {
        label: "width of an accepted slice",
        sign: `<rect width="28" height="14" fill="${colour("shade")}" stroke="${colour("rule")}"/>`,
      },
    ],
    caption:
      `A drift of ${(driftRadPerSecond / 1e3).toPrecision(4)} rad/ms RMS, synthesised for pair ${name} from the fibre's noise spectrum with the run's seed, followed by the loop that also serves the photon counting: ` +
      `one estimate from reference counts every ${valueText(windowMs)} ms. It leaves ${stretch.deviation.toFixed(3)} rad RMS; the phase budget expects ${expected.toFixed(3)} rad. Noise of lasers and modulators is too fast for the loop and is not drawn.`,
  };
}
