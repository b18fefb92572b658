import { describe, expect, it } from "vitest";
import { amplifyKey } from "../../src/distillation/amplification.ts";
import { SecureSeed, SimulationSeed } from "../../src/distillation/seeds.ts";
import { PURPOSE, philoxKey } from "../../src/random.ts";
import { randomBits, referenceHash, testStream } from "../kernels/toeplitz-reference.ts";

describe("privacy amplification", () => {
  const stream = testStream("amplification");
  const [inputBits, outputBits] = [3001, 1203];
  const key = randomBits(stream, inputBits);

  it("is the Toeplitz hash, plain unless told", async () => {
    for (const form of ["modified", "plain"] as const) {
      const bits = form === "modified" ? inputBits - 1 : inputBits + outputBits - 1;
      const seed = SecureSeed.vouchedFor(randomBits(stream, bits), bits);
      const options = form === "modified" ? { inputBits, outputBits, form } : { inputBits, outputBits };
      const { key: out, bits: length } = await amplifyKey(key, seed, options);
      expect(length).toBe(outputBits);
      expect(out).toEqual(referenceHash(seed.bytes, key, inputBits, outputBits, form));
    }
  });

  it("marks keys that a simulation's seed made", async () => {
    const drawn = SimulationSeed.draw(philoxKey("a"), PURPOSE.amplification, 0, inputBits - 1);
    const options = { inputBits, outputBits, form: "modified" } as const;
    const simulated = await amplifyKey(key, drawn, options);
    const secure = await amplifyKey(key, SecureSeed.vouchedFor(drawn.bytes, inputBits - 1), options);
    expect(simulated.simulated satisfies true).toBe(true);
    expect(secure.simulated satisfies false).toBe(false);
    expect(simulated.key).toEqual(secure.key);
  });

  it("refuses a seed of another length, and bare bytes", async () => {
    const seed = SecureSeed.draw(inputBits);
    const options = { inputBits, outputBits, form: "modified" } as const;
    await expect(amplifyKey(key, seed, options)).rejects.toThrow("seed: expected 3000 bits");
    const bare = { bits: 3000, bytes: new Uint8Array(375), simulated: false } as unknown as SecureSeed;
    await expect(amplifyKey(key, bare, options)).rejects.toThrow("a SecureSeed or a SimulationSeed");
  });
});
