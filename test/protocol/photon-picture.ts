/**
 * Sessions in the photon-number picture: every pulse holds a Poisson number of photons, every pair of numbers has its exact
 * yield, so that untagged bits and their phase errors, which no experiment can see, are known.
 */
import type { DecoyClasses } from "../../src/protocol/counts.ts";
import { emptyClasses } from "../../src/protocol/counts.ts";
import type { LinkModel } from "../../src/protocol/link.ts";
import {
  type ProtocolSettings,
  SETTING_NAMES,
  type SettingName,
  settingIntensity,
  settingProbability,
} from "../../src/protocol/settings.ts";
import type { PhiloxStream } from "../../src/random.ts";
import { fockYield } from "./fock.ts";

/** Photon numbers kept per pulse: at intensities below 0.6 the rest weighs less than 1e-10. */
const CUT = 9;

export const poissonWeight = (mean: number, n: number): number => {
  let p = Math.exp(-mean);
  for (let k = 1; k <= n; k++) p *= mean / k;
  return p;
};

/** Poisson variate: products of uniforms for small means, halving by a binomial split of the mean for large ones. */
export function poissonVariate(mean: number, stream: PhiloxStream): number {
  let total = 0;
  let rest = mean;
  // A Poisson variable is a sum of Poisson variables of parts of its mean; PTRS (Hoermann 1993) takes the large ones.
  if (rest >= 10) {
    const b = 0.931 + 2.53 * Math.sqrt(rest);
    const a = -0.059 + 0.02483 * b;
    const invAlpha = 1.1239 + 1.1328 / (b - 3.4);
    const vr = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
      const u = stream.uniform() - 0.5;
      const v = stream.uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + rest + 0.43);
      if (us >= 0.07 && v <= vr) return k;
      if (k < 0 || (us < 0.013 && v > us)) continue;
      if (Math.log((v * invAlpha) / (a / (us * us) + b)) <= k * Math.log(rest) - rest - logFactorial(k)) return k;
    }
  }
  const limit = Math.exp(-rest);
  for (let product = stream.uniform(); product > limit; product *= stream.uniform()) total++;
  rest = 0;
  return total;
}

const LOG_FACTORIALS: number[] = [0];
function logFactorial(n: number): number {
  if (n > 5000) return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3);
  for (let k = LOG_FACTORIALS.length; k <= n; k++) LOG_FACTORIALS.push(LOG_FACTORIALS[k - 1]! + Math.log(k));
  return LOG_FACTORIALS[n]!;
}

/** Expected effective events of one pair of settings and one pair of photon numbers, or of a slice. */
interface Cell {
  readonly mean: number;
  readonly alice: SettingName;
  readonly bob: SettingName;
  readonly m: number;
  readonly n: number;
  /** Wrong-port events inside the slices; the rest of x1-x1 has its own cells. */
  readonly wrongSlice: boolean;
}

/** What a session announces, and what only the simulation knows. */
export interface PhotonSession {
  readonly classes: DecoyClasses;
  /** Z-Z events by senders and by whether they are untagged. */
  readonly bits: { onlyAlice: number; onlyBob: number; both: number; neither: number };
  /** Untagged bits with the photon from Alice and from Bob. */
  readonly untagged: readonly [number, number];
  /** Phase errors among these. */
  readonly phaseErrors: readonly [number, number];
}

/** A link and settings in the photon-number picture. Equal arms, equal detectors. */
export class PhotonPicture {
  readonly cells: readonly Cell[];
  /** Probability of a phase error of an untagged bit. */
  readonly phaseError: number;
  readonly #settings: ProtocolSettings;
  readonly #pulses: number;

