/**
 * A wafer of transmitter chips: fabrication spread drawn at random, and chips taken from it.
 *
 * A property of the chip at radius $r$ is $p = p_0 + p_r (r/R)^2 + \sigma_c g(\mathbf r) + \sigma_w w$: design value,
 * radial trend, Gaussian random field of correlation length $\ell$ (covariance $e^{-d/\ell}$), and white spread.
 * Values that must be positive stop at a tenth of the design value. All draws come from Philox and pass through
 * arithmetic that every JavaScript engine rounds alike. Valid for process spreads; defects enter as modulators that
 * do not work.
 *
 * @module
 */
import { inRange, wholeInRange } from "../errors.ts";
import { type PhiloxKey, PhiloxStream, PURPOSE } from "../random.ts";
import { roundSignificant } from "../units.ts";
import { normalQuantile } from "./error-function.ts";
import type { Transmitter } from "./transmitter.ts";

/** How a property varies over a wafer, all in the property's own unit. */
export interface Spread {
  /** Design value $p_0$. */
  readonly mean: number;
  /** Change from centre to edge $p_r$. */
  readonly radial: number;
  /** Standard deviation of the spatially correlated part $\sigma_c$. */
  readonly correlated: number;
  /** Standard deviation from chip to chip $\sigma_w$. */
  readonly white: number;
}

/** Everything that has to be said about a wafer to draw one. */
export interface WaferSpecification {
  /** Number of chips. */
  readonly chips: number;
  /** Wafer diameter, **mm**. */
  readonly diameterMm: number;
  /** Correlation length $\ell$ of the process, **mm**. */
  readonly correlationLengthMm: number;
  /** Modulators on each chip. */
  readonly modulatorsPerChip: number;
  /** Modulators a transmitter can do without. */
  readonly spareModulators: number;
  /** Probability that a modulator works. */
  readonly modulatorYield: number;
  /** Half-width of the interval to which each intensity is calibrated, relative; errors are drawn inside it. */
  readonly intensityAccuracy: number;
  /** Spread of each property; see {@link Transmitter} for meaning and units. */
  readonly spreads: {
    readonly extinctionDb: Spread;
    readonly phaseScaleError: Spread;
    readonly phaseSettlingRad: Spread;
    readonly pulseWidthPs: Spread;
    readonly pulseOffsetPs: Spread;
    readonly polarisationAzimuth: Spread;
    readonly polarisationEllipticity: Spread;
    readonly freeLinewidthHz: Spread;
    readonly injectionCouplingDb: Spread;
    readonly tuningErrorHz: Spread;
  };
}

/** One chip of a wafer. */
export interface Chip extends Transmitter {
  /** Number of the chip on its wafer, from 0. */
  readonly chip: number;
  /** Position on the wafer, **mm** from its centre. */
  readonly positionMm: readonly [number, number];
  /** How many of its modulators work. */
  readonly workingModulators: number;
  /** Whether enough modulators work for a transmitter. */
  readonly usable: boolean;
}

type Property = keyof WaferSpecification["spreads"];

/** Drawn in this order. */
const PROPERTIES: readonly Property[] = [
  "extinctionDb",
  "phaseScaleError",
  "phaseSettlingRad",
  "pulseWidthPs",
  "pulseOffsetPs",
  "polarisationAzimuth",
  "polarisationEllipticity",
  "freeLinewidthHz",
  "injectionCouplingDb",
  "tuningErrorHz",
];

/** Properties that cannot be negative. */
const POSITIVE: ReadonlySet<Property> = new Set<Property>([
  "extinctionDb",
  "phaseSettlingRad",
  "pulseWidthPs",
  "freeLinewidthHz",
]);

/** Streams of chips take the numbers from 0; those of the whole wafer start here. */
const WAFER_STREAM = 65_536;

/** A uniform number that is never 0, so that its normal quantile is finite. */
function openUniform(stream: PhiloxStream): number {
  return stream.uniform() + 2 ** -54;
}

/** Positions of chips on a square lattice that fills the wafer, nearest to the centre first. */
function chipPositions(chips: number, diameterMm: number): [number, number][] {
  const columns = Math.ceil(Math.sqrt((4 * chips) / Math.PI)) + 2;
  // The lattice is as wide as lets this many chips lie inside the wafer with one half pitch to spare.
  for (let pitch = diameterMm / Math.sqrt(chips); ; pitch *= 0.98) {
    const inside: [number, number][] = [];
    for (let i = -columns; i < columns; i++) {
      for (let j = -columns; j < columns; j++) {
        const position: [number, number] = [(i + 0.5) * pitch, (j + 0.5) * pitch];
        if (Math.sqrt(position[0] ** 2 + position[1] ** 2) + pitch / 2 <= diameterMm / 2) inside.push(position);
      }
    }
    if (inside.length < chips) continue;
    const radius = ([x, y]: [number, number]) => x * x + y * y;
    return inside.sort((a, b) => radius(a) - radius(b) || a[0] - b[0] || a[1] - b[1]).slice(0, chips);
  }
}

