import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  combLine,
  delayMismatch,
  doubleRayleighRatio,
  dualWavelengthResidual,
  erf,
  erfc,
  FIELD_FIBRE,
  fibreArm,
  fibreDriftRate,
  fibreNoiseFromDrift,
  fibrePhaseSpectrum,
  gateAcceptance,
  liveFraction,
  neighbourLeakage,
  noiseProbability,
  normalQuantile,
  rayleighBackscatter,
  relativeColourDistance,
  SPOOL_DRIFT_RATES,
  spoolDriftRate,
  strayLightRate,
} from "../../src/devices/index.ts";

/** Composite Simpson rule, the independent reference of the closed forms below. */
function simpson(f: (x: number) => number, from: number, to: number, steps = 20_000): number {
  const h = (to - from) / steps;
  let sum = f(from) + f(to);
  for (let i = 1; i < steps; i++) sum += f(from + i * h) * (i % 2 ? 4 : 2);
  return (sum * h) / 3;
}

describe("special functions", () => {
  // Python 3.11, math.erf, math.erfc and statistics.NormalDist.inv_cdf.
  test.each([
    [0.1, 0.1124629160182849, 0.8875370839817152],
    [0.9, 0.796908212422832, 0.20309178757716784],
    [1.5, 0.9661051464753108, 0.033894853524689274],
    [2.5, 0.999593047982555, 0.0004069520174449589],
    [5, 0.9999999999984626, 1.5374597944280347e-12],
    [15, 1, 7.212994172451206e-100],
  ])("erf and erfc at %d", (x, e, c) => {
    expect(erf(x) / e).toBeCloseTo(1, 14);
    expect(erfc(x) / c).toBeCloseTo(1, 13);
    expect(erf(-x)).toBe(-erf(x));
  });

  test("normal quantile inverts the distribution function over thirty orders of magnitude", () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: -0.0005, noNaN: true }), (exponent) => {
        const p = 10 ** exponent;
        expect(erfc(-normalQuantile(p) / Math.SQRT2) / 2 / p).toBeCloseTo(1, 12);
      }),
    );
    expect(normalQuantile(1e-300)).toBeCloseTo(-37.0470962993612, 12);
    expect(normalQuantile(0)).toBe(-Infinity);
  });
});

describe("fibre", () => {
  test("370 km of 0.165 dB/km lose 30.525 dB an arm and delay by 906 us", () => {
    const arm = fibreArm({ lengthKm: 185, lossDbPerKm: 0.165, insertionLossDb: 2 });
    expect(arm.lossDb).toBeCloseTo(32.525, 12);
    expect(arm.fibreTransmittance).toBeCloseTo(8.8614e-4, 7);
    expect(arm.delaySeconds * 1e6).toBeCloseTo(906.0, 0);
  });

  test("an ideal fibre of no length does nothing", () => {
    expect(fibreArm({ lengthKm: 0, lossDbPerKm: 0.2 })).toEqual({
      fibreTransmittance: 1,
      transmittance: 1,
      lossDb: 0,
      delaySeconds: 0,
    });
  });

  test("2.5 km of difference on both fibres are 24 us, on one 12 us", () => {
    const one = delayMismatch({ downLinkKm: 0, upLinkKm: 102.5 }, { downLinkKm: 0, upLinkKm: 100 });
    const both = delayMismatch({ downLinkKm: 102.5, upLinkKm: 102.5 }, { downLinkKm: 100, upLinkKm: 100 });
    expect(one * 1e6).toBeCloseTo(12.24, 2);
    expect(both / one).toBeCloseTo(2, 10);
  });

  test("drift rate is the integral of the spectrum (Bertaina et al., equation 6)", () => {
    // Substituting f = exp(u) the integrand (2 pi f)^2 S f is smooth.
    const square = simpson((u) => (2 * Math.PI) ** 2 * Math.exp(3 * u) * fibrePhaseSpectrum(Math.exp(u), 370), -12, 22);
    expect(Math.sqrt(square) / fibreDriftRate(370)).toBeCloseTo(1, 4);
    expect(fibreDriftRate(370)).toBeCloseTo(8017, 0);
    expect(fibreDriftRate(370, FIELD_FIBRE, 4)).toBeCloseTo(2 * fibreDriftRate(370), 9);
    expect(fibreNoiseFromDrift(2871, 370).coefficient).toBeCloseTo(5.64, 2);
  });

  test("spool fit passes the published points within 8 % and lies near their interpolation at 370 km", () => {
    for (const { totalLengthKm, radPerSecond } of SPOOL_DRIFT_RATES) {
      expect(Math.abs(spoolDriftRate(totalLengthKm) / radPerSecond - 1)).toBeLessThan(0.08);
    }
    const slope = Math.log(5300 / 3400) / Math.log(413.73 / 306.31);
    const interpolated = 3400 * (370 / 306.31) ** slope;
    expect(interpolated).toBeCloseTo(4494, 0);
    expect(Math.abs(spoolDriftRate(370) / interpolated - 1)).toBeLessThan(0.08);
    const exponent = Math.log(spoolDriftRate(400) / spoolDriftRate(200)) / Math.LN2;
    expect(Math.abs(exponent - 1.17)).toBeLessThan(0.02);
  });

  test("74 grid lines, not ten, would explain a reduction by 87 through colour alone", () => {
    const grid = { pumpWavelengthNm: 1549.78, spacingGhz: 30.03 };
    const pump = combLine(grid, 0);
    expect(Math.abs(1 / relativeColourDistance(pump, combLine(grid, -73)) - 87)).toBeLessThan(1.5);
    const reference = combLine(grid, 10);
    const parts = dualWavelengthResidual(2871, reference.wavelengthNm, pump.wavelengthNm, 30);
    expect(parts.chromaticRadPerSecond).toBeCloseTo(4.46, 1);
    expect(parts.totalRadPerSecond).toBeCloseTo(Math.sqrt(30 ** 2 + parts.chromaticRadPerSecond ** 2), 12);
    expect(pump.wavelengthNm).toBeCloseTo(1549.78, 10);
    expect(combLine(grid, 1).frequencyHz - pump.frequencyHz).toBeCloseTo(30.03e9, -1);
  });

  test("Rayleigh ratios are the integrals over the places of scattering", () => {
    const alpha = (0.165 * Math.LN10) / 10;
    const rate = 1.5e-3 * ((0.14 * Math.LN10) / 10);
    for (const length of [0.001, 5, 185]) {
      const single = simpson((z) => rate * Math.exp(-2 * alpha * z), 0, length);
      const double = simpson((z) => (rate ** 2 * (1 - Math.exp(-2 * alpha * z))) / (2 * alpha), 0, length);
      expect(rayleighBackscatter(length, 0.165) / single).toBeCloseTo(1, 9);
      expect(doubleRayleighRatio(length, 0.165) / double).toBeCloseTo(1, 6);
    }
    expect(doubleRayleighRatio(10, 0)).toBeCloseTo((rate * 10) ** 2 / 2, 20);
  });

  test("stray light adds up", () => {
    const rates = strayLightRate({
      referenceCountRateHz: 2e6,
      doubleRayleigh: 5e-6,
      adjacentChannels: 2,
      fartherChannels: 7,
      otherChannelCountRateHz: 1e6,
      adjacentIsolationDb: 57,
      fartherIsolationDb: 60,
    });
    expect(rates.rayleighHz).toBeCloseTo(10, 12);
    expect(rates.crosstalkHz).toBeCloseTo(2 * 10 ** 0.3 + 7, 12);
  });
});

