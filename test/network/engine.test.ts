import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { kernelModule, toeplitzHash } from "../../src/kernels/index.ts";
import { createEngine } from "../../src/network/engine.ts";
import { countPair, planNetwork, weiming } from "../../src/network/index.ts";
import type { NetworkEvent } from "../../src/network/run/simulation-events.ts";
import { simulate } from "../../src/network/simulate.ts";
import { rateCurve } from "../../src/protocol/index.ts";

/** The worker as it is built; sources are compiled on the fly for tests alone. */
const worker = pathToFileURL(resolve(import.meta.dirname, "../../dist/network/run/twincomb-worker.js"));
const engine = createEngine({ workers: 2, worker });
afterAll(() => engine[Symbol.asyncDispose]());

const base = weiming({ pulses: 2e9, seed: "engine" });
const scenario = { ...base, pairs: base.pairs.slice(0, 3) };

/** Everything but the times. */
function timeless(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, entry) => (/Seconds$/.test(key) ? undefined : (entry as unknown))));
}

describe("an engine", () => {
  it("gives the network's result bit for bit as the calling thread does, to two callers at once", async () => {
    const [first, second, here] = await Promise.all([
      engine.simulate(scenario),
      engine.simulate(scenario),
      simulate(scenario, { threads: 0 }),
    ]);
    expect(timeless(first)).toEqual(timeless(here));
    expect(timeless(second)).toEqual(timeless(here));
    expect(first.pairs.map(({ name }) => name)).toEqual(["A1-B1", "A2-B2", "A3-B3"]);
  });

  it("answers every call as the direct one", async () => {
    const link = { lossDbPerKm: 0.2, detectorEfficiency: 0.5, darkCountProbability: 1e-9, misalignment: 0.02 };
    const shares: number[] = [];
    const rows = await engine.rateCurve(["cal", "pm"], [50, 200], link, { onProgress: (share) => shares.push(share) });
    expect(rows).toEqual(rateCurve(["cal", "pm"], [50, 200], link));
    expect(shares).toEqual([0.5, 1]);

    const seed = new Uint8Array(188).fill(7).fill(1, 187);
    const key = new Uint8Array(125).fill(0x5a);
    const shape = { inputBits: 1000, outputBits: 500 };
    expect(await engine.toeplitzHash(seed, key, shape)).toEqual(await toeplitzHash(seed, key, shape));

    const { links } = await planNetwork(scenario);
    const options = { expected: true };
    expect(await engine.planNetwork(scenario)).toEqual(await planNetwork(scenario));
    expect(await engine.countPair(scenario, links[0]!, options)).toEqual(await countPair(scenario, links[0]!, options));
  });

  it("takes kernels as compiled modules, as bytes and as URLs", async () => {
    const seed = new Uint8Array(3);
    const key = Uint8Array.of(0xff);
    const shape = { inputBits: 8, outputBits: 8 };
    const file = pathToFileURL(resolve(import.meta.dirname, "../../dist/kernels/wasm/toeplitz.wasm"));
    for (const toeplitz of [await kernelModule("toeplitz"), file]) {
      await using other = createEngine({ workers: 1, worker, kernels: { toeplitz } });
      await expect(other.toeplitzHash(seed.subarray(0, 2), key, shape)).resolves.toEqual(new Uint8Array(1));
    }
    await using broken = createEngine({ workers: 1, worker, kernels: { toeplitz: Uint8Array.of(1, 2, 3) } });
    await expect(broken.toeplitzHash(seed.subarray(0, 2), key, shape)).rejects.toMatchObject({ code: "invalid-input" });
  });

  it("stops a network within a second of the signal, and serves the next call", async () => {
    const controller = new AbortController();
    const long = engine.simulate(weiming({ pulses: 1e13 }), { signal: controller.signal });
    setTimeout(() => controller.abort(), 300);
    await expect(long).rejects.toMatchObject({ code: "aborted" });
    const after = await engine.rateCurve(["cal"], [100], {
      lossDbPerKm: 0.2,
      detectorEfficiency: 0.5,
      darkCountProbability: 1e-9,
      misalignment: 0.02,
    });
    expect(after).toHaveLength(1);
  });

  it("refuses what no memory can hold in the words of the direct call, and goes on", async () => {
    const huge = engine.toeplitzHash(new Uint8Array(1), new Uint8Array(1), { inputBits: 2 ** 35, outputBits: 2 ** 34 });
    await expect(huge).rejects.toMatchObject({ name: "TwincombError", code: "out-of-memory" });
    await expect(
      engine.toeplitzHash(new Uint8Array(2), Uint8Array.of(1), { inputBits: 8, outputBits: 8 }),
    ).resolves.toEqual(new Uint8Array(1));
  });

  it("ends what is under way when it is disposed of", async () => {
    const other = createEngine({ workers: 1, worker });
    const long = other.simulate(weiming({ pulses: 1e13 }));
    setTimeout(() => void other[Symbol.asyncDispose](), 200);
    await expect(long).rejects.toMatchObject({ code: "aborted" });
    await expect(other.planNetwork(scenario)).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("a run to be watched", () => {
  it("says what it plans, how far it is, what each pair does, and ends with the result", async () => {
    const run = engine.simulate(scenario);
    const events: NetworkEvent[] = [];
    for await (const event of run) events.push(event);
    const kinds = new Set(events.map(({ type }) => type));
    expect([...kinds].sort()).toEqual(
      expect.arrayContaining(["account", "counts", "pair", "plan", "progress", "result", "stage"]),
    );
    const last = events.at(-1)!;
    expect(last.type === "result" && last.result).toEqual(await run);
    const shares = events.flatMap((event) => (event.type === "progress" ? [event.fraction] : []));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    for (const event of events) expect(structuredClone(event)).toEqual(event);
  });

  it("shows a slow reader the newest state, and everyone's end", async () => {
    const read: NetworkEvent[] = [];
    for await (const event of engine.simulate(scenario)) {
      read.push(event);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    const ends = read.flatMap((event) => (event.type === "pair" ? [event.pair] : []));
    expect([...ends].sort()).toEqual(["A1-B1", "A2-B2", "A3-B3"]);
    expect(read.at(-1)!.type).toBe("result");
  });

  it("is cancelled when its reader leaves", async () => {
    const run = engine.simulate(weiming({ pulses: 1e13 }));
    for await (const event of run) if (event.type === "progress") break;
    await expect(run).rejects.toMatchObject({ code: "aborted" });
  });

  it("ends by what a callback throws", async () => {
    const full = new Error("the disk is full");
    const run = engine.simulate(scenario, {
      onBlock: () => {
        throw full;
      },
    });
    await expect(run).rejects.toBe(full);
  });
});