  constructor(settings: ProtocolSettings, link: LinkModel, pulses: number) {
    this.#settings = settings;
    this.#pulses = pulses;
    const eta = link.transmittanceAlice * link.left.efficiency;
    const noise = link.left.noiseProbability;
    const flip = link.misalignment;
    const slices = settings.sliceWidthRad / Math.PI;
    const cells: Cell[] = [];
    for (const alice of SETTING_NAMES) {
      for (const bob of SETTING_NAMES) {
        const slots = pulses * settingProbability(settings.alice, alice) * settingProbability(settings.bob, bob);
        const [muA, muB] = [settingIntensity(settings.alice, alice), settingIntensity(settings.bob, bob)];
        for (let m = 0; m < CUT; m++) {
          for (let n = 0; n < CUT; n++) {
            const mean = slots * poissonWeight(muA, m) * poissonWeight(muB, n) * 2 * fockYield(m, n, eta, noise);
            if (mean > 0) cells.push({ mean, alice, bob, m, n, wrongSlice: false });
          }
        }
      }
    }
    // In a slice the phase is fixed and photons are shared: given their total k, each goes its own way.
    const mu = settings.alice.intensities.x1 + settings.bob.intensities.x1;
    const slots = pulses * settingProbability(settings.alice, "x1") * settingProbability(settings.bob, "x1") * slices;
    let phaseError = 0;
    const wrongTotal: number[] = [];
    for (let k = 0; k < 2 * CUT; k++) {
      let wrong = 0;
      const points = 2048;
      for (let i = 0; i < points; i++) {
        const delta = ((i + 0.5) / points - 0.5) * settings.sliceWidthRad;
        const bright = 0.5 * eta * (1 + Math.cos(delta));
        const dark = eta - bright;
        const only = (other: number): number => (1 - noise) * ((1 - other) ** k - (1 - noise) * (1 - eta) ** k);
        wrong += ((1 - flip) * only(bright) + flip * only(dark)) / points;
      }
      if (k === 1) phaseError = wrong / (2 * fockYield(1, 0, eta, noise));
      wrongTotal.push(slots * poissonWeight(mu, k) * wrong);
    }
    this.phaseError = phaseError;
    const wrongMean = wrongTotal.reduce((sum, mean) => sum + mean, 0);
    const inX1 = (cell: Cell): boolean => cell.alice === "x1" && cell.bob === "x1";
    const x1Mean = cells.filter(inX1).reduce((sum, cell) => sum + cell.mean, 0);
    // Photon numbers of x1-x1 events never matter by user: what is not wrong in a slice is thinned from all of them.
    this.cells = [
      ...cells.map((cell) => (inX1(cell) ? { ...cell, mean: cell.mean * (1 - wrongMean / x1Mean) } : cell)),
      ...wrongTotal.map((mean, m): Cell => ({ mean, alice: "x1", bob: "x1", m, n: 0, wrongSlice: true })),
    ];
  }

  /** Plays one session; without a stream, gives its expectation. */
  play(stream?: PhiloxStream): PhotonSession {
    const classes = emptyClasses(this.#settings, this.#pulses);
    const bits = { onlyAlice: 0, onlyBob: 0, both: 0, neither: 0 };
    const untagged: [number, number] = [0, 0];
    const phaseErrors: [number, number] = [0, 0];
    for (const { mean, alice, bob, m, n, wrongSlice } of this.cells) {
      const side =
        alice === "z-send" && bob === "z-not" && m === 1 && n === 0
          ? 0
          : alice === "z-not" && bob === "z-send" && m === 0 && n === 1
            ? 1
            : undefined;
      if (side !== undefined) {
        // Events with and without a phase error are thinned from one Poisson process and independent.
        const share = this.phaseError * mean;
        const errors = stream === undefined ? share : poissonVariate(share, stream);
        const sound = stream === undefined ? mean - share : poissonVariate(mean - share, stream);
        phaseErrors[side] += errors;
        untagged[side] += errors + sound;
        bits[side === 0 ? "onlyAlice" : "onlyBob"] += errors + sound;
        classes.key.events += errors + sound;
        continue;
      }
      const events = stream === undefined ? mean : poissonVariate(mean, stream);
      if (events === 0) continue;
      if (alice.startsWith("z") && bob.startsWith("z")) {
        const [sentA, sentB] = [alice === "z-send", bob === "z-send"];
        bits[sentA ? (sentB ? "both" : "onlyAlice") : sentB ? "onlyBob" : "neither"] += events;
        classes.key.events += events;
        continue;
      }
      if (wrongSlice) classes.slice.events += events;
      const kind = (name: SettingName): string =>
        name === "x0" || name === "z-not" ? "o" : name === "z-send" ? "s" : name.slice(-1);
      const name = (kind(alice) + kind(bob)) as "oo";
      if (name in classes) classes[name].events += events;
    }
    return { classes, bits, untagged, phaseErrors };
  }
}
