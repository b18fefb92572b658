/**
 * The counts that two users and the server announce in public: what `twincomb count` prints, what a session makes its key
 * from, and what an experimental group can fill in from its own run.
 *
 * @module
 */
import { inRange, invalid } from "../errors.ts";
import {
  type ProtocolSettings,
  SETTING_NAMES,
  type SettingName,
  settingIntensity,
  settingProbability,
  validateSettings,
} from "./settings.ts";

/** A setting of one user in a row of counts; `z` is a Z window whose decision stays secret. */
export type CountedSetting = SettingName | "z";

/** Clicks in all slots in which the users had chosen one pair of settings. */
export interface SettingPairCount {
  /** Alice's setting. */
  readonly alice: CountedSetting;
  /** Bob's setting. */
  readonly bob: CountedSetting;
  /** Slots in which only the left detector clicked. */
  readonly left: number;
  /** Slots in which only the right detector clicked. */
  readonly right: number;
  /** Slots in which both clicked; not effective. */
  readonly both: number;
}

/** Effective events of x1-x1 slots inside the two phase slices. */
export interface SliceCounts {
  /** Effective events inside the slices. */
  readonly accepted: number;
  /** Those at the wrong port. */
  readonly wrong: number;
}

/** Z-Z events that were disclosed to estimate the bit error and are not part of the key. */
export interface SampleCounts {
  /** Disclosed events. */
  readonly events: number;
  /** Those in which the bits differed. */
  readonly errors: number;
}

/** What became of the key's raw bits when they were paired; all four numbers are public afterwards. */
export interface PairingCounts {
  /** Raw bits 0 of Bob (he sent). */
  readonly zeros: number;
  /** Raw bits 1 of Bob (he did not send). */
  readonly ones: number;
  /** Pairs with odd parity at Bob's side that he announced. */
  readonly pairs: number;
  /** Pairs that were odd at Alice's side too; each keeps one bit. */
  readonly kept: number;
}

/**
 * Everything the key length depends on.
 *
 * Rows are announced only as the protocol allows: X-X slots and slots of one X and one Z window row by row, Z-Z slots as one
 * row `{alice: "z", bob: "z"}`. A simulation may list the four Z-Z rows apart; their sum alone is used. Missing rows count 0,
 * but a class that the estimate needs must be present.
 */
export interface ObservedCounts {
  /** Quantum slots of this pair, reference slots excluded. */
  readonly pulses: number;
  /** What the users had agreed to do. */
  readonly settings: ProtocolSettings;
  /** Clicks per pair of settings. */
  readonly counts: readonly SettingPairCount[];
  /** Clicks of the phase slices. */
  readonly slices: SliceCounts;
  /** Disclosed Z-Z events, where a sample was taken. */
  readonly sample?: SampleCounts;
  /** Result of pairing the raw bits, where they were paired. */
  readonly pairing?: PairingCounts;
}

/** Effective events of one class and the probability that a slot belongs to it. */
export interface ClassCount {
  /** Effective events. */
  events: number;
  /** Probability per slot. */
  probability: number;
}

/**
 * Counts pooled into the classes of the decoy method. First letter Alice, second Bob: `o` = no light but the residue
 * (`x0`, and `z-not` where the other user has an X window), `1` = `x1`, `2` = `x2` (or `z-send` opposite an X window, when
 * `x2` is never chosen).
 */
export interface DecoyClasses {
  /** Slots. */
  pulses: number;
  /** Residue from both. */
  oo: ClassCount;
  /** Residue from Alice, `x1` from Bob. */
  o1: ClassCount;
  /** `x1` from Alice, residue from Bob. */
  "1o": ClassCount;
  /** Residue from Alice, strongest decoy from Bob. */
  o2: ClassCount;
  /** Strongest decoy from Alice, residue from Bob. */
  "2o": ClassCount;
  /** `x1` from both, any phase. */
  "11": ClassCount;
  /** `x1` from Alice, strongest decoy from Bob. */
  "12": ClassCount;
  /** Strongest decoy from Alice, `x1` from Bob. */
  "21": ClassCount;
  /** `z-send` from Alice opposite Bob's residue in an X window. */
  so: ClassCount;
  /** Alice's residue in an X window opposite `z-send` from Bob. */
  os: ClassCount;
  /** Wrong-port events in the slices; probability of an accepted slot. */
  slice: ClassCount;
  /** Z-Z events left for the key; probability of a Z-Z slot times that of not being sampled. */
  key: ClassCount;
}

