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
  /** Largest magnitude of a message from a check, steps, 8 to 40. */
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
  /** $\ln(\mathrm{sum} / \mathrm{scale}) / \Delta$: 3 tables of 16 for each of 3 stages, see {@link logarithmSteps}. */
  readonly logarithms: Uint8Array;
}

/** Units of the sums: 31 exponentials fit a byte, 4095 fit 15 bits. Finer units move no threshold by 0.1 %. */
const SCALE = 8;
const TABLE_LENGTH = 16;
/** Each table of the logarithm is indexed by the sum shifted right by this, from `FIRST` on. */
const SHIFTS = [1, 3, 4] as const;
const FIRST = [1, 4, 8] as const;
/** From the second stage on, sums below 16 belong to the stage before. */
const FIRST_LATER = [8, 4, 8] as const;
const STAGES = 3;

/** Largest check degree of the soft rule. */
export const MAX_CHECK_DEGREE = 4095;

const PRIOR_ROUNDING = 0.7;

/** The lowest index of {@link SoftTables.outgoing} stands for this soft minimum. */
export const OUTGOING_FROM = -4;

/**
 * Tables of the soft rule.
 *
 * @param delta - step of the log-likelihood ratios, nats
 * @returns tables that kernel and density evolution share
 */
export function softTables(delta: number): SoftTables {
  const table = (entry: (d: number) => number) =>
    Uint8Array.from({ length: TABLE_LENGTH }, (_, d) => Math.max(0, Math.round(entry(d))));
  const steps = (sum: number) => Math.max(0, Math.round(Math.log(sum / SCALE) / delta));
  const logarithms = new Uint8Array(STAGES * SHIFTS.length * TABLE_LENGTH);
  for (let stage = 0; stage < STAGES; stage++) {
    const unit = 16 ** stage;
    const before = stage === 0 ? 0 : steps((255 * unit) / 16);
    SHIFTS.forEach((shift, t) => {
      const first = (stage === 0 ? FIRST : FIRST_LATER)[t]!;
      for (let index = first; index < TABLE_LENGTH; index++) {
        // The middle of all sums that share the index.
        const sum = (((2 * index + 1) << shift) - 1) / 2;
        const value = t === 2 && index === TABLE_LENGTH - 1 ? 255 : sum;
        logarithms[(stage * SHIFTS.length + t) * TABLE_LENGTH + index] = Math.max(0, steps(value * unit) - before);
      }
    });
  }
  return {
    scale: SCALE,
    exponentials: table((d) => SCALE * Math.exp(-d * delta)),
    softening: table((d) => Math.log1p(Math.exp(-d * delta)) / delta),
    // The last entry is where all larger y are sent: those answer y itself.
    outgoing: table((d) =>
      d === TABLE_LENGTH - 1 ? 0 : -Math.log(Math.tanh(Math.exp(-(d + OUTGOING_FROM) * delta))) / delta,
    ),
    logarithms,
  };
}

/**
 * The logarithm of a sum of exponentials, in steps, as the kernel looks it up.
 *
 * @param sum - the sum in units of 1/scale
 * @param tables - the rule's tables
 */
export function logarithmSteps(sum: number, tables: SoftTables): number {
  let steps = 0;
  for (let stage = 0; stage < STAGES; stage++) {
    const byte = Math.min(255, Math.max(0, sum >> (4 * stage)));
    SHIFTS.forEach((shift, t) => {
      const index = byte >> shift;
      if (index < TABLE_LENGTH) steps += tables.logarithms[(stage * SHIFTS.length + t) * TABLE_LENGTH + index]!;
    });
  }
  return steps;
}

/**
 * The prior magnitude of every bit, in steps: $\ln((1-p)/p)/\Delta$, rounded, at least 1. A prior that is a third of a
 * step too small costs 1.5 % of the threshold where it is six steps, one that is as much too large costs nothing: so 0.3
 * is rounded up.
 *
 * @param qber - error probability p of a bit, 0 < p < 0.5
 * @param delta - step, nats
 */
export function priorSteps(qber: number, delta: number): number {
  return Math.min(100, Math.max(1, Math.floor(Math.log((1 - qber) / qber) / delta + PRIOR_ROUNDING)));
}
