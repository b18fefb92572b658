/**
 * What the two users do in every slot: intensities, probabilities and the phase slice of four-intensity
 * sending-or-not-sending twin-field QKD (Wang, Yu, Hu, Phys. Rev. A 98, 062323 (2018); Jiang et al.,
 * arXiv:1904.00192 (2019)), with unequal users (Hu et al., Phys. Rev. A 100, 062337 (2019)).
 *
 * In a slot a user opens a Z window with probability `zWindow`: it *sends* a phase-randomised pulse of `zSend` photons
 * with probability `send`, else leaves the residue `zNot` of its modulator. Otherwise it opens an X window and emits
 * `x0`, `x1` or `x2`. With `x2` never chosen the protocol is the three-intensity one, where `zSend` pulses that meet an
 * X window serve as the strongest decoy.
 *
 * @module
 */
import { inRange, invalid } from "../errors.ts";

/** Name of a setting of one user, as it appears in counts. */
export type SettingName = "z-send" | "z-not" | "x0" | "x1" | "x2";

/** The five settings in the order of every table. */
export const SETTING_NAMES: readonly SettingName[] = ["z-send", "z-not", "x0", "x1", "x2"];

/** Mean photon numbers per pulse at the user's output. */
export interface UserIntensities {
  /** Z window, sending; in (0, 10]. */
  readonly zSend: number;
  /** Z window, not sending: what a modulator of finite extinction lets through; in [0, 1). */
  readonly zNot: number;
  /** X window, weakest: the same residue; in [0, 1). */
  readonly x0: number;
  /** X window, signal state of the phase-error estimate; in (0, 1]. */
  readonly x1: number;
  /** X window, strongest decoy; in (0, 1]. */
  readonly x2: number;
}

/** Probabilities with which a user chooses. */
export interface UserProbabilities {
  /** Of a Z window. */
  readonly zWindow: number;
  /** Of sending, within a Z window. */
  readonly send: number;
  /** Of `x0`, within an X window. */
  readonly x0: number;
  /** Of `x1`, within an X window. */
  readonly x1: number;
  /** Of `x2`, within an X window; the three sum to 1. */
  readonly x2: number;
}

/** Calibrated intervals `[lowest, highest]` of mean photon numbers; where one is missing the intensity is exact. */
export type IntensityIntervals = { readonly [K in keyof UserIntensities]?: readonly [number, number] };

/** One user's choices. */
export interface UserSettings {
  /** Declared mean photon numbers. */
  readonly intensities: UserIntensities;
  /** Probabilities of the choices. */
  readonly probabilities: UserProbabilities;
  /** Intervals in which the true intensities are known to lie; estimates hold for every intensity inside. */
  readonly intervals?: IntensityIntervals;
  /**
   * Whether `x0` and `zNot` are one state of the modulator, so that their true intensities are equal wherever they lie in their
   * intervals; default false. Bounds are then tighter.
   */
  readonly oneResidue?: boolean;
}

/** The choices of both users and what they do with the clicks. */
export interface ProtocolSettings {
  /** Alice's choices. */
  readonly alice: UserSettings;
  /** Bob's choices. */
  readonly bob: UserSettings;
  /** Full width $\Delta$ of each of the two accepted phase slices, around 0 and $\pi$, rad; in (0, $\pi$]. */
  readonly sliceWidthRad: number;
  /** Probability that a Z-Z event is disclosed as a sample and leaves the key; in [0, 1), default 0. */
  readonly sampleFraction?: number;
}

const INTENSITY_OF: Record<SettingName, keyof UserIntensities> = {
  "z-send": "zSend",
  "z-not": "zNot",
  x0: "x0",
  x1: "x1",
  x2: "x2",
};

/**
 * Declared mean photon number of a setting.
 *
 * @param user - the user's settings
 * @param name - setting
 * @returns photons per pulse
 */
export function settingIntensity(user: UserSettings, name: SettingName): number {
  return user.intensities[INTENSITY_OF[name]];
}

/**
 * Probability that a user chooses a setting in a slot.
 *
 * @param user - the user's settings
 * @param name - setting
 * @returns probability per slot; the five of a user sum to 1
 */
export function settingProbability(user: UserSettings, name: SettingName): number {
  const p = user.probabilities;
  switch (name) {
    case "z-send":
      return p.zWindow * p.send;
    case "z-not":
      return p.zWindow * (1 - p.send);
    default:
      return (1 - p.zWindow) * p[name];
  }
}

/**
 * Interval in which the mean photon number of a setting is known to lie.
 *
 * @param user - the user's settings
 * @param key - field of {@link UserIntensities}
 * @returns lowest and highest photons per pulse
 */
export function intensityInterval(user: UserSettings, key: keyof UserIntensities): readonly [number, number] {
  const interval = user.intervals?.[key];
  const value = user.intensities[key];
  return interval ?? [value, value];
}

