/**
 * The check rule of the syndrome decoder: which arithmetic stands for the sum-product rule, and its tables.
 *
 * Messages are whole numbers of steps $\Delta$ (nats). The soft rule reads
 * $-\ln\tanh(|R|/2) = \sum -\ln\tanh(|T|/2)$ as a soft minimum of the magnitudes $|T|$; the minimum rule takes the
 * least magnitude less a fixed offset (offset min-sum; Chen and Fossorier, IEEE Trans. Commun. 50, 406 (2002),
 * doi:10.1109/26.990903).
 *
 * @module
 */

/** How a check turns the magnitudes it hears into the magnitude it answers. */
export interface CheckRule {
  /** `soft`: sum-product read as a soft minimum; `minimum`: offset min-sum, faster and further from the limit. */
  readonly kind: "soft" | "minimum";
  /** Step of all log-likelihood ratios, nats, 0.1 to 1. */
  readonly delta: number;
  /** Largest magnitude of a message from a check, steps, 8 to 63. */
  readonly largest: number;
  /** What the minimum rule subtracts, steps, 1 to 7; the soft rule has none. */
  readonly offset: number;
}

/** Whole-number tables of the soft rule; `tables[d]` for a magnitude d steps above its reference. */
export interface SoftTables {
  /** The exponential of 0, in units of the sums. */
  readonly scale: number;
  /** $e^{-d\Delta}$ in units of 1/scale, d = 0..15; beyond, 0. */
  readonly exponentials: Uint8Array;
  /** $\ln(1 + e^{-d\Delta}) / \Delta$, d = 0..15; beyond, 0. */
  readonly softening: Uint8Array;
  /** $\ln\coth(e^{-y\Delta}) / \Delta$ for y = -4..10; beyond, y itself or 0. */
  readonly outgoing: Uint8Array;
  /** A sum of exponentials at or above `thresholds[k]` is worth at least k + 1 steps. */
  readonly thresholds: Uint16Array;
}

/** Eight exponentials fit a byte. */
const LARGEST_SCALE = 31;
/** Sums are compared as signed 16-bit numbers. */
const LARGEST_SUM = 32_767;
const TABLE_LENGTH = 16;

/** Most thresholds the kernel's table has room for. */
export const MAX_THRESHOLDS = 96;

/** The lowest index of {@link SoftTables.outgoing} stands for this soft minimum. */
export const OUTGOING_FROM = -4;

/**
 * Tables of the soft rule.
 *
 * @param delta - step of the log-likelihood ratios, nats
 * @param maxDegree - largest check degree, up to 32767
 * @returns tables that kernel and density evolution share
 */
export function softTables(delta: number, maxDegree: number): SoftTables {
  const scale = Math.max(1, Math.min(LARGEST_SCALE, Math.floor(LARGEST_SUM / maxDegree)));
  const table = (entry: (d: number) => number) =>
    Uint8Array.from({ length: TABLE_LENGTH }, (_, d) => Math.max(0, Math.round(entry(d))));
  const thresholds: number[] = [];
  for (let k = 0; thresholds.length < MAX_THRESHOLDS; k++) {
    const threshold = Math.ceil(scale * Math.exp((k + 0.5) * delta));
    if (threshold > maxDegree * scale) break;
    thresholds.push(threshold);
  }
  return {
    scale,
    exponentials: table((d) => scale * Math.exp(-d * delta)),
    softening: table((d) => Math.log1p(Math.exp(-d * delta)) / delta),
    // The last entry is where all larger y are sent: those answer y itself.
    outgoing: table((d) =>
      d === TABLE_LENGTH - 1 ? 0 : -Math.log(Math.tanh(Math.exp(-(d + OUTGOING_FROM) * delta))) / delta,
    ),
    thresholds: Uint16Array.from(thresholds),
  };
}

/**
 * The prior magnitude of every bit, in steps: $\ln((1-p)/p)/\Delta$, rounded, at least 1.
 *
 * @param qber - error probability p of a bit, 0 < p < 0.5
 * @param delta - step, nats
 */
export function priorSteps(qber: number, delta: number): number {
  return Math.min(100, Math.max(1, Math.round(Math.log((1 - qber) / qber) / delta)));
}
