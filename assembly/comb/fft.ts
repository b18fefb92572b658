// Complex transforms of both lanes at once: decimation in frequency forwards (e^{-i}), in time backwards (e^{+i}),
// so that neither needs a permutation. No normalisation. Transforms work in place.

import { CROSS, EIGHTH, eighthsOf, innerGroup, SLOT, TWIDDLE, twiddlesOf } from "./layout";

/** One radix-4 stage forwards: blocks of four times `stride` slots. */
export function stageForward(data: usize, slots: usize, stride: usize, twiddles: usize): void {
  const end = data + slots * SLOT;
  const step = stride * SLOT;
  const block = step << 2;
  for (let k: usize = 0; k < stride; k++) {
    const c1 = v128.load64_splat(twiddles, 0);
    const s1 = v128.load64_splat(twiddles, 8);
    const c2 = v128.load64_splat(twiddles, 16);
    const s2 = v128.load64_splat(twiddles, 24);
    const c3 = v128.load64_splat(twiddles, 32);
    const s3 = v128.load64_splat(twiddles, 40);
    twiddles += TWIDDLE;
    for (let p0 = data + k * SLOT; p0 < end; p0 += block) {
      const p1 = p0 + step;
      const p2 = p1 + step;
      const p3 = p2 + step;
      const ar = v128.load(p0);
      const ai = v128.load(p0, 16);
      const br = v128.load(p1);
      const bi = v128.load(p1, 16);
      const cr = v128.load(p2);
      const ci = v128.load(p2, 16);
      const dr = v128.load(p3);
      const di = v128.load(p3, 16);
      const t0r = f64x2.add(ar, cr);
      const t0i = f64x2.add(ai, ci);
      const t1r = f64x2.sub(ar, cr);
      const t1i = f64x2.sub(ai, ci);
      const t2r = f64x2.add(br, dr);
      const t2i = f64x2.add(bi, di);
      // -i (b - d)
      const t3r = f64x2.sub(bi, di);
      const t3i = f64x2.sub(dr, br);
      v128.store(p0, f64x2.add(t0r, t2r));
      v128.store(p0, f64x2.add(t0i, t2i), 16);
      const y1r = f64x2.add(t1r, t3r);
      const y1i = f64x2.add(t1i, t3i);
      const y2r = f64x2.sub(t0r, t2r);
      const y2i = f64x2.sub(t0i, t2i);
      const y3r = f64x2.sub(t1r, t3r);
      const y3i = f64x2.sub(t1i, t3i);
      // times cos - i sin
      v128.store(p1, f64x2.add(f64x2.mul(y1r, c1), f64x2.mul(y1i, s1)));
      v128.store(p1, f64x2.sub(f64x2.mul(y1i, c1), f64x2.mul(y1r, s1)), 16);
      v128.store(p2, f64x2.add(f64x2.mul(y2r, c2), f64x2.mul(y2i, s2)));
      v128.store(p2, f64x2.sub(f64x2.mul(y2i, c2), f64x2.mul(y2r, s2)), 16);
      v128.store(p3, f64x2.add(f64x2.mul(y3r, c3), f64x2.mul(y3i, s3)));
      v128.store(p3, f64x2.sub(f64x2.mul(y3i, c3), f64x2.mul(y3r, s3)), 16);
    }
  }
}

