/**
 * Nelder-Mead minimisation of a function of a few variables.
 *
 * It is written here because the packages at hand allocate on every step and do not promise the same sequence of steps in
 * every release, and results of this engine must not change with a dependency.
 *
 * @module
 */

/** When to stop and how far to step. */
export interface MinimiseOptions {
  /** Initial step along each variable. */
  readonly step: number;
  /** Stop when the simplex spans less than this in function value. */
  readonly tolerance: number;
  /** Most evaluations. */
  readonly evaluations: number;
}

/** A minimum. */
export interface Minimum {
  /** Where. */
  readonly point: Float64Array;
  /** Function value there. */
  readonly value: number;
  /** Evaluations used. */
  readonly evaluations: number;
}

/**
 * Minimises f from a start, deterministically.
 *
 * Nelder and Mead, Comput. J. 7, 308 (1965), with the dimension-dependent coefficients of Gao and Han, Comput. Optim. Appl.
 * 51, 259 (2012), which keep the simplex from collapsing in eight variables.
 *
 * @param f - function; must return a number (not NaN) everywhere
 * @param start - where to begin
 * @param options - step, tolerance, evaluations
 * @returns the best point met
 */
export function minimise(f: (point: Float64Array) => number, start: Float64Array, options: MinimiseOptions): Minimum {
  const n = start.length;
  const expand = 1 + 2 / n;
  const contract = 0.75 - 1 / (2 * n);
  const shrink = 1 - 1 / n;
  const simplex: Float64Array[] = [Float64Array.from(start)];
  for (let i = 0; i < n; i++) {
    const corner = Float64Array.from(start);
    corner[i]! += options.step;
    simplex.push(corner);
  }
  const values = simplex.map((corner) => f(corner));
  let used = n + 1;
  const centre = new Float64Array(n);
  const along = (target: Float64Array, factor: number, worst: Float64Array): Float64Array => {
    for (let i = 0; i < n; i++) target[i] = centre[i]! + factor * (centre[i]! - worst[i]!);
    return target;
  };
  let trial: Float64Array = new Float64Array(n);
  let second: Float64Array = new Float64Array(n);
  const sort = (): void => {
    for (let i = 1; i <= n; i++) {
      const corner = simplex[i]!;
      const value = values[i]!;
      let j = i - 1;
      while (j >= 0 && values[j]! > value) {
        simplex[j + 1] = simplex[j]!;
        values[j + 1] = values[j]!;
        j--;
      }
      simplex[j + 1] = corner;
      values[j + 1] = value;
    }
  };
  const replaceWorst = (point: Float64Array, value: number): Float64Array => {
    const old = simplex[n]!;
    simplex[n] = point;
    values[n] = value;
    return old;
  };
  sort();
  while (used < options.evaluations && values[n]! - values[0]! > options.tolerance) {
    centre.fill(0);
    for (let k = 0; k < n; k++) for (let i = 0; i < n; i++) centre[i]! += simplex[k]![i]! / n;
    const worst = simplex[n]!;
    const reflected = f(along(trial, 1, worst));
    used++;
    if (reflected < values[0]!) {
      const expanded = f(along(second, expand, worst));
      used++;
      if (expanded < reflected) second = replaceWorst(second, expanded);
      else trial = replaceWorst(trial, reflected);
    } else if (reflected < values[n - 1]!) {
      trial = replaceWorst(trial, reflected);
    } else {
      const outside = reflected < values[n]!;
      const contracted = f(along(second, outside ? contract : -contract, worst));
      used++;
      if (contracted < Math.min(reflected, values[n]!)) {
        second = replaceWorst(second, contracted);
      } else {
        const best = simplex[0]!;
        for (let k = 1; k <= n; k++) {
          const corner = simplex[k]!;
          for (let i = 0; i < n; i++) corner[i] = best[i]! + shrink * (corner[i]! - best[i]!);
          values[k] = f(corner);
        }
        used += n;
      }
    }
    sort();
  }
  return { point: simplex[0]!, value: values[0]!, evaluations: used };
}
