import { byteLength } from "../../src/bits.ts";
import { type PhiloxKey, PhiloxStream, PURPOSE } from "../../src/random.ts";

/** A uniform key and its copy behind a binary symmetric channel; reproducible. */
export function noisyKeys(
  bits: number,
  qber: number,
  seed: number,
): { alice: Uint8Array; bob: Uint8Array; errors: number } {
  const key: PhiloxKey = [seed, 0x5eed];
  const alice = new PhiloxStream(key, PURPOSE.reconciliation, 10).fill(new Uint8Array(byteLength(bits)));
  if (bits % 8 !== 0) alice[alice.length - 1]! &= (1 << (bits % 8)) - 1;
  const bob = alice.slice();
  const stream = new PhiloxStream(key, PURPOSE.reconciliation, 11);
  let errors = 0;
  const flip = (i: number) => {
    bob[i >>> 3]! ^= 1 << (i & 7);
    errors++;
  };
  if (qber >= 1) for (let i = 0; i < bits; i++) flip(i);
  else if (qber > 0) {
    // Gaps between errors are geometric.
    const logarithm = Math.log1p(-qber);
    for (let i = -1; ; ) {
      i += 1 + Math.floor(Math.log(1 - stream.uniform()) / logarithm);
      if (i >= bits) break;
      flip(i);
    }
  }
  return { alice, bob, errors };
}
