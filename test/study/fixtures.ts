import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Scenario, weiming } from "../../src/network/index.ts";

/** A study of twelve cheap points. */
export const REACH = {
  version: 1,
  name: "reach",
  scenario: "weiming",
  compute: { kind: "key-rate" },
  axes: [
    { path: "fibre.lossDbPerKm", values: ["0.16 dB/km", 0.18, 0.2] },
    { path: "clients.*.upLinkKm", linear: { from: "50 km", to: "200 km", points: 4 } },
  ],
} as const;

/** A folder that goes with the test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "twincomb-study-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** The preset with a comb as if somebody had measured it, which need not be started by simulation. */
export function measuredComb(): Scenario {
  const base = weiming();
  const { pumpWavelengthNm, spacingGhz } = base.comb;
  const lines = base.pairs.map(({ line }) => ({ line: line!, dbm: 0 }));
  return { ...base, comb: { pumpWavelengthNm, spacingGhz, measured: { linewidthHz: 100, lines } } };
}
