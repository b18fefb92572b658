/**
 * Yields of a wafer with their confidence intervals.
 *
 * Wilson's interval for a share of devices that work (Wilson, J. Am. Stat. Assoc. 22, 209 (1927)); defects of density
 * $D_0$ on area $A$: $e^{-AD_0}$ when they fall independently, $(1+AD_0/a)^{-a}$ when they cluster (Stapper, IBM J. Res.
 * Dev. 27, 549 (1983)). Valid for devices that fail independently of each other given their wafer.
 *
 * @module
 */
import { inRange, wholeInRange } from "../errors.ts";
import { type PhiloxKey, philoxKey } from "../random.ts";
import { normalQuantile } from "./error-function.ts";
import { type Chip, drawWafer, type WaferSpecification } from "./wafer.ts";

/** A measured share with its confidence interval. */
export interface YieldEstimate {
  /** Share that worked. */
  readonly share: number;
  /** Lower end of the interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
}

/**
 * Share of working devices with Wilson's interval.
 *
 * @param working - devices that work
 * @param total - devices, > 0
 * @param confidence - confidence of the two-sided interval, default 0.95
 * @returns the estimate; 117 of 120 give 92.9 % to 99.2 %
 * @throws {@link TwincombError} `invalid-input` when a number is not whole or out of range
 */
export function yieldEstimate(working: number, total: number, confidence: number = 0.95): YieldEstimate {
  wholeInRange("total", total, 1);
  wholeInRange("working", working, 0, total);
  const z = normalQuantile((1 + inRange("confidence", confidence, 1e-9, 1 - 1e-9)) / 2);
  const share = working / total;
  const centre = (share + z ** 2 / (2 * total)) / (1 + z ** 2 / total);
  const half = (z / (1 + z ** 2 / total)) * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2));
  return { share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * Yield of a device under random defects.
 *
 * @param areaCm2 - area of the device, **cm^2**, >= 0
 * @param defectsPerCm2 - defect density $D_0$, **1/cm^2**, >= 0
 * @param clustering - cluster parameter $a$, > 0, default Infinity: independent defects
 * @returns probability that the device works
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function defectYield(areaCm2: number, defectsPerCm2: number, clustering: number = Infinity): number {
  const mean = inRange("areaCm2", areaCm2, 0, 1e6) * inRange("defectsPerCm2", defectsPerCm2, 0, 1e9);
  inRange("clustering", clustering, 1e-6, Infinity);
  return clustering === Infinity ? Math.exp(-mean) : (1 + mean / clustering) ** -clustering;
}

/**
 * Probability that at least `needed` of `devices` independent devices work.
 *
 * @param devices - number of devices
 * @param needed - how many must work
 * @param probability - probability that one works
 * @returns probability
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function probabilityOfEnough(devices: number, needed: number, probability: number): number {
  wholeInRange("devices", devices, 0, 1e5);
  wholeInRange("needed", needed, 0);
  inRange("probability", probability, 0, 1);
  if (needed === 0) return 1;
  if (probability === 0 || probability === 1) return probability === 1 && devices >= needed ? 1 : 0;
  // Terms from the largest binomial coefficient's logarithm; the sum runs over what is asked for only.
  let logChoose = 0;
  let sum = 0;
  for (let failures = 0; failures <= devices - needed; failures++) {
    const working = devices - failures;
    if (failures > 0) logChoose += Math.log((working + 1) / failures);
    sum += Math.exp(logChoose + working * Math.log(probability) + failures * Math.log1p(-probability));
  }
  return Math.min(1, sum);
}

/** What must hold of a chip for it to pass. */
export type ChipTest = (chip: Chip) => boolean;

/** Yields over many simulated wafers. */
export interface WaferStudy {
  /** Wafers drawn. */
  readonly wafers: number;
  /** Share of modulators that worked. */
  readonly modulators: YieldEstimate;
  /** Share of chips with enough working modulators. */
  readonly usable: YieldEstimate;
  /** Share of chips that passed the test too. */
  readonly passing: YieldEstimate;
  /** Share of wafers with at least the wanted number of passing chips. */
  readonly complete: YieldEstimate;
}

/**
 * Draws many wafers and counts what works.
 *
 * @param seed - seed of the study; wafer i has the seed `"<seed>/<i>"`
 * @param specification - design values and spreads
 * @param options - number of wafers, chips wanted of each, and the test of a chip, default that it is usable
 * @returns yields with 95 % intervals
 * @throws {@link TwincombError} `invalid-input` when the specification is unphysical
 */
export function studyWafers(
  seed: string,
  specification: WaferSpecification,
  options: { readonly wafers: number; readonly wanted: number; readonly test?: ChipTest },
): WaferStudy {
  const wafers = wholeInRange("options.wafers", options.wafers, 1, 1e7);
  wholeInRange("options.wanted", options.wanted, 0, specification.chips);
  const test: ChipTest = options.test ?? (() => true);
  let [modulators, usable, passing, complete] = [0, 0, 0, 0];
  for (let i = 0; i < wafers; i++) {
    const key: PhiloxKey = philoxKey(`${seed}/${i}`);
    const wafer = drawWafer(key, specification);
    const passed = wafer.filter((chip) => chip.usable && test(chip)).length;
    for (const chip of wafer) modulators += chip.workingModulators;
    usable += wafer.filter((chip) => chip.usable).length;
    passing += passed;
    if (passed >= options.wanted) complete++;
  }
  const chips = wafers * specification.chips;
  return {
    wafers,
    modulators: yieldEstimate(modulators, chips * specification.modulatorsPerChip),
    usable: yieldEstimate(usable, chips),
    passing: yieldEstimate(passing, chips),
    complete: yieldEstimate(complete, wafers),
  };
}