/**
 * The same user with every intensity known only to a relative accuracy.
 *
 * @param user - the user's settings
 * @param accuracy - relative half-width of the intervals, in [0, 1)
 * @returns a copy whose intervals are $\mu(1\pm\text{accuracy})$
 * @throws {@link TwincombError} `invalid-input` when the accuracy is outside [0, 1)
 */
export function withIntensityAccuracy(user: UserSettings, accuracy: number): UserSettings {
  if (!(accuracy >= 0 && accuracy < 1)) throw invalid("accuracy", accuracy, "a number in [0, 1)");
  const around = (value: number): readonly [number, number] => [value * (1 - accuracy), value * (1 + accuracy)];
  const { zSend, zNot, x0, x1, x2 } = user.intensities;
  return {
    ...user,
    intervals: { zSend: around(zSend), zNot: around(zNot), x0: around(x0), x1: around(x1), x2: around(x2) },
  };
}

/**
 * Photons that a modulator of finite extinction lets through when it should let through none.
 *
 * @param brightest - photons per pulse of the brightest state
 * @param extinctionDb - power ratio between the brightest and the darkest state, dB; `Infinity` for a perfect one
 * @returns photons per pulse
 */
export function extinctionResidue(brightest: number, extinctionDb: number): number {
  return brightest * 10 ** (-extinctionDb / 10);
}

/** Largest intensity for which the estimates are meant, photons per pulse, outside the decoys. */
const BRIGHTEST = 10;
/** Probabilities of a user's choices may miss 1 by this much. */
const SUM_TOLERANCE = 1e-9;

function validateUser(user: UserSettings, path: string): void {
  if (typeof user !== "object" || user === null) throw invalid(path, user, "an object");
  const { intensities, probabilities, intervals } = user;
  if (typeof intensities !== "object" || intensities === null) {
    throw invalid(`${path}.intensities`, intensities, "an object");
  }
  if (typeof probabilities !== "object" || probabilities === null) {
    throw invalid(`${path}.probabilities`, probabilities, "an object");
  }
  for (const key of ["zSend", "zNot", "x0", "x1", "x2"] as const) {
    // e^-mu mu grows with mu only up to 1, and the decoy bounds use that it does.
    const value = inRange(`${path}.intensities.${key}`, intensities[key], 0, key === "zSend" ? BRIGHTEST : 1);
    const interval = intervals?.[key];
    if (interval !== undefined) {
      const at = `${path}.intervals.${key}`;
      if (!Array.isArray(interval) || interval.length !== 2) throw invalid(at, interval, "[lowest, highest]");
      inRange(`${at}[0]`, interval[0]!, 0, value);
      inRange(`${at}[1]`, interval[1]!, value, BRIGHTEST);
    }
  }
  for (const key of ["zWindow", "send", "x0", "x1", "x2"] as const) {
    inRange(`${path}.probabilities.${key}`, probabilities[key], 0, 1);
  }
  const sum = probabilities.x0 + probabilities.x1 + probabilities.x2;
  if (Math.abs(sum - 1) > SUM_TOLERANCE) {
    throw invalid(`${path}.probabilities`, sum, "x0, x1 and x2 that sum to 1");
  }
  if (!(intensities.x1 > Math.max(intensities.x0, intensities.zNot))) {
    throw invalid(`${path}.intensities.x1`, intensities.x1, "more photons than in x0 and z-not");
  }
  const strong = probabilities.x2 > 0 ? "x2" : "zSend";
  if (!(intensities[strong] > intensities.x1)) {
    throw invalid(`${path}.intensities.${strong}`, intensities[strong], "more photons than in x1");
  }
  if (user.oneResidue === true && intensities.x0 !== intensities.zNot) {
    throw invalid(`${path}.oneResidue`, true, "false, or equal intensities x0 and zNot");
  }
}

/**
 * Refuses settings that make no protocol.
 *
 * @param settings - choices of both users
 * @param path - path of the settings in the caller's input
 * @returns the settings, unchanged
 * @throws {@link TwincombError} `invalid-input` with the path of the first value at fault
 */
export function validateSettings(settings: ProtocolSettings, path: string = "settings"): ProtocolSettings {
  if (typeof settings !== "object" || settings === null) throw invalid(path, settings, "an object");
  validateUser(settings.alice, `${path}.alice`);
  validateUser(settings.bob, `${path}.bob`);
  const width = settings.sliceWidthRad;
  if (!(width > 0 && width <= Math.PI)) throw invalid(`${path}.sliceWidthRad`, width, "a number in (0, pi]");
  const sample = settings.sampleFraction;
  if (sample !== undefined && !(sample >= 0 && sample < 1)) {
    throw invalid(`${path}.sampleFraction`, sample, "a number in [0, 1)");
  }
  return settings;
}
