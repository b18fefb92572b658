// Two weak coherent pulses on a beam splitter in front of two threshold detectors.
//
// With mean photon numbers a, b after the arms and total relative phase delta,
//
//   I_L = s + r cos delta,   I_R = s - r cos delta,   s = (a + b)/2,   r = sqrt(a b)
//
// and a detector of efficiency eta and noise probability p stays silent with probability (1 - p) exp(-eta I).

/** I_0(x) - 1 by its power series, x of order 1. */
function besselMinusOne(x: f64): f64 {
  const quarter = 0.25 * x * x;
  let term = quarter;
  let sum = quarter;
  for (let k = 2.0; k < 200.0 && term > 1e-18 * sum; k += 1.0) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}

/** exp(-x) I_0(x) for x >= 0: power series, beyond 25 the asymptotic series. */
export function besselScaled(x: f64): f64 {
  if (x <= 25.0) return Math.exp(-x) * (1.0 + besselMinusOne(x));
  let term = 1.0;
  let sum = 1.0;
  for (let k = 1.0; k < 40.0; k += 1.0) {
    const next = (term * (2.0 * k - 1.0) * (2.0 * k - 1.0)) / (8.0 * x * k);
    if (next >= term || next < 1e-17) break;
    term = next;
    sum += term;
  }
  return sum / Math.sqrt(6.283185307179586 * x);
}

/**
 * <exp(-x I_L - y I_R)> - 1 over a uniform phase:
 *
 *   exp(-(x + y) s) I_0((x - y) r) - 1
 *
 * without the cancellation that subtracting 1 from a probability near 1 would bring.
 */
export function averagedMinusOne(x: f64, y: f64, s: f64, r: f64): f64 {
  const loss = (x + y) * s;
  const beat = Math.abs(x - y) * r;
  if (loss < 1.0) return Math.expm1(-loss) + Math.exp(-loss) * besselMinusOne(beat);
  return Math.exp(beat - loss) * besselScaled(beat) - 1.0;
}

/** Probability of at least one event of a Poisson process with this mean: 1 - exp(-mean), by its series where that is short. */
export function atLeastOne(mean: f64): f64 {
  // What is left out is below mean^5 / 720 of the result.
  if (mean < 1e-3) {
    return mean * (1.0 - mean * (1.0 / 2.0 - mean * (1.0 / 6.0 - mean * (1.0 / 24.0 - mean * (1.0 / 120.0)))));
  }
  return -Math.expm1(-mean);
}