describe("detector", () => {
  const detector = { efficiency: 0.6, darkCountRateHz: 10, jitterPs: 40, deadTimeNs: 30, gateWidthPs: 500 };

  test("noise in a gate", () => {
    expect(noiseProbability(detector)).toBeCloseTo(5e-9, 16);
    expect(noiseProbability(detector, 10) / noiseProbability(detector)).toBeCloseTo(2, 7);
    expect(noiseProbability({ ...detector, darkCountRateHz: 0 })).toBe(0);
  });

  test("gate acceptance and leakage are parts of one Gaussian", () => {
    const spread = Math.hypot(300 / 2.354820045, 40);
    const density = (t: number) => Math.exp((-t * t) / (2 * spread ** 2)) / (spread * Math.sqrt(2 * Math.PI));
    expect(gateAcceptance(detector, 300)).toBeCloseTo(simpson(density, -250, 250), 10);
    expect(neighbourLeakage(detector, 300, 1000)).toBeCloseTo(2 * simpson(density, 750, 1250), 12);
    // With gates that touch nothing is lost: own gate and all others make one.
    const touching = { ...detector, gateWidthPs: 500 };
    const covered = gateAcceptance(touching, 300) + neighbourLeakage(touching, 300, 500);
    expect(covered).toBeCloseTo(simpson(density, -750, 750), 10);
  });

  test("no spread, no loss, no leakage; more jitter, less acceptance", () => {
    const sharp = { ...detector, jitterPs: 0 };
    expect(gateAcceptance(sharp, 0)).toBe(1);
    expect(neighbourLeakage(sharp, 0, 1000)).toBe(0);
    fc.assert(
      fc.property(fc.double({ min: 1, max: 500, noNaN: true }), (jitter) => {
        const worse = gateAcceptance({ ...detector, jitterPs: jitter * 1.1 }, 100);
        expect(worse).toBeLessThan(gateAcceptance({ ...detector, jitterPs: jitter }, 100));
      }),
    );
  });

  test("live fraction", () => {
    expect(liveFraction(detector, 0)).toBe(1);
    expect(liveFraction(detector, 1e9 / 30)).toBeCloseTo(0.5, 12);
  });
});

test.each<[string, () => unknown]>([
  ["fibre.lengthKm", () => fibreArm({ lengthKm: -1, lossDbPerKm: 0.2 })],
  ["fibre.lossDbPerKm", () => fibreArm({ lengthKm: 1, lossDbPerKm: Number.NaN })],
  ["fibre.insertionLossDb", () => fibreArm({ lengthKm: 1, lossDbPerKm: 0.2, insertionLossDb: -3 })],
  [
    "light.doubleRayleigh",
    () =>
      strayLightRate({
        referenceCountRateHz: 1,
        doubleRayleigh: 2,
        adjacentChannels: 0,
        fartherChannels: 0,
        otherChannelCountRateHz: 0,
        adjacentIsolationDb: 0,
        fartherIsolationDb: 0,
      }),
  ],
  ["line", () => combLine({ pumpWavelengthNm: 1550, spacingGhz: 30 }, 0.5)],
  [
    "detector.efficiency",
    () => noiseProbability({ efficiency: 1.2, darkCountRateHz: 1, jitterPs: 1, deadTimeNs: 1, gateWidthPs: 1 }),
  ],
])("refuses an unphysical %s", (parameter, call) => {
  expect(call).toThrow(expect.objectContaining({ code: "invalid-input", parameter }));
});
