import { describe, expect, it } from "vitest";
import { type AmplificationSeed, SecureSeed, SimulationSeed } from "../../src/distillation/seeds.ts";
import { PURPOSE, philoxKey } from "../../src/random.ts";

describe("seeds", () => {
  it("from the operating system differ, and have no stray bits", () => {
    const [one, two] = [SecureSeed.draw(1_000_003), SecureSeed.draw(1_000_003)];
    expect(one.bytes).not.toEqual(two.bytes);
    expect(one.bytes.length).toBe(125_001);
    expect(one.bytes.at(-1)! >> 3).toBe(0);
    // Beyond what one call of the system gives, no stretch is left at zero: 64 zero bytes happen once in 2^512.
    for (let i = 0; i + 64 < one.bytes.length; i += 64) {
      expect(one.bytes.subarray(i, i + 64).some((byte) => byte !== 0)).toBe(true);
    }
  });

  it("of a simulation follow from its seed, purpose and link", () => {
    const draw = (text: string, link: number) =>
      SimulationSeed.draw(philoxKey(text), PURPOSE.amplification, link, 100).bytes;
    expect(draw("a", 0)).toEqual(draw("a", 0));
    expect(draw("a", 1)).not.toEqual(draw("a", 0));
    expect(draw("b", 0)).not.toEqual(draw("a", 0));
  });

  it("tell their kind, and nothing else passes for one", () => {
    const secure: AmplificationSeed = SecureSeed.vouchedFor(Uint8Array.of(255, 255), 12);
    const simulated: AmplificationSeed = SimulationSeed.draw(philoxKey("a"), PURPOSE.amplification, 0, 12);
    expect([secure.simulated, simulated.simulated]).toEqual([false, true]);
    expect([...secure.bytes]).toEqual([255, 15]);
    expect(SecureSeed.is(secure) && SimulationSeed.is(simulated)).toBe(true);
    expect(SecureSeed.is(simulated) || SimulationSeed.is(secure)).toBe(false);
    expect(SecureSeed.is({ ...simulated, simulated: false })).toBe(false);
    // @ts-expect-error A simulation's seed is no secure one.
    const wrong: SecureSeed = simulated;
    expect(wrong.simulated).toBe(true);
  });

  it("refuse lengths that do not fit", () => {
    expect(() => SecureSeed.draw(0)).toThrow("bits: expected a whole number");
    expect(() => SecureSeed.vouchedFor(new Uint8Array(3), 12)).toThrow("12 bits in 2 bytes");
    expect(() => SimulationSeed.draw(philoxKey("a"), PURPOSE.amplification, 0, 1.5)).toThrow("bits: expected");
  });
});
