import { describe, expect, it } from "vitest";
import { fibreTransmittance, optimisePlain, symmetricLink } from "../../src/protocol/index.ts";

/** Reference values computed independently: 0.2 dB/km, p_d 1e-8, e_d 3 %, eta_d 30 %, f 1.1, N 1e12, xi 1e-10. */
const REFERENCE: readonly (readonly [number, number])[] = [
  [100, 2.109e-4],
  [150, 6.283e-5],
  [200, 1.858e-5],
  [250, 5.355e-6],
  [300, 1.458e-6],
  [350, 3.392e-7],
  [370, 1.687e-7],
  [400, 3.989e-8],
];

describe("set A, plain sending-or-not-sending with finite key, within 2 %", () => {
  const at = (distanceKm: number): number =>
    optimisePlain(
      symmetricLink({
        transmittance: fibreTransmittance(distanceKm, 0.2),
        detectorEfficiency: 0.3,
        noiseProbability: 1e-8,
        misalignment: 0.03,
      }),
      1e12,
      { failureProbability: 1e-10, errorCorrectionEfficiency: 1.1 },
    ).keyRatePerPulse;

  it.each(REFERENCE)("at %d km", (distanceKm, rate) => {
    expect(Math.abs(at(distanceKm) / rate - 1)).toBeLessThan(0.02);
  });

  it.each([450, 500])("is zero at %d km", (distanceKm) => {
    expect(at(distanceKm)).toBe(0);
  });
});
