import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  curtyAzumaLo,
  decoyBb84,
  linkAt,
  measurementDeviceIndependent,
  modePairing,
  phaseMatching,
  type RivalLink,
  type RivalName,
  rivalRate,
} from "../../src/protocol/index.ts";
import { portYield } from "../../src/protocol/rivals.ts";
import { binaryEntropy } from "../../src/protocol/special.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";
import { fockYield } from "./fock.ts";
import { poissonVariate } from "./photon-picture.ts";
import { uniform } from "./uniform.ts";

const link: RivalLink = {
  armTransmittance: 0.02,
  lineTransmittance: 8e-4,
  noiseProbability: 1e-6,
  misalignment: 0.03,
  efficiency: 1.1,
};
const names: readonly RivalName[] = ["bb84", "mdi", "pm", "cal", "mode-pairing"];

describe("rival protocols", () => {
  it.each(names)("%s: rates fall with loss, noise and misalignment, and are never negative or NaN", (name) => {
    fc.assert(
      fc.property(uniform(0, 600), uniform(-12, -3), uniform(0, 0.15), (distanceKm, noise, misalignment) => {
        const rate = (km: number, pd: number, ed: number): number =>
          rivalRate(
            name,
            linkAt({ lossDbPerKm: 0.2, detectorEfficiency: 0.6, darkCountProbability: pd, misalignment: ed }, km),
            1.1,
          ).keyRatePerPulse;
        const base = rate(distanceKm, 10 ** noise, misalignment);
        expect(base).toBeGreaterThanOrEqual(0);
        expect(base).toBeLessThan(1);
        const floor = base * (1 - 1e-6);
        expect(rate(distanceKm * 0.9, 10 ** noise, misalignment)).toBeGreaterThanOrEqual(floor);
        expect(rate(distanceKm, 10 ** noise / 2, misalignment)).toBeGreaterThanOrEqual(floor);
        expect(rate(distanceKm, 10 ** noise, misalignment * 0.8)).toBeGreaterThanOrEqual(floor);
      }),
      { seed: 51, numRuns: 25 },
    );
  });

  it("bb84: at vanishing loss of everything but the fibre, the best signal is one photon's worth: mu -> 1, R -> eta/e", () => {
    // No noise, no misalignment: R = mu e^-mu eta for eta -> 0, largest at mu = 1.
    const ideal = { ...link, lineTransmittance: 1e-9, noiseProbability: 0, misalignment: 0 };
    expect(decoyBb84(ideal, 1) / (1e-9 / Math.E)).toBeCloseTo(1, 6);
    expect(decoyBb84(ideal, 0.9)).toBeLessThan(decoyBb84(ideal, 1));
    expect(decoyBb84(ideal, 1.1)).toBeLessThan(decoyBb84(ideal, 1));
  });

  it("mdi: without noise and misalignment R -> mu^2 e^-2mu eta^2/2", () => {
    const ideal = { ...link, armTransmittance: 1e-5, noiseProbability: 0, misalignment: 0 };
    expect(measurementDeviceIndependent(ideal, 1) / ((1e-10 / 2) * Math.exp(-2))).toBeCloseTo(1, 6);
  });

  it("rates scale as the line, its square root, and its square root: bb84 and mdi, pm and cal and mode pairing", () => {
    const at = (name: RivalName, km: number): number =>
      rivalRate(
        name,
        linkAt({ lossDbPerKm: 0.2, detectorEfficiency: 1, darkCountProbability: 1e-14, misalignment: 0.01 }, km),
        1,
        1e9,
      ).keyRatePerPulse;
    for (const name of ["bb84", "mdi"] as const) expect(Math.log10(at(name, 200) / at(name, 300))).toBeCloseTo(2, 1);
    for (const name of ["pm", "cal", "mode-pairing"] as const)
      expect(Math.log10(at(name, 200) / at(name, 300)), name).toBeCloseTo(1, 1);
  });

  it("pm: the even share is the average over photon numbers of clicks given even numbers", () => {
    const mu = 0.12;
    const eta = link.armTransmittance;
    const pd = link.noiseProbability;
    // Sum over photon numbers with click probability 1 - (1-2pd)(1-eta)^k.
    let gain = 0;
    let even = 0;
    let p = Math.exp(-mu);
    for (let k = 0; k < 30; k++) {
      const clicks = p * (1 - (1 - 2 * pd) * (1 - eta) ** k);
      gain += clicks;
      if (k % 2 === 0) even += clicks;
      p *= mu / (k + 1);
    }
    const slice = Math.PI / 16 - (16 / Math.PI) ** 2 * Math.sin(Math.PI / 16) ** 3;
    const ez = ((pd + eta * mu * (slice + 0.03)) * Math.exp(-eta * mu)) / gain;
    const wanted = (2 / 16) * gain * (1 - 1.1 * binaryEntropy(ez) - binaryEntropy(even / gain));
    // 1 - (1-2pd) e^{-eta mu} and the sum agree exactly; the rest is rounding.
    expect(phaseMatching(link, mu) / wanted).toBeCloseTo(1, 8);
  });

  it("cal: gains and yields agree with sums over Fock states", () => {
    for (const [m, n] of [
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 1],
      [3, 3],
      [8, 8],
    ] as const) {
      expect(portYield(m, n, 0.3, 1e-3) / fockYield(m, n, 0.3, 1e-3)).toBeCloseTo(1, 9);
    }
    expect(portYield(1, 0, 1e-12, 0) / 0.5e-12).toBeCloseTo(1, 9);
    // One photon's worth of gain: p_X of both ports is the gain of an interfering pair.
    expect(curtyAzumaLo(link, 0.03)).toBeGreaterThan(0);
    expect(curtyAzumaLo({ ...link, misalignment: 0.4 }, 0.03)).toBeLessThan(0);
  });

  it("mode pairing: pairs, Z pairs and errors agree with a slot-by-slot simulation", () => {
    const arm = 0.2;
    const one: RivalLink = { ...link, armTransmittance: arm, noiseProbability: 5e-3 };
    const mu = 0.5;
    const length = 12;
    const stream = new PhiloxStream(philoxKey("mode pairing"), PURPOSE.deviceNoise, 0);
    const slots = 1_200_000;
    let [pairs, zPairs, errors, single] = [0, 0, 0, 0];
    let waiting: { slot: number; a: number; b: number; photons: [number, number] } | undefined;
    for (let slot = 0; slot < slots; slot++) {
      const [a, b] = [stream.word() & 1, stream.word() & 1];
      const photons: [number, number] = [
        a === 1 ? poissonVariate(mu, stream) : 0,
        b === 1 ? poissonVariate(mu, stream) : 0,
      ];
      // Random relative phase: intensities at the ports; photon numbers of senders matter only through who sent one.
      const click = photonClick(a, b, photons, arm, one.noiseProbability, stream);
      if (!click) continue;
      if (waiting === undefined || slot - waiting.slot > length) {
        waiting = { slot, a, b, photons };
        continue;
      }
      pairs++;
      if (waiting.a + a === 1 && waiting.b + b === 1) {
        zPairs++;
        if (waiting.a === waiting.b) errors++;
        else if (waiting.photons[0] + photons[0] === 1 && waiting.photons[1] + photons[1] === 1) single++;
      }
      waiting = undefined;
    }
    // What the formula uses, taken apart through its own value at two efficiencies.
    const withF = (f: number): number => modePairing({ ...one, efficiency: f }, mu, length);
    const leak = withF(0) - withF(1);
    const y1 = arm * (1 - 5e-3) + (1 - arm) * 2 * 5e-3 * (1 - 5e-3);
    const e1 = (0.03 * arm * (1 - 5e-3) + (1 - arm) * 5e-3 * (1 - 5e-3)) / y1;
    const key = withF(0) / (1 - binaryEntropy(2 * e1 * (1 - e1)));
    // Five standard deviations each: false alarm 6e-7.
    expect(Math.abs(single / slots - key)).toBeLessThan((5 * Math.sqrt(single)) / slots);
    // Positive control: an eighth more loss is seen.
    const other =
      modePairing({ ...one, armTransmittance: arm * 0.88, efficiency: 0 }, mu, length) /
      (1 - binaryEntropy(2 * e1 * (1 - e1)));
    expect(Math.abs(single / slots - other)).toBeGreaterThan((5 * Math.sqrt(single)) / slots);
    const rate = zPairs / slots;
    const error = errors / zPairs;
    const spread =
      5 *
      ((Math.sqrt(zPairs) / slots) * binaryEntropy(error) +
        rate * Math.log2((1 - error) / error) * Math.sqrt((error * (1 - error)) / zPairs));
    expect(Math.abs(rate * binaryEntropy(error) - leak)).toBeLessThan(spread);
    expect(pairs).toBeGreaterThan(zPairs);
  });

  it("refuses unequal arms and names it does not know", () => {
    const one = linkAt(
      { lossDbPerKm: 0.2, detectorEfficiency: 0.3, darkCountProbability: 1e-8, misalignment: 0.03 },
      100,
    );
    expect(() => rivalRate("bb84", { ...one, transmittanceBob: 0.5 }, 1.1)).toThrow(/equal arms/);
    expect(() => rivalRate("b92" as "bb84", one, 1.1)).toThrow(/protocol/);
  });
});

/** Whether exactly one of two detectors clicks, photon by photon where one user sent, by intensities where both did. */
function photonClick(
  a: number,
  b: number,
  photons: [number, number],
  eta: number,
  noise: number,
  stream: PhiloxStream,
): boolean {
  let [left, right] = [stream.uniform() < noise, stream.uniform() < noise];
  if (a + b === 2) {
    // Two coherent states of random relative phase: total energy split by the phase, each port Poisson.
    const mu = 0.5;
    const share = 0.5 * (1 + Math.cos(2 * Math.PI * stream.uniform()));
    if (poissonVariate(2 * mu * eta * share, stream) > 0) left = true;
    if (poissonVariate(2 * mu * eta * (1 - share), stream) > 0) right = true;
  } else {
    for (let k = photons[0] + photons[1]; k > 0; k--) {
      if (stream.uniform() >= eta) continue;
      if (stream.uniform() < 0.5) left = true;
      else right = true;
    }
  }
  return left !== right;
}
