/**
 * Tables of the report's page: pairs, the two bills of a key, contributions to the phase budget.
 *
 * @module
 */
import type { Contribution } from "../devices/index.ts";
import type { NetworkPlan, PairResult } from "../network/index.ts";
import type { PairFacts } from "./facts.ts";
import { tableHtml } from "./html-table.ts";
import type { Insertion, Markup } from "./markup.ts";
import { percentText, scientificText, wholeText } from "./number-text.ts";

const keyState = ({ secretBits, keysIdentical, reason }: PairResult): string => {
  if (secretBits === 0) return `no key: ${reason ?? "nothing is left"}`;
  return keysIdentical ? "identical" : "DIFFERENT";
};

/**
 * Every pair with its figures.
 *
 * @param pairs - results
 */
export function pairsTable(pairs: readonly PairResult[]): Markup {
  return tableHtml<PairResult>(
    "Every pair: colour, errors, bits and rates",
    [
      { head: "pair", cell: ({ name }) => name },
      { head: "nm", cell: ({ wavelengthNm }) => wavelengthNm?.toFixed(2) ?? "–" },
      { head: "km", cell: ({ distanceKm }) => String(distanceKm) },
      { head: "X error", cell: ({ qberX }) => percentText(qberX) },
      { head: "Z error, raw", cell: ({ qberZRaw }) => percentText(qberZRaw) },
      { head: "Z error, corrected", cell: ({ qberZPaired }) => percentText(qberZPaired) },
      { head: "raw bits", cell: ({ rawBits }) => wholeText(rawBits) },
      { head: "into correction", cell: ({ pairedBits }) => wholeText(pairedBits) },
      { head: "disclosed", cell: ({ leakedBits }) => wholeText(leakedBits) },
      { head: "f", cell: ({ reconciliationEfficiency: f }) => f?.toFixed(3) ?? "–" },
      { head: "secret bits", cell: ({ secretBits }) => wholeText(secretBits) },
      { head: "bit/pulse", cell: ({ keyRatePerPulse }) => scientificText(keyRatePerPulse) },
      { head: "bit/s", cell: ({ keyRateBps }) => keyRateBps.toFixed(1) },
      { head: "× PLOB", cell: ({ ratioToPlob }) => ratioToPlob.toFixed(3) },
      { head: "keys", cell: keyState, text: true },
    ],
    pairs,
  );
}

/** A line of a bill with one number a pair that has one. */
interface BillRow {
  readonly name: string;
  readonly sum: number;
  readonly low: number;
  readonly high: number;
}

/** Lines of the same name over all pairs, in the order of their first appearance. */
function bill(lines: readonly { readonly name: string; readonly value: number }[]): BillRow[] {
  const rows = new Map<string, BillRow>();
  for (const { name, value } of lines) {
    const row = rows.get(name) ?? { name, sum: 0, low: value, high: value };
    rows.set(name, { name, sum: row.sum + value, low: Math.min(row.low, value), high: Math.max(row.high, value) });
  }
  return [...rows.values()];
}

/**
 * The bill of bits over all pairs.
 *
 * @param pairs - results
 */
export function bitsTable(pairs: readonly PairResult[]): Markup {
  const keyed = pairs.filter(({ account, secretBits }) => account !== null && secretBits > 0);
  const rows = bill(keyed.flatMap(({ account }) => account!.bits.map(({ name, bits }) => ({ name, value: bits }))));
  const secret = bill(keyed.map(({ secretBits }) => ({ name: "secret key", value: secretBits })));
  return tableHtml<BillRow>(
    "Bill of bits over all pairs with a key; the key is rounded down",
    [
      { head: "item", cell: ({ name }) => name },
      { head: "all pairs", cell: ({ sum }) => wholeText(sum) },
      { head: "least of a pair", cell: ({ low }) => wholeText(low) },
      { head: "most of a pair", cell: ({ high }) => wholeText(high) },
    ],
    [...rows, ...secret],
  );
}

