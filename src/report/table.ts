/**
 * Results as tables for a terminal.
 *
 * @module
 */
import Table from "cli-table3";
import type { PairCounts } from "../network/count-pair.ts";
import type { NetworkPlan } from "../network/plan/plan.ts";
import type { NetworkResult, PairResult } from "../network/result.ts";
import type { KeyLength, RateRow } from "../protocol/index.ts";
import { wattsToDbm } from "../units.ts";

/** Plain rules without colour: the same in every terminal, file and pipe. */
export function table(head: readonly string[]): Table.Table {
  return new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, i) => (i === 0 ? "left" : "right")),
    chars: {
      top: "",
      "top-mid": "",
      "top-left": "",
      "top-right": "",
      bottom: "",
      "bottom-mid": "",
      "bottom-left": "",
      "bottom-right": "",
      left: "",
      "left-mid": "",
      mid: "",
      "mid-mid": "",
      right: "",
      "right-mid": "",
      middle: " ",
    },
  });
}

export const percent = (value: number | null): string => (value === null ? "-" : `${(100 * value).toFixed(2)} %`);
export const scientific = (value: number | null): string => (value === null ? "-" : value.toExponential(2));
const whole = (value: number): string => value.toLocaleString("en-GB");

function keyState(pair: PairResult): string {
  if (pair.status === "no-key") return "no key";
  return pair.keysIdentical ? "identical" : "DIFFERENT";
}

/**
 * One line a pair, then the totals.
 *
 * @param result - a finished run
 */
export function networkTable(result: NetworkResult): string {
  const rows = table([
    "pair",
    "nm",
    "X error",
    "Z error",
    "raw bits",
    "leaked",
    "secret",
    "bit/pulse",
    "bit/s",
    "PLOB",
    "x PLOB",
    "keys",
  ]);
  for (const pair of result.pairs) {
    rows.push([
      pair.name,
      pair.wavelengthNm?.toFixed(2) ?? "-",
      percent(pair.qberX),
      percent(pair.qberZPaired ?? pair.qberZRaw),
      whole(pair.rawBits),
      whole(pair.leakedBits),
      whole(pair.secretBits),
      scientific(pair.keyRatePerPulse),
      pair.keyRateBps.toFixed(1),
      scientific(pair.plobPerPulse),
      pair.ratioToPlob.toFixed(3),
      keyState(pair),
    ]);
  }
  const { total } = result;
  return [
    rows.toString(),
    "",
    `${total.pairs} of ${result.pairs.length} pairs with identical keys, ${whole(total.secretBits)} secret bits in all`,
    `networking capability (pairs x distance): ${whole(total.networkingCapabilityKm)} km`,
    `${result.pulses.toExponential()} pulses a pair, seed "${result.seed}", ${result.elapsedSeconds.toFixed(1)} s`,
    ...reasonLines(result.pairs),
    ...replacedLines(result.replaced),
  ].join("\n");
}

/** Why pairs have no key or cannot run; pairs with the same reason share a line. */
function reasonLines(pairs: readonly { readonly name: string; readonly reason?: string | undefined }[]): string[] {
  const names = new Map<string, string[]>();
  for (const { name, reason } of pairs) {
    if (reason !== undefined) names.set(reason, [...(names.get(reason) ?? []), name]);
  }
  return [...names].map(([reason, who]) => `${who.join(", ")}: ${reason}`);
}

function replacedLines(replaced: NetworkPlan["replaced"]): string[] {
  return replaced.map(({ client, chip, reason }) => `${client}: chip ${chip} put aside: ${reason}`);
}

/**
 * The link budgets of all pairs, before anything is counted; pairs that cannot run and chips put aside with the reason.
 *
 * @param plan - the network's plan
 */
export function planTable({ links, unlinked, replaced }: NetworkPlan): string {
  const rows = table(["pair", "nm", "line dBm", "km", "dB A", "dB B", "efficiency", "noise/slot", "X error", "PLOB"]);
  for (const { pair, budget } of links) {
    rows.push([
      pair.name,
      pair.line.wavelengthNm.toFixed(2),
      wattsToDbm(pair.lineWatts).toFixed(1),
      pair.distanceKm.toFixed(1),
      budget.aliceArm.lossDb.toFixed(2),
      budget.bobArm.lossDb.toFixed(2),
      budget.detectorEfficiency.toFixed(3),
      scientific(budget.noiseProbability),
      percent(budget.expectedErrorX),
      scientific(budget.plobPerPulse),
    ]);
  }
  const notes = [...reasonLines(unlinked), ...replacedLines(replaced)];
  return [rows.toString(), ...(notes.length === 0 ? [] : ["", ...notes])].join("\n");
}

/**
 * Counts of one pair with their standard errors, and beside their closed-form values where these are known.
 *
 * @param counts - from `countPair`
 */
export function countsTable(counts: PairCounts): string {
  if (counts.expected !== undefined) {
    const rows = table(["count", "observed", "standard error", "expected", "z"]);
    for (const { name, observed, standardError, expected, z } of counts.expected) {
      rows.push([name, whole(observed), standardError.toFixed(1), expected.toPrecision(7), z.toFixed(2)]);
    }
    return `${rows.toString()}\n\n${sliceLine(counts)}`;
  }
  const rows = table(["Alice", "Bob", "left", "right", "both"]);
  const cell = (count: number) => `${whole(count)} ± ${whole(Math.round(Math.sqrt(count)))}`;
  for (const row of counts.counts) rows.push([row.alice, row.bob, cell(row.left), cell(row.right), cell(row.both)]);
  return `${rows.toString()}\n\n${sliceLine(counts)}`;
}

function sliceLine({ name, pulses, slices, standardErrors }: PairCounts): string {
  const { accepted, wrong } = slices;
  const error = accepted === 0 ? 0 : wrong / accepted;
  return (
    `${name}, ${pulses.toExponential()} pulses: ` +
    `X error ${percent(error)} ± ${percent(standardErrors.sliceErrorRate)} of ${whole(accepted)} accepted`
  );
}

/**
 * Key rates against distance.
 *
 * @param rates - from `rateCurve`
 */
export function rateTable(rates: readonly RateRow[]): string {
  const rows = table(["km", "protocol", "bit/pulse", "PLOB", "x PLOB"]);
  for (const { distanceKm, protocol, keyRatePerPulse, plobPerPulse, ratioToPlob } of rates) {
    rows.push([
      distanceKm,
      protocol,
      scientific(keyRatePerPulse),
      scientific(plobPerPulse),
      ratioToPlob.toPrecision(3),
    ]);
  }
  return rows.toString();
}

/**
 * A key length with its bounds and both bills.
 *
 * @param key - from `keyLength`
 */
export function keyTable(key: KeyLength): string {
  const bits = table(["bits", ""]);
  for (const line of key.account.bits) bits.push([line.name, line.bits.toFixed(1)]);
  const epsilons = table(["failure probability", "times", "each"]);
  for (const line of key.account.epsilons) epsilons.push([line.name, line.multiplicity, scientific(line.each)]);
  const { bounds } = key;
  return [
    `key length ${whole(key.keyLength)} bits, ${scientific(key.keyRatePerPulse)} a pulse`,
    `untagged bits >= ${whole(Math.floor(bounds.untagged))} of ${whole(Math.round(bounds.rawBits))}, phase errors <= ${percent(bounds.phaseError)}`,
    "",
    bits.toString(),
    "",
    epsilons.toString(),
    `together ${scientific(key.account.epsilonTotal)}`,
    "",
    ...key.assurance,
  ].join("\n");
}
