/**
 * The report of a run: one HTML file that holds everything it shows, without scripts and without anything from elsewhere.
 *
 * @module
 */
import { type NetworkResult, type Scenario, scenarioProvenance } from "../network/index.ts";
import { type ReportFacts, reportFacts } from "./facts.ts";
import { figureHtml } from "./figure.ts";
import { accountFigure } from "./figures/account-flow.ts";
import { combFigure } from "./figures/comb.ts";
import { noiseFigure } from "./figures/noise.ts";
import { phaseBudgetFigure } from "./figures/phase-budget.ts";
import { phaseErrorFigure } from "./figures/phase-error.ts";
import { range, rateFigure, ratioFigure } from "./figures/rate.ts";
import { trackingFigure } from "./figures/tracking.ts";
import { html, type Insertion, type Markup } from "./markup.ts";
import { bitsText, pulsesText, wholeText } from "./number-text.ts";
import { documentHtml } from "./page.ts";
import { parametersTable } from "./parameters-table.ts";
import { bitsTable, budgetTable, epsilonTable, factsTable, pairsTable, replacedTable } from "./tables-html.ts";

/**
 * The report as an HTML document. The same scenario and result give the same text.
 *
 * @param scenario - the scenario of the run
 * @param result - what became of it
 * @returns the document
 * @throws {@link TwincombError} `invalid-input` when the scenario cannot be planned
 */
export async function networkReport(scenario: Scenario, result: NetworkResult): Promise<string> {
  const facts = await reportFacts(scenario, result);
  const title = `${result.scenario}: keys of ${result.pairs.length} ${result.pairs.length === 1 ? "pair" : "pairs"}`;
  return documentHtml({
    title,
    version: result.version,
    body: [
      headline(facts, title),
      sections(facts).map(
        ({ id, head, body }) =>
          html`<section aria-labelledby="${id}">\n<h2 id="${id}">${head}</h2>\n${body}\n</section>\n`,
      ),
    ],
  });
}

/** What a listener should remember. */
function headline({ result, scenario }: ReportFacts, title: string): Markup {
  const keyed = result.pairs.filter(({ keysIdentical, secretBits }) => keysIdentical && secretBits > 0);
  const of = (pick: (pair: (typeof keyed)[number]) => number | null, text: (value: number) => string): string => {
    const values = keyed.map(pick).filter((value) => value !== null);
    return values.length === 0 ? "–" : range(values, text);
  };
  const simulated = result.pairs.some((pair) => pair.simulated);
  return html`<h1>${title}</h1>
<p class="lead">${keyed.length} of ${result.pairs.length} pairs of users hold identical secret keys, made by sending-or-not-sending twin-field quantum key distribution from ${pulsesText(scenario.pulses)} pulses a pair.</p>
<dl class="headline">
<div><dt>pairs with identical keys</dt><dd>${keyed.length} of ${result.pairs.length}</dd></div>
<div><dt>secret bits in all</dt><dd>${bitsText(result.total.secretBits)}</dd></div>
<div><dt>key rate over the PLOB bound</dt><dd>${of(
    ({ ratioToPlob }) => ratioToPlob,
    (ratio) => ratio.toFixed(2),
  )}</dd></div>
<div><dt>X error</dt><dd>${of(
    ({ qberX }) => qberX,
    (error) => (100 * error).toFixed(2),
  )} %</dd></div>
<div><dt>networking capability</dt><dd>${wholeText(result.total.networkingCapabilityKm)} km</dd></div>
</dl>
${simulated ? html`<p class="warning">Every photon of this run follows from the seed “${result.seed}”. Whoever knows it knows the keys: they are no secrets.</p>` : null}`;
}

interface Section {
  readonly id: string;
  readonly head: string;
  readonly body: Insertion;
}

function sections(facts: ReportFacts): Section[] {
  const { scenario, result, pairs, example } = facts;
  const nothing = html`<p>No pair could be linked, so there is nothing to show here.</p>`;
  const account = accountFigure(result);
  const noBits = html`<p>No pair has raw bits, so there is nothing to divide.</p>`;
  return [
    {
      id: "rates",
      head: "Key rates",
      body: [figureHtml(rateFigure(facts)), figureHtml(ratioFigure(facts)), pairsTable(result.pairs)],
    },
    {
      id: "comb-section",
      head: "The comb",
      body: [figureHtml(combFigure(facts)), facts.replaced.length === 0 ? null : replacedTable(facts.replaced)],
    },
    {
      id: "noise-section",
      head: "Laser noise before and after locking",
      body: example === undefined ? nothing : figureHtml(noiseFigure(scenario, example.link)),
    },
    {
      id: "phase",
      head: "Phase before and after tracking",
      body: example === undefined ? nothing : figureHtml(trackingFigure(scenario, example.link, example.stretch)),
    },
    { id: "x-error", head: "Errors of the phase slices", body: figureHtml(phaseErrorFigure(result)) },
    {
      id: "budget",
      head: "Where the errors come from",
      body: pairs.every(({ link }) => link === undefined)
        ? nothing
        : [figureHtml(phaseBudgetFigure(facts)), budgetTable(pairs)],
    },
    {
      id: "account-section",
      head: "From raw bits to secret bits",
      body: [account === undefined ? noBits : figureHtml(account), bitsTable(result.pairs), epsilonTable(result.pairs)],
    },
    { id: "parameters", head: "Parameters", body: parameters(scenario) },
    { id: "run", head: "The run", body: runFacts(facts) },
  ];
}

function parameters(scenario: Scenario): Insertion {
  const numbers = scenarioProvenance(scenario);
  const count = (kind: string) => numbers.filter(({ provenance }) => provenance === kind).length;
  return [
    html`<p>Of ${numbers.length} numbers, ${count("published")} are published, ${count("derived")} follow from published ones, ${count("assumed")} are assumed, and ${count("given")} were given for this run.</p>`,
    parametersTable(numbers),
  ];
}

function runFacts({ result, scenario }: ReportFacts): Markup {
  return factsTable("What repeats this run", [
    ["scenario", result.scenario],
    ["seed", result.seed],
    ["pulses of each pair", wholeText(result.pulses)],
    ["pairing of raw bits", scenario.protocol.pairing],
    ["version of twincomb", result.version],
    ["stream version", result.streamVersion],
    ["time it took", `${result.elapsedSeconds.toFixed(1)} s`],
  ]);
}
