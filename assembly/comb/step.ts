// Split-step integration of the normalised Lugiato-Lefever equation
//
//   d psi / d tau = -(1 + i zeta) psi + i |psi|^2 psi - i D(mu) psi + F
//
// by Strang's splitting: half a linear step, a full Kerr step, half a linear step, with the pump integrated exactly
// inside the linear step. Neighbouring half steps are merged, so a run of n steps has n Kerr steps, n - 1 full and
// two half linear steps. The state between runs is the spectrum a_mu = (1/N) sum psi e^{-i mu x}, in the plan's order.

import { halvesBackward, halvesForward, innermostBackward, innermostForward, outerBackward, outerForward } from "./fft";
import { CROSS, eighthsOf, innerGroup, SLOT } from "./layout";

/** Propagator of a linear step: e^{lambda h} times `scale`; both tables hold slots in the plan's order. */
export function propagator(lambda: usize, samples: i32, h: f64, scale: f64, out: usize): void {
  const bytes = <usize>samples * 16;
  for (let at: usize = 0; at < bytes; at += SLOT) {
    for (let lane: usize = 0; lane < 16; lane += 8) {
      const re = load<f64>(lambda + at + lane);
      const im = load<f64>(lambda + at + lane, 16);
      const size = Math.exp(re * h) * scale;
      store<f64>(out + at + lane, size * Math.cos(im * h));
      store<f64>(out + at + lane, size * Math.sin(im * h), 16);
    }
  }
}

/**
 * Detunes a propagator and gives it a pump: every mode turns by -zeta h more, and `out` takes one slot beyond the
 * modes with what the pump adds to mode 0 meanwhile, F (e^{l h} - 1) / l with l = lambda_0 - i zeta, in lane 0.
 */
export function drive(
  table: usize,
  lambda: usize,
  samples: i32,
  h: f64,
  zeta: f64,
  pumpRe: f64,
  pumpIm: f64,
  out: usize,
): void {
  const c = f64x2.splat(Math.cos(zeta * h));
  const s = f64x2.splat(Math.sin(zeta * h));
  const end = table + <usize>samples * 16;
  for (; table < end; table += SLOT, out += SLOT) {
    const r = v128.load(table);
    const i = v128.load(table, 16);
    v128.store(out, f64x2.add(f64x2.mul(r, c), f64x2.mul(i, s)));
    v128.store(out, f64x2.sub(f64x2.mul(i, c), f64x2.mul(r, s)), 16);
  }
  const re = load<f64>(lambda);
  const im = load<f64>(lambda, 16) - zeta;
  // e^z - 1 = expm1(x) cos y - 2 sin^2(y/2) + i e^x sin y loses nothing for small steps.
  const half = Math.sin((im * h) / 2.0);
  const gainRe = Math.expm1(re * h) * Math.cos(im * h) - 2.0 * half * half;
  const gainIm = Math.exp(re * h) * Math.sin(im * h);
  const norm = re * re + im * im;
  // At l = 0 the integral is h itself.
  const shareRe = norm === 0.0 ? h : (gainRe * re + gainIm * im) / norm;
  const shareIm = norm === 0.0 ? 0.0 : (gainIm * re - gainRe * im) / norm;
  store<f64>(out, pumpRe * shareRe - pumpIm * shareIm);
  store<f64>(out, 0.0, 8);
  store<f64>(out, pumpRe * shareIm + pumpIm * shareRe, 16);
  store<f64>(out, 0.0, 24);
}

/** Multiplies a spectrum by a propagator and adds its pump. */
function multiply(data: usize, samples: i32, factor: usize): void {
  const end = data + <usize>samples * 16;
  let at = data;
  for (; at < end; at += SLOT, factor += SLOT) {
    const pr = v128.load(factor);
    const pi = v128.load(factor, 16);
    const r = v128.load(at);
    const i = v128.load(at, 16);
    v128.store(at, f64x2.sub(f64x2.mul(r, pr), f64x2.mul(i, pi)));
    v128.store(at, f64x2.add(f64x2.mul(r, pi), f64x2.mul(i, pr)), 16);
  }
  v128.store(data, f64x2.add(v128.load(data), v128.load(factor)));
  v128.store(data, f64x2.add(v128.load(data, 16), v128.load(factor, 16)), 16);
}

