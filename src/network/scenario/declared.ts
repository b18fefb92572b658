/**
 * What the two users of a pair declare to send: the scenario's settings, or the pair's own.
 *
 * @module
 */
import { samplingProbability } from "../../distillation/error-sample.ts";
import { PHASE_UNITS, sliceHalfWidth } from "../../kernels/photons-run.ts";
import { type FreeSettings, type ProtocolSettings, settingsFrom, type UserSettings } from "../../protocol/index.ts";
import { roundSignificant } from "../../units.ts";
import type { Pair, Scenario } from "./scenario.ts";

/** What is left of 1 by the rounding of two probabilities means never: three intensities instead of four. */
const NEVER = 1e-12;

/**
 * The declared settings of a pair, with the intervals to which intensities are calibrated. Only what is specified enters
 * here; what a chip really sends is nobody's knowledge.
 *
 * @param scenario - a checked scenario
 * @param pair - one of its pairs
 */
export function declaredSettings({ protocol, security, wafer }: Scenario, pair: Pair): ProtocolSettings {
  const chosen = pair.settings ?? { ...protocol, bob: undefined };
  const free: FreeSettings = {
    zSend: chosen.zSend,
    x1: chosen.x1,
    x2: chosen.x2,
    zWindow: chosen.zWindowProbability,
    send: chosen.sendProbability,
    p0: chosen.x0Probability,
    p1: chosen.x1Probability,
    // Phases are announced in whole units, so the slice that is really accepted is a whole number of them.
    sliceWidthRad: (4 * Math.PI * sliceHalfWidth(chosen.sliceWidthRad)) / PHASE_UNITS,
    ...(chosen.bob === undefined
      ? {}
      : { bob: { zSend: chosen.bob.zSend, x2: chosen.bob.x2, send: chosen.bob.sendProbability } }),
  };
  const settings = settingsFrom(free, protocol.extinctionDb);
  const calibrated = (user: UserSettings): UserSettings => {
    // Bob's x1 and the residue come from exponentials, in whose last bit engines differ.
    const residue = roundSignificant(user.intensities.x0);
    const intensities = { ...user.intensities, x1: roundSignificant(user.intensities.x1), x0: residue, zNot: residue };
    const { zSend, x1, x2 } = intensities;
    const { probabilities } = user;
    const around = (mu: number): [number, number] => [
      mu * (1 - wafer.intensityAccuracy),
      mu * (1 + wafer.intensityAccuracy),
    ];
    return {
      ...user,
      intensities,
      // Vacuum and not sending are one state of one modulator: whatever it lets through when closed, up to what is specified.
      oneResidue: true,
      probabilities: { ...probabilities, x2: probabilities.x2 < NEVER ? 0 : probabilities.x2 },
      intervals: { zSend: around(zSend), x1: around(x1), x2: around(x2), zNot: [0, residue], x0: [0, residue] },
    };
  };
  return {
    alice: calibrated(settings.alice),
    bob: calibrated(settings.bob),
    sliceWidthRad: settings.sliceWidthRad,
    sampleFraction: samplingProbability(security.sampleFraction),
  };
}
