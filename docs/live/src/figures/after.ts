/** Figures of a run: clicks, X error, the account of the keys, and the keys. */
import * as Plot from "@observablehq/plot";
import { chart, type Drawing } from "../card.ts";
import { count, percent, scientific } from "../format.ts";
import type { Preview } from "../preview.ts";
import type { PairState, RunState } from "../run.ts";
import { errorText, legend } from "./before.ts";

/** X error of the published experiment's pairs. */
const PUBLISHED_ERROR = [0.029, 0.042] as const;
const ROW = 22;

/** Clicks of every pair so far. */
export function clicksFigure(width: number, { pairs, scenario }: RunState): Drawing {
  const rows = pairs.map(({ name, counts }) => ({
    name,
    clicks: counts?.clicks ?? 0,
    expected: counts === undefined || counts.pulses === 0 ? 0 : (counts.clicks / counts.pulses) * scenario.pulses,
  }));
  const most = Math.max(1, ...rows.map(({ expected }) => expected));
  const total = rows.reduce((sum, { clicks }) => sum + clicks, 0);
  const pulses = pairs.reduce((sum, { counts }) => sum + (counts?.pulses ?? 0), 0);
  const caption = `${count(total)} clicks out of ${scientific(Math.max(1, pulses))} pulses so far.`;
  const body = chart(width, 60 + ROW * rows.length, caption, {
    marginLeft: 66,
    x: { label: "clicks", domain: [0, most], ticks: 4, tickFormat: "~s", grid: true },
    y: { label: null, domain: rows.map(({ name }) => name), tickSize: 0, padding: 0.35 },
    marks: [
      Plot.barX(rows, { y: "name", x: "expected", fill: "var(--shade)" }),
      Plot.barX(rows, { y: "name", x: "clicks", fill: "var(--blue)" }),
    ],
  });
  return { body, caption };
}

/** Errors in the phase slices with their uncertainty, which shrinks as clicks come in. */
export function errorFigure(width: number, { pairs }: RunState, seen: Preview | null): Drawing | null {
  const rows = pairs.flatMap(({ name, counts }, index) => {
    const { accepted, wrong } = counts?.slices ?? { accepted: 0, wrong: 0 };
    if (accepted < 10) return [];
    const rate = wrong / accepted;
    const sigma = Math.sqrt(Math.max(rate * (1 - rate), 1 / accepted) / accepted);
    return [{ name, rate, low: Math.max(0, rate - sigma), high: rate + sigma, budget: seen?.forecasts[index]?.qberX }];
  });
  if (rows.length === 0) return null;
  const all = pairs.reduce(
    (sum, { counts }) => ({
      accepted: sum.accepted + (counts?.slices.accepted ?? 0),
      wrong: sum.wrong + (counts?.slices.wrong ?? 0),
    }),
    { accepted: 0, wrong: 0 },
  );
  const most = Math.min(0.5, Math.max(0.06, ...rows.map(({ high }) => high * 1.1)));
  const caption = `All pairs together: ${errorText(all.wrong, all.accepted)} of ${count(
    all.accepted,
  )} accepted clicks are wrong. Shaded: what the experiment published.`;
  const body = document.createElement("div");
  body.append(
    chart(width, 60 + ROW * pairs.length, caption, {
      marginLeft: 66,
      x: { label: "X error, %", domain: [0, 100 * most], grid: true, ticks: 5 },
      y: { type: "band", label: null, domain: pairs.map(({ name }) => name), tickSize: 0 },
      marks: [
        Plot.rectX([0], {
          x1: 100 * PUBLISHED_ERROR[0],
          x2: 100 * PUBLISHED_ERROR[1],
          fill: "var(--shade)",
        }),
        Plot.tickX(
          rows.filter(({ budget }) => budget !== undefined),
          { y: "name", x: (row: { budget: number }) => 100 * row.budget, stroke: "var(--grey)", strokeWidth: 2 },
        ),
        Plot.ruleY(rows, {
          y: "name",
          x1: (row: { low: number }) => 100 * row.low,
          x2: (row: { high: number }) => 100 * row.high,
          stroke: "var(--vermilion)",
          strokeWidth: 2,
        }),
        Plot.dot(rows, { y: "name", x: (row: { rate: number }) => 100 * row.rate, r: 4, fill: "var(--vermilion)" }),
      ],
    }),
    legend([
      ["measured", "vermilion"],
      ["expected", "grey"],
    ]),
  );
  return { body, caption };
}