/** Name of a pooled class of effective events. */
export type DecoyClassName = Exclude<keyof DecoyClasses, "pulses">;

const COUNTED_SETTINGS: readonly string[] = [...SETTING_NAMES, "z"];

const isZ = (name: CountedSetting): boolean => name === "z" || name === "z-send" || name === "z-not";

/**
 * Refuses counts that contradict each other or the settings.
 *
 * @param counts - the announced counts
 * @returns the counts, unchanged
 * @throws {@link TwincombError} `invalid-input` with the path of the first value at fault
 */
export function validateCounts(counts: ObservedCounts): ObservedCounts {
  if (typeof counts !== "object" || counts === null) throw invalid("counts", counts, "an object of observed counts");
  const pulses = inRange("pulses", counts.pulses, 1, 1e30);
  validateSettings(counts.settings);
  if (!Array.isArray(counts.counts)) throw invalid("counts", counts.counts, "a list of rows");
  const seen = new Set<string>();
  let total = 0;
  counts.counts.forEach((row, index) => {
    const path = `counts[${index}]`;
    if (typeof row !== "object" || row === null) throw invalid(path, row, "an object");
    for (const side of ["alice", "bob"] as const) {
      if (!COUNTED_SETTINGS.includes(row[side])) {
        throw invalid(`${path}.${side}`, row[side], `one of ${COUNTED_SETTINGS.join(", ")}`);
      }
    }
    if ((row.alice === "z") !== (row.bob === "z")) {
      throw invalid(path, `${row.alice}, ${row.bob}`, "z for both users or for neither");
    }
    const name = `${row.alice}, ${row.bob}`;
    if (seen.has(name)) throw invalid(path, name, "every pair of settings at most once");
    seen.add(name);
    let clicks = 0;
    for (const port of ["left", "right", "both"] as const) {
      clicks += inRange(`${path}.${port}`, row[port], 0, pulses);
    }
    if (clicks > 0 && pairProbability(counts.settings, row) === 0) {
      throw invalid(path, clicks, "no clicks in slots that the settings never choose");
    }
    total += clicks;
  });
  if (seen.has("z, z") && counts.counts.some((row) => row.alice !== "z" && isZ(row.alice) && isZ(row.bob))) {
    throw invalid("counts", "z, z", "Z-Z slots either as one row z, z or as four rows, not both");
  }
  if (total > pulses * (1 + 1e-12)) throw invalid("counts", total, `no more clicks than pulses (${pulses})`);
  const { slices, sample } = counts;
  if (typeof slices !== "object" || slices === null) throw invalid("slices", slices, "an object");
  const both = counts.counts.find((row) => row.alice === "x1" && row.bob === "x1");
  if (both === undefined) throw invalid("counts", "missing", "a row x1, x1");
  const room = (both.left + both.right) * (1 + 1e-12);
  inRange("slices.accepted", slices.accepted, 0, room);
  inRange("slices.wrong", slices.wrong, 0, slices.accepted);
  if (sample !== undefined) {
    inRange("sample.events", sample.events, 0, pulses);
    inRange("sample.errors", sample.errors, 0, sample.events);
  }
  const { pairing } = counts;
  if (pairing !== undefined) {
    inRange("pairing.zeros", pairing.zeros, 0, pulses);
    inRange("pairing.ones", pairing.ones, 0, pulses);
    inRange("pairing.pairs", pairing.pairs, 0, Math.min(pairing.zeros, pairing.ones));
    inRange("pairing.kept", pairing.kept, 0, pairing.pairs);
  }
  return counts;
}

