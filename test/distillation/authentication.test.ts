import { describe, expect, it } from "vitest";
import {
  AUTHENTICATION_KEY_BYTES,
  AUTHENTICATION_TAG_BITS,
  authenticationTag,
  forgeryProbability,
  sharedAuthenticator,
  simulatedAuthenticator,
} from "../../src/distillation/authentication.ts";
import { polynomialTag } from "../../src/kernels/universal-hash.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";

const message = (text: string) => new TextEncoder().encode(text);

describe("Wegman-Carter authentication", () => {
  const stream = new PhiloxStream(philoxKey("authentication"), PURPOSE.deviceNoise, 1);
  const secret = stream.fill(new Uint8Array(AUTHENTICATION_KEY_BYTES + 3 * 8));

  it("is the hash of the message plus the pad", () => {
    const hashKey = secret.slice(0, 16);
    const pad = secret.slice(16, 24);
    const hash = polynomialTag(hashKey, message("syndromes"), AUTHENTICATION_TAG_BITS);
    expect(authenticationTag(hashKey, pad, message("syndromes"))).toEqual(hash.map((byte, i) => byte ^ pad[i]!));
    expect(sharedAuthenticator(secret).sign(message("syndromes"))).toEqual(
      authenticationTag(hashKey, pad, message("syndromes")),
    );
  });

  it("accepts a conversation in its order, and nothing out of it", () => {
    const talk = () => [sharedAuthenticator(secret), sharedAuthenticator(secret)] as const;
    const [alice, bob] = talk();
    expect(bob.verify(message("one"), alice.sign(message("one")))).toBe(true);
    expect(alice.verify(message("two"), bob.sign(message("two")))).toBe(true);
    expect(bob.verify(message("three"), alice.sign(message("three")))).toBe(true);

    const [sender, receiver] = talk();
    const tag = sender.sign(message("one"));
    expect(receiver.verify(message("0ne"), tag)).toBe(false);
    expect(receiver.verify(message("one"), tag)).toBe(false);
    const [echo] = talk();
    expect(echo.verify(message("one"), echo.sign(message("one")))).toBe(false);
    const [cut] = talk();
    expect(cut.verify(message("one"), tag.slice(0, 7))).toBe(false);
  });

  it("sees every flipped bit of a tag", () => {
    const tag = sharedAuthenticator(secret).sign(message("seed"));
    for (let bit = 0; bit < AUTHENTICATION_TAG_BITS; bit++) {
      const forged = Uint8Array.from(tag);
      forged[bit >> 3]! ^= 1 << (bit & 7);
      expect(sharedAuthenticator(secret).verify(message("seed"), forged)).toBe(false);
    }
  });

  it("never uses a pad twice, and says when there is none", () => {
    const sender = sharedAuthenticator(secret);
    const tags = [1, 2, 3].map(() => Buffer.from(sender.sign(message("same"))).toString("hex"));
    expect(new Set(tags).size).toBe(3);
    expect(() => sender.sign(message("same"))).toThrow("no further pad");
    expect(() => sharedAuthenticator(new Uint8Array(15))).toThrow("a hash key of 16 bytes");
  });

  it("marks what a seed decides, and decides it alike on both sides", () => {
    const [alice, bob] = [simulatedAuthenticator(philoxKey("s"), 3), simulatedAuthenticator(philoxKey("s"), 3)];
    expect(alice.simulated && bob.simulated).toBe(true);
    expect(sharedAuthenticator(secret).simulated).toBe(false);
    for (let i = 0; i < 20; i++) expect(bob.verify(message(`${i}`), alice.sign(message(`${i}`)))).toBe(true);
    const stranger = simulatedAuthenticator(philoxKey("s"), 4);
    expect(stranger.verify(message("x"), simulatedAuthenticator(philoxKey("s"), 3).sign(message("x")))).toBe(false);
  });

  it("bounds forgery", () => {
    expect(forgeryProbability(8 * 2 ** 20)).toBe(65_537 * 2 ** -64);
  });
});
