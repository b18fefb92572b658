import { describe, expect, test } from "vitest";
import * as devices from "../../src/devices/index.ts";
import { TwincombError } from "../../src/errors.ts";

/** Functions of plain numbers with arguments that they accept. */
const NUMERIC: Readonly<Record<string, readonly number[]>> = {
  armRatioFromExtinction: [30],
  attenuationFor: [0.1, 1e-3, 5e8, 1.9e14],
  balanceVisibility: [1, 2],
  defectYield: [1, 2, 3],
  delayedDifference: [1e-6],
  delayedSelfVariance: [100, 1e-6],
  discretePhaseLeakage: [0.5, 8],
  doubleRayleighRatio: [100, 0.2],
  dualWavelengthResidual: [2871, 1550, 1551, 30],
  extinctionFromArmRatio: [0.9],
  feedForwardResidual: [1e-4, 1e-5],
  fibreDelay: [100, 1.46],
  fibrePhaseSpectrum: [100, 100],
  fibreNoiseFromDrift: [2871, 370, 100],
  fixedPoint: [0.1],
  homogeneousField: [2, 3, 1],
  homogeneousIntensities: [2, 3],
  informationPerCount: [0.3, 0.9],
  injectionRatio: [1e-3, 20, 1e-2],
  laserNoise: [1e6, 1e3],
  lockTrackingVariance: [1e6, 5e8],
  lowPass: [1e6],
  meanSlipTime: [1e8, 5e8, 1e7],
  modulationGrowth: [1.2, 1, 1],
  optimalWindow: [2e6, 2871, 0.9],
  phaseNoiseVisibility: [0.1],
  phaseQuantisationVariance: [8],
  phaseScaleVariance: [0.01],
  portVisibility: [20],
  probabilityOfEnough: [24, 20, 0.9],
  pumpOfIntensity: [1, 2],
  rayleighBackscatter: [100, 0.2],
  schawlowTownesNoise: [1.3e-19, 1e8, 1e-3],
  shotNoiseVariance: [100, 0.9],
  sliceVisibility: [0.4],
  slipTimeLog10: [1e8, 5e8, 1e7],
  soliton: [3, 5],
  solitonEnvelope: [5, 0.01, 10],
  solitonExistenceEdge: [3],
  spoolDriftRate: [370],
  turningPoints: [3],
  visibilityError: [0.9],
  whiteNoise: [100],
  windowDriftVariance: [2871, 1e-4],
  yieldEstimate: [117, 120, 0.95],
};

/** Models of one object of numbers. */
const RECORDS: Readonly<Record<string, readonly [(value: never) => unknown, Readonly<Record<string, number>>]>> = {
  fibreArm: [devices.fibreArm, { lengthKm: 100, lossDbPerKm: 0.2, insertionLossDb: 1 }],
  injectionLock: [
    devices.injectionLock,
    { cavityLengthUm: 500, groupIndex: 3.7, linewidthEnhancement: 3, injectionRatio: 1e-4 },
  ],
  kalmanSteadyState: [devices.kalmanSteadyState, { diffusion: 10, intervalSeconds: 1e-4, measurementVariance: 0.01 }],
  lockStrength: [
    devices.lockStrength,
    { ringQ: 1e7, laserQ: 1e4, couplingShare: 0.5, backscatter: 0.5, linewidthEnhancement: 2, couplingLossDb: 3 },
  ],
  noiseProbability: [devices.noiseProbability, devices.valuesOf(devices.WEIMING_DEVICES.detector)],
  ringScales: [devices.ringScales, devices.valuesOf(devices.WEIMING_DEVICES.ring)],
  strayLightRate: [
    devices.strayLightRate,
    {
      referenceCountRateHz: 1,
      doubleRayleigh: 0.1,
      adjacentChannels: 1,
      fartherChannels: 1,
      otherChannelCountRateHz: 1,
      adjacentIsolationDb: 1,
      fartherIsolationDb: 1,
    },
  ],
  thermorefractiveSpectrum: [
    devices.thermorefractiveSpectrum,
    {
      ...devices.SILICA,
      frequencyHz: 1.9e14,
      temperatureKelvin: 300,
      volume: 5e-14,
      refractiveIndex: 1.45,
      cornerHz: 3e4,
    },
  ],
  lockingRange: [devices.lockingRange, { strength: 50, backscatter: 0.5, phase: 0.1 }],
};

describe("NaN is refused in every place, with a typed error", () => {
  test.each(Object.entries(NUMERIC))("%s", (name, values) => {
    const call = (devices as unknown as Record<string, (...values: number[]) => unknown>)[name]!;
    expect(() => call(...values)).not.toThrow();
    for (let i = 0; i < values.length; i++) {
      expect(() => call(...values.with(i, Number.NaN)), `argument ${i}`).toThrow(TwincombError);
    }
  });

  test.each(Object.entries(RECORDS))("%s", (_, [call, values]) => {
    expect(() => call(values as never)).not.toThrow();
    for (const key of Object.keys(values)) {
      expect(() => call({ ...values, [key]: Number.NaN } as never), key).toThrow(TwincombError);
    }
  });
});
