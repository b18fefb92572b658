/**
 * Other protocols on the same link, with infinite data: what sending-or-not-sending is compared with.
 *
 * All are for equal arms and equal detectors; $\eta$ is the transmittance of one arm with its detector, $p_d$ the noise per
 * detector and slot, $e_d$ the misalignment. Intensities are free and optimised by `rivalRate`. Each formula is recalled from
 * the paper named with it and checked in the tests by limits, by independent numbers or by an independent derivation.
 *
 * @module
 */
import { invalid } from "../errors.ts";
import type { LinkModel } from "./link.ts";
import { besselI0m1, binaryEntropy } from "./special.ts";

/** What a rival's formula needs of the link. */
export interface RivalLink {
  /** Transmittance of one of two equal arms, detector included; the whole line has $\eta_{arm}^2$ per detector efficiency. */
  readonly armTransmittance: number;
  /** Transmittance of the whole line with one detector at its end. */
  readonly lineTransmittance: number;
  /** Noise per detector and slot, $p_d$. */
  readonly noiseProbability: number;
  /** $e_d$, with phase noise where the protocol interferes light of two users: $e_d+\tfrac12(1-2e_d)(1-e^{-\sigma^2/2})$. */
  readonly misalignment: number;
  /** f of error correction. */
  readonly efficiency: number;
}

/**
 * Decoy BB84 with infinitely many decoys and efficient basis choice (Lo, Ma, Chen, Phys. Rev. Lett. 94, 230504 (2005)):
 * $R=\mu e^{-\mu}Y_1[1-h(e_1)]-Q\,f\,h(E)$ with $Y_0=2p_d$, $Q=1-(1-Y_0)e^{-\eta\mu}$, $EQ=\tfrac12Y_0+e_d(1-e^{-\eta\mu})$,
 * $Y_1=Y_0+\eta-Y_0\eta$, $e_1Y_1=\tfrac12Y_0+e_d\eta$.
 *
 * @param link - the whole line is used
 * @param mu - photons per pulse
 * @returns bits per pulse, negative where the formula is
 */
export function decoyBb84(link: RivalLink, mu: number): number {
  const eta = link.lineTransmittance;
  const y0 = 2 * link.noiseProbability;
  const light = -Math.expm1(-eta * mu);
  const gain = light + y0 * (1 - light);
  const errors = 0.5 * y0 + link.misalignment * light;
  const y1 = y0 + eta - y0 * eta;
  if (!(gain > 0)) return 0;
  const e1 = Math.min(0.5, (0.5 * y0 + link.misalignment * eta) / y1);
  return (
    mu * Math.exp(-mu) * y1 * (1 - binaryEntropy(e1)) -
    gain * link.efficiency * binaryEntropy(Math.min(0.5, errors / gain))
  );
}

/**
 * Measurement-device-independent QKD (Ma, Razavi, Phys. Rev. A 86, 062319 (2012)), polarisation or time-bin, infinitely many decoys.
 *
 * With $\mu'=2\eta\mu$ and $x=\eta\mu/2$: $Q_C=2q^2e^{-\mu'/2}(1-qe^{-\eta\mu/2})^2$, $Q_E=2p_dq^2e^{-\mu'/2}[I_0(2x)-qe^{-\mu'/2}]$,
 * $EQ=e_dQ_C+(1-e_d)Q_E$; $Y_{11}=q^2[\eta^2/2+(4\eta-3\eta^2)p_d+4(1-\eta)^2p_d^2]$,
 * $e_{11}Y_{11}=\tfrac12Y_{11}-(\tfrac12-e_d)q^2\eta^2/2$. The last was recalled with $1-p_d^2$; two photons that
 * reach two detectors while the other two stay dark have $(1-p_d)^2=q^2$.
 *
 * @param link - arms are used
 * @param mu - photons per pulse and user
 * @returns bits per pulse pair, negative where the formula is
 */
