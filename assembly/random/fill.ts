// Arrays of samples, one stream item per call, for statistical tests and for users who want the samplers by themselves.

import { exponentialsInPlace } from "./logarithm";
import { binomial, geometric, geometricScale, normal, poisson } from "./samplers";
import { nextLong } from "./stream";

/** Exponentials of mean 1 as the event loop makes them, two at a time; `count` even. */
export function fillExponential(stream: usize, out: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) store<u64>(out + ((<usize>i) << 3), nextLong(stream));
  exponentialsInPlace(out, count);
}

/** Geometric numbers (failures before the first success). */
export function fillGeometric(stream: usize, p: f64, out: usize, count: u32): void {
  const scale = geometricScale(p);
  for (let i: u32 = 0; i < count; i++) store<f64>(out + ((<usize>i) << 3), geometric(stream, scale));
}

/** Standard normal numbers. */
export function fillNormal(stream: usize, out: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) store<f64>(out + ((<usize>i) << 3), normal(stream));
}

/** Poisson numbers. */
export function fillPoisson(stream: usize, mean: f64, out: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) store<f64>(out + ((<usize>i) << 3), poisson(stream, mean));
}

/** Binomial numbers. */
export function fillBinomial(stream: usize, trials: f64, p: f64, out: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) store<f64>(out + ((<usize>i) << 3), binomial(stream, trials, p));
}