/** One radix-4 stage backwards, the inverse of {@link stageForward} times four. */
export function stageBackward(data: usize, slots: usize, stride: usize, twiddles: usize): void {
  const end = data + slots * SLOT;
  const step = stride * SLOT;
  const block = step << 2;
  for (let k: usize = 0; k < stride; k++) {
    const c1 = v128.load64_splat(twiddles, 0);
    const s1 = v128.load64_splat(twiddles, 8);
    const c2 = v128.load64_splat(twiddles, 16);
    const s2 = v128.load64_splat(twiddles, 24);
    const c3 = v128.load64_splat(twiddles, 32);
    const s3 = v128.load64_splat(twiddles, 40);
    twiddles += TWIDDLE;
    for (let p0 = data + k * SLOT; p0 < end; p0 += block) {
      const p1 = p0 + step;
      const p2 = p1 + step;
      const p3 = p2 + step;
      const ar = v128.load(p0);
      const ai = v128.load(p0, 16);
      const b0r = v128.load(p1);
      const b0i = v128.load(p1, 16);
      const c0r = v128.load(p2);
      const c0i = v128.load(p2, 16);
      const d0r = v128.load(p3);
      const d0i = v128.load(p3, 16);
      // times cos + i sin
      const br = f64x2.sub(f64x2.mul(b0r, c1), f64x2.mul(b0i, s1));
      const bi = f64x2.add(f64x2.mul(b0i, c1), f64x2.mul(b0r, s1));
      const cr = f64x2.sub(f64x2.mul(c0r, c2), f64x2.mul(c0i, s2));
      const ci = f64x2.add(f64x2.mul(c0i, c2), f64x2.mul(c0r, s2));
      const dr = f64x2.sub(f64x2.mul(d0r, c3), f64x2.mul(d0i, s3));
      const di = f64x2.add(f64x2.mul(d0i, c3), f64x2.mul(d0r, s3));
      const t0r = f64x2.add(ar, cr);
      const t0i = f64x2.add(ai, ci);
      const t1r = f64x2.sub(ar, cr);
      const t1i = f64x2.sub(ai, ci);
      const t2r = f64x2.add(br, dr);
      const t2i = f64x2.add(bi, di);
      // +i (b - d)
      const t3r = f64x2.sub(di, bi);
      const t3i = f64x2.sub(br, dr);
      v128.store(p0, f64x2.add(t0r, t2r));
      v128.store(p0, f64x2.add(t0i, t2i), 16);
      v128.store(p1, f64x2.add(t1r, t3r));
      v128.store(p1, f64x2.add(t1i, t3i), 16);
      v128.store(p2, f64x2.sub(t0r, t2r));
      v128.store(p2, f64x2.sub(t0i, t2i), 16);
      v128.store(p3, f64x2.sub(t1r, t3r));
      v128.store(p3, f64x2.sub(t1i, t3i), 16);
    }
  }
}

/** Radix-2 stage forwards over groups of eight slots. */
export function halvesForward(data: usize, slots: usize, eighths: usize): void {
  const end = data + slots * SLOT;
  for (; data < end; data += 4 * SLOT) {
    for (let j: usize = 0; j < 4; j++, data += SLOT) {
      const c = v128.load64_splat(eighths + j * EIGHTH, 0);
      const s = v128.load64_splat(eighths + j * EIGHTH, 8);
      const ar = v128.load(data);
      const ai = v128.load(data, 16);
      const br = v128.load(data, 4 * SLOT);
      const bi = v128.load(data, 4 * SLOT + 16);
      const dr = f64x2.sub(ar, br);
      const di = f64x2.sub(ai, bi);
      v128.store(data, f64x2.add(ar, br));
      v128.store(data, f64x2.add(ai, bi), 16);
      v128.store(data, f64x2.add(f64x2.mul(dr, c), f64x2.mul(di, s)), 4 * SLOT);
      v128.store(data, f64x2.sub(f64x2.mul(di, c), f64x2.mul(dr, s)), 4 * SLOT + 16);
    }
  }
}

/** Radix-2 stage backwards over groups of eight slots. */
export function halvesBackward(data: usize, slots: usize, eighths: usize): void {
  const end = data + slots * SLOT;
  for (; data < end; data += 4 * SLOT) {
    for (let j: usize = 0; j < 4; j++, data += SLOT) {
      const c = v128.load64_splat(eighths + j * EIGHTH, 0);
      const s = v128.load64_splat(eighths + j * EIGHTH, 8);
      const ar = v128.load(data);
      const ai = v128.load(data, 16);
      const dr = v128.load(data, 4 * SLOT);
      const di = v128.load(data, 4 * SLOT + 16);
      const br = f64x2.sub(f64x2.mul(dr, c), f64x2.mul(di, s));
      const bi = f64x2.add(f64x2.mul(di, c), f64x2.mul(dr, s));
      v128.store(data, f64x2.add(ar, br));
      v128.store(data, f64x2.add(ai, bi), 16);
      v128.store(data, f64x2.sub(ar, br), 4 * SLOT);
      v128.store(data, f64x2.sub(ai, bi), 4 * SLOT + 16);
    }
  }
}

