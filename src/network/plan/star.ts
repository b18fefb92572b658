/**
 * The star: which clients make a pair, on which colour, over how much fibre, with which chips.
 *
 * @module
 */
import { type Chip, type CombLine, chipsInOrderOfTaking, combLine, drawWafer } from "../../devices/index.ts";
import type { ProtocolSettings } from "../../protocol/index.ts";
import { philoxKey } from "../../random.ts";
import { declaredSettings } from "../scenario/declared.ts";
import { type Client, type Pair, roundsOf, type Scenario } from "../scenario/scenario.ts";
import { assignColours, type ColourChoice } from "./colours.ts";
import type { CombColour, PlannedComb } from "./comb-source.ts";
import { type ClientLock, DESIGN_CHIP, lockClient } from "./seed-light.ts";

/** One end of a pair: a client, the chip it was given, and the chip's lock to the pair's line. */
export interface PairEnd {
  /** The client as the scenario has it. */
  readonly client: Client;
  /** Its transmitter, drawn from the wafer. */
  readonly chip: Chip;
  /** Its lock. */
  readonly lock: ClientLock;
}

/** One pair of users. */
export interface PlannedPair {
  /** Position among the scenario's pairs; also the number of its random streams. */
  readonly index: number;
  /** Both clients' names, `A1-B1`. */
  readonly name: string;
  /** Round in which it runs, from 1. */
  readonly round: number;
  /** Its quantum slots. */
  readonly pulses: number;
  /** First user. */
  readonly alice: PairEnd;
  /** Second user. */
  readonly bob: PairEnd;
  /** The colour that carries their pulses. */
  readonly line: CombLine;
  /** Power of that line where it leaves the comb, W. */
  readonly lineWatts: number;
  /** Colours of other pairs that are on in the same round: of neighbouring lines, and farther away. */
  readonly othersOn: { readonly adjacent: number; readonly farther: number };
  /** What both declare to send. */
  readonly settings: ProtocolSettings;
  /** Up-link fibre between the two, km. */
  readonly distanceKm: number;
}

/** A pair that cannot run. */
export interface UnlinkedPair extends Pick<PlannedPair, "index" | "name" | "round" | "pulses" | "distanceKm"> {
  /** First user's name. */
  readonly alice: string;
  /** Second user's name. */
  readonly bob: string;
  /** The line it was given, if any. */
  readonly line: number | null;
  /** Vacuum wavelength of that line, nm. */
  readonly wavelengthNm: number | null;
  /** Why it cannot run. */
  readonly reason: string;
}

/** A chip that was taken for a client and put aside. */
export interface ReplacedChip {
  /** The client. */
  readonly client: string;
  /** Number of the chip on its wafer. */
  readonly chip: number;
  /** What it misses. */
  readonly reason: string;
}

/** Clients with their chips and colours. */
export interface Star {
  /** Pairs that can run, in the scenario's order. */
  readonly pairs: readonly PlannedPair[];
  /** Pairs that cannot. */
  readonly unlinked: readonly UnlinkedPair[];
  /** Chips that were put aside, in the order of taking. */
  readonly replaced: readonly ReplacedChip[];
}

/**
 * Gives every pair its colour, draws the wafer, and gives every client the next chip that meets the specification and locks
 * to the client's lines.
 *
 * @param scenario - a checked scenario
 * @param comb - its comb
 */
export function planStar(scenario: Scenario, comb: PlannedComb): Star {
  const pulses = Math.floor(scenario.pulses / roundsOf(scenario));
  const choices = assignColours(scenario, comb).map((choice, i) =>
    lockable(scenario, comb, choice, scenario.pairs[i]!),
  );
  const { chips, replaced } = giveChips(scenario, comb, choices);
  const clients = new Map(scenario.clients.map((client) => [client.name, client]));
  const names = new Set<string>();
  const pairs: PlannedPair[] = [];
  const unlinked: UnlinkedPair[] = [];
  scenario.pairs.forEach((pair, index) => {
    const [alice, bob] = [clients.get(pair.alice)!, clients.get(pair.bob)!];
    const round = pair.round ?? 1;
    const plain = `${pair.alice}-${pair.bob}`;
    const name = names.has(plain) ? `${plain}-${round}` : plain;
    names.add(name);
    const common = { index, name, round, pulses, distanceKm: alice.upLinkKm + bob.upLinkKm };
    const choice = choices[index]!;
    const reason =
      choice.colour === null
        ? choice.reason
        : [alice, bob]
            .map(({ name: who }) => (chips.has(who) ? undefined : `no chip is left for ${who}`))
            .find(Boolean);
    if (choice.colour === null || reason !== undefined) {
      const line = choice.colour === null ? choice.line : choice.colour.line;
      const wavelengthNm = line === null ? null : combLine(scenario.comb, line).wavelengthNm;
      unlinked.push({ ...common, alice: pair.alice, bob: pair.bob, line, wavelengthNm, reason: reason! });
      return;
    }
    const { colour } = choice;
    const end = (client: Client): PairEnd => {
      const chip = chips.get(client.name)!;
      return { client, chip, lock: lockClient(scenario, comb, client, colour, chip) as ClientLock };
    };
    pairs.push({
      ...common,
      alice: end(alice),
      bob: end(bob),
      line: combLine(scenario.comb, colour.line),
      lineWatts: colour.watts,
      othersOn: { adjacent: 0, farther: 0 },
      settings: declaredSettings(scenario, pair),
    });
  });
  return { pairs: pairs.map((pair) => ({ ...pair, othersOn: othersOn(pair, pairs) })), unlinked, replaced };
}