/**
 * The bill of failure probabilities; the same items for every pair, with the least and largest charge.
 *
 * @param pairs - results
 */
export function epsilonTable(pairs: readonly PairResult[]): Markup {
  const accounts = pairs.flatMap(({ account, secretBits }) => (account === null || secretBits === 0 ? [] : [account]));
  const rows = bill(
    accounts.flatMap(({ epsilons, epsilonTotal }) => [
      ...epsilons.map(({ name, multiplicity, each }) => ({ name, value: multiplicity * each })),
      { name: "together", value: epsilonTotal },
    ]),
  );
  return tableHtml<BillRow>(
    "Failure probabilities spent by one pair",
    [
      { head: "what may fail", cell: ({ name }) => name },
      { head: "least of a pair", cell: ({ low }) => scientificText(low) },
      { head: "most of a pair", cell: ({ high }) => scientificText(high) },
    ],
    rows,
  );
}

/** How contributions are called on the page. */
const CONTRIBUTIONS: Readonly<Record<Contribution, string>> = {
  comb: "comb line over unequal fibres",
  lock: "injection lock of both clients",
  neighbourLines: "neighbouring comb lines at the clients' locks",
  modulatorPhase: "phase modulators",
  extinction: "light left by closed modulators",
  intensityMismatch: "unequal intensities",
  pulseMismatch: "unequal pulses",
  polarisationMismatch: "unequal polarisations",
  receiver: "server's interferometer",
  driftInWindow: "drift within a tracking window",
  referenceShotNoise: "shot noise of the reference",
  fibreResidual: "drift left by the two-colour difference",
  residualShotNoise: "shot noise of its measurement",
  slice: "width of the phase slice",
  noiseCounts: "dark counts and stray light",
};

/**
 * The phase budget, averaged over pairs.
 *
 * @param pairs - pairs with their plans
 */
export function budgetTable(pairs: readonly PairFacts[]): Markup {
  const budgets = pairs.flatMap(({ link }) => (link === undefined ? [] : [link.budget.phaseBudget]));
  const entries = (budgets[0] ?? []).map(({ contribution, kind }, i) => {
    const all = budgets.map((budget) => budget[i]!);
    const mean = (pick: (entry: (typeof all)[number]) => number) =>
      all.reduce((sum, entry) => sum + pick(entry), 0) / all.length;
    return {
      contribution,
      kind,
      rad2: mean(({ rad2 }) => rad2),
      error: mean(({ xError }) => xError),
      most: Math.max(...all.map(({ xError }) => xError)),
    };
  });
  return tableHtml<(typeof entries)[number]>(
    "Every contribution to the phase budget, mean of all pairs",
    [
      { head: "cause", cell: ({ contribution }) => CONTRIBUTIONS[contribution] },
      { head: "behaviour", cell: ({ kind }) => kind, text: true },
      { head: "rad²", cell: ({ rad2 }) => scientificText(rad2) },
      { head: "X error alone", cell: ({ error }) => percentText(error, 3) },
      { head: "most of a pair", cell: ({ most }) => percentText(most, 3) },
    ],
    entries,
  );
}

/**
 * Chips that were put aside.
 *
 * @param replaced - from the plan; not empty
 */
export function replacedTable(replaced: NetworkPlan["replaced"]): Markup {
  return tableHtml<NetworkPlan["replaced"][number]>(
    "Chips that were put aside for the next one of the wafer",
    [
      { head: "chip", cell: ({ chip }) => chip },
      { head: "taken for", cell: ({ client }) => client, text: true },
      { head: "reason", cell: ({ reason }) => reason, text: true },
    ],
    replaced,
  );
}

/**
 * Names and values, one a row.
 *
 * @param caption - what they are
 * @param rows - name and value
 */
export function factsTable(caption: string, rows: readonly (readonly [name: string, value: Insertion])[]): Markup {
  return tableHtml<readonly [string, Insertion]>(
    caption,
    [
      { head: "fact", cell: ([name]) => name },
      { head: "value", cell: ([, value]) => value, text: true },
    ],
    rows,
  );
}
