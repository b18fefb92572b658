import { describe, expect, it } from "vitest";
import { weiming } from "../../src/network/index.ts";
import { accountStreams, type Stream } from "../../src/report/figures/account-streams.ts";
import { KEYLESS, networkResult } from "./results.ts";

const scenario = weiming();

/** Every stream divides into what flows on; the key is rounded down, a bit a pair at most. */
function expectConserved(stream: Stream, rounding: number): void {
  if (stream.parts.length === 0) return;
  const sum = stream.parts.reduce((total, { bits }) => total + bits, 0);
  expect(stream.bits - sum, stream.name).toBeGreaterThanOrEqual(-1e-6);
  expect(stream.bits - sum, stream.name).toBeLessThanOrEqual(rounding);
  for (const part of stream.parts) expectConserved(part, rounding);
}

function find(stream: Stream, name: string): Stream | undefined {
  return stream.name === name
    ? stream
    : stream.parts.map((part) => find(part, name)).find((found) => found !== undefined);
}

describe("the flow of bits", () => {
  it("loses none on the way from raw bits to the key", () => {
    const result = networkResult(scenario);
    const { raw } = accountStreams(result);
    expect(raw.bits).toBe(10 * 68_000_000);
    expectConserved(raw, result.pairs.length);
    expect(find(raw, "secret key")!.bits).toBe(result.total.secretBits);
    expect(find(raw, "given up as a sample")).toBeUndefined();
  });

  it("would not balance if a pair's bill did not", () => {
    const result = networkResult(scenario, (i) => (i === 3 ? { secretBits: 1 } : {}));
    expect(() => expectConserved(accountStreams(result).raw, result.pairs.length)).toThrow();
  });

  it("lets the bits of pairs without a key leave at the first stage", () => {
    const result = networkResult(scenario, (i) => (i < 4 ? { ...KEYLESS, rawBits: 1_000_000 } : {}));
    const { raw } = accountStreams(result);
    expectConserved(raw, result.pairs.length);
    expect(find(raw, "of pairs without a key")!.bits).toBe(4_000_000);
    expect(find(raw, "into error correction")!.bits).toBe(6 * 13_900_000);
  });

  it("knows samples", () => {
    const plain = { sampledBits: 1_000_000, discardedByParity: 0, pairedBits: 67_000_000 };
    const { raw } = accountStreams(networkResult(scenario, () => plain));
    expectConserved(raw, 10);
    expect(find(raw, "given up as a sample")!.bits).toBe(10_000_000);
    expect(find(raw, "taken away by pairing")).toBeUndefined();
  });
});
