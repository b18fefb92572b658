/**
 * Frequency noise from the pump laser to a client: what the report draws and the lock command prints.
 *
 * @module
 */
import {
  type ClientLockReport,
  clientLockReport,
  frequencySpectrum,
  lockedNoise,
  lockedPumpNoise,
  type PumpLockReport,
  pumpLockReport,
  type Spectrum,
  whiteNoise,
} from "../../devices/index.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { combSource, lineNoise } from "./comb-source.ts";
import type { NetworkPlan, PlannedLink } from "./plan.ts";
import type { PairEnd, PlannedPair } from "./star.ts";

/** Frequency noise along the way, one-sided, Hz^2/Hz. */
export interface NoiseSpectra {
  /** Pump laser before it is locked; null of a measured comb. */
  readonly pumpFree: Spectrum | null;
  /** Pump laser locked to the ring; null of a measured comb. */
  readonly pumpLocked: Spectrum | null;
  /** The pair's comb line. */
  readonly line: Spectrum;
  /** The first user's laser before it is locked. */
  readonly clientFree: Spectrum;
  /** The first user's laser locked to the comb line. */
  readonly clientLocked: Spectrum;
}

/**
 * Noise spectra of a pair.
 *
 * @param scenario - a checked scenario
 * @param link - one of its pairs, see `planNetwork`
 */
export function noiseSpectra(scenario: Scenario, { pair }: PlannedLink): NoiseSpectra {
  const source = combSource(scenario.comb);
  const line = pairLineNoise(scenario, pair);
  const clientFree = frequencySpectrum(whiteNoise(pair.alice.chip.freeLinewidthHz));
  return {
    pumpFree: source === undefined ? null : frequencySpectrum(whiteNoise(source.pumpLaser.freeLinewidthHz)),
    pumpLocked: source === undefined ? null : lockedPumpNoise(source),
    line,
    clientFree,
    clientLocked: lockedNoise(line, clientFree, pair.alice.lock.cornerHz),
  };
}

/** A client's lock, and on which line. */
export interface ClientLockSummary extends ClientLockReport {
  /** The client. */
  readonly client: string;
  /** The comb line. */
  readonly line: number;
  /** Comb light inside the client's cavity, W. */
  readonly injectedWatts: number;
  /** The same over the laser's own light. */
  readonly injectionRatio: number;
  /** Comb line minus free-running laser, Hz. */
  readonly detuningHz: number;
}

/** All locks of a network in figures. */
export interface LockSummary {
  /** The pump laser's; null of a measured comb. */
  readonly selfInjection: PumpLockReport | null;
  /** Those of the clients, pair by pair. */
  readonly clients: readonly ClientLockSummary[];
  /** Pairs that do not lock, with the reason. */
  readonly unlocked: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * All locks of a network in figures.
 *
 * @param scenario - a checked scenario
 * @param plan - its plan
 */
export function lockSummary(scenario: Scenario, plan: NetworkPlan): LockSummary {
  const source = combSource(scenario.comb);
  return {
    selfInjection: source === undefined ? null : pumpLockReport(source),
    clients: plan.links.flatMap(({ pair }) => [pair.alice, pair.bob].map((end) => clientSummary(scenario, pair, end))),
    unlocked: plan.unlinked.map(({ name, reason }) => ({ name, reason })),
  };
}

function clientSummary(scenario: Scenario, pair: PlannedPair, { client, chip, lock }: PairEnd): ClientLockSummary {
  const { injectedWatts, injectionRatio, detuningHz } = lock;
  return {
    client: client.name,
    line: pair.line.line,
    injectedWatts,
    injectionRatio,
    detuningHz,
    ...clientLockReport(lock.lock, detuningHz, chip.freeLinewidthHz, pairLineNoise(scenario, pair)),
  };
}

function pairLineNoise(scenario: Scenario, { line, lineWatts }: PlannedPair): Spectrum {
  return lineNoise(scenario, { line: line.line, watts: lineWatts });
}
