/**
 * What an engine's workers do: the direct API, with callbacks in place of what cannot cross into a worker.
 *
 * @module
 */
import { type MicrocombRunOptions, startMicrocomb } from "../../devices/index.ts";
import { reconcile } from "../../distillation/index.ts";
import { countPhotons, toeplitzHash } from "../../kernels/index.ts";
import { optimise, optimiseAsymptotic, rateCurve } from "../../protocol/index.ts";
import { countPair } from "../count-pair.ts";
import { unlinkedResult } from "../pair-result.ts";
import { forecastPair } from "../plan/forecast.ts";
import { planNetwork } from "../plan/plan.ts";
import { tolerance } from "../plan/tolerance.ts";
import { runPair } from "../session.ts";
import { tracePhase } from "../trace-phase.ts";
import type { CallName } from "./call-names.ts";

/** What a call has beside its arguments. */
export interface CallControl {
  /** Says how far the work is. */
  readonly report: (value: unknown) => void;
  /** Cancels the work, where it is not cancelled by ending its worker. */
  readonly signal?: AbortSignal | undefined;
}

/** A function with the arguments of its call: plain values, options last. */
type Call = (args: never, control: CallControl) => unknown;

/** A pair's session, and whether its transcript and keys are reported too. */
type PairCall = readonly [
  scenario: Parameters<typeof runPair>[0],
  link: Parameters<typeof runPair>[1],
  options?: { readonly handOut?: boolean },
];

/** Adds progress and cancellation to a call's options. */
function controlled<Options extends object>(
  options: Options | undefined,
  { report, signal }: CallControl,
): Options & { readonly onProgress: (progress: unknown) => void; readonly signal?: AbortSignal } {
  return { ...(options as Options), onProgress: report, ...(signal === undefined ? {} : { signal }) };
}

/** Every call. */
export const calls: Readonly<Record<CallName, Call>> = {
  planNetwork: ([scenario, options]: Parameters<typeof planNetwork>, control) =>
    planNetwork(scenario, controlled(options, control)),
  runPair: ([scenario, link, options]: PairCall, { report, signal }) =>
    runPair(scenario, link, {
      onEvent: report,
      signal,
      ...(options?.handOut
        ? {
            onBlock: (block) => report({ type: "block", block }),
            // The session wipes its own.
            onKeys: ({ keyBits, aliceKey, bobKey }) =>
              report({ type: "keys", keys: { keyBits, aliceKey: aliceKey.slice(), bobKey: bobKey.slice() } }),
          }
        : {}),
    }),
  unlinkedResult: ([scenario, pair]: Parameters<typeof unlinkedResult>) => unlinkedResult(scenario, pair),
  countPair: ([scenario, link, options]: Parameters<typeof countPair>, control) =>
    countPair(scenario, link, controlled(options, control)),
  countPhotons: ([run, options]: Parameters<typeof countPhotons>, control) =>
    countPhotons(run, controlled(options, control)),
  tracePhase: ([run, options]: Parameters<typeof tracePhase>) => tracePhase(run, options),
  reconcile: ([alice, bob, options]: Parameters<typeof reconcile>, control) =>
    reconcile(alice, bob, controlled(options, control)),
  toeplitzHash: ([seed, key, options]: Parameters<typeof toeplitzHash>) => toeplitzHash(seed, key, options),
  startMicrocomb: ([recipe, key, options]: Parameters<typeof startMicrocomb>, control) =>
    startMicrocomb(recipe, key, controlled<MicrocombRunOptions>(options, control)),
  forecastPair: ([scenario, link]: Parameters<typeof forecastPair>) => forecastPair(scenario, link),
  tolerance: ([scenario, question]: Parameters<typeof tolerance>) => tolerance(scenario, question),
  rateCurve: ([protocols, distancesKm, link, options]: Parameters<typeof rateCurve>, { report }) =>
    rateCurve(protocols, distancesKm, link, { ...options, onPoint: (done, total) => report(done / total) }),
  optimise: (args: Parameters<typeof optimise>) => optimise(...args),
  optimiseAsymptotic: (args: Parameters<typeof optimiseAsymptotic>) => optimiseAsymptotic(...args),
};
