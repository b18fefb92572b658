// Sine and cosine of a turn fraction, by Taylor series on an eighth of a turn.
//
// Error below 2e-16 absolute (the first terms left out are 5e-17 and 3e-18).

const QUARTER: f64 = 1.5707963267948966;

/** sin(x), |x| <= pi/4. */
export function smallSine(x: f64): f64 {
  const z = x * x;
  let sum = 1.0 / 355687428096000.0;
  sum = -1.0 / 1307674368000.0 + z * sum;
  sum = 1.0 / 6227020800.0 + z * sum;
  sum = -1.0 / 39916800.0 + z * sum;
  sum = 1.0 / 362880.0 + z * sum;
  sum = -1.0 / 5040.0 + z * sum;
  sum = 1.0 / 120.0 + z * sum;
  sum = -1.0 / 6.0 + z * sum;
  return x + x * z * sum;
}

/** cos(x), |x| <= pi/4. */
export function smallCosine(x: f64): f64 {
  const z = x * x;
  let sum = 1.0 / 20922789888000.0;
  sum = -1.0 / 87178291200.0 + z * sum;
  sum = 1.0 / 479001600.0 + z * sum;
  sum = -1.0 / 3628800.0 + z * sum;
  sum = 1.0 / 40320.0 + z * sum;
  sum = -1.0 / 720.0 + z * sum;
  sum = 1.0 / 24.0 + z * sum;
  return 1.0 - 0.5 * z + z * z * sum;
}

/** sin(x), |x| <= 0.2: the first term left out is below 6e-16. */
export function tinySine(x: f64): f64 {
  const z = x * x;
  return x - x * z * (1.0 / 6.0 - z * (1.0 / 120.0 - z * (1.0 / 5040.0 - z * (1.0 / 362880.0))));
}

/** cos(x), |x| <= 0.2: the first term left out is below 3e-14. */
export function tinyCosine(x: f64): f64 {
  const z = x * x;
  return 1.0 - z * (0.5 - z * (1.0 / 24.0 - z * (1.0 / 720.0 - z * (1.0 / 40320.0))));
}

/** Cosine and sine of 2 pi u as two lanes; |u| below 2^50. */
export function turnLanes(u: f64, out: usize): void {
  const quarters = Math.floor(4.0 * u + 0.5);
  const x = (4.0 * u - quarters) * QUARTER;
  const s = smallSine(x);
  const c = smallCosine(x);
  const quadrant = <i32>(<i64>quarters & 3);
  const swapped = (quadrant & 1) !== 0;
  const cosine = swapped ? s : c;
  const sine = swapped ? c : s;
  store<f64>(out, quadrant === 1 || quadrant === 2 ? -cosine : cosine);
  store<f64>(out, quadrant >= 2 ? -sine : sine, 8);
}

/** Cosine of 2 pi u, |u| below 2^50. */
export function turnCosine(u: f64): f64 {
  const quarters = Math.floor(4.0 * u + 0.5);
  const x = (4.0 * u - quarters) * QUARTER;
  const quadrant = <i32>(<i64>quarters & 3);
  const value = (quadrant & 1) !== 0 ? smallSine(x) : smallCosine(x);
  return quadrant === 1 || quadrant === 2 ? -value : value;
}

/** Sine of 2 pi u, |u| below 2^50. */
export function turnSine(u: f64): f64 {
  return turnCosine(u - 0.25);
}
