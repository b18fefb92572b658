import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  dbmToWatts,
  decibelsToRatio,
  frequencyToWavelength,
  lossToTransmittance,
  photonEnergy,
  photonsPerPulse,
  pulseTrainPower,
  ratioToDecibels,
  roundSignificant,
  wattsToDbm,
  wavelengthToFrequency,
} from "../src/units.ts";

describe("units", () => {
  test("known values", () => {
    expect(decibelsToRatio(3)).toBeCloseTo(1.995262315, 9);
    expect(lossToTransmittance(20)).toBeCloseTo(0.01, 15);
    expect(dbmToWatts(0)).toBe(1e-3);
    expect(wavelengthToFrequency(1549.78)).toBeCloseTo(193_441_945_308_108.5, -3);
    // One milliwatt at 1550 nm is 7.80e15 photons a second.
    expect(photonsPerPulse(1e-3, 1, wavelengthToFrequency(1550)) / 7.8027e15).toBeCloseTo(1, 4);
    expect(photonEnergy(wavelengthToFrequency(1550)) / 1.281578e-19).toBeCloseTo(1, 5);
  });

  test("conversions are each other's inverse", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), (x) => {
        expect(decibelsToRatio(ratioToDecibels(x)) / x).toBeCloseTo(1, 12);
        expect(dbmToWatts(wattsToDbm(x)) / x).toBeCloseTo(1, 12);
        expect(frequencyToWavelength(wavelengthToFrequency(x)) / x).toBeCloseTo(1, 14);
        expect(photonsPerPulse(pulseTrainPower(x, 5e8, 2e14), 5e8, 2e14) / x).toBeCloseTo(1, 13);
      }),
    );
  });

  test("rounding keeps twelve digits and kills the thirteenth", () => {
    expect(roundSignificant(1 / 3)).toBe(0.333333333333);
    expect(roundSignificant(0.1 + 0.2)).toBe(0.3);
    expect(roundSignificant(-1234567890123)).toBe(-1234567890120);
    expect(roundSignificant(Number.NaN)).toBeNaN();
    expect(roundSignificant(5, 1)).toBe(5);
  });

  test("unphysical input is refused with the parameter's name", () => {
    expect(() => lossToTransmittance(-1)).toThrow(/lossDb/);
    expect(() => wavelengthToFrequency(0)).toThrow(/nanometres/);
    expect(() => photonsPerPulse(-1, 1, 1)).toThrow(/averagePowerWatts/);
    expect(() => photonsPerPulse(1, Number.NaN, 1)).toThrow(/repetitionRateHz/);
  });
});
