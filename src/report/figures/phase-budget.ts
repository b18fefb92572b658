/**
 * What each device contributes to the X error of each pair, as stacked bars.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import type { Contribution } from "../../devices/index.ts";
import type { ReportFacts } from "../facts.ts";
import type { Figure } from "../figure.ts";
import { percentText } from "../number-text.ts";
import { colour, type DataColour } from "../theme.ts";
import { layOutRows } from "./pair-rows.ts";

/** Contributions that are shown as one, in the order in which light meets them. */
interface Group {
  readonly label: GroupName;
  readonly colour: DataColour;
  /** Hatched in the paper's colour, so that no two neighbours differ by colour alone. */
  readonly hatched: boolean;
}

type GroupName =
  | "lasers and locks"
  | "modulators"
  | "pulse and polarisation"
  | "interferometer"
  | "phase tracking"
  | "slice width"
  | "noise counts";

const GROUPS: readonly Group[] = [
  { label: "lasers and locks", colour: "blue", hatched: false },
  { label: "modulators", colour: "amber", hatched: true },
  { label: "pulse and polarisation", colour: "purple", hatched: false },
  { label: "interferometer", colour: "sky", hatched: true },
  { label: "phase tracking", colour: "vermilion", hatched: false },
  { label: "slice width", colour: "grey", hatched: true },
  { label: "noise counts", colour: "green", hatched: false },
];

const GROUP_OF: Readonly<Record<Contribution, GroupName>> = {
  comb: "lasers and locks",
  lock: "lasers and locks",
  neighbourLines: "lasers and locks",
  modulatorPhase: "modulators",
  extinction: "modulators",
  intensityMismatch: "modulators",
  pulseMismatch: "pulse and polarisation",
  polarisationMismatch: "pulse and polarisation",
  receiver: "interferometer",
  driftInWindow: "phase tracking",
  referenceShotNoise: "phase tracking",
  fibreResidual: "phase tracking",
  residualShotNoise: "phase tracking",
  slice: "slice width",
  noiseCounts: "noise counts",
};

/** X error of a phase variance, and back. */
const errorOf = (rad2: number): number => (1 - Math.exp(-rad2 / 2)) / 2;
const rad2Of = (error: number): number => -2 * Math.log(1 - 2 * error);
/** X errors beyond are off any scale. */
const MOST_ERROR = 0.499;

/**
 * The phase budgets of all pairs.
 *
 * @param facts - pairs with their plans
 */
export function phaseBudgetFigure({ pairs }: ReportFacts): Figure {
  const rows = layOutRows(
    pairs.flatMap(({ link, result }) =>
      link === undefined ? [] : [{ name: result.name, budget: link.budget, counted: result.qberX }],
    ),
  );
  const parts = rows.shown.flatMap(({ name, budget }) =>
    GROUPS.map((group) => ({
      name,
      group: group.label,
      rad2: budget.phaseBudget
        .filter(({ contribution }) => GROUP_OF[contribution] === group.label)
        .reduce((sum, entry) => sum + entry.rad2, 0),
    })),
  );
  const counted = rows.shown.flatMap(({ name, counted: error }) =>
    error === null || error > MOST_ERROR ? [] : [{ name, rad2: rad2Of(error), error }],
  );
  const totals = rows.shown.map(({ budget }) => budget.phaseBudget.reduce((sum, { rad2 }) => sum + rad2, 0));
  const most = [...totals, ...counted.map(({ rad2 }) => rad2)].reduce((a, b) => Math.max(a, b), 1e-6) * 1.05;
  const errorTicks = niceErrors(errorOf(most));
  const share = (group: Group) => {
    const sum = parts.filter((part) => part.group === group.label).reduce((total, { rad2 }) => total + rad2, 0);
    return `${group.label} ${percentText(
      sum /
        Math.max(
          Number.MIN_VALUE,
          totals.reduce((a, b) => a + b, 0),
        ),
      0,
    )}`;
  };
  return {
    panels: [
      {
        name: "phase-budget",
        title: "Phase budget of every pair by cause",
        description: `Stacked bars of phase variance. Shares over all pairs: ${GROUPS.map(share).join(", ")}.`,
        definitions: (suffix) => GROUPS.map((group) => pattern(group, suffix)).join(""),
        options: (width, narrow) => ({
          width,
          ...rows.layout,
          // A second axis stands above the rows.
          height: rows.layout.height + 26,
          marginTop: 48,
          x: { domain: [0, most], label: "phase variance (rad²)" },
          y: { type: "band", domain: rows.shown.map(({ name }) => name), padding: rows.rowHeight > 12 ? 0.25 : 0.05 },
          color: {
            domain: GROUPS.map(({ label }) => label),
            range: GROUPS.map((group) => fill(group, narrow ? "narrow" : "wide")),
          },
          marks: [
            Plot.gridX({ stroke: colour("rule"), strokeOpacity: 1, ticks: narrow ? 4 : 10 }),
            Plot.axisX({ ticks: narrow ? 4 : 10 }),
            Plot.axisX(errorTicks.map(rad2Of), {
              anchor: "top",
              label: "X error of that variance (%)",
              tickFormat: (rad2: number) => String(Number((100 * errorOf(rad2)).toPrecision(3))),
            }),
            rows.axis,
            Plot.barX(parts, {
              x: "rad2",
              y: "name",
              fill: "group",
              order: GROUPS.map(({ label }) => label),
              insetRight: 0.6,
              title: ({ name, group, rad2 }: (typeof parts)[number]) =>
                `${name}, ${group}: ${rad2.toExponential(2)} rad², ${percentText(errorOf(rad2))} alone`,
            }),
            Plot.tickX(counted, { x: "rad2", y: "name", stroke: colour("paper"), strokeWidth: 5 }),
            Plot.tickX(counted, {
              x: "rad2",
              y: "name",
              stroke: colour("ink"),
              strokeWidth: 2,
              title: ({ name, error }: (typeof counted)[number]) => `${name}: ${percentText(error)} counted`,
            }),
          ],
        }),
      },
    ],
    legend: [
      ...GROUPS.map((group) => ({
        label: group.label,
        sign: `<defs>${pattern(group, "legend")}</defs><rect width="28" height="14" fill="${fill(group, "legend")}"/>`,
      })),
      {
        label: "counted X error",
        sign: `<line x1="14" y1="0" x2="14" y2="14" stroke="${colour("ink")}" stroke-width="2.5"/>`,
      },
    ],
    caption: `Each cause as the Gaussian phase variance that would cost the same visibility; variances of independent causes add, and the upper scale turns their sum into an error. The stroke across a bar is what was counted.${rows.note}`,
  };
}

const patternName = (group: Group, suffix: string): string => `hatch-${group.colour}-${suffix}`;

function pattern(group: Group, suffix: string): string {
  if (!group.hatched) return "";
  return (
    `<pattern id="${patternName(group, suffix)}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
    `<rect width="6" height="6" fill="${colour(group.colour)}"/><line x1="0" y1="0" x2="0" y2="6" stroke="${colour("paper")}" stroke-width="2"/></pattern>`
  );
}

const fill = (group: Group, suffix: string): string =>
  group.hatched ? `url(#${patternName(group, suffix)})` : colour(group.colour);

/** About five round errors up to a largest one. */
function niceErrors(largest: number): number[] {
  const rough = largest / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough)!;
  return Array.from({ length: Math.floor(largest / step) + 1 }, (_, i) => i * step).filter(
    (error) => error < MOST_ERROR,
  );
}
