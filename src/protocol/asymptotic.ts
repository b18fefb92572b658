/**
 * Key rates with infinitely many pulses, infinitely many decoys and vanishing slices: what finite data can only approach.
 *
 * Almost every slot is then a Z window, and the yield and phase error of one photon are known exactly from the link. One photon
 * in the state $\sqrt x\,|10\rangle+e^{i\delta}\sqrt{1-x}\,|01\rangle$ reaches the ports with
 * $\tfrac12[x\eta_A+(1-x)\eta_B]\pm\sqrt{x(1-x)\eta_A\eta_B}\,(1-2e_d)e^{-\sigma^2/2}$; derived, and for equal arms
 * $Y_1=\eta(1-p_d)+(1-\eta)2p_d(1-p_d)$.
 *
 * @module
 */
import type { ZComposition } from "./estimate.ts";
import { zGains } from "./expected-counts.ts";
import type { LinkModel } from "./link.ts";
import { expectedPairing, type PairingKind } from "./pairing.ts";
import type { ProtocolSettings } from "./settings.ts";
import { binaryEntropy } from "./special.ts";

/** Exact one-photon quantities of a link. */
export interface OnePhoton {
  /** Probability of an effective event. */
  readonly gain: number;
  /** Probability of an effective event at the wrong port. */
  readonly wrong: number;
}

/**
 * Yield and error yield of one photon shared by the users.
 *
 * @param link - arms, detectors, phase
 * @param fromAlice - weight x of Alice's photon, in [0, 1]
 * @returns probabilities per slot; at x = 0 or 1 half of the events are wrong
 */
export function onePhoton(link: LinkModel, fromAlice: number): OnePhoton {
  const { transmittanceAlice: etaA, transmittanceBob: etaB, left, right } = link;
  const mean = 0.5 * (fromAlice * etaA + (1 - fromAlice) * etaB);
  const visibility = (1 - 2 * link.misalignment) * Math.exp(-0.5 * link.phaseVarianceRad2);
  const beat = Math.sqrt(fromAlice * (1 - fromAlice) * etaA * etaB) * visibility;
  /** Only the first detector clicks, the photon being there with probability `here` and at the other with `there`. */
  const only = (here: number, there: number, first: typeof left, second: typeof left): number => {
    const seen = here * first.efficiency;
    const lost = 1 - seen - there * second.efficiency;
    return (seen + lost * first.noiseProbability) * (1 - second.noiseProbability);
  };
  const bright = mean + beat;
  const dark = mean - beat;
  const wrong = 0.5 * (only(dark, bright, left, right) + only(dark, bright, right, left));
  return { gain: wrong + 0.5 * (only(bright, dark, left, right) + only(bright, dark, right, left)), wrong };
}

/** Everything behind an asymptotic rate. */
export interface AsymptoticRate {
  /** Key bits per pulse; negative where the formula is. */
  readonly rate: number;
  /** Phase-error rate of untagged bits before pairing. */
  readonly phaseError: number;
  /** Error rate of the bits that are corrected. */
  readonly errorRate: number;
}

/**
 * Asymptotic key rate of plain or paired sending-or-not-sending.
 *
 * $R=2\varepsilon(1-\varepsilon)\mu_ze^{-\mu_z}Y_1[1-h(e_1)]-f\,S_Z\,h(E)$ (Wang, Yu, Hu 2018, Eq. 4), and with pairing
 * $R=n_1'[1-h(2e_1(1-e_1))]-f\,n_t'\,h(E')$.
 *
 * @param settings - `zSend`, `zNot` and `send` of both users; the rest is ignored
 * @param link - arms, detectors, phase
 * @param kind - pairing
 * @param efficiency - f of error correction
 * @returns the rate and its error rates
 */
export function asymptoticRate(
  settings: ProtocolSettings,
  link: LinkModel,
  kind: PairingKind | "none",
  efficiency: number,
): AsymptoticRate {
  const a = settings.alice.intensities;
  const b = settings.bob.intensities;
  const eA = settings.alice.probabilities.send;
  const eB = settings.bob.probabilities.send;
  const z = zGains(settings, link);
  const bits: ZComposition = {
    onlyAlice: eA * (1 - eB) * z.onlyAlice,
    onlyBob: (1 - eA) * eB * z.onlyBob,
    both: eA * eB * z.both,
    neither: (1 - eA) * (1 - eB) * z.neither,
  };
  const kappaA = eA * (1 - eB) * a.zSend * Math.exp(-a.zSend - b.zNot);
  const kappaB = eB * (1 - eA) * b.zSend * Math.exp(-b.zSend - a.zNot);
  const weight = kappaA + kappaB;
  const photon = onePhoton(link, weight > 0 ? kappaA / weight : 0.5);
  const phaseError = photon.gain > 0 ? Math.min(0.5, photon.wrong / photon.gain) : 0.5;
  const total = bits.onlyAlice + bits.onlyBob + bits.both + bits.neither;
  if (kind === "none") {
    const errorRate = total > 0 ? (bits.both + bits.neither) / total : 0;
    const rate =
      weight * photon.gain * (1 - binaryEntropy(phaseError)) -
      efficiency * total * binaryEntropy(Math.min(0.5, errorRate));
    return { rate, phaseError, errorRate };
  }
  const pairing = expectedPairing(bits, kind);
  const alone = [onePhoton(link, 1).gain, onePhoton(link, 0).gain] as const;
  const untagged =
    pairing.ones > 0 && pairing.zeros > 0
      ? pairing.pairs * ((kappaA * alone[0]) / pairing.ones) * ((kappaB * alone[1]) / pairing.zeros)
      : 0;
  const after = 2 * phaseError * (1 - phaseError);
  const rate =
    untagged * (1 - binaryEntropy(after)) - efficiency * pairing.kept * binaryEntropy(Math.min(0.5, pairing.errorRate));
  return { rate, phaseError, errorRate: pairing.errorRate };
}