/** Lower triangle of the Cholesky factor of the field's covariance, row by row. */
function covarianceFactor(positions: readonly (readonly [number, number])[], lengthMm: number): number[][] {
  const factor: number[][] = [];
  for (const [i, [xi, yi]] of positions.entries()) {
    const row: number[] = [];
    for (let j = 0; j <= i; j++) {
      const [xj, yj] = positions[j]!;
      const distance = Math.sqrt((xi - xj) ** 2 + (yi - yj) ** 2);
      // Exponentials differ between engines in the last bit; twelve digits do not.
      let sum = roundSignificant(Math.exp(-distance / lengthMm));
      const other = j === i ? row : factor[j]!;
      for (let k = 0; k < j; k++) sum -= row[k]! * other[k]!;
      row.push(j === i ? Math.sqrt(Math.max(sum, 0)) : sum / other[j]!);
    }
    factor.push(row);
  }
  return factor;
}

function checkSpecification(specification: WaferSpecification): void {
  wholeInRange("wafer.chips", specification.chips, 1, 4096);
  inRange("wafer.diameterMm", specification.diameterMm, 1, 1000);
  inRange("wafer.correlationLengthMm", specification.correlationLengthMm, 1e-3, 1e6);
  wholeInRange("wafer.modulatorsPerChip", specification.modulatorsPerChip, 1, 1000);
  wholeInRange("wafer.spareModulators", specification.spareModulators, 0, specification.modulatorsPerChip);
  inRange("wafer.modulatorYield", specification.modulatorYield, 0, 1);
  inRange("wafer.intensityAccuracy", specification.intensityAccuracy, 0, 0.5);
  for (const property of PROPERTIES) {
    const { mean, radial, correlated, white } = specification.spreads[property];
    const path = `wafer.spreads.${property}`;
    inRange(`${path}.mean`, mean, POSITIVE.has(property) ? Number.MIN_VALUE : -1e15, 1e15);
    inRange(`${path}.radial`, radial, -1e15, 1e15);
    inRange(`${path}.correlated`, correlated, 0, 1e15);
    inRange(`${path}.white`, white, 0, 1e15);
  }
}

/**
 * Draws a wafer.
 *
 * @param key - Philox key of the simulation's seed; the wafer's streams are its own
 * @param specification - design values and spreads
 * @returns the chips, in order of their distance from the centre
 * @throws {@link TwincombError} `invalid-input` when the specification is unphysical
 */
export function drawWafer(key: PhiloxKey, specification: WaferSpecification): Chip[] {
  checkSpecification(specification);
  const positions = chipPositions(specification.chips, specification.diameterMm);
  const factor = covarianceFactor(positions, specification.correlationLengthMm);
  const fields = PROPERTIES.map((_, index) => {
    const stream = new PhiloxStream(key, PURPOSE.wafer, WAFER_STREAM + 1 + index);
    const white = positions.map(() => normalQuantile(openUniform(stream)));
    return factor.map((row) => row.reduce((sum, weight, k) => sum + weight * white[k]!, 0));
  });
  return positions.map((positionMm, chip) => {
    const stream = new PhiloxStream(key, PURPOSE.wafer, chip);
    const radius2 = (positionMm[0] ** 2 + positionMm[1] ** 2) / (specification.diameterMm / 2) ** 2;
    const values = Object.fromEntries(
      PROPERTIES.map((property, index) => {
        const spread = specification.spreads[property];
        const field = fields[index]![chip]!;
        const normal = normalQuantile(openUniform(stream));
        const value = spread.mean + spread.radial * radius2 + spread.correlated * field + spread.white * normal;
        return [property, POSITIVE.has(property) ? Math.max(value, spread.mean / 10) : value];
      }),
    ) as Record<Property, number>;
    const calibration = () => specification.intensityAccuracy * (2 * stream.uniform() - 1);
    const intensityErrors = { zSend: calibration(), x1: calibration(), x2: calibration() };
    let workingModulators = 0;
    for (let i = 0; i < specification.modulatorsPerChip; i++) {
      if (stream.uniform() < specification.modulatorYield) workingModulators++;
    }
    const usable = workingModulators >= specification.modulatorsPerChip - specification.spareModulators;
    return { chip, positionMm, workingModulators, usable, intensityErrors, ...values };
  });
}

/**
 * The order in which chips are taken from a wafer: at random, without looking at them.
 *
 * @param key - Philox key of the simulation's seed
 * @param wafer - the chips, see {@link drawWafer}
 * @returns all chips in the order of taking
 */
export function chipsInOrderOfTaking(key: PhiloxKey, wafer: readonly Chip[]): Chip[] {
  const order = [...wafer];
  const stream = new PhiloxStream(key, PURPOSE.wafer, WAFER_STREAM);
  for (let i = 0; i < order.length; i++) {
    const j = i + stream.below(order.length - i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
