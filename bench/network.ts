/** The session of one pair of the default preset, in one thread, and the share of each of its stages. */
import { type PairResult, planNetwork, runPair, type StageSeconds, weiming } from "../src/network/index.ts";
import { type BenchRow, benchmark } from "./harness.ts";

const PULSES = 1e12;

/** Ten pairs of 1e12 pulses in half a minute on two cores. */
const GOAL = (10 * PULSES) / 30 / 2 / 1e9;

/** Times the session of the preset's first pair. */
export async function run(): Promise<BenchRow[]> {
  const scenario = weiming({ pulses: PULSES });
  const link = (await planNetwork(scenario)).links[0]!;
  let quickest: PairResult | undefined;
  const rows = await benchmark("network", [
    {
      name: "paired session of one pair, 1e12 pulses",
      units: PULSES,
      rate: ["Gpulse/s", 1e9],
      goal: GOAL,
      minSamples: 3,
      run: async () => {
        const result = await runPair(scenario, link);
        if (!result.keysIdentical) throw new Error("the session made no key");
        if (quickest === undefined || total(result) < total(quickest)) quickest = result;
      },
    },
  ]);
  const all = total(quickest!);
  for (const [field, seconds] of Object.entries(quickest!.stageSeconds)) {
    const share = ((100 * seconds) / all).toFixed(1).padStart(5);
    console.log(`  ${field.replace("Seconds", "").padEnd(12)} ${seconds.toFixed(3)} s ${share} %`);
  }
  return rows;
}

function total({ stageSeconds }: PairResult): number {
  return Object.values<number>(stageSeconds satisfies StageSeconds).reduce((sum, seconds) => sum + seconds, 0);
}
