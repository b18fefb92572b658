/**
 * Phase noise of whole twin-field links: the laser, fibre and stabilisation scenarios of Bertaina et al.,
 * arXiv:2310.08621, Adv. Quantum Technol. 7, 2400032 (2024).
 *
 * A laser common to both users enters through $4\sin^2(\pi f\Delta\tau)S_\mathrm{las}$ with $\Delta\tau=2n\Delta L/c$
 * (equation 5), independent lasers add (equation 7). Fibre enters with a factor $K$ of 4 when light passes down and up the
 * same way and 1 when only up. Two-colour stabilisation replaces it by
 * $\left(\frac{\lambda_s-\lambda_q}{\lambda_s}\right)^2\frac{Kl_0L}{f^2}+s_0\left(\frac{f_2}{f+f_2}\right)^2$ (equation 8; that
 * $K$ applies there too is this project's reading). Valid in the
 * publication's band, $1/\tau_Q$ to 1 MHz.
 *
 * @module
 */
import { SPEED_OF_LIGHT } from "../constants.ts";
import { inRange } from "../errors.ts";
import { FIELD_FIBRE, fibrePhaseSpectrum } from "./fibre-phase.ts";
import { addSpectra, delayedDifference, filterSpectrum, type Spectrum } from "./frequency-noise.ts";
import { frameVariance, longestFrame } from "./linewidth.ts";

/** Refractive index with which the publication turns a length difference into a delay. */
export const SCENARIO_INDEX = 1.45;

/** Which laser a scenario uses. */
export type ScenarioLaser = "free" | "cavity";

/** One scenario. */
export interface PhaseScenario {
  /** Name used in the publication. */
  readonly name: string;
  /** Free-running laser, or the same locked to an optical cavity. */
  readonly laser: ScenarioLaser;
  /** One laser serves both users, or each has its own. */
  readonly common: boolean;
  /** Fibre noise is removed by a second colour. */
  readonly stabilised: boolean;
  /** Length of one arm, **km**. */
  readonly armKm: number;
  /** Difference of the arms, **km**. */
  readonly mismatchKm: number;
}

function scenario(
  name: string,
  laser: ScenarioLaser,
  common: boolean,
  stabilised: boolean,
  mismatchKm: number,
): PhaseScenario {
  return { name, laser, common, stabilised, armKm: 100, mismatchKm };
}

/** The scenarios of the publication, with 100 km arms. */
export const BERTAINA_SCENARIOS: readonly PhaseScenario[] = [
  scenario("1", "free", true, false, 0.02),
  scenario("2", "free", true, true, 0.02),
  scenario("3", "free", true, true, 2.5),
  scenario("3b", "free", true, false, 2.5),
  scenario("4", "cavity", true, false, 2.5),
  scenario("5", "cavity", true, true, 2.5),
  scenario("6", "cavity", false, false, 2.5),
  scenario("7", "cavity", false, true, 2.5),
];

/**
 * Free-running laser of the publication: $\frac{3\cdot10^6}{f^3}+\frac{300}{f^2}\left(\frac{f_c}{f+f_c}\right)^2$,
 * $f_c$ = 2 MHz.
 *
 * @param frequencyHz - Fourier frequency, **Hz**
 * @returns $S_\varphi$, **rad^2/Hz**
 */
export function freeLaserPhaseNoise(frequencyHz: number): number {
  const corner = 2e6;
  return 3e6 / frequencyHz ** 3 + (300 / frequencyHz ** 2) * (corner / (frequencyHz + corner)) ** 2;
}

/**
 * Laser locked to an optical cavity: the cavity's $\frac{0.5}{f^4}+\frac{0.002}{f^2}$ plus the free laser behind the
 * loop, $\left|\frac1{1+G}\right|^2S_\mathrm{free}$, with
 * $G=\frac{(2\pi B)^2}{(2\pi if)^2}\frac{1+\delta}{1+\gamma}\frac{if+B\gamma}{if+B\delta}$, $B$ = 300 kHz, $\gamma=0.1$,
 * $\delta=10$ (equations F1-F4).
 *
 * @param frequencyHz - Fourier frequency, **Hz**
 * @returns $S_\varphi$, **rad^2/Hz**
 */
