// Exact samplers on scalar streams: exponential, geometric, normal, Poisson, binomial.

import { nextWord, uniform, uniformPositive } from "./stream";
import { turnCosine, turnSine } from "./trigonometry";

/** Exponential with mean 1. */
export function exponential(stream: usize): f64 {
  return -Math.log(uniformPositive(stream));
}

/**
 * Failures before the first success, as a whole double; `scale` is `geometricScale(p)`.
 *
 * P(floor(E scale) >= k) = P(E >= k / scale) = (1 - p)^k for E exponential.
 */
export function geometric(stream: usize, scale: f64): f64 {
  return Math.floor(exponential(stream) * scale);
}

/** -1 / log(1 - p): 0 for p = 1, infinite for p = 0. */
export function geometricScale(p: f64): f64 {
  return p >= 1.0 ? 0.0 : -1.0 / Math.log1p(-p);
}

/** Standard normal (Box and Muller 1958); the second of a pair waits in the stream until it is asked for or the stream moves. */
export function normal(stream: usize): f64 {
  if (load<u32>(stream, 28) !== 0) {
    store<u32>(stream, 0, 28);
    return load<f64>(stream, 104) * turnSine(load<f64>(stream, 96));
  }
  const radius = Math.sqrt(2.0 * exponential(stream));
  const turn = <f64>nextWord(stream) * 2.3283064365386963e-10; // 2^-32
  store<f64>(stream, turn, 96);
  store<f64>(stream, radius, 104);
  store<u32>(stream, 1, 28);
  return radius * turnCosine(turn);
}

/** log(n!) - [(n + 1/2) log(n + 1) - (n + 1) + log(2 pi)/2], the tail of Stirling's series at n + 1. */
function stirlingTail(n: f64): f64 {
  if (n < 16.0) {
    let factorial = 1.0;
    for (let i = 2.0; i <= n; i += 1.0) factorial *= i;
    return Math.log(factorial) - ((n + 0.5) * Math.log(n + 1.0) - (n + 1.0) + 0.9189385332046728);
  }
  const x = 1.0 / (n + 1.0);
  const x2 = x * x;
  return x * (1.0 / 12.0 - x2 * (1.0 / 360.0 - x2 * (1.0 / 1260.0 - x2 * (1.0 / 1680.0))));
}

/** log(n!) for whole n >= 0; relative error below 1e-14. */
export function logFactorial(n: f64): f64 {
  return (n + 0.5) * Math.log(n + 1.0) - (n + 1.0) + 0.9189385332046728 + stirlingTail(n);
}

/** Means below this are drawn by inversion, others by transformed rejection. */
const INVERSION_BELOW: f64 = 12.0;

const MOST_BY_INVERSION: usize = 64;

/** 1/1, 1/2, ... 1/64: a division in the chain of a sum costs twice a product. */
const RECIPROCALS: usize = memory.data<f64>([
  1.0 / 1.0,
  1.0 / 2.0,
  1.0 / 3.0,
  1.0 / 4.0,
  1.0 / 5.0,
  1.0 / 6.0,
  1.0 / 7.0,
  1.0 / 8.0,
  1.0 / 9.0,
  1.0 / 10.0,
  1.0 / 11.0,
  1.0 / 12.0,
  1.0 / 13.0,
  1.0 / 14.0,
  1.0 / 15.0,
  1.0 / 16.0,
  1.0 / 17.0,
  1.0 / 18.0,
  1.0 / 19.0,
  1.0 / 20.0,
  1.0 / 21.0,
  1.0 / 22.0,
  1.0 / 23.0,
  1.0 / 24.0,
  1.0 / 25.0,
  1.0 / 26.0,
  1.0 / 27.0,
  1.0 / 28.0,
  1.0 / 29.0,
  1.0 / 30.0,
  1.0 / 31.0,
  1.0 / 32.0,
  1.0 / 33.0,
  1.0 / 34.0,
  1.0 / 35.0,
  1.0 / 36.0,
  1.0 / 37.0,
  1.0 / 38.0,
  1.0 / 39.0,
  1.0 / 40.0,
  1.0 / 41.0,
  1.0 / 42.0,
  1.0 / 43.0,
  1.0 / 44.0,
  1.0 / 45.0,
  1.0 / 46.0,
  1.0 / 47.0,
  1.0 / 48.0,
  1.0 / 49.0,
  1.0 / 50.0,
  1.0 / 51.0,
  1.0 / 52.0,
  1.0 / 53.0,
  1.0 / 54.0,
  1.0 / 55.0,
  1.0 / 56.0,
  1.0 / 57.0,
  1.0 / 58.0,
  1.0 / 59.0,
  1.0 / 60.0,
  1.0 / 61.0,
  1.0 / 62.0,
  1.0 / 63.0,
  1.0 / 64.0,
]);

