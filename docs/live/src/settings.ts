/** What can be chosen on the page, how it becomes a scenario, and how it stands in the address. */
import { parseScenario, type Scenario, weiming } from "twincomb";

/** Everything that can be chosen. */
export interface Settings {
  readonly distance: number;
  readonly users: number;
  readonly linewidth: number;
  readonly loss: number;
  readonly efficiency: number;
  readonly darkCounts: number;
  readonly pulses: number;
  readonly seed: string;
}

/** One number that a slider sets. */
export interface Field {
  readonly name: Exclude<keyof Settings, "seed">;
  readonly label: string;
  readonly unit: string;
  readonly hint: string;
  readonly minimum: number;
  readonly maximum: number;
  /** Step of the slider; of the decimal logarithm where that is what slides. */
  readonly step: number;
  readonly logarithmic?: boolean;
}

/** The sliders, in their order on the page. */
export const FIELDS: readonly Field[] = [
  {
    name: "distance",
    label: "Distance",
    unit: "km",
    hint: "fibre between the two users of a pair, the server half-way",
    minimum: 0,
    maximum: 600,
    step: 10,
  },
  {
    name: "users",
    label: "Users",
    unit: "",
    hint: "each pair has a colour of its own",
    minimum: 2,
    maximum: 20,
    step: 2,
  },
  {
    name: "linewidth",
    label: "Pump linewidth",
    unit: "Hz",
    hint: "of the laser that drives the comb, before it is locked",
    minimum: 1e3,
    maximum: 1e8,
    step: 0.1,
    logarithmic: true,
  },
  { name: "loss", label: "Fibre loss", unit: "dB/km", hint: "attenuation", minimum: 0.14, maximum: 0.25, step: 0.001 },
  {
    name: "efficiency",
    label: "Detector efficiency",
    unit: "",
    hint: "photons that click",
    minimum: 0.05,
    maximum: 1,
    step: 0.01,
  },
  {
    name: "darkCounts",
    label: "Dark counts",
    unit: "Hz",
    hint: "clicks without light, each detector",
    minimum: 0.01,
    maximum: 1e4,
    step: 0.1,
    logarithmic: true,
  },
  {
    name: "pulses",
    label: "Pulses",
    unit: "a pair",
    hint: "more pulses, longer keys and tighter bounds",
    minimum: 1e9,
    maximum: 1e12,
    step: 0.5,
    logarithmic: true,
  },
];

const PRESET = weiming({ pulses: 1e11 });

/** The preset's own values: the twenty users of the published experiment. */
export const DEFAULTS: Settings = {
  distance: PRESET.clients[0]!.upLinkKm * 2,
  users: PRESET.clients.length,
  linewidth: PRESET.comb.microcomb!.pumpLaser.freeLinewidthHz,
  loss: PRESET.fibre.lossDbPerKm,
  efficiency: PRESET.detector.efficiency,
  darkCounts: PRESET.detector.darkCountRateHz,
  pulses: PRESET.pulses,
  seed: PRESET.seed,
};

/**
 * The scenario of a choice: the preset with what was changed.
 *
 * @param settings - what was chosen
 */
export function scenarioOf(settings: Settings): Scenario {
  const { distance, users, linewidth, loss, efficiency, darkCounts, pulses, seed } = settings;
  const preset = weiming({ pulses: Math.round(pulses), seed });
  const pairs = preset.pairs.slice(0, users / 2);
  const names = new Set(pairs.flatMap(({ alice, bob }) => [alice, bob]));
  const { microcomb } = preset.comb;
  return parseScenario({
    ...preset,
    name: isDefault(settings) ? preset.name : `${preset.name}, changed`,
    comb: {
      ...preset.comb,
      microcomb: { ...microcomb, pumpLaser: { ...microcomb!.pumpLaser, freeLinewidthHz: linewidth } },
    },
    fibre: { ...preset.fibre, lossDbPerKm: loss },
    detector: { ...preset.detector, efficiency, darkCountRateHz: darkCounts },
    clients: preset.clients
      .filter(({ name }) => names.has(name))
      .map((client) => ({ ...client, upLinkKm: distance / 2 })),
    pairs,
  });
}

function isDefault(settings: Settings): boolean {
  return FIELDS.every(({ name }) => name === "pulses" || settings[name] === DEFAULTS[name]);
}

/**
 * Reads a choice from an address; what is missing or out of range is the preset's.
 *
 * @param search - the part behind the question mark
 */
export function readSettings(search: string): Settings {
  const query = new URLSearchParams(search);
  const numbers = FIELDS.map(({ name, minimum, maximum }): [string, number] => {
    const text = query.get(name);
    const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
    return [name, value >= minimum && value <= maximum ? value : DEFAULTS[name]];
  });
  const settings = { ...DEFAULTS, ...Object.fromEntries(numbers), seed: query.get("seed") ?? DEFAULTS.seed };
  return { ...settings, users: 2 * Math.round(settings.users / 2) };
}

/**
 * Writes a choice as a query; what is the preset's is left out.
 *
 * @param settings - what was chosen
 */
export function writeSettings(settings: Settings): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(settings)) {
    if (value !== DEFAULTS[name as keyof Settings]) query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
