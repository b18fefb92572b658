import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  actualIntensities,
  armRatioFromExtinction,
  balanceVisibility,
  chipsInOrderOfTaking,
  discretePhaseLeakage,
  drawWafer,
  extinctionFromArmRatio,
  informationPerCount,
  machZehnderTransmission,
  optimalWindow,
  phaseQuantisationVariance,
  phaseScaleVariance,
  polarisationVisibility,
  portVisibility,
  provenanceTable,
  pulseVisibility,
  shotNoiseVariance,
  valuesOf,
  WEIMING_DEVICES,
  windowDriftVariance,
} from "../../src/devices/index.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";

describe("transmitter", () => {
  test("extinction is the ratio of the modulator's largest to its least transmission", () => {
    for (const extinctionDb of [10, 20, 30, 45]) {
      const armRatio = armRatioFromExtinction(extinctionDb);
      const modulator = { halfWaveVoltage: 2.6, biasPhase: 0, armRatio };
      const measured = 10 * Math.log10(machZehnderTransmission(modulator, 0) / machZehnderTransmission(modulator, 2.6));
      expect(measured).toBeCloseTo(extinctionDb, 8);
      expect(extinctionFromArmRatio(armRatio)).toBeCloseTo(extinctionDb, 9);
    }
    expect(extinctionFromArmRatio(1)).toBe(Infinity);
  });

  test("residue is the strongest setting through closed modulators", () => {
    const actual = actualIntensities(
      { zSend: 0.5, x1: 0.06, x2: 0.3 },
      { extinctionDb: 30, intensityErrors: { zSend: 0.01, x1: -0.02, x2: 0 } },
    );
    expect(actual.zSend).toBeCloseTo(0.505, 12);
    expect(actual.x1).toBeCloseTo(0.0588, 12);
    expect(actual.zNot).toBeCloseTo(5.05e-4, 12);
    expect(actual.x0).toBe(actual.zNot);
  });

  test("phase errors: half-wave voltage, converter, discrete phases", () => {
    let sum = 0;
    for (let i = 0; i < 1000; i++) sum += (0.02 * (-Math.PI + ((i + 0.5) * 2 * Math.PI) / 1000)) ** 2;
    expect(phaseScaleVariance(0.02)).toBeCloseTo(sum / 1000, 8);
    expect(Math.sqrt(phaseQuantisationVariance(8))).toBeCloseTo((2 * Math.PI) / (256 * Math.sqrt(12)), 14);
    expect(discretePhaseLeakage(0.5, 12)).toBeCloseTo(0.5 ** 12 / 6_227_020_800, 25);
  });
});

describe("interference", () => {
  test("visibilities against the overlap integral of the fields", () => {
    const field = (t: number, width: number, offset: number) =>
      Math.exp(-(((t - offset) / (width / 2.354820045)) ** 2) / 4);
    let cross = 0;
    let a2 = 0;
    let b2 = 0;
    for (let t = -3000; t < 3000; t += 0.5) {
      const a = field(t, 250, 20);
      const b = field(t, 300, -15);
      cross += a * b;
      a2 += a * a;
      b2 += b * b;
    }
    const overlap = pulseVisibility(
      { pulseWidthPs: 250, pulseOffsetPs: 20 },
      { pulseWidthPs: 300, pulseOffsetPs: -15 },
    );
    expect(overlap).toBeCloseTo(cross / Math.sqrt(a2 * b2), 9);
  });

  test("polarisation against the scalar product of Jones vectors", () => {
    const jones = (azimuth: number, ellipticity: number) => [
      [Math.cos(azimuth) * Math.cos(ellipticity), -Math.sin(azimuth) * Math.sin(ellipticity)],
      [Math.sin(azimuth) * Math.cos(ellipticity), Math.cos(azimuth) * Math.sin(ellipticity)],
    ];
    const angle = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(angle, angle, angle, angle, (psiA, chiA, psiB, chiB) => {
        const [a, b] = [jones(psiA, chiA), jones(psiB, chiB)];
        let re = 0;
        let im = 0;
        for (let i = 0; i < 2; i++) {
          re += a[i]![0]! * b[i]![0]! + a[i]![1]! * b[i]![1]!;
          im += a[i]![0]! * b[i]![1]! - a[i]![1]! * b[i]![0]!;
        }
        const visibility = polarisationVisibility(
          { polarisationAzimuth: psiA, polarisationEllipticity: chiA },
          { polarisationAzimuth: psiB, polarisationEllipticity: chiB },
        );
        expect(visibility).toBeCloseTo(Math.hypot(re, im), 6);
      }),
    );
  });

  test("limits", () => {
    expect(balanceVisibility(1, 1)).toBe(1);
    expect(balanceVisibility(1, 0)).toBe(0);
    expect(balanceVisibility(0, 0)).toBe(1);
    expect(portVisibility(0)).toBe(0);
    expect(portVisibility(20)).toBeCloseTo(0.99 / 1.01, 12);
  });
});

