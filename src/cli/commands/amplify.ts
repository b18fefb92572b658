/**
 * `twincomb amplify`: privacy amplification of somebody's own key.
 *
 * @module
 */
import type { Command } from "commander";
import { wholeInRange } from "../../errors.ts";
import { ToeplitzHash } from "../../kernels/index.ts";
import { readKey, writeKey } from "../key-files.ts";
import { printData } from "../output.ts";

interface AmplifyOptions {
  readonly in: string;
  readonly bits: string;
  readonly seedFile: string;
  readonly length: string;
  readonly out: string;
  readonly modified?: boolean;
  readonly json?: boolean;
}

/**
 * Adds the command.
 *
 * @param program - the command line
 */
export function addAmplify(program: Command): void {
  program
    .command("amplify")
    .description("hash a key with a Toeplitz matrix")
    .requiredOption("--in <file>", "the key, bit-packed")
    .requiredOption("--bits <n>", "its length in bits")
    .requiredOption("--seed-file <file>", "the matrix's seed: n + m - 1 bits, with --modified n - 1 bits")
    .requiredOption("--length <m>", "length of the result in bits")
    .requiredOption("--out <file>", "where the result goes; replaced only when complete")
    .option("--modified", "identity beside a smaller Toeplitz matrix: shorter seed, less time")
    .option("--json", "print JSON instead of a sentence")
    .addHelpText(
      "after",
      `
Bit i of a file is (byte[i >> 3] >> (i & 7)) & 1; the unused bits of the last byte are 0.

Examples:
  twincomb amplify --in key.bin --bits 1000000 --seed-file seed.bin --length 400000 --out secret.bin
  twincomb amplify --in key.bin --bits 1000000 --seed-file seed.bin --length 400000 --out secret.bin --modified --json`,
    )
    .action(runAmplify);
}

async function runAmplify(options: AmplifyOptions): Promise<void> {
  const inputBits = wholeInRange("--bits", Number(options.bits), 1, 2 ** 32);
  const outputBits = wholeInRange("--length", Number(options.length), 1, inputBits);
  const form = options.modified ? "modified" : "plain";
  const key = readKey("--in", options.in, inputBits);
  const seed = readKey("--seed-file", options.seedFile, ToeplitzHash.seedBits(inputBits, outputBits, form));
  const started = performance.now();
  using hash = await ToeplitzHash.create(seed, { inputBits, outputBits, form });
  const result = hash.hash(key);
  const megabitsPerSecond = inputBits / (performance.now() - started) / 1000;
  await writeKey(options.out, result);
  key.fill(0);
  result.fill(0);
  printData(
    options.json
      ? JSON.stringify({ bits: inputBits, length: outputBits, megabitsPerSecond })
      : `hashed ${inputBits} bits to ${outputBits} at ${megabitsPerSecond.toFixed(1)} Mbit/s: ${options.out}`,
  );
}
