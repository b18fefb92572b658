/**
 * What a comb, the two locks and a wafer amount to: the figures that a laboratory would quote, as plain objects.
 *
 * Validity is that of the models they call. Linewidths are read from the frequency noise at
 * {@link LINEWIDTH_FREQUENCY_HZ}, above the ring's thermal noise, as "intrinsic linewidths" are.
 *
 * @module
 */
import { photonEnergy } from "../units.ts";
import { lineFrequencyNoise, schawlowTownesNoise } from "./comb-line-noise.ts";
import { usableLines } from "./comb-lines.ts";
import type { CombSource } from "./comb-recipe.ts";
import { addSpectra, frequencySpectrum, type Spectrum, whiteNoise } from "./frequency-noise.ts";
import {
  type InjectionLock,
  injectionLock,
  injectionRatio,
  lockCorner,
  lockedNoise,
  slipTimeLog10,
} from "./injection-lock.ts";
import { lockTrackingVariance } from "./laser-phase.ts";
import { intrinsicLinewidth } from "./linewidth.ts";
import type { CombState } from "./microcomb-start.ts";
import { ringScales } from "./ring-resonator.ts";
import { lockedLinewidth, lockingRange, lockStrength, stabilisation } from "./self-injection-lock.ts";
import { SILICA, thermorefractiveDeviation, thermorefractiveSpectrum } from "./thermorefractive-noise.ts";
import { studyWafers, type WaferStudy } from "./wafer-yield.ts";
import type { DeviceValues } from "./weiming-devices.ts";

/** Fourier frequency at which intrinsic linewidths are read, **Hz**. */
export const LINEWIDTH_FREQUENCY_HZ = 2e6;

/** One line in a {@link CombReport}. */
export interface CombReportLine {
  /** Line number from the pump. */
  readonly line: number;
  /** Vacuum wavelength, **nm**. */
  readonly wavelengthNm: number;
  /** Power in the bus, **W**. */
  readonly watts: number;
  /** Power in the bus, **dBm**. */
  readonly dbm: number;
  /** Intrinsic linewidth, **Hz**. */
  readonly linewidthHz: number;
}

/** A started comb in figures. */
export interface CombReport {
  /** What circulates in the ring. */
  readonly kind: CombState["kind"];
  /** Starts it took. */
  readonly attempts: number;
  /** Pump power in the bus, **W**. */
  readonly pumpWatts: number;
  /** Pump power at the parametric threshold, **W**. */
  readonly thresholdWatts: number;
  /** Detuning $\zeta$ of the laser from the cold resonance. */
  readonly detuning: number;
  /** Share of the pump power in the other lines. */
  readonly conversion: number;
  /** RMS fluctuation of the lines' total power, relative. */
  readonly fluctuation: number;
  /** Lines within 30 dB of the strongest, the pump's left out. */
  readonly lines: readonly CombReportLine[];
}

/** Thermorefractive noise of the preset's ring. */
function ringNoise(values: CombSource): Parameters<typeof thermorefractiveSpectrum>[0] {
  const scales = ringScales(values.ring);
  return {
    ...SILICA,
    frequencyHz: scales.angularFrequency / (2 * Math.PI),
    temperatureKelvin: values.thermorefractive.temperatureKelvin,
    volume: scales.lengthMetres * values.ring.modeAreaUm2 * 1e-12,
    refractiveIndex: values.ring.refractiveIndex,
    cornerHz: values.thermorefractive.cornerHz,
  };
}

function pumpCurve(values: CombSource): { strength: number; backscatter: number; phase: number } {
  const { backscatter, lockPhase } = values.combOperation;
  const strength = lockStrength({
    ...values.pumpLaser,
    ringQ: ringScales(values.ring).loadedQ,
    couplingShare: values.ring.couplingShare,
    backscatter,
  });
  return { strength, backscatter, phase: lockPhase };
}

