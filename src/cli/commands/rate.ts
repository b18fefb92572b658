/**
 * `twincomb rate`: optimised key rates against distance.
 *
 * @module
 */
import type { Command } from "commander";
import writeFileAtomic from "write-file-atomic";
import { invalid } from "../../errors.ts";
import { rounded } from "../../network/result.ts";
import {
  type CurveLink,
  type CurveOptions,
  hasFiniteKey,
  PROTOCOL_NAMES,
  type ProtocolName,
  type RateRow,
  rateCurve,
} from "../../protocol/index.ts";
import { rateTable } from "../../report/table.ts";
import { numberOption, parseDistances } from "../numbers.ts";
import { printData, printNote } from "../output.ts";
import { startProgress } from "../progress.ts";

interface RateOptions {
  readonly distances: string;
  readonly protocol: string;
  readonly lossDbPerKm: string;
  readonly detectorEfficiency: string;
  readonly darkCountProbability: string;
  readonly misalignment: string;
  readonly errorCorrectionEfficiency: string;
  readonly pulses: string;
  readonly failureProbability: string;
  readonly asymptotic?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly plot?: string | true;
  readonly quiet?: boolean;
}

/**
 * Adds the command.
 *
 * @param program - the command line
 */
export function addRate(program: Command): void {
  program
    .command("rate")
    .description("optimised key rates against distance, beside the repeaterless bound")
    .option("--distances <list>", "km: from:to:step (inclusive) or a comma list", "0:500:50")
    .option("--protocol <list>", `comma list of ${PROTOCOL_NAMES.join(", ")}`, "sns-aopp")
    .option("--loss-db-per-km <x>", "fibre attenuation", "0.2")
    .option("--detector-efficiency <x>", "receiver and detector together", "0.3")
    .option("--dark-count-probability <x>", "per detector and pulse", "1e-8")
    .option("--misalignment <x>", "X error of the optics, slice width excluded", "0.03")
    .option("--error-correction-efficiency <x>", "disclosed bits over the Shannon limit", "1.1")
    .option("--pulses <n>", "quantum slots", "1e12")
    .option("--failure-probability <x>", "of each bound and of each step", "1e-10")
    .option("--asymptotic", "infinite data instead of --pulses")
    .option("--json", "print JSON instead of a table")
    .option("--csv", "print comma-separated values instead of a table")
    .option("--plot [file.svg]", "draw the curves: into an SVG file, or in the terminal")
    .option("--quiet", "no progress bar")
    .addHelpText(
      "after",
      `
Examples:
  twincomb rate --distances 0:500:25
  twincomb rate --protocol sns,sns-aopp --pulses 1e11 --csv > rates.csv
  twincomb rate --protocol sns-aopp,bb84,mdi,pm,cal,mode-pairing --asymptotic --plot rates.svg`,
    )
    .action(runRate);
}

async function runRate(options: RateOptions, command: Command): Promise<void> {
  const protocols = parseProtocols(options.protocol);
  const pulsesGiven = command.getOptionValueSource("pulses") === "cli";
  const without = protocols.filter((name) => !hasFiniteKey(name));
  if (options.asymptotic && pulsesGiven) throw invalid("--pulses", options.pulses, "no --pulses beside --asymptotic");
  if (!options.asymptotic && without.length > 0) {
    throw invalid("--protocol", without.join(","), "sns or sns-aopp with a number of pulses; others need --asymptotic");
  }
  const link: CurveLink = {
    lossDbPerKm: numberOption("--loss-db-per-km", options.lossDbPerKm, 0, 1000),
    detectorEfficiency: numberOption("--detector-efficiency", options.detectorEfficiency, 0, 1),
    darkCountProbability: numberOption("--dark-count-probability", options.darkCountProbability, 0, 0.5),
    misalignment: numberOption("--misalignment", options.misalignment, 0, 0.5),
  };
  const progress = startProgress(options.quiet ?? false);
  const curve: CurveOptions = {
    errorCorrectionEfficiency: numberOption("--error-correction-efficiency", options.errorCorrectionEfficiency, 1, 100),
    failureProbability: numberOption("--failure-probability", options.failureProbability, 1e-300, 0.1),
    onPoint: (done, total) => progress.update(done / total, `${done} of ${total} points`),
    ...(options.asymptotic ? {} : { pulses: numberOption("--pulses", options.pulses, 1, 1e30) }),
  };
  try {
    const rows = rateCurve(protocols, parseDistances("--distances", options.distances), link, curve);
    progress.stop();
    await print(rows, options);
  } finally {
    progress.stop();
  }
}

async function print(rows: readonly RateRow[], options: RateOptions): Promise<void> {
  if (typeof options.plot === "string") {
    const { rateChartSvg } = await import("../../report/rate-chart.ts");
    await writeFileAtomic(options.plot, rateChartSvg(rows));
    printNote(`wrote ${options.plot}`);
  }
  if (options.json) printData(JSON.stringify({ rows: rounded(rows) }, null, 2));
  else if (options.csv) printData(csv(rows));
  else if (options.plot === true) {
    const { rateChartText } = await import("../../report/rate-chart.ts");
    printData(rateChartText(rows));
  } else printData(rateTable(rows));
}

function parseProtocols(list: string): ProtocolName[] {
  return list.split(",").map((name) => {
    const known = PROTOCOL_NAMES.find((one) => one === name.trim());
    if (known === undefined) throw invalid("--protocol", name, `a comma list of ${PROTOCOL_NAMES.join(", ")}`);
    return known;
  });
}

function csv(rows: readonly RateRow[]): string {
  const lines = rows.map(({ distanceKm, protocol, keyRatePerPulse, plobPerPulse, ratioToPlob }) =>
    [distanceKm, protocol, keyRatePerPulse, plobPerPulse ?? "", ratioToPlob].join(","),
  );
  return ["distanceKm,protocol,keyRatePerPulse,plobPerPulse,ratioToPlob", ...lines].join("\n");
}