/** From raw bits to secret ones, all pairs together. */
export function accountFigure(width: number, { pairs }: RunState): Drawing | null {
  const sum = (pick: (state: PairState) => number | null | undefined) =>
    pairs.reduce((total, state) => total + (pick(state) ?? 0), 0);
  const raw = sum(({ account }) => account?.rawBits);
  if (raw === 0) return null;
  const paired = sum(({ account }) => account?.pairedBits);
  const leaked = sum(({ account }) => account?.leakedBits);
  const secret = sum(({ account }) => account?.secretBits);
  const hashed = secret > 0 ? Math.max(0, paired - leaked - secret) : 0;
  const steps = [
    { row: "raw", part: "raw bits", bits: raw, colour: "grey" },
    { row: "corrected", part: "secret", bits: secret, colour: "green" },
    { row: "corrected", part: "disclosed to correct errors", bits: Math.min(leaked, paired), colour: "amber" },
    { row: "corrected", part: "hashed away", bits: hashed, colour: "purple" },
    {
      row: "corrected",
      part: "still to come",
      bits: Math.max(0, paired - secret - leaked - hashed),
      colour: "shade",
    },
  ].filter(({ bits }) => bits > 0);
  const caption = `${count(raw)} raw bits; ${count(paired)} kept for error correction, ${count(
    leaked,
  )} disclosed, ${count(secret)} secret.`;
  const body = document.createElement("div");
  body.append(
    chart(width, 130, caption, {
      marginLeft: 76,
      x: { label: "bits", tickFormat: "~s", ticks: 5, grid: true },
      y: { label: null, domain: ["raw", "corrected"], tickSize: 0, padding: 0.3 },
      marks: [
        Plot.barX(steps, {
          y: "row",
          x: "bits",
          fill: (step: { colour: string }) => `var(--${step.colour})`,
          insetRight: 1,
        }),
      ],
    }),
    legend([
      ["raw", "grey"],
      ["secret", "green"],
      ["disclosed to correct errors", "amber"],
      ["hashed away", "purple"],
    ]),
  );
  return { body, caption };
}

/** Both users' keys of every pair as pictures of their digests. */
export function keysFigure({ pairs, result }: RunState): Drawing {
  const body = Object.assign(document.createElement("ul"), { className: "keys" });
  for (const { name, result: pair } of pairs) {
    const item = document.createElement("li");
    item.dataset["state"] = pair === undefined ? "waiting" : pair.keysIdentical ? "identical" : "none";
    const title = Object.assign(document.createElement("h3"), { textContent: name });
    const prints = Object.assign(document.createElement("div"), { className: "prints" });
    prints.append(fingerprint(pair?.aliceKeySha256 ?? null), fingerprint(pair?.bobKeySha256 ?? null));
    const digest = Object.assign(document.createElement("code"), {
      textContent: pair?.aliceKeySha256?.slice(0, 12) ?? "·".repeat(12),
      title: pair?.aliceKeySha256 ?? "",
    });
    const verdict = Object.assign(document.createElement("p"), {
      textContent:
        pair === undefined
          ? "waiting"
          : pair.keysIdentical
            ? `${count(pair.secretBits)} bits, identical`
            : `no key: ${pair.reason ?? "the two differ"}`,
    });
    item.append(title, prints, digest, verdict);
    body.append(item);
  }
  const identical = pairs.filter(({ result: pair }) => pair?.keysIdentical).length;
  const caption =
    result === undefined
      ? `${identical} of ${pairs.length} pairs have their keys so far.`
      : `${identical} of ${pairs.length} pairs hold identical keys, ${count(
          result.total.secretBits,
        )} secret bits in all, over ${count(result.total.networkingCapabilityKm)} km together.`;
  return { body, caption };
}

/** A digest as a square of eight by eight cells; equal digests look equal. */
function fingerprint(digest: string | null): Element {
  const size = 8;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("aria-hidden", "true");
  if (digest === null) return svg;
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  let d = "";
  for (let i = 0; i < size * size; i++) {
    if ((Number.parseInt(digest[i >> 2]!, 16) >> (i & 3)) & 1) d += `M${i % size} ${Math.floor(i / size)}h1v1h-1z`;
  }
  path.setAttribute("d", d);
  svg.append(path);
  return svg;
}

/** All figures of all pairs in numbers. */
export function resultTable({ pairs }: RunState): Element {
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const title of ["pair", "nm", "X error", "Z error", "raw bits", "secret bits", "bits a pulse", "× PLOB"]) {
    head.append(Object.assign(document.createElement("th"), { textContent: title, scope: "col" }));
  }
  const body = table.createTBody();
  for (const { name, result } of pairs) {
    if (result === undefined) continue;
    const row = body.insertRow();
    row.append(Object.assign(document.createElement("th"), { textContent: name, scope: "row" }));
    const cells = [
      result.wavelengthNm?.toFixed(2) ?? "–",
      result.qberX === null ? "–" : percent(result.qberX),
      result.qberZPaired === null ? "–" : percent(result.qberZPaired),
      count(result.rawBits),
      count(result.secretBits),
      result.keyRatePerPulse > 0 ? scientific(result.keyRatePerPulse) : "0",
      result.ratioToPlob.toFixed(3),
    ];
    for (const text of cells) row.insertCell().textContent = text;
  }
  return table;
}