export function cavityLaserPhaseNoise(frequencyHz: number): number {
  const f = frequencyHz;
  const bandwidth = 3e5;
  const [gamma, delta] = [0.1, 10];
  // G = -(B/f)^2 (1+delta)/(1+gamma) (i f + B gamma)/(i f + B delta)
  const size = (-((bandwidth / f) ** 2) * (1 + delta)) / (1 + gamma);
  const denominator = f * f + (bandwidth * delta) ** 2;
  const real = (size * (f * f + bandwidth * gamma * bandwidth * delta)) / denominator;
  const imaginary = (size * (f * bandwidth * delta - bandwidth * gamma * f)) / denominator;
  const suppression = 1 / ((1 + real) ** 2 + imaginary ** 2);
  return 0.5 / f ** 4 + 0.002 / f ** 2 + suppression * freeLaserPhaseNoise(f);
}

/** Colours of the publication's two-colour stabilisation, **nm**. */
const STABILISATION_NM = 1543.33;
const QUANTUM_NM = 1542.14;

/** Detection noise of the stabilisation, $s_0$ in **rad^2/Hz** and its corner in **Hz** (appendix G). */
const DETECTION = { level: 1e-8, cornerHz: 2e5 } as const;

/** Time by which one user's light arrives later, and the period of the fringes it makes. */
function delayOf(one: PhaseScenario): number {
  return (2 * SCENARIO_INDEX * one.mismatchKm * 1e3) / SPEED_OF_LIGHT;
}

/**
 * Phase spectrum of a scenario at the beam splitter.
 *
 * @param one - the scenario
 * @returns $S_\varphi(f)$, **rad^2/Hz**
 * @throws {@link TwincombError} `invalid-input` when a length is out of range
 */
export function scenarioSpectrum(one: PhaseScenario): Spectrum {
  inRange("scenario.armKm", one.armKm, 0, 5000);
  inRange("scenario.mismatchKm", one.mismatchKm, 0, 5000);
  const source = one.laser === "free" ? freeLaserPhaseNoise : cavityLaserPhaseNoise;
  const laser = one.common ? filterSpectrum(source, delayedDifference(delayOf(one))) : addSpectra(source, source);
  const passes = one.common ? 4 : 1;
  const lengthKm = 2 * one.armKm;
  const chromatic = ((STABILISATION_NM - QUANTUM_NM) / STABILISATION_NM) ** 2;
  const fibre: Spectrum = one.stabilised
    ? (f) =>
        (chromatic * passes * FIELD_FIBRE.coefficient * lengthKm) / f ** 2 +
        DETECTION.level * (DETECTION.cornerHz / (f + DETECTION.cornerHz)) ** 2
    : (f) => passes * fibrePhaseSpectrum(f, lengthKm);
  return addSpectra(laser, fibre);
}

/**
 * Phase variance of a scenario between re-estimates.
 *
 * @param one - the scenario
 * @param frameSeconds - quantum frame $\tau_Q$, **s**
 * @returns variance, **rad^2**
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function scenarioVariance(one: PhaseScenario, frameSeconds: number): number {
  const fringes = one.common && one.mismatchKm > 0 ? 1 / delayOf(one) : Infinity;
  return frameVariance(scenarioSpectrum(one), frameSeconds, 1e6, fringes);
}

/**
 * Longest quantum frame of a scenario.
 *
 * @param one - the scenario
 * @param deviation - allowed standard deviation, **rad**, default 0.2: one per cent of errors
 * @returns $\tau_Q$, **s**
 * @throws {@link TwincombError} `invalid-input` when a value is out of range
 */
export function scenarioFrame(one: PhaseScenario, deviation: number = 0.2): number {
  const fringes = one.common && one.mismatchKm > 0 ? 1 / delayOf(one) : Infinity;
  return longestFrame(scenarioSpectrum(one), deviation, 1e6, fringes);
}