describe("phase tracking", () => {
  test("information per count is the Fisher information of the two dithered ports", () => {
    const step = 1e-4;
    for (const visibility of [0.5, 0.9, 0.99]) {
      for (const phase of [0.1, 0.7, 1.3, 2.9]) {
        let information = 0;
        for (const dither of [0, Math.PI / 2]) {
          for (const sign of [1, -1]) {
            const p = (x: number) => (1 + sign * visibility * Math.cos(x - dither)) / 2;
            information += ((p(phase + step) - p(phase - step)) / (2 * step)) ** 2 / p(phase) / 2;
          }
        }
        expect(informationPerCount(phase, visibility)).toBeCloseTo(information, 5);
      }
    }
    expect(informationPerCount(0.3, 1)).toBe(1);
    expect(shotNoiseVariance(200, 1)).toBeCloseTo(1 / 200, 12);
  });

  test("a maximum-likelihood estimate from simulated counts has the stated variance", () => {
    // 4000 estimates: the sample variance of a Gaussian scatters by sqrt(2/4000) = 2.2 %; the bound of 5 standard
    // deviations is passed by chance once in 1.7e6 runs. A window with half of the counts must fail it.
    const stream = new PhiloxStream(philoxKey("tracking"), PURPOSE.deviceNoise, 0);
    const visibility = 0.9;
    const trials = 4000;
    const scatter = (counts: number) => {
      let sum = 0;
      for (let trial = 0; trial < trials; trial++) {
        const phase = (trial / trials) * 2 * Math.PI;
        const bright = [0, Math.PI / 2].map((dither) => {
          const p = (1 + visibility * Math.cos(phase - dither)) / 2;
          let hits = 0;
          for (let i = 0; i < counts / 2; i++) if (stream.uniform() < p) hits++;
          return hits;
        });
        let estimate = phase;
        // Newton's iteration on the likelihood, with the expected information as its slope.
        for (let round = 0; round < 20; round++) {
          let score = 0;
          for (const [i, dither] of [0, Math.PI / 2].entries()) {
            const cos = visibility * Math.cos(estimate - dither);
            const slope = -visibility * Math.sin(estimate - dither);
            score += (bright[i]! * slope) / (1 + cos) - ((counts / 2 - bright[i]!) * slope) / (1 - cos);
          }
          estimate += score / (counts * informationPerCount(estimate, visibility));
        }
        sum += (estimate - phase) ** 2;
      }
      return sum / trials;
    };
    const sigmas = (measured: number, expected: number) => (measured / expected - 1) / Math.sqrt(2 / trials);
    expect(Math.abs(sigmas(scatter(1000), shotNoiseVariance(1000, visibility)))).toBeLessThan(5);
    expect(Math.abs(sigmas(scatter(500), shotNoiseVariance(1000, visibility)))).toBeGreaterThan(5);
  });

  test("the optimal window has a smaller error than its neighbours", () => {
    const total = (window: number) => shotNoiseVariance(2e6 * window, 0.95) + windowDriftVariance(2871, window);
    const best = optimalWindow(2e6, 2871, 0.95);
    expect(total(best)).toBeLessThan(total(best * 1.05));
    expect(total(best)).toBeLessThan(total(best / 1.05));
  });
});

