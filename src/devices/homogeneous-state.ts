/**
 * The homogeneous (continuous-wave) states of the normalised Lugiato-Lefever equation and their stability.
 *
 * Intensities solve $X^3-2\zeta X^2+(\zeta^2+1)X=F^2$, three of them between the turning points when
 * $\zeta>\sqrt3$; modulation with wave number $k$ grows at $-1+\sqrt{X^2-(\zeta-2X+dk^2/2)^2}$ (Haelterman et al.,
 * Opt. Commun. 91, 401 (1992); Godey et al., Phys. Rev. A 89, 063814 (2014)). Valid for the normalised equation without approximation; $d$ is
 * +1 for anomalous and -1 for normal dispersion.
 *
 * @module
 */
import { inRange } from "../errors.ts";

/**
 * Pump intensity that a homogeneous state needs: $F^2=X[1+(X-\zeta)^2]$.
 *
 * @param intensity - $X$, >= 0
 * @param detuning - $\zeta$
 * @returns $F^2$
 * @throws {@link TwincombError} `invalid-input` when the intensity is negative
 */
export function pumpOfIntensity(intensity: number, detuning: number): number {
  inRange("intensity", intensity, 0, Infinity);
  return intensity * (1 + (intensity - inRange("detuning", detuning, -1e9, 1e9)) ** 2);
}

/**
 * Intensities at which the homogeneous state turns over: $X_\pm=\frac{2\zeta\pm\sqrt{\zeta^2-3}}{3}$.
 *
 * @param detuning - $\zeta$
 * @returns lower and upper turning point, or none when $\zeta\le\sqrt3$
 * @throws {@link TwincombError} `invalid-input` when the detuning is no number
 */
export function turningPoints(detuning: number): readonly [number, number] | undefined {
  const root = inRange("detuning", detuning, -1e9, 1e9) ** 2 - 3;
  if (detuning <= 0 || root <= 0) return undefined;
  return [(2 * detuning - Math.sqrt(root)) / 3, (2 * detuning + Math.sqrt(root)) / 3];
}

/**
 * Intensities of all homogeneous states at a pump and detuning.
 *
 * @param pump - $F$
 * @param detuning - $\zeta$
 * @returns one or three intensities $X=|\psi|^2$, rising
 * @throws {@link TwincombError} `invalid-input` when a value is no number
 */
export function homogeneousIntensities(pump: number, detuning: number): number[] {
  const target = inRange("pump", pump, -1e6, 1e6) ** 2;
  inRange("detuning", detuning, -1e9, 1e9);
  const points = turningPoints(detuning) ?? [];
  // Between turning points the cubic is monotonic, so bisection finds each root to the last bit.
  const bounds = [0, ...points, Math.max(target + 1, 2 * Math.abs(detuning) + Math.cbrt(target) + 2)];
  const roots: number[] = [];
  const excess = (x: number) => pumpOfIntensity(x, detuning) - target;
  for (let i = 0; i + 1 < bounds.length; i++) {
    // Half-open intervals, so that a root at a turning point is found once.
    let [low, high] = [bounds[i]!, bounds[i + 1]!];
    const [first, last] = [excess(low), excess(high)];
    if (first === 0) roots.push(low);
    if (first === 0 || last === 0 || first < 0 === last < 0) continue;
    for (;;) {
      const middle = (low + high) / 2;
      if (middle <= low || middle >= high) break;
      if (excess(middle) < 0 === first < 0) low = middle;
      else high = middle;
    }
    roots.push(low);
  }
  return roots;
}

/**
 * Complex field of a homogeneous state: $\psi=F/[1+i(\zeta-X)]$.
 *
 * @param pump - $F$, real
 * @param detuning - $\zeta$
 * @param intensity - one of {@link homogeneousIntensities}
 * @returns real and imaginary part
 * @throws {@link TwincombError} `invalid-input` when a value is no number or the intensity negative
 */
export function homogeneousField(pump: number, detuning: number, intensity: number): readonly [number, number] {
  const imaginary = inRange("detuning", detuning, -1e9, 1e9) - inRange("intensity", intensity, 0, 1e12);
  const norm = 1 + imaginary ** 2;
  const size = inRange("pump", pump, -1e6, 1e6) / norm;
  return [size, -size * imaginary];
}

/**
 * Growth rate of a weak modulation on a homogeneous state, in units of $\kappa/2$; the larger of the two exponents.
 *
 * @param intensity - $X$
 * @param detuning - $\zeta$
 * @param dispersion - $d\,k^2/2$, the modulated modes' deviation in the same units; positive for anomalous dispersion
 * @returns growth rate; negative means decay
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function modulationGrowth(intensity: number, detuning: number, dispersion: number): number {
  inRange("intensity", intensity, 0, 1e9);
  const mismatch =
    inRange("detuning", detuning, -1e9, 1e9) - 2 * intensity + inRange("dispersion", dispersion, -1e12, 1e12);
  return -1 + Math.sqrt(Math.max(0, intensity ** 2 - mismatch ** 2));
}
