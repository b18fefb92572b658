/**
 * The star: which clients make a pair, on which colour, over how much fibre, with which chip.
 *
 * @module
 */
import { type Chip, type CombLine, combLine, drawWafer, takeChips } from "../devices/index.ts";
import { philoxKey } from "../random.ts";
import type { Client, Scenario } from "./scenario.ts";

/** One end of a pair: a client and the chip it was given. */
export interface PairEnd {
  /** The client as the scenario has it. */
  readonly client: Client;
  /** Its transmitter, drawn from the wafer. */
  readonly chip: Chip;
}

/** One pair of users. */
export interface PlannedPair {
  /** Position among the scenario's pairs; also the number of its random streams. */
  readonly index: number;
  /** Both clients' names, `A1-B1`. */
  readonly name: string;
  /** First user. */
  readonly alice: PairEnd;
  /** Second user. */
  readonly bob: PairEnd;
  /** The colour that carries their pulses. */
  readonly line: CombLine;
  /** Up-link fibre between the two, km. */
  readonly distanceKm: number;
}

/**
 * Draws the wafer, gives every client a chip and every pair its colour.
 *
 * @param scenario - a checked scenario
 * @returns the pairs in the scenario's order
 */
export function planStar(scenario: Scenario): PlannedPair[] {
  const key = philoxKey(scenario.seed);
  const chips = takeChips(key, drawWafer(key, scenario.wafer), scenario.clients.length);
  const ends = new Map(scenario.clients.map((client, i) => [client.name, { client, chip: chips[i]! }]));
  return scenario.pairs.map((pair, index) => {
    const [alice, bob] = [ends.get(pair.alice)!, ends.get(pair.bob)!];
    return {
      index,
      name: `${pair.alice}-${pair.bob}`,
      alice,
      bob,
      line: combLine(scenario.comb, pair.line),
      distanceKm: alice.client.upLinkKm + bob.client.upLinkKm,
    };
  });
}