/** Innermost radix-4 stage forwards: no twiddles. */
export function innermostForward(data: usize, slots: usize): void {
  const end = data + slots * SLOT;
  for (; data < end; data += 4 * SLOT) {
    const ar = v128.load(data);
    const ai = v128.load(data, 16);
    const br = v128.load(data, 32);
    const bi = v128.load(data, 48);
    const cr = v128.load(data, 64);
    const ci = v128.load(data, 80);
    const dr = v128.load(data, 96);
    const di = v128.load(data, 112);
    const t0r = f64x2.add(ar, cr);
    const t0i = f64x2.add(ai, ci);
    const t1r = f64x2.sub(ar, cr);
    const t1i = f64x2.sub(ai, ci);
    const t2r = f64x2.add(br, dr);
    const t2i = f64x2.add(bi, di);
    const t3r = f64x2.sub(bi, di);
    const t3i = f64x2.sub(dr, br);
    v128.store(data, f64x2.add(t0r, t2r));
    v128.store(data, f64x2.add(t0i, t2i), 16);
    v128.store(data, f64x2.add(t1r, t3r), 32);
    v128.store(data, f64x2.add(t1i, t3i), 48);
    v128.store(data, f64x2.sub(t0r, t2r), 64);
    v128.store(data, f64x2.sub(t0i, t2i), 80);
    v128.store(data, f64x2.sub(t1r, t3r), 96);
    v128.store(data, f64x2.sub(t1i, t3i), 112);
  }
}

/** Innermost radix-4 stage backwards: no twiddles. */
export function innermostBackward(data: usize, slots: usize): void {
  const end = data + slots * SLOT;
  for (; data < end; data += 4 * SLOT) {
    const ar = v128.load(data);
    const ai = v128.load(data, 16);
    const br = v128.load(data, 32);
    const bi = v128.load(data, 48);
    const cr = v128.load(data, 64);
    const ci = v128.load(data, 80);
    const dr = v128.load(data, 96);
    const di = v128.load(data, 112);
    const t0r = f64x2.add(ar, cr);
    const t0i = f64x2.add(ai, ci);
    const t1r = f64x2.sub(ar, cr);
    const t1i = f64x2.sub(ai, ci);
    const t2r = f64x2.add(br, dr);
    const t2i = f64x2.add(bi, di);
    const t3r = f64x2.sub(di, bi);
    const t3i = f64x2.sub(br, dr);
    v128.store(data, f64x2.add(t0r, t2r));
    v128.store(data, f64x2.add(t0i, t2i), 16);
    v128.store(data, f64x2.add(t1r, t3r), 32);
    v128.store(data, f64x2.add(t1i, t3i), 48);
    v128.store(data, f64x2.sub(t0r, t2r), 64);
    v128.store(data, f64x2.sub(t0i, t2i), 80);
    v128.store(data, f64x2.sub(t1r, t3r), 96);
    v128.store(data, f64x2.sub(t1i, t3i), 112);
  }
}

/** All stages from the lanes' inputs down to the innermost group, that group excepted. */
export function outerForward(data: usize, slots: usize, plan: usize): void {
  let twiddles = twiddlesOf(plan, slots);
  const inner = innerGroup(slots);
  for (let stride = slots >> 2; stride >= inner; stride >>= 2) {
    stageForward(data, slots, stride, twiddles);
    twiddles += stride * TWIDDLE;
  }
}

