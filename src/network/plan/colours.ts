/**
 * Which comb line carries which pair.
 *
 * @module
 */

import type { Scenario } from "../scenario/scenario.ts";
import type { CombColour, PlannedComb } from "./comb-source.ts";

/** The colour of a pair, or why it has none. */
export type ColourChoice =
  | { readonly colour: CombColour }
  | { readonly colour: null; readonly line: number | null; readonly reason: string };

/**
 * Gives every pair its colour. Lines that the scenario names are kept; other pairs get the strongest lines that are left,
 * never the pump's, never a line that is used in the same round or nearer to one than the demultiplexer can tell apart.
 * Whoever has the longest down-link chooses first.
 *
 * @param scenario - a checked scenario
 * @param comb - its comb
 * @returns one choice a pair, in the scenario's order
 */
export function assignColours(scenario: Scenario, comb: PlannedComb): ColourChoice[] {
  const { pairs, clients, distribution } = scenario;
  const strongestFirst = comb.lines
    .filter(({ line }) => line !== 0)
    .sort((a, b) => b.watts - a.watts || Math.abs(a.line) - Math.abs(b.line) || a.line - b.line);
  const downLinkKm = new Map(clients.map((client) => [client.name, client.downLinkKm]));
  const reach = ({ alice, bob }: Scenario["pairs"][number]) => Math.max(downLinkKm.get(alice)!, downLinkKm.get(bob)!);

  const taken = new Map<number, number[]>();
  const choices = pairs.map((pair): ColourChoice | undefined => {
    if (pair.line === undefined) return undefined;
    taken.set(pair.round ?? 1, [...(taken.get(pair.round ?? 1) ?? []), pair.line]);
    const colour = comb.lines.find(({ line }) => line === pair.line);
    return colour === undefined ? { colour: null, line: pair.line, reason: absence(comb, pair.line) } : { colour };
  });
  const waiting = pairs.map((_, i) => i).filter((i) => choices[i] === undefined);
  for (const i of waiting.sort((a, b) => reach(pairs[b]!) - reach(pairs[a]!) || a - b)) {
    const others = taken.get(pairs[i]!.round ?? 1) ?? [];
    const free = strongestFirst.find(({ line }) =>
      others.every((other) => Math.abs(other - line) >= distribution.colourSpacingLines),
    );
    if (free === undefined) {
      choices[i] = {
        colour: null,
        line: null,
        reason: comb.lines.length === 0 ? noComb(comb) : "no comb line is left",
      };
      continue;
    }
    taken.set(pairs[i]!.round ?? 1, [...others, free.line]);
    choices[i] = { colour: free };
  }
  return choices.map((choice) => choice!);
}

function absence(comb: PlannedComb, line: number): string {
  return comb.lines.length === 0 ? noComb(comb) : `the comb has no line ${line} to lock to`;
}

function noComb({ source, kind, attempts, fluctuation }: PlannedComb): string {
  if (source === "measured") return "the comb has no lines";
  return kind === "homogeneous"
    ? `no comb: nothing but the pump circulates in the ring after ${attempts} start${attempts === 1 ? "" : "s"}`
    : `no steady comb: its power fluctuates by ${(100 * fluctuation!).toPrecision(2)} %`;
}
