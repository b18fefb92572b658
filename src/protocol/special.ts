/**
 * The few special functions of this folder, each written so that nothing cancels when its argument is tiny.
 *
 * They are here, not in a library, because the libraries at hand give $I_0(x)$ and $\ln(1+x)$ but not $I_0(x)-1$
 * and $x-\ln(1+x)$, and it is these differences that carry a gain of $10^{-9}$.
 *
 * @module
 */

/** Terms of a power series smaller than this times the sum no longer change it. */
const SERIES_END = 1e-17;

/** Below this modulus $x-\ln(1+x)$ is summed as a series; above, the subtraction loses less than one digit. */
const LOG_SERIES_LIMIT = 0.5;

/**
 * Binary entropy $h(x)=-x\log_2 x-(1-x)\log_2(1-x)$, in bits.
 *
 * @param x - probability, in [0, 1]
 * @returns entropy in bits, in [0, 1]; 0 at both ends
 */
export function binaryEntropy(x: number): number {
  if (x <= 0 || x >= 1) return 0;
  return -(x * Math.log(x) + (1 - x) * Math.log1p(-x)) / Math.LN2;
}

/**
 * $I_0(x)-1$, the modified Bessel function of order 0 without its leading 1.
 *
 * Power series $\sum_{k\ge1}(x^2/4)^k/k!^2$ (DLMF 10.25.2): every term is positive.
 *
 * @param x - real argument, |x| up to about 700
 * @returns $I_0(x)-1$; relative error a few units in the last place
 */
export function besselI0m1(x: number): number {
  const quarter = 0.25 * x * x;
  let term = quarter;
  let sum = term;
  for (let k = 2; term > SERIES_END * sum; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}

/**
 * $I_k(x)$, the modified Bessel function of whole order k >= 0.
 *
 * Power series $\sum_j (x/2)^{2j+k}/(j!(j+k)!)$ (DLMF 10.25.2).
 *
 * @param order - whole order k >= 0
 * @param x - real argument, |x| up to about 700; the sign follows $I_k(-x)=(-1)^kI_k(x)$
 * @returns $I_k(x)$
 */
export function besselI(order: number, x: number): number {
  const half = 0.5 * x;
  const quarter = half * half;
  let term = 1;
  for (let j = 1; j <= order; j++) term *= half / j;
  let sum = term;
  for (let j = 1; Math.abs(term) > SERIES_END * Math.abs(sum); j++) {
    term *= quarter / (j * (j + order));
    sum += term;
  }
  return sum;
}

/**
 * $x-\ln(1+x)\ge0$, without cancellation near 0.
 *
 * For small x, with $r=x/(2+x)$: $x-\ln(1+x)=xr-2r^3(1/3+r^2/5+r^4/7+\dots)$, from $\ln(1+x)=2\,\mathrm{artanh}\,r$.
 *
 * @param x - argument > -1
 * @returns $x-\ln(1+x)$
 */
export function minusLog1p(x: number): number {
  if (Math.abs(x) > LOG_SERIES_LIMIT) return x - Math.log1p(x);
  const r = x / (2 + x);
  const square = r * r;
  let power = 1;
  let sum = 1 / 3;
  for (let k = 5; power > SERIES_END; k += 2) {
    power *= square;
    sum += power / k;
  }
  return x * r - 2 * r * square * sum;
}

/**
 * $(1+x)\ln(1+x)-x\ge0$, without cancellation near 0.
 *
 * @param x - argument >= -1
 * @returns $(1+x)\ln(1+x)-x$; 1 at x = -1
 */
export function entropyExcess(x: number): number {
  if (x <= -1) return 1;
  if (Math.abs(x) > LOG_SERIES_LIMIT) return (1 + x) * Math.log1p(x) - x;
  return x * x - (1 + x) * minusLog1p(x);
}

/** $\sin x/x$, 1 at x = 0. @param x - angle in rad @returns $\sin x/x$ */
export function sinc(x: number): number {
  return Math.abs(x) < 1e-8 ? 1 : Math.sin(x) / x;
}

/**
 * $1-\sin x/x$, without cancellation near 0.
 *
 * @param x - angle in rad
 * @returns $1-\sin x/x$
 */
export function oneMinusSinc(x: number): number {
  if (Math.abs(x) > 0.5) return 1 - Math.sin(x) / x;
  const square = x * x;
  let term = square / 6;
  let sum = term;
  for (let k = 4; Math.abs(term) > SERIES_END * Math.abs(sum); k += 2) {
    term *= -square / (k * (k + 1));
    sum += term;
  }
  return sum;
}