/** Innermost stage forwards, linear step, innermost stage backwards, four slots at a time. */
function linear(data: usize, slots: usize, factor: usize): void {
  const end = data + slots * SLOT;
  for (let at = data; at < end; at += 4 * SLOT, factor += 4 * SLOT) {
    const ar = v128.load(at);
    const ai = v128.load(at, 16);
    const br = v128.load(at, 32);
    const bi = v128.load(at, 48);
    const cr = v128.load(at, 64);
    const ci = v128.load(at, 80);
    const dr = v128.load(at, 96);
    const di = v128.load(at, 112);
    const t0r = f64x2.add(ar, cr);
    const t0i = f64x2.add(ai, ci);
    const t1r = f64x2.sub(ar, cr);
    const t1i = f64x2.sub(ai, ci);
    const t2r = f64x2.add(br, dr);
    const t2i = f64x2.add(bi, di);
    const t3r = f64x2.sub(bi, di);
    const t3i = f64x2.sub(dr, br);
    const y0r = f64x2.add(t0r, t2r);
    const y0i = f64x2.add(t0i, t2i);
    const y1r = f64x2.add(t1r, t3r);
    const y1i = f64x2.add(t1i, t3i);
    const y2r = f64x2.sub(t0r, t2r);
    const y2i = f64x2.sub(t0i, t2i);
    const y3r = f64x2.sub(t1r, t3r);
    const y3i = f64x2.sub(t1i, t3i);
    const p0r = v128.load(factor);
    const p0i = v128.load(factor, 16);
    const z0r = f64x2.sub(f64x2.mul(y0r, p0r), f64x2.mul(y0i, p0i));
    const z0i = f64x2.add(f64x2.mul(y0r, p0i), f64x2.mul(y0i, p0r));
    const p1r = v128.load(factor, 32);
    const p1i = v128.load(factor, 48);
    const z1r = f64x2.sub(f64x2.mul(y1r, p1r), f64x2.mul(y1i, p1i));
    const z1i = f64x2.add(f64x2.mul(y1r, p1i), f64x2.mul(y1i, p1r));
    const p2r = v128.load(factor, 64);
    const p2i = v128.load(factor, 80);
    const z2r = f64x2.sub(f64x2.mul(y2r, p2r), f64x2.mul(y2i, p2i));
    const z2i = f64x2.add(f64x2.mul(y2r, p2i), f64x2.mul(y2i, p2r));
    const p3r = v128.load(factor, 96);
    const p3i = v128.load(factor, 112);
    const z3r = f64x2.sub(f64x2.mul(y3r, p3r), f64x2.mul(y3i, p3i));
    const z3i = f64x2.add(f64x2.mul(y3r, p3i), f64x2.mul(y3i, p3r));
    const u0r = f64x2.add(z0r, z2r);
    const u0i = f64x2.add(z0i, z2i);
    const u1r = f64x2.sub(z0r, z2r);
    const u1i = f64x2.sub(z0i, z2i);
    const u2r = f64x2.add(z1r, z3r);
    const u2i = f64x2.add(z1i, z3i);
    const u3r = f64x2.sub(z3i, z1i);
    const u3i = f64x2.sub(z1r, z3r);
    v128.store(at, f64x2.add(u0r, u2r));
    v128.store(at, f64x2.add(u0i, u2i), 16);
    v128.store(at, f64x2.add(u1r, u3r), 32);
    v128.store(at, f64x2.add(u1i, u3i), 48);
    v128.store(at, f64x2.sub(u0r, u2r), 64);
    v128.store(at, f64x2.sub(u0i, u2i), 80);
    v128.store(at, f64x2.sub(u1r, u3r), 96);
    v128.store(at, f64x2.sub(u1i, u3i), 112);
  }
  // The pump's share belongs to mode 0, which the innermost stage has spread evenly over the first four slots.
  const pumpR = v128.load(factor);
  const pumpI = v128.load(factor, 16);
  for (let at = data; at < data + 4 * SLOT; at += SLOT) {
    v128.store(at, f64x2.add(v128.load(at), pumpR));
    v128.store(at, f64x2.add(v128.load(at, 16), pumpI), 16);
  }
}