export function measurementDeviceIndependent(link: RivalLink, mu: number): number {
  const eta = link.armTransmittance;
  const pd = link.noiseProbability;
  const q = 1 - pd;
  const half = 0.5 * eta * mu;
  const dim = Math.exp(-2 * half);
  const one = pd - q * Math.expm1(-half);
  const correct = 2 * q * q * dim * one * one;
  const wrong = 2 * pd * q * q * dim * (besselI0m1(2 * half) - Math.expm1(-2 * half) + pd * dim);
  const gain = correct + wrong;
  if (!(gain > 0)) return 0;
  const errors = link.misalignment * correct + (1 - link.misalignment) * wrong;
  const signal = 0.5 * eta * eta;
  const y11 = q * q * (signal + (4 * eta - 3 * eta * eta) * pd + 4 * (1 - eta) ** 2 * pd * pd);
  const e11 = Math.min(0.5, Math.max(0, (0.5 * y11 - (0.5 - link.misalignment) * q * q * signal) / y11));
  return (
    mu * mu * Math.exp(-2 * mu) * y11 * (1 - binaryEntropy(e11)) -
    gain * link.efficiency * binaryEntropy(Math.min(0.5, errors / gain))
  );
}

/** Phase slices of phase-matching QKD. */
const PHASE_MATCHING_SLICES = 16;

/**
 * Phase-matching QKD with phase post-compensation in M = 16 slices (Ma, Zeng, Zhou, Phys. Rev. X 8, 031043 (2018)):
 * $R=\frac2MQ[1-f\,h(E^Z)-h(E^X)]$ with $\mu=\mu_a+\mu_b$, $Q=1-(1-2p_d)e^{-\eta\mu}$,
 * $E^Z=[p_d+\eta\mu(e_\Delta+e_d)]e^{-\eta\mu}/Q$, $e_\Delta=\frac\pi M-\frac{M^2}{\pi^2}\sin^3\frac\pi M$, and the phase error by symmetry,
 * $E^X=e^{-\mu}[\cosh\mu-(1-2p_d)\cosh(\mu(1-\eta))]/Q$, the share of even photon numbers.
 *
 * $e_\Delta$ is the paper's, 0.37 % at M = 16; averaging over two phases that are uniform in a slice gives
 * $\tfrac12[1-(\tfrac M\pi\sin\tfrac\pi M)^2]$, 0.64 %, which would cost about one per cent of the rate.
 *
 * @param link - arms are used
 * @param mu - photons per pulse pair, both users together
 * @returns bits per pulse pair, negative where the formula is
 */
export function phaseMatching(link: RivalLink, mu: number): number {
  const eta = link.armTransmittance;
  const pd = link.noiseProbability;
  const m = PHASE_MATCHING_SLICES;
  const slice = Math.PI / m - (m / Math.PI) ** 2 * Math.sin(Math.PI / m) ** 3;
  const dim = Math.exp(-eta * mu);
  const gain = 2 * pd * dim - Math.expm1(-eta * mu);
  if (!(gain > 0)) return 0;
  const ez = Math.min(0.5, ((pd + eta * mu * (slice + link.misalignment)) * dim) / gain);
  // cosh(mu) - cosh(mu(1-eta)) = 2 sinh(mu(1-eta/2)) sinh(mu eta/2), free of cancellation.
  const difference = 2 * Math.sinh(mu * (1 - eta / 2)) * Math.sinh((mu * eta) / 2);
  const even = Math.exp(-mu) * (difference + 2 * pd * Math.cosh(mu * (1 - eta)));
  const ex = Math.min(0.5, even / gain);
  return (2 / m) * gain * (1 - link.efficiency * binaryEntropy(ez) - binaryEntropy(ex));
}

/** Photon numbers kept per user in the phase-error sum; at intensities below 0.5 the rest is below 1e-12. */
const CAL_PHOTONS = 9;

