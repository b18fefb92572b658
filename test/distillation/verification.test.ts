import { createCipheriv } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  VERIFICATION_KEY_BYTES,
  VERIFICATION_TAG_BITS,
  verificationFailureProbability,
  verificationTag,
} from "../../src/distillation/verification.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";

describe("verification", () => {
  const stream = new PhiloxStream(philoxKey("verification"), PURPOSE.verification, 0);

  it("tags a key as OpenSSL's GMAC does, cut to the stated length", () => {
    const cipherKey = stream.fill(new Uint8Array(16));
    const encrypt = (block: Uint8Array) =>
      createCipheriv("aes-128-ecb", cipherKey, null).setAutoPadding(false).update(block);
    const key = stream.fill(new Uint8Array(12_345));
    const gmac = createCipheriv("aes-128-gcm", cipherKey, new Uint8Array(12));
    gmac.setAAD(key);
    gmac.final();
    const mask = encrypt(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
    const expected = Uint8Array.from(gmac.getAuthTag(), (byte, i) => byte ^ mask[i]!);
    expect(verificationTag(encrypt(new Uint8Array(VERIFICATION_KEY_BYTES)), key)).toEqual(
      expected.slice(0, VERIFICATION_TAG_BITS / 8),
    );
  });

  it("sees every single flipped bit, wherever it is", () => {
    const key = stream.fill(new Uint8Array(1000));
    const hashKey = stream.fill(new Uint8Array(VERIFICATION_KEY_BYTES));
    const tag = verificationTag(hashKey, key);
    for (let bit = 0; bit < 8000; bit += 7) {
      const other = Uint8Array.from(key);
      other[bit >> 3]! ^= 1 << (bit & 7);
      expect(verificationTag(hashKey, other), `bit ${bit}`).not.toEqual(tag);
    }
  });

  it("keeps its promise for a day's key", () => {
    expect(verificationFailureProbability(2e9)).toBeLessThan(1e-12);
    expect(verificationFailureProbability(1e8)).toBe(781_251 * 2 ** -64);
  });
});
