/** Three tasks whose speed decides how long a key takes, the same in every browser and in Node. */
import { type CountingRun, countingRun, philoxKey, simulatedKeys, ToeplitzHash, weiming } from "twincomb";
import type { Engine } from "twincomb/engine";

/** One measured speed. */
export interface Speed {
  readonly name: string;
  readonly rate: number;
  readonly unit: string;
}

const TOEPLITZ_BITS = 1 << 23;
const LDPC_BITS = 1 << 20;
const COUNTED_PULSES = 4e10;
/** The best of so many runs counts: what else the machine does only ever slows a run down. */
const RUNS = 5;

interface Task {
  readonly name: string;
  readonly unit: string;
  readonly amount: number;
  run(): Promise<unknown>;
}

async function tasks(engine: Engine): Promise<Task[]> {
  const shape = { inputBits: TOEPLITZ_BITS, outputBits: TOEPLITZ_BITS / 4 };
  const seed = new Uint8Array(Math.ceil(ToeplitzHash.seedBits(shape.inputBits, shape.outputBits, "plain") / 8)).fill(
    0x35,
  );
  seed[seed.length - 1] = 1;
  const key = new Uint8Array(TOEPLITZ_BITS / 8).fill(0xa7);
  const { alice, bob } = simulatedKeys(LDPC_BITS, 0.04, philoxKey("benchmark"), 0);
  const scenario = weiming({ pulses: COUNTED_PULSES, seed: "benchmark" });
  const { links } = await engine.planNetwork(scenario);
  const counting: CountingRun = countingRun(scenario, links[0]!.pair, links[0]!.budget);
  return [
    {
      name: "privacy amplification, 8 Mbit to 2 Mbit",
      unit: "Mbit/s",
      amount: TOEPLITZ_BITS / 1e6,
      run: () => engine.toeplitzHash(seed, key, shape),
    },
    {
      name: "error correction, 1 Mbit at 4 %",
      unit: "Mbit/s",
      amount: LDPC_BITS / 1e6,
      run: () => engine.reconcile({ bits: LDPC_BITS, key: alice }, { bits: LDPC_BITS, key: bob }, { qber: 0.04 }),
    },
    {
      name: "photon counting, weiming",
      unit: "Gpulse/s",
      amount: COUNTED_PULSES / 1e9,
      run: () => engine.countPhotons(counting, { collect: "tallies" }),
    },
  ];
}

/**
 * Measures the three tasks.
 *
 * @param engine - an engine of one worker
 * @param measured - told each speed
 */
export async function measure(engine: Engine, measured: (speed: Speed) => void = () => {}): Promise<Speed[]> {
  const speeds: Speed[] = [];
  for (const { name, unit, amount, run } of await tasks(engine)) {
    let best = Infinity;
    for (let i = 0; i < RUNS; i++) {
      const started = performance.now();
      await run();
      best = Math.min(best, (performance.now() - started) / 1000);
    }
    const speed = { name, unit, rate: amount / best };
    speeds.push(speed);
    measured(speed);
  }
  return speeds;
}
