/**
 * One pair alone, as a table for a terminal.
 *
 * @module
 */
import type { PairResult } from "../network/result.ts";
import { percent, scientific, table } from "./table.ts";

const whole = (value: number): string => value.toLocaleString("en-GB");

/**
 * What became of one pair, its bill included.
 *
 * @param pair - its result
 */
export function pairTable(pair: PairResult): string {
  const figures = table([pair.name, ""]);
  figures.push(
    ["pulses", pair.pulses.toExponential()],
    ["accepted x1-x1 clicks", whole(pair.acceptedX)],
    ["X error", percent(pair.qberX)],
    ["raw bits", whole(pair.rawBits)],
    ["bits corrected", whole(pair.pairedBits)],
    ["errors among them", percent(pair.qberZPaired)],
    ["bits disclosed", whole(pair.leakedBits)],
    ["secret bits", whole(pair.secretBits)],
    ["bits per pulse", scientific(pair.keyRatePerPulse)],
    ["bits per second", pair.keyRateBps.toFixed(1)],
    ["times PLOB", pair.ratioToPlob.toFixed(3)],
  );
  const bill = table(["bits", ""]);
  for (const { name, bits } of pair.account?.bits ?? []) bill.push([name, bits.toFixed(1)]);
  return [
    figures.toString(),
    ...(pair.account === null
      ? []
      : ["", bill.toString(), `failure probability ${scientific(pair.account.epsilonTotal)}`]),
    "",
    outcome(pair),
  ].join("\n");
}

function outcome({ status, reason, keysIdentical, simulated }: PairResult): string {
  if (status === "no-key") return `no key: ${reason ?? "no reason given"}`;
  const keys = keysIdentical ? "both keys are identical" : "the keys are DIFFERENT";
  return simulated ? `${keys}; they are simulated, no secrets` : keys;
}
