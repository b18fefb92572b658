/**
 * The channel between two users and the server as the formulas see it: two arms, two detectors, one residual phase.
 *
 * @module
 */
import { inRange, invalid } from "../errors.ts";

/** One detector behind the server's beam splitter. */
export interface DetectorModel {
  /** Probability that an arriving photon clicks, insertion loss of the receiver included; in [0, 1]. */
  readonly efficiency: number;
  /** Probability of a click without signal (dark count and background) per detector and slot; in [0, 1). */
  readonly noiseProbability: number;
}

/** A link of two arms that meet at the server. */
export interface LinkModel {
  /** Power transmittance from Alice's output to the beam splitter, detectors excluded; in [0, 1]. */
  readonly transmittanceAlice: number;
  /** Power transmittance from Bob's output to the beam splitter, detectors excluded; in [0, 1]. */
  readonly transmittanceBob: number;
  /** Detector that is bright when the phases of the two users are equal. */
  readonly left: DetectorModel;
  /** Detector that is bright when the phases differ by $\pi$. */
  readonly right: DetectorModel;
  /** Probability $e_d$ that the two ports are exchanged (optics and electronics, slice width excluded); in [0, 1/2]. */
  readonly misalignment: number;
  /** Variance $\sigma^2$ of the Gaussian residual phase between the two users' light, rad^2; >= 0. */
  readonly phaseVarianceRad2: number;
}

/**
 * A link of equal arms and equal detectors.
 *
 * @param options - `transmittance` of *both* arms together (the loss is split equally), `detectorEfficiency`, `noiseProbability`
 *   per detector and slot, `misalignment` $e_d$ and `phaseVarianceRad2`
 * @returns the link
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function symmetricLink(options: {
  readonly transmittance: number;
  readonly detectorEfficiency: number;
  readonly noiseProbability: number;
  readonly misalignment: number;
  readonly phaseVarianceRad2?: number;
}): LinkModel {
  const arm = Math.sqrt(inRange("transmittance", options.transmittance, 0, 1));
  const detector = { efficiency: options.detectorEfficiency, noiseProbability: options.noiseProbability };
  return validateLink({
    transmittanceAlice: arm,
    transmittanceBob: arm,
    left: detector,
    right: detector,
    misalignment: options.misalignment,
    phaseVarianceRad2: options.phaseVarianceRad2 ?? 0,
  });
}

/**
 * Refuses links that cannot be.
 *
 * @param link - arms, detectors, phase
 * @param path - path of the link in the caller's input
 * @returns the link, unchanged
 * @throws {@link TwincombError} `invalid-input` with the path of the first value at fault
 */
export function validateLink(link: LinkModel, path: string = "link"): LinkModel {
  inRange(`${path}.transmittanceAlice`, link.transmittanceAlice, 0, 1);
  inRange(`${path}.transmittanceBob`, link.transmittanceBob, 0, 1);
  for (const side of ["left", "right"] as const) {
    const detector = link[side];
    if (typeof detector !== "object" || detector === null) throw invalid(`${path}.${side}`, detector, "a detector");
    inRange(`${path}.${side}.efficiency`, detector.efficiency, 0, 1);
    const noise = inRange(`${path}.${side}.noiseProbability`, detector.noiseProbability, 0, 1);
    if (noise === 1) throw invalid(`${path}.${side}.noiseProbability`, noise, "a number in [0, 1)");
  }
  inRange(`${path}.misalignment`, link.misalignment, 0, 0.5);
  inRange(`${path}.phaseVarianceRad2`, link.phaseVarianceRad2, 0, Infinity);
  return link;
}