/** $1/n!$ */
const inverseFactorial: readonly number[] = Array.from({ length: 2 * CAL_PHOTONS + 2 }, (_, n) => {
  let product = 1;
  for (let k = 2; k <= n; k++) product /= k;
  return product;
});

/**
 * Yield of m and n photons at one given port of a balanced beam splitter: that detector clicks alone.
 *
 * $q\,[\langle:e^{-\eta\hat n_2}:\rangle-q(1-\eta)^{m+n}]$ with
 * $\langle:e^{-\eta\hat n_2}:\rangle=\sum_k\frac{(-\eta/2)^k}{k!}\sum_j\binom kj^2\frac{m!}{(m-j)!}\frac{n!}{(n-k+j)!}$; the k = 0 terms are taken out so
 * that nothing cancels when $\eta$ is small.
 */
export function portYield(m: number, n: number, eta: number, noise: number): number {
  const q = 1 - noise;
  let silent = 0;
  for (let k = m + n; k >= 1; k--) {
    let moment = 0;
    for (let j = Math.max(0, k - n); j <= Math.min(k, m); j++) {
      const binomial = inverseFactorial[j]! * inverseFactorial[k - j]!;
      // C(k,j)^2 / k! times falling factorials, all through inverse factorials.
      moment +=
        ((binomial * binomial) / inverseFactorial[k]!) *
        (inverseFactorial[m - j]! / inverseFactorial[m]!) *
        (inverseFactorial[n - k + j]! / inverseFactorial[n]!);
    }
    silent += (-eta / 2) ** k * moment;
  }
  const gone = Math.expm1((m + n) * Math.log1p(-eta));
  return q * (silent - q * gone + noise);
}

/**
 * Protocol of Curty, Azuma, Lo, npj Quantum Inf. 5, 64 (2019), infinitely many decoys, as written out by Bertaina et al.,
 * arXiv:2310.08621, App. B: with $\gamma=\eta\mu$ and $\omega=(1-2e_d)$ (phase noise inside $e_d$),
 * $p_X=\tfrac12q(e^{-\gamma\omega}+e^{\gamma\omega})e^{-\gamma}-q^2e^{-2\gamma}$,
 * $e_X=\frac{e^{-\gamma\omega}-qe^{-\gamma}}{e^{-\gamma\omega}+e^{\gamma\omega}-2qe^{-\gamma}}$,
 * $e_{ph}=\sum_{\text{parity}}\bigl(\sum_{m,n\in\text{parity}}c_mc_n\sqrt{Y_{mn}}\bigr)^2/p_X$, $c_n=e^{-\mu/2}\mu^{n/2}/\sqrt{n!}$,
 * $R=2p_X[1-f\,h(e_X)-h(e_{ph})]$. Photon numbers above 8 per user are counted with yield 1.
 *
 * @param link - arms are used
 * @param mu - photons per pulse and user
 * @returns bits per pulse pair, negative where the formula is
 */
