/**
 * The same scenario under many seeds: what every figure of a result is on average, and how far it scatters.
 *
 * A seed decides everything that is left to chance, the clients' chips included; the spread over seeds is therefore
 * that of nominally equal networks, not of one network that runs again and again. The r-th run has the scenario's
 * seed with `/r` behind it, r = 1 ... k, and can be repeated alone with that seed.
 *
 * @module
 */
import { wholeInRange } from "../errors.ts";
import { type NetworkResult, rounded } from "./result.ts";
import type { Scenario } from "./scenario/scenario.ts";

/** A figure over many runs. */
export interface FigureSpread {
  /** Number of runs that have the figure: a pair without key has no error rate after pairing, for example. */
  readonly runs: number;
  /** Their mean. */
  readonly mean: number;
  /** Their standard deviation, $\sqrt{\sum(x-\bar x)^2/(n-1)}$; null for a single run. */
  readonly standardDeviation: number | null;
  /** Smallest value. */
  readonly minimum: number;
  /** Largest value. */
  readonly maximum: number;
}

/**
 * Figures by their place in the result: `secretBits`, `bounds.phaseError`; entries of a list by their name,
 * `account.bits.error correction.bits`.
 */
export type Figures = Readonly<Record<string, FigureSpread>>;

/** One pair over many runs. */
export interface PairReplicates {
  /** Both clients' names. */
  readonly name: string;
  /** Number of runs in which both sides held the same verified key. */
  readonly keys: number;
  /** Every number of the pair's result. */
  readonly figures: Figures;
}

/** A scenario over many seeds. */
export interface Replicates {
  /** Version of this package. */
  readonly version: string;
  /** See `STREAM_VERSION`. */
  readonly streamVersion: number;
  /** Name of the scenario. */
  readonly scenario: string;
  /** The scenario's own seed, which no run has. */
  readonly seed: string;
  /** Seed of each run. */
  readonly seeds: readonly string[];
  /** Quantum slots of each pair in each run. */
  readonly pulses: number;
  /** Wall time of all runs, s. */
  readonly elapsedSeconds: number;
  /** One entry a pair, in the scenario's order. */
  readonly pairs: readonly PairReplicates[];
  /** Totals of the network. */
  readonly total: { readonly figures: Figures };
}

/** Most runs of one call. */
const MOST_REPLICATES = 1_000_000;

/**
 * The seeds of the runs: `seed/1` to `seed/k`.
 *
 * @param seed - the scenario's
 * @param count - k, a whole number from 1
 * @throws {@link TwincombError} `invalid-input` when the number is not whole or not positive
 */
export function replicateSeeds(seed: string, count: number): string[] {
  wholeInRange("replicates", count, 1, MOST_REPLICATES);
  return Array.from({ length: count }, (_, r) => `${seed}/${r + 1}`);
}

/**
 * Runs a scenario under k seeds, one run after the other.
 *
 * @param scenario - a checked scenario
 * @param count - k, a whole number from 1
 * @param run - runs one scenario, usually by `simulate`; told the number of the run, from 0
 * @returns mean, standard deviation and range of every figure
 * @throws {@link TwincombError} `invalid-input` when the number is not whole or not positive; whatever `run` throws
 */
export async function replicate(
  scenario: Scenario,
  count: number,
  run: (scenario: Scenario, index: number) => Promise<NetworkResult>,
): Promise<Replicates> {
  const seeds = replicateSeeds(scenario.seed, count);
  const results: NetworkResult[] = [];
  for (const [index, seed] of seeds.entries()) results.push(await run({ ...scenario, seed }, index));
  const [first] = results;
  return rounded({
    version: first!.version,
    streamVersion: first!.streamVersion,
    scenario: scenario.name,
    seed: scenario.seed,
    seeds,
    pulses: scenario.pulses,
    elapsedSeconds: results.reduce((sum, { elapsedSeconds }) => sum + elapsedSeconds, 0),
    pairs: first!.pairs.map(({ name }, index) => {
      const pairs = results.map((result) => result.pairs[index]!);
      return { name, keys: pairs.filter((pair) => pair.keysIdentical).length, figures: figuresOf(pairs) };
    }),
    total: { figures: figuresOf(results.map(({ total }) => total)) },
  });
}

/**
 * Mean, scatter and range of some numbers.
 *
 * @param values - at least one number
 */
export function spreadOf(values: readonly number[]): FigureSpread {
  const runs = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / runs;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    runs,
    mean,
    standardDeviation: runs > 1 ? Math.sqrt(squares / (runs - 1)) : null,
    // No spread of the arguments: there may be more runs than a call can take.
    minimum: values.reduce((least, value) => Math.min(least, value), Infinity),
    maximum: values.reduce((most, value) => Math.max(most, value), -Infinity),
  };
}

function figuresOf(results: readonly object[]): Figures {
  const found = new Map<string, number[]>();
  for (const result of results) {
    for (const [path, value] of numbersOf(result)) {
      const values = found.get(path);
      if (values === undefined) found.set(path, [value]);
      else values.push(value);
    }
  }
  return Object.fromEntries([...found].map(([path, values]) => [path, spreadOf(values)]));
}

/** What it took to compute something is no figure of the experiment. */
const TIMING = /Seconds$|PerSecond/;

/** Every number of a JSON value with its path. */
function* numbersOf(value: unknown, path: readonly string[] = []): Generator<[path: string, value: number]> {
  if (typeof value === "number") yield [path.join("."), value];
  if (typeof value !== "object" || value === null) return;
  for (const [key, entry] of Object.entries(value)) {
    const named = typeof entry === "object" && entry !== null && "name" in entry ? String(entry.name) : key;
    if (!TIMING.test(key)) yield* numbersOf(entry, [...path, named]);
  }
}
