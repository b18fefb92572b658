/**
 * Starting a microcomb and judging what came out: ramps of detuning and power, a hold, and the comb's lines with
 * their stability.
 *
 * A dark pulse in normal dispersion forms between the two homogeneous states when the laser, pulled by the light the
 * ring scatters back, is tuned into resonance (theory and experiment: Lobanov et al., Opt. Express 23, 7713 (2015);
 * Lihachev et al., Nat. Commun. 13, 1771 (2022)). Validity is that of `microcomb.ts`.
 *
 * @module
 */
import { inRange, invalid, throwIfAborted, wholeInRange } from "../errors.ts";
import type { KernelSource } from "../kernels/modules.ts";
import type { PhiloxKey } from "../random.ts";
import { type CombLinePower, conversionEfficiency, usableLines } from "./comb-lines.ts";
import { Microcomb, type MicrocombRamp, type MicrocombRunOptions, type MicrocombSettings } from "./microcomb.ts";

/** A recipe for a comb. */
export interface CombRecipe {
  /** The comb. */
  readonly settings: MicrocombSettings;
  /** What to do to start it, in order. */
  readonly ramps: readonly MicrocombRamp[];
  /** How long to watch it at the last ramp's end, in units of $2/\kappa$. */
  readonly holdDuration: number;
  /** How often to look at its lines meanwhile. */
  readonly holdSamples: number;
  /** What is wanted; with it, a start that gives something else is repeated with fresh vacuum noise. */
  readonly wanted?: CombKind;
  /** Most starts, default 1. */
  readonly attempts?: number;
}

/**
 * What circulates in the ring: nothing but the pump, a dip in a bright background, a pulse on a dark background, or a
 * pattern with several of either.
 */
export type CombKind = "homogeneous" | "dark-pulse" | "bright-pulse" | "pattern";

/** A comb that was started. */
export interface CombState {
  /** How many starts it took. */
  readonly attempts: number;
  /** What circulates. */
  readonly kind: CombKind;
  /** Powers of all lines in the bus, averaged over the hold. */
  readonly lines: readonly CombLinePower[];
  /** Detuning $\zeta$ of the laser from the cold resonance at the end. */
  readonly detuning: number;
  /** Pump power in the bus, **W**. */
  readonly pumpWatts: number;
  /** Share of the pump power in the other lines. */
  readonly conversion: number;
  /** Number of lines within 30 dB of the strongest beside the pump. */
  readonly linesWithin30Db: number;
  /** RMS fluctuation of the lines' total power over the hold, relative. */
  readonly fluctuation: number;
  /** Largest relative RMS fluctuation of one line within 30 dB. */
  readonly worstLineFluctuation: number;
  /** Intensity along the ring at the end, $|\psi|^2$. */
  readonly intensity: Float64Array;
}

/** Contrast of the intensity below which the field counts as homogeneous. */
const HOMOGENEOUS_CONTRAST = 0.05;

/** Intensity below which nothing but vacuum noise can modulate the field: patterns need more than 1. */
const LEAST_INTENSITY = 0.01;

/**
 * Names what circulates in the ring by its intensity profile.
 *
 * The profile is cut half-way between its extremes; one stretch below the cut that is shorter than the rest is a dark
 * pulse, one stretch above a bright one. In normal dispersion the two turn into each other continuously, as two fronts
 * move around the ring.
 *
 * @param intensity - $|\psi|^2$ at equidistant azimuths
 * @returns the kind
 */
export function combKind(intensity: Float64Array): CombKind {
  const low = intensity.reduce((a, b) => Math.min(a, b), Infinity);
  const high = intensity.reduce((a, b) => Math.max(a, b), 0);
  if (!(high - low > HOMOGENEOUS_CONTRAST * high) || high < LEAST_INTENSITY) return "homogeneous";
  const cut = (low + high) / 2;
  let fronts = 0;
  let above = 0;
  for (let k = 0; k < intensity.length; k++) {
    const here = intensity[k]! > cut;
    const before = intensity[(k + intensity.length - 1) % intensity.length]! > cut;
    if (here !== before) fronts++;
    if (here) above++;
  }
  if (fronts !== 2) return "pattern";
  return above > intensity.length / 2 ? "dark-pulse" : "bright-pulse";
}