/** Empty classes with the probabilities that the settings give them. */
export function emptyClasses(settings: ProtocolSettings, pulses: number): DecoyClasses {
  const { alice, bob } = settings;
  const xA = 1 - alice.probabilities.zWindow;
  const xB = 1 - bob.probabilities.zWindow;
  const a = alice.probabilities;
  const b = bob.probabilities;
  const noneA = settingProbability(alice, "z-not");
  const noneB = settingProbability(bob, "z-not");
  const sendA = settingProbability(alice, "z-send");
  const sendB = settingProbability(bob, "z-send");
  const [x0A, x1A, x2A] = [xA * a.x0, xA * a.x1, xA * a.x2];
  const [x0B, x1B, x2B] = [xB * b.x0, xB * b.x1, xB * b.x2];
  const threeA = x2A === 0;
  const threeB = x2B === 0;
  const of = (probability: number): ClassCount => ({ events: 0, probability });
  return {
    pulses,
    oo: of(x0A * x0B + x0A * noneB + noneA * x0B),
    o1: of((x0A + noneA) * x1B),
    "1o": of(x1A * (x0B + noneB)),
    o2: of(threeB ? x0A * sendB : (x0A + noneA) * x2B),
    "2o": of(threeA ? sendA * x0B : x2A * (x0B + noneB)),
    "11": of(x1A * x1B),
    "12": of(threeB ? x1A * sendB : x1A * x2B),
    "21": of(threeA ? sendA * x1B : x2A * x1B),
    so: of(sendA * x0B),
    os: of(x0A * sendB),
    slice: of((x1A * x1B * settings.sliceWidthRad) / Math.PI),
    key: of(a.zWindow * b.zWindow * (1 - (settings.sampleFraction ?? 0))),
  };
}

/** The pooled classes that a row of counts belongs to. */
function classesOf(alice: SettingName, bob: SettingName, threeA: boolean, threeB: boolean): DecoyClassName[] {
  const kind = (name: SettingName): string => (name === "x0" || name === "z-not" ? "o" : name.slice(-1));
  if (isZ(alice) && isZ(bob)) return [];
  const classes: DecoyClassName[] = [];
  if (alice === "z-send") {
    if (bob === "x0") classes.push("so");
    if (threeA && bob === "x0") classes.push("2o");
    if (threeA && bob === "x1") classes.push("21");
  } else if (bob === "z-send") {
    if (alice === "x0") classes.push("os");
    if (threeB && alice === "x0") classes.push("o2");
    if (threeB && alice === "x1") classes.push("12");
  } else {
    const name = kind(alice) + kind(bob);
    if (name !== "22") classes.push(name as DecoyClassName);
  }
  return classes;
}

/**
 * Pools announced counts into the classes of the decoy method.
 *
 * @param counts - the announced counts, validated
 * @returns effective events and probabilities per class
 * @throws {@link TwincombError} `invalid-input` when the counts contradict each other or a class has no row
 */
