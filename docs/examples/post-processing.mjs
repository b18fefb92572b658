// Only post-processing: two files with correlated bits become two files with one secret key.
//
//   node docs/examples/post-processing.mjs alice.bin bob.bin BITS SECRET_BITS
//
// How many bits may stay secret is for the security analysis of your protocol to say; everything that is disclosed here is
// taken away from that number. The same from a shell, for each side alone: `twincomb reconcile` and `twincomb amplify`.
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { reconcile, ToeplitzHash, toeplitzHash } from "twincomb";

const [aliceFile, bobFile, bitsText, secretText] = process.argv.slice(2);
const [bits, allowed] = [Number(bitsText), Number(secretText)];
const alice = { bits, key: new Uint8Array(readFileSync(aliceFile)) };
const bob = { bits, key: new Uint8Array(readFileSync(bobFile)) };

// Error correction and verification. Without an expected error rate, disclosed parities tell it.
const { corrected, qber, efficiency, leakedBits, verified } = await reconcile(alice, bob);
if (!verified) throw new Error("the keys could not be made equal");
console.log(
  `error rate ${(100 * qber).toFixed(2)} %, ${leakedBits} bits disclosed, f = ${efficiency?.toFixed(3) ?? "-"}`,
);

// Privacy amplification, with a seed drawn after the last message that it must not depend on.
const outputBits = allowed - leakedBits;
if (outputBits <= 0) throw new Error("nothing is left after error correction");
const seedBits = ToeplitzHash.seedBits(bits, outputBits, "modified");
const seed = new Uint8Array(randomBytes(Math.ceil(seedBits / 8)));
if (seedBits % 8 !== 0) seed[seed.length - 1] &= (1 << (seedBits % 8)) - 1;
const form = { inputBits: bits, outputBits, form: "modified" };
writeFileSync(`${aliceFile}.key`, await toeplitzHash(seed, alice.key, form), { mode: 0o600 });
writeFileSync(`${bobFile}.key`, await toeplitzHash(seed, corrected, form), { mode: 0o600 });
console.log(`${outputBits} secret bits in ${aliceFile}.key and ${bobFile}.key`);
