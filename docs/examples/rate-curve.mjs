// A rate curve: key rate against distance for your own fibre and detectors, beside the repeaterless bound.
//
//   node docs/examples/rate-curve.mjs [loss in dB/km] [pulses]
import { rateCurve } from "twincomb/protocol";

const lossDbPerKm = Number(process.argv[2] ?? 0.18);
const pulses = Number(process.argv[3] ?? 1e12);
const distances = [100, 150, 200, 250, 300, 350, 400, 450];

const rows = rateCurve(
  ["sns", "sns-aopp"],
  distances,
  { lossDbPerKm, detectorEfficiency: 0.35, darkCountProbability: 1e-8, misalignment: 0.03 },
  { pulses, onPoint: (done, total) => process.stderr.write(`\r${done} of ${total} distances`) },
);
process.stderr.write("\n");

console.log("   km   protocol    bit/pulse     x PLOB");
for (const { distanceKm, protocol, keyRatePerPulse, ratioToPlob } of rows) {
  console.log(
    `${String(distanceKm).padStart(5)}   ${protocol.padEnd(9)} ${keyRatePerPulse.toExponential(2).padStart(11)} ${ratioToPlob.toFixed(3).padStart(10)}`,
  );
}
const first = rows.find(({ ratioToPlob }) => ratioToPlob > 1);
console.log(
  first === undefined ? "the bound is nowhere beaten" : `the bound is first beaten at ${first.distanceKm} km`,
);