/**
 * Frequency noise of the pump laser locked to the ring: the laser's own, reduced, and the ring's thermal noise, which it
 * follows.
 *
 * @param values - device values
 * @returns $S_\nu(f)$, **Hz^2/Hz**
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function lockedPumpNoise(values: CombSource): Spectrum {
  const locked = lockedLinewidth(values.pumpLaser.freeLinewidthHz, pumpCurve(values));
  return addSpectra(frequencySpectrum(whiteNoise(locked)), thermorefractiveSpectrum(ringNoise(values)));
}

/**
 * Frequency noise of one line of the comb.
 *
 * Pump and repetition rate move together, as the ring expands ($c=f_r/\nu_0$); vacuum adds to each line by its power.
 *
 * @param values - device values
 * @param line - line number from the pump
 * @param watts - the line's power in the bus, **W**, > 0
 * @returns $S_\nu(f)$, **Hz^2/Hz**
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function combLineNoise(values: CombSource, line: number, watts: number): Spectrum {
  const scales = ringScales(values.ring);
  const vacuum = schawlowTownesNoise(photonEnergy(scales.angularFrequency / (2 * Math.PI)), scales.lossRate, watts);
  const transfer = scales.d1 / scales.angularFrequency;
  return lineFrequencyNoise([{ pumpNoise: lockedPumpNoise(values), transfer }], line, () => vacuum);
}

/**
 * A started comb in figures.
 *
 * @param state - the comb
 * @param values - the device values it was started with
 * @returns the report
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function combReport(state: CombState, values: CombSource): CombReport {
  const { kind, attempts, pumpWatts, detuning, conversion, fluctuation } = state;
  return {
    kind,
    attempts,
    pumpWatts,
    thresholdWatts: ringScales(values.ring).thresholdWatts,
    detuning,
    conversion,
    fluctuation,
    lines: usableLines(state.lines, 30).map(({ line, wavelengthNm, dbm, watts }) => ({
      line,
      wavelengthNm,
      watts,
      dbm,
      linewidthHz: intrinsicLinewidth(combLineNoise(values, line, watts), LINEWIDTH_FREQUENCY_HZ),
    })),
  };
}

/** The pump laser's lock to the ring in figures. */
export interface PumpLockReport {
  /** Stabilisation parameter $K_0$. */
  readonly strength: number;
  /** Factor by which frequency deviations shrink at resonance. */
  readonly stabilisation: number;
  /** Width of the locking range, **Hz**. */
  readonly lockingRangeHz: number;
  /** Linewidth of the free-running laser, **Hz**. */
  readonly freeLinewidthHz: number;
  /** Linewidth of the locked laser by its own noise, **Hz**. */
  readonly lockedLinewidthHz: number;
  /** RMS thermal fluctuation of the ring, **Hz**. */
  readonly thermorefractiveDeviationHz: number;
  /** Intrinsic linewidth with the ring's noise, **Hz**. */
  readonly intrinsicLinewidthHz: number;
}

/**
 * The pump laser's lock to the ring in figures.
 *
 * @param source - ring and pump laser
 * @returns the report
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function pumpLockReport(source: CombSource): PumpLockReport {
  const scales = ringScales(source.ring);
  const curve = pumpCurve(source);
  const { freeLinewidthHz } = source.pumpLaser;
  return {
    strength: curve.strength,
    stabilisation: stabilisation(curve, 0),
    lockingRangeHz: (lockingRange(curve).width * scales.lossRate) / 2 / (2 * Math.PI),
    freeLinewidthHz,
    lockedLinewidthHz: lockedLinewidth(freeLinewidthHz, curve),
    thermorefractiveDeviationHz: thermorefractiveDeviation(ringNoise(source)),
    intrinsicLinewidthHz: intrinsicLinewidth(lockedPumpNoise(source), LINEWIDTH_FREQUENCY_HZ),
  };
}

/** A client's lock to its comb line in figures. */
export interface ClientLockReport {
  /** Corner of the lock, **Hz**. */
  readonly cornerHz: number;
  /** Stable detunings of the comb line from the free-running laser, **Hz**. */
  readonly rangeHz: readonly [number, number];
  /** Phase variance against the comb line, **rad^2**. */
  readonly trackingVariance: number;
  /** Intrinsic linewidth of the locked client, **Hz**. */
  readonly intrinsicLinewidthHz: number;
  /** Decimal logarithm of the mean time between cycle slips in seconds. */
  readonly slipTimeLog10Seconds: number;
}

