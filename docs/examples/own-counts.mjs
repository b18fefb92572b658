// Your own counts: from what a laboratory has counted to the length of the key that it may claim.
//
//   node docs/examples/own-counts.mjs [counts.json]
//
// `twincomb schema counts` prints what such a file may hold; `twincomb count --json` makes one by simulation.
import { readFileSync } from "node:fs";
import { parseCounts } from "twincomb/network";
import { keyLength } from "twincomb/protocol";

const file = process.argv[2] ?? new URL("./counts.json", import.meta.url);
const counts = parseCounts(JSON.parse(readFileSync(file, "utf8")));

for (const failureProbability of [1e-6, 1e-10, 1e-14]) {
  const key = keyLength(counts, { failureProbability, leak: { efficiency: 1.1 } });
  const { untagged, phaseError } = key.bounds;
  console.log(
    `each bound fails with ${failureProbability}: ${key.keyLength} bits of key (${key.keyRatePerPulse.toExponential(2)} a pulse), ` +
      `at least ${Math.floor(untagged)} untagged bits, at most ${(100 * phaseError).toFixed(2)} % phase errors`,
  );
}

// Where the bits went.
for (const { name, bits } of keyLength(counts, { leak: { efficiency: 1.1 } }).account.bits) {
  console.log(`${name.padEnd(32)} ${Math.round(bits).toString().padStart(9)}`);
}
