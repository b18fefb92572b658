/** What follows from a choice without counting a photon: comb, noise, phase, forecast. */
import {
  countingRun,
  type NetworkPlan,
  noiseSpectra,
  type PairForecast,
  type PhaseSamples,
  type Scenario,
  type Spectrum,
} from "twincomb";
import type { Engine } from "twincomb/engine";
import { type Settings, scenarioOf } from "./settings.ts";

/** One curve of frequency noise. */
export interface NoiseCurve {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly { readonly hz: number; readonly noise: number }[];
}

/** Rate and bound at one distance. */
export interface RatePoint {
  readonly distanceKm: number;
  readonly rate: number;
  readonly plob: number | null;
}

/** Everything that is known before the first pulse. */
export interface Preview {
  readonly scenario: Scenario;
  readonly plan: NetworkPlan;
  readonly noise: readonly NoiseCurve[];
  readonly phase: PhaseSamples | null;
  readonly forecasts: readonly PairForecast[];
}

const FREQUENCIES = Array.from({ length: 121 }, (_, i) => 10 ** (2 + (7 * i) / 120));
const DISTANCES = Array.from({ length: 25 }, (_, i) => 25 * i);
/** Windows of the fast loop that are drawn: some turns of the phase. */
const WINDOWS = 320;

/** Plans the network, and computes what is drawn of it. */
export async function preview(engine: Engine, settings: Settings): Promise<Preview> {
  const scenario = scenarioOf(settings);
  const plan = await engine.planNetwork(scenario);
  const [first] = plan.links;
  const [phase, forecasts] = await Promise.all([
    first === undefined
      ? null
      : engine.tracePhase(countingRun(scenario, first.pair, first.budget), { windows: WINDOWS }),
    Promise.all(plan.links.map((link) => engine.forecastPair(scenario, link))),
  ]);
  return { scenario, plan, noise: first === undefined ? [] : curves(scenario, plan), phase, forecasts };
}

function curves(scenario: Scenario, plan: NetworkPlan): NoiseCurve[] {
  const spectra = noiseSpectra(scenario, plan.links[0]!);
  const curve = (name: string, colour: string, spectrum: Spectrum | null): NoiseCurve[] =>
    spectrum === null ? [] : [{ name, colour, points: FREQUENCIES.map((hz) => ({ hz, noise: spectrum(hz) })) }];
  return [
    ...curve("pump, free", "grey", spectra.pumpFree),
    ...curve("pump, locked", "blue", spectra.pumpLocked),
    ...curve("comb line", "green", spectra.line),
    ...curve("client, free", "amber", spectra.clientFree),
    ...curve("client, locked", "vermilion", spectra.clientLocked),
  ];
}

/** Rate of the first pair, were the network larger or smaller. */
export async function rateAgainstDistance(engine: Engine, settings: Settings): Promise<RatePoint[]> {
  return await Promise.all(
    DISTANCES.map(async (distance): Promise<RatePoint> => {
      const scenario = scenarioOf({ ...settings, distance, users: 2 });
      const { links } = await engine.planNetwork(scenario);
      const link = links[0];
      if (link === undefined) return { distanceKm: distance, rate: 0, plob: null };
      const { keyRatePerPulse } = await engine.forecastPair(scenario, link);
      return { distanceKm: distance, rate: keyRatePerPulse, plob: link.budget.plobPerPulse };
    }),
  );
}
