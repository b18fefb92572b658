import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCounts } from "../../src/network/index.ts";
import { fibreTransmittance, keyLength, plob } from "../../src/protocol/index.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";
import { temporaryFolder } from "../cli/twincomb.ts";

const examples = resolve(import.meta.dirname, "../../docs/examples");
const folder = temporaryFolder();

/** Runs an example as a reader would; it must end well. */
function example(name: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(examples, name), ...words], {
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

describe("the examples of docs/examples run", () => {
  it("and are all listed in their README", () => {
    const readme = readFileSync(join(examples, "README.md"), "utf8");
    for (const name of readdirSync(examples).filter((file) => file !== "README.md"))
      expect(readme).toContain(`\`${name}\``);
  });

  it("a rate curve, of the reader's own fibre", () => {
    const rows = example("rate-curve.mjs", "0.2", "1e11")
      .split("\n")
      .map((line) => /^\s*(\d+)\s+(sns(?:-aopp)?)\s+(\S+)\s+(\S+)$/.exec(line))
      .filter((row) => row !== null);
    expect(rows).toHaveLength(16);
    for (const [, km, , rate, ratio] of rows) {
      const bound = plob(fibreTransmittance(Number(km), 0.2));
      // Three digits of the rate, three decimals of the ratio are printed.
      expect(Math.abs(Number(rate) / bound - Number(ratio))).toBeLessThan(0.01 * Number(ratio) + 1e-3);
    }
  });

  it("own counts, with the key length of the library", () => {
    const counts = JSON.parse(readFileSync(join(examples, "counts.json"), "utf8"));
    const { keyLength: bits } = keyLength(parseCounts(counts), {
      failureProbability: 1e-10,
      leak: { efficiency: 1.1 },
    });
    expect(bits).toBeGreaterThan(1e6);
    const printed = example("own-counts.mjs");
    expect(printed).toContain(`1e-10: ${bits} bits`);
    const fewer = { ...counts, slices: { ...counts.slices, wrong: 3 * counts.slices.wrong } };
    writeFileSync(join(folder, "counts.json"), JSON.stringify(fewer));
    expect(example("own-counts.mjs", join(folder, "counts.json"))).not.toContain(`${bits} bits`);
  });

  it("an own laser spectrum", () => {
    // White noise of h0 = 100 Hz^2/Hz is a Lorentzian line of pi h0.
    const file = join(folder, "white.csv");
    writeFileSync(file, "f (Hz), noise (Hz^2/Hz)\n10, 100\n1e7, 100\n");
    const printed = example("own-laser-spectrum.mjs", file);
    expect(printed).toMatch(/intrinsic linewidth.*: 314 Hz/);
    // Over a delay t, 2 pi (pi h0) t less what lies beyond 10 MHz, 2 h0 / 10 MHz on average, and below 10 kHz.
    const delay = 1.468 / 299_792.458;
    const expected = 2 * Math.PI * Math.PI * 100 * delay - (2 * 100) / 1e7 - 4 * 100 * (Math.PI * delay) ** 2 * 1e4;
    const variance = Number(/differ by 1 km: (\S+) rad/.exec(printed)![1]);
    expect(variance / expected).toBeCloseTo(1, 2);
    expect(example("own-laser-spectrum.mjs")).toMatch(/18 points/);
  });

  it("post-processing of two files", () => {
    const [bits, allowed] = [200_000, 150_000];
    const stream = new PhiloxStream(philoxKey("examples"), PURPOSE.deviceNoise, 0);
    const alice = Uint8Array.from({ length: bits / 8 }, () => Math.floor(256 * stream.uniform()));
    const bob = Uint8Array.from(alice);
    for (let i = 0; i < bits; i++) if (stream.uniform() < 0.02) bob[i >> 3]! ^= 1 << (i & 7);
    const [a, b] = [join(folder, "alice.bin"), join(folder, "bob.bin")];
    writeFileSync(a, alice);
    writeFileSync(b, bob);
    const printed = example("post-processing.mjs", a, b, `${bits}`, `${allowed}`);
    const secret = Number(/^(\d+) secret bits/m.exec(printed)![1]);
    expect(secret).toBe(allowed - Number(/(\d+) bits disclosed/.exec(printed)![1]));
    expect(readFileSync(`${a}.key`)).toEqual(readFileSync(`${b}.key`));
    expect(readFileSync(`${a}.key`)).toHaveLength(Math.ceil(secret / 8));
  });
});
