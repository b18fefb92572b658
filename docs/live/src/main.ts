/** The page: a form, an engine in workers, and figures that follow both. */
import { TwincombError } from "twincomb";
import { createEngine } from "twincomb/engine";
import { Card, type Draw } from "./card.ts";
import { Controls } from "./controls.ts";
import { accountFigure, clicksFigure, errorFigure, keysFigure, resultTable } from "./figures/after.ts";
import { combFigure, noiseFigure, phaseFigure, rateFigure } from "./figures/before.ts";
import { count, percent } from "./format.ts";
import { type Preview, preview, type RatePoint, rateAgainstDistance } from "./preview.ts";
import { type Changed, type RunState, runNetwork } from "./run.ts";
import { DEFAULTS, readSettings, type Settings, scenarioOf, writeSettings } from "./settings.ts";

/** Shortest time between two drawings of one figure, ms. */
const DRAW_EVERY = 150;
/** Wait after the last move of a slider, ms. */
const SETTLE = 200;

const byId = (id: string) => document.getElementById(id)!;
const runButton = byId("run") as HTMLButtonElement;
const saveData = byId("save-data") as HTMLButtonElement;
const progressBar = byId("progress") as HTMLProgressElement;
const status = byId("status");

// One processor is left to the page itself.
const engine = createEngine({ workers: Math.max(1, (navigator.hardwareConcurrency || 2) - 1) });

let seen: Preview | null = null;
let curve: readonly RatePoint[] = [];
let run: RunState | null = null;
let stopRun: AbortController | null = null;

/** Figures that wait to be drawn; one at a time, so that the page stays awake. */
const waiting = new Set<Card>();
let drawing = false;

function redraw(...which: Card[]): void {
  for (const one of which) waiting.add(one);
  if (drawing) return;
  drawing = true;
  const next = () => {
    const [first] = waiting;
    if (first === undefined) {
      drawing = false;
      return;
    }
    waiting.delete(first);
    first.draw();
    setTimeout(next, 0);
  };
  setTimeout(next, 0);
}

const card = (id: string, title: string, explanation: string, draw: Draw) =>
  new Card(id, title, explanation, draw, (one) => redraw(one));

const cards = {
  comb: card("comb", "The comb", "Power of its lines; those in colour carry pairs of users.", (width) =>
    seen === null ? null : combFigure(width, seen),
  ),
  rate: card("rate", "Key rate", "Against distance, beside the bound of any link without a repeater.", (width) =>
    seen === null ? null : rateFigure(width, curve, seen, run?.pairs ?? []),
  ),
  noise: card("noise", "Locked noise", "Frequency noise from the pump laser to the first user's chip.", (width) =>
    seen === null ? null : noiseFigure(width, seen),
  ),
  phase: card("phase", "Phase tracking", "The phase of the first pair's two fibres, before and after.", (width) =>
    seen === null ? null : phaseFigure(width, seen),
  ),
  clicks: card("clicks", "Clicks", "What the server's detectors announce.", (width) =>
    run === null ? null : clicksFigure(width, run),
  ),
  error: card("error", "X error", "Wrong clicks where phases were compared; it bounds what a spy may know.", (width) =>
    run === null ? null : errorFigure(width, run, seen),
  ),
  account: card("account", "From raw bits to a key", "All pairs together.", (width) =>
    run === null ? null : accountFigure(width, run),
  ),
  keys: card("keys", "The keys", "A picture of each user's key: the two of a pair must look the same.", () =>
    run === null ? null : keysFigure(run),
  ),
};

function headline(): void {
  const finished = run?.pairs.flatMap(({ result }) => (result === undefined ? [] : [result])) ?? [];
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const secret = finished.reduce((sum, { secretBits }) => sum + secretBits, 0);
  const errors = finished.flatMap(({ qberX }) => (qberX === null ? [] : [qberX]));
  const expected = seen?.forecasts[0];
  byId("head-secret").textContent = finished.length === 0 ? "–" : count(secret);
  byId("head-ratio").textContent =
    finished.length > 0
      ? mean(finished.map(({ ratioToPlob }) => ratioToPlob)).toFixed(2)
      : expected === undefined
        ? "–"
        : `≈ ${expected.ratioToPlob.toFixed(2)}`;
  byId("head-error").textContent =
    errors.length > 0 ? percent(mean(errors)) : expected === undefined ? "–" : `≈ ${percent(expected.qberX)}`;
  byId("head-keys").textContent =
    run === null ? "–" : `${finished.filter(({ keysIdentical }) => keysIdentical).length} of ${run.pairs.length}`;
}

// What follows from the form: the newest choice is computed, those that were overtaken are not.
let wanted: Settings | null = null;
let computing = false;

