/**
 * Runs benny suites and reports what a physicist wants to know: a physical rate, the goal, the ratio to it and the
 * ratio to the first case. Best and median are printed because the margin of a mean hides a busy machine.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import b from "benny";

/** One thing to time. */
export interface BenchCase {
  /** What is timed, with its size: `hash 2^20 bits, seed kept`. */
  readonly name: string;
  /** One timed call. */
  readonly run: () => void | Promise<void>;
  /** Physical units done by one call, for example bits hashed. */
  readonly units: number;
  /** The rate's unit and how many units make one of it: `["Mbit/s", 1e6]`. */
  readonly rate: readonly [string, number];
  /** The rate to reach, in `rate`'s unit. */
  readonly goal?: number;
  /** Called after timing; throws when the timed work's result is wrong. */
  readonly check?: () => void;
  /** Least number of timed samples; 7 unless told. */
  readonly minSamples?: number;
}

/** What came out of one case; rates in the case's unit. */
export interface BenchRow {
  readonly suite: string;
  readonly name: string;
  readonly unit: string;
  readonly best: number;
  readonly median: number;
  readonly goal: number | undefined;
  readonly samples: number;
}

const SECONDS_PER_CASE = 1;

/**
 * Times every case and prints one line for each.
 *
 * @param suite - the suite's name
 * @param cases - what to time; ratios are taken to the first
 * @returns one row a case
 */
export async function benchmark(suite: string, cases: readonly BenchCase[]): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  console.log(`\n${suite}`);
  for (const one of cases) {
    // V8 runs a first call in its baseline compiler; without a warm-up that call decides short suites.
    await one.run();
    await one.run();
    const isAsync = one.run() instanceof Promise;
    const summary = await b.suite(
      suite,
      b.add(one.name, isAsync ? async () => await one.run() : () => void one.run(), {
        minSamples: one.minSamples ?? 7,
        maxTime: SECONDS_PER_CASE,
      }),
    );
    one.check?.();
    const details = summary.results[0]!.details;
    const [unit, scale] = one.rate;
    const rate = (seconds: number) => one.units / seconds / scale;
    const row: BenchRow = {
      suite,
      name: one.name,
      unit,
      best: rate(details.min),
      median: rate(details.median),
      goal: one.goal,
      samples: summary.results[0]!.samples,
    };
    rows.push(row);
    const goal =
      row.goal === undefined ? "" : `  goal ${row.goal.toPrecision(3)} (x${(row.median / row.goal).toFixed(2)})`;
    const first = rows[0]!;
    const ratio =
      first === row || first.unit !== unit ? "" : `  x${(row.median / first.median).toPrecision(3)} of the first`;
    console.log(`  ${row.name.padEnd(52)} ${figure(row.median)} ${unit} (best ${figure(row.best)})${goal}${ratio}`);
  }
  return rows;
}

/**
 * Writes all rows with the machine they were measured on.
 *
 * @param rows - the rows of every suite
 */
export function save(rows: readonly BenchRow[]): void {
  const folder = fileURLToPath(new URL("../../results/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  const [one] = loadavg();
  const cores = cpus();
  const machine = {
    cpu: cores[0]?.model,
    cores: cores.length,
    node: process.version,
    v8: process.versions.v8,
    load: one,
  };
  writeFileSync(`${folder}latest.json`, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
  console.log(`\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${one?.toFixed(2)}`);
  if (one !== undefined && one > cores.length / 2 + 1)
    console.log("The machine was busy: do not keep these figures as a baseline.");
}

function figure(value: number): string {
  return value.toPrecision(4).padStart(9);
}
