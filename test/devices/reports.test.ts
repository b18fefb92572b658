import { describe, expect, test } from "vitest";
import {
  actualIntensities,
  attenuationFor,
  type CombState,
  combLineNoise,
  combReport,
  frequencySpectrum,
  injectionLock,
  intrinsicLinewidth,
  LINEWIDTH_FREQUENCY_HZ,
  lockReport,
  ringScales,
  valuesOf,
  WEIMING_DEVICES,
  waferReport,
  whiteNoise,
} from "../../src/devices/index.ts";
import { photonsPerPulse } from "../../src/units.ts";

const values = valuesOf(WEIMING_DEVICES);

/** A comb with two strong lines and one too weak to use, without running one. */
const state: CombState = {
  attempts: 1,
  kind: "dark-pulse",
  lines: [-1, 0, 1, 2].map((line, i) => ({
    line,
    frequencyHz: 193.4e12 + line * 30e9,
    wavelengthNm: 1550,
    watts: [1e-3, 5e-2, 1e-3, 1e-7][i]!,
    dbm: [0, 17, 0, -40][i]!,
  })),
  detuning: 5,
  pumpWatts: 0.07,
  conversion: 0.03,
  linesWithin30Db: 2,
  fluctuation: 0.001,
  worstLineFluctuation: 0.001,
  intensity: new Float64Array(4),
};

describe("reports", () => {
  test("Zheng et al.: comb line of a few dozen hertz, client of about 60 Hz", () => {
    const report = lockReport(values);
    expect(report.selfInjection.intrinsicLinewidthHz).toBeGreaterThan(20);
    expect(report.selfInjection.intrinsicLinewidthHz).toBeLessThan(80);
    expect(report.injection.intrinsicLinewidthHz).toBeGreaterThan(50);
    expect(report.injection.intrinsicLinewidthHz).toBeLessThan(70);
    expect(report.selfInjection.stabilisation).toBeGreaterThan(100);
    expect(report.injection.slipTimeLog10Seconds).toBeGreaterThan(100);
    expect(report.injection.trackingVariance).toBeCloseTo(1.1e-3, 4);
    expect(() => JSON.stringify(report)).not.toThrow();
    // A worse laser is a worse comb: linewidth in proportion.
    const worse = lockReport({ ...values, pumpLaser: { ...values.pumpLaser, freeLinewidthHz: 3e6 } });
    expect(worse.selfInjection.lockedLinewidthHz / report.selfInjection.lockedLinewidthHz).toBeCloseTo(3, 9);
  });

  test("a comb's report lists usable lines, the pump left out; weak lines are broader", () => {
    const report = combReport(state, values);
    expect(report.lines.map(({ line }) => line)).toEqual([-1, 1]);
    expect(report.thresholdWatts).toBe(ringScales(values.ring).thresholdWatts);
    const width = (watts: number) => intrinsicLinewidth(combLineNoise(values, 1, watts), LINEWIDTH_FREQUENCY_HZ);
    expect(report.lines[1]!.linewidthHz).toBe(width(1e-3));
    expect(width(1e-6)).toBeGreaterThan(2 * width(1e-3));
    expect(combReport({ ...state, lines: [], kind: "homogeneous" }, values).lines).toEqual([]);
  });

  test("a wafer report recovers the spreads it was given", () => {
    const report = waferReport("report", values, { wafers: 150, wanted: 20 });
    const { pulseOffsetPs, freeLinewidthHz } = values.wafer.spreads;
    const row = (name: string) => report.properties.find(({ property }) => property === name)!;
    expect(report.properties).toHaveLength(10);
    // 3600 chips: the deviation scatters by 1 / sqrt(7200) = 1.2 %; five of these.
    expect(Math.abs(row("pulseOffsetPs").deviation / pulseOffsetPs.white - 1)).toBeLessThan(0.06);
    expect(Math.abs(row("freeLinewidthHz").mean / freeLinewidthHz.mean - 1)).toBeLessThan(0.1);
    expect(report.modulators.low).toBeLessThan(0.975);
    expect(report.modulators.high).toBeGreaterThan(0.97);
  });

  test("the attenuator brings a pulse to its photon number", () => {
    const [photons, power, rate, frequency] = [0.5, 1e-3, 500e6, 193.4e12] as const;
    const attenuation = attenuationFor(photons, power, rate, frequency);
    expect(photonsPerPulse(power * 10 ** (-attenuation / 10), rate, frequency)).toBeCloseTo(photons, 12);
    expect(() => attenuationFor(1e12, power, rate, frequency)).toThrow(/photons/);
  });

  test("device values reach the locks and the light", () => {
    expect(injectionLock({ ...values.clientLaser, injectionRatio: 0 }).lockRateHz).toBe(0);
    expect(frequencySpectrum(whiteNoise(0))(1)).toBe(0);
    const dark = actualIntensities(
      { zSend: 0, x1: 0, x2: 0 },
      { extinctionDb: 30, intensityErrors: { zSend: 0, x1: 0, x2: 0 } },
    );
    expect(dark).toEqual({ zSend: 0, x1: 0, x2: 0, zNot: 0, x0: 0 });
  });
});
