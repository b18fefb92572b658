/** One run of the network, event by event. */
import type {
  AccountEvent,
  CountsEvent,
  NetworkProgress,
  NetworkResult,
  PairResult,
  PhaseEvent,
  Scenario,
} from "twincomb";
import type { Engine } from "twincomb/engine";

/** What is known of one pair so far. */
export interface PairState {
  readonly name: string;
  counts?: CountsEvent;
  account?: AccountEvent;
  phase?: PhaseEvent;
  result?: PairResult;
}

/** What is known of a run so far. */
export interface RunState {
  readonly scenario: Scenario;
  pairs: PairState[];
  progress?: NetworkProgress;
  result?: NetworkResult;
}

/** What has changed since it was last told. */
export type Changed = "progress" | "counts" | "account" | "phase" | "pair" | "plan" | "result";

/**
 * Runs a network and keeps its state.
 *
 * @param engine - the workers
 * @param scenario - what to run
 * @param signal - stops it
 * @param changed - told what has changed; the newest state is all there is, so a page that draws slowly misses nothing
 */
export async function runNetwork(
  engine: Engine,
  scenario: Scenario,
  signal: AbortSignal,
  changed: (state: RunState, what: Changed) => void,
): Promise<RunState> {
  const state: RunState = { scenario, pairs: scenario.pairs.map(({ alice, bob }) => ({ name: `${alice}-${bob}` })) };
  for await (const event of engine.simulate(scenario, { signal })) {
    switch (event.type) {
      case "plan":
        state.pairs = event.plan.links.map(({ pair }) => ({ name: pair.name }));
        break;
      case "progress":
        state.progress = event;
        break;
      case "result":
        state.result = event.result;
        break;
      case "stage":
        continue;
      case "pair":
        state.pairs[event.index]!.result = event.result;
        break;
      case "counts":
        state.pairs[event.index]!.counts = event;
        break;
      case "account":
        state.pairs[event.index]!.account = event;
        break;
      case "phase":
        state.pairs[event.index]!.phase = event;
        break;
    }
    changed(state, event.type);
  }
  return state;
}
