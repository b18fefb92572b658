// Your own laser: a measured noise spectrum, what it does when a client locks to it, and what that costs in X errors.
//
//   node docs/examples/own-laser-spectrum.mjs [spectrum.csv]
import { readFileSync } from "node:fs";
import {
  betaSeparationLinewidth,
  delayedDifference,
  fibreDelay,
  filterSpectrum,
  frequencySpectrum,
  integrateSpectrum,
  intrinsicLinewidth,
  lockedNoise,
  parseSpectrum,
  phaseNoiseVisibility,
  phaseSpectrum,
  visibilityError,
  whiteNoise,
} from "twincomb/devices";

const file = process.argv[2] ?? new URL("./laser-spectrum.csv", import.meta.url);
const table = parseSpectrum(readFileSync(file, "utf8"));
const laser = frequencySpectrum({ tables: [table] });
const [from, to] = [table.frequenciesHz[0], table.frequenciesHz.at(-1)];

console.log(`${table.frequenciesHz.length} points from ${from} Hz to ${to} Hz`);
console.log(`intrinsic linewidth, from the noise at ${to} Hz: ${intrinsicLinewidth(laser, to).toFixed(0)} Hz`);
console.log(`linewidth seen in a tenth of a second: ${(betaSeparationLinewidth(laser, 0.1) / 1e3).toFixed(1)} kHz`);

// A client laser of 1 MHz that is locked to this one with a corner of 300 MHz follows it at low frequencies.
const client = lockedNoise(laser, frequencySpectrum(whiteNoise(1e6)), 3e8);
console.log(
  `client locked to it, at 1 MHz: ${client(1e6).toFixed(1)} Hz^2/Hz, of which the lock adds ${(client(1e6) - laser(1e6)).toFixed(1)}`,
);

// Both users lock to the same line; only what their ways to the server do not have in common is left, and of that only
// what is too fast for a tracking loop that samples at 10 kHz.
const samplingHz = 1e4;
for (const mismatchKm of [0.02, 0.2, 1]) {
  const delay = fibreDelay(mismatchKm);
  const left = filterSpectrum(phaseSpectrum(laser), delayedDifference(delay));
  const variance = integrateSpectrum(left, samplingHz, to, 1 / delay);
  const error = visibilityError(phaseNoiseVisibility(variance));
  console.log(
    `ways that differ by ${mismatchKm} km: ${variance.toExponential(2)} rad^2, ${(100 * error).toFixed(3)} % X errors`,
  );
}
