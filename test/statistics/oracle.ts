/**
 * A second opinion on one session's bounds, written from the equations of the papers alone: sources without residual light
 * and exactly known intensities, equal users. Roots are found by bisection; nothing is shared with `src/protocol`.
 *
 * Decoy bound and phase error: Jiang et al., arXiv:1904.00192. Numeric Chernoff bounds: the same, appendix. Pairing at finite
 * size: Jiang et al., New J. Phys. 22, 053048 (2020) and 23, 063038 (2021).
 */

/** Counts and settings as a person would write them into a notebook. */
export interface OracleInput {
  readonly N: number;
  readonly mu1: number;
  readonly mu2: number;
  readonly muZ: number;
  readonly pZ: number;
  readonly send: number;
  readonly p0: number;
  readonly p1: number;
  readonly p2: number;
  readonly sliceRad: number;
  /** Share of Z-Z events that leaves the key as a sample. */
  readonly sampled: number;
  /** Effective events: dark from both; dark and mu1 in either order; dark and mu2 in either order. */
  readonly n00: number;
  readonly n01: number;
  readonly n02: number;
  /** Wrong events of the phase slices. */
  readonly wrong: number;
  /** Z-Z events without the sample. */
  readonly nt: number;
  readonly xi: number;
  /** Bob's zeros and ones, and pairs, where bits were paired. */
  readonly pairing?: { readonly zeros: number; readonly ones: number; readonly pairs: number };
}

/** What the equations make of it. */
export interface OracleOutput {
  readonly s1: number;
  readonly e1Expected: number;
  readonly untagged: number;
  readonly phaseError: number;
}

/** Root of a function that is below 0 at `low` and above 0 at `high`. */
function bisect(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  for (let i = 0; i < 200; i++) {
    const middle = 0.5 * (a + b);
    if (f(middle) < 0) a = middle;
    else b = middle;
  }
  return 0.5 * (a + b);
}

const divergence = (x: number, y: number) => (x === 0 ? y : x * Math.log(x / y) - x + y);
const b = (xi: number) => Math.log(2 / xi);
const far = (x: number, xi: number) => 4 * (x + b(xi)) + 4;
/** phi^L, phi^U: expectations from a count. */
const phiL = (x: number, xi: number) => (x === 0 ? 0 : bisect((y) => b(xi) - divergence(x, y), 1e-300, x));
const phiU = (x: number, xi: number) => bisect((y) => divergence(x, y) - b(xi), x, far(x, xi));
/** O^L, O^U: counts from an expectation. */
const countL = (y: number, xi: number) => (y <= b(xi) ? 0 : bisect((x) => b(xi) - divergence(x, y), 0, y));
const countU = (y: number, xi: number) => (y === 0 ? 0 : bisect((x) => divergence(x, y) - b(xi), y, far(y, xi)));

/** Untagged bits and their phase errors before error correction, after pairing where bits were paired. */
export function oracle(input: OracleInput): OracleOutput {
  const { N, mu1, mu2, muZ, pZ, send, p0, p1, p2, xi } = input;
  const pX = 1 - pZ;
  const N00 = N * (pX ** 2 * p0 ** 2 + 2 * pX * p0 * pZ * (1 - send));
  const N01 = 2 * N * pX * p1 * (pX * p0 + pZ * (1 - send));
  const N02 = 2 * N * pX * p2 * (pX * p0 + pZ * (1 - send));
  // The two negative terms fluctuate together less than each alone (Yu, Zhou, Wang, PRA 91, 032318).
  const terms = [
    { gamma: (mu1 ** 2 * Math.exp(mu2)) / N02, n: input.n02 },
    { gamma: (mu2 ** 2 - mu1 ** 2) / N00, n: input.n00 },
  ].sort((a, c) => a.gamma - c.gamma);
  const negative =
    terms[0]!.gamma * phiU(terms[0]!.n + terms[1]!.n, xi) + (terms[1]!.gamma - terms[0]!.gamma) * phiU(terms[1]!.n, xi);
  const positive = (mu2 ** 2 * Math.exp(mu1) * phiL(input.n01, xi)) / N01;
  const s1 = (positive - negative) / (mu1 * mu2 * (mu2 - mu1));

  const T = phiU(input.wrong, xi) / ((N * pX ** 2 * p1 ** 2 * input.sliceRad) / Math.PI);
  const S00 = phiL(input.n00, xi) / N00;
  const e1 = (T - 0.5 * Math.exp(-2 * mu1) * S00) / (2 * mu1 * Math.exp(-2 * mu1) * s1);
  const half = N * (1 - input.sampled) * pZ ** 2 * send * (1 - send) * muZ * Math.exp(-muZ) * s1;
  if (input.pairing === undefined) {
    const untagged = countL(2 * half, xi);
    return { s1, e1Expected: e1, untagged, phaseError: Math.min(0.5, countU(untagged * e1, xi) / untagged) };
  }

  const { zeros, ones, pairs } = input.pairing;
  const { nt } = input;
  const one = countL(half, xi);
  const u = pairs / (2 * ((zeros * ones) / nt));
  const all = countL((2 * one) ** 2 / (2 * nt), xi);
  const odd = countL((u * one * one) / nt, xi);
  const k = 2 * all - 2 * odd;
  const r = ((2 * all) / k) * Math.log((3 * k ** 2) / xi);
  const eTau = countU(2 * odd * e1, xi) / (2 * odd - r);
  const errors = countU((odd - r) * 2 * eTau * (1 - eTau), xi) + r;
  return { s1, e1Expected: e1, untagged: 2 * odd, phaseError: Math.min(0.5, errors / odd) };
}
