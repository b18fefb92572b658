/**
 * The thread in which `twincomb distill` works, so that the main one can draw and stop it at any moment.
 *
 * @module
 */
import { createReadStream } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { TwincombError } from "../errors.ts";
import {
  distillRecords,
  type PairStage,
  type RecordedSession,
  type RecordFile,
  type TermsFile,
} from "../network/index.ts";

/** What the thread is given. */
export interface DistillWork {
  /** Paths of the three records. */
  readonly alice: string;
  readonly bob: string;
  readonly server: string;
  /** What had been agreed. */
  readonly agreed: TermsFile;
  /** Seed of everything private, or none. */
  readonly seed: string | undefined;
}

/** What it says. */
export type DistillNews =
  | { readonly type: "bytes"; readonly read: number }
  | { readonly type: "stage"; readonly stage: PairStage }
  | { readonly type: "done"; readonly session: RecordedSession }
  | { readonly type: "failed"; readonly error: unknown; readonly details: RefusalDetails | undefined };

/** The fields of a refusal, which its class does not carry from one thread into another. */
export type RefusalDetails = Pick<TwincombError, "code" | "message" | "parameter" | "expected">;

const PIECE_BYTES = 1 << 20;

const port = parentPort!;
const say = (news: DistillNews) => port.postMessage(news);

function recordFile(path: string): RecordFile {
  return {
    name: path,
    async *open() {
      const stream: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: PIECE_BYTES });
      try {
        for await (const piece of stream) {
          say({ type: "bytes", read: piece.length });
          yield piece;
        }
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new TwincombError("invalid-input", `${path}: cannot be read (${reason})`, { parameter: path, cause });
      }
    },
  };
}

const { alice, bob, server, agreed, seed } = workerData as DistillWork;
try {
  const files = { alice: recordFile(alice), bob: recordFile(bob), server: recordFile(server) };
  const onEvent = ({ stage }: { readonly stage: PairStage }) => say({ type: "stage", stage });
  say({ type: "done", session: await distillRecords(files, agreed, { seed, onEvent }) });
} catch (error) {
  const details =
    error instanceof TwincombError
      ? { code: error.code, message: error.message, parameter: error.parameter, expected: error.expected }
      : undefined;
  say({ type: "failed", error, details });
}