async function follow(): Promise<void> {
  if (computing) return;
  computing = true;
  while (wanted !== null) {
    const settings: Settings = wanted;
    wanted = null;
    try {
      seen = await preview(engine, settings);
      redraw(cards.comb, cards.noise, cards.phase, cards.rate);
      headline();
      if (wanted !== null) continue;
      curve = await rateAgainstDistance(engine, settings);
      redraw(cards.rate);
    } catch (error) {
      tell(error);
    }
  }
  computing = false;
  document.documentElement.dataset["preview"] = "ready";
}

let settling: ReturnType<typeof setTimeout> | undefined;

function choose(settings: Settings): void {
  history.replaceState(null, "", `${location.pathname}${writeSettings(settings)}`);
  document.documentElement.dataset["preview"] = "computing";
  if (run !== null) document.documentElement.dataset["stale"] = "yes";
  clearTimeout(settling);
  settling = setTimeout(() => {
    wanted = settings;
    void follow();
  }, SETTLE);
}

function tell(error: unknown): void {
  status.textContent = error instanceof TwincombError ? error.message : `Something failed: ${String(error)}`;
}

const drawnAt = new Map<Changed, number>();

function hear(state: RunState, what: Changed): void {
  run = state;
  if (what === "progress") {
    const { fraction = 0, stage, pair, pulsesPerSecond = 0, secondsLeft } = state.progress ?? {};
    progressBar.value = fraction;
    const now = performance.now();
    if (now - (drawnAt.get("progress") ?? 0) < DRAW_EVERY) return;
    drawnAt.set("progress", now);
    const left = secondsLeft == null ? "" : `, about ${Math.ceil(secondsLeft)} s left`;
    const speed = pulsesPerSecond > 0 ? ` · ${count(pulsesPerSecond / 1e9)} Gpulse/s` : "";
    status.textContent = stage === "planning" ? "Starting the comb …" : `${pair} ${stage}${speed}${left}`;
    return;
  }
  if (what === "pair" || what === "result" || what === "plan") {
    redraw(cards.keys, cards.clicks, cards.error, cards.account, cards.rate);
    headline();
    return;
  }
  const now = performance.now();
  if (now - (drawnAt.get(what) ?? 0) < DRAW_EVERY) return;
  drawnAt.set(what, now);
  if (what === "counts") redraw(cards.clicks, cards.error);
  if (what === "account") redraw(cards.account);
}

async function start(settings: Settings): Promise<void> {
  stopRun = new AbortController();
  runButton.textContent = "Stop";
  saveData.disabled = true;
  delete document.documentElement.dataset["stale"];
  document.documentElement.dataset["run"] = "running";
  byId("table")?.remove();
  try {
    run = await runNetwork(engine, scenarioOf(settings), stopRun.signal, hear);
    const { total, pairs, elapsedSeconds } = run.result!;
    status.textContent = `${total.pairs} of ${pairs.length} pairs hold identical keys, after ${elapsedSeconds.toFixed(1)} s.`;
    saveData.disabled = false;
    document.documentElement.dataset["run"] = "done";
    const details = Object.assign(document.createElement("details"), { id: "table" });
    const scroller = Object.assign(document.createElement("div"), { className: "scroller", tabIndex: 0 });
    scroller.setAttribute("role", "region");
    scroller.setAttribute("aria-label", "All figures");
    scroller.append(resultTable(run));
    details.append(Object.assign(document.createElement("summary"), { textContent: "All figures" }), scroller);
    byId("keys").append(details);
    progressBar.value = 1;
  } catch (error) {
    document.documentElement.dataset["run"] = "stopped";
    progressBar.value = 0;
    if (error instanceof TwincombError && error.code === "aborted") status.textContent = "Stopped.";
    else tell(error);
  } finally {
    stopRun = null;
    runButton.textContent = "Run";
  }
}

/** Saves a value as a file. */
function save(name: string, value: unknown): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(value, null, 2)}\n`], { type: "application/json" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

const controls = new Controls(byId("fields"), readSettings(location.search), choose);

byId("controls").addEventListener("submit", (event) => {
  event.preventDefault();
  if (stopRun === null) void start(controls.settings);
  else stopRun.abort();
});
byId("reset").addEventListener("click", () => {
  controls.set(DEFAULTS);
  choose(DEFAULTS);
});
byId("save-scenario").addEventListener("click", () => save("scenario.json", scenarioOf(controls.settings)));
saveData.addEventListener("click", () => save("result.json", run?.result));
addEventListener("popstate", () => {
  controls.set(readSettings(location.search));
  choose(controls.settings);
});
// A page that is left takes its workers with it.
addEventListener("pagehide", (event) => {
  if (!event.persisted) void engine[Symbol.asyncDispose]();
});

wanted = controls.settings;
void follow();