// sin x / x and cos x as polynomials of z = x^2, interpolated at Chebyshev nodes of [0, 0.09] with the constant kept at
// 1: errors of sin and cos at most 3.5e-16 and 4.4e-18. Numbers are the power of x each belongs to.
const SINE_3: f64 = -0.16666666666665383;
const SINE_5: f64 = 0.00833333332877277;
const SINE_7: f64 = -1.9841244502336175e-4;
const SINE_9: f64 = 2.7512261182300754e-6;
const COSINE_4: f64 = 0.04166666666665331;
const COSINE_6: f64 = -0.001388888887701288;
const COSINE_8: f64 = 2.4801550349759162e-5;
const COSINE_10: f64 = -2.7510384247637793e-7;

/**
 * From the lanes back to samples, Kerr phase, and from samples to lanes again, two slots at a time.
 *
 * Returns the larger of `peak` and every |psi|^2 h met, both lanes.
 */
function kerr(data: usize, slots: usize, cross: usize, h: f64, peak: v128): v128 {
  const end = data + slots * SLOT;
  const step = f64x2.splat(h);
  for (let at = data; at < end; at += 2 * SLOT, cross += 2 * CROSS) {
    const c = v128.load(cross);
    const s = v128.load(cross, 16);
    const inR0 = v128.load(at);
    const inI0 = v128.load(at, 16);
    const inR1 = v128.load(at, 32);
    const inI1 = v128.load(at, 48);
    // Lanes become slots, so that only what needs a twiddle is multiplied with one.
    const sumR = v128.shuffle<f64>(inR0, inR1, 0, 2);
    const sumI = v128.shuffle<f64>(inI0, inI1, 0, 2);
    const oddR = v128.shuffle<f64>(inR0, inR1, 1, 3);
    const oddI = v128.shuffle<f64>(inI0, inI1, 1, 3);
    const differenceR = f64x2.sub(f64x2.mul(oddR, c), f64x2.mul(oddI, s));
    const differenceI = f64x2.add(f64x2.mul(oddI, c), f64x2.mul(oddR, s));
    const ar = f64x2.add(sumR, differenceR);
    const ai = f64x2.add(sumI, differenceI);
    const br = f64x2.sub(sumR, differenceR);
    const bi = f64x2.sub(sumI, differenceI);
    const xA = f64x2.mul(f64x2.add(f64x2.mul(ar, ar), f64x2.mul(ai, ai)), step);
    const xB = f64x2.mul(f64x2.add(f64x2.mul(br, br), f64x2.mul(bi, bi)), step);
    peak = f64x2.pmax(f64x2.pmax(peak, xA), xB);
    const zA = f64x2.mul(xA, xA);
    let sineA = f64x2.add(f64x2.mul(zA, f64x2.splat(SINE_9)), f64x2.splat(SINE_7));
    let cosineA = f64x2.add(f64x2.mul(zA, f64x2.splat(COSINE_10)), f64x2.splat(COSINE_8));
    sineA = f64x2.add(f64x2.mul(zA, sineA), f64x2.splat(SINE_5));
    cosineA = f64x2.add(f64x2.mul(zA, cosineA), f64x2.splat(COSINE_6));
    sineA = f64x2.add(f64x2.mul(zA, sineA), f64x2.splat(SINE_3));
    cosineA = f64x2.add(f64x2.mul(zA, cosineA), f64x2.splat(COSINE_4));
    sineA = f64x2.add(f64x2.mul(zA, sineA), f64x2.splat(1.0));
    cosineA = f64x2.add(f64x2.mul(zA, cosineA), f64x2.splat(-0.5));
    sineA = f64x2.mul(xA, sineA);
    cosineA = f64x2.add(f64x2.mul(zA, cosineA), f64x2.splat(1.0));
    const zB = f64x2.mul(xB, xB);
    let sineB = f64x2.add(f64x2.mul(zB, f64x2.splat(SINE_9)), f64x2.splat(SINE_7));
    let cosineB = f64x2.add(f64x2.mul(zB, f64x2.splat(COSINE_10)), f64x2.splat(COSINE_8));
    sineB = f64x2.add(f64x2.mul(zB, sineB), f64x2.splat(SINE_5));
    cosineB = f64x2.add(f64x2.mul(zB, cosineB), f64x2.splat(COSINE_6));
    sineB = f64x2.add(f64x2.mul(zB, sineB), f64x2.splat(SINE_3));
    cosineB = f64x2.add(f64x2.mul(zB, cosineB), f64x2.splat(COSINE_4));
    sineB = f64x2.add(f64x2.mul(zB, sineB), f64x2.splat(1.0));
    cosineB = f64x2.add(f64x2.mul(zB, cosineB), f64x2.splat(-0.5));
    sineB = f64x2.mul(xB, sineB);
    cosineB = f64x2.add(f64x2.mul(zB, cosineB), f64x2.splat(1.0));
    const pr = f64x2.sub(f64x2.mul(ar, cosineA), f64x2.mul(ai, sineA));
    const pi = f64x2.add(f64x2.mul(ai, cosineA), f64x2.mul(ar, sineA));
    const qr = f64x2.sub(f64x2.mul(br, cosineB), f64x2.mul(bi, sineB));
    const qi = f64x2.add(f64x2.mul(bi, cosineB), f64x2.mul(br, sineB));
    const outR = f64x2.add(pr, qr);
    const outI = f64x2.add(pi, qi);
    const dr = f64x2.sub(pr, qr);
    const di = f64x2.sub(pi, qi);
    const er = f64x2.add(f64x2.mul(dr, c), f64x2.mul(di, s));
    const ei = f64x2.sub(f64x2.mul(di, c), f64x2.mul(dr, s));
    v128.store(at, v128.shuffle<f64>(outR, er, 0, 2));
    v128.store(at, v128.shuffle<f64>(outI, ei, 0, 2), 16);
    v128.store(at, v128.shuffle<f64>(outR, er, 1, 3), 32);
    v128.store(at, v128.shuffle<f64>(outI, ei, 1, 3), 48);
  }
  return peak;
}

