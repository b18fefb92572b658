import { afterAll, describe, expect, it } from "vitest";
import { runJobs } from "../../src/engine/jobs.ts";
import { processors, WorkerPool } from "../../src/engine/pool.ts";
import { collectBuffers } from "../../src/engine/transfer.ts";
import { TwincombError } from "../../src/errors.ts";

const script = new URL("./fixture-worker.mjs", import.meta.url);
const pool = new WorkerPool(script, 2);
afterAll(() => pool[Symbol.asyncDispose]());

describe("a pool of workers", () => {
  it("gives back what the worker returns, and passes on what it reports before", async () => {
    const reports: unknown[] = [];
    const result = await pool.run(
      "double",
      { values: Float64Array.of(1, 2.5) },
      { onReport: (it) => reports.push(it) },
    );
    expect(result).toEqual({ doubled: Float64Array.of(2, 5), arrays: [Uint8Array.of(1, 2, 3)] });
    expect(reports).toEqual([{ begun: 2 }]);
  });

  it("copies arguments unless their buffers are handed over", async () => {
    const values = Float64Array.of(1, 2, 3);
    await pool.run("double", { values });
    expect(values.length).toBe(3);
    await pool.run("double", { values }, { transfer: [values.buffer] });
    expect(values.length).toBe(0);
  });

  it("refuses what cannot be sent, in the caller's words and without losing a worker", async () => {
    const gone = Float64Array.of(1);
    structuredClone(gone, { transfer: [gone.buffer] });
    await expect(pool.run("echo", { gone })).rejects.toMatchObject({ code: "invalid-input" });
    await expect(pool.run("echo", { callback: () => 1 })).rejects.toMatchObject({ code: "invalid-input" });
    await expect(pool.run("echo", { still: "there" })).resolves.toEqual({ still: "there" });
  });

  it("hands a typed error on as what it was", async () => {
    const error = await pool.run("fail", {}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TwincombError);
    expect(error).toMatchObject({ code: "invalid-input", parameter: "length", expected: "more" });
  });

  it.each(["crash", "throwsLater"])("reports a worker that breaks off (%s) and replaces it", async (method) => {
    const survivor = pool.run("wait", { milliseconds: 100 });
    await expect(pool.run(method, {})).rejects.toMatchObject({ code: "worker-failed" });
    await expect(survivor).resolves.toBe(100);
    const both = [pool.run("echo", 1), pool.run("echo", 2)];
    await expect(Promise.all(both)).resolves.toEqual([1, 2]);
  });

  it("ends a worker that never looks up, when the caller's signal fires", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const busy = pool.run("busy", {}, { signal: controller.signal });
    const others = Promise.all([1, 2, 3].map((value) => pool.run("echo", value)));
    await expect(busy).rejects.toMatchObject({ code: "aborted" });
    await expect(others).resolves.toEqual([1, 2, 3]);
    await expect(pool.run("echo", 1, { signal: controller.signal })).rejects.toMatchObject({ code: "aborted" });
  });

  it("adds one listener to a signal that many calls share, and stops them all", async () => {
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    await pool.run("echo", 0, { signal });
    const calls = Array.from({ length: 30 }, () => pool.run("wait", { milliseconds: 5000 }, { signal }));
    setTimeout(() => controller.abort(), 30);
    const ends = await Promise.allSettled(calls);
    expect(ends.every((end) => end.status === "rejected" && (end.reason as TwincombError).code === "aborted")).toBe(
      true,
    );
    expect(listeners).toBe(1);
  });

  it("serves two pools at once, and ends only the one that is disposed of", async () => {
    const other = new WorkerPool(script, 1);
    const under = other.run("wait", { milliseconds: 10_000 });
    const here = pool.run("wait", { milliseconds: 50 });
    setTimeout(() => void other[Symbol.asyncDispose](), 10);
    await expect(under).rejects.toMatchObject({ code: "aborted" });
    await expect(other.run("echo", 1)).rejects.toMatchObject({ code: "aborted" });
    await expect(here).resolves.toBe(50);
  });

  it("says so when the script is not there", async () => {
    await using lost = new WorkerPool(new URL("./no-such-worker.mjs", import.meta.url), 1);
    await expect(lost.run("echo", 1)).rejects.toMatchObject({ code: "worker-failed" });
  });

  it.each([0, -1, 1.5, 1025, Number.NaN])("refuses %s workers", (workers) => {
    expect(() => new WorkerPool(script, workers)).toThrow(TwincombError);
  });

  it("knows how many processors there are", () => {
    expect(processors()).toBeGreaterThanOrEqual(1);
  });
});

describe("a set of jobs", () => {
  it("stops at the first error, and says so", async () => {
    await expect(runJobs(new URL("./no-such-worker.mjs", import.meta.url), [1, 2])).rejects.toMatchObject({
      code: "worker-failed",
    });
  });
});

describe("buffers of a plain value", () => {
  it("are found at any depth, each once, those of classes left alone", () => {
    const one = new Uint8Array(4);
    const two = new Float64Array(2);
    const found = collectBuffers({
      one,
      again: one.subarray(1),
      deep: [{ two }],
      map: new Map([[1, new Uint8Array(1)]]),
    });
    expect([...found]).toEqual([one.buffer, two.buffer]);
  });
});