/**
 * A client's lock to its comb line in figures.
 *
 * @param lock - the lock, see `injectionLock`
 * @param detuningHz - comb line minus free-running laser, **Hz**, inside the range
 * @param freeLinewidthHz - linewidth of the free-running laser, **Hz**, > 0
 * @param lineNoise - frequency noise of the comb line, **Hz^2/Hz**
 * @returns the report
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function clientLockReport(
  lock: InjectionLock,
  detuningHz: number,
  freeLinewidthHz: number,
  lineNoise: Spectrum,
): ClientLockReport {
  const cornerHz = lockCorner(lock, detuningHz);
  const client = lockedNoise(lineNoise, frequencySpectrum(whiteNoise(freeLinewidthHz)), cornerHz);
  return {
    cornerHz,
    rangeHz: lock.rangeHz,
    trackingVariance: lockTrackingVariance(freeLinewidthHz, cornerHz),
    intrinsicLinewidthHz: intrinsicLinewidth(client, LINEWIDTH_FREQUENCY_HZ),
    slipTimeLog10Seconds: slipTimeLog10(freeLinewidthHz, lock.lockRateHz, detuningHz),
  };
}

/** Both locks in figures. */
export interface LockReport {
  /** Pump laser on the ring. */
  readonly selfInjection: PumpLockReport;
  /** Client laser on a comb line. */
  readonly injection: ClientLockReport;
}

/** Power of a weak line of the ten, -10 dBm, **W**. */
const WEAK_LINE_WATTS = 1e-4;

/**
 * Both locks in figures: the pump's, and that of a client as designed beside the comb.
 *
 * @param values - device values
 * @param lineWatts - power of the client's line where it leaves the comb, **W**, default -10 dBm
 * @returns the report
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function lockReport(values: DeviceValues, lineWatts: number = WEAK_LINE_WATTS): LockReport {
  const { clientLaser, distribution, wafer } = values;
  const ratio = injectionRatio(lineWatts, distribution.insertionLossDb, 1e-3 * clientLaser.cavityMilliwatts);
  const line = frequencySpectrum(whiteNoise(values.comb.linewidthHz));
  const lock = injectionLock({ ...clientLaser, injectionRatio: ratio });
  return {
    selfInjection: pumpLockReport(values),
    injection: clientLockReport(lock, 0, wafer.spreads.freeLinewidthHz.mean, line),
  };
}

/** A wafer's yields in figures. */
export interface WaferReport extends WaferStudy {
  /** Chips that pass by their number of working modulators, spread of the main properties over all chips. */
  readonly properties: readonly {
    /** Name of the property, with its unit. */
    readonly property: string;
    /** Mean over chips. */
    readonly mean: number;
    /** Standard deviation over chips. */
    readonly deviation: number;
  }[];
}

/**
 * Yields and spreads over many wafers.
 *
 * @param seed - seed of the study
 * @param values - device values
 * @param options - number of wafers and chips wanted of each
 * @returns the report
 * @throws {@link TwincombError} `invalid-input` when a value is unphysical
 */
export function waferReport(
  seed: string,
  values: Pick<DeviceValues, "wafer">,
  options: { readonly wafers: number; readonly wanted: number },
): WaferReport {
  const sums = new Map<string, { count: number; sum: number; square: number }>();
  const study = studyWafers(seed, values.wafer, {
    ...options,
    test: (chip) => {
      for (const property of Object.keys(values.wafer.spreads) as (keyof typeof values.wafer.spreads)[]) {
        const entry = sums.get(property) ?? { count: 0, sum: 0, square: 0 };
        const deviation = chip[property] - values.wafer.spreads[property].mean;
        sums.set(property, {
          count: entry.count + 1,
          sum: entry.sum + deviation,
          square: entry.square + deviation ** 2,
        });
      }
      return true;
    },
  });
  const properties = [...sums].map(([property, { count, sum, square }]) => ({
    property,
    mean: values.wafer.spreads[property as keyof typeof values.wafer.spreads].mean + sum / count,
    deviation: Math.sqrt(Math.max(0, square / count - (sum / count) ** 2)),
  }));
  return { ...study, properties };
}
