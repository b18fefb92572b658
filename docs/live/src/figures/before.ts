/** Figures that need no photon: comb, noise, phase, rate against distance. */
import * as Plot from "@observablehq/plot";
import { chart, type Drawing } from "../card.ts";
import { percent, scientific, short } from "../format.ts";
import type { Preview, RatePoint } from "../preview.ts";
import type { PairState } from "../run.ts";

/** The lines of the comb, those that carry pairs in colour. */
export function combFigure(width: number, { plan }: Preview): Drawing {
  const lines = plan.comb.lines;
  const used = new Map(plan.links.map(({ pair }) => [pair.line.line, pair.name]));
  const floor = Math.floor((Math.min(...lines.map(({ dbm }) => dbm), 0) - 4) / 10) * 10;
  const ceiling = Math.max(0, ...lines.map(({ dbm }) => dbm)) + 3;
  const wavelengths = plan.links.map(({ pair }) => pair.line.wavelengthNm);
  const kind = plan.comb.kind?.replace("-", " ") ?? "measured comb";
  const caption =
    lines.length === 0
      ? `No comb formed (${kind}): nobody gets a colour, and there are no keys.`
      : `A ${kind} with ${lines.length} lines; ${used.size} of them carry pairs of users, at ${Math.min(...wavelengths).toFixed(1)} to ${Math.max(...wavelengths).toFixed(1)} nm.`;
  const body = chart(width, 230, caption, {
    x: { label: "wavelength, nm", inset: 10, tickFormat: (value: number) => value.toFixed(0), ticks: width / 80 },
    y: { label: "power, dBm", domain: [floor, ceiling], grid: true, ticks: 5 },
    marks: [
      Plot.ruleX(lines, {
        x: "wavelengthNm",
        y1: floor,
        y2: "dbm",
        stroke: (line: { line: number }) => (used.has(line.line) ? "var(--vermilion)" : "var(--grey)"),
        strokeWidth: 2.5,
        strokeLinecap: "round",
      }),
      Plot.ruleY([floor], { stroke: "var(--rule)" }),
    ],
  });
  return { body, caption };
}

/** Frequency noise before and after the locks. */
export function noiseFigure(width: number, { noise }: Preview): Drawing | null {
  if (noise.length === 0) return null;
  const points = noise.flatMap(({ name, colour, points: all }) => all.map((point) => ({ ...point, name, colour })));
  const at = (name: string) => {
    const curve = noise.find((entry) => entry.name === name);
    return curve?.points.find(({ hz }) => hz >= 1e6)?.noise ?? Number.NaN;
  };
  const caption = `At 1 MHz the client laser's noise falls from ${short(at("client, free"))} to ${short(
    at("client, locked"),
  )} Hz²/Hz when it follows its line of the comb.`;
  const body = document.createElement("div");
  body.append(
    chart(width, 240, caption, {
      x: { type: "log", label: "frequency, Hz", tickFormat: "~s", ticks: [1e2, 1e4, 1e6, 1e8] },
      y: { type: "log", label: "noise, Hz²/Hz", grid: true, ticks: decades(points), tickFormat: "~s" },
      marks: [
        Plot.line(points, {
          x: "hz",
          y: "noise",
          z: "name",
          stroke: (point: { colour: string }) => `var(--${point.colour})`,
          strokeWidth: 2,
        }),
        // Lasers of one kind lie on each other: the second one shows through the first.
        Plot.line(
          points.filter(({ name }) => name === "pump, free" || name === "pump, locked"),
          {
            x: "hz",
            y: "noise",
            z: "name",
            stroke: (point: { colour: string }) => `var(--${point.colour})`,
            strokeWidth: 2,
            strokeDasharray: "6 10",
          },
        ),
      ],
    }),
    legend(noise.map(({ name, colour }) => [name, colour])),
  );
  return { body, caption };
}

