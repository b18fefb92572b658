/**
 * Device models as tables for a terminal.
 *
 * @module
 */
import type { CombReport, LockReport, PhaseBudgetEntry, WaferReport } from "../devices/index.ts";
import { percent, scientific, table } from "./table.ts";

/** A phase budget beside published scenarios. */
export interface PhaseReport {
  /** Both clients' names. */
  readonly pair: string;
  /** X error of everything together. */
  readonly expectedErrorX: number;
  /** What each device costs. */
  readonly contributions: readonly PhaseBudgetEntry[];
  /** Scenarios of Bertaina et al.: frame length at which the residual phase reaches 0.2 rad. */
  readonly publishedScenarios: readonly {
    readonly name: string;
    readonly frameSeconds: number;
    readonly rad2: number;
  }[];
}

/**
 * The comb's lines.
 *
 * @param report - from `combReport`
 */
export function combTable(report: CombReport): string {
  const rows = table(["line", "nm", "dBm", "linewidth Hz"]);
  for (const { line, wavelengthNm, dbm, linewidthHz } of report.lines) {
    rows.push([line, wavelengthNm.toFixed(3), dbm.toFixed(2), linewidthHz.toPrecision(3)]);
  }
  return [
    rows.toString(),
    "",
    `${report.kind}, ${report.lines.length} lines within 30 dB, detuning ${report.detuning.toPrecision(4)}, start ${report.attempts}`,
    `pump ${(1e3 * report.pumpWatts).toPrecision(3)} mW (threshold ${(1e3 * report.thresholdWatts).toPrecision(3)} mW), ` +
      `conversion ${percent(report.conversion)}, fluctuation ${scientific(report.fluctuation)}`,
  ].join("\n");
}

/**
 * Both locks.
 *
 * @param report - from `lockReport`
 */
export function lockTable({ selfInjection, injection }: LockReport): string {
  const rows = table(["", "self-injection of the pump", "injection of a client"]);
  const hertz = (value: number) => `${value.toPrecision(4)} Hz`;
  const [low, high] = injection.rangeHz;
  rows.push(["locking range", hertz(selfInjection.lockingRangeHz), `${low.toPrecision(4)} to ${hertz(high)}`]);
  rows.push(["stabilisation", selfInjection.stabilisation.toPrecision(4), "-"]);
  rows.push(["corner", "-", hertz(injection.cornerHz)]);
  rows.push(["locked linewidth, own noise", hertz(selfInjection.lockedLinewidthHz), "-"]);
  rows.push(["thermal fluctuation of the ring", hertz(selfInjection.thermorefractiveDeviationHz), "-"]);
  rows.push(["intrinsic linewidth", hertz(selfInjection.intrinsicLinewidthHz), hertz(injection.intrinsicLinewidthHz)]);
  rows.push(["phase variance to the comb line", "-", `${injection.trackingVariance.toExponential(2)} rad^2`]);
  rows.push(["mean time between slips", "-", `1e${injection.slipTimeLog10Seconds.toFixed(0)} s`]);
  return rows.toString();
}

/**
 * A phase budget.
 *
 * @param report - contributions and published scenarios
 */
export function phaseTable({ pair, expectedErrorX, contributions, publishedScenarios }: PhaseReport): string {
  const rows = table(["contribution", "kind", "rad^2", "X error"]);
  for (const { contribution, kind, rad2, xError } of contributions) {
    rows.push([contribution, kind, rad2.toExponential(2), percent(xError)]);
  }
  rows.push([`${pair} together`, "", "", percent(expectedErrorX)]);
  const published = table(["Bertaina et al., 100 km arms", "frame at 0.2 rad"]);
  for (const { name, frameSeconds } of publishedScenarios)
    published.push([name, `${(1e3 * frameSeconds).toPrecision(4)} ms`]);
  return `${rows.toString()}\n\n${published.toString()}`;
}

const YIELD_NAMES = {
  modulators: "working modulators",
  usable: "usable chips",
  passing: "chips within specification",
  complete: "wafers with enough chips",
};

/**
 * Yields and spreads of wafers.
 *
 * @param report - from `waferReport`
 */
export function waferTable(report: WaferReport): string {
  const rows = table(["property", "mean", "standard deviation"]);
  for (const { property, mean, deviation } of report.properties) {
    rows.push([property, mean.toPrecision(4), deviation.toPrecision(3)]);
  }
  const yields = table(["yield", "estimate", "95 % interval"]);
  for (const name of ["modulators", "usable", "passing", "complete"] as const) {
    const { share, low, high } = report[name];
    yields.push([YIELD_NAMES[name], percent(share), `${percent(low)} to ${percent(high)}`]);
  }
  return `${rows.toString()}\n\n${yields.toString()}`;
}
