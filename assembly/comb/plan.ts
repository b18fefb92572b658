// Twiddle factors and the order of spectra.

import { CROSS, EIGHTH, eighthsOf, innerGroup, orderOf, TWIDDLE, twiddlesOf } from "./layout";

/** Cosine of a full turn times k / n, with the argument of the library function never above pi / 4. */
function cosineOfTurn(k: u32, n: u32): f64 {
  let eighths = (k % n) << 3;
  if (eighths > n << 2) eighths = (n << 3) - eighths;
  if (eighths > n << 1) return -cosineOfQuarter((n << 2) - eighths, n);
  return cosineOfQuarter(eighths, n);
}

/** Cosine of pi / 4 times e / n for e <= 2 n. */
function cosineOfQuarter(e: u32, n: u32): f64 {
  const unit = 0.7853981633974483 / <f64>n;
  return e <= n ? Math.cos(unit * <f64>e) : Math.sin(unit * <f64>((n << 1) - e));
}

/** Sine of a full turn times k / n. */
function sineOfTurn(k: u32, n: u32): f64 {
  // sin(x) = cos(x - pi / 2); four times finer steps keep the quarter turn whole.
  return cosineOfTurn(((k % n) << 2) + 3 * n, n << 2);
}

/** Fills a plan for N samples; `plan` has `planBytes(N)` bytes. */
export function plan(plan: usize, samples: i32): void {
  const slots = <usize>samples >> 1;
  for (let k: usize = 0; k < slots; k++) {
    const at = plan + (k >> 1) * 2 * CROSS + (k & 1) * 8;
    store<f64>(at, cosineOfTurn(<u32>k, samples), 0);
    store<f64>(at, sineOfTurn(<u32>k, samples), 16);
  }
  let at = twiddlesOf(plan, slots);
  const inner = innerGroup(slots);
  for (let stride = slots >> 2; stride >= inner; stride >>= 2) {
    const period = <u32>(stride << 2);
    for (let k: u32 = 0; k < <u32>stride; k++) {
      for (let j: u32 = 1; j <= 3; j++) {
        store<f64>(at + (j - 1) * 16, cosineOfTurn(j * k, period), 0);
        store<f64>(at + (j - 1) * 16, sineOfTurn(j * k, period), 8);
      }
      at += TWIDDLE;
    }
  }
  const eighths = eighthsOf(plan, slots);
  for (let j: u32 = 0; j < 4; j++) {
    store<f64>(eighths + <usize>j * EIGHTH, cosineOfTurn(j, 8), 0);
    store<f64>(eighths + <usize>j * EIGHTH, sineOfTurn(j, 8), 8);
  }
  const order = orderOf(plan, slots);
  for (let position: usize = 0; position < slots; position++) {
    let frequency: u32 = 0;
    let weight: u32 = 1;
    let rest = position;
    let span = slots;
    while (span > 1) {
      const radix: usize = span === 8 ? 2 : 4;
      span /= radix;
      frequency += <u32>(rest / span) * weight;
      rest %= span;
      weight *= <u32>radix;
    }
    store<u32>(order + position * 8, 2 * frequency, 0);
    store<u32>(order + position * 8, 2 * frequency + 1, 4);
  }
}

/** Address of the order table: mode index of each lane of each slot, u32. */
export function order(plan: usize, samples: i32): usize {
  return orderOf(plan, <usize>samples >> 1);
}
