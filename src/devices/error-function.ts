/**
 * Error function, complementary error function and normal quantile.
 *
 * The quantile uses only +, -, x, / and square roots, which IEEE 754 rounds the same way everywhere: a random
 * outcome decided through it is identical in every JavaScript engine. Relative error of all three below 2e-15
 * (measured against 40-digit values in the tests), except `erfc` beyond 20 (5e-14), where the exponential dominates.
 *
 * @module
 */

/** Below this the Maclaurin series of erf converges fast; above, 1 - erfc loses nothing. */
const SERIES_LIMIT = 2;

/** Above this 1 - erf would cancel, and the continued fraction of erfc converges within its levels. */
const FRACTION_LIMIT = 1;

function erfSeries(x: number): number {
  // exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!: all terms of one sign, so nothing cancels.
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function erfcFraction(x: number): number {
  // Laplace's continued fraction, evaluated from its tail; 120 levels reach full precision for x >= 1.
  let fraction = 0;
  for (let n = 120; n >= 1; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

/**
 * Error function: $\mathrm{erf}(x) = \frac{2}{\sqrt\pi}\int_0^x e^{-t^2}\,dt$ (Abramowitz and Stegun, 7.1.1, 7.1.6).
 *
 * @param x - any real number
 * @returns value in [-1, 1]
 */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (x === 0) return 0;
  return x < SERIES_LIMIT ? erfSeries(x) : 1 - erfc(x);
}

/**
 * Complementary error function: $\mathrm{erfc}(x) = 1 - \mathrm{erf}(x)$ without cancellation (Abramowitz and
 * Stegun, 7.1.14).
 *
 * @param x - any real number
 * @returns value in [0, 2]
 */
export function erfc(x: number): number {
  if (x < FRACTION_LIMIT) return 1 - erf(x);
  return x > 27.3 ? 0 : erfcFraction(x);
}

const bits = new DataView(new ArrayBuffer(8));

/** Natural logarithm by basic arithmetic only: $\ln m + e\ln 2$, with $\ln m = 2\,\mathrm{artanh}\frac{m-1}{m+1}$. */
function portableLog(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let exponent = (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const s2 = s * s;
  let sum = 0;
  for (let n = 23; n >= 1; n -= 2) sum = sum * s2 + 1 / n;
  return 2 * s * sum + exponent * Math.LN2;
}

/** Rational function: numerator and denominator coefficients from the constant upward. */
function rational(numerator: readonly number[], denominator: readonly number[], x: number): number {
  let top = 0;
  let bottom = 0;
  for (let i = numerator.length - 1; i >= 0; i--) top = top * x + numerator[i]!;
  for (let i = denominator.length - 1; i >= 0; i--) bottom = bottom * x + denominator[i]!;
  return top / bottom;
}

// Wichura's PPND16 coefficients, each the double nearest to the printed decimal: centre, |p - 1/2| <= 0.425; intermediate tail, r <= 5; far tail.
const CENTRE = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
] as const;
const TAIL = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
] as const;
const FAR_TAIL = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
] as const;

/**
 * Quantile of the standard normal distribution, $\Phi^{-1}(p)$ (Wichura, Algorithm AS 241, doi:10.2307/2347330),
 * bit-identical in every JavaScript engine.
 *
 * @param p - probability in (0, 1); 0 and 1 give the infinities
 * @returns the quantile
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * rational(CENTRE[0], CENTRE[1], 0.180625 - q * q);
  const tail = q < 0 ? p : 1 - p;
  if (!(tail > 0)) return q < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-portableLog(tail));
  const magnitude = r <= 5 ? rational(TAIL[0], TAIL[1], r - 1.6) : rational(FAR_TAIL[0], FAR_TAIL[1], r - 5);
  return q < 0 ? -magnitude : magnitude;
}