/** A colour to which not even a chip as designed would lock is no colour for this pair. */
function lockable(scenario: Scenario, comb: PlannedComb, choice: ColourChoice, pair: Pair): ColourChoice {
  if (choice.colour === null) return choice;
  for (const name of [pair.alice, pair.bob]) {
    const client = scenario.clients.find((one) => one.name === name)!;
    const lock = lockClient(scenario, comb, client, choice.colour, DESIGN_CHIP);
    if (typeof lock === "string") return { colour: null, line: choice.colour.line, reason: lock };
  }
  return choice;
}

function giveChips(
  scenario: Scenario,
  comb: PlannedComb,
  choices: readonly ColourChoice[],
): { chips: Map<string, Chip>; replaced: ReplacedChip[] } {
  const key = philoxKey(scenario.seed);
  const order = chipsInOrderOfTaking(key, drawWafer(key, scenario.wafer));
  const colours = new Map<string, CombColour[]>(scenario.clients.map(({ name }) => [name, []]));
  scenario.pairs.forEach(({ alice, bob }, i) => {
    const { colour } = choices[i]!;
    if (colour !== null) for (const name of [alice, bob]) colours.get(name)!.push(colour);
  });
  const chips = new Map<string, Chip>();
  const replaced: ReplacedChip[] = [];
  let next = 0;
  for (const client of scenario.clients) {
    while (next < order.length) {
      const chip = order[next++]!;
      const fault = chipFault(scenario, comb, client, colours.get(client.name)!, chip);
      if (fault === undefined) {
        chips.set(client.name, chip);
        break;
      }
      replaced.push({ client: client.name, chip: chip.chip, reason: fault });
    }
  }
  return { chips, replaced };
}

/** What a chip misses of what was specified, at the client's site and on the client's lines. */
function chipFault(
  scenario: Scenario,
  comb: PlannedComb,
  client: Client,
  colours: readonly CombColour[],
  chip: Chip,
): string | undefined {
  const { specification, protocol, wafer } = scenario;
  const shown = (value: number) => Number(value.toPrecision(4));
  if (!chip.usable) {
    return `${chip.workingModulators} of ${wafer.modulatorsPerChip} modulators work`;
  }
  if (chip.extinctionDb < protocol.extinctionDb) {
    return `extinction of ${shown(chip.extinctionDb)} dB where ${protocol.extinctionDb} dB are specified`;
  }
  if (chip.pulseWidthPs > specification.largestPulseWidthPs) {
    return `pulses of ${shown(chip.pulseWidthPs)} ps where at most ${specification.largestPulseWidthPs} ps are specified`;
  }
  if (chip.freeLinewidthHz > specification.largestFreeLinewidthHz) {
    return `a linewidth of ${shown(chip.freeLinewidthHz)} Hz where at most ${specification.largestFreeLinewidthHz} Hz are specified`;
  }
  for (const colour of colours) {
    const lock = lockClient(scenario, comb, client, colour, chip);
    if (typeof lock === "string") return lock;
  }
  return undefined;
}

function othersOn(pair: PlannedPair, pairs: readonly PlannedPair[]): PlannedPair["othersOn"] {
  const apart = pairs
    .filter((other) => other !== pair && other.round === pair.round)
    .map((other) => Math.abs(other.line.line - pair.line.line));
  const adjacent = apart.filter((lines) => lines === 1).length;
  return { adjacent, farther: apart.length - adjacent };
}
