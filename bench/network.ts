/** The session of one pair and its two halves, in one thread. */
import { distill } from "../src/distillation/distill.ts";
import {
  agreedTerms,
  countingRun,
  keepNotebooks,
  type Notebooks,
  planNetwork,
  runPair,
  userSide,
  weiming,
} from "../src/network/index.ts";
import { type BenchRow, benchmark } from "./harness.ts";

const PULSES = 1e11;
const RATE = ["Gpulse/s", 1e9] as const;

/** Ten pairs of 1e12 pulses in half a minute on two cores. */
const GOAL = (10 * 1e12) / 30 / 2 / 1e9;

/** Times the session of the preset's first pair. */
export async function run(): Promise<BenchRow[]> {
  const scenario = weiming({ pulses: PULSES });
  const link = (await planNetwork(scenario)).links[0]!;
  const { pair, budget } = link;
  const numbers = countingRun(scenario, pair, budget);
  const terms = agreedTerms(scenario, pair);
  const notebooks: Notebooks = await keepNotebooks(numbers);
  const cases = [
    {
      name: "session of one pair, 1e11 pulses",
      goal: GOAL,
      run: async () => {
        const { keysIdentical } = await runPair(scenario, link);
        if (!keysIdentical) throw new Error("the session made no key");
      },
    },
    {
      name: "counting alone, 1e11 pulses",
      run: async () => {
        await keepNotebooks(numbers);
      },
    },
    {
      name: "distillation alone, both sides, 1e11 pulses",
      run: async () => {
        const sides = [notebooks.alice, notebooks.bob].map((records) => userSide(scenario, pair, records));
        await distill(terms, sides[0]!, sides[1]!, notebooks.server);
      },
    },
  ];
  return benchmark(
    "network",
    cases.map((one) => ({ ...one, units: PULSES, rate: RATE })),
  );
}
