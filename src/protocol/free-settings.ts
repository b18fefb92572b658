/**
 * Settings as the few numbers that can be chosen freely, and as a point of a space without walls in which they are searched.
 *
 * Equal users have eight free numbers. Users with unequal arms have three more, Bob's own; his `x1` is then fixed by the
 * security condition $\alpha_1/\beta_1=\kappa_A/\kappa_B$.
 *
 * @module
 */
import { extinctionResidue, type ProtocolSettings, type UserSettings } from "./settings.ts";

/** What Bob chooses for himself where the arms differ. */
export interface OwnSettings {
  /** Photons per pulse of `x2`. */
  readonly x2: number;
  /** Photons per pulse of `z-send`. */
  readonly zSend: number;
  /** Probability of sending in a Z window. */
  readonly send: number;
}

/** The free numbers of two users. */
export interface FreeSettings extends OwnSettings {
  /** Photons per pulse of `x1` at Alice. */
  readonly x1: number;
  /** Probability of a Z window. */
  readonly zWindow: number;
  /** Probability of `x0` in an X window. */
  readonly p0: number;
  /** Probability of `x1` in an X window. */
  readonly p1: number;
  /** Full width of a phase slice, rad. */
  readonly sliceWidthRad: number;
  /** Bob's own numbers; without them he does as Alice does. */
  readonly bob?: OwnSettings;
}

/** Which numbers are free. */
export interface FreeShape {
  /** Three intensities: `z-send` is the strongest decoy, `x2` and its probability are not free. */
  readonly three: boolean;
  /** Whether Bob has numbers of his own. */
  readonly unequal: boolean;
}

/** Probabilities and ratios stay this far from 0 and 1, where their log-odds would run away. */
const EDGE = 1e-9;

/** Log-odds of a probability. @param p - in [0, 1], kept off its ends @returns $\ln\frac{p}{1-p}$ */
export function logit(p: number): number {
  const inside = Math.min(1 - EDGE, Math.max(EDGE, p));
  return Math.log(inside / (1 - inside));
}

/** Inverse of {@link logit}. @param x - log-odds @returns probability */
export function logistic(x: number): number {
  return Math.min(1 - EDGE, Math.max(EDGE, 1 / (1 + Math.exp(-x))));
}

/**
 * An intensity from its logarithm.
 *
 * @param x - logarithm
 * @param most - largest value
 * @returns $e^x$, kept off 0 and below `most`
 */
export function intensityOf(x: number, most: number): number {
  return Math.min(most, Math.max(EDGE, Math.exp(x)));
}

/**
 * Free settings as unconstrained variables: logarithms and log-odds.
 *
 * @param free - the numbers
 * @param shape - which of them are free
 * @returns a point of 6, 8, 8 or 11 variables
 */
export function toPoint(free: FreeSettings, shape: FreeShape): Float64Array {
  const { three, unequal } = shape;
  const own = free.bob ?? free;
  const strong = (one: OwnSettings): number[] =>
    three ? [Math.log(Math.max(EDGE, one.zSend))] : [Math.log(Math.max(EDGE, one.zSend)), logit(one.x2)];
  return Float64Array.of(
    logit(free.x1 / (three ? free.zSend : free.x2)),
    logit(free.zWindow),
    logit(free.p0),
    logit(free.sliceWidthRad / Math.PI),
    logit(free.send),
    ...strong(free),
    ...(three ? [] : [logit(free.p1 / (1 - free.p0))]),
    ...(unequal ? [logit(own.send), ...strong(own)] : []),
  );
}

/**
 * Inverse of {@link toPoint}.
 *
 * @param point - the variables
 * @param shape - which numbers are free
 * @returns free settings
 */
export function fromPoint(point: Float64Array, shape: FreeShape): FreeSettings {
  const { three, unequal } = shape;
  const zSend = intensityOf(point[5]!, three ? 1 : 10);
  const x2 = three ? zSend : logistic(point[6]!);
  const p0 = logistic(point[2]!);
  const free: FreeSettings = {
    x1: x2 * logistic(point[0]!),
    x2,
    zSend,
    zWindow: logistic(point[1]!),
    send: logistic(point[4]!),
    p0,
    p1: three ? 1 - p0 : (1 - p0) * logistic(point[7]!),
    sliceWidthRad: Math.PI * logistic(point[3]!),
  };
  if (!unequal) return free;
  const next = three ? 6 : 8;
  const zSendB = intensityOf(point[next + 1]!, three ? 1 : 10);
  return {
    ...free,
    bob: { send: logistic(point[next]!), zSend: zSendB, x2: three ? zSendB : logistic(point[next + 2]!) },
  };
}

/**
 * Settings of two users from the free numbers. `zNot` and `x0` are what a modulator of finite extinction lets through.
 *
 * @param free - the free numbers
 * @param extinctionDb - extinction of the modulators, dB, below the brightest of their states; default perfect
 * @param sampleFraction - share of Z-Z events disclosed as a sample; default none
 * @returns settings, which meet the security condition; Alice's and Bob's are one object where Bob has no numbers of his own.
 *   Bob's `x1` may come out outside the order of his other intensities.
 */
export function settingsFrom(
  free: FreeSettings,
  extinctionDb: number = Infinity,
  sampleFraction: number = 0,
): ProtocolSettings {
  const user = (own: OwnSettings, x1: number): UserSettings => {
    const residue = extinctionResidue(Math.max(own.zSend, own.x2), extinctionDb);
    return {
      intensities: { zSend: own.zSend, zNot: residue, x0: residue, x1, x2: own.x2 },
      probabilities: {
        zWindow: free.zWindow,
        send: own.send,
        x0: free.p0,
        x1: free.p1,
        x2: Math.max(0, 1 - free.p0 - free.p1),
      },
    };
  };
  const alice = user(free, free.x1);
  let bob = alice;
  if (free.bob !== undefined) {
    const { zSend, send } = free.bob;
    const residue = extinctionResidue(Math.max(zSend, free.bob.x2), extinctionDb);
    const odds = (send * (1 - free.send)) / (free.send * (1 - send));
    const light = (zSend / free.zSend) * Math.exp(free.zSend + residue - zSend - alice.intensities.zNot);
    bob = user(free.bob, free.x1 * odds * light);
  }
  const settings = { alice, bob, sliceWidthRad: free.sliceWidthRad };
  return sampleFraction === 0 ? settings : { ...settings, sampleFraction };
}

/** The settings of two equal users; {@link settingsFrom} under the name that says so. */
export const symmetricSettings: typeof settingsFrom = settingsFrom;

/**
 * Whether the intensities of both users are in the order that the estimates need.
 *
 * @param settings - from {@link settingsFrom}
 * @returns true when residue < x1 < strongest decoy <= 1 on both sides
 */
export function inOrder(settings: ProtocolSettings): boolean {
  return [settings.alice, settings.bob].every(({ intensities: i, probabilities: p }) => {
    const strong = p.x2 > 0 ? i.x2 : i.zSend;
    return i.zNot < i.x1 && i.x1 < strong && i.x1 <= 1 && i.x2 <= 1;
  });
}
