import { describe, expect, it } from "vitest";
import { expectedClasses, expectedComposition, symmetricLink, symmetricSettings } from "../../src/protocol/index.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";
import { PhotonPicture, poissonVariate } from "./photon-picture.ts";

describe("the photon-number picture", () => {
  const link = symmetricLink({
    transmittance: 4e-4,
    detectorEfficiency: 0.5,
    noiseProbability: 1e-4,
    misalignment: 0.03,
  });

  it.each([15, 25, 40])("has the marginals of the phase picture at %d dB extinction", (extinctionDb) => {
    const settings = symmetricSettings(
      { x1: 0.06, x2: 0.33, zSend: 0.45, zWindow: 0.7, send: 0.27, p0: 0.1, p1: 0.8, sliceWidthRad: 0.5 },
      extinctionDb,
    );
    const picture = new PhotonPicture(settings, link, 1e9).play();
    const phase = expectedClasses(settings, link, 1e9);
    for (const name of ["oo", "o1", "1o", "o2", "2o", "11", "so", "os", "slice", "key"] as const) {
      expect(picture.classes[name].events / phase[name].events, name).toBeCloseTo(1, 7);
    }
    const bits = expectedComposition(settings, link, 1e9 * phase.key.probability);
    for (const name of ["onlyAlice", "onlyBob", "both", "neither"] as const) {
      expect(picture.bits[name] / bits[name], name).toBeCloseTo(1, 7);
    }
  });

  it.each([0.7, 9, 30, 4000])(
    "draws Poisson numbers of mean %d: mean and variance within five standard errors",
    (mean) => {
      const stream = new PhiloxStream(philoxKey("poisson"), PURPOSE.deviceNoise, Math.round(mean));
      const n = 40_000;
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < n; i++) {
        const x = poissonVariate(mean, stream) - mean;
        sum += x;
        squares += x * x;
      }
      // False alarm 6e-7 each; a mean that is 3 % off fails.
      expect(Math.abs(sum / n)).toBeLessThan(5 * Math.sqrt(mean / n));
      expect(Math.abs(squares / n - mean)).toBeLessThan(5 * Math.sqrt((2 * mean * mean + mean) / n));
      expect(Math.abs(sum / n + 0.03 * mean)).toBeGreaterThan(mean >= 30 ? 5 * Math.sqrt(mean / n) : 0);
    },
  );
});