export function curtyAzumaLo(link: RivalLink, mu: number): number {
  const q = 1 - link.noiseProbability;
  const gamma = link.armTransmittance * mu;
  const omega = 1 - 2 * link.misalignment;
  const wrong = Math.expm1(-gamma * omega) - q * Math.expm1(-gamma) + link.noiseProbability;
  const right = Math.expm1(gamma * omega) - q * Math.expm1(-gamma) + link.noiseProbability;
  const both = wrong + right;
  const pX = 0.5 * q * Math.exp(-gamma) * both;
  if (!(pX > 0)) return 0;
  const eX = Math.min(0.5, Math.max(0, wrong / both));
  const amplitude: number[] = [];
  for (let n = 0; n < CAL_PHOTONS; n++) amplitude.push(Math.sqrt(Math.exp(-mu) * mu ** n * inverseFactorial[n]!));
  // Rest of an amplitude sum over one parity, by Cauchy-Schwarz with yields of 1: sqrt of geometric tails.
  let tail = 0;
  for (let n = CAL_PHOTONS, c = Math.sqrt(Math.exp(-mu) * mu ** n * inverseFactorial[n]!); c > 1e-18; n += 1) {
    tail += c;
    c *= Math.sqrt(mu / (n + 1));
  }
  let phase = 0;
  for (const parity of [0, 1]) {
    let sum = 0;
    let whole = 0;
    for (let m = parity; m < CAL_PHOTONS; m += 2) {
      whole += amplitude[m]!;
      for (let n = parity; n < CAL_PHOTONS; n += 2) {
        const y = portYield(m, n, link.armTransmittance, link.noiseProbability);
        sum += amplitude[m]! * amplitude[n]! * Math.sqrt(Math.max(0, y));
      }
    }
    sum += 2 * whole * tail + tail * tail;
    phase += sum * sum;
  }
  const ePhase = Math.min(0.5, phase / pX);
  return 2 * pX * (1 - link.efficiency * binaryEntropy(eX) - binaryEntropy(ePhase));
}

/** Slots over which a mode pair may be formed when the caller does not say. */
export const DEFAULT_PAIRING_LENGTH = 2000;

/**
 * Mode-pairing QKD (Zeng et al., Nat. Commun. 13, 3903 (2022)) with infinitely many decoys:
 * $R=r_p\,r_s\,\{\bar q_{11}[1-h(e_{11})]-f\,h(E)\}$, $r_p=\bigl[\frac1{p[1-(1-p)^l]}+\frac1p\bigr]^{-1}$ pairs per slot, p the click
 * probability, l the longest distance of a pair in slots.
 *
 * Each user sends $\mu$ or nothing, each with probability 1/2. A pair is a Z pair when each user sent in exactly one of the two
 * slots; its share $r_s$, its bit error and the share of single-photon pairs follow from the click probabilities of a slot
 * (0, 1 or 2 senders), derived here: with $g_A=g_B$ for one sender, $g_2$ for two, $g_0$ for none,
 * $r_s=(2g_1^2+2g_0g_2)/(16p^2)$, $E=g_0g_2/(g_1^2+g_0g_2)$, $\bar q_{11}=\frac{2(\mu e^{-\mu}Y_1)^2}{16p^2r_s}$ (slots with one
 * photon of the one sender; pairs with both photons in one slot are left out, a factor of order $p_d$). $e_{11}=2e_1(1-e_1)$, $e_1$ the
 * error of one interfering photon.
 *
 * @param link - arms are used
 * @param mu - photons per pulse of a sender
 * @param pairingLength - l, slots
 * @returns bits per slot, negative where the formula is
 */
export function modePairing(link: RivalLink, mu: number, pairingLength: number = DEFAULT_PAIRING_LENGTH): number {
  const eta = link.armTransmittance;
  const pd = link.noiseProbability;
  const q = 1 - pd;
  const gain = (arrived: number, beat: number): number =>
    2 * q * Math.exp(-arrived) * (besselI0m1(beat) - Math.expm1(-arrived) + pd * Math.exp(-arrived));
  const g0 = 2 * pd * q;
  const g1 = gain((eta * mu) / 2, 0);
  const g2 = gain(eta * mu, eta * mu);
  const p = (g0 + 2 * g1 + g2) / 4;
  if (!(p > 0)) return 0;
  const pairs = 1 / (1 / (p * -Math.expm1(pairingLength * Math.log1p(-p))) + 1 / p);
  const zPairs = (2 * g1 * g1 + 2 * g0 * g2) / (16 * p * p);
  const error = (g0 * g2) / (g1 * g1 + g0 * g2);
  const y1 = eta * q + (1 - eta) * 2 * pd * q;
  const e1 = Math.min(0.5, (link.misalignment * eta * q + (1 - eta) * pd * q) / y1);
  const single = mu * Math.exp(-mu) * y1;
  const q11 = (2 * single * single) / (16 * p * p * zPairs);
  return pairs * zPairs * (q11 * (1 - binaryEntropy(2 * e1 * (1 - e1))) - link.efficiency * binaryEntropy(error));
}