describe("wafer", () => {
  const specification = valuesOf(WEIMING_DEVICES).wafer;

  test("a seed gives one wafer, another seed another", () => {
    const wafer = drawWafer(philoxKey("a"), specification);
    expect(drawWafer(philoxKey("a"), specification)).toEqual(wafer);
    expect(drawWafer(philoxKey("b"), specification)).not.toEqual(wafer);
    expect(wafer).toHaveLength(24);
    for (const chip of wafer) expect(Math.hypot(...chip.positionMm)).toBeLessThan(38.1);
  });

  test("all chips come, whether they work or not: whoever takes them looks", () => {
    const key = philoxKey("broken");
    const wafer = drawWafer(key, { ...specification, modulatorYield: 0 });
    const order = chipsInOrderOfTaking(key, wafer);
    expect(order.map(({ chip }) => chip).sort((a, b) => a - b)).toEqual(wafer.map(({ chip }) => chip));
    expect(order.some(({ usable }) => usable)).toBe(false);
  });

  test("chips are taken without repetition and without favour", () => {
    const taken = new Array<number>(24).fill(0);
    const trials = 2000;
    const wafer = drawWafer(philoxKey("one wafer"), { ...specification, modulatorYield: 1 });
    for (let seed = 0; seed < trials; seed++) {
      const key = philoxKey(`take ${seed}`);
      const chips = chipsInOrderOfTaking(key, wafer).slice(0, 20);
      expect(new Set(chips.map((chip) => chip.chip)).size).toBe(20);
      for (const chip of chips) taken[chip.chip]!++;
    }
    // Binomial with p = 5/6: five standard deviations, passed by chance once in 7e4 runs over 24 chips.
    const sigma = Math.sqrt((trials * 5) / 36);
    for (const count of taken) expect(Math.abs(count - (trials * 5) / 6)).toBeLessThan(5 * sigma);
  });

  test("variances and neighbour correlation of the field are those specified", () => {
    const flat = { mean: 30, radial: 0, correlated: 2, white: 1 };
    const custom = { ...specification, spreads: { ...specification.spreads, extinctionDb: flat } };
    let square = 0;
    let product = 0;
    let expected = 0;
    const wafers = 1500;
    for (let seed = 0; seed < wafers; seed++) {
      const wafer = drawWafer(philoxKey(`field ${seed}`), custom);
      const [a, b] = [wafer[0]!, wafer[1]!];
      const distance = Math.hypot(a.positionMm[0] - b.positionMm[0], a.positionMm[1] - b.positionMm[1]);
      expected = 4 * Math.exp(-distance / custom.correlationLengthMm);
      square += (a.extinctionDb - 30) ** 2;
      product += (a.extinctionDb - 30) * (b.extinctionDb - 30);
    }
    // Variance 5 with standard error 5 sqrt(2/n); the product's is sqrt((25 + c^2)/n). Bounds of five.
    expect(Math.abs(square / wafers - 5)).toBeLessThan(5 * 5 * Math.sqrt(2 / wafers));
    expect(Math.abs(product / wafers - expected)).toBeLessThan(5 * Math.sqrt((25 + expected ** 2) / wafers));
    // Positive control: without the field the covariance would be 0, which the same bound refuses.
    expect(product / wafers).toBeGreaterThan(5 * Math.sqrt(25 / wafers));
  });

  test("unphysical specifications are refused", () => {
    const key = philoxKey("x");
    expect(() => drawWafer(key, { ...specification, modulatorYield: 1.2 })).toThrow(/wafer.modulatorYield/);
    expect(() => drawWafer(key, { ...specification, chips: 0 })).toThrow(/wafer.chips/);
  });
});

test("every preset value has a source", () => {
  const rows = provenanceTable(WEIMING_DEVICES);
  expect(rows.length).toBeGreaterThan(60);
  for (const row of rows) {
    expect(["published", "derived", "assumed"]).toContain(row.provenance);
    expect(row.source.length).toBeGreaterThan(5);
    expect(Number.isFinite(row.value)).toBe(true);
  }
  expect(rows.find((row) => row.path === "link.upLinkKm")).toMatchObject({ value: 185, provenance: "published" });
});
