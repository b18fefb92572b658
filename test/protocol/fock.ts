/** Exact yields of photon-number states at a balanced beam splitter with two equal threshold detectors. */

const factorials: number[] = [1];
for (let n = 1; n < 60; n++) factorials.push(factorials[n - 1]! * n);

const choose = (n: number, k: number): number => factorials[n]! / (factorials[k]! * factorials[n - k]!);

/**
 * Probability that one given detector clicks alone when the users' pulses hold m and n photons:
 * the other detector is silent, minus both are. A detector of efficiency eta is silent with the expectation of
 * (1 - eta)^N = sum_k (-eta)^k :N^k:/k!, and the normally ordered moments behind a balanced splitter are
 * 2^-k sum_j C(k,j)^2 m!/(m-j)! n!/(n-k+j)!.
 */
export function fockYield(m: number, n: number, eta: number, noise: number): number {
  let silent = 0;
  for (let k = 0; k <= m + n; k++) {
    let moment = 0;
    for (let j = Math.max(0, k - n); j <= Math.min(k, m); j++) {
      moment += choose(k, j) ** 2 * (factorials[m]! / factorials[m - j]!) * (factorials[n]! / factorials[n - k + j]!);
    }
    silent += ((-eta / 2) ** k / factorials[k]!) * moment;
  }
  return (1 - noise) * (silent - (1 - noise) * (1 - eta) ** (m + n));
}