/** The phase of the two arms, and what tracking leaves of it. */
export function phaseFigure(width: number, { phase }: Preview): Drawing | null {
  if (phase === null) return null;
  const rows = Array.from(phase.timeSeconds, (seconds, i) => ({
    ms: 1000 * seconds,
    phase: phase.phaseRad[i]! / (2 * Math.PI),
    residual: phase.residualRad[i]!,
  }));
  const rms = Math.sqrt(rows.reduce((sum, { residual }) => sum + residual ** 2, 0) / rows.length);
  const turns = Math.abs(rows.at(-1)!.phase - rows[0]!.phase);
  const caption = `The fibres turn the phase ${turns.toFixed(1)} times in ${rows
    .at(-1)!
    .ms.toFixed(0)} ms; the announced estimate leaves ${rms.toFixed(2)} rad.`;
  const body = document.createElement("div");
  body.append(
    chart(width, 120, `Phase before tracking. ${caption}`, {
      marginBottom: 14,
      x: { axis: null },
      y: { label: "before, turns", grid: true, ticks: 4 },
      marks: [Plot.line(rows, { x: "ms", y: "phase", stroke: "var(--blue)", strokeWidth: 2 })],
    }),
    chart(width, 140, `Phase after tracking. ${caption}`, {
      x: { label: "time, ms", ticks: 6 },
      y: { label: "after, rad", domain: [-Math.PI, Math.PI], grid: true, ticks: 3 },
      marks: [
        Plot.ruleY([0], { stroke: "var(--rule)" }),
        Plot.dot(rows, { x: "ms", y: "residual", r: 1.6, fill: "var(--vermilion)" }),
      ],
    }),
  );
  return { body, caption };
}

/** Key rate against distance, with the bound that a link without repeater cannot pass. */
export function rateFigure(
  width: number,
  curve: readonly RatePoint[],
  seen: Preview,
  pairs: readonly PairState[],
): Drawing | null {
  if (curve.length === 0) return null;
  const rates = curve.filter(({ rate }) => rate > 1e-14);
  const bound = curve.filter(({ plob }) => plob !== null && plob > 1e-14 && plob < 1);
  const dots = pairs.flatMap(({ name, result }) =>
    result === undefined || result.keyRatePerPulse <= 0
      ? []
      : [{ name, distanceKm: result.distanceKm, rate: result.keyRatePerPulse }],
  );
  const here = seen.forecasts[0];
  const floor = 1e-10;
  const caption =
    here === undefined || here.keyRatePerPulse <= 0
      ? "No key is to be expected here."
      : `Expected for the first pair: ${scientific(here.keyRatePerPulse)} bits a pulse, ${here.ratioToPlob.toFixed(
          2,
        )} times the bound of a link without repeater (PLOB).`;
  const body = document.createElement("div");
  body.append(
    chart(width, 230, caption, {
      x: { label: "distance, km", domain: [0, 600], ticks: 6 },
      y: {
        type: "log",
        label: "bits a pulse",
        domain: [floor, 1],
        grid: true,
        ticks: [1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1],
        tickFormat: "~e",
        clamp: true,
      },
      marks: [
        Plot.line(bound, { x: "distanceKm", y: "plob", stroke: "var(--grey)", strokeWidth: 2, strokeDasharray: "5 4" }),
        Plot.line(rates, { x: "distanceKm", y: "rate", stroke: "var(--blue)", strokeWidth: 2 }),
        here === undefined || here.keyRatePerPulse <= floor
          ? null
          : Plot.dot([seen.plan.links[0]!], {
              x: (link: { pair: { distanceKm: number } }) => link.pair.distanceKm,
              y: here.keyRatePerPulse,
              r: 6,
              stroke: "var(--blue)",
              strokeWidth: 2,
            }),
        Plot.dot(dots, { x: "distanceKm", y: "rate", r: 3.5, fill: "var(--vermilion)" }),
      ],
    }),
    legend([
      ["expected at these settings", "blue"],
      ["PLOB bound", "grey"],
      ["keys made", "vermilion"],
    ]),
  );
  return { body, caption };
}

/** Powers of ten that span the points, five or so. */
function decades(points: readonly { readonly noise: number }[]): number[] {
  const logs = points.map(({ noise }) => Math.log10(noise));
  const [low, high] = [Math.ceil(Math.min(...logs)), Math.floor(Math.max(...logs))];
  const step = Math.max(1, Math.ceil((high - low) / 5));
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => 10 ** (low + i * step));
}

/** Names beside their colours. */
export function legend(entries: readonly (readonly [name: string, colour: string])[]): Element {
  const list = Object.assign(document.createElement("ul"), { className: "legend" });
  for (const [name, colour] of entries) {
    const item = document.createElement("li");
    const swatch = Object.assign(document.createElement("span"), { className: "swatch" });
    swatch.style.background = `var(--${colour})`;
    item.append(swatch, name);
    list.append(item);
  }
  return list;
}

/** An error rate and its standard error as text. */
export function errorText(wrong: number, accepted: number): string {
  if (accepted === 0) return "–";
  const rate = wrong / accepted;
  return `${percent(rate)} ± ${percent(Math.sqrt((rate * (1 - rate)) / accepted))}`;
}