/** Protocols other than sending-or-not-sending. */
export type RivalName = "bb84" | "mdi" | "pm" | "cal" | "mode-pairing";

/** What can be told about a rival on a link. */
export interface RivalRate {
  /** Key bits per pulse (pair, slot), >= 0. */
  readonly keyRatePerPulse: number;
  /** Best photons per pulse. */
  readonly intensity: number;
}

/** Intensities are searched between these, photons per pulse. */
const DIMMEST = 1e-6;
const BRIGHTEST = 2;
/** Points of the first scan, evenly spaced in the logarithm. */
const SCAN_POINTS = 60;
/** Golden-section steps: each narrows the bracket to 0.618. */
const GOLDEN_STEPS = 40;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** A link of equal arms as the rivals see it. */
function rivalLink(link: LinkModel, efficiency: number): RivalLink {
  const { transmittanceAlice: arm, left, right } = link;
  if (arm !== link.transmittanceBob) throw invalid("link.transmittanceBob", link.transmittanceBob, "equal arms");
  if (left.efficiency !== right.efficiency || left.noiseProbability !== right.noiseProbability) {
    throw invalid("link.right", right.efficiency, "equal detectors");
  }
  const spread = -0.5 * Math.expm1(-0.5 * link.phaseVarianceRad2);
  return {
    armTransmittance: arm * left.efficiency,
    lineTransmittance: arm * arm * left.efficiency,
    noiseProbability: left.noiseProbability,
    misalignment: link.misalignment + (1 - 2 * link.misalignment) * spread,
    efficiency,
  };
}

/**
 * Best asymptotic key rate of another protocol on a link of equal arms and detectors.
 *
 * @param name - protocol
 * @param link - arms, detectors, phase
 * @param errorCorrectionEfficiency - f
 * @param pairingLength - longest distance of a mode pair, slots
 * @returns key rate, 0 where there is none, and the intensity behind it
 * @throws {@link TwincombError} `invalid-input` when arms or detectors differ or the protocol is unknown
 */
export function rivalRate(
  name: RivalName,
  link: LinkModel,
  errorCorrectionEfficiency: number,
  pairingLength: number = DEFAULT_PAIRING_LENGTH,
): RivalRate {
  const formulas: Record<RivalName, (link: RivalLink, mu: number) => number> = {
    bb84: decoyBb84,
    mdi: measurementDeviceIndependent,
    pm: phaseMatching,
    cal: curtyAzumaLo,
    "mode-pairing": (one, mu) => modePairing(one, mu, pairingLength),
  };
  const formula = formulas[name];
  if (formula === undefined) throw invalid("protocol", name, `one of ${Object.keys(formulas).join(", ")}`);
  const rival = rivalLink(link, errorCorrectionEfficiency);
  const at = (log: number): number => formula(rival, Math.exp(log));
  const from = Math.log(DIMMEST);
  const step = (Math.log(BRIGHTEST) - from) / (SCAN_POINTS - 1);
  let best = 0;
  for (let k = 1; k < SCAN_POINTS; k++) if (at(from + k * step) > at(from + best * step)) best = k;
  let low = from + Math.max(0, best - 1) * step;
  let high = from + Math.min(SCAN_POINTS - 1, best + 1) * step;
  for (let k = 0; k < GOLDEN_STEPS; k++) {
    const width = GOLDEN * (high - low);
    if (at(high - width) > at(low + width)) high = low + width;
    else low = high - width;
  }
  const intensity = Math.exp(0.5 * (low + high));
  const rate = formula(rival, intensity);
  return { keyRatePerPulse: Math.max(0, rate), intensity };
}
