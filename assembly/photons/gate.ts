// Timing jitter against the acceptance gate: which share of the clicks of a pulse falls into its own gate, and which
// into the gate of each neighbouring slot. Times in slots, jitter Gaussian.

/** Complementary error function for x >= 0: series below 2.5, continued fraction above; relative error below 1e-12. */
export function complementaryError(x: f64): f64 {
  if (x < 2.5) {
    let term = x;
    let sum = x;
    for (let k = 1.0; k < 100.0 && term > 1e-18 * sum; k += 1.0) {
      term *= (2.0 * x * x) / (2.0 * k + 1.0);
      sum += term;
    }
    return 1.0 - 1.1283791670955126 * Math.exp(-x * x) * sum;
  }
  let fraction = x;
  for (let k = 120.0; k >= 1.0; k -= 1.0) fraction = x + (0.5 * k) / fraction;
  return (Math.exp(-x * x) * 0.5641895835477563) / fraction;
}

/** Share inside the own gate: erf(w / (2 sqrt(2) sigma)). */
export function gateAcceptance(jitter: f64, gate: f64): f64 {
  if (jitter === 0.0) return 1.0;
  return 1.0 - complementaryError(gate / (2.8284271247461903 * jitter));
}

/** Share inside the gate of one neighbour, whose centre is one slot away. */
export function gateLeakage(jitter: f64, gate: f64): f64 {
  if (jitter === 0.0) return 0.0;
  const scale = 1.0 / (Math.SQRT2 * jitter);
  const leaked =
    0.5 * (complementaryError((1.0 - 0.5 * gate) * scale) - complementaryError((1.0 + 0.5 * gate) * scale));
  // Less than the rounding of what stays is nothing.
  return leaked < 1e-17 ? 0.0 : leaked;
}
