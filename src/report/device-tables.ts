/**
 * Device models as tables for a terminal.
 *
 * @module
 */
import type { PhaseBudgetEntry, WaferReport } from "../devices/index.ts";
import type { PlannedComb } from "../network/plan/comb-source.ts";
import type { LockSummary } from "../network/plan/noise-spectra.ts";
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
 * @param comb - from `startComb`
 */
export function combTable(comb: PlannedComb): string {
  const rows = table(["line", "nm", "dBm", "linewidth Hz"]);
  for (const { line, wavelengthNm, dbm, linewidthHz } of comb.lines) {
    rows.push([line, wavelengthNm.toFixed(3), dbm.toFixed(2), linewidthHz.toPrecision(3)]);
  }
  const shown = (value: number | null, digits = 3) => (value === null ? "-" : value.toPrecision(digits));
  const milliwatts = (watts: number | null) => `${shown(watts === null ? null : 1e3 * watts)} mW`;
  const figures =
    comb.source === "measured"
      ? `measured, ${comb.lines.length} lines`
      : `${comb.kind}, ${comb.lines.length} lines within 40 dB, detuning ${shown(comb.detuning, 4)}, start ${comb.attempts}\n` +
        `pump ${milliwatts(comb.pumpWatts)} (threshold ${milliwatts(comb.thresholdWatts)}), ` +
        `conversion ${percent(comb.conversion)}, fluctuation ${scientific(comb.fluctuation)}`;
  return [rows.toString(), "", figures].join("\n");
}

/**
 * All locks of a network.
 *
 * @param summary - from `lockSummary`
 */
export function lockTable({ selfInjection, clients, unlocked }: LockSummary): string {
  const hertz = (value: number) => `${value.toPrecision(4)} Hz`;
  const parts: string[] = [];
  if (selfInjection !== null) {
    const pump = table(["pump laser on the ring", ""]);
    pump.push(["locking range", hertz(selfInjection.lockingRangeHz)]);
    pump.push(["stabilisation", selfInjection.stabilisation.toPrecision(4)]);
    pump.push(["locked linewidth, own noise", hertz(selfInjection.lockedLinewidthHz)]);
    pump.push(["thermal fluctuation of the ring", hertz(selfInjection.thermorefractiveDeviationHz)]);
    pump.push(["intrinsic linewidth", hertz(selfInjection.intrinsicLinewidthHz)]);
    parts.push(pump.toString(), "");
  }
  const rows = table([
    "client",
    "line",
    "injected",
    "lock range MHz",
    "corner MHz",
    "rad^2",
    "linewidth",
    "slips every",
  ]);
  const mega = (value: number) => (value / 1e6).toFixed(0);
  for (const one of clients) {
    rows.push([
      one.client,
      one.line,
      `${(10 * Math.log10(1e3 * one.injectedWatts)).toFixed(1)} dBm`,
      `${mega(one.rangeHz[0])} to ${mega(one.rangeHz[1])}`,
      mega(one.cornerHz),
      one.trackingVariance.toExponential(2),
      `${one.intrinsicLinewidthHz.toFixed(1)} Hz`,
      `1e${one.slipTimeLog10Seconds.toFixed(0)} s`,
    ]);
  }
  parts.push(rows.toString());
  for (const { name, reason } of unlocked) parts.push(`${name}: ${reason}`);
  return parts.join("\n");
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
