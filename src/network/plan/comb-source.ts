/**
 * The comb of a scenario: started by simulation, or as somebody measured it.
 *
 * @module
 */
import {
  type CombKind,
  type CombSource,
  type CombState,
  combLine,
  combLineNoise,
  combRecipe,
  delayedNoiseVariance,
  frequencySpectrum,
  intrinsicLinewidth,
  LINEWIDTH_FREQUENCY_HZ,
  ringScales,
  type Spectrum,
  startMicrocomb,
  usableLines,
  whiteNoise,
} from "../../devices/index.ts";
import { philoxKey } from "../../random.ts";
import { dbmToWatts, roundSignificant, wattsToDbm } from "../../units.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** One line of a comb that runs. */
export interface CombColour {
  /** Number of the line, counted from the pump. */
  readonly line: number;
  /** Vacuum wavelength, nm. */
  readonly wavelengthNm: number;
  /** Power where it leaves the comb, W. */
  readonly watts: number;
  /** The same, dBm. */
  readonly dbm: number;
  /** Intrinsic linewidth, Hz. */
  readonly linewidthHz: number;
}

/** A comb that runs: plain numbers, of which every decision of the network is made. */
export interface PlannedComb {
  /** Whether it was simulated or given. */
  readonly source: "microcomb" | "measured";
  /** What circulates in the ring; null of a measured comb, like the other figures of a simulation. */
  readonly kind: CombKind | null;
  /** Starts that it took. */
  readonly attempts: number | null;
  /** Pump power in the bus, W. */
  readonly pumpWatts: number | null;
  /** Pump power at the threshold, W. */
  readonly thresholdWatts: number | null;
  /** Detuning of the laser from the cold resonance at the end, in half linewidths. */
  readonly detuning: number | null;
  /** Share of the pump power in the other lines. */
  readonly conversion: number | null;
  /** RMS fluctuation of the lines' total power while the comb was watched, relative. */
  readonly fluctuation: number | null;
  /** Power of the pumped line behind the ring, W. */
  readonly pumpLineWatts: number;
  /** Lines within 40 dB of the strongest one, without the pump's where there is one; none when no comb formed. */
  readonly lines: readonly CombColour[];
}