/**
 * Advances a spectrum by `steps` steps of size `h`.
 *
 * `first` and `last` are propagators of half a step, `last` and `full` scaled by 1/N. Returns the largest Kerr phase
 * of one step that was met; beyond 0.3 the result is not to be used.
 */
export function advance(
  data: usize,
  samples: i32,
  plan: usize,
  first: usize,
  full: usize,
  last: usize,
  h: f64,
  steps: i32,
): f64 {
  const slots = <usize>samples >> 1;
  const eighths = eighthsOf(plan, slots);
  const grouped = innerGroup(slots) === 8;
  let peak = f64x2.splat(0.0);
  multiply(data, samples, first);
  innermostBackward(data, slots);
  if (grouped) halvesBackward(data, slots, eighths);
  outerBackward(data, slots, plan);
  for (let n = 1; n < steps; n++) {
    peak = kerr(data, slots, plan, h, peak);
    outerForward(data, slots, plan);
    if (grouped) halvesForward(data, slots, eighths);
    linear(data, slots, full);
    if (grouped) halvesBackward(data, slots, eighths);
    outerBackward(data, slots, plan);
  }
  peak = kerr(data, slots, plan, h, peak);
  outerForward(data, slots, plan);
  if (grouped) halvesForward(data, slots, eighths);
  innermostForward(data, slots);
  multiply(data, samples, last);
  return Math.max(f64x2.extract_lane(peak, 0), f64x2.extract_lane(peak, 1));
}

/** Sum of |a|^2 over all modes of a spectrum. */
export function energy(data: usize, samples: i32): f64 {
  let sum = f64x2.splat(0.0);
  for (let at = data; at < data + <usize>samples * 16; at += SLOT) {
    const r = v128.load(at);
    const i = v128.load(at, 16);
    sum = f64x2.add(sum, f64x2.add(f64x2.mul(r, r), f64x2.mul(i, i)));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
