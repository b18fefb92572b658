/**
 * Comb light on its way to a client's laser, and what it makes the laser do.
 *
 * @module
 */
import {
  acquireLine,
  type Chip,
  type InjectionLock,
  injectionLock,
  injectionRatio,
  lockCorner,
  neighbourModulation,
} from "../../devices/index.ts";
import { roundSignificant } from "../../units.ts";
import type { Client, Scenario } from "../scenario/scenario.ts";
import type { CombColour, PlannedComb } from "./comb-source.ts";

/** A client's laser that follows its comb line. */
export interface ClientLock {
  /** Comb light inside the client's cavity, W. */
  readonly injectedWatts: number;
  /** The same over the laser's own light. */
  readonly injectionRatio: number;
  /** The lock. */
  readonly lock: InjectionLock;
  /** Comb line minus free-running laser, Hz. */
  readonly detuningHz: number;
  /** Corner frequency of the lock at this detuning, Hz. */
  readonly cornerHz: number;
  /** Phase modulation by the comb's other lines, variance, rad^2. */
  readonly neighbourVariance: number;
}

/** What of a chip decides about its lock. */
export type LockingChip = Pick<Chip, "injectionCouplingDb" | "tuningErrorHz">;

/** A chip exactly as designed. */
export const DESIGN_CHIP: LockingChip = { injectionCouplingDb: 0, tuningErrorHz: 0 };

/** Stronger light is attenuated: beyond it lasers become restless, and the model of weak injection ends. */
const STRONGEST_INJECTION = 0.01;

/**
 * Locks a chip to a comb line at a client's site. The laser is tuned to the middle of its locking range, but for its error.
 *
 * @param scenario - a checked scenario
 * @param comb - its comb
 * @param client - where
 * @param colour - to which line
 * @param chip - with which chip
 * @returns the lock, or in words why there is none
 */
export function lockClient(
  scenario: Scenario,
  comb: PlannedComb,
  client: Client,
  colour: CombColour,
  chip: LockingChip,
): ClientLock | string {
  const { clientLaser, distribution, fibre, specification } = scenario;
  const lossDb = distribution.insertionLossDb + fibre.lossDbPerKm * client.downLinkKm;
  const cavityWatts = 1e-3 * clientLaser.cavityMilliwatts;
  const arriving = injectionRatio(colour.watts, lossDb, cavityWatts) * 10 ** (chip.injectionCouplingDb / 10);
  const ratio = roundSignificant(Math.min(STRONGEST_INJECTION, arriving));
  const lock = injectionLock({ ...clientLaser, injectionRatio: ratio });
  const [from, to] = lock.rangeHz;
  const width = roundSignificant(to - from);
  if (width < specification.smallestLockRangeHz) {
    return (
      `line ${colour.line} reaches ${client.name} too weakly: a lock range of ${megahertz(width)} ` +
      `where ${megahertz(specification.smallestLockRangeHz)} are needed`
    );
  }
  const spacingHz = 1e9 * scenario.comb.spacingGhz;
  // The laser is free to sit anywhere between two lines; only its distance from its own line matters.
  const freeOffsetHz = -((from + to) / 2) + chip.tuningErrorHz;
  const acquired = acquireLine(lock, roundSignificant(freeOffsetHz), spacingHz);
  if (acquired.line !== 0) {
    return `its laser is ${megahertz(chip.tuningErrorHz)} off where it was tuned to, outside its lock range of ${megahertz(width)}`;
  }
  return {
    injectedWatts: ratio * cavityWatts,
    injectionRatio: ratio,
    lock,
    detuningHz: acquired.detuningHz,
    cornerHz: lockCorner(lock, acquired.detuningHz),
    neighbourVariance: neighbourVariance(scenario, comb, colour, lock),
  };
}

/** Half the sum of squares of the modulation indices that all other lines leave, the pump's included. */
function neighbourVariance(scenario: Scenario, comb: PlannedComb, colour: CombColour, lock: InjectionLock): number {
  const { adjacentIsolationDb, fartherIsolationDb } = scenario.distribution;
  const others = [...comb.lines.filter(({ line }) => line !== 0), { line: 0, watts: comb.pumpLineWatts }];
  let sum = 0;
  for (const { line, watts } of others) {
    const apart = Math.abs(line - colour.line);
    if (apart === 0) continue;
    const isolationDb = apart === 1 ? adjacentIsolationDb : fartherIsolationDb;
    const ratio = Math.min(1e6, (watts / colour.watts) * 10 ** (-isolationDb / 10));
    sum += neighbourModulation(lock, ratio, apart * 1e9 * scenario.comb.spacingGhz) ** 2 / 2;
  }
  return sum;
}

function megahertz(hertz: number): string {
  return `${Number((hertz / 1e6).toPrecision(3))} MHz`;
}