/** How a comb reports and stops while it is started. */
export interface CombOptions {
  /** Stops the simulation. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the share of the start that is done. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** Range below the strongest line in which lines count, dB. */
const RANGE_DB = 40;
/** Relative fluctuation of the lines' power above which they are no steady reference for anybody. */
const UNSTEADY = 0.1;

/** Started combs by everything that decides them; a network is planned many times with one comb. */
const started = new Map<string, PlannedComb>();
/** Combs that are kept: few scenarios are varied at a time. */
const KEPT = 32;

/**
 * The scenario's comb, started by simulation unless that was done before.
 *
 * @param scenario - a checked scenario
 * @param options - progress and cancellation
 * @throws {@link TwincombError} `invalid-input` when the ring is unphysical, `aborted` when the signal fires
 */
export async function startComb(scenario: Scenario, options: CombOptions = {}): Promise<PlannedComb> {
  const source = combSource(scenario.comb);
  if (source === undefined) return measuredComb(scenario.comb);
  const identity = JSON.stringify([scenario.comb, scenario.seed]);
  const known = started.get(identity);
  if (known !== undefined) return known;
  const state = await startMicrocomb(combRecipe(source), philoxKey(scenario.seed), {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  const comb = plannedComb(state, source);
  if (started.size === KEPT) started.delete(started.keys().next().value!);
  started.set(identity, comb);
  return comb;
}

/**
 * A scenario's microcomb in the terms of the device models.
 *
 * @param comb - the scenario's comb
 * @returns nothing of a measured comb
 */
export function combSource({ microcomb, pumpWavelengthNm, spacingGhz }: Scenario["comb"]): CombSource | undefined {
  if (microcomb === undefined) return undefined;
  const { ring, pumpLaser, start } = microcomb;
  return {
    ring: {
      wavelengthNm: pumpWavelengthNm,
      freeSpectralRangeGhz: spacingGhz,
      intrinsicQ: ring.intrinsicQ,
      couplingShare: ring.couplingShare,
      groupIndex: ring.groupIndex,
      refractiveIndex: ring.refractiveIndex,
      kerrIndex: ring.kerrIndexM2PerW,
      modeAreaUm2: ring.modeAreaUm2,
    },
    ringDispersion: { beta2Ps2PerKm: ring.beta2Ps2PerKm },
    pumpLaser,
    thermorefractive: { temperatureKelvin: ring.temperatureKelvin, cornerHz: ring.thermalCornerHz },
    combOperation: {
      pumpMilliwatts: pumpLaser.powerMilliwatts,
      backscatter: ring.backscatter,
      lockPhase: pumpLaser.feedbackPhaseRad,
      laserRate: pumpLaser.responseRate,
      freeDetuning: start.detuningHalfLinewidths,
      startDuration: start.rampLifetimes,
      settleDuration: start.settleLifetimes,
      holdDuration: start.holdLifetimes,
      attempts: start.attempts,
    },
  };
}

/**
 * Frequency noise of one line.
 *
 * @param scenario - a checked scenario
 * @param colour - one of its comb's lines
 * @returns $S_\nu(f)$, Hz^2/Hz
 */
export function lineNoise({ comb }: Scenario, colour: Pick<CombColour, "line" | "watts">): Spectrum {
  const source = combSource(comb);
  return source === undefined
    ? frequencySpectrum(whiteNoise(comb.measured!.linewidthHz))
    : combLineNoise(source, colour.line, colour.watts);
}

/** Variances by everything that decides them: an integral of some thousand points that many plans of one comb share. */
const variances = new Map<string, number>();
/** Variances that are kept: those of all pairs of the largest networks. */
const KEPT_VARIANCES = 4096;

/**
 * Phase variance that a line's noise leaves over two ways of unequal length, see `delayedNoiseVariance`.
 *
 * @param scenario - a checked scenario
 * @param colour - one of its comb's lines
 * @param delaySeconds - delay difference, s
 * @returns variance, rad^2
 */
export function lineVariance(
  scenario: Scenario,
  colour: Pick<CombColour, "line" | "watts">,
  delaySeconds: number,
): number {
  const window = scenario.tracking.fastWindowSeconds;
  const identity = JSON.stringify([scenario.comb, colour.line, colour.watts, delaySeconds, window]);
  const known = variances.get(identity);
  if (known !== undefined) return known;
  const variance = delayedNoiseVariance(lineNoise(scenario, colour), delaySeconds, window);
  if (variances.size === KEPT_VARIANCES) variances.delete(variances.keys().next().value!);
  variances.set(identity, variance);
  return variance;
}

/** What is left of a simulation for the network to decide by, rounded to where all engines agree. */
function plannedComb(state: CombState, source: CombSource): PlannedComb {
  const fluctuation = roundSignificant(state.fluctuation);
  const all = state.lines.map((one) => ({ ...one, watts: roundSignificant(one.watts) }));
  const lines = fluctuation < UNSTEADY ? usableLines(all, RANGE_DB) : [];
  return {
    source: "microcomb",
    kind: state.kind,
    attempts: state.attempts,
    pumpWatts: roundSignificant(state.pumpWatts),
    thresholdWatts: roundSignificant(ringScales(source.ring).thresholdWatts),
    detuning: roundSignificant(state.detuning),
    conversion: roundSignificant(state.conversion),
    fluctuation,
    pumpLineWatts: all.find(({ line }) => line === 0)!.watts,
    lines: lines.map(({ line, wavelengthNm, watts }) => ({
      line,
      wavelengthNm: roundSignificant(wavelengthNm),
      watts,
      dbm: roundSignificant(wattsToDbm(watts)),
      linewidthHz: roundSignificant(intrinsicLinewidth(combLineNoise(source, line, watts), LINEWIDTH_FREQUENCY_HZ)),
    })),
  };
}

function measuredComb(comb: Scenario["comb"]): PlannedComb {
  const { linewidthHz, lines } = comb.measured!;
  const colours = lines.map(({ line, dbm }) => ({
    line,
    wavelengthNm: roundSignificant(combLine(comb, line).wavelengthNm),
    watts: roundSignificant(dbmToWatts(dbm)),
    dbm,
    linewidthHz,
  }));
  return {
    source: "measured",
    kind: null,
    attempts: null,
    pumpWatts: null,
    thresholdWatts: null,
    detuning: null,
    conversion: null,
    fluctuation: null,
    pumpLineWatts: colours.find(({ line }) => line === 0)?.watts ?? 0,
    lines: colours.sort((a, b) => a.line - b.line),
  };
}
