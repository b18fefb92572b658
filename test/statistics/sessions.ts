/**
 * Small sessions whose outcome formulas can foretell: a short link without dead time, counted and distilled under many
 * seeds, or under one seed as many pairs.
 */

import { simulatedAuthenticator } from "../../src/distillation/authentication.ts";
import { type Distillation, distill } from "../../src/distillation/distill.ts";
import { simulatedRandomness } from "../../src/distillation/randomness.ts";
import type { UserRecords } from "../../src/distillation/records.ts";
import type { Terms, Watcher } from "../../src/distillation/terms.ts";
import type { CountingRun } from "../../src/kernels/photons-run.ts";
import { agreedTerms } from "../../src/network/agreement.ts";
import { countingRun } from "../../src/network/counting-run.ts";
import { keepNotebooks, type Notebooks } from "../../src/network/notebooks.ts";
import { type PlannedLink, planNetwork } from "../../src/network/plan/plan.ts";
import { weiming } from "../../src/network/scenario/presets/weiming.ts";
import { parseScenario } from "../../src/network/scenario/scenario.ts";
import { philoxKey } from "../../src/random.ts";

/** One link, ready to be counted again and again. */
export interface SmallLink {
  readonly planned: PlannedLink;
  readonly run: CountingRun;
  readonly terms: Terms;
}

/** What decides a session's chance. */
export interface Chance {
  readonly seed: string;
  /** Number of the pair. */
  readonly index: number;
}

/**
 * Plans a link of the preset's chips over short fibres.
 *
 * @param pairing - whether raw bits are paired
 * @param km - fibre from each user to the server
 * @param pulses - quantum slots
 */
export async function smallLink(pairing: "none" | "active", km: number, pulses: number): Promise<SmallLink> {
  const preset = weiming({ pulses, seed: "small sessions", pairing });
  const scenario = parseScenario({
    ...preset,
    // The formulas of the protocol know no dead time; the counter's own are tested beside it.
    detector: { ...preset.detector, deadTimeNs: 0 },
    clients: ["A1", "B1"].map((name) => ({ name, upLinkKm: km, downLinkKm: 0.05 })),
    pairs: [{ alice: "A1", bob: "B1", line: 1 }],
  });
  const planned = (await planNetwork(scenario)).links[0]!;
  const run = countingRun(scenario, planned.pair, planned.budget);
  return { planned, run, terms: agreedTerms(scenario, planned.pair) };
}

/** Counts a session; the link's physics stays as it is, chips included. */
export function count({ run }: SmallLink, { seed, index }: Chance): Promise<Notebooks> {
  return keepNotebooks({ ...run, key: philoxKey(seed), link: index });
}

/** Distils what was counted. */
export function distilled(
  terms: Terms,
  notebooks: Notebooks,
  { seed, index }: Chance,
  watcher: Watcher = {},
): Promise<Distillation> {
  const side = (records: UserRecords) => {
    const key = philoxKey(seed);
    return {
      records,
      randomness: simulatedRandomness(key, index),
      authenticator: simulatedAuthenticator(key, index),
    };
  };
  return distill(terms, side(notebooks.alice), side(notebooks.bob), notebooks.server, watcher);
}

/** A whole session. */
export async function session(link: SmallLink, chance: Chance): Promise<Distillation> {
  return distilled(link.terms, await count(link, chance), chance);
}