/** The mirror of {@link outerForward}. */
export function outerBackward(data: usize, slots: usize, plan: usize): void {
  let twiddles = eighthsOf(plan, slots);
  for (let stride = innerGroup(slots); stride < slots; stride <<= 2) {
    twiddles -= stride * TWIDDLE;
    stageBackward(data, slots, stride, twiddles);
  }
}

/** Spectrum of the samples, in the plan's order. */
export function forward(data: usize, samples: i32, plan: usize): void {
  const slots = <usize>samples >> 1;
  const end = data + slots * SLOT;
  let cross = plan;
  for (let at = data; at < end; at += 2 * SLOT, cross += 2 * CROSS) {
    const c = v128.load(cross);
    const s = v128.load(cross, 16);
    const r0 = v128.load(at);
    const i0 = v128.load(at, 16);
    const r1 = v128.load(at, 32);
    const i1 = v128.load(at, 48);
    // Lanes become slots: a holds x[k], x[k + 1] and b the same half a turn on.
    const ar = v128.shuffle<f64>(r0, r1, 0, 2);
    const ai = v128.shuffle<f64>(i0, i1, 0, 2);
    const br = v128.shuffle<f64>(r0, r1, 1, 3);
    const bi = v128.shuffle<f64>(i0, i1, 1, 3);
    const sr = f64x2.add(ar, br);
    const si = f64x2.add(ai, bi);
    const dr = f64x2.sub(ar, br);
    const di = f64x2.sub(ai, bi);
    const er = f64x2.add(f64x2.mul(dr, c), f64x2.mul(di, s));
    const ei = f64x2.sub(f64x2.mul(di, c), f64x2.mul(dr, s));
    v128.store(at, v128.shuffle<f64>(sr, er, 0, 2));
    v128.store(at, v128.shuffle<f64>(si, ei, 0, 2), 16);
    v128.store(at, v128.shuffle<f64>(sr, er, 1, 3), 32);
    v128.store(at, v128.shuffle<f64>(si, ei, 1, 3), 48);
  }
  outerForward(data, slots, plan);
  if (innerGroup(slots) === 8) halvesForward(data, slots, eighthsOf(plan, slots));
  innermostForward(data, slots);
}

/** Samples of a spectrum in the plan's order, times N. */
export function backward(data: usize, samples: i32, plan: usize): void {
  const slots = <usize>samples >> 1;
  innermostBackward(data, slots);
  if (innerGroup(slots) === 8) halvesBackward(data, slots, eighthsOf(plan, slots));
  outerBackward(data, slots, plan);
  const end = data + slots * SLOT;
  let cross = plan;
  for (let at = data; at < end; at += 2 * SLOT, cross += 2 * CROSS) {
    const c = v128.load(cross);
    const s = v128.load(cross, 16);
    const r0 = v128.load(at);
    const i0 = v128.load(at, 16);
    const r1 = v128.load(at, 32);
    const i1 = v128.load(at, 48);
    const sr = v128.shuffle<f64>(r0, r1, 0, 2);
    const si = v128.shuffle<f64>(i0, i1, 0, 2);
    const er = v128.shuffle<f64>(r0, r1, 1, 3);
    const ei = v128.shuffle<f64>(i0, i1, 1, 3);
    const dr = f64x2.sub(f64x2.mul(er, c), f64x2.mul(ei, s));
    const di = f64x2.add(f64x2.mul(ei, c), f64x2.mul(er, s));
    const ar = f64x2.add(sr, dr);
    const ai = f64x2.add(si, di);
    const br = f64x2.sub(sr, dr);
    const bi = f64x2.sub(si, di);
    v128.store(at, v128.shuffle<f64>(ar, br, 0, 2));
    v128.store(at, v128.shuffle<f64>(ai, bi, 0, 2), 16);
    v128.store(at, v128.shuffle<f64>(ar, br, 1, 3), 32);
    v128.store(at, v128.shuffle<f64>(ai, bi, 1, 3), 48);
  }
}
