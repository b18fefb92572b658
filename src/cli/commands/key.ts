/**
 * `twincomb key`: key length from observed counts.
 *
 * @module
 */
import type { Command } from "commander";
import { invalid, TwincombError } from "../../errors.ts";
import { parseCounts } from "../../network/index.ts";
import { rounded } from "../../network/result.ts";
import { contradiction, DEFAULT_FAILURE_PROBABILITY, type KeyOptions, keyLength } from "../../protocol/index.ts";
import { keyTable } from "../../report/table.ts";
import { numberOption } from "../numbers.ts";
import { EXIT, printData } from "../output.ts";
import { readJson } from "../scenario-input.ts";

interface KeyCommandOptions {
  readonly failureProbability?: string;
  readonly totalFailureProbability?: string;
  readonly errorCorrectionEfficiency?: string;
  readonly disclosedBits?: string;
  readonly pairing: string;
  readonly json?: boolean;
}

/**
 * Adds the command.
 *
 * @param program - the command line
 */
export function addKey(program: Command): void {
  program
    .command("key")
    .description("key length from observed counts, an experiment's own or those of `twincomb count --json`")
    .argument("<counts>", "file of counts, - for standard input; see `twincomb schema counts`")
    .option("--failure-probability <x>", "of each bound and of each step (1e-10 unless given)")
    .option("--total-failure-probability <x>", "of everything together, split equally, instead")
    .option("--error-correction-efficiency <x>", "disclosed bits over the Shannon limit (1.1 unless given)")
    .option("--disclosed-bits <n>", "bits really disclosed by error correction, instead")
    .option("--pairing <kind>", "odd-parity pairing of raw bits: none, active or random", "none")
    .option("--json", "print JSON instead of a table")
    .addHelpText(
      "after",
      `
Examples:
  twincomb count --pulses 1e12 --json > counts.json && twincomb key counts.json --pairing active
  twincomb key counts.json --disclosed-bits 1760000 --total-failure-probability 1e-9 --json

Exit code: 0 with a key, 3 when the counts leave none.`,
    )
    .action(runKey);
}

const PAIRINGS = ["none", "active", "random"] as const;

function runKey(file: string, options: KeyCommandOptions): void {
  const probability = (name: string, text: string | undefined) =>
    text === undefined ? undefined : numberOption(name, text, 1e-300, 0.5);
  const failureProbability = probability("--failure-probability", options.failureProbability);
  const totalFailureProbability = probability("--total-failure-probability", options.totalFailureProbability);
  const leak = disclosed(options);
  const pairing = PAIRINGS.find((kind) => kind === options.pairing);
  if (pairing === undefined) throw invalid("--pairing", options.pairing, `one of ${PAIRINGS.join(", ")}`);
  const keyOptions: KeyOptions = {
    pairing,
    ...(failureProbability === undefined ? {} : { failureProbability }),
    ...(totalFailureProbability === undefined ? {} : { totalFailureProbability }),
    ...(leak === undefined ? {} : { leak }),
  };
  const counts = parseCounts(readJson(file));
  const found = contradiction(counts, failureProbability ?? DEFAULT_FAILURE_PROBABILITY);
  if (found !== undefined) throw new TwincombError("invalid-input", `counts: ${found}`, { parameter: "counts" });
  const result = keyLength(counts, keyOptions);
  printData(options.json ? JSON.stringify(rounded(result), null, 2) : keyTable(result));
  if (result.keyLength === 0) process.exitCode = EXIT.partial;
}

function disclosed(options: KeyCommandOptions): KeyOptions["leak"] {
  if (options.disclosedBits !== undefined) {
    return { disclosedBits: numberOption("--disclosed-bits", options.disclosedBits, 0, 1e18) };
  }
  if (options.errorCorrectionEfficiency === undefined) return undefined;
  return { efficiency: numberOption("--error-correction-efficiency", options.errorCorrectionEfficiency, 1, 100) };
}
