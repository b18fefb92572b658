/**
 * Fibre between a client and the server: loss, delay, and the delay mismatch of two arms.
 *
 * $\eta = 10^{-(\alpha L + A)/10}$, $\tau = n_g L / c$. Valid for standard and low-loss single-mode fibre in the
 * C-band, where loss is constant over the comb's few nanometres; polarisation-dependent loss is not modelled.
 *
 * @module
 */
import { FIBRE_GROUP_INDEX, SPEED_OF_LIGHT } from "../constants.ts";
import { inRange } from "../errors.ts";
import { kilometresToMetres, lossToTransmittance } from "../units.ts";

/** Longest fibre the models accept, **km**; beyond it no photon of a 1e18-pulse session arrives. */
export const MAXIMUM_LENGTH_KM = 10_000;

/** A fibre with what is spliced to it. */
export interface Fibre {
  /** Length, **km**, >= 0. */
  readonly lengthKm: number;
  /** Attenuation, **dB/km**, >= 0. */
  readonly lossDbPerKm: number;
  /** Loss of connectors, filters, beam splitter and couplers, **dB**, >= 0, default 0. */
  readonly insertionLossDb?: number;
}

/** What a fibre does to light, see {@link fibreArm}. */
export interface FibreArm {
  /** Transmittance of the glass alone, as the PLOB bound counts it. */
  readonly fibreTransmittance: number;
  /** Transmittance with the insertion loss. */
  readonly transmittance: number;
  /** Total loss, **dB**. */
  readonly lossDb: number;
  /** Group delay, **s**. */
  readonly delaySeconds: number;
}

/**
 * Loss and delay of one arm.
 *
 * @param fibre - the arm
 * @param groupIndex - group index of the glass, default {@link FIBRE_GROUP_INDEX}
 * @returns transmittance, loss and delay
 * @throws {@link TwincombError} `invalid-input` when a value is negative or not a number
 * @example
 * ```ts
 * fibreArm({ lengthKm: 185, lossDbPerKm: 0.165, insertionLossDb: 2 }).lossDb; // 32.525
 * ```
 */
export function fibreArm(fibre: Fibre, groupIndex: number = FIBRE_GROUP_INDEX): FibreArm {
  const length = inRange("fibre.lengthKm", fibre.lengthKm, 0, MAXIMUM_LENGTH_KM);
  const fibreLossDb = length * inRange("fibre.lossDbPerKm", fibre.lossDbPerKm, 0, 1e3);
  const lossDb = fibreLossDb + inRange("fibre.insertionLossDb", fibre.insertionLossDb ?? 0, 0, 1e3);
  return {
    fibreTransmittance: lossToTransmittance(fibreLossDb),
    transmittance: lossToTransmittance(lossDb),
    lossDb,
    delaySeconds: fibreDelay(length, groupIndex),
  };
}

/**
 * Group delay of a fibre: $\tau = n_g L/c$.
 *
 * @param lengthKm - length, **km**, >= 0
 * @param groupIndex - group index of the glass, default {@link FIBRE_GROUP_INDEX}
 * @returns delay, **s**
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function fibreDelay(lengthKm: number, groupIndex: number = FIBRE_GROUP_INDEX): number {
  inRange("lengthKm", lengthKm, 0, MAXIMUM_LENGTH_KM);
  inRange("groupIndex", groupIndex, 1, 5);
  return (groupIndex * kilometresToMetres(lengthKm)) / SPEED_OF_LIGHT;
}

/** The two fibres of one client: seed light comes down, quantum light goes up. */
export interface ClientFibres {
  /** Length of the fibre that brings the comb line to the client, **km**. */
  readonly downLinkKm: number;
  /** Length of the fibre that takes the pulses to the server, **km**. */
  readonly upLinkKm: number;
}

/**
 * Delay by which comb noise arrives later over one client than over the other:
 * $\Delta\tau = n_g[(L_{d,A}+L_{u,A})-(L_{d,B}+L_{u,B})]/c$.
 *
 * Light runs server - client - server, so both fibres of each client count (Bertaina et al., arXiv:2310.08621,
 * equation 5, where both are of one length and $\Delta\tau = 2n\Delta L/c$).
 *
 * @param alice - fibres of one client
 * @param bob - fibres of the other
 * @param groupIndex - group index of the glass, default {@link FIBRE_GROUP_INDEX}
 * @returns delay difference, **s**, >= 0
 * @throws {@link TwincombError} `invalid-input` when a length is out of range
 */
export function delayMismatch(alice: ClientFibres, bob: ClientFibres, groupIndex: number = FIBRE_GROUP_INDEX): number {
  const roundTrip = (fibres: ClientFibres) =>
    fibreDelay(fibres.downLinkKm, groupIndex) + fibreDelay(fibres.upLinkKm, groupIndex);
  return Math.abs(roundTrip(alice) - roundTrip(bob));
}