/** Poisson: inversion, or transformed rejection with squeeze (Hoermann 1993, doi:10.1016/0167-6687(93)90997-4, PTRS). */
export function poisson(stream: usize, mean: f64): f64 {
  if (mean < INVERSION_BELOW) {
    let u = uniform(stream);
    let p = Math.exp(-mean);
    let k: usize = 0;
    // The tail beyond holds less than any double can tell.
    while (u >= p && k < MOST_BY_INVERSION) {
      u -= p;
      p *= mean * load<f64>(RECIPROCALS + (k << 3));
      k++;
    }
    return <f64>k;
  }
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const squeeze = 0.9277 - 3.6224 / (b - 2.0);
  while (true) {
    const u = uniform(stream) - 0.5;
    const v = uniformPositive(stream);
    const margin = 0.5 - Math.abs(u);
    const k = Math.floor(((2.0 * a) / margin + b) * u + mean + 0.43);
    if (margin >= 0.07 && v <= squeeze) return k;
    if (k < 0.0 || (margin < 0.013 && v > margin)) continue;
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    if (Math.log((v * inverseAlpha) / (a / (margin * margin) + b)) <= k * Math.log(mean) - mean - logFactorial(k))
      return k;
  }
}

/** Binomial with mean below the bound of inversion, p <= 1/2. */
function binomialByInversion(stream: usize, trials: f64, p: f64): f64 {
  const ratio = p / (1.0 - p);
  let u = uniform(stream);
  let mass = Math.exp(trials * Math.log1p(-p));
  let k = 0.0;
  while (u >= mass && k < trials) {
    u -= mass;
    k += 1.0;
    mass *= (ratio * (trials - k + 1.0)) / k;
    if (mass === 0.0) break;
  }
  return k;
}

/** Binomial: inversion, or transformed rejection with squeeze (Hoermann 1993, doi:10.1080/00949659308811496, BTRS). */
export function binomial(stream: usize, trials: f64, p: f64): f64 {
  if (p > 0.5) return trials - binomial(stream, trials, 1.0 - p);
  if (trials <= 0.0 || p <= 0.0) return 0.0;
  const mean = trials * p;
  if (mean < INVERSION_BELOW) return binomialByInversion(stream, trials, p);
  const spread = Math.sqrt(mean * (1.0 - p));
  const b = 1.15 + 2.53 * spread;
  const inverse = 1.0 / b;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = mean + 0.5;
  const squeeze = 0.92 - 4.2 * inverse;
  let mode = -1.0;
  let logRatio = 0.0;
  let atMode = 0.0;
  while (true) {
    const u = uniform(stream) - 0.5;
    const v = uniformPositive(stream);
    const margin = 0.5 - Math.abs(u);
    const k = Math.floor(((2.0 * a) / margin + b) * u + centre);
    if (margin >= 0.07 && v <= squeeze) return k;
    if (k < 0.0 || k > trials) continue;
    // Most draws never come this far.
    if (mode < 0.0) {
      mode = Math.floor((trials + 1.0) * p);
      logRatio = Math.log(p / (1.0 - p));
      atMode = logFactorial(mode) + logFactorial(trials - mode);
    }
    const alpha = (2.83 + 5.1 * inverse) * spread;
    const height = Math.log((v * alpha) / (a / (margin * margin) + b));
    if (height <= atMode - logFactorial(k) - logFactorial(trials - k) + (k - mode) * logRatio) return k;
  }
}
