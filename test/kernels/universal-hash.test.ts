import { createCipheriv } from "node:crypto";
import { describe, expect, it } from "vitest";
import { collisionBound, PolynomialHash, polynomialTag } from "../../src/kernels/universal-hash.ts";
import { testStream } from "./toeplitz-reference.ts";

const hex = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));

function encryptBlock(cipherKey: Uint8Array, block: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-128-ecb", cipherKey, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

/** GHASH out of OpenSSL: a GMAC tag is the hash plus the encrypted counter block; the hash key is the encrypted 0. */
function openSslHash(cipherKey: Uint8Array, message: Uint8Array): { key: Uint8Array; hash: Uint8Array } {
  const nonce = new Uint8Array(12);
  const cipher = createCipheriv("aes-128-gcm", cipherKey, nonce);
  cipher.setAAD(message);
  cipher.final();
  const mask = encryptBlock(cipherKey, Uint8Array.of(...nonce, 0, 0, 0, 1));
  return {
    key: encryptBlock(cipherKey, new Uint8Array(16)),
    hash: Uint8Array.from(cipher.getAuthTag(), (byte, i) => byte ^ mask[i]!),
  };
}

describe("the polynomial hash", () => {
  it("agrees with OpenSSL's GMAC on lengths around every boundary", () => {
    const stream = testStream("ghash");
    const lengths = [0, 1, 15, 16, 17, 31, 255, 256, 257, 271, 272, 4096, 65_535, 65_536, 65_537, 65_793, 200_001];
    for (const length of lengths) {
      const message = stream.fill(new Uint8Array(length));
      const { key, hash } = openSslHash(stream.fill(new Uint8Array(16)), message);
      expect(polynomialTag(key, message), `${length} bytes`).toEqual(hash);
      expect(polynomialTag(key, message, 64)).toEqual(hash.slice(0, 8));
    }
  });

  it("gives the values of the GCM specification, test case 2, block by block", () => {
    // McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B. There the block C counts as ciphertext: its
    // hash is X1 = C H, then (X1 + [0, 128]) H. Here it counts as additional data, with [128, 0] in the last block.
    const key = hex("66e94bd4ef8a2c3b884cfa59ca342b2e");
    const block = hex("0388dace60b6a392f328c2b971b2fe78");
    expect(timesKey(key, block)).toEqual(hex("5e2ec746917062882c85b0685353deb7"));
    const lengths = new Uint8Array(16);
    lengths[7] = 128;
    lengths[15] = 128;
    const correction = timesKey(key, lengths);
    const ghash = hex("f38cbb1ad69223dcc3457ae5b6b0f885");
    expect(polynomialTag(key, block)).toEqual(ghash.map((byte, i) => byte ^ correction[i]!));
  });

  it("does not depend on how a message is cut", () => {
    const stream = testStream("pieces");
    const message = stream.fill(new Uint8Array(150_000));
    const key = stream.fill(new Uint8Array(16));
    const whole = polynomialTag(key, message);
    for (let trial = 0; trial < 20; trial++) {
      using hash = new PolynomialHash(key);
      for (let start = 0; start < message.length; ) {
        const end = Math.min(message.length, start + stream.below(trial < 10 ? 300 : 100_000));
        hash.update(message.subarray(start, end));
        start = end;
      }
      expect(hash.digest()).toEqual(whole);
    }
  });

  it("states a collision bound that grows with the length and never passes 1", () => {
    expect(collisionBound(1e8, 64)).toBeCloseTo(781_251 / 2 ** 64, 30);
    expect(collisionBound(1, 128)).toBe(2 * 2 ** -128);
    expect(collisionBound(1e9, 8)).toBe(1);
  });

  it("refuses keys and lengths of tags that there are not", () => {
    expect(() => new PolynomialHash(new Uint8Array(15))).toThrow("key: expected 16 bytes");
    expect(() => polynomialTag(new Uint8Array(16), new Uint8Array(1), 60)).toThrow("a multiple of 8");
    expect(() => polynomialTag(new Uint8Array(16), new Uint8Array(1), 136)).toThrow("in [8, 128]");
  });
});

/** Product in the field of GHASH by big integers: bit strings reversed to polynomials, and back. */
function timesKey(key: Uint8Array, block: Uint8Array): Uint8Array {
  const toPolynomial = (bytes: Uint8Array) => {
    let value = 0n;
    for (let i = 0; i < 128; i++) if ((bytes[i >> 3]! >> (7 - (i & 7))) & 1) value |= 1n << BigInt(i);
    return value;
  };
  const [a, b] = [toPolynomial(key), toPolynomial(block)];
  let product = 0n;
  for (let i = 0n; i < 128n; i++) if ((a >> i) & 1n) product ^= b << i;
  for (let i = 254n; i >= 128n; i--) if ((product >> i) & 1n) product ^= ((1n << 128n) | 0x87n) << (i - 128n);
  return Uint8Array.from({ length: 16 }, (_, byte) => {
    let value = 0;
    for (let bit = 0; bit < 8; bit++) value |= Number((product >> BigInt(8 * byte + bit)) & 1n) << (7 - bit);
    return value;
  });
}