/**
 * Starts a comb by simulation and watches it.
 *
 * @param recipe - the comb and what to do with it
 * @param key - Philox key of the simulation's seed
 * @param options - progress over the whole recipe, cancellation, and where the kernel's binary comes from
 * @returns the comb; `kind` is `homogeneous` when none formed
 * @throws {@link TwincombError} `invalid-input` when the recipe is unphysical, `aborted` when the signal fires
 */
export async function startMicrocomb(
  recipe: CombRecipe,
  key: PhiloxKey,
  options: MicrocombRunOptions & { readonly source?: KernelSource } = {},
): Promise<CombState> {
  if (recipe.ramps.length === 0) throw invalid("recipe.ramps", 0, "at least one ramp");
  inRange("recipe.holdDuration", recipe.holdDuration, 0, 1e9);
  wholeInRange("recipe.holdSamples", recipe.holdSamples, 1, 1e6);
  wholeInRange("recipe.attempts", recipe.attempts ?? 1, 1, 1000);
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(options.signal);
    const state = await attemptStart(recipe, key, attempt, options);
    if (recipe.wanted === undefined || state.kind === recipe.wanted || attempt >= (recipe.attempts ?? 1)) return state;
  }
}

async function attemptStart(
  recipe: CombRecipe,
  key: PhiloxKey,
  attempt: number,
  options: MicrocombRunOptions & { readonly source?: KernelSource },
): Promise<CombState> {
  const total = recipe.ramps.reduce((sum, ramp) => sum + ramp.duration, recipe.holdDuration);
  using comb = await Microcomb.create(recipe.settings, key, attempt - 1, options.source);
  let done = 0;
  const stretch = async (ramp: MicrocombRamp): Promise<void> => {
    await comb.run(ramp, {
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onProgress: (share) => options.onProgress?.((done + share * ramp.duration) / total),
    });
    done += ramp.duration;
  };
  for (const ramp of recipe.ramps) await stretch(ramp);
  const samples: CombLinePower[][] = [];
  const last = recipe.ramps.at(-1)!;
  const hold: MicrocombRamp = {
    detuning: [last.detuning[1], last.detuning[1]],
    pumpWatts: [last.pumpWatts[1], last.pumpWatts[1]],
    duration: recipe.holdDuration / recipe.holdSamples,
  };
  for (let i = 0; i < recipe.holdSamples; i++) {
    await stretch(hold);
    samples.push(comb.lines());
  }
  return summarise(comb, attempt, samples);
}

function summarise(comb: Microcomb, attempts: number, samples: readonly CombLinePower[][]): CombState {
  const mean = samples[0]!.map((line, i) => {
    const watts = samples.reduce((sum, lines) => sum + lines[i]!.watts, 0) / samples.length;
    return { ...line, watts, dbm: 10 * Math.log10(watts * 1e3) };
  });
  const usable = usableLines(mean, 30);
  const relative = (values: readonly number[]) => {
    const average = values.reduce((a, b) => a + b, 0) / values.length;
    const square = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
    return average === 0 ? 0 : Math.sqrt(square) / average;
  };
  const offset = mean[0]!.line;
  return {
    attempts,
    kind: combKind(comb.intensity()),
    lines: mean,
    detuning: comb.detuning,
    pumpWatts: comb.pumpWatts,
    conversion: comb.pumpWatts === 0 ? 0 : conversionEfficiency(mean, comb.pumpWatts),
    linesWithin30Db: usable.length,
    fluctuation: relative(
      samples.map((lines) => lines.reduce((sum, line) => (line.line === 0 ? sum : sum + line.watts), 0)),
    ),
    worstLineFluctuation: usable.reduce(
      (worst, { line }) => Math.max(worst, relative(samples.map((lines) => lines[line - offset]!.watts))),
      0,
    ),
    intensity: comb.intensity(),
  };
}
