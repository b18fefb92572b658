/**
 * Where the command line writes: data to stdout, everything else to stderr, and what its exit code says.
 *
 * @module
 */
import { TwincombError } from "../errors.ts";

/** What an exit code means. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  partial: 3,
  interrupted: 130,
} as const;

/**
 * Prints data.
 *
 * @param text - what goes to stdout, a final newline is added
 */
export function printData(text: string): void {
  process.stdout.write(`${text}\n`);
}

/**
 * Prints anything that is not data.
 *
 * @param text - what goes to stderr, a final newline is added
 */
export function printNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Says what went wrong and sets the exit code.
 *
 * @param error - what was thrown
 */
export function fail(error: unknown): void {
  if (error instanceof TwincombError) {
    printNote(`twincomb: ${error.message}`);
    process.exitCode = { "invalid-input": EXIT.usage, aborted: EXIT.interrupted }[error.code as string] ?? EXIT.failed;
    return;
  }
  if (error instanceof Error && "syscall" in error) {
    // The operating system refused: a full disk, a missing folder, no permission.
    printNote(`twincomb: ${error.message}`);
    process.exitCode = EXIT.failed;
    return;
  }
  // A defect of this program: the place where it happened is worth more than a tidy line.
  printNote(`twincomb: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exitCode = EXIT.failed;
}

/** A signal that fires at the first Ctrl-C; a second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => {
    printNote("\ntwincomb: stopping");
    process.once("SIGINT", () => process.exit(EXIT.interrupted));
    controller.abort();
  });
  return controller.signal;
}