export function poolCounts(counts: ObservedCounts): DecoyClasses {
  validateCounts(counts);
  const { settings, sample } = counts;
  const classes = emptyClasses(settings, counts.pulses);
  const threeA = settings.alice.probabilities.x2 === 0;
  const threeB = settings.bob.probabilities.x2 === 0;
  const counted: { [Name in DecoyClassName]?: number } = {};
  const inZ = new Set<string>();
  for (const row of counts.counts) {
    const events = row.left + row.right;
    if (isZ(row.alice) && isZ(row.bob)) {
      classes.key.events += events;
      inZ.add(`${row.alice}, ${row.bob}`);
      continue;
    }
    const probability = pairProbability(settings, row);
    for (const name of classesOf(row.alice as SettingName, row.bob as SettingName, threeA, threeB)) {
      classes[name].events += events;
      counted[name] = (counted[name] ?? 0) + probability;
    }
  }
  if (!inZ.has("z, z") && inZ.size < 4) throw invalid("counts", "missing", `rows for the class ${CLASS_ROWS.key}`);
  for (const name of ["oo", "o1", "1o", "o2", "2o", "11"] as const) {
    if (counted[name] === undefined) throw invalid("counts", "missing", `rows for the class ${CLASS_ROWS[name]}`);
  }
  for (const name of ["oo", "o1", "1o", "o2", "2o", "11", "12", "21", "so", "os"] as const) {
    classes[name].probability = counted[name] ?? 0;
  }
  requireSameResidues(counts);
  classes.slice.events = counts.slices.wrong;
  if (sample !== undefined) {
    if (sample.events > classes.key.events) {
      throw invalid("sample.events", sample.events, `no more than the Z-Z events (${classes.key.events})`);
    }
    classes.key.events -= sample.events;
  }
  const { pairing } = counts;
  if (
    pairing !== undefined &&
    Math.abs(pairing.zeros + pairing.ones - classes.key.events) > 1e-9 * classes.key.events
  ) {
    throw invalid(
      "pairing",
      pairing.zeros + pairing.ones,
      `zeros and ones that sum to the Z-Z events (${classes.key.events})`,
    );
  }
  return classes;
}

/**
 * The residues of one user opposite `x1` and opposite `x2` must be those of the same settings, because the bounds take their
 * mixture of `x0` and `z-not` for one and the same.
 */
function requireSameResidues(counts: ObservedCounts): void {
  const has = (alice: SettingName, bob: SettingName): boolean =>
    counts.counts.some((row) => row.alice === alice && row.bob === bob);
  for (const dark of ["x0", "z-not"] as const) {
    if (counts.settings.bob.probabilities.x2 > 0 && has(dark, "x1") !== has(dark, "x2")) {
      throw invalid("counts", "missing", `rows ${dark}, x1 and ${dark}, x2 both or neither`);
    }
    if (counts.settings.alice.probabilities.x2 > 0 && has("x1", dark) !== has("x2", dark)) {
      throw invalid("counts", "missing", `rows x1, ${dark} and x2, ${dark} both or neither`);
    }
  }
}

const CLASS_ROWS = {
  oo: "x0, x0 or x0, z-not or z-not, x0",
  o1: "x0, x1 or z-not, x1",
  "1o": "x1, x0 or x1, z-not",
  o2: "x0, x2 or z-not, x2 (three intensities: x0, z-send)",
  "2o": "x2, x0 or x2, z-not (three intensities: z-send, x0)",
  "11": "x1, x1",
  key: "z, z (or all four pairs of z-send and z-not)",
} as const;

/**
 * Total probability of the setting pair of a row.
 *
 * @param settings - choices of both users
 * @param row - pair of settings
 * @returns probability per slot
 */
export function pairProbability(settings: ProtocolSettings, row: Pick<SettingPairCount, "alice" | "bob">): number {
  const side = (user: ProtocolSettings["alice"], name: CountedSetting): number =>
    name === "z" ? user.probabilities.zWindow : settingProbability(user, name);
  return side(settings.alice, row.alice) * side(settings.bob, row.bob);
}

/**
 * Share of wrong clicks among the accepted x1-x1 clicks of both slices.
 *
 * @param counts - announced counts
 * @returns the X error rate, darks included; 0 without accepted clicks
 */
export function sliceErrorRate(counts: ObservedCounts): number {
  const { accepted, wrong } = counts.slices;
  return accepted > 0 ? wrong / accepted : 0;
}

/** Pairs of settings in the order of every table: Alice's setting runs slowest. */
export function settingPairs(
  settings: ProtocolSettings,
): { alice: SettingName; bob: SettingName; intensities: [number, number] }[] {
  return SETTING_NAMES.flatMap((alice) =>
    SETTING_NAMES.map((bob) => ({
      alice,
      bob,
      intensities: [settingIntensity(settings.alice, alice), settingIntensity(settings.bob, bob)] as [number, number],
    })),
  );
}
