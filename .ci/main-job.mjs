/** Holds the JSON of a main job against what every run must show. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const result = JSON.parse(readFileSync(process.argv[2], "utf8"));
assert.equal(result.pairs.length, 10, "ten pairs");
for (const pair of result.pairs) {
  assert.equal(pair.keysIdentical, true, `${pair.name}: both sides hold the same key`);
  assert.equal(pair.aliceKeySha256, pair.bobKeySha256, `${pair.name}: equal key digests`);
  assert.ok(pair.secretBits > 0, `${pair.name}: a key`);
  assert.ok(pair.qberX > 0.02 && pair.qberX < 0.06, `${pair.name}: X error ${pair.qberX}`);
}
assert.equal(result.total.networkingCapabilityKm, 3700);
console.log(`main job: ${result.total.pairs} pairs, ${result.total.secretBits} secret bits`);
