import { simulatedAuthenticator } from "../../src/distillation/authentication.ts";
import type { UserSide } from "../../src/distillation/distill.ts";
import { simulatedRandomness } from "../../src/distillation/randomness.ts";
import type { ServerRecords, UserRecords } from "../../src/distillation/records.ts";
import type { Terms } from "../../src/distillation/terms.ts";
import { agreedTerms } from "../../src/network/agreement.ts";
import { countingRun } from "../../src/network/counting-run.ts";
import { keepNotebooks } from "../../src/network/notebooks.ts";
import { planNetwork } from "../../src/network/plan/plan.ts";
import { weiming } from "../../src/network/scenario/presets/weiming.ts";
import { parseScenario } from "../../src/network/scenario/scenario.ts";
import { philoxKey } from "../../src/random.ts";

/** A pair of the preset over a tenth of its distance: some hundred thousand raw bits in a fraction of a second. */
export const shortLink = parseScenario({
  ...weiming({ pulses: 2e9, seed: "short link", pairing: "none" }),
  clients: ["A1", "B1"].map((name) => ({ name, upLinkKm: 100, downLinkKm: 0.05 })),
  pairs: [{ alice: "A1", bob: "B1", line: 1 }],
});

/** What the three parties of the short link start from. */
export interface ShortLink {
  readonly terms: Terms;
  readonly alice: UserRecords;
  readonly bob: UserRecords;
  readonly server: ServerRecords;
}

/** Counts the photons of the short link. */
export async function countShortLink(): Promise<ShortLink> {
  const { pair, budget } = (await planNetwork(shortLink)).links[0]!;
  const notebooks = await keepNotebooks(countingRun(shortLink, pair, budget));
  return { terms: agreedTerms(shortLink, pair), ...notebooks };
}

/** A user with fresh belongings, as at the start of a distillation. */
export function fresh(records: UserRecords): UserSide {
  const key = philoxKey("belongings");
  return { records, randomness: simulatedRandomness(key, 0), authenticator: simulatedAuthenticator(key, 0) };
}
