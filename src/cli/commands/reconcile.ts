/**
 * `twincomb reconcile`: error correction of somebody's own key, and the table of what it costs.
 *
 * @module
 */
import type { Command } from "commander";
import {
  INTERACTIONS,
  type PlanOptions,
  reconcile,
  reconciliationTable,
  TABLE_FRAMES,
  TABLE_QBERS,
  type TableRow,
} from "../../distillation/index.ts";
import { invalid, wholeInRange } from "../../errors.ts";
import { rounded } from "../../network/result.ts";
import { reconciliationTableText } from "../../report/reconciliation-text.ts";
import { readKey, writeKey } from "../key-files.ts";
import { numberOption } from "../numbers.ts";
import { EXIT, interruptSignal, printData, printNote } from "../output.ts";
import { startProgress } from "../progress.ts";

interface ReconcileCommandOptions {
  readonly alice?: string;
  readonly bob?: string;
  readonly bits?: string;
  readonly qber?: string;
  readonly out?: string;
  readonly table?: boolean;
  readonly frames: string;
  readonly frameBits?: string;
  readonly seed: string;
  readonly prefer?: string;
  readonly interaction?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/**
 * Adds the command.
 *
 * @param program - the command line
 */
export function addReconcile(program: Command): void {
  program
    .command("reconcile")
    .description("correct Bob's key to Alice's by one-way LDPC codes, and verify it")
    .option("--alice <file>", "Alice's key, bit-packed")
    .option("--bob <file>", "Bob's key, bit-packed")
    .option("--bits <n>", "their length in bits")
    .option(
      "--qber <e>",
      "expected error rate, or the table's, comma-separated; without it disclosed parities tell, and are counted",
    )
    .option("--out <file>", "where Bob's corrected key goes; written only when verified")
    .option("--prefer <what>", "efficiency, or speed: short frames and the minimum rule", "efficiency")
    .option("--interaction <kind>", "one-way, blind or symmetric-blind: less is disclosed in more messages", "one-way")
    .option("--table", "measure efficiency, frame errors and speed over error rates instead")
    .option("--frames <n>", "frames a row of the table", "20")
    .option("--frame-bits <n>", "bits a frame of the table; 1048576, 65536 and 16384 unless told")
    .option("--seed <text>", "seed of the table's simulated keys", "table")
    .option("--json", "print JSON instead of text")
    .option("--quiet", "no progress bar")
    .addHelpText(
      "after",
      `
Bit i of a file is (byte[i >> 3] >> (i & 7)) & 1; the unused bits of the last byte are 0.

Examples:
  twincomb reconcile --alice a.bin --bob b.bin --bits 1000000 --qber 0.03 --out corrected.bin
  twincomb reconcile --table --frame-bits 65536
  twincomb reconcile --table --frame-bits 65536 --interaction symmetric-blind
  twincomb reconcile --table --frames 300 --qber 0.02,0.05 --seed fresh

Exit code: 0 verified, 1 not verified and nothing written.`,
    )
    .action((options: ReconcileCommandOptions) => (options.table ? runTable(options) : runReconcile(options)));
}

async function runReconcile(options: ReconcileCommandOptions): Promise<void> {
  const needed = (name: string, value: string | undefined): string => {
    if (value === undefined) throw invalid(name, value, "a value, or --table");
    return value;
  };
  const bits = wholeInRange("--bits", Number(needed("--bits", options.bits)), 0, 2 ** 32);
  const alice = { bits, key: readKey("--alice", needed("--alice", options.alice), bits) };
  const bob = { bits, key: readKey("--bob", needed("--bob", options.bob), bits) };
  const out = needed("--out", options.out);
  const progress = startProgress(options.quiet ?? false);
  try {
    const started = performance.now();
    const result = await reconcile(alice, bob, {
      ...(options.qber === undefined ? {} : { qber: numberOption("--qber", options.qber, 0, 0.5) }),
      ...planOptions(options),
      signal: interruptSignal(),
      onProgress: (fraction) => progress.update(fraction, "decoding"),
    });
    const megabitsPerSecond = bits / (performance.now() - started) / 1000;
    progress.stop();
    if (result.verified) await writeKey(out, result.corrected);
    const { corrected, ...figures } = result;
    for (const secret of [alice.key, bob.key, corrected]) secret.fill(0);
    if (options.json) printData(JSON.stringify({ ...rounded(figures), megabitsPerSecond }, null, 2));
    else {
      const { efficiency, leakedBits, qber, frameErrorRate, messages } = figures;
      printData(
        `${figures.bits} bits, error rate ${qber.toPrecision(3)}, ${leakedBits} bits disclosed` +
          `${efficiency === null ? "" : ` (f = ${efficiency.toFixed(3)})`}, frame error rate ${frameErrorRate.toPrecision(2)}, ${messages} messages, ` +
          `${megabitsPerSecond.toFixed(1)} Mbit/s`,
      );
    }
    if (!result.verified) {
      printNote("twincomb: not verified, nothing written");
      process.exitCode = EXIT.failed;
    }
  } finally {
    progress.stop();
  }
}

function planOptions({ prefer, interaction }: ReconcileCommandOptions): PlanOptions {
  if (prefer !== "efficiency" && prefer !== "speed") throw invalid("--prefer", prefer, "efficiency or speed");
  const kind = INTERACTIONS.find((one) => one === interaction);
  if (kind === undefined) throw invalid("--interaction", interaction, `one of ${INTERACTIONS.join(", ")}`);
  return { prefer, interaction: kind };
}

async function runTable(options: ReconcileCommandOptions): Promise<void> {
  const frames = wholeInRange("--frames", Number(options.frames), 1, 1_000_000);
  const lengths = options.frameBits === undefined ? TABLE_FRAMES : [Number(options.frameBits)];
  const qbers = options.qber?.split(",").map((one) => numberOption("--qber", one, 1e-5, 0.25)) ?? TABLE_QBERS;
  const plan = planOptions(options);
  const progress = startProgress(options.quiet ?? false);
  const rows: TableRow[] = [];
  let done = 0;
  try {
    for (const length of lengths) {
      const frameBits = wholeInRange("--frame-bits", length, 1024, 2 ** 21);
      const part = await reconciliationTable({
        frames,
        frameBits,
        qbers,
        seed: options.seed,
        plan,
        signal: interruptSignal(),
        onRow: (row) => progress.update(Math.min(1, ++done / lengths.length / qbers.length), `QBER ${row.qber}`),
      });
      rows.push(...part);
      if (!options.json) {
        progress.stop();
        printData(`Frames of ${frameBits} bits:\n${reconciliationTableText(part)}`);
      }
    }
    if (options.json) printData(JSON.stringify({ rows: rounded(rows) }, null, 2));
  } finally {
    progress.stop();
  }
}
